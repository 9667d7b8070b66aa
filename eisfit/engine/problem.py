"""Spectra and a template as one least-squares problem in logarithmic parameters."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from eisfit.cell.templates import Template
from eisfit.circuit.circuit import evaluate
from eisfit.elements import Laplace
from eisfit.engine.parameter_bounds import log_bounds
from eisfit.engine.plausibility import AT_MOST, PER_DECADE, SMALL_SHARE, ExpectedCapacitance
from eisfit.tools.frozen import Bools, Complexes, Floats, Ints

_NOISE_FREE = 1e-20  # cost, relative to that of a zero model, below which solutions are not told apart
_OUTWEIGHED = 0.01  # of the cost, by all capacitances together


class Workspace:
    """Memory that is used again from call to call: fresh pages cost more than what is reckoned on them."""

    def __init__(self) -> None:
        self._memory = np.empty(0, complex)

    def complexes(self, *shape: int) -> Complexes:
        """Return an array of arbitrary content; it is overwritten by the next one."""
        count = math.prod(shape)
        if count > self._memory.size:
            self._memory = np.empty(count, complex)
        return self._memory[:count].reshape(shape)


@dataclass(frozen=True)
class Problem:
    """Measured spectra on one or several grids, weights, and the circuit to fit to each of them.

    Parameters
    ----------
    template : Template
        With its configuration chosen.
    s : Laplace
        Grid, shape (F,) where all spectra share it, else (N, F) padded at the end.
    z_ohm : ndarray of complex, shape (N, F)
        Measured impedances.
    weight : ndarray, shape (N, 2 F)
        Reciprocal standard deviations of the real, then of the imaginary parts; 0 leaves a point out.
    lower, upper : ndarray, shape (N, P)
        Bounds of the logarithms of the parameters.
    fixed : ndarray of bool, shape (P,)
        Parameters that stay at `lower` (which equals `upper`).
    absolute : bool
        Whether the weights are standard deviations in ohm, so that a chi-square has a scale.
    soft : tuple of ExpectedCapacitance
        Arcs with an expected capacitance, in the order of the cell.
    counted : ndarray, shape (N,), optional
        Number of real residuals that count, where a robust loss has let some count less.
    """

    template: Template
    s: Laplace
    z_ohm: Complexes
    weight: Floats
    lower: Floats
    upper: Floats
    fixed: Bools
    absolute: bool
    soft: tuple[ExpectedCapacitance, ...] = ()
    counted: Floats | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Parameter names."""
        return self.template.circuit.names

    @property
    def size(self) -> int:
        """Number of spectra N."""
        return int(self.z_ohm.shape[0])

    @cached_property
    def residuals_used(self) -> Floats:
        """Number of real residuals per spectrum, shape (N,)."""
        if self.counted is not None:
            return self.counted
        return np.asarray(np.count_nonzero(self.weight, axis=1), float)

    @cached_property
    def zero_model(self) -> Floats:
        """Cost of a model without any impedance, shape (N,)."""
        data = self._weighted(self.z_ohm, self.weight)
        return np.asarray(0.5 * np.einsum("bf,bf->b", data, data))

    def values(self, x: Floats) -> Floats:
        """Return parameters in their units from logarithms (batch, P); fixed ones to the last digit."""
        p = np.exp(x)
        for k, name in enumerate(self.names):
            if self.fixed[k]:
                p[:, k] = self.template.settings[name].fixed
        return p

    def residual(self, x: Floats, rows: Ints) -> Floats:
        """Return weighted residuals.

        Parameters
        ----------
        x : ndarray, shape (batch, P)
            Logarithms of the parameters.
        rows : ndarray of int, shape (batch,)
            Which spectrum each row belongs to.

        Returns
        -------
        ndarray, shape (batch, 2 F)
            (model - measured) / sigma; real parts first.
        """
        z = evaluate(self.template.circuit.root, self.s.rows(rows), np.exp(x))
        return self._weighted(z - self.z_ohm[rows], self.weight[rows])

    def residual_and_jacobian(self, x: Floats, rows: Ints) -> tuple[Floats, Floats]:
        """Return weighted residuals (batch, 2 F) and their derivatives by x (batch, P, 2 F)."""
        z, dz = self.template.circuit.impedance_and_jacobian(self.s.rows(rows), np.exp(x))
        weight = self.weight[rows]
        return self._weighted(z - self.z_ohm[rows], weight), self._weighted(dz, weight[:, None, :])

    def normal_equations(
        self, x: Floats, rows: Ints, space: Workspace | None = None
    ) -> tuple[Floats, Floats, Floats]:
        """Return what a least-squares step needs, without keeping the derivatives.

        Parameters
        ----------
        x : ndarray, shape (batch, P)
            Logarithms of the parameters.
        rows : ndarray of int, shape (batch,)
            Which spectrum each row belongs to.
        space : Workspace, optional
            Memory that is used again from call to call.

        Returns
        -------
        cost : ndarray, shape (batch,)
            Half the sum of squared residuals.
        normal : ndarray, shape (batch, P, P)
            Products of the derivatives.
        gradient : ndarray, shape (batch, P)
            Of the cost.
        """
        batch, size = x.shape
        dz = (space or Workspace()).complexes(batch, size, self.z_ohm.shape[1])
        z = evaluate(self.template.circuit.root, self.s.rows(rows), np.exp(x), dz)
        weight = self._pair_weight[rows]
        residual = (z - self.z_ohm[rows]).view(float)
        residual *= weight
        slopes = dz.view(float)
        slopes *= weight[:, None, :]
        cost = 0.5 * np.einsum("bf,bf->b", residual, residual)
        gradient = (slopes @ residual[:, :, None])[:, :, 0]
        return cost, slopes @ slopes.transpose(0, 2, 1), gradient

    @cached_property
    def _pair_weight(self) -> Floats:
        """The weights point by point, that of the real part before that of the imaginary part, (N, 2 F)."""
        pairs = self.weight.reshape(self.size, 2, -1).transpose(0, 2, 1)
        return np.ascontiguousarray(pairs).reshape(self.size, -1)

    @staticmethod
    def _weighted(z: Complexes, weight: Floats) -> Floats:
        n = z.shape[-1]
        out = np.empty((*z.shape[:-1], 2 * n))
        np.multiply(z.real, weight[..., :n], out=out[..., :n])
        np.multiply(z.imag, weight[..., n:], out=out[..., n:])
        return out

    def deviance(self, cost: Floats, rows: Ints) -> Floats:
        """Return -2 ln L of costs up to a constant, shape (batch,).

        Without an absolute scale of the weights the noise level is a free parameter: n ln(cost). Costs at the
        level of rounding count as equal.
        """
        if self.absolute:
            return 2 * cost
        n = self.residuals_used[rows]
        return np.asarray(n * np.log(2 * np.maximum(cost, _NOISE_FREE * self.zero_model[rows]) / n))

    def log_capacitances(self, x: Floats) -> Floats:
        """Return ln(tau / R) of the arcs in `expected`, shape (..., A)."""
        if not self.soft:
            return np.zeros((*x.shape[:-1], 0))
        return np.stack([x[..., a.tau] - x[..., a.resistance] for a in self.soft], axis=-1)

    def resistance_shares(self, x: Floats) -> Floats:
        """Return how much say each arc in `expected` has by its share of the resistance, shape (..., A)."""
        r = np.stack([a.count * np.exp(x[..., a.resistance]) for a in self.soft], axis=-1)
        part = r / r.sum(axis=-1, keepdims=True)
        return np.asarray(part / (part + SMALL_SHARE))

    def capacitance_penalty(self, x: Floats, rows: Ints) -> Floats:
        """Return what capacitances outside their soft ranges add to the deviance, shape (batch,)."""
        if not self.soft:
            return np.zeros(x.shape[0])
        log_c = self.log_capacitances(x)
        low = np.stack([a.low[rows] for a in self.soft], axis=-1)
        high = np.stack([a.high[rows] for a in self.soft], axis=-1)
        decades = (np.maximum(low - log_c, 0) + np.maximum(log_c - high, 0)) / np.log(10)
        return np.asarray(
            np.sum(
                np.minimum((0.3 + 0.7 * self.resistance_shares(x)) * PER_DECADE * decades**2, AT_MOST),
                axis=-1,
            )
        )

    def bounded_penalty(self, x: Floats, rows: Ints) -> Floats:
        """Return the implausibility bounded so that it outweighs no more than 1 % of the cost, shape (batch,).

        It chooses between minima that the data do not tell apart, and never overrules the data. With given standard
        deviations it is 1 % of the cost that is expected of them.
        """
        price = self.capacitance_penalty(x, rows)
        most = self.residuals_used[rows] * math.log1p(_OUTWEIGHED)
        return np.asarray(price * most / (price + most))

    def with_circuit(self, template: Template) -> Problem:
        """Return the problem of fitting the same data with another circuit without settings or soft ranges."""
        used = (self.weight > 0)[:, : self.z_ohm.shape[1]]
        grid = np.broadcast_to(self.s.omega / (2 * np.pi), self.z_ohm.shape)
        lower, upper = log_bounds(template, self.z_ohm, grid, used)
        fixed = np.zeros(lower.shape[1], bool)
        return replace(self, template=template, lower=lower, upper=upper, fixed=fixed, soft=())

    def window_hz(self) -> tuple[Floats, Floats]:
        """Return the lowest and the highest used frequency of each spectrum, shapes (N,)."""
        n = self.z_ohm.shape[1]
        used = (self.weight[:, :n] > 0) | (self.weight[:, n:] > 0)
        f = np.broadcast_to(self.s.omega / (2 * np.pi), self.z_ohm.shape)
        return np.where(used, f, np.inf).min(axis=1), np.where(used, f, -np.inf).max(axis=1)

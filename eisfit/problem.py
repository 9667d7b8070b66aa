"""Spectra and a template as one least-squares problem in logarithmic parameters."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeAlias

import numpy as np

from eisfit.circuit import Leaf, evaluate
from eisfit.elements import Laplace
from eisfit.errors import FitError
from eisfit.noise import FEWEST_POINTS, noise_level
from eisfit.spectrum import Conditions, Spectrum
from eisfit.templates import LAYERS, Setting, Template
from eisfit.values import Bools, Complexes, Floats, Ints

Weights: TypeAlias = str | Sequence[float] | Floats  # one of NAMED_WEIGHTS, or standard deviations
NAMED_WEIGHTS = ("modulus", "unit", "proportional", "noise")

DECADES_OUTSIDE = 10  # how far time constants may lie outside the window
_LOG_REACH = 8 * np.log(10)  # how far resistances may lie beyond the largest and smallest |Z|
_RATIO_REACH = 4 * np.log(10)  # how far a ratio may lie beyond where it usually lies
_ALPHA_FLOOR = 1e-2  # stands for "greater than 0" in the logarithm of an exponent
_SMALL_PART = 1e-2  # proportional weights: a part below this fraction of |Z| counts as that fraction
_NOISE_FREE = 1e-20  # cost, relative to that of a zero model, below which solutions are not told apart
_PER_DECADE = (
    6.0  # rise of the deviance by a capacitance one decade outside its soft range (times its square)
)
_AT_MOST = 9.0  # by one capacitance, however far outside: the ranges order and score, they never exclude
_OUTWEIGHED = 0.01  # of the cost, by all capacitances together
_SMALL_SHARE = 0.05  # an arc with less than this share of the resistance has less say


@dataclass(frozen=True)
class Soft:
    """Where the capacitance of an arc is expected.

    Parameters
    ----------
    resistance, tau : int
        Indices of the arc's parameters.
    count : int
        How often the arc lies between the probes.
    low, high : ndarray, shape (N,)
        Ends of the range as ln(C / F) of one arc in the geometry of each spectrum.
    """

    resistance: int
    tau: int
    count: int
    low: Floats
    high: Floats


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
    soft : tuple of Soft
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
    soft: tuple[Soft, ...] = ()
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
        """Return ln(tau / R) of the arcs in `soft`, shape (..., A)."""
        if not self.soft:
            return np.zeros((*x.shape[:-1], 0))
        return np.stack([x[..., a.tau] - x[..., a.resistance] for a in self.soft], axis=-1)

    def shares(self, x: Floats) -> Floats:
        """Return how much say each arc in `soft` has by its share of the resistance, shape (..., A)."""
        r = np.stack([a.count * np.exp(x[..., a.resistance]) for a in self.soft], axis=-1)
        part = r / r.sum(axis=-1, keepdims=True)
        return np.asarray(part / (part + _SMALL_SHARE))

    def implausibility(self, x: Floats, rows: Ints) -> Floats:
        """Return what capacitances outside their soft ranges add to the deviance, shape (batch,)."""
        if not self.soft:
            return np.zeros(x.shape[0])
        log_c = self.log_capacitances(x)
        low = np.stack([a.low[rows] for a in self.soft], axis=-1)
        high = np.stack([a.high[rows] for a in self.soft], axis=-1)
        decades = (np.maximum(low - log_c, 0) + np.maximum(log_c - high, 0)) / np.log(10)
        return np.asarray(
            np.sum(np.minimum((0.3 + 0.7 * self.shares(x)) * _PER_DECADE * decades**2, _AT_MOST), axis=-1)
        )

    def preference(self, x: Floats, rows: Ints) -> Floats:
        """Return the implausibility bounded so that it outweighs no more than 1 % of the cost, shape (batch,).

        It chooses between minima that the data do not tell apart, and never overrules the data. With given standard
        deviations it is 1 % of the cost that is expected of them.
        """
        price = self.implausibility(x, rows)
        most = self.residuals_used[rows] * math.log1p(_OUTWEIGHED)
        return np.asarray(price * most / (price + most))

    def with_circuit(self, template: Template) -> Problem:
        """Return the problem of fitting the same data with another circuit without settings or soft ranges."""
        used = (self.weight > 0)[:, : self.z_ohm.shape[1]]
        grid = np.broadcast_to(self.s.omega / (2 * np.pi), self.z_ohm.shape)
        lower, upper = _bounds(template, self.z_ohm, grid, used)
        fixed = np.zeros(lower.shape[1], bool)
        return replace(self, template=template, lower=lower, upper=upper, fixed=fixed, soft=())

    def window_hz(self) -> tuple[Floats, Floats]:
        """Return the lowest and the highest used frequency of each spectrum, shapes (N,)."""
        n = self.z_ohm.shape[1]
        used = (self.weight[:, :n] > 0) | (self.weight[:, n:] > 0)
        f = np.broadcast_to(self.s.omega / (2 * np.pi), self.z_ohm.shape)
        return np.where(used, f, np.inf).min(axis=1), np.where(used, f, -np.inf).max(axis=1)


def check_weights(weights: Weights) -> None:
    """Raise FitError if weights are a name that is not known."""
    if isinstance(weights, str) and weights not in NAMED_WEIGHTS:
        known = ", ".join(NAMED_WEIGHTS)
        raise FitError(f"unknown weights {weights!r}; known: {known}, or standard deviations in ohm")


def pose(spectra: Sequence[Spectrum], template: Template, weights: Weights = "modulus") -> Problem:
    """Form the problem of fitting a template to each of some spectra.

    Parameters
    ----------
    spectra : sequence of Spectrum
        At least one; masked points take no part.
    template : Template
        With its configuration chosen.
    weights : {"modulus", "unit", "proportional", "noise"} or array_like, shape (F,)
        Standard deviation of Re Z and Im Z: |Z|; 1 ohm; Re Z and Im Z themselves (no smaller than 1 % of
        |Z|); the noise that a Kramers-Kronig residual shows (`eisfit.noise.noise_level`); or the given
        values in ohm.

    Raises
    ------
    FitError
        If a spectrum has fewer real numbers than there are free parameters, |Z| is 0 at a point, or
        given sigmas do not fit.
    """
    check(spectra, template, weights)
    longest = max(len(s) for s in spectra)
    z = _stacked([s.z_ohm for s in spectra], longest)
    used = _stacked([s.used for s in spectra], longest, fill=False)
    grid: Floats = _stacked([s.frequency_hz for s in spectra], longest)
    same = bool(np.all(grid == grid[0]))
    s = Laplace(grid[0] if same else grid)
    lower, upper = _bounds(template, z, grid, used)
    soft = _soft(template, [spectrum.conditions for spectrum in spectra])
    sigma = (
        _noise(spectra, longest) if isinstance(weights, str) and weights == "noise" else _sigma(z, weights)
    )
    weight = np.tile(used, 2) / sigma
    given = not isinstance(weights, str)
    return Problem(template, s, z, weight, lower, upper, _fixed(template), given, soft)


def check(spectra: Sequence[Spectrum], template: Template, weights: Weights) -> None:
    """Raise what `pose` would raise, before anything is reckoned."""
    check_weights(weights)
    free = int(np.count_nonzero(~_fixed(template)))
    for spectrum in spectra:
        points = len(spectrum) - int(np.count_nonzero(spectrum.mask))
        if 2 * points < free:
            raise FitError(
                f"{spectrum.label or 'spectrum'}: {points} points give {2 * points} numbers for "
                f"{free} free parameters; measure more points or take a smaller circuit"
            )
        if not isinstance(weights, str):
            sigma = np.asarray(weights, float)
            if sigma.shape != spectrum.z_ohm.shape or not np.all(np.isfinite(sigma) & (sigma > 0)):
                raise FitError(
                    f"{spectrum.label or 'spectrum'}: sigmas must be {len(spectrum)} positive numbers in ohm, "
                    "one per point"
                )
        elif weights == "noise" and points < FEWEST_POINTS:
            raise FitError(
                f"{spectrum.label or 'spectrum'}: {points} points do not show their noise, which takes at least "
                f"{FEWEST_POINTS}: take modulus weights"
            )
        elif weights != "unit" and not (spectrum.z_ohm.all() or spectrum.z_ohm[spectrum.used].all()):
            raise FitError(
                f"{spectrum.label or 'spectrum'}: |Z| is 0 at a point, which {weights} weights cannot bear; "
                "drop the point"
            )


def _fixed(template: Template) -> Bools:
    """Return which parameters have a fixed value."""
    parameters = template.circuit.parameters
    return np.array([template.settings.get(p.name, Setting()).fixed is not None for p in parameters])


def _soft(template: Template, conditions: Sequence[Conditions]) -> tuple[Soft, ...]:
    found = []
    for seen in template.seen:
        limits = seen.segment.capacitance
        node = seen.node.wall if isinstance(seen.node, Leaf) and seen.node.wall is not None else seen.node
        if limits is not None and isinstance(node, Leaf) and node.element.name == "Zarc":
            scale = np.log([normalisation(seen.segment.role, c) for c in conditions])
            low, high = (np.log(limit) - scale for limit in limits)
            found.append(Soft(node.index("R"), node.index("tau"), seen.count, low, high))
    return tuple(found)


def normalisation(role: str, conditions: Conditions) -> float:
    """Return what turns a capacitance into that of a cell constant of 1 cm⁻¹ (layers) or of 1 cm².

    Without the geometry it is 1.
    """
    area = conditions.area_cm2
    if area is None:
        return 1.0
    if role in LAYERS:
        thickness = conditions.layers.get(role, conditions.thickness_cm)
        return thickness / area if thickness else 1.0
    return 1 / area


def _stacked(arrays: Sequence[Complexes], length: int, fill: bool | None = None) -> Complexes:
    """Return arrays as rows of one, the shorter ones padded with `fill` or their last value."""
    if all(a.size == length for a in arrays):
        return np.stack(arrays)
    ends = [a[-1] if fill is None else fill for a in arrays]
    return np.stack(
        [
            np.concatenate([a, np.full(length - a.size, end, a.dtype)])
            for a, end in zip(arrays, ends, strict=True)
        ]
    )


def _sigma(z: Complexes, weights: Weights) -> Floats:
    """Return the standard deviations of the real, then of the imaginary parts, shape (N, 2 F)."""
    if not isinstance(weights, str):
        return np.asarray(
            np.broadcast_to(np.tile(np.asarray(weights, float), 2), (z.shape[0], 2 * z.shape[1]))
        )
    if weights == "unit":
        return np.ones((z.shape[0], 2 * z.shape[1]))
    modulus = np.abs(z)
    modulus[modulus == 0] = 1.0  # of a point that takes no part
    if weights == "modulus":
        return np.tile(modulus, 2)
    parts = np.concatenate([np.abs(z.real), np.abs(z.imag)], axis=1)
    return np.asarray(np.maximum(parts, np.tile(_SMALL_PART * modulus, 2)))


def _noise(spectra: Sequence[Spectrum], longest: int) -> Floats:
    """Return the standard deviations that Kramers-Kronig residuals show, shape (N, 2 F), their median that of |Z|.

    Only how they vary counts; their size would put costs where the solver does not expect them.
    """
    levels = []
    for spectrum in spectra:
        used, level = spectrum.used, np.ones(len(spectrum))
        z = spectrum.z_ohm[used]
        found = noise_level(spectrum.frequency_hz[used], z)
        level[used] = found / np.median(found / np.abs(z))
        levels.append(level)
    return np.tile(_stacked(levels, longest), 2)


def _bounds(template: Template, z: Complexes, grid: Floats, used: Bools) -> tuple[Floats, Floats]:
    """Return physical bounds as logarithms: wide in resistance and time, narrowed by settings."""
    modulus = np.where(np.abs(z) > 0, np.abs(z), np.nan)
    modulus = np.where(used, modulus, np.nan)
    log_r = np.log(np.nanmin(modulus, axis=1)) - _LOG_REACH, np.log(np.nanmax(modulus, axis=1)) + _LOG_REACH
    outside = DECADES_OUTSIDE * np.log(10)
    omega = 2 * np.pi * np.where(used, grid, np.nan)
    log_t = -np.log(np.nanmax(omega, axis=1)) - outside, -np.log(np.nanmin(omega, axis=1)) + outside
    lower, upper = [], []
    for p in template.circuit.parameters:
        setting = template.settings.get(p.name, Setting())
        quantity = p.quantity
        if quantity.is_ratio:
            low = np.full(z.shape[0], np.log(quantity.usual[0]) - _RATIO_REACH)
            high = np.full(z.shape[0], np.log(quantity.usual[1]) + _RATIO_REACH)
        elif quantity.is_exponent:
            low = np.full(z.shape[0], np.log(_ALPHA_FLOOR))
            high = np.full(z.shape[0], np.log(quantity.upper))
        else:
            powers = (_ALPHA_FLOOR, 1.0) if isinstance(quantity.time, str) else (quantity.time,)
            corners = [quantity.resistance * r + b * t for r, b, t in itertools.product(log_r, powers, log_t)]
            low, high = np.min(corners, axis=0), np.max(corners, axis=0)
        if setting.low:
            low = np.full_like(low, np.log(setting.low))
        if setting.high is not None:
            high = np.full_like(high, np.log(setting.high))
        if setting.fixed is not None:
            low = high = np.full_like(low, np.log(setting.fixed))
        lower.append(low)
        upper.append(high)
    return np.stack(lower, axis=1), np.stack(upper, axis=1)

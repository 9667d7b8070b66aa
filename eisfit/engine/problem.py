"""Spectra and a circuit as independent least-squares problems in logarithmic parameters."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np

from eisfit.cell.segments import Setting
from eisfit.cell.templates import Template
from eisfit.circuit.arc import Arc, by_time_constants
from eisfit.circuit.circuit import Circuit, evaluate
from eisfit.elements import Laplace
from eisfit.engine.data import Data
from eisfit.engine.parameter_bounds import Bounds, bounds_of, time_range
from eisfit.engine.plausibility import ExpectedCapacitance, bounded_penalty, capacitance_penalty
from eisfit.engine.ties import Ties
from eisfit.engine.workspace import Workspace
from eisfit.tools.frozen import Bools, Complexes, Floats, Ints


@dataclass(frozen=True)
class Problem:
    """The same circuit to be fitted to each of N spectra.

    Parameters
    ----------
    template : Template
        With its configuration chosen.
    circuit : Circuit
        What is evaluated: the circuit of the template, or an equal one in other parameters.
    data : Data
        Spectra and weights.
    bounds : Bounds
        Where the parameters may lie, and which are fixed.
    expected : tuple of ExpectedCapacitance
        Arcs with an expected capacitance, in the order of the cell.
    """

    template: Template
    circuit: Circuit
    data: Data
    bounds: Bounds
    expected: tuple[ExpectedCapacitance, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Parameter names."""
        return self.template.circuit.names

    @property
    def size(self) -> int:
        """Number of spectra N."""
        return self.data.size

    @property
    def s(self) -> Laplace:
        """Grid of the data."""
        return self.data.s

    @property
    def z_ohm(self) -> Complexes:
        """Measured impedances, shape (N, F)."""
        return self.data.z_ohm

    @property
    def weight(self) -> Floats:
        """Weights of the data, shape (N, 2 F)."""
        return self.data.weight

    @property
    def absolute(self) -> bool:
        """Whether the weights are standard deviations in ohm."""
        return self.data.absolute

    @property
    def residuals_used(self) -> Floats:
        """Number of real residuals per spectrum, shape (N,)."""
        return self.data.residuals_used

    @property
    def lower(self) -> Floats:
        """Lower bounds of the logarithms, shape (N, P)."""
        return self.bounds.lower

    @property
    def upper(self) -> Floats:
        """Upper bounds of the logarithms, shape (N, P)."""
        return self.bounds.upper

    @property
    def fixed(self) -> Bools:
        """Which parameters are no variables: fixed ones, and those that follow another one; shape (P,)."""
        return self.bounds.fixed

    @property
    def ties(self) -> Ties | None:
        """Which parameters follow others; None where none do."""
        return self.bounds.ties

    def followed(self, x: Floats) -> Floats:
        """Return logarithms (..., P) in which tied parameters follow; the same array where none are tied."""
        return x if self.ties is None else self.ties.followed(x)

    def values(self, x: Floats) -> Floats:
        """Return parameters in their units from logarithms (batch, P); fixed ones to the last digit."""
        p, value = np.exp(self.followed(x)), self.bounds.fixed_value
        exact = self.fixed & np.isfinite(value)
        p[:, exact] = value[exact]
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
        data = self.data
        z = evaluate(self.circuit.root, data.s.rows(rows), np.exp(self.followed(x)))
        return data.weighted(z - data.z_ohm[rows], data.weight[rows])

    def residual_and_jacobian(self, x: Floats, rows: Ints) -> tuple[Floats, Floats]:
        """Return weighted residuals (batch, 2 F) and their derivatives by x (batch, P, 2 F).

        The derivatives by tied parameters are part of those by what they follow; their own are 0.
        """
        data = self.data
        z, dz = self.circuit.impedance_and_jacobian(data.s.rows(rows), np.exp(self.followed(x)))
        if self.ties is not None:
            self.ties.gather(dz)
        weight = data.weight[rows]
        return data.weighted(z - data.z_ohm[rows], weight), data.weighted(dz, weight[:, None, :])

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
            Scratch memory reused between calls.

        Returns
        -------
        cost : ndarray, shape (batch,)
            Half the sum of squared residuals.
        normal : ndarray, shape (batch, P, P)
            Products of the derivatives.
        gradient : ndarray, shape (batch, P)
            Of the cost.
        """
        data, (batch, size) = self.data, x.shape
        dz = (space or Workspace()).complexes(batch, size, data.length)
        z = evaluate(self.circuit.root, data.s.rows(rows), np.exp(self.followed(x)), dz)
        if self.ties is not None:
            self.ties.gather(dz)
        weight = data.pair_weight[rows]
        residual = (z - data.z_ohm[rows]).view(float)
        residual *= weight
        slopes = dz.view(float)
        slopes *= weight[:, None, :]
        cost = 0.5 * np.einsum("bf,bf->b", residual, residual)
        gradient = (slopes @ residual[:, :, None])[:, :, 0]
        return cost, slopes @ slopes.transpose(0, 2, 1), gradient

    def deviance(self, cost: Floats, rows: Ints) -> Floats:
        """Return -2 ln L of costs up to a constant, shape (batch,); see `Data.deviance`."""
        return self.data.deviance(cost, rows)

    def capacitance_penalty(self, x: Floats, rows: Ints) -> Floats:
        """Return what capacitances outside their expected ranges add to the deviance, shape (batch,)."""
        return capacitance_penalty(self.expected, self.followed(x), rows)

    def bounded_penalty(self, x: Floats, rows: Ints) -> Floats:
        """Return that penalty bounded so that it never overrules the data, shape (batch,)."""
        if not self.expected:
            return np.zeros(x.shape[0])
        return bounded_penalty(self.capacitance_penalty(x, rows), self.residuals_used[rows])

    def window_hz(self) -> tuple[Floats, Floats]:
        """Return the lowest and the highest used frequency of each spectrum, shapes (N,)."""
        return self.data.window_hz()

    def with_circuit(self, template: Template) -> Problem:
        """Return the problem of fitting another bare circuit to the same data; what both fix is the same."""
        bounds = bounds_of(template, self.z_ohm, self.data.frequency_hz, self.data.used)
        for k in np.flatnonzero(bounds.fixed):
            if (name := template.circuit.names[k]) in self.names and (
                bounds.ties is None or not bounds.ties.tied[k]
            ):
                own = self.names.index(name)
                bounds.lower[:, k] = bounds.upper[:, k] = self.lower[:, own]
        return Problem(template, template.circuit, self.data, bounds)

    def may_be_stepped_in_time(self, arc: Arc) -> bool:
        """Tell whether tau may replace the C or Q of an arc: neither value, range nor tie is set of that."""
        ties = self.ties
        if ties is not None and (ties.tied | ties.masters)[arc.storage]:
            return False
        return not self.template.effective_settings.get(self.names[arc.storage], Setting()).constrains

    def by_time_constants(self, arcs: Collection[Arc]) -> Problem:
        """Return the same problem with ln tau as the parameter of some arcs in the place of ln C or ln Q.

        Indices stay as they are. A time constant can then be held, whatever the exponent is, and steps do not
        depend on how an arc is written.
        """
        changed = [arc for arc in arcs if not arc.by_time]
        if not changed:
            return self
        root = by_time_constants(self.circuit.root, changed)
        lower, upper = self.lower.copy(), self.upper.copy()
        fastest, slowest = time_range(self.data.frequency_hz, self.data.used)
        for arc in changed:
            lower[:, arc.storage], upper[:, arc.storage] = fastest, slowest
        bounds = replace(self.bounds, lower=lower, upper=upper)
        return replace(self, circuit=Circuit(self.circuit.text, root), bounds=bounds, expected=())

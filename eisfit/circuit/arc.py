"""What a part of a circuit amounts to: its resistance at dc, and the arc that it makes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np

from eisfit.circuit.circuit import InParallel, InSeries, Node, Placed, span
from eisfit.elements import ELEMENTS, Laplace
from eisfit.elements.registry import Element, Evaluated
from eisfit.tools.frozen import Complexes, Floats

_SHORT, _OPEN = 1e-200, 1e200  # ohm; of an inner circuit at dc
PEAK_FORMULA = "C = tau / R at the top of the arc (Hsu & Mansfeld 2001, 10.5006/1.3280607)"


@dataclass(frozen=True)
class Arc:
    """A resistor parallel to a capacitor or constant-phase element, however it is written; `arc_of` finds it.

    All functions take logarithms x (..., P) of the parameters of the whole circuit. The capacitance of a depressed
    arc is the effective one at its top, tau / R.

    Parameters
    ----------
    resistance : int
        Index of R.
    storage : int
        Index of what sets the time constant beside R: tau itself, C or Q.
    exponent : int or None
        Index of alpha; None where alpha is 1.
    by_time : bool
        Whether the storage is tau (``Zarc``, ``K``), not C or Q (``p(R,C)``, ``p(R,CPE)``).
    """

    resistance: int
    storage: int
    exponent: int | None
    by_time: bool

    @property
    def columns(self) -> tuple[int, ...]:
        """Indices of its parameters: R, storage and, where it has one, alpha."""
        first = (self.resistance, self.storage)
        return first if self.exponent is None else (*first, self.exponent)

    def log_alpha(self, x: Floats) -> Floats:
        """Return ln alpha, shape (...)."""
        return np.zeros(x.shape[:-1]) if self.exponent is None else x[..., self.exponent]

    def log_tau(self, x: Floats) -> Floats:
        """Return ln(tau / s) at the top of the arc, shape (...)."""
        return self.log_tau_from(x[..., self.resistance], x[..., self.storage], np.exp(self.log_alpha(x)))

    def log_tau_from(self, log_r: Floats, log_storage: Floats, alpha: Floats) -> Floats:
        """Return ln(tau / s) from the values of the arc."""
        if self.by_time:
            return log_storage
        log_rq = log_r + log_storage
        return log_rq if self.exponent is None else log_rq / alpha

    def log_capacitance(self, x: Floats) -> Floats:
        """Return ln(C / F) of the effective capacitance tau / R, shape (...)."""
        return np.asarray(self.log_tau(x) - x[..., self.resistance])

    def log_tau_gradient(self, x: Floats) -> Floats:
        """Return d(ln tau)/d(ln p), shape (..., P)."""
        return self.gradient_at(self.log_tau(x), np.exp(self.log_alpha(x)), x.shape[-1])

    def gradient_at(self, log_tau: Floats, alpha: Floats, size: int) -> Floats:
        """Return d(ln tau)/d(ln p) for `size` parameters of the circuit, shape (..., size)."""
        gradient = np.zeros((*np.shape(log_tau), size))
        if self.by_time:
            gradient[..., self.storage] = 1
            return gradient
        gradient[..., self.resistance] = gradient[..., self.storage] = 1 / alpha
        if self.exponent is not None:
            gradient[..., self.exponent] = -log_tau
        return gradient

    def log_capacitance_gradient(self, x: Floats) -> Floats:
        """Return d(ln C)/d(ln p), shape (..., P)."""
        gradient = self.log_tau_gradient(x)
        gradient[..., self.resistance] -= 1
        return gradient

    def with_log_tau(self, x: Floats, log_tau: Floats | float) -> Floats:
        """Return x with another time constant of the arc, at the same resistance and exponent."""
        out = x.copy()
        if self.by_time:
            out[..., self.storage] = log_tau
        else:
            out[..., self.storage] = np.exp(self.log_alpha(x)) * log_tau - x[..., self.resistance]
        return out

    def with_log_resistance(self, x: Floats, log_r: Floats | float) -> Floats:
        """Return x with another resistance of the arc, at the same time constant and exponent."""
        out = x.copy()
        out[..., self.resistance] = log_r
        if not self.by_time:
            out[..., self.storage] += x[..., self.resistance] - out[..., self.resistance]
        return out

    def may_become(self, other: Arc) -> bool:
        """Tell whether its values can stand in the place of another arc: both with an exponent, or both without."""
        return (self.exponent is None) == (other.exponent is None)

    def with_values_of(self, out: Floats, other: Arc, x: Floats) -> Floats:
        """Return parameters `out` in which this arc has the resistance, time constant and exponent of another one.

        Parameters
        ----------
        out : ndarray, shape (..., P)
            Logarithms of the circuit that this arc belongs to.
        other : Arc
            In whatever form; of an exponent, an arc without one takes no notice.
        x : ndarray, shape (..., P')
            Logarithms of the circuit that the other arc belongs to.
        """
        out = out.copy()
        out[..., self.resistance] = x[..., other.resistance]
        if self.exponent is not None:
            out[..., self.exponent] = other.log_alpha(x)
        if self.by_time == other.by_time and self.may_become(other):
            out[..., self.storage] = x[..., other.storage]
            return out
        return self.with_log_tau(out, other.log_tau(x))


def arc_of(node: Node) -> Arc | None:
    """Return the arc that a part is: an element that declares itself one, or a resistor beside C or CPE."""
    if isinstance(node, Placed):
        if not node.element.arc:
            return None
        resistance, tau, *exponent = (node.index(name) for name in node.element.arc)
        return Arc(resistance, tau, exponent[0] if exponent else None, True)
    pair = node.resistor_and_storage if isinstance(node, InParallel) else None
    if pair is None:
        return None
    resistor, storage = pair
    return Arc(resistor.first, storage.first, storage.first + 1 if storage.size > 1 else None, False)


def arc_or_wall(node: Node) -> Arc | None:
    """Return the arc that a part is, or that the wall of a pore is."""
    return arc_of(node.wall if isinstance(node, Placed) and node.wall is not None else node)


def is_arc(node: Node) -> bool:
    """Tell whether a part is a single arc."""
    return arc_of(node) is not None


def is_resistor(node: Node) -> bool:
    """Tell whether a part is a plain resistor."""
    return isinstance(node, Placed) and node.element.name == "R"


def log_time_constant(node: Node, values: Floats) -> tuple[Floats, Floats] | None:
    """Return the logarithm of the time constant at the top of an arc, with its derivatives.

    Parameters
    ----------
    node : Placed, InSeries or InParallel
        Part of a circuit.
    values : ndarray, shape (batch, P)
        Parameters of the whole circuit.

    Returns
    -------
    (log_tau, gradient) or None
        ln(tau / s), shape (batch,), and d(ln tau)/d(ln p), shape (batch, P); None for a part that
        is no single arc of a resistor with a capacitor or constant-phase element.
    """
    arc = arc_of(node)
    if arc is None:
        return None
    alpha = np.ones(values.shape[0]) if arc.exponent is None else values[:, arc.exponent]
    log_tau = arc.log_tau_from(np.log(values[:, arc.resistance]), np.log(values[:, arc.storage]), alpha)
    return log_tau, arc.gradient_at(log_tau, alpha, values.shape[1])


def by_time_constants(node: Node, arcs: Collection[Arc]) -> Node:
    """Return a tree in which some arcs have tau in the place of their C or Q.

    Parameters
    ----------
    node : Placed, InSeries or InParallel
        Of a circuit.
    arcs : collection of Arc
        Arcs of it; the indices of all parameters stay as they are.
    """
    if isinstance(node, InSeries):
        return replace(node, parts=tuple(by_time_constants(part, arcs) for part in node.parts))
    arc = arc_of(node)
    if arc is None and isinstance(node, InParallel):
        return replace(node, parts=tuple(by_time_constants(part, arcs) for part in node.parts))
    if arc is None or arc.by_time or arc not in arcs:
        return node
    element = ELEMENTS["K" if arc.exponent is None else "Zarc"]
    first = span(node).start
    order = tuple(column - first for column in arc.columns)
    return Placed(element.name, _reordered(element, order), first)


def _reordered(element: Element, order: tuple[int, ...]) -> Element:
    """Return an element whose k-th quantity stands in place `order[k]`."""
    back = np.argsort(order).tolist()

    def formula(s: Laplace, *values: Floats) -> Evaluated:
        z, slopes = element.formula(s, *(values[place] for place in order))
        return z, tuple(slopes[k] for k in back)

    return replace(element, quantities=tuple(element.quantities[k] for k in back), formula=formula)


def is_blocking(node: Node) -> bool:
    """Tell whether a part lets no direct current pass."""
    if isinstance(node, Placed):
        by_name = dict(zip(node.element.inner, node.inner, strict=True))
        through = [by_name[name] for name in node.element.open_with]
        return node.element.dc == "open" or (bool(through) and all(is_blocking(part) for part in through))
    blocking = [is_blocking(part) for part in node.parts]
    return any(blocking) if isinstance(node, InSeries) else all(blocking)


def dc_resistance(node: Node, values: Floats) -> tuple[Floats, Floats]:
    """Return the resistance at zero frequency with its derivatives.

    Parameters
    ----------
    node : Placed, InSeries or InParallel
        Part of a circuit.
    values : ndarray, shape (batch, P)
        Parameters of the whole circuit.

    Returns
    -------
    resistance : ndarray, shape (batch,)
        In ohm; infinite for a part that blocks direct current.
    gradient : ndarray, shape (batch, P)
        dR/d(ln p) in ohm.
    """
    if isinstance(node, Placed):
        return _element_at_dc(node, values)
    batch = values.shape[0]
    gradient = np.zeros_like(values)
    if isinstance(node, InSeries):
        total = np.zeros(batch)
        for part, count in zip(node.parts, node.counts, strict=True):
            r, slope = dc_resistance(part, values)
            total, gradient = total + count * r, gradient + count * slope
        return total, gradient
    parts = [dc_resistance(part, values) for part in node.parts]
    if any(np.all(r == 0) for r, _ in parts):
        return np.zeros(batch), gradient
    conducting = [(r, slope) for r, slope in parts if np.isfinite(r).all()]
    if not conducting:
        return np.full(batch, np.inf), gradient
    whole = 1 / np.sum([1 / r for r, _ in conducting], axis=0)
    for r, slope in conducting:
        gradient += slope * ((whole / r) ** 2)[:, None]
    return whole, gradient


def _element_at_dc(leaf: Placed, values: Floats) -> tuple[Floats, Floats]:
    batch, dc = values.shape[0], leaf.element.dc
    gradient = np.zeros_like(values)
    if is_blocking(leaf):
        return np.full(batch, np.inf), gradient
    if dc == "short":
        return np.zeros(batch), gradient
    if dc != "formula":
        k = leaf.index(dc)
        gradient[:, k] = values[:, k]
        return values[:, k].copy(), gradient
    own = slice(leaf.first, leaf.first + leaf.size)
    columns: list[Complexes] = [values[:, k : k + 1] for k in range(own.start, own.stop)]
    inner = [dc_resistance(part, values) for part in leaf.inner]
    zetas = [np.clip(r, _SHORT, _OPEN)[:, None] + 0j for r, _ in inner]
    z, slopes = leaf.element.formula(Laplace(np.zeros(1)), *zetas, *columns)
    for (_, by_own), slope, zeta in zip(inner, slopes, zetas, strict=False):
        gradient += by_own * (slope / zeta).real
    gradient[:, own] = np.concatenate(slopes[len(inner) :], axis=1).real
    r = z[:, 0].real
    short = r < 1e20 * np.sqrt(_SHORT)  # a wall that is a short makes a pore one
    return np.where(short, 0.0, r), np.where(short[:, None], 0.0, gradient)

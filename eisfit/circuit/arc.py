"""What a part of a circuit amounts to: its resistance at dc and the time constant of its arc."""

from __future__ import annotations

import numpy as np

from eisfit.circuit.circuit import InParallel, InSeries, Node, Placed
from eisfit.elements import Laplace
from eisfit.tools.frozen import Complexes, Floats

PEAK_FORMULA = "C = tau / R at the top of the arc (Hsu & Mansfeld 2001, 10.5006/1.3280607)"
_ARCS = ("Zarc", "K")  # elements that are a resistor parallel to a capacitor or constant-phase element


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
    if leaf.wall is not None:
        wall, gradient = dc_resistance(leaf.wall, values)
        if np.all(wall == 0):
            return wall, gradient
        columns.insert(0, wall[:, None] + 0j)
    z, slopes = leaf.element.formula(Laplace(np.zeros(1)), *columns)
    if leaf.wall is not None:
        gradient *= (slopes[0] / columns[0]).real
        slopes = slopes[1:]
    gradient[:, own] = np.concatenate(slopes, axis=1).real
    return z[:, 0].real, gradient


def is_blocking(node: Node) -> bool:
    """Tell whether a part lets no direct current pass."""
    if isinstance(node, Placed):
        return node.element.dc == "open" or (node.wall is not None and is_blocking(node.wall))
    blocking = [is_blocking(part) for part in node.parts]
    return any(blocking) if isinstance(node, InSeries) else all(blocking)


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
    gradient = np.zeros_like(values)
    if isinstance(node, Placed) and node.element.name in _ARCS:
        k = node.index("tau")
        gradient[:, k] = 1
        return np.log(values[:, k]), gradient
    pair = resistor_and_capacitance(node)
    if pair is None:
        return None
    r, c = pair
    log_tau = np.log(values[:, r.first]) + np.log(values[:, c.first])
    gradient[:, r.first] = gradient[:, c.first] = 1
    if c.element.name == "CPE":
        alpha = values[:, c.first + 1]
        log_tau, gradient = log_tau / alpha, gradient / alpha[:, None]
        gradient[:, c.first + 1] = -log_tau
    return log_tau, gradient


def with_time_constant(node: Node, x: Floats, log_tau: float) -> Floats:
    """Return parameters with another time constant of an arc, at the same resistance and exponent.

    Parameters
    ----------
    node : Placed, InSeries or InParallel
        An arc.
    x : ndarray, shape (P,)
        Logarithms of the parameters of the whole circuit.
    log_tau : float
        ln(tau / s).
    """
    out = x.copy()
    if isinstance(node, Placed):
        out[node.index("tau")] = log_tau
        return out
    pair = resistor_and_capacitance(node)
    if pair is not None:
        r, c = pair
        power = float(np.exp(x[c.first + 1])) if c.element.name == "CPE" else 1.0
        out[c.first] = power * log_tau - x[r.first]
    return out


def is_arc(node: Node) -> bool:
    """Tell whether a part is a single arc."""
    if isinstance(node, Placed):
        return node.element.name in _ARCS
    return resistor_and_capacitance(node) is not None


def is_resistor(node: Node) -> bool:
    """Tell whether a part is a plain resistor."""
    return isinstance(node, Placed) and node.element.name == "R"


def resistor_and_capacitance(node: Node) -> tuple[Placed, Placed] | None:
    """Return the resistor and the capacitor or constant-phase element of an arc of two, else None."""
    if not isinstance(node, InParallel) or len(node.parts) != 2:
        return None
    by_kind = {part.element.name: part for part in node.parts if isinstance(part, Placed)}
    storage = by_kind.get("CPE", by_kind.get("C"))
    return (by_kind["R"], storage) if "R" in by_kind and storage is not None else None

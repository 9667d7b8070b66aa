"""A chain of arcs as a ladder with the same impedance, and back."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from eisfit.circuit.circuit import InParallel, InSeries, Node, Placed
from eisfit.tools.frozen import Floats


def in_series(node: Node) -> Iterator[Node]:
    """Yield the parts in series of a circuit, chains within chains included."""
    if isinstance(node, InSeries):
        for part in node.parts:
            yield from in_series(part)
    else:
        yield node


def is_ladder(node: Node) -> list[tuple[Placed, Placed | None]] | None:
    """Return (resistor, capacitor) of each rung from the outside in: C parallel to (R and the rest)."""
    if isinstance(node, Placed):
        return [(node, None)] if node.element.name == "K" else None
    if not isinstance(node, InParallel) or len(node.parts) != 2:
        return None
    capacitors = [p for p in node.parts if isinstance(p, Placed) and p.element.name == "C"]
    others = [p for p in node.parts if not (isinstance(p, Placed) and p.element.name == "C")]
    if len(capacitors) != 1:
        return None
    rest = list(in_series(others[0]))
    resistors = [p for p in rest if isinstance(p, Placed) and p.element.name == "R"]
    deeper = [p for p in rest if p not in resistors]
    if len(resistors) != 1 or len(deeper) > 1:
        return None
    if not deeper:
        return [(resistors[0], capacitors[0])]
    inner = is_ladder(deeper[0])
    if inner is None or any(c is None for _, c in inner):
        return None
    return [(resistors[0], capacitors[0]), *inner]


def ladder_from_voigt(resistance_ohm: Floats, capacitance_f: Floats) -> tuple[Floats, Floats]:
    """Return the ladder that is the same function as resistor-capacitor arcs in series (Foster to Cauer).

    Parameters
    ----------
    resistance_ohm, capacitance_f : ndarray, shape (k,)
        Of each arc; no two time constants equal.

    Returns
    -------
    resistance_ohm, capacitance_f : ndarray, shape (k,)
        From the outside in: C1 parallel to (R1 in series with (C2 parallel to (R2 ...))).

    Notes
    -----
    With rates ``1 / (R C)`` the impedance is ``b' (s + rates)^-1 b``, ``b = C^-1/2``; the Lanczos process
    turns the diagonal of rates into the tridiagonal matrix of a ladder. Only the sum of the resistances and
    the time constants are the same in both.

    Source: Guillemin, Synthesis of Passive Networks (1957), ch. 3 and 4; Gragg & Harrod, Numer. Math. 44
    (1984) 317, doi 10.1007/BF01405565.
    """
    r, c = np.asarray(resistance_ohm, float), np.asarray(capacitance_f, float)
    rates = 1 / (r * c)
    k = r.size
    basis = np.zeros((k, k))
    basis[0] = np.sqrt(1 / c) / math.sqrt(float(np.sum(1 / c)))
    out_r, out_c = np.zeros(k), np.zeros(k)
    out_c[0] = 1 / float(np.sum(1 / c))
    conductance = 0.0
    for j in range(k):
        pushed = rates * basis[j]
        own = float(pushed @ basis[j]) * out_c[j] - conductance  # to the next node, or to ground at the last
        out_r[j] = 1 / own
        if j + 1 < k:
            for _ in range(2):  # orthogonal to rounding
                pushed = pushed - basis[: j + 1].T @ (basis[: j + 1] @ pushed)
            coupling = float(np.linalg.norm(pushed))
            basis[j + 1] = pushed / coupling
            out_c[j + 1] = (own / coupling) ** 2 / out_c[j]
            conductance = own
    return out_r, out_c


def voigt_from_ladder(resistance_ohm: Floats, capacitance_f: Floats) -> tuple[Floats, Floats]:
    """Return the arcs in series that are the same function as a ladder (Cauer to Foster).

    Parameters
    ----------
    resistance_ohm, capacitance_f : ndarray, shape (k,)
        From the outside in, as `ladder_from_voigt` gives them.

    Returns
    -------
    resistance_ohm, capacitance_f : ndarray, shape (k,)
        Of each arc, the fastest first.
    """
    g, c = 1 / np.asarray(resistance_ohm, float), np.asarray(capacitance_f, float)
    matrix = np.diag(g + np.append(0.0, g[:-1])) - np.diag(g[:-1], 1) - np.diag(g[:-1], -1)
    root = 1 / np.sqrt(c)
    rates, vectors = np.linalg.eigh(matrix * root[:, None] * root)
    arc_c = c[0] / vectors[0] ** 2
    order = np.argsort(-rates)
    return (1 / (rates * arc_c))[order], arc_c[order]


def ladder_values(ladder: list[tuple[Placed, Placed | None]], values: Floats) -> tuple[Floats, Floats]:
    """Return the resistances and capacitances of a ladder."""
    r = [float(values[resistor.first]) for resistor, _ in ladder]
    c = [
        float(values[k.first + 1] / values[k.first]) if capacitor is None else float(values[capacitor.first])
        for k, capacitor in ladder
    ]
    return np.array(r), np.array(c)

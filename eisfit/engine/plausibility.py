"""Where the capacitance of an arc is expected, and the penalty of a deviation from it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from eisfit.cell.geometry import normalisation
from eisfit.cell.templates import Template
from eisfit.circuit.arc import Arc, arc_or_wall
from eisfit.spectrum.conditions import Conditions
from eisfit.tools.frozen import Floats, Ints

PER_DECADE = 6.0  # penalty, as deviance, of a capacitance one decade off; it grows with the square
AT_MOST = 9.0  # largest penalty of one capacitance: ranges order and score arcs, they never exclude one
_SMALL_SHARE = 0.05  # an arc with less than this share of the resistance has less influence
_OUTWEIGHED = 0.01  # all penalties together weigh no more than this fraction of the cost


@dataclass(frozen=True)
class ExpectedCapacitance:
    """Where the capacitance of an arc is expected.

    Parameters
    ----------
    arc : Arc
        The arc, in whatever form it is written.
    count : int
        How often it lies between the probes.
    low, high : ndarray, shape (N,)
        Ends of the range as ln(C / F) of one arc in the geometry of each spectrum.
    """

    arc: Arc
    count: float
    low: Floats
    high: Floats

    def decades_outside(self, x: Floats, rows: Ints | int) -> Floats:
        """Return how many decades capacitances lie outside the range, shape (...); 0 inside it."""
        log_c = self.arc.log_capacitance(x)
        low, high = self.low[rows], self.high[rows]
        return np.asarray((np.maximum(low - log_c, 0) + np.maximum(log_c - high, 0)) / np.log(10))


def expected_capacitances(
    template: Template, conditions: Sequence[Conditions]
) -> tuple[ExpectedCapacitance, ...]:
    """Return where the capacitance of each arc is expected, under the conditions of each spectrum.

    A segment with a range is an arc or a pore whose wall is one; the arc may be written as an element of its own
    or as a resistor parallel to a capacitor or constant-phase element.
    """
    found = []
    for on_path in template.path:
        limits, arc = on_path.segment.capacitance, arc_or_wall(on_path.node)
        if limits is not None and arc is not None:
            scale = np.log([normalisation(on_path.segment.role, c) for c in conditions])
            low, high = (np.log(limit) - scale for limit in limits)
            found.append(ExpectedCapacitance(arc, on_path.count, low, high))
    return tuple(found)


def log_capacitances(expected: Sequence[ExpectedCapacitance], x: Floats) -> Floats:
    """Return ln(C / F) of the arcs at logarithms (..., P), shape (..., A)."""
    if not expected:
        return np.zeros((*x.shape[:-1], 0))
    return np.stack([e.arc.log_capacitance(x) for e in expected], axis=-1)


def resistance_shares(expected: Sequence[ExpectedCapacitance], x: Floats) -> Floats:
    """Return the influence of each arc by its share of the resistance, shape (..., A)."""
    r = np.stack([e.count * np.exp(x[..., e.arc.resistance]) for e in expected], axis=-1)
    part = r / r.sum(axis=-1, keepdims=True)
    return np.asarray(part / (part + _SMALL_SHARE))


def capacitance_penalty(expected: Sequence[ExpectedCapacitance], x: Floats, rows: Ints) -> Floats:
    """Return what capacitances outside their ranges add to the deviance, shape (batch,)."""
    if not expected:
        return np.zeros(x.shape[0])
    decades = np.stack([e.decades_outside(x, rows) for e in expected], axis=-1)
    influence = 0.3 + 0.7 * resistance_shares(expected, x)
    return np.asarray(np.sum(np.minimum(influence * PER_DECADE * decades**2, AT_MOST), axis=-1))


def bounded_penalty(penalty: Floats, residuals: Floats) -> Floats:
    """Return a penalty bounded so that it outweighs no more than 1 % of the cost.

    It chooses between minima that the data do not tell apart, and never overrules the data. With given standard
    deviations it is 1 % of the cost that is expected of them.

    Parameters
    ----------
    penalty, residuals : ndarray, shape (batch,)
        The penalty, as deviance, and the number of real residuals.
    """
    most = residuals * math.log1p(_OUTWEIGHED)
    return np.asarray(penalty * most / (penalty + most))

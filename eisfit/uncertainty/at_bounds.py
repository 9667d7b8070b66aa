"""One-sided limits of parameters that rest on a bound."""

from __future__ import annotations

import numpy as np

from eisfit.engine.problem import Problem
from eisfit.tools.frozen import Floats, Ints
from eisfit.tools.quotients import SMALLEST_DIVISOR
from eisfit.tools.statistics import NORMAL_95_ONE_SIDED
from eisfit.uncertainty.detection import Detected
from eisfit.uncertainty.profiles import profile_ends

_UNCHANGED = 1e-3  # rise of chi-square that counts as none
_RUNGS = 33  # number of trial values from one bound to the other


def one_sided(problem: Problem, state: Detected) -> dict[tuple[int, int], float]:
    """Return how far parameters may lie from the bound on which they rest, by (spectrum, parameter).

    Parameters
    ----------
    problem : Problem
        N spectra.
    state : Detected
        Their solutions.

    Returns
    -------
    dict of (int, int) to float
        One-sided 95 % limit in the unit of the parameter: from below for one on its upper bound, from above for
        one on its lower bound; nan where the data allow the whole range. What is tied has none of its own.

    Notes
    -----
    The profile likelihood is followed from the bound to where chi-square has risen by 1.645², for all parameters of
    all spectra in one batch.
    """
    resting = state.confidence.on_bound & ~state.held
    if problem.ties is not None:
        resting &= ~problem.ties.tied
    places = np.argwhere(resting)
    if not places.size:
        return {}
    rows, columns = places.T
    x = state.x[rows, columns]
    low, high = problem.lower[rows, columns], problem.upper[rows, columns]
    at_high = high - x < x - low
    shifted = state.x.copy()
    shifted[rows, columns] = _departure(problem, state, rows, columns, np.where(at_high, low, high))
    q = np.where(at_high, -NORMAL_95_ONE_SIDED, NORMAL_95_ONE_SIDED)
    requests = [(int(i), int(k), float(level)) for i, k, level in zip(rows, columns, q, strict=True)]
    distance = _expected(problem, state, rows, columns)
    ends = profile_ends(
        problem, shifted, state.cost, state.confidence.variance, requests, distance, state.held
    )
    limits = np.full(ends.shape, np.nan)
    inside = (low < ends) & (ends < high)
    limits[inside] = np.exp(ends[inside])
    return {(int(i), int(k)): float(limit) for (i, k), limit in zip(places, limits, strict=True)}


def _expected(problem: Problem, state: Detected, rows: Ints, columns: Ints) -> Floats:
    """Return the expected distance of the ends from the bound by slope and curvature there, over 1.645."""
    confidence, q = state.confidence, NORMAL_95_ONE_SIDED
    residual, jacobian = problem.residual_and_jacobian(state.x[rows], rows)
    found = np.empty(rows.size)
    for m, (i, k) in enumerate(zip(rows, columns, strict=True)):
        free = np.flatnonzero(confidence.free[i])
        others = jacobian[m, free[free != k]].T
        own = jacobian[m, k]
        if others.size:  # the part of the slope that the other parameters cannot compensate
            size = np.maximum(np.sqrt(np.einsum("fp,fp->p", others, others)), SMALLEST_DIVISOR)
            own = own - others / size @ np.linalg.lstsq(others / size, own, rcond=None)[0]
        slope, curvature = abs(float(own @ residual[m])), max(float(own @ own), SMALLEST_DIVISOR)
        rise = q**2 * float(confidence.variance[i])
        found[m] = rise / (slope + np.sqrt(slope**2 + curvature * rise)) / q
    return found


def _departure(problem: Problem, state: Detected, rows: Ints, columns: Ints, other: Floats) -> Floats:
    """Return the farthest values from the bound that leave chi-square unchanged.

    An inductance of 1e-20 H does not change the impedance; a profile that started there would find no end.
    """
    steps = np.linspace(0.0, 1.0, _RUNGS)
    start = state.x[rows, columns]
    ladder = start[:, None] + steps * (other - start)[:, None]
    each = np.repeat(np.arange(rows.size), _RUNGS)
    x = state.x[rows[each]]
    x[np.arange(each.size), columns[each]] = ladder.ravel()
    residual = problem.residual(x, rows[each])
    rise = np.sum(residual**2, axis=1) - 2 * state.cost[rows[each]]
    changed = ~(rise < _UNCHANGED * state.confidence.variance[rows[each]]).reshape(ladder.shape)
    changed[:, 0] = False
    last = np.where(changed.any(axis=1), np.argmax(changed, axis=1) - 1, 0)
    return np.asarray(ladder[np.arange(rows.size), last])

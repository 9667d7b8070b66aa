"""How far the parameters that rest on a bound may lie from it."""

from __future__ import annotations

import numpy as np

from eisfit.engine.problem import Problem
from eisfit.tools.frozen import Floats, Ints
from eisfit.tools.statistics import NORMAL_95_ONE_SIDED
from eisfit.uncertainty.detection import Detected
from eisfit.uncertainty.profiles import profile_ends

_NOTHING = 1e-3  # rise of chi-square that is none
_RUNGS = 33


def one_sided(problem: Problem, state: Detected) -> dict[tuple[int, int], str]:
    """Return what the data say of parameters on a bound, by (spectrum, parameter).

    Parameters
    ----------
    problem : Problem
        N spectra.
    state : Detected
        Their solutions.

    Returns
    -------
    dict of (int, int) to str
        ``"above 0.973 (95 %)"``; what the data do not limit within its range says so.

    Notes
    -----
    The profile likelihood is followed from the bound to where chi-square has risen by 1.645²; all parameters of
    all spectra as one batch.
    """
    places = np.argwhere(state.confidence.on_bound & ~state.absent)
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
        problem, shifted, state.cost, state.confidence.variance, requests, distance, state.absent
    )
    found = {}
    for place, end, side, first, last in zip(places, ends, at_high, low, high, strict=True):
        text = "the data allow its whole range"
        if first < end < last:
            text = f"{'above' if side else 'below'} {np.exp(end):.4g} (95 %)"
        found[int(place[0]), int(place[1])] = text
    return found


def _expected(problem: Problem, state: Detected, rows: Ints, columns: Ints) -> Floats:
    """Return how far off the ends lie by slope and curvature at the bound, in units of 1.645."""
    confidence, q = state.confidence, NORMAL_95_ONE_SIDED
    residual, jacobian = problem.residual_and_jacobian(state.x[rows], rows)
    found = np.empty(rows.size)
    for m, (i, k) in enumerate(zip(rows, columns, strict=True)):
        free = np.flatnonzero(confidence.free[i])
        others = jacobian[m, free[free != k]].T
        own = jacobian[m, k]
        if others.size:  # what the other parameters cannot make up for
            size = np.maximum(np.sqrt(np.einsum("fp,fp->p", others, others)), 1e-300)
            own = own - others / size @ np.linalg.lstsq(others / size, own, rcond=None)[0]
        slope, curvature = abs(float(own @ residual[m])), max(float(own @ own), 1e-300)
        rise = q**2 * float(confidence.variance[i])
        found[m] = rise / (slope + np.sqrt(slope**2 + curvature * rise)) / q
    return found


def _departure(problem: Problem, state: Detected, rows: Ints, columns: Ints, other: Floats) -> Floats:
    """Return the last values of parameters, on the way from one bound to the other, that change nothing yet.

    The impedance does not feel an inductance of 1e-20 H; a profile that set out there would find no end.
    """
    steps = np.linspace(0.0, 1.0, _RUNGS)
    start = state.x[rows, columns]
    ladder = start[:, None] + steps * (other - start)[:, None]
    each = np.repeat(np.arange(rows.size), _RUNGS)
    x = state.x[rows[each]]
    x[np.arange(each.size), columns[each]] = ladder.ravel()
    residual = problem.residual(x, rows[each])
    rise = np.sum(residual**2, axis=1) - 2 * state.cost[rows[each]]
    felt = ~(rise < _NOTHING * state.confidence.variance[rows[each]]).reshape(ladder.shape)
    felt[:, 0] = False
    last = np.where(felt.any(axis=1), np.argmax(felt, axis=1) - 1, 0)
    return np.asarray(ladder[np.arange(rows.size), last])

"""Ends of profile-likelihood intervals of single parameters."""

from __future__ import annotations

import numpy as np

from eisfit.engine.problem import Problem
from eisfit.engine.solver import solve
from eisfit.tools.frozen import Bools, Floats

_FARTHEST = 14.0  # a profile that has not risen within a factor e^14 is open


_PROFILE_STEPS = 14


def profile_ends(
    problem: Problem,
    x: Floats,
    cost: Floats,
    variance: Floats,
    requests: list[tuple[int, int, float]],
    sigma: Floats,
    absent: Bools,
) -> Floats:
    """Return where the profile likelihood of parameters has risen by given amounts.

    Parameters
    ----------
    problem : Problem
        N spectra.
    x, cost, variance : ndarray, shapes (N, P), (N,), (N,)
        Solutions and the scale of their chi-square.
    requests : list of (spectrum, parameter, q)
        The end where chi-square has risen by q² (in units of `variance`): above the optimum for q > 0,
        below it for q < 0.
    sigma : ndarray, shape (len(requests),)
        Expected distance of one standard error, as a logarithm.
    absent : ndarray of bool, shape (N, P)
        Parameters of parts that were taken out; they stay where they are.

    Returns
    -------
    ndarray, shape (len(requests),)
        Logarithm of the parameter at that end; infinite where the profile stays open.

    Notes
    -----
    All other parameters are minimised over at every trial value. An arc with an expected capacitance is stepped by
    its time constant, however it is written. Venzon & Moolgavkar, Appl. Stat. 37 (1988)
    87, doi 10.2307/2347496.
    """
    if not requests:
        return np.empty(0)
    rows = np.array([i for i, _, _ in requests])
    columns = np.array([k for _, k, _ in requests])
    arcs = [
        e.arc
        for e in problem.expected
        if e.arc.storage not in columns and problem.may_be_stepped_in_time(e.arc)
    ]
    problem, x = problem.by_time_constants(arcs), x.copy()
    for arc in arcs:
        x[:, arc.storage] = arc.log_tau(x)
    q = np.array([abs(q) for _, _, q in requests])
    side = np.array([np.sign(q) for _, _, q in requests])
    m = np.arange(rows.size)
    held = absent[rows].copy()
    held[m, columns] = True
    centre = x[rows, columns]
    scale = np.maximum(variance[rows], 1e-300)

    near, near_rise = np.zeros(rows.size), np.zeros(rows.size)
    far, far_rise = np.full(rows.size, np.inf), np.full(rows.size, np.inf)
    trial = np.clip(q * np.nan_to_num(sigma, nan=1.0, posinf=1.0), 1e-6, 2.0)
    path = x[rows].copy()
    for _ in range(_PROFILE_STEPS):
        start = path.copy()
        start[m, columns] = centre + side * trial
        lower, upper = problem.lower[rows].copy(), problem.upper[rows].copy()
        lower[m, columns] = upper[m, columns] = start[m, columns]
        found = solve(problem, start, rows, held=held, lower=lower, upper=upper, max_iterations=40)
        rise = np.sqrt(np.maximum(2 * (found.cost - cost[rows]) / scale, 0.0))
        above = rise >= q
        far, far_rise = np.where(above, trial, far), np.where(above, rise, far_rise)
        near, near_rise = np.where(above, near, trial), np.where(above, near_rise, rise)
        path = np.where(above[:, None], path, found.x)
        if np.all((np.abs(rise - q) < 0.01 * q) | (near >= _FARTHEST)):
            break
        bracketed = np.isfinite(far)
        with np.errstate(invalid="ignore"):
            straight = near + (q - near_rise) / (far_rise - near_rise) * (far - near)
            inside = np.clip(straight, near + 0.1 * (far - near), far - 0.1 * (far - near))
        reach = np.clip(trial * q / np.maximum(rise, 1e-3), 1.3 * trial, 4 * trial)
        trial = np.where(bracketed, inside, np.minimum(reach, _FARTHEST))
    with np.errstate(invalid="ignore"):
        end = near + (q - near_rise) / (far_rise - near_rise) * (far - near)
    reached = np.abs(near_rise - q) < 0.01 * q
    end = np.where(np.isfinite(far), end, np.where(reached, near, np.inf))
    result: Floats = centre + side * end
    return result

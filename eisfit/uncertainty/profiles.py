"""Ends of profile-likelihood intervals of single parameters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from eisfit.engine.problem import Problem
from eisfit.engine.solver import solve
from eisfit.tools.frozen import Bools, Floats, Ints
from eisfit.tools.quotients import SMALLEST_DIVISOR

_FARTHEST = 14.0  # distance as a logarithm within which a profile must reach its level, else it is open
_PROFILE_STEPS = 14  # trial values of each end
_CLOSE = 0.01  # deviation of the square root of the rise from its level, relative to it, that is close enough


def profile_ends(
    problem: Problem,
    x: Floats,
    cost: Floats,
    variance: Floats,
    requests: list[tuple[int, int, float]],
    sigma: Floats,
    held: Bools,
) -> Floats:
    """Return where the profiles of chi-square over parameters have risen by given amounts.

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
    held : ndarray of bool, shape (N, P)
        Parameters of removed segments, which stay where they are.

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
    columns, shift = _stepped(problem, np.array([k for _, k, _ in requests]))
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
    kept = held[rows].copy()
    kept |= _moved_with(problem, columns)
    centre = x[rows, columns]
    scale = np.maximum(variance[rows], SMALLEST_DIVISOR)
    bracket = _Bracket.around_nothing(q)
    trial = np.clip(q * np.nan_to_num(sigma, nan=1.0, posinf=1.0), 1e-6, 2.0)
    path = x[rows].copy()
    for _ in range(_PROFILE_STEPS):
        start = path.copy()
        start[m, columns] = centre + side * trial
        lower, upper = problem.lower[rows].copy(), problem.upper[rows].copy()
        lower[m, columns] = upper[m, columns] = start[m, columns]
        found = solve(problem, start, rows, held=kept, lower=lower, upper=upper, max_iterations=40)
        rise = np.sqrt(np.maximum(2 * (found.cost - cost[rows]) / scale, 0.0))
        bracket = bracket.narrowed(trial, rise)
        path = np.where((rise >= q)[:, None], path, found.x)
        if np.all((np.abs(rise - q) < _CLOSE * q) | (bracket.near >= _FARTHEST)):
            break
        trial = bracket.next_trial(trial, rise)
    result: Floats = centre + side * bracket.end() + shift
    return result


def _stepped(problem: Problem, columns: Ints) -> tuple[Ints, Floats]:
    """Return which parameters are stepped for some: for what is tied what it follows, that far below as a logarithm."""
    if problem.ties is None:
        return columns, np.zeros(columns.size)
    return problem.ties.master[columns], problem.ties.shift[columns]


def _moved_with(problem: Problem, columns: Ints) -> Bools:
    """Return the parameters that are held with each of some, shape (len(columns), P): it and those that follow it."""
    size = len(problem.names)
    master = np.arange(size) if problem.ties is None else problem.ties.master
    return np.asarray(master == master[columns][:, None])


@dataclass(frozen=True)
class _Bracket:
    """Distances between which profiles reach their levels `q`, and the square root of the rise there."""

    q: Floats
    near: Floats
    near_rise: Floats
    far: Floats
    far_rise: Floats

    @classmethod
    def around_nothing(cls, q: Floats) -> _Bracket:
        """Return the bracket before the first trial: from the optimum to infinity."""
        return cls(q, np.zeros(q.size), np.zeros(q.size), np.full(q.size, np.inf), np.full(q.size, np.inf))

    def narrowed(self, trial: Floats, rise: Floats) -> _Bracket:
        """Return the bracket with one end moved to the trial."""
        above = rise >= self.q
        return _Bracket(
            self.q,
            np.where(above, self.near, trial),
            np.where(above, self.near_rise, rise),
            np.where(above, trial, self.far),
            np.where(above, rise, self.far_rise),
        )

    def next_trial(self, trial: Floats, rise: Floats) -> Floats:
        """Return the next distances: by a straight line within the bracket, farther out where it is open."""
        with np.errstate(invalid="ignore"):
            width = self.far - self.near
            inside = np.clip(self._straight(), self.near + 0.1 * width, self.far - 0.1 * width)
        reach = np.clip(trial * self.q / np.maximum(rise, 1e-3), 1.3 * trial, 4 * trial)
        return np.where(np.isfinite(self.far), inside, np.minimum(reach, _FARTHEST))

    def end(self) -> Floats:
        """Return the distances at which the levels are reached; infinite where a profile stays open."""
        with np.errstate(invalid="ignore"):
            end = self._straight()
        reached = np.abs(self.near_rise - self.q) < _CLOSE * self.q
        return np.where(np.isfinite(self.far), end, np.where(reached, self.near, np.inf))

    def _straight(self) -> Floats:
        slope = (self.q - self.near_rise) / (self.far_rise - self.near_rise)
        return np.asarray(self.near + slope * (self.far - self.near))

"""How certain the peaks of a distribution are: samples of all distributions that suit the data."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from eisfit.relaxations.grid import Grid
from eisfit.relaxations.most_probable import Solution
from eisfit.relaxations.peaks import Basins
from eisfit.tools.frozen import Floats, Ints

SAMPLES = 200
_STANDING = 1.02  # height of a peak over the valleys beside it from which on it stands in a sample


@dataclass(frozen=True, eq=False)
class Sampled:
    """Peaks in samples of the distribution.

    Parameters
    ----------
    resistance_stderr_ohm : ndarray, shape (p,)
        Standard error of the integral between the valleys beside each peak.
    log_tau : ndarray, shape (samples, p)
        Where each peak is highest in each sample.
    stands : ndarray, shape (p,)
        Share of samples in which the peak stands above both valleys.
    total_stderr_ohm : float
        Standard error of the integral of the whole distribution.
    low_ohm, high_ohm : ndarray, shape (m,)
        2.5 and 97.5 % of the distribution at each time constant.
    """

    resistance_stderr_ohm: Floats
    log_tau: Floats
    stands: Floats
    total_stderr_ohm: float
    low_ohm: Floats
    high_ohm: Floats


def sample(grid: Grid, solution: Solution, found: Basins, seed: int = 0) -> Sampled:
    """Return the peaks in samples that are drawn from the distributions that suit data and smoothness.

    Parameters
    ----------
    grid, solution, found : Grid, Solution, Basins
        The most probable distribution with its peaks.
    seed : int
        Of the random numbers.

    Notes
    -----
    Data with new noise and smoothness with new departures, solved again from the minimum in one linear step, scatter
    as a normal distribution with the inverse of the precision: all samples are drawn at once. Resistances are
    integrals, which the data fix better than the height at any one place: their errors follow from the same
    covariance by linear propagation, with the scatter of the valleys beside.
    """
    draws = np.random.default_rng(seed).standard_normal((SAMPLES, len(solution.precision)))
    factor: Floats = np.asarray(np.linalg.cholesky(solution.precision), float)
    moves = np.linalg.solve(factor.T, draws.T)
    gamma = solution.gamma_ohm * np.exp((solution.directions @ moves).T)
    edges = np.tile(found.edges, (SAMPLES, 1))
    for k in range(1, len(found.at)):
        between = gamma[:, found.at[k - 1] : found.at[k] + 1]
        edges[:, k] = found.at[k - 1] + np.argmin(between, axis=1)
    places, heights = np.zeros((2, SAMPLES, len(found.at)))
    for k in range(len(found.at)):
        inside = gamma[:, found.edges[k] : found.edges[k + 1] + 1]
        places[:, k] = grid.log_tau[found.edges[k] + np.argmax(inside, axis=1)]
        heights[:, k] = inside.max(axis=1)
    valleys = np.take_along_axis(gamma, edges, axis=1)
    beside = np.maximum(valleys[:, :-1], valleys[:, 1:])
    low, high = np.quantile(gamma, [0.025, 0.975], axis=0)
    slopes = grid.integral((solution.gamma_ohm[:, None] * solution.directions).T).T
    stands = np.mean(heights > _STANDING * beside, axis=0)
    return Sampled(
        _errors(grid, solution, found, edges, slopes, factor),
        places,
        stands,
        float(np.linalg.norm(np.linalg.solve(factor, slopes[-1]))),
        low,
        high,
    )


def _errors(
    grid: Grid, solution: Solution, found: Basins, edges: Ints, slopes: Floats, factor: Floats
) -> Floats:
    """Return the standard errors of the resistances of peaks."""
    between = slopes[found.edges[1:]] - slopes[found.edges[:-1]]
    linear = np.linalg.norm(np.linalg.solve(factor, between.T), axis=0) if len(between) else np.zeros(0)
    step = grid.log_tau[1] - grid.log_tau[0]
    shifts = solution.gamma_ohm[found.edges] * step * edges.std(axis=0)
    return np.sqrt(linear**2 + shifts[1:] ** 2 + shifts[:-1] ** 2) if len(between) else linear

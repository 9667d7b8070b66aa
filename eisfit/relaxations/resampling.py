"""How certain the peaks of a distribution are: samples of all distributions that suit the data."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from eisfit.relaxations.grid import Grid
from eisfit.relaxations.most_probable import Solution
from eisfit.relaxations.peaks import Basins
from eisfit.tools.frozen import Floats

SAMPLES = 200
_STANDING = 1.02  # height of a peak over the valleys beside it from which on it stands in a sample


@dataclass(frozen=True, eq=False)
class Sampled:
    """Peaks in samples of the distribution.

    Parameters
    ----------
    resistance_ohm, log_tau : ndarray, shape (samples, p)
        Of each peak in each sample: between its valleys, and at its highest point.
    stands : ndarray, shape (p,)
        Share of samples in which the peak stands above both valleys.
    total_ohm : ndarray, shape (samples,)
        Integral of the whole distribution.
    low_ohm, high_ohm : ndarray, shape (m,)
        2.5 and 97.5 % of the distribution at each time constant.
    """

    resistance_ohm: Floats
    log_tau: Floats
    stands: Floats
    total_ohm: Floats
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
    as a normal distribution with the inverse of the precision: all samples are drawn at once.
    """
    draws = np.random.default_rng(seed).standard_normal((SAMPLES, len(solution.precision)))
    factor = np.linalg.cholesky(solution.precision)
    moves = np.linalg.solve(factor.T, draws.T)
    gamma = solution.gamma_ohm * np.exp((solution.directions @ moves).T)
    total = grid.integral(gamma)
    edges = np.tile(found.edges, (SAMPLES, 1))
    for k in range(1, len(found.at)):
        between = gamma[:, found.at[k - 1] : found.at[k] + 1]
        edges[:, k] = found.at[k - 1] + np.argmin(between, axis=1)
    ends = np.take_along_axis(total, edges, axis=1)
    areas = np.diff(ends, axis=1)
    places, heights = np.zeros(areas.shape), np.zeros(areas.shape)
    for k in range(areas.shape[1]):
        inside = gamma[:, found.edges[k] : found.edges[k + 1] + 1]
        places[:, k] = grid.log_tau[found.edges[k] + np.argmax(inside, axis=1)]
        heights[:, k] = inside.max(axis=1)
    valleys = np.take_along_axis(gamma, edges, axis=1)
    beside = np.maximum(valleys[:, :-1], valleys[:, 1:])
    low, high = np.quantile(gamma, [0.025, 0.975], axis=0)
    return Sampled(areas, places, np.mean(heights > _STANDING * beside, axis=0), total[:, -1], low, high)

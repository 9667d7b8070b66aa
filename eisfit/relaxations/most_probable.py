"""The most probable distribution: its logarithm is smooth, and how smooth is told by the data at each place."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from eisfit.relaxations.grid import Grid
from eisfit.relaxations.system import System
from eisfit.tools.frozen import Floats

ROUNDS = 40
_FEWEST_ROUNDS = 11
_RESTING = 2e-2  # change of ln gamma below which no further round is made
_LONGEST = 2.0  # change of ln gamma in one round
_FLOOR = 0.02  # of the mean roughness: no place is smooth without limit
_NEIGHBOURS = 1.0  # knots over which roughness is averaged
_SETTLED = 3  # rounds after which weights change by the geometric mean of old and new
_RIDGE = 1e-9


@dataclass(frozen=True)
class Ends:
    """What is expected of d ln gamma / d ln tau where the data say nothing: at the shortest and longest tau."""

    at_short: float
    at_long: float
    width: float = 0.2


RELAXED = Ends(0.8, -0.8)  # tails of a depressed arc, whose exponent is the slope
OPEN = Ends(0.8, 0.8)  # a constant-phase tail that goes on beyond the window
STRAIGHT = Ends(0.0, 0.0)  # for a departure from arcs that have such tails already


@dataclass(frozen=True, eq=False)
class Solution:
    """A distribution with what is needed to say how certain it is.

    Parameters
    ----------
    gamma_ohm : ndarray, shape (m,)
        Distribution over ln tau, in ohm.
    spline : ndarray, shape (k,)
        ln gamma is what was expected plus the splines times these numbers.
    directions : ndarray, shape (m, d)
        In which ln gamma is uncertain.
    prior, precision : ndarray, shape (d, d)
        Inverse covariance along these directions, without and with the data.
    variance, freedom : float
        Of the residuals relative to |Z|, and the numbers that the data have fixed.
    misfit : float
        Sum of squared residuals relative to |Z|.
    """

    gamma_ohm: Floats
    spline: Floats
    directions: Floats
    prior: Floats
    precision: Floats
    variance: float
    freedom: float
    misfit: float


def most_probable(
    grid: Grid,
    system: System,
    ends: Ends,
    *,
    start: Floats | None = None,
    offset: Floats | None = None,
    roughness: float = 1.0,
    variance: float | None = None,
    rounds: int = ROUNDS,
) -> Solution:
    """Return the distribution that is most probable when its logarithm is smooth.

    Parameters
    ----------
    grid, system : Grid, System
        Time constants and data.
    ends : Ends
        Expected slopes at the ends of the grid.
    start : ndarray, shape (k,), optional
        Spline coefficients to begin with; a constant distribution otherwise.
    offset : ndarray, shape (m,), optional
        A logarithm that is expected; the splines add to it.
    roughness : float
        Standard deviation of the second derivative of the logarithm, to begin with.
    variance : float, optional
        Of the residuals relative to |Z|, to begin with.
    rounds : int
        Largest number of rounds.

    Notes
    -----
    ln gamma is a cubic spline f, so that gamma is positive. Its second derivative has a normal distribution at
    each knot, of a variance that the data determine: in each round it becomes the square of the derivative plus its
    variance (expectation maximisation), averaged over neighbouring knots. A sharp relaxation is then as free as it
    needs to be, and the tails beside it, which are straight lines of slope +alpha and -alpha in the logarithm, are
    smooth. The variance of the residuals follows from the same data. Nothing is left to choose.

    Penalty on second differences of spline coefficients: Eilers and Marx, Stat. Sci. 11 (1996) 89,
    doi 10.1214/ss/1038425655. Variances from the data: MacKay, Neural Comput. 4 (1992) 415,
    doi 10.1162/neco.1992.4.3.415.
    """
    a = system.project(grid.kernel)
    b, splines = system.target, grid.spline
    expected = np.zeros(splines.shape[0]) if offset is None else offset
    count = splines.shape[1]
    second, pulled, pull = _penalties(count, grid.step, ends)
    c = _constant(a @ np.exp(expected), b, count) if start is None else start
    weights = np.full(count - 2, 1 / roughness**2)
    variance = 0.01 * float(np.var(b)) if variance is None else variance
    for round_ in range(rounds):
        j = (a * np.exp(expected + splines @ c)) @ splines
        residual = b - a @ np.exp(expected + splines @ c)
        data = j.T @ j / variance
        prior = second.T @ (second * weights[:, None]) + pulled
        precision = data + prior
        precision[np.diag_indices(count)] += _RIDGE * np.trace(precision) / count
        inverse = np.linalg.inv(precision)
        move = inverse @ (j.T @ residual / variance - prior @ c + pull)
        longest = float(np.abs(move).max())
        c = c + move * min(1.0, _LONGEST / longest)
        freedom = float(np.sum(inverse * data))
        misfit = float(np.sum((b - a @ np.exp(expected + splines @ c)) ** 2))
        left = max(b.size - len(system.terms) - freedom, 10.0)
        variance = max(misfit / left, 0.1 * variance, 1e-24)
        rough = (second @ c) ** 2 + np.einsum("ij,ij->i", second @ inverse, second)
        new = 1 / (_averaged(rough) + _FLOOR * rough.mean())
        weights = np.sqrt(weights * new) if round_ > _SETTLED else new
        if round_ >= _FEWEST_ROUNDS and longest < _RESTING:
            break
    gamma = np.exp(expected + splines @ c)
    prior[np.diag_indices(count)] += _RIDGE * np.trace(precision) / count
    return Solution(
        gamma, c, splines, prior, with_data(a * gamma, splines, prior, variance), variance, freedom, misfit
    )


def with_data(weighed: Floats, directions: Floats, prior: Floats, variance: float) -> Floats:
    """Return the precision along directions of ln gamma: that of the prior and that of the data.

    Parameters
    ----------
    weighed : ndarray, shape (2 n, m)
        Columns of the system, each times gamma at its time constant.
    """
    j = weighed @ directions
    return np.asarray(j.T @ j / variance + prior)


def _constant(of_one: Floats, b: Floats, count: int) -> Floats:
    """Return the spline of the constant distribution that fits best, given what a distribution of 1 ohm gives."""
    return np.full(count, math.log(max(abs(float(of_one @ b)) / float(of_one @ of_one), 1e-300)))


def _penalties(count: int, step: float, ends: Ends) -> tuple[Floats, Floats, Floats]:
    """Return the second derivative at each knot, and precision and pull of the expected slopes at the ends."""
    second = np.diff(np.eye(count), 2, axis=0) / step**2
    slopes = np.zeros((2, count))
    slopes[0, :2] = slopes[1, -2:] = np.array([-1.0, 1.0]) / step
    return (
        second,
        slopes.T @ slopes / ends.width**2,
        slopes.T @ np.array([ends.at_short, ends.at_long]) / ends.width**2,
    )


def _averaged(rough: Floats) -> Floats:
    """Return roughness averaged over neighbouring knots with a normal window."""
    reach = int(np.ceil(3 * _NEIGHBOURS))
    window = np.exp(-0.5 * (np.arange(-reach, reach + 1) / _NEIGHBOURS) ** 2)
    return np.convolve(np.pad(rough, reach, mode="edge"), window / window.sum(), "valid")

"""Robust losses: reduce the weight of outlying points by iteratively reweighted least squares."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from eisfit.engine.levenberg_marquardt import Solution
from eisfit.engine.problem import Problem
from eisfit.engine.solver import solve
from eisfit.tools.frozen import Bools, Floats, Ints

NU = 4.0  # degrees of freedom of Student's t
SETTLED = 1e-4  # change of every weight below which a spectrum has settled
MOST_ROUNDS = 60  # of reweighting
_SCALE_ROUNDS = 15  # rounds after which the scale is kept, so that the weights settle
_ITERATIONS = 40  # of the solver in one round
_LEAST_SCALE = 1e-10  # smallest scale relative to the data; noise-free spectra have none of their own
_NOISY = 1e-2  # variance over squared scale, about 1 with noise; data with a smaller one are noise-free
_NORMAL_MEDIAN = math.sqrt(2 * math.log(2))  # median of the distance from 0 of a point with normal Re and Im


@dataclass(frozen=True)
class Loss:
    """A loss of the distance u of a point, through its weight (1 + u² / tuning²)^-power.

    Parameters
    ----------
    power, tuning : float
        Parameters of the weight; u is in units of the scale.
    median : float
        Median of u where the scale is 1.
    """

    power: float
    tuning: float
    median: float = _NORMAL_MEDIAN

    def weight(self, u: Floats) -> Floats:
        """Return the weights, 1 at the centre."""
        return np.asarray((1 + (u / self.tuning) ** 2) ** -self.power)

    def slope(self, u: Floats) -> Floats:
        """Return the derivative of weight times residual, averaged over the two directions of a point."""
        t = (u / self.tuning) ** 2
        return np.asarray(self.weight(u) * (1 - self.power * t / (1 + t)))


_LOSS = {
    "soft_l1": Loss(0.5, 1.3094),
    "cauchy": Loss(1.0, 2.5486),
    "student_t": Loss(1.0, math.sqrt(NU), math.sqrt(NU * (2 ** (2 / NU) - 1))),
}


@dataclass(frozen=True)
class Reweighting:
    """How much each point of N spectra weighs under a robust loss.

    Parameters
    ----------
    loss : str
        Its name.
    point_weight : ndarray, shape (N, F)
        1 at the centre; 0 for points that take no part.
    factor : ndarray, shape (N,)
        By which all weights of a spectrum are multiplied besides, so that the least-squares covariance of the
        reweighted problem is that of the robust estimate.
    counted : ndarray, shape (N,)
        Number of real residuals that count.
    settled : ndarray of bool, shape (N,)
        Whether the weights have converged.
    """

    loss: str
    point_weight: Floats
    factor: Floats
    counted: Floats
    settled: Bools

    def rows(self, index: Ints, length: int) -> Reweighting:
        """Return some spectra, cut to a number of points."""
        weight = self.point_weight[index, :length]
        return Reweighting(self.loss, weight, self.factor[index], self.counted[index], self.settled[index])

    def applied(self, problem: Problem) -> Problem:
        """Return the problem as one of least squares with these weights."""
        factor = np.sqrt(self.factor[:, None] * self.point_weight)
        return replace(problem, data=problem.data.reweighted(factor, self.counted))


def reweighted(
    problem: Problem, loss: str, start: Floats, solver: Callable[..., Solution] = solve
) -> tuple[Reweighting, Solution]:
    """Return the weights of all points under a robust loss, and the solutions with them.

    Parameters
    ----------
    problem : Problem
        N spectra with the weights that their noise deserves.
    loss : {"soft_l1", "cauchy", "student_t"}
        Name of the loss.
    start : ndarray, shape (N, P)
        Logarithms to start from.
    solver : callable
        Solves the problem of each round; called as `solve`.

    Notes
    -----
    The loss is that of the distance u of a whole point, of Re Z and Im Z together: what disturbs a point
    disturbs both, and the weight does not depend on the phase. Its scale is the median distance of each spectrum
    over that of normal noise. The tuning constants give 95 % of the efficiency of least squares with normal
    noise in two dimensions (1.3094 for soft_l1, 2.5486 for cauchy; 90 % for Student's t with 4 degrees of
    freedom). The problem is solved again with the weights that follow until these settle; rows that have
    settled drop out.

    The covariance is Huber's for M-estimators, with the correction for few points. For weights that depend on the
    residuals alone it is a multiple of the inverse normal matrix, and the multiple is put into the weights.

    Source: Holland & Welsch, Commun. Stat. A 6 (1977) 813, doi 10.1080/03610927708827533; Huber, Robust
    Statistics (1981), section 7.6, doi 10.1002/0471725250; Lange, Little & Taylor, J. Am. Stat. Assoc. 84
    (1989) 881, doi 10.1080/01621459.1989.10478852.
    """
    chosen = _LOSS[loss]
    x, scale = start.copy(), np.ones(problem.size)
    weight = np.where(_used(problem), 1.0, 0.0)
    active = np.arange(problem.size)
    for number in range(MOST_ROUNDS):
        distance = _distance(problem, x, active)
        if number < _SCALE_ROUNDS:
            scale[active] = _scale(problem, chosen, distance, active)
        new = np.where(_used(problem)[active], chosen.weight(distance / scale[active, None]), 0.0)
        moving = np.abs(new - weight[active]).max(axis=1) > SETTLED
        weight[active] = new
        active = active[moving]
        if not active.size:
            break
        x[active] = solver(_with(problem, weight), x[active], active, max_iterations=_ITERATIONS).x
    settled = np.ones(problem.size, bool)
    settled[active] = False
    return _finished(problem, loss, x, weight, settled, solver)


def weights_at(problem: Problem, loss: str, x: Floats, point_weight: Floats) -> Reweighting:
    """Return the reweighting of solutions (N, P) whose weights of points (N, F) are known."""
    chosen, everything = _LOSS[loss], np.arange(problem.size)
    used = _used(problem)
    distance = np.where(used, _distance(problem, x, everything), 0.0)
    u = distance / _scale(problem, chosen, distance, everything)[:, None]
    numbers = 2.0 * used.sum(axis=1)
    free = float(np.count_nonzero(~problem.fixed))
    slope = np.where(used, chosen.slope(u), 0.0)
    mean_slope = slope.sum(axis=1) * 2 / numbers
    spread = (slope**2).sum(axis=1) * 2 / numbers - mean_slope**2
    few = 1 + free / numbers * spread / mean_slope**2
    influence = ((point_weight * u) ** 2).sum(axis=1) / np.maximum(numbers - free, 1)
    variance = (
        few**2 * influence / mean_slope**2
    )  # of the estimate, in units of scale² over the normal matrix
    mean_weight = point_weight.sum(axis=1) * 2 / numbers
    squares = (point_weight * u**2).sum(axis=1)
    sound = variance > _NOISY
    variance = np.where(sound, variance, 1.0)
    factor = np.where(sound, 1 / (variance * mean_weight), 1.0)
    counted = np.where(sound, free + factor * squares, numbers)
    return Reweighting(loss, point_weight, factor, counted, np.ones(problem.size, bool))


def _finished(
    problem: Problem,
    loss: str,
    x: Floats,
    weight: Floats,
    settled: Bools,
    solver: Callable[..., Solution],
) -> tuple[Reweighting, Solution]:
    found = solver(_with(problem, weight), x, np.arange(problem.size))
    weighing = weights_at(problem, loss, found.x, weight)
    cost = found.cost * weighing.factor
    solution = replace(found, cost=cost, converged=found.converged & settled)
    return replace(weighing, settled=settled), solution


def _used(problem: Problem) -> Bools:
    return np.asarray(problem.weight[:, : problem.z_ohm.shape[1]] > 0)


def _with(problem: Problem, point_weight: Floats) -> Problem:
    return replace(problem, data=problem.data.reweighted(np.sqrt(point_weight)))


def _distance(problem: Problem, x: Floats, rows: Ints) -> Floats:
    """Return how far the points lie from the model, in units of their weights, shape (batch, F)."""
    residual = problem.residual(x[rows], rows)
    length = problem.z_ohm.shape[1]
    return np.hypot(residual[:, :length], residual[:, length:])


def _scale(problem: Problem, loss: Loss, distance: Floats, rows: Ints) -> Floats:
    """Return the scale of the distances of each row, from their median, widened for what was fitted."""
    used = _used(problem)[rows]
    median = np.nanmedian(np.where(used, distance, np.nan), axis=1)
    numbers = 2.0 * used.sum(axis=1)
    freedom = numbers - np.count_nonzero(~problem.fixed)
    length = problem.z_ohm.shape[1]
    weight = problem.weight[rows]
    data = np.hypot(
        weight[:, :length] * problem.z_ohm[rows].real, weight[:, length:] * problem.z_ohm[rows].imag
    )
    floor = _LEAST_SCALE * np.nanmax(data, axis=1)
    widened = median / loss.median * np.sqrt(numbers / np.maximum(freedom, 1.0))
    return np.where(freedom > 0, np.maximum(widened, floor), np.inf)  # without freedom no point is far off

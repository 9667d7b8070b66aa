"""The curvature test of a straight line: a quadratic term, or two lines that meet."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from eisfit.laws.checks import NO_RANGE, CheckedPoints, Curvature
from eisfit.laws.line import weighted_step
from eisfit.laws.registry import Straight
from eisfit.tools.frozen import Floats
from eisfit.tools.statistics import nested_probability

LEVEL = 0.005  # false alarms of the test on sound lines
_SMALLEST_BEND = 0.01  # change of the slope over the points, as a part of the slope, that is looked at
_KINK_POINTS = 6  # values of the condition from which on a kink is sought: three on either side
_KNOTS = 120  # conditions at which it is tried
_KINK_FREEDOM = (
    3  # degrees of freedom of a kink at any condition; it has two parameters, and is the best of many
)
_INTERVAL = 3.84  # rise of chi-square at the ends of its 95 % interval
_KNOT_PRICE = 2.0  # fall of chi-square that the further parameter of a kink must pay for


@dataclass(frozen=True, eq=False)
class _Kink:
    """Two straight lines that meet: chi-square over the conditions that were tried, and the slopes of the best."""

    knots: Floats
    chi2: Floats
    slopes: tuple[float, float]

    @property
    def best(self) -> float:
        return float(self.chi2.min())


def quadratic_chi2(points: CheckedPoints) -> tuple[float, Floats]:
    """Return chi-square and the coefficients of 1, x, x^2 of the parabola through the points."""
    design = np.stack([np.ones_like(points.x), points.x, points.x**2], axis=1)
    solution, _ = weighted_step(design, points.y, points.sigma)
    return float((((points.y - design @ solution) / points.sigma) ** 2).sum()), solution


def curvature(points: CheckedPoints, straight: Straight, centre: float) -> Curvature:
    r"""Test whether points need more than a straight line.

    The level is 0.5 % of sound lines at most: a line counts as bent where the probability is below 0.005, the points
    scatter about the straight line more than their errors allow, and the slope changes over the points by more than the
    ordinates with and without T differ (:math:`k \Delta T` in an energy) and by more than 1 %.

    Parameters
    ----------
    points : CheckedPoints
        Their errors hold those of the temperatures, as in the regression of the line.
    straight : Straight
        The abscissa of the law.
    centre : float
        What was taken from the abscissa.

    Returns
    -------
    Curvature
        Untested with fewer than four points, or three conditions.

    Notes
    -----
    The test is the fall of chi-square by a quadratic term: chi-square with one degree of freedom; F where the points
    scatter about the parabola too, or their errors are not known. With six conditions or more the fall by two lines
    that meet anywhere is tested as well where the points scatter, with three degrees of freedom, and twice the smaller
    probability is returned.
    """
    size, distinct = points.x.size, np.unique(points.condition)
    if size < 4 or distinct.size < 3:
        return Curvature()
    after, (_, slope, second) = quadratic_chi2(points)
    p = nested_probability(points.chi2, after, 1, size - 3, points.known)
    kink = None
    if distinct.size >= _KINK_POINTS:
        p = min(1.0, 2 * p)
    if distinct.size >= _KINK_POINTS and points.scatters:
        kink = _kink(points, straight, centre, distinct)
        p = min(p, 2 * nested_probability(points.chi2, kink.best, _KINK_FREEDOM, size - 4, points.known))
    ends = distinct[[0, -1]]
    x_ends, per_x = straight.abscissa(ends)
    low, high = (float(slope + 2 * second * (x - centre)) for x in x_ends)
    if kink is not None and not _pays(kink, after, size):
        kink = None
    slopes = (low, high) if kink is None else kink.slopes
    bent = p < LEVEL and points.scatters and _matters(slopes, ends, per_x)
    return Curvature(
        p, bent, slopes if bent else NO_RANGE, _interval(kink, size) if kink and bent else NO_RANGE
    )


def _matters(slopes: tuple[float, float], ends: Floats, per_x: Floats) -> bool:
    """Tell whether the slope changes by more than ln T has of its own, and by more than 1 %."""
    change, of_log_t = abs(slopes[1] - slopes[0]), abs(float(np.diff(per_x / ends)[0]))
    return change > max(of_log_t, _SMALLEST_BEND * abs(slopes[0] + slopes[1]) / 2)


def _kink(points: CheckedPoints, straight: Straight, centre: float, distinct: Floats) -> _Kink:
    """Return the best two straight lines that meet, with two conditions or more beyond their kink on either side."""
    knots = np.linspace(distinct[2], distinct[-3], _KNOTS)
    x_knots = straight.abscissa(knots)[0] - centre
    beyond = np.maximum(points.x - x_knots[:, None], 0.0)
    design = np.stack([np.ones_like(beyond), np.broadcast_to(points.x, beyond.shape), beyond], axis=2)
    size = np.sqrt(np.mean(design**2, axis=(0, 1)))
    weighted, y = design / size / points.sigma[:, None], points.y / points.sigma
    normal, right = np.swapaxes(weighted, 1, 2) @ weighted, np.swapaxes(weighted, 1, 2) @ y
    solution = np.linalg.solve(normal, right[:, :, None])
    chi2 = np.sum((y - (weighted @ solution)[:, :, 0]) ** 2, axis=1)
    _, slope, more = solution[int(np.argmin(chi2)), :, 0] / size
    by_x = (float(slope), float(slope + more))
    first, last = straight.abscissa(distinct[[0, -1]])[0]
    return _Kink(knots, chi2, by_x if first < last else by_x[::-1])


def _scale(kink: _Kink, size: int) -> float:
    return max(1.0, kink.best / (size - 4))


def _pays(kink: _Kink, parabola: float, size: int) -> bool:
    """Tell whether two lines describe the points better than a parabola of one parameter less."""
    return kink.best + _KNOT_PRICE * _scale(kink, size) < parabola


def _interval(kink: _Kink, size: int) -> tuple[float, float]:
    inside = kink.knots[kink.chi2 <= kink.best + _INTERVAL * _scale(kink, size)]
    return float(inside.min()), float(inside.max())

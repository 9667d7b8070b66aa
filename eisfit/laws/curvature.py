"""The curvature test of a straight line: a quadratic term, or two lines that meet."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from eisfit.laws.checks import NO_RANGE, Curvature, CheckedPoints
from eisfit.laws.line import weighted_step
from eisfit.laws.registry import Straight
from eisfit.tools.frozen import Floats
from eisfit.tools.statistics import nested_probability

LEVEL = 0.005  # false alarms of the test on sound lines
_SMALLEST_BEND = 0.01  # change of the slope over the points, as a part of the slope, that is looked at
_KINK_POINTS = 6  # values of the condition from which on a kink is sought
_KNOTS = 240  # conditions at which it is tried
_INTERVAL = 3.84  # rise of chi-square at the ends of its 95 % interval
_KNOT_PRICE = 2.0  # fall of chi-square that the further parameter of a kink must pay for

Abscissa = Callable[[Floats], tuple[Floats, Floats]]


def quadratic_chi2(points: CheckedPoints) -> tuple[float, Floats]:
    """Return chi-square and the coefficients of 1, x, x^2 of the parabola through the points."""
    return _chi2(points, np.stack([np.ones_like(points.x), points.x, points.x**2], axis=1))


def curvature(points: CheckedPoints, straight: Straight, centre: float) -> Curvature:
    r"""Test whether points need more than a straight line.

    The level is 0.5 % of sound lines at most: a line counts as bent where the probability of its quadratic term
    by chance is below 0.005, the points scatter about the straight line more than their errors allow, and the
    slope changes over the points by more than the ordinates with and without T differ (:math:`k \Delta T` in an energy)
    and by more than 1 %.

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
    The test is the fall of chi-square by the quadratic term: chi-square with one degree of freedom; F where the points
    scatter about the parabola too, or their errors are not known.
    """
    distinct = np.unique(points.condition).size
    if points.x.size < 4 or distinct < 3:
        return Curvature()
    after, (_, slope, second) = quadratic_chi2(points)
    p = nested_probability(points.chi2, after, 1, points.x.size - 3, points.known)
    ends = np.array([points.condition.min(), points.condition.max()])
    x_ends, per_x = straight.abscissa(ends)
    slopes = slope + 2 * second * (x_ends - centre)
    if not (p < LEVEL and points.scatters and _matters(slopes, ends, per_x)):
        return Curvature(p)
    found = Curvature(p, True, (float(slopes[0]), float(slopes[1])), NO_RANGE)
    if distinct < _KINK_POINTS:
        return found
    return _with_kink(points, straight.abscissa, centre, after) or found


def _matters(slopes: Floats, ends: Floats, per_x: Floats) -> bool:
    """Tell whether the slope changes by more than ln T has of its own, and by more than 1 %."""
    change, of_log_t = abs(float(np.diff(slopes)[0])), abs(float(np.diff(per_x / ends)[0]))
    return change > max(of_log_t, _SMALLEST_BEND * abs(float(np.mean(slopes))))


def _with_kink(points: CheckedPoints, abscissa: Abscissa, centre: float, parabola: float) -> Curvature | None:
    """Return the curvature as two lines that meet, where they fit better than a parabola."""
    distinct = np.unique(points.condition)
    knots = np.linspace(distinct[1], distinct[-2], _KNOTS)
    one, results = np.ones_like(points.x), []
    for x_knot in abscissa(knots)[0] - centre:
        beyond = np.maximum(points.x - x_knot, 0.0)
        results.append(_chi2(points, np.stack([one, points.x, beyond], axis=1)))
    chi2 = np.array([value for value, _ in results])
    best, freedom = int(np.argmin(chi2)), points.x.size - 4
    scale = max(1.0, chi2[best] / freedom)
    if chi2[best] + _KNOT_PRICE * scale >= parabola:
        return None
    inside = knots[chi2 <= chi2[best] + _INTERVAL * scale]
    after, (_, slope, more) = results[best]
    by_x = (float(slope), float(slope + more))
    rising = abscissa(distinct)[0][-1] > abscissa(distinct)[0][0]
    p = nested_probability(points.chi2, quadratic_chi2(points)[0], 1, points.x.size - 3, points.known)
    return Curvature(p, True, by_x if rising else by_x[::-1], (float(inside.min()), float(inside.max())))


def _chi2(points: CheckedPoints, design: Floats) -> tuple[float, Floats]:
    solution, _ = weighted_step(design, points.y, points.sigma)
    return float((((points.y - design @ solution) / points.sigma) ** 2).sum()), solution

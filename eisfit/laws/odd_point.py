"""The one point that alone makes the scatter of a line."""

from __future__ import annotations

import numpy as np

from eisfit.laws.checks import CheckedPoints, OddPoint
from eisfit.laws.curvature import quadratic_chi2
from eisfit.laws.line import weighted_line
from eisfit.laws.ordinate import Ordinate
from eisfit.laws.registry import Straight
from eisfit.tools.frozen import Floats
from eisfit.tools.statistics import chi2_reduced_limit_95, nested_probability

LEVEL = 0.005  # false alarms over all points of a sound line
_FALL = 1.5  # factor by which the scatter falls at least without the point
_SEARCHED = 0.5  # the condition is sought within this part of it on either side
_STEPS = 4001


def odd_point(
    points: CheckedPoints, labels: tuple[str, ...], straight: Straight, centre: float, ordinate: Ordinate
) -> OddPoint:
    """Return the point without which the others lie on a line, if there is exactly one.

    The level is 0.5 % of sound lines at most: externally studentised residuals of all points, by Bonferroni's bound.

    Parameters
    ----------
    points : CheckedPoints
        Four or more.
    labels : tuple of str, length n
        Their spectra.
    straight, centre, ordinate
        Of the line.

    Notes
    -----
    The square of an externally studentised residual is the fall of chi-square where its point is left out, over what is
    left. A point is named where the line scatters, the fall is not by chance, the others scatter as their errors
    allow and would not without another point, and leaving it out is better than bending the line.
    """
    n = points.x.size
    if n < 4 or not points.scatters:
        return OddPoint()
    freedom = n - 3
    left = np.array([_chi2_without(points, k) for k in range(n)])
    best, second = (int(k) for k in np.argsort(left)[:2])
    p = min(1.0, n * nested_probability(points.chi2, float(left[best]), 1, freedom, points.known))
    limit = freedom * float(chi2_reduced_limit_95(freedom))
    alone = not points.known or (left[best] <= limit < left[second])
    falls = left[best] / freedom * _FALL**2 < points.chi2 / (n - 2)
    if not (p < LEVEL and alone and falls and left[best] < quadratic_chi2(points)[0]):
        return OddPoint(p=p)
    return OddPoint(
        labels[best],
        p,
        float(points.condition[best]),
        _on_line_at(points, best, straight, centre, ordinate),
        float(np.sqrt(points.chi2 / (n - 2))),
        float(np.sqrt(left[best] / freedom)),
    )


def _others(points: CheckedPoints, k: int) -> tuple[Floats, Floats, Floats]:
    rest = np.arange(points.x.size) != k
    return points.x[rest], points.y[rest], points.sigma[rest]


def _chi2_without(points: CheckedPoints, k: int) -> float:
    x, y, sigma = _others(points, k)
    if np.ptp(x) == 0:
        return float("inf")
    level, slope, _ = weighted_line(x, y, sigma)
    return float((((y - level - slope * x) / sigma) ** 2).sum())


def _on_line_at(
    points: CheckedPoints, k: int, straight: Straight, centre: float, ordinate: Ordinate
) -> float:
    """Return the condition at which the value of a point lies on the line of the others; nan where there is none."""
    level, slope, _ = weighted_line(*_others(points, k))
    at = float(points.condition[k])
    tried = np.linspace((1 - _SEARCHED) * at, (1 + _SEARCHED) * at, _STEPS)
    y = points.y[k] + (np.log(tried / at) if "T" in ordinate else 0.0)
    off = y - level - slope * (straight.abscissa(tried)[0] - centre)
    crossing = np.flatnonzero(np.sign(off[1:]) != np.sign(off[:-1]))
    if crossing.size == 0:
        return float("nan")
    i = int(crossing[np.argmin(np.abs(tried[crossing] - at))])
    return float(tried[i] - off[i] * (tried[i + 1] - tried[i]) / (off[i + 1] - off[i]))

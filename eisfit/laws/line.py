"""A weighted straight line with errors in both coordinates."""

from __future__ import annotations

import numpy as np

from eisfit.tools.frozen import Floats
from eisfit.tools.statistics import NORMAL_95, chi2_reduced_limit_95, student_95


def unweighted_slope(x: Floats, y: Floats) -> float:
    """Return the slope of an unweighted straight line."""
    return float(np.sum((x - x.mean()) * y) / np.sum((x - x.mean()) ** 2))


def point_error(point: Floats | None, sigma_t: Floats, slope: float, t: Floats, with_t: bool) -> Floats:
    """Return the standard error of each ordinate; ones where no errors are known."""
    if point is None:
        return np.ones(t.size)
    per_kelvin = -slope / t**2 - (1 / t if with_t else 0.0)
    error: Floats = np.hypot(point, per_kelvin * sigma_t)
    return error


def weighted_line(x: Floats, y: Floats, error: Floats) -> tuple[float, float, Floats]:
    """Return intercept, slope and their covariance (2, 2) of a weighted straight line."""
    design = np.stack([np.ones_like(x), x], axis=1) / error[:, None]
    scale = np.sqrt(np.sum(design**2, axis=0))
    inverse = np.linalg.inv((design / scale).T @ (design / scale)) / np.outer(scale, scale)
    level, slope = inverse @ (design.T @ (y / error))
    return float(level), float(slope), inverse


def scaled_error(
    with_errors: bool, chi2_reduced: float, freedom: int, covariance: Floats
) -> tuple[float, float, Floats]:
    """Return quantile, scatter ratio and covariance by the rules of the reporting table."""
    if freedom < 1:
        if with_errors:
            return NORMAL_95, 1.0, covariance
        return float("nan"), float("nan"), np.full_like(covariance, np.nan)
    if with_errors and chi2_reduced <= float(chi2_reduced_limit_95(freedom)):
        return NORMAL_95, 1.0, covariance
    student = student_95(freedom)
    return student, float(np.sqrt(chi2_reduced)) if with_errors else float("nan"), covariance * chi2_reduced


def line_error(covariance: Floats, x: Floats) -> Floats:
    """Return the standard error of a line at x from the covariance of intercept and slope."""
    variance: Floats = covariance[0, 0] + 2 * covariance[0, 1] * x + covariance[1, 1] * x**2
    return np.sqrt(np.maximum(variance, 0.0))

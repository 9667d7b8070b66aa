"""Weighted straight lines, and the rules of the reporting table for errors of any regression."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from eisfit.tools.frozen import Floats, Value
from eisfit.tools.statistics import NORMAL_95, chi2_reduced_limit_95, student_95

Sigma: TypeAlias = Floats | Callable[[Floats], Floats] | None

_SETTLED = 1e-12  # relative change of the coordinates at which an iteration ends
_ROUNDS = 50  # number of iterations at most


@dataclass(frozen=True, eq=False)
class Regression(Value):
    """A least-squares fit with its errors.

    Parameters
    ----------
    coordinates : ndarray, shape (P,)
        What was fitted.
    covariance : ndarray, shape (P, P)
        Of the coordinates, multiplied by the reduced chi-square where that exceeds its 95 % limit.
    quantile : float
        Of the 95 % interval: normal, or Student's t with n - P where the errors come from the scatter.
    chi2_reduced, scatter_ratio : float
        Scatter by the point errors; the ratio is its square root where the covariance was scaled by it, else 1;
        nan without point errors.
    sigma : ndarray, shape (n,)
        Standard errors of the ordinates; ones without point errors.
    sigma_at : ndarray, shape (P,)
        Coordinates at which they were taken.
    """

    coordinates: Floats
    covariance: Floats
    quantile: float
    chi2_reduced: float
    scatter_ratio: float
    sigma: Floats
    sigma_at: Floats


def fit_line(x: Floats, y: Floats, sigma: Sigma = None) -> Regression:
    """Fit a straight line ``level + slope x`` by the rules of the reporting table.

    Parameters
    ----------
    x, y : ndarray, shape (n,)
        Points; x best has its mean near zero.
    sigma : ndarray or callable, optional
        Standard errors of y, shape (n,); or a function of the coordinates (level, slope) that returns them, which
        is iterated (effective variance); without it all points weigh the same.

    Returns
    -------
    Regression
        Its coordinates are level and slope.

    Notes
    -----
    With point errors the quantile is normal; where the reduced chi-square exceeds its 95 % limit the covariance is
    multiplied by it and the quantile is Student's t with n - 2. Without point errors always the latter.
    """
    coordinates = np.array([np.mean(y), unweighted_slope(x, y)])
    taken_at = coordinates
    for _ in range(_ROUNDS):
        error = sigma_at(sigma, coordinates, y.size)
        level, slope, covariance = weighted_line(x, y, error)
        taken_at = coordinates
        settled = abs(slope - coordinates[1]) <= _SETTLED * abs(slope)
        coordinates = np.array([level, slope])
        if settled or not callable(sigma):
            break
    level, slope = float(coordinates[0]), float(coordinates[1])
    return by_rules(y - level - slope * x, error, sigma is not None, (coordinates, taken_at), covariance)


def sigma_at(sigma: Sigma, coordinates: Floats, size: int) -> Floats:
    """Return the standard errors at some coordinates; ones where no errors are known."""
    if sigma is None:
        return np.ones(size)
    return sigma(coordinates) if callable(sigma) else sigma


def by_rules(
    residual: Floats, error: Floats, known: bool, at: tuple[Floats, Floats], covariance: Floats
) -> Regression:
    """Return a regression with its errors by the rules of the reporting table.

    Parameters
    ----------
    residual, error : ndarray, shape (n,)
        Measured minus fitted ordinates, and their standard errors.
    known : bool
        Whether the standard errors are known, or only the weights are.
    at : (ndarray, ndarray), shape (P,) each
        The coordinates that were fitted, and those at which the standard errors were taken.
    covariance : ndarray, shape (P, P)
        From the standard errors.
    """
    coordinates, taken_at = at
    freedom = residual.size - coordinates.size
    chi2 = float(np.sum((residual / error) ** 2))
    chi2_reduced = chi2 / freedom if freedom > 0 else float("nan")
    quantile, ratio, covariance = scaled_error(known, chi2_reduced, freedom, covariance)
    shown = chi2_reduced if known else float("nan")
    return Regression(coordinates, covariance, quantile, shown, ratio, error, taken_at)


def unweighted_slope(x: Floats, y: Floats) -> float:
    """Return the slope of an unweighted straight line."""
    return float(np.sum((x - x.mean()) * y) / np.sum((x - x.mean()) ** 2))


def weighted_line(x: Floats, y: Floats, error: Floats) -> tuple[float, float, Floats]:
    """Return intercept, slope and their covariance (2, 2) of a weighted straight line."""
    (level, slope), inverse = weighted_step(np.stack([np.ones_like(x), x], axis=1), y, error)
    return float(level), float(slope), inverse


def weighted_step(jacobian: Floats, y: Floats, error: Floats) -> tuple[Floats, Floats]:
    """Return the solution of a linear weighted least-squares problem, shape (P,), and its covariance (P, P)."""
    design = jacobian / error[:, None]
    scale = np.sqrt(np.sum(design**2, axis=0))
    inverse: Floats = np.linalg.inv((design / scale).T @ (design / scale)) / np.outer(scale, scale)
    solution: Floats = inverse @ (design.T @ (y / error))
    return solution, inverse


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

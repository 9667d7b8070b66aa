"""Gauss-Newton regression of laws that are no straight lines in their ordinate."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from eisfit.errors import SeriesError
from eisfit.laws.line import Regression, Sigma, by_rules, sigma_at, weighted_step
from eisfit.tools.frozen import Floats

Model: TypeAlias = Callable[[Floats], tuple[Floats, Floats]]

UNDETERMINED = "the points do not determine all parameters of the law; choose another law"
_ROUNDS = 200  # number of steps at most
_MOVED = 1e-9  # a smaller step, in units of the coordinates, ends the iteration
_HALVINGS = 30  # halvings, at most, of a step that does not lower the sum of squares
_ROUNDING = 1e-12  # relative rise of the sum of squares that is rounding


def fit_curve(model: Model, start: Floats, y: Floats, sigma: Sigma = None) -> Regression:
    """Fit a model by Gauss-Newton steps, halved where they do not lower the sum of squares.

    Parameters
    ----------
    model : callable
        ``model(coordinates) -> (y, jacobian)``, shapes (n,) and (n, P).
    start : ndarray, shape (P,)
        Coordinates at which the iteration begins.
    y : ndarray, shape (n,)
        Measured ordinates.
    sigma : ndarray or callable, optional
        As in `fit_line`.

    Returns
    -------
    Regression

    Raises
    ------
    SeriesError
        If the iteration does not converge, or the points do not determine all parameters.
    """
    coordinates = np.array(start, float)
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        for _ in range(_ROUNDS):
            error = sigma_at(sigma, coordinates, y.size)
            coordinates, moved = _stepped(model, coordinates, y, error)
            if moved <= _MOVED:
                break
        else:
            raise SeriesError("the fit of the law did not converge; check the points, or choose another law")
    error = sigma_at(sigma, coordinates, y.size)
    fitted, jacobian = model(coordinates)
    _, covariance = _step(jacobian, y - fitted, error)
    if not (np.diag(covariance) > 0).all():
        raise SeriesError(UNDETERMINED)
    return by_rules(y - fitted, error, sigma is not None, (coordinates, coordinates), covariance)


def _stepped(model: Model, coordinates: Floats, y: Floats, error: Floats) -> tuple[Floats, float]:
    """Return the coordinates after one step, and by how much they moved in units of their size."""
    fitted, jacobian = model(coordinates)
    step, _ = _step(jacobian, y - fitted, error)
    before = float(np.sum(((y - fitted) / error) ** 2))
    for _ in range(_HALVINGS):
        after = float(np.sum(((y - model(coordinates + step)[0]) / error) ** 2))
        if after <= before * (1 + _ROUNDING):
            return coordinates + step, float(np.max(np.abs(step) / np.maximum(np.abs(coordinates), 1e-3)))
        step = step / 2
    return coordinates, 0.0


def _step(jacobian: Floats, residual: Floats, error: Floats) -> tuple[Floats, Floats]:
    undetermined = SeriesError(UNDETERMINED)
    if not (np.isfinite(jacobian).all() and np.isfinite(residual).all()):
        raise undetermined
    try:
        step, covariance = weighted_step(jacobian, residual, error)
    except np.linalg.LinAlgError:
        raise undetermined from None
    if not (np.isfinite(step).all() and np.isfinite(covariance).all()):
        raise undetermined
    return step, covariance

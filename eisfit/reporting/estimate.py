"""A fit taken up again: its problem and its solution, from what the fit holds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from eisfit.engine.posing import pose
from eisfit.engine.problem import Problem
from eisfit.engine.robust_loss import weights_at
from eisfit.engine.weights import Weights
from eisfit.errors import FitError
from eisfit.results.fit import Fit
from eisfit.results.outcome import Outcome
from eisfit.tools.frozen import Bools, Floats
from eisfit.uncertainty.covariance import Confidence, covariance_of


@dataclass(frozen=True)
class Resumed:
    """A fit as its solver saw it.

    Parameters
    ----------
    plain : Problem
        With the weights of the noise alone.
    problem : Problem
        With those of a robust loss besides; the same where the loss is linear.
    x, cost : ndarray, shapes (1, P) and (1,)
        Logarithms of the parameters, and half the sum of squares there.
    absent : ndarray of bool, shape (1, P)
        Parameters of parts that were taken out; they stay where they are.
    confidence : Confidence
        Of the parameters.
    """

    plain: Problem
    problem: Problem
    x: Floats
    cost: Floats
    absent: Bools
    confidence: Confidence


def resumed(fit: Fit, weights: Weights | None = None) -> Resumed:
    """Return the problem that a fit has solved.

    Parameters
    ----------
    fit : Fit
        Of any origin, also read from a file.
    weights : array_like, shape (n,), optional
        The standard deviations in ohm, where they were given to the fit; it does not hold them.

    Raises
    ------
    FitError
        If the fit failed, or its weights were given and are not given again.
    """
    if fit.outcome is Outcome.FAILED:
        raise FitError(f"{fit.label}: the fit failed, so there is nothing to go on from")
    if weights is None and fit.weights == "given":
        raise FitError(
            f"{fit.label}: it was fitted with standard deviations that it does not hold; give them again as weights"
        )
    plain = pose([fit.spectrum], fit.template, fit.weights if weights is None else weights)
    values = np.array([[fit.values[name] for name in plain.names]])
    absent = np.isnan(values)
    x = np.where(absent, plain.lower, np.log(np.where(absent, 1.0, values)))
    x = np.clip(x, plain.lower, plain.upper)
    problem = plain
    if fit.loss != "linear":
        problem = weights_at(plain, fit.loss, x, fit.point_weights[None]).applied(plain)
    cost = 0.5 * np.sum(problem.residual(x, np.arange(1)) ** 2, axis=1)
    return Resumed(plain, problem, x, cost, absent, covariance_of(problem, x, cost, absent))

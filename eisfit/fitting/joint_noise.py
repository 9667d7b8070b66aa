"""How each spectrum, and each point of it, weighs in a joint fit."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from eisfit.engine.levenberg_marquardt import Solution
from eisfit.engine.problem import Problem
from eisfit.engine.robust_loss import weights_at
from eisfit.results.fit import Fit
from eisfit.tools.frozen import Floats


def noise_of(problem: Problem, free: Solution) -> Floats:
    """Return the noise of each spectrum in units of its weights; 1 for given standard deviations."""
    if problem.absolute:
        return np.ones(problem.size)
    freedom = problem.residuals_used - np.count_nonzero(~problem.fixed)
    least = 1e-30 * problem.data.zero_model  # of noise-free data
    return np.maximum(2 * free.cost / np.maximum(freedom, 1), least)


def as_robust(problem: Problem, fits: Sequence[Fit], x: Floats) -> Problem:
    """Return a problem with the weights of points that a robust loss gave them in the independent fits."""
    loss = fits[0].options.loss
    if loss == "linear":
        return problem
    weight = np.zeros(problem.z_ohm.shape)
    for row, fit in enumerate(fits):
        weight[row, : fit.point_weights.size] = fit.point_weights
    return weights_at(problem, loss, problem.followed(x), weight).applied(problem)

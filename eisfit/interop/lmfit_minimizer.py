"""Our residual and Jacobian in a Minimizer of lmfit."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import lmfit
import numpy as np

from eisfit.engine.levenberg_marquardt import Solution
from eisfit.engine.problem import Problem
from eisfit.interop.lmfit_variables import LOG
from eisfit.tools.frozen import Bools, Floats
from eisfit.tools.quotients import SMALLEST_DIVISOR
from eisfit.tools.statistics import chi2_reduced_limit_95

TOLERANCE = 1e-13  # relative change of cost and step, and size of the gradient, at which lmfit ends
ON_BOUND = 1e-6  # distance of a logarithm from its bound, which an interior method never quite reaches
_STEP = 1e-5  # step of a free variable in the derivative of constraint expressions


@dataclass(frozen=True)
class Minimised:
    """A problem of one spectrum that lmfit has solved.

    Parameters
    ----------
    problem : Problem
        What was solved.
    bridge : Bridge
        Its residual and Jacobian for lmfit.
    minimizer : lmfit.Minimizer
        What solved it.
    result : lmfit.minimizer.MinimizerResult
        What it found.
    """

    problem: Problem
    bridge: Bridge
    minimizer: lmfit.Minimizer
    result: lmfit.minimizer.MinimizerResult

    @property
    def cost(self) -> float:
        """Half the sum of squares."""
        return 0.5 * float(np.sum(self.result.residual**2))

    @property
    def solution(self) -> Solution:
        """Where it ended."""
        return Solution(
            self.bridge.logs(self.result.params)[None],
            np.array([self.cost]),
            np.array([bool(self.result.success)]),
            np.array([int(self.result.nfev)]),
        )

    @property
    def variables(self) -> list[str]:
        """Names of the variables, in the order of the Jacobian."""
        return [name for name, p in self.result.params.items() if p.vary]

    @property
    def inside(self) -> Bools:
        """Which variables rest on no bound, shape (V,)."""
        found = [self.result.params[v] for v in self.variables]
        return np.array([p.min + ON_BOUND < p.value < p.max - ON_BOUND for p in found], bool)

    @property
    def chi2_reduced(self) -> float:
        """Sum of squares by degrees of freedom; nan without any."""
        freedom = self._freedom
        return 2 * self.cost / freedom if freedom > 0 else math.nan

    @property
    def variance(self) -> float:
        """By which the weights are scaled: the reduced chi-square, or 1 for given standard deviations."""
        found = self.chi2_reduced
        if self.problem.absolute and not found > float(chi2_reduced_limit_95(np.array(self._freedom))):
            return 1.0
        return found

    @property
    def _freedom(self) -> int:
        return int(self.problem.residuals_used[0]) - int(self.inside.sum())

    def near_bound(self) -> Bools:
        """Return which parameters of the circuit are variables that rest on a bound, shape (P,)."""
        x, problem = self.solution.x[0], self.problem
        near = (x <= problem.lower[0] + ON_BOUND) | (x >= problem.upper[0] - ON_BOUND)
        varied = np.array([LOG + name in self.result.var_names for name in problem.names], bool)
        return np.asarray(near & varied)


def minimised(problem: Problem, variables: lmfit.Parameters) -> Minimised:
    """Solve a problem of one spectrum with lmfit, from the values of its variables."""
    tied = tuple(name for name in problem.names if LOG + name not in variables)
    bridge = Bridge(problem, tied)
    minimizer = _Bounded(bridge.residual, variables, nan_policy="propagate", Dfun=bridge.jacobian)
    with quiet():
        return Minimised(problem, bridge, minimizer, minimizer.least_squares())


class _Bounded(lmfit.Minimizer):  # type: ignore[misc]
    """A Minimizer that keeps bounds by a trust region throughout, also within `lmfit.conf_interval`."""

    def least_squares(self, params: Any = None, max_nfev: int | None = None, **options: Any) -> Any:
        tight = {"ftol": TOLERANCE, "xtol": TOLERANCE, "gtol": TOLERANCE, "x_scale": "jac"}
        return super().least_squares(params, max_nfev, **{**tight, **options})

    def leastsq(self, params: Any = None, max_nfev: int | None = None, **options: Any) -> Any:
        return self.least_squares(params, max_nfev, **options)


@dataclass(frozen=True)
class Bridge:
    """Our residual and Jacobian in the form that lmfit calls."""

    problem: Problem
    tied: tuple[str, ...]

    def logs(self, params: lmfit.Parameters) -> Floats:
        """Return ln p of the circuit's parameters; nan where an expression is not positive."""
        values = []
        for name in self.problem.names:
            if LOG + name in params:
                values.append(params[LOG + name].value)
            else:
                value = params[name].value
                values.append(math.log(value) if value > 0 else math.nan)
        return np.array(values, float)

    def residual(self, params: lmfit.Parameters) -> Floats:
        """Return the weighted residuals, shape (2 F,)."""
        return np.asarray(self.problem.residual(self.logs(params)[None], np.array([0]))[0])

    def chain(self, params: lmfit.Parameters) -> Floats:
        """Return d(ln p)/d(variable), shape (P, V)."""
        variables = [name for name, p in params.items() if p.vary]
        names = self.problem.names
        slopes = np.zeros((len(names), len(variables)))
        for j, variable in enumerate(variables):
            if variable.removeprefix(LOG) in names:
                slopes[names.index(variable.removeprefix(LOG)), j] = 1.0
        if not self.tied:
            return slopes
        rows = [names.index(name) for name in self.tied]
        for j, variable in enumerate(variables):
            centre = params[variable].value
            step = _STEP * (1.0 if variable.startswith(LOG) else max(abs(centre), 1e-12))
            low, high = max(centre - step, params[variable].min), min(centre + step, params[variable].max)
            ends = []
            for value in (low, high):
                params[variable].value = value
                params.update_constraints()
                ends.append(self.logs(params)[rows])
            params[variable].value = centre
            slopes[rows, j] = (ends[1] - ends[0]) / (high - low)
        params.update_constraints()
        return slopes

    def jacobian(self, params: lmfit.Parameters) -> Floats:
        """Return the derivatives of the residuals by the variables, shape (2 F, V)."""
        x = self.logs(params)[None]
        slopes = self.problem.residual_and_jacobian(x, np.array([0]))[1][0]
        return np.asarray(slopes.T @ self.chain(params))


def add_errors(made: Minimised) -> Floats:
    """Set the standard errors of the result from the exact Jacobian; return the covariance of all ln p."""
    params, variables, inside = made.result.params, made.variables, made.inside
    chain, slopes = made.bridge.chain(params), made.bridge.jacobian(params)
    covariance = np.full((len(variables), len(variables)), np.nan)
    if inside.any():
        normal = slopes[:, inside].T @ slopes[:, inside]
        root = 1 / np.sqrt(np.maximum(np.diagonal(normal), SMALLEST_DIVISOR))
        inverse = np.linalg.pinv(normal * root[:, None] * root, rcond=1e-15, hermitian=True)
        covariance[np.ix_(inside, inside)] = inverse * root[:, None] * root * made.variance
    for p in params.values():
        p.stderr = None
    for j, name in enumerate(variables):
        params[name].stderr = None if np.isnan(covariance[j, j]) else float(np.sqrt(covariance[j, j]))
    known = chain[:, inside] @ covariance[np.ix_(inside, inside)] @ chain[:, inside].T
    rests = (chain[:, ~inside] != 0).any(axis=1) | ~(chain != 0).any(axis=1)
    known[rests] = known[:, rests] = np.nan
    return np.asarray(known)


@contextmanager
def quiet() -> Iterator[None]:
    """Silence lmfit's warnings about standard errors, which are computed here."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield

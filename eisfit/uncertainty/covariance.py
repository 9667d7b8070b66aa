"""The covariance of solutions from the exact Jacobian, with the bounds of exponents."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from eisfit.circuit.circuit import leaves
from eisfit.engine.backends.cpu import normal_equations
from eisfit.engine.parameter_bounds import ON_BOUND
from eisfit.engine.problem import Problem
from eisfit.engine.ties import Ties
from eisfit.tools.frozen import Bools, Floats, Ints
from eisfit.tools.quotients import SMALLEST_DIVISOR
from eisfit.tools.statistics import chi2_reduced_limit_95, truncated_normal

_EIGENVALUE_FLOOR = 1e-15  # eigenvalue of the scaled normal matrix below which a direction is undetermined
_REACHED = 4.0  # distance from a bound, in standard errors, within which the bound narrows the distribution
_NEARLY_NORMAL = 0.15  # standard error of ln alpha up to which its likelihood is treated as normal
AT_ONCE = 512  # normal matrices that fit the cache of a core; larger arrays are fresh memory each time


@dataclass(frozen=True)
class Confidence:
    """Local confidence of N solutions.

    Parameters
    ----------
    covariance_log : ndarray, shape (N, P, P)
        Mean squares and products of the deviations of the logarithms; nan for parameters that are not in `free`.
    free : ndarray of bool, shape (N, P)
        Parameters that enter the covariance: neither fixed nor on a bound. Exceptions are resistances at 0, in
        which the impedance is linear, and exponents; their uncertainty adds to the errors of the others also
        at a bound.
    on_bound : ndarray of bool, shape (N, P)
        Parameters that rest on a bound.
    variance : ndarray, shape (N,)
        By which the weights are scaled: the reduced chi-square, or 1 for given standard deviations.
    chi2_reduced : ndarray, shape (N,)
        Sum of squares by degrees of freedom; nan without any.
    condition : ndarray, shape (N,)
        Condition number of the scaled normal matrix.
    variables : ndarray, shape (N,), optional
        Number of variables from which the parameters follow, where some are tied.
    master : ndarray of int, shape (P,), optional
        Which parameter each follows, where ties of the template tie them; None where expressions do.
    shift_log : ndarray, shape (N, P), optional
        What a stray capacitance and arcs above the window may shift the parameters by, which the covariance holds
        beside the noise.
    """

    covariance_log: Floats
    free: Bools
    on_bound: Bools
    variance: Floats
    chi2_reduced: Floats
    condition: Floats
    variables: Ints | None = None
    shift_log: Floats | None = None
    master: Ints | None = None

    @property
    def count(self) -> Ints:
        """Number of parameters that the data have set, shape (N,)."""
        return np.asarray(self.free.sum(axis=1) if self.variables is None else self.variables)

    @property
    def known(self) -> Bools:
        """Parameters with a standard error: in the covariance, and not on a bound; shape (N, P)."""
        return np.asarray(self.free & ~self.on_bound)

    def correlation(self, i: int, k: int) -> float:
        """Return the largest absolute correlation of parameter k of spectrum i with any other.

        What is tied to it does not count. It is 0 where expressions tie parameters: their correlation is no reason
        to follow a profile, which cannot keep them.
        """
        if self.variables is not None and self.master is None:
            return 0.0
        covariance = self.covariance_log[i]
        if self.shift_log is not None:
            covariance = covariance - np.outer(self.shift_log[i], self.shift_log[i])
        sigma = np.sqrt(np.diagonal(covariance))
        others = self.free[i].copy()
        others[k] = False
        if self.master is not None:
            others &= self.master != self.master[k]
        if not self.free[i, k] or not others.any():
            return 0.0
        return float(np.abs(covariance[k, others] / (sigma[k] * sigma[others])).max())


def covariance_of(problem: Problem, x: Floats, cost: Floats, held: Bools | None = None) -> Confidence:
    """Return covariances of N solutions from the exact Jacobian.

    Parameters
    ----------
    problem : Problem
        N spectra.
    x : ndarray, shape (N, P)
        Logarithms at the minimum.
    cost : ndarray, shape (N,)
        Half the sum of squares there.
    held : ndarray of bool, shape (N, P), optional
        Parameters of removed segments.

    Notes
    -----
    The covariance of ln p is the inverse of J J^T, scaled by the reduced chi-square unless the weights are
    standard deviations (then only where the reduced chi-square exceeds 1 beyond its 95 % limit). Standard
    least squares; Press et al., Numerical Recipes, 3rd ed. (2007), ch. 15. That exponents lie within their bounds
    is prior knowledge and narrows the covariance (see `_cut_off`).
    """
    _, normal, gradient = normal_equations(problem, x, np.arange(problem.size))
    at_low = (x <= problem.lower + ON_BOUND) & (gradient >= 0)
    at_high = (x >= problem.upper - ON_BOUND) & (gradient <= 0)
    on_bound = (at_low | at_high) & ~problem.fixed
    exponents = np.array([p.quantity.is_exponent for p in problem.template.circuit.parameters])
    left_out = ((at_low & ~_resistances(problem)) | at_high) & ~exponents
    free = ~(problem.fixed | left_out)
    if held is not None:
        free &= ~(held if problem.ties is None else problem.ties.standing(held))
    freedom = problem.residuals_used - free.sum(axis=1)
    chi2_reduced = np.where(freedom > 0, 2 * cost / np.maximum(freedom, 1), np.nan)
    variance = chi2_reduced
    if problem.absolute:
        variance = np.where(chi2_reduced > chi2_reduced_limit_95(freedom), chi2_reduced, 1.0)
    inverse, condition = _inverse(normal, free)
    covariance = inverse * variance[:, None, None]
    with np.errstate(invalid="ignore"):
        near_normal = np.sqrt(np.diagonal(covariance, axis1=1, axis2=2)) < _NEARLY_NORMAL
    bounded = free & exponents & near_normal
    pushed = np.where(bounded & on_bound, gradient, 0.0)
    beyond = -np.einsum("bpq,bq->bp", np.where(free[:, None, :], inverse, 0.0), pushed)
    for k in np.flatnonzero(exponents & ~problem.fixed):
        ends = problem.lower[:, k] - x[:, k], problem.upper[:, k] - x[:, k]
        covariance, beyond = _cut_off(covariance, beyond, int(k), ends, bounded[:, k])
    covariance = covariance + beyond[:, :, None] * beyond[:, None, :]
    covariance = np.where(free[:, :, None] & free[:, None, :], covariance, np.nan)
    found = Confidence(covariance, free, on_bound, variance, chi2_reduced, condition)
    return found if problem.ties is None else _followed(found, problem.ties)


def _followed(own: Confidence, ties: Ties) -> Confidence:
    """Return the confidence in which a tied parameter has the error of what it follows, and moves with it."""
    at = ties.master
    return replace(
        own,
        covariance_log=own.covariance_log[:, at][:, :, at],
        free=own.free[:, at],
        on_bound=own.on_bound[:, at],
        variables=own.count,
        master=at,
    )


def _cut_off(
    covariance: Floats, beyond: Floats, k: int, ends: tuple[Floats, Floats], bounded: Bools
) -> tuple[Floats, Floats]:
    """Return covariances and means of normal distributions that are cut off at the nearer end of one exponent.

    Parameters
    ----------
    covariance : ndarray, shape (N, P, P)
        Before.
    beyond : ndarray, shape (N, P)
        Means, as steps from the solutions.
    k : int
        Which parameter is bounded.
    ends : (ndarray, ndarray), shapes (N,)
        Steps from the solutions to its lower and its upper bound.
    bounded : ndarray of bool, shape (N,)
        Where its bounds narrow the distribution.

    Notes
    -----
    Cutting off shifts the mean and narrows the distribution, by correlation also for the other parameters (moments
    of a normal distribution after selection: Aitken 1935, doi 10.1017/S0013091500008063). The steeper the likelihood
    at the bound, the smaller the error of an exponent that rests there; an exponent well inside keeps its error.
    Exponents with large errors are left as they are, because their likelihood is not normal.
    """
    with np.errstate(invalid="ignore"):
        sigma = np.sqrt(covariance[:, k, k])
    down, up = beyond[:, k] - ends[0], ends[1] - beyond[:, k]
    room = np.minimum(down, up)
    rows = np.flatnonzero(bounded & (sigma > 0) & (room < _REACHED * sigma))
    if not rows.size:
        return covariance, beyond
    moments = np.array([truncated_normal(float(z)) for z in room[rows] / sigma[rows]])
    side = np.where(up[rows] < down[rows], 1.0, -1.0)
    slope = (side / sigma[rows])[:, None] * covariance[rows, :, k]
    covariance, beyond = covariance.copy(), beyond.copy()
    beyond[rows] += moments[:, :1] * slope
    covariance[rows] -= (1 - moments[:, 1])[:, None, None] * slope[:, :, None] * slope[:, None, :]
    return covariance, beyond


def _resistances(problem: Problem) -> Bools:
    """Return which parameters are resistances at dc, in which the impedance is linear."""
    dc = {
        f"{leaf.name}_{leaf.element.dc}" if leaf.size > 1 else leaf.name
        for leaf in leaves(problem.template.circuit.root)
        if leaf.element.dc not in ("open", "short")
    }
    return np.array([name in dc for name in problem.names])


def _inverse(normal: Floats, free: Bools) -> tuple[Floats, Floats]:
    """Return the inverses of the free parts of normal matrices (N, P, P), and their condition numbers (N,)."""
    inverse, condition = np.empty_like(normal), np.empty(len(normal))
    for first in range(0, len(normal), AT_ONCE):
        part = slice(first, first + AT_ONCE)
        inverse[part], condition[part] = _inverse_of(normal[part], free[part])
    return inverse, condition


def _inverse_of(normal: Floats, free: Bools) -> tuple[Floats, Floats]:
    """Return `_inverse` of as many rows as the cache of a core takes."""
    size = free.shape[1]
    diagonal = np.arange(size)
    a = np.where(free[:, :, None] & free[:, None, :], normal, 0.0)
    a[:, diagonal, diagonal] = np.where(free, a[:, diagonal, diagonal], 1.0)  # within the other eigenvalues
    root = 1 / np.sqrt(np.maximum(a[:, diagonal, diagonal], SMALLEST_DIVISOR))
    scaled = a * root[:, :, None] * root[:, None, :]
    bad = ~np.isfinite(scaled).all(axis=(1, 2))
    scaled[bad] = np.eye(size)
    values, vectors = np.linalg.eigh(scaled)
    floor = _EIGENVALUE_FLOOR * values[:, -1:]
    inverse = (vectors / np.maximum(values, floor)[:, None, :]) @ vectors.transpose(0, 2, 1)
    condition = values[:, -1] / np.maximum(values[:, 0], floor[:, 0])
    unknown = bad | ~free.any(axis=1)
    inverse[unknown], condition[unknown] = np.nan, np.nan
    return inverse * root[:, :, None] * root[:, None, :], condition

"""How well a solution is known: covariance, profile likelihood, limits, randomness of the residuals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from eisfit.problem import Problem
from eisfit.quantiles import NORMAL_95_ONE_SIDED, chi2_reduced_limit_95, normal_cdf
from eisfit.solve import solve
from eisfit.values import Bools, Floats, Ints

_ON_BOUND = 1e-9  # distance of a logarithm from its bound that counts as resting on it
_EIGENVALUE_FLOOR = 1e-15  # of the scaled normal matrix: directions below it are not determined at all
_FARTHEST = 14.0  # a profile that has not risen within a factor e^14 is open
_PROFILE_STEPS = 14


@dataclass(frozen=True)
class Confidence:
    """Local confidence of N solutions.

    Parameters
    ----------
    covariance_log : ndarray, shape (N, P, P)
        Of the logarithms; nan for parameters that are fixed or rest on a bound.
    free : ndarray of bool, shape (N, P)
        Parameters that are neither.
    variance : ndarray, shape (N,)
        By which the weights are scaled: the reduced chi-square, or 1 for given standard deviations.
    chi2_reduced : ndarray, shape (N,)
        Sum of squares by degrees of freedom; nan without any.
    condition : ndarray, shape (N,)
        Condition number of the scaled normal matrix.
    """

    covariance_log: Floats
    free: Bools
    variance: Floats
    chi2_reduced: Floats
    condition: Floats

    def correlation(self, i: int, k: int) -> float:
        """Return the largest absolute correlation of parameter k of spectrum i with any other."""
        covariance = self.covariance_log[i]
        sigma = np.sqrt(np.diagonal(covariance))
        others = self.free[i].copy()
        others[k] = False
        if not self.free[i, k] or not others.any():
            return 0.0
        return float(np.abs(covariance[k, others] / (sigma[k] * sigma[others])).max())


def local_confidence(problem: Problem, x: Floats, cost: Floats) -> Confidence:
    """Return covariances of N solutions from the exact Jacobian.

    Parameters
    ----------
    problem : Problem
        N spectra.
    x : ndarray, shape (N, P)
        Logarithms at the minimum.
    cost : ndarray, shape (N,)
        Half the sum of squares there.

    Notes
    -----
    The covariance of ln p is the inverse of J J^T, scaled by the reduced chi-square unless the weights are
    standard deviations (then only where the reduced chi-square exceeds 1 beyond its 95 % limit). Standard
    least squares; Press et al., Numerical Recipes, 3rd ed. (2007), ch. 15.
    """
    rows = np.arange(problem.size)
    r, jac = problem.residual_and_jacobian(x, rows)
    gradient = np.einsum("bpf,bf->bp", jac, r)
    at_low = (x <= problem.lower + _ON_BOUND) & (gradient >= 0)
    at_high = (x >= problem.upper - _ON_BOUND) & (gradient <= 0)
    free = ~(problem.fixed | at_low | at_high)
    normal = jac @ jac.transpose(0, 2, 1)
    freedom = problem.residuals_used - free.sum(axis=1)
    chi2_reduced = np.where(freedom > 0, 2 * cost / np.maximum(freedom, 1), np.nan)
    variance = chi2_reduced
    if problem.absolute:
        variance = np.where(chi2_reduced > chi2_reduced_limit_95(freedom), chi2_reduced, 1.0)
    covariance = np.full_like(normal, np.nan)
    condition = np.full(problem.size, np.nan)
    for i in rows:
        k = np.flatnonzero(free[i])
        if k.size:
            inverse, condition[i] = _inverse(normal[i][np.ix_(k, k)])
            covariance[i][np.ix_(k, k)] = inverse * variance[i]
    return Confidence(covariance, free, variance, chi2_reduced, condition)


def _inverse(normal: Floats) -> tuple[Floats, float]:
    root = 1 / np.sqrt(np.maximum(np.diagonal(normal), 1e-300))
    values, vectors = np.linalg.eigh(normal * root[:, None] * root)
    floor = _EIGENVALUE_FLOOR * values[-1]
    inverse = (vectors / np.maximum(values, floor)) @ vectors.T
    inverse = inverse * root[:, None] * root
    return inverse, float(values[-1] / max(values[0], floor))


def profile_ends(
    problem: Problem,
    x: Floats,
    cost: Floats,
    variance: Floats,
    requests: list[tuple[int, int, float]],
    sigma: Floats,
) -> Floats:
    """Return where the profile likelihood of parameters has risen by given amounts.

    Parameters
    ----------
    problem : Problem
        N spectra.
    x, cost, variance : ndarray, shapes (N, P), (N,), (N,)
        Solutions and the scale of their chi-square.
    requests : list of (spectrum, parameter, q)
        The end where chi-square has risen by q² (in units of `variance`): above the optimum for q > 0,
        below it for q < 0.
    sigma : ndarray, shape (len(requests),)
        Expected distance of one standard error, as a logarithm.

    Returns
    -------
    ndarray, shape (len(requests),)
        Logarithm of the parameter at that end; infinite where the profile stays open.

    Notes
    -----
    All other parameters are minimised over at every trial value. Venzon & Moolgavkar, Appl. Stat. 37 (1988)
    87, doi 10.2307/2347496.
    """
    if not requests:
        return np.empty(0)
    rows = np.array([i for i, _, _ in requests])
    columns = np.array([k for _, k, _ in requests])
    q = np.array([abs(q) for _, _, q in requests])
    side = np.array([np.sign(q) for _, _, q in requests])
    m = np.arange(rows.size)
    held = np.zeros((rows.size, x.shape[1]), bool)
    held[m, columns] = True
    centre = x[rows, columns]
    scale = np.maximum(variance[rows], 1e-300)

    near, near_rise = np.zeros(rows.size), np.zeros(rows.size)
    far, far_rise = np.full(rows.size, np.inf), np.full(rows.size, np.inf)
    trial = np.clip(q * np.nan_to_num(sigma, nan=1.0, posinf=1.0), 1e-6, 2.0)
    path = x[rows].copy()
    for _ in range(_PROFILE_STEPS):
        start = path.copy()
        start[m, columns] = centre + side * trial
        lower, upper = problem.lower[rows].copy(), problem.upper[rows].copy()
        lower[m, columns] = upper[m, columns] = start[m, columns]
        found = solve(problem, start, rows, held=held, lower=lower, upper=upper, max_iterations=40)
        rise = np.sqrt(np.maximum(2 * (found.cost - cost[rows]) / scale, 0.0))
        above = rise >= q
        far, far_rise = np.where(above, trial, far), np.where(above, rise, far_rise)
        near, near_rise = np.where(above, near, trial), np.where(above, near_rise, rise)
        path = np.where(above[:, None], path, found.x)
        if np.all((np.abs(rise - q) < 0.01 * q) | (near >= _FARTHEST)):
            break
        bracketed = np.isfinite(far)
        with np.errstate(invalid="ignore"):
            straight = near + (q - near_rise) / (far_rise - near_rise) * (far - near)
            inside = np.clip(straight, near + 0.1 * (far - near), far - 0.1 * (far - near))
        reach = np.clip(trial * q / np.maximum(rise, 1e-3), 1.3 * trial, 4 * trial)
        trial = np.where(bracketed, inside, np.minimum(reach, _FARTHEST))
    with np.errstate(invalid="ignore"):
        end = near + (q - near_rise) / (far_rise - near_rise) * (far - near)
    end = np.where(np.isfinite(far), end, np.inf)
    result: Floats = centre + side * end
    return result


def rise_without(
    problem: Problem, x: Floats, cost: Floats, variance: Floats, requests: list[tuple[int, slice, int, Ints]]
) -> Floats:
    """Return by how much chi-square rises when parts of the circuit are taken out.

    Parameters
    ----------
    problem : Problem
        N spectra.
    x, cost, variance : ndarray
        As in `profile_ends`.
    requests : list of (spectrum, parameters, resistance, others)
        The range of the part's parameters, the index of its resistance, and the indices of the resistances
        of other parts that may take over.

    Returns
    -------
    ndarray, shape (len(requests),)
        In units of `variance`.
    """
    starts, rows, held, owner = [], [], [], []
    for number, (i, part, k, others) in enumerate(requests):
        for heir in (-1, *others):
            start = x[i].copy()
            if heir >= 0:
                start[heir] = np.logaddexp(start[heir], start[k])
            start[k] = problem.lower[i, k]
            still = np.zeros(x.shape[1], bool)
            still[part] = True
            starts.append(start)
            rows.append(i)
            held.append(still)
            owner.append(number)
    if not requests:
        return np.empty(0)
    found = solve(problem, np.array(starts), np.array(rows), held=np.array(held), max_iterations=60)
    best = np.full(len(requests), np.inf)
    np.minimum.at(best, np.array(owner), found.cost)
    of = np.array([request[0] for request in requests])
    rise: Floats = np.maximum(2 * (best - cost[of]) / np.maximum(variance[of], 1e-300), 0.0)
    return rise


def upper_limits(
    problem: Problem,
    x: Floats,
    cost: Floats,
    variance: Floats,
    requests: list[tuple[int, int, int | None]],
) -> Floats:
    """Return one-sided 95 % upper limits of resistances that are not seen.

    Parameters
    ----------
    problem : Problem
        N spectra.
    x, cost, variance : ndarray
        As in `profile_ends`.
    requests : list of (spectrum, resistance, time constant)
        Indices of the parameters; None for a plain resistor.

    Returns
    -------
    ndarray, shape (len(requests),)
        In ohm, for one segment. The top of the arc is taken through the window from twice its lowest to
        half its highest frequency, and the largest limit counts: an arc outside the window is not excluded.
    """
    tops = 11
    low_hz, high_hz = problem.window_hz()
    limits = np.full(len(requests), np.nan)
    rows, columns, held, starts, owner = [], [], [], [], []
    for number, (i, k, tau) in enumerate(requests):
        top_hz = np.geomspace(high_hz[i] / 2, low_hz[i] * 2, tops if tau is not None else 1)
        for top in top_hz:
            start, still = x[i].copy(), np.zeros(x.shape[1], bool)
            if tau is not None:
                start[tau], still[tau] = -np.log(2 * np.pi * top), True
            rows.append(i)
            columns.append(k)
            held.append(still)
            starts.append(start)
            owner.append(number)
    if not requests:
        return limits
    row, column, own = np.array(rows), np.array(columns), np.array(owner)
    m, still, start = np.arange(row.size), np.array(held), np.array(starts)
    modulus = np.log(np.abs(problem.z_ohm).max(axis=1))[row]
    optimum = solve(problem, start, row, held=still, max_iterations=60)
    best = np.minimum(cost[row], optimum.cost)
    for number in range(len(requests)):
        best[own == number] = min(cost[requests[number][0]], optimum.cost[own == number].min())
    still[m, column] = True
    near = np.clip(optimum.x[m, column], modulus - np.log(1e6), modulus + 2.0)
    far = np.maximum(near, modulus) + 3.0
    path = optimum.x
    for _ in range(16):
        trial = 0.5 * (near + far)
        guess = path.copy()
        guess[m, column] = trial
        found = solve(problem, guess, row, held=still, max_iterations=40)
        rise = np.sqrt(np.maximum(2 * (found.cost - best) / np.maximum(variance[row], 1e-300), 0.0))
        above = rise >= NORMAL_95_ONE_SIDED
        near, far = np.where(above, near, trial), np.where(above, trial, far)
        path = np.where(above[:, None], path, found.x)
    np.fmax.at(limits, own, np.exp(far))
    return limits


def residual_noise(residual: Floats) -> float:
    """Return the standard deviation of random noise in residuals that may also hold a smooth misfit.

    Half the mean square of the differences of neighbours (von Neumann 1941, doi 10.1214/aoms/1177731677).

    Parameters
    ----------
    residual : ndarray, shape (parts, n)
        Ordered by frequency within each part.
    """
    steps = np.diff(residual, axis=1)
    return float(np.sqrt(np.mean(steps**2) / 2)) if steps.size else float("nan")


def runs_probability(residual: Floats) -> float:
    """Return the probability of so few runs of equal sign in random residuals.

    Wald & Wolfowitz (1940), doi 10.1214/aoms/1177731909, in the normal approximation; all parts pooled.

    Parameters
    ----------
    residual : ndarray, shape (parts, n)
        Ordered by frequency within each part.
    """
    observed = expected = variance = 0.0
    for part in residual:
        sign = part > 0
        above, n = int(sign.sum()), sign.size
        below = n - above
        observed += 1 + np.count_nonzero(sign[1:] != sign[:-1])
        expected += 1 + 2 * above * below / n
        if n > 1:
            variance += 2 * above * below * (2 * above * below - n) / (n**2 * (n - 1))
    if variance <= 0:
        return float("nan")
    return normal_cdf((observed + 0.5 - expected) / float(np.sqrt(variance)))

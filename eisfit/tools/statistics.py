"""Quantiles, tests and noise estimates."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from eisfit.tools.distributions import chi_square_limit, chi_square_tail, f_tail, student_limit
from eisfit.tools.frozen import Floats

NORMAL_95 = 1.959963984540054  # two-sided 95 % quantile of the normal distribution
NORMAL_95_ONE_SIDED = 1.6448536269514722  # one-sided 95 % quantile of the normal distribution
FEWEST_BESIDE_STEP = 5  # residuals on either side of a step in their scale
STEP_LIMIT = 4.0  # size of such a step that chance exceeds in 0.5 % of cases
_LOG_EXPONENTIAL = math.pi / math.sqrt(6)  # standard deviation of the logarithm of an exponential variable
_FAR_TAIL = -20.0
_HALVINGS = 25  # bisections of an end of an interval
_NARROWEST = 1e-12  # width of a distribution that has none, relative to where it lies
_STATED_ERRORS = 4  # degrees of freedom that stated errors are worth where points scatter more


def normal_cdf(x: float) -> float:
    """Return the probability of a normal variable below x."""
    return 0.5 * math.erfc(-x / math.sqrt(2))


def truncated_normal(end: float) -> tuple[float, float]:
    """Return mean and variance of a standard normal variable that is known to lie below `end`."""
    if end < _FAR_TAIL:  # the leading terms of the expansion of the tail
        return end + 1 / end, 1 / end**2
    density = math.exp(-0.5 * end**2) / math.sqrt(2 * math.pi)
    mean = -density / normal_cdf(end)
    return mean, 1 + end * mean - mean**2


def mixture_ends(centres: Floats, weights: Floats, sigma: float) -> tuple[float, float]:
    """Return the two-sided 95 % interval of normal distributions of one width with given weights; none has no width."""
    sigma = max(sigma, _NARROWEST * float(np.abs(centres).max()), float(np.finfo(float).tiny))
    ends = []
    for probability in (normal_cdf(-NORMAL_95), normal_cdf(NORMAL_95)):
        low, high = float(centres.min()) - 10 * sigma, float(centres.max()) + 10 * sigma
        for _ in range(_HALVINGS):
            middle = 0.5 * (low + high)
            below = sum(w * normal_cdf((middle - c) / sigma) for c, w in zip(centres, weights, strict=True))
            low, high = (middle, high) if below < probability else (low, middle)
        ends.append(0.5 * (low + high))
    return ends[0], ends[1]


def largest_deviation(count: int, freedom: float, level: float) -> float:
    """Return what the largest of many random deviations exceeds with a probability of at most `level`.

    Each deviation is the length of two normal numbers over a noise that was estimated with `freedom` degrees of
    freedom: its square, halved, has an F distribution with 2 and `freedom`. Bonferroni's bound over all.

    Parameters
    ----------
    count : int
        Number of deviations.
    freedom : float
        Degrees of freedom of the noise; positive.
    level : float
        Probability of a false alarm over all deviations.

    Examples
    --------
    >>> round(largest_deviation(60, 40.0, 1e-3), 2), round(largest_deviation(60, 4.0, 1e-3), 1)
    (5.45, 31.2)
    """
    return math.sqrt(freedom * math.expm1(2 * math.log(count / level) / freedom))


def student_95(freedom: int) -> float:
    """Return the two-sided 95 % quantile of Student's t."""
    return student_limit(freedom, 0.05)


def chi2_reduced_limit_95(freedom: npt.ArrayLike) -> Floats:
    """Return the value that a reduced chi-square exceeds with a probability of 5 %; nan without freedom."""
    n = np.asarray(freedom, float)
    different, place = np.unique(n, return_inverse=True)
    limits = [
        chi_square_limit(max(k, 1.0), 0.05) / max(k, 1.0) if k > 0 else math.nan for k in different.tolist()
    ]
    return np.array(limits)[place].reshape(n.shape)


def nested_probability(before: float, after: float, more: int, freedom: int, known: bool) -> float:
    """Return the probability that chi-square falls so far by chance where a model gets further parameters.

    Parameters
    ----------
    before, after : float
        Chi-square without and with the further parameters.
    more : int
        How many they are.
    freedom : int
        Degrees of freedom that are left with them.
    known : bool
        Whether the errors of the points are known. Then the fall has a chi-square distribution. Where errors are not
        known it is compared with what is left, by the F distribution; also where they are and the reduced chi-square
        that is left exceeds its 95 % limit, but there the errors count as four degrees of freedom more.

    Returns
    -------
    float
        nan where nothing can be said.

    Examples
    --------
    >>> round(nested_probability(12.0, 8.0, 1, 8, True), 4), round(nested_probability(12.0, 8.0, 1, 8, False), 4)
    (0.0455, 0.0805)
    """
    fall = max(before - after, 0.0)
    if more < 1 or (freedom < 1 and not known):
        return math.nan
    if known and (freedom < 1 or after / freedom <= float(chi2_reduced_limit_95(freedom))):
        return chi_square_tail(more, fall)
    if known:
        after, freedom = after + _STATED_ERRORS, freedom + _STATED_ERRORS
    if after <= 0:
        return math.nan
    return f_tail(more, freedom, (fall / more) / (after / freedom))


def runs_probability(residual: Floats) -> float:
    """Return the probability of so few runs of equal sign in random residuals; nan where it is undefined.

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
        return math.nan
    return normal_cdf((observed + 0.5 - expected) / math.sqrt(variance))


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


def scale_step(squares: Floats) -> tuple[int, float]:
    """Return where the scale of squared residuals changes most in their order, and how far beyond chance.

    Parameters
    ----------
    squares : ndarray, shape (n,)
        Means of two squared normal numbers each, ordered by frequency.

    Returns
    -------
    place : int
        First index behind the step; 0 where n is less than `2 * FEWEST_BESIDE_STEP`.
    size : float
        Difference of the mean logarithms on both sides over its standard error; 0 there. It exceeds `STEP_LIMIT` by
        chance in 0.5 % of cases, for n from 10 to 100 (simulated).

    Notes
    -----
    The logarithm of an exponential variable has a standard deviation of pi / sqrt(6), whatever its scale is, so no
    scale needs to be known; and one residual far off counts little.
    """
    n = squares.size
    before = np.arange(FEWEST_BESIDE_STEP, n - FEWEST_BESIDE_STEP + 1)
    if not before.size:
        return 0, 0.0
    logs = np.log(np.maximum(squares, np.finfo(float).tiny))
    total = np.cumsum(logs)
    left, after = total[before - 1], n - before
    difference = np.abs(left / before - (total[-1] - left) / after)
    size = difference / (_LOG_EXPONENTIAL * np.sqrt(1 / before + 1 / after))
    worst = int(np.argmax(size))
    return int(before[worst]), float(size[worst])

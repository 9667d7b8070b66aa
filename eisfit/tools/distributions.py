"""Tails and quantiles of the distributions that tests need, without the third of a second that SciPy takes to load."""

from __future__ import annotations

import math
from functools import lru_cache

_MOST = 100_000  # terms of a series or a continued fraction
_EPSILON = 2.3e-16
_TINY = 1e-300  # in the place of a denominator of 0
_WILSON_HILFERTY = 2 / 9


def chi_square_tail(freedom: float, x: float) -> float:
    """Return the probability that chi-square with some degrees of freedom exceeds x.

    Source: Abramowitz & Stegun, Handbook of Mathematical Functions (1964), 26.4.19, 6.5.29 and 6.5.31.
    """
    a, x = 0.5 * freedom, 0.5 * x
    if not (math.isfinite(x) and math.isfinite(a)):
        return 0.0 if x == math.inf else math.nan
    if x <= 0:
        return 1.0
    front = math.exp(a * math.log(x) - x - math.lgamma(a))
    return 1 - front * _gamma_series(a, x) if x < a + 1 else front * _gamma_fraction(a, x)


def f_tail(above: float, below: float, x: float) -> float:
    """Return the probability that an F variable with `above` and `below` degrees of freedom exceeds x.

    Source: Abramowitz & Stegun (1964), 26.6.2.
    """
    if math.isnan(x):
        return math.nan
    if x <= 0:
        return 1.0
    if x == math.inf:
        return 0.0
    both = below + above * x
    return _beta_share(0.5 * below, 0.5 * above, below / both, above * x / both)


@lru_cache(maxsize=1024)
def chi_square_limit(freedom: float, probability: float) -> float:
    """Return what chi-square exceeds with some probability, by Newton's method from the cube root that is normal.

    Source: Wilson & Hilferty, Proc. Natl. Acad. Sci. 17 (1931) 684, doi 10.1073/pnas.17.12.684.
    """
    a, share = 0.5 * freedom, _WILSON_HILFERTY / freedom
    x = freedom * max(1 - share + _normal_limit(probability) * math.sqrt(share), 0.1) ** 3
    for _ in range(50):
        density = 0.5 * math.exp((a - 1) * math.log(0.5 * x) - 0.5 * x - math.lgamma(a))
        step = (chi_square_tail(freedom, x) - probability) / density
        x = max(x + step, 0.1 * x)
        if abs(step) <= 1e-15 * x:
            break
    return x


@lru_cache(maxsize=1024)
def student_limit(freedom: float, probability: float) -> float:
    """Return what the size of Student's t exceeds with some probability below one half, by Newton's method.

    It starts below, where the tail is convex, so that every step leads upwards and none too far.
    """
    x = _normal_limit(0.5 * probability)
    front = math.lgamma(0.5 * (freedom + 1)) - math.lgamma(0.5 * freedom) - 0.5 * math.log(freedom * math.pi)
    for _ in range(200):
        density = 2 * math.exp(front - 0.5 * (freedom + 1) * math.log1p(x * x / freedom))
        step = (f_tail(1, freedom, x * x) - probability) / density
        x += step
        if abs(step) <= 1e-15 * x:
            break
    return x


def _normal_limit(probability: float) -> float:
    """Return what a normal variable exceeds with some probability; a start for Newton's method, which it lies below.

    Source: Abramowitz & Stegun (1964), 26.2.22, with an error below 0.003.
    """
    if probability > 0.5:
        return -_normal_limit(1 - probability) - 0.006
    t = math.sqrt(-2 * math.log(probability))
    return t - (2.30753 + 0.27061 * t) / (1 + t * (0.99229 + t * 0.04481)) - 0.003


def _gamma_series(a: float, x: float) -> float:
    term = total = 1 / a
    for k in range(1, _MOST):
        term *= x / (a + k)
        total += term
        if term < _EPSILON * total:
            break
    return total


def _gamma_fraction(a: float, x: float) -> float:
    """Return the continued fraction of the upper tail, by the method of Lentz."""
    b = x + 1 - a
    c, d = 1 / _TINY, 1 / b
    value = d
    for k in range(1, _MOST):
        up = -k * (k - a)
        b += 2
        d = 1 / _not_zero(up * d + b)
        c = _not_zero(b + up / c)
        value *= c * d
        if abs(c * d - 1) < _EPSILON:
            break
    return value


def _beta_share(a: float, b: float, x: float, rest: float) -> float:
    """Return the regularised incomplete beta function of x and of its complement to 1."""
    if x <= 0:
        return 0.0
    if rest <= 0:
        return 1.0
    front = math.exp(
        math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log(rest)
    )
    if x < (a + 1) / (a + b + 2):
        return front * _beta_fraction(a, b, x) / a
    return 1 - front * _beta_fraction(b, a, rest) / b


def _beta_fraction(a: float, b: float, x: float) -> float:
    """Return the continued fraction 26.5.8 of Abramowitz & Stegun, by the method of Lentz."""
    c, d = 1.0, 1 / _not_zero(1 - (a + b) * x / (a + 1))
    value = d
    for m in range(1, _MOST):
        for up in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 / _not_zero(1 + up * d)
            c = _not_zero(1 + up / c)
            value *= c * d
        if abs(c * d - 1) < _EPSILON:
            break
    return value


def _not_zero(x: float) -> float:
    return x if abs(x) > _TINY else _TINY

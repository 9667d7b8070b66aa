"""Weighted tests of values over a condition: constant, a line, a parabola."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from eisfit.tools.frozen import Floats
from eisfit.tools.statistics import normal_cdf


def two_sided(z: float) -> float:
    """Return the probability of a normal deviation of at least this size to either side; nan of nan."""
    return 2 * normal_cdf(-abs(z)) if math.isfinite(z) else float("nan")


def constant_probability(y: Floats, sigma: Floats) -> float:
    """Return the probability of so large a chi-square about the weighted mean if all values were one."""
    from scipy.special import chdtrc

    weight = 1 / sigma**2
    mean = np.sum(weight * y) / np.sum(weight)
    return float(chdtrc(max(y.size - 1, 1), float(np.sum(((y - mean) / sigma) ** 2))))


def chi2_probability(chi2: float, freedom: int) -> float:
    """Return the probability of so large a chi-square; 1 without a degree of freedom."""
    from scipy.special import chdtrc

    return float(chdtrc(freedom, chi2)) if freedom > 0 else 1.0


def rise(y: Floats, sigma: Floats) -> tuple[float, float]:
    """Return last third less first third of ordered values, with its standard error."""
    n = max(y.size // 3, 1)
    ends = []
    for part in (slice(None, n), slice(-n, None)):
        weight = 1 / sigma[part] ** 2
        ends.append((float(np.sum(weight * y[part]) / weight.sum()), float(1 / weight.sum())))
    return ends[1][0] - ends[0][0], math.sqrt(ends[0][1] + ends[1][1])


def monotonic(y: Floats, sigma: Floats, sign: float) -> bool:
    """Whether no value goes against a direction by more than three standard errors."""
    highest = np.maximum.accumulate(sign * y)
    at = np.array([np.flatnonzero(sign * y[: k + 1] == highest[k])[0] for k in range(y.size)])
    error = np.hypot(sigma, sigma[at])
    return bool(np.all(sign * y >= highest - 3 * error))


@dataclass(frozen=True)
class Polynomial:
    """Coefficients of a weighted polynomial with their covariance, and its chi-square."""

    coefficients: Floats
    covariance: Floats
    chi2: float
    freedom: int

    def error(self, k: int) -> float:
        """Return the standard error of a coefficient, larger where the points scatter about the polynomial."""
        scatter = max(1.0, self.chi2 / self.freedom) if self.freedom > 0 else 1.0
        return math.sqrt(scatter * float(self.covariance[k, k]))


def polynomial(x: Floats, y: Floats, sigma: Floats, degree: int) -> Polynomial:
    """Return the weighted polynomial through points, its coefficients by rising power."""
    design = np.stack([x**k for k in range(degree + 1)], axis=1) / sigma[:, None]
    size = np.sqrt(np.sum(design**2, axis=0))
    inverse = np.linalg.pinv((design / size).T @ (design / size), hermitian=True) / np.outer(size, size)
    found = np.asarray(inverse @ design.T @ (y / sigma))
    chi2 = float(np.sum((y / sigma - design @ found) ** 2))
    return Polynomial(found, np.asarray(inverse), chi2, y.size - degree - 1)

"""Quantiles that intervals and limits are made of, without the slow import of a statistics package."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from eisfit.values import Floats

NORMAL_95 = 1.959963984540054  # two-sided 95 % quantile of the normal distribution
NORMAL_95_ONE_SIDED = 1.6448536269514722  # one-sided


def normal_cdf(x: float) -> float:
    """Return the probability of a normal variable below x."""
    return 0.5 * math.erfc(-x / math.sqrt(2))


def student_95(freedom: int) -> float:
    """Return the two-sided 95 % quantile of Student's t."""
    from scipy.special import stdtrit  # imported when asked: it takes longer than all of eisfit

    return float(stdtrit(freedom, 0.975))


def chi2_reduced_limit_95(freedom: npt.ArrayLike) -> Floats:
    """Return the value that a reduced chi-square exceeds with a probability of 5 %; nan without freedom."""
    from scipy.special import chdtri

    n = np.asarray(freedom, float)
    limit: Floats = np.where(n > 0, chdtri(np.maximum(n, 1.0), 0.05) / np.maximum(n, 1.0), np.nan)
    return limit

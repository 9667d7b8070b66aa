"""Quantiles that intervals and limits are made of, without the slow import of a statistics package."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import chdtri, stdtrit

from eisfit.values import Floats

NORMAL_95 = 1.959963984540054  # two-sided 95 % quantile of the normal distribution
NORMAL_95_ONE_SIDED = 1.6448536269514722  # one-sided


def student_95(freedom: int) -> float:
    """Return the two-sided 95 % quantile of Student's t."""
    return float(stdtrit(freedom, 0.975))


def chi2_reduced_limit_95(freedom: npt.ArrayLike) -> Floats:
    """Return the value that a reduced chi-square exceeds with a probability of 5 %; nan without freedom."""
    n = np.asarray(freedom, float)
    limit: Floats = np.where(n > 0, chdtri(np.maximum(n, 1.0), 0.05) / np.maximum(n, 1.0), np.nan)
    return limit

"""Intervals of several normal distributions together."""

from __future__ import annotations

import numpy as np
import pytest

from eisfit.tools.statistics import NORMAL_95, mixture_ends


def test_one_normal_distribution_has_its_own_interval() -> None:
    low, high = mixture_ends(np.array([5.0]), np.array([1.0]), 2.0)
    assert (low, high) == pytest.approx((5 - 2 * NORMAL_95, 5 + 2 * NORMAL_95), abs=1e-4)


def test_values_without_a_width_are_the_ends_themselves() -> None:
    ends = mixture_ends(np.array([1.0, 3.0, 7.0]), np.array([0.2, 0.5, 0.3]), 0.0)
    assert ends == pytest.approx((1.0, 7.0))


def test_a_rare_value_lies_outside() -> None:
    ends = mixture_ends(np.array([3.0, 100.0]), np.array([0.99, 0.01]), 0.0)
    assert ends == pytest.approx((3.0, 3.0))

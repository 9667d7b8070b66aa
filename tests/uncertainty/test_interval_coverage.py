"""Intervals hold the truth as often as they say."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom

import eisfit
from benchmarks import coverage
from eisfit.tools.statistics import NORMAL_95

CASES = ("le_se", "se_blocking", "le_se_slei", "le_se_slei, arcs a factor 5 apart")
FEW = 100


def covered(number: int, count: int, seed: int) -> dict[str, tuple[int, float, float]]:
    """Return for each contribution how many intervals there are, and how many of 95 % and of 68 % hold the truth."""
    case = coverage.CASES[number]
    fits = list(eisfit.fit_many(case.spectra(count, seed), case.template))
    return {name: (len(held), *held.sum(axis=0)) for name, held in coverage.coverage(case, fits).items()}


@pytest.mark.slow
@pytest.mark.parametrize("number", range(len(CASES)), ids=CASES)
def test_a_thousand_spectra_lie_in_their_intervals_as_often_as_they_should(number: int) -> None:
    for name, (known, at_95, at_68) in covered(number, 1000, 1).items():
        assert known >= 930, name  # of arcs a factor 5 apart, 6 % of the names are left open
        assert 0.929 <= at_95 / known <= 0.971, name
        assert 0.639 <= at_68 / known <= 0.727, name


@pytest.mark.parametrize("number", [0, 3], ids=[CASES[k] for k in (0, 3)])
def test_a_hundred_spectra_lie_in_their_intervals_about_as_often_as_they_should(number: int) -> None:
    for name, (known, *counts) in covered(number, FEW, 2).items():
        assert known >= 0.85 * FEW
        limits = [binom.interval(0.999, known, level) for level in (0.95, 0.6827)]
        for count, (low, high) in zip(counts, limits, strict=True):
            assert low <= count <= high, f"{name}: {count} of {known}"


def test_beyond_a_correlation_of_099_the_intervals_are_profiles() -> None:
    for number, profiled in ((2, False), (3, True)):
        case = coverage.CASES[number]
        for fit in eisfit.fit_many(case.spectra(5, 2), case.template):
            (row,) = (c for c in fit.contributions if c.segments == ("interphase",))
            by_covariance = np.exp(NORMAL_95 * row.stderr_log * np.array([-1, 1]))
            same = np.allclose(np.array(row.ci95_ohm) / row.resistance_ohm, by_covariance, rtol=1e-9)
            assert same is not profiled


def test_the_benchmark_keeps_the_binomial_limits_of_a_thousand() -> None:
    assert coverage.LIMITS == {95: (92.9, 97.1), 68: (63.9, 72.7)}
    for level, (low, high) in ((0.95, coverage.LIMITS[95]), (0.6827, coverage.LIMITS[68])):
        deviation = 100 * (level * (1 - level) / 1000) ** 0.5
        assert (100 * level - low) / deviation == pytest.approx(3.0, abs=0.1)
        assert (high - 100 * level) / deviation == pytest.approx(3.0, abs=0.1)

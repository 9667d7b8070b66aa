"""The minimum of a resistance over concentration: recovered with its interval, told from a monotonic fall."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats
from scipy.optimize import brentq

from eisfit.errors import SeriesError
from eisfit.laws import concentration_minimum, fit_law, turn_of
from eisfit.tools.frozen import Floats

C = np.array([0.03, 0.1, 0.3, 0.6, 1.0, 2.0, 3.0])
ERROR = np.full(C.size, 0.02)


def _values(seed: int, at: float = 0.5, curvature: float = 0.15) -> Floats:
    drawn = 0.02 * np.random.default_rng(seed).standard_normal(C.size)
    return 300 * np.exp(curvature * np.log(C / at) ** 2 + drawn)


def _falling(seed: int) -> Floats:
    """Return R_SLEI + R_ct of a charge transfer, with noise."""
    drawn = 0.02 * np.random.default_rng(seed).standard_normal(C.size)
    return (300 + 484 * C**-0.56) * np.exp(drawn)


def test_the_minimum_is_recovered_and_its_interval_covers() -> None:
    found = [concentration_minimum(C, _values(seed), ERROR) for seed in range(400)]
    covered = np.mean([f.ci95_mol_l[0] < 0.5 < f.ci95_mol_l[1] for f in found])
    assert 0.925 < covered < 0.975
    assert np.mean([f.concentration_mol_l for f in found]) == pytest.approx(0.5, rel=0.01)
    pulls = [(f.value - 300) / f.stderr for f in found]
    assert 0.85 < np.std(pulls) < 1.18


def test_the_interval_is_where_the_slope_may_be_zero() -> None:
    x, y = np.log(C), np.log(_values(1))
    design = np.vander(x, 3)
    covariance = np.linalg.inv(design.T @ design / 0.02**2)
    a, b, _ = np.linalg.lstsq(design, y, rcond=None)[0]

    def beyond(at: float) -> float:
        toward = np.array([2 * at, 1.0, 0.0])
        return float((2 * a * at + b) ** 2 - stats.norm.ppf(0.975) ** 2 * (toward @ covariance @ toward))

    vertex = -b / (2 * a)
    low, high = brentq(beyond, vertex - 1, vertex), brentq(beyond, vertex, vertex + 1)
    assert concentration_minimum(C, _values(1), ERROR).ci95_mol_l == pytest.approx(
        (math.exp(low), math.exp(high))
    )


def test_the_registered_law_has_the_same_vertex() -> None:
    fit = fit_law("minimum over concentration", C, _values(2), ERROR)
    found = concentration_minimum(C, _values(2), ERROR)
    assert fit["c_min"].value == pytest.approx(found.concentration_mol_l, rel=1e-6)
    assert fit["R_min"].stderr == pytest.approx(found.stderr, rel=1e-6)


def test_a_power_law_across_the_minimum_is_refused_by_name() -> None:
    with pytest.raises(SeriesError, match=r"a minimum; take 'minimum over concentration', or leave out"):
        fit_law("power of concentration", C, _values(3), ERROR)
    below = C < 0.4
    assert fit_law("power of concentration", C[below], _values(3)[below], ERROR[below]).points_used == 3


def test_a_power_law_of_rising_values_is_refused() -> None:
    with pytest.raises(SeriesError, match="no charge transfer of a growing concentration"):
        fit_law("power of concentration", C, 100 * C**0.5, ERROR)


def test_a_fall_is_hardly_ever_taken_for_a_minimum() -> None:
    wrong = [turn_of(C, _falling(seed), ERROR).p_rise < 0.005 for seed in range(1000)]
    assert np.mean(wrong) <= 0.005
    fit_law("power of concentration", C, _falling(0), ERROR)


def test_without_errors_the_scatter_decides() -> None:
    assert turn_of(C, _values(4)).has_minimum
    assert math.isnan(turn_of(C[:3], _values(4)[:3]).p_rise)


def test_what_limits_the_answer_is_said() -> None:
    assert "outside the measured" in concentration_minimum(C, _values(5, at=8.0), ERROR).notes[0]
    flat = concentration_minimum(C, _values(6, curvature=0.005), ERROR)
    assert flat.ci95_mol_l == (0.0, math.inf) or "monotonic" in " ".join(flat.notes)
    skewed = 300 * (0.5 * (C / 0.5) ** -0.2 + 0.1 * (C / 0.5) ** 1.5)
    assert any("too symmetric" in n for n in concentration_minimum(C, skewed, ERROR / 10).notes)


@pytest.mark.parametrize(
    ("c", "v", "e", "words"),
    [
        ([1, 2], [3, 4], None, "2 usable value"),
        ([1, 2, -3], [3, 4, 5], None, "concentration_mol_l is -3"),
        ([1, 2, 3], [3, 0, 5], None, "value is 0"),
        ([1, 2, 3], [3, 2, 5], [0.1, 0.1, 0], "stderr_log is 0"),
        ([1, 2, 3], [3, 2], None, "3 concentrations, 2 values"),
        ([1, 2, 3], [3, 4, 3], None, "have no minimum"),
    ],
)
def test_bad_points_are_refused(c, v, e, words) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(SeriesError, match=words):
        concentration_minimum(c, v, e)

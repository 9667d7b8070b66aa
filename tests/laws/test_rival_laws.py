"""Laws of growth told apart by AICc: the one put in is among those that are not ruled out."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from eisfit.errors import SeriesError
from eisfit.laws import GROWTH, fit_law, law_named, rival_laws
from eisfit.laws.ranking import ranked_laws

HOURS = np.array([0.5, 1, 2, 4, 8, 16, 32, 64, 128, 200.0])
ERROR = np.full(HOURS.size, 0.01)
TRUTH = {
    "linear growth": (50.0, 2.0),
    "parabolic growth": (50.0, 20.0),
    "logarithmic growth": (50.0, 60.0, 2.0),
    "saturating growth": (50.0, 300.0, 50.0),
    "pinhole filling": (400.0, 20.0, 0.03),
}


def _values(name: str, seed: int) -> np.ndarray:
    exact = np.exp(law_named(name).formula(HOURS, *TRUTH[name])[0])
    return exact * np.exp(0.01 * np.random.default_rng(seed).standard_normal(HOURS.size))


@pytest.mark.parametrize("name", sorted(TRUTH))
def test_the_law_put_in_is_hardly_ever_ruled_out(name: str) -> None:
    found = [{r.law: r for r in rival_laws(GROWTH, HOURS, _values(name, seed), ERROR)} for seed in range(4)]
    assert sum(each[name].open for each in found) >= 3
    assert all(not each["linear growth"].open for each in found) or name == "linear growth"


def test_aicc_and_f_test_are_those_of_the_books() -> None:
    value = _values("saturating growth", 1)
    ranked = rival_laws(["linear growth", "saturating growth"], HOURS, value, ERROR)
    best = ranked[0]
    fit = fit_law("saturating growth", HOURS, value, ERROR)
    chi2 = float(np.sum(((np.log(value) - fit.line(HOURS)[0]) / ERROR) ** 2))
    assert best.law == "saturating growth"
    assert best.aicc == pytest.approx(chi2 + 6 + 24 / 6)
    fall = ranked[1].chi2 - chi2
    assert best.p_simplest == pytest.approx(stats.chi2.sf(fall, 1), rel=1e-6)
    assert math.isnan(ranked[1].p_simplest)
    bare = rival_laws(["linear growth", "saturating growth"], HOURS, value)[0]
    fit = fit_law("saturating growth", HOURS, value)
    rss = float(np.sum((np.log(value) - fit.line(HOURS)[0]) ** 2))
    assert bare.aicc == pytest.approx(10 * math.log(rss / 10) + 8 + 40 / 5)


def test_too_many_parameters_come_last_with_the_reason() -> None:
    few = rival_laws(
        ["linear growth", "stretched growth"], HOURS[:3], _values("linear growth", 2)[:3], ERROR[:3]
    )
    assert few[-1].law == "stretched growth"
    assert "needs at least 4" in few[-1].why_not
    assert not few[-1].open


def test_what_cannot_be_compared_is_refused() -> None:
    with pytest.raises(SeriesError, match="name two or more"):
        rival_laws(["linear growth"], HOURS, HOURS)
    with pytest.raises(SeriesError, match="over time_h and temperature_c"):
        rival_laws(["linear growth", "arrhenius"], HOURS, HOURS)
    fits = [fit_law("linear growth", HOURS[k:], _values("linear growth", 3)[k:]) for k in (0, 1)]
    with pytest.raises(SeriesError, match="to the same points"):
        ranked_laws(fits)

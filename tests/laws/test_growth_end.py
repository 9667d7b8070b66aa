"""When growth ends."""

from __future__ import annotations

import numpy as np
import pytest

from eisfit.errors import SeriesError
from eisfit.laws import fit_law, time_to_share_h

HOURS = np.array([0.5, 1, 2, 4, 8, 16, 32, 64, 128, 200.0])


def _saturating(noise: float = 0.0, seed: int = 0) -> np.ndarray:
    exact = 20 + 280 * (1 - np.exp(-HOURS / 50))
    return exact * np.exp(noise * np.random.default_rng(seed).standard_normal(HOURS.size))


def test_first_order_growth_ends_after_three_time_constants() -> None:
    found = fit_law("saturating growth", HOURS, _saturating(), np.full(10, 0.01))["tau"]
    end = fit_law("saturating growth", HOURS, _saturating(), np.full(10, 0.01)).derived[0]
    assert (end.name, end.unit) == ("t_95", "h")
    assert end.value == pytest.approx(50 * np.log(20), rel=1e-6)
    assert end.stderr / end.value == pytest.approx(found.stderr / found.value, rel=1e-6)


def test_stretched_growth_ends_later_the_more_it_is_stretched() -> None:
    exact = 20 + 280 * (1 - np.exp(-((HOURS / 20) ** 0.6)))
    fit = fit_law("stretched growth", HOURS, exact, np.full(10, 0.001))
    assert fit.derived[0].value == pytest.approx(20 * np.log(20) ** (1 / 0.6), rel=1e-4)


def test_pinholes_end_where_the_resistance_has_made_its_way() -> None:
    left = np.exp(-0.05 * HOURS)
    fit = fit_law("pinhole filling", HOURS, 1 / ((1 - left) / 300 + left / 20), np.full(10, 0.01))
    at = time_to_share_h(fit, 0.5).value
    reached = 1 / ((1 - np.exp(-0.05 * at)) / 300 + np.exp(-0.05 * at) / 20)
    assert reached == pytest.approx(160, rel=1e-4)


def test_the_end_has_an_error_that_covers_it() -> None:
    true, noise = 50 * np.log(20), 0.02
    pulls = []
    for seed in range(60):
        end = fit_law("saturating growth", HOURS, _saturating(noise, seed), np.full(10, noise)).derived[0]
        pulls.append(np.log(end.value / true) / (end.stderr / end.value))
    assert 0.75 < np.std(pulls) < 1.25
    assert abs(np.mean(pulls)) < 0.4


def test_an_end_that_was_not_measured_is_said() -> None:
    early = HOURS < 20
    fit = fit_law("saturating growth", HOURS[early], _saturating(0.01)[early], np.full(6, 0.01))
    assert "beyond the last point" in fit.sentences()[-1] or "measure longer" in fit.sentences()[-1]
    whole = fit_law("saturating growth", HOURS, _saturating(0.01), np.full(10, 0.01))
    assert not any("95 %" in text for text in whole.sentences())


def test_a_law_without_an_end_is_refused() -> None:
    fit = fit_law("linear growth", HOURS, 20 + HOURS, np.full(10, 0.01))
    assert fit.derived == ()
    with pytest.raises(SeriesError, match=r"'linear growth' has no end: fit one of 'saturating growth'"):
        time_to_share_h(fit)
    with pytest.raises(SeriesError, match=r"share is 95: it must lie between 0 and 1"):
        time_to_share_h(fit, 95)

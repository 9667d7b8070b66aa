"""Where the model misses the data no row says yes; where it does not, none loses its word."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

import eisfit
from eisfit import Fit, Outcome, Spectrum
from eisfit.reporting.disagreement import Disagreement
from support.cells import grid, le_se_faded, le_se_values, measured, noisy

ONE_ARC = "R0-p(R1,CPE1)"
F = np.logspace(6, -1, 50)
S = 2j * np.pi * F
CELL = 10 + 100 / (1 + (S * 1e-4) ** 0.9)


def noise_alone() -> np.ndarray:
    rng = np.random.default_rng(1)
    return rng.standard_normal(50) + 1j * rng.standard_normal(50)


NO_CELL = {
    "noise alone": noise_alone(),
    "a negative real part": -CELL,
    "an inductor": 1e3 * S,
    "the wrong sign of the imaginary part": CELL.conj(),
}


@cache
def fitted(what: str) -> Fit:
    return eisfit.fit(Spectrum(F, NO_CELL[what]), ONE_ARC)


@pytest.mark.parametrize("what", NO_CELL)
def test_what_the_model_does_not_describe_has_no_row_that_says_yes(what: str) -> None:
    fit = fitted(what)
    assert {c.resolved for c in fit.contributions} == {"misfit"}
    assert fit.missed
    assert fit.outcome is Outcome.MISFIT


@pytest.mark.parametrize("what", NO_CELL)
def test_the_row_says_by_how_much_the_data_are_missed(what: str) -> None:
    for c in fitted(what).contributions:
        assert c.known == f"misfit {c.misfit_percent:.0f} %"
        assert 90 <= c.misfit_percent <= 100


def test_a_limit_of_a_model_that_misses_the_data_is_none() -> None:
    for c in fitted("an inductor").contributions:
        assert np.isnan([c.resistance_ohm, c.limit_ohm, *c.ci95_ohm]).all()
        assert "%)" not in c.note


def test_the_remark_says_that_nothing_is_described() -> None:
    assert "the model describes nothing of the data" in fitted("noise alone").sentence


@pytest.mark.parametrize("points", [8, 14, 71, 100])
@pytest.mark.parametrize("noise", [0.001, 0.02])
def test_sound_fits_keep_their_words(points: int, noise: float) -> None:
    f = grid(1e5, 0.1)[:: max(1, 61 // points)][:points] if points < 61 else np.logspace(5, -1, points)
    z = 10 + 100 / (1 + (2j * np.pi * f * 1e-3) ** 0.9)
    fits = eisfit.fit_many([Spectrum(f, noisy(z, noise, seed)) for seed in range(60)], ONE_ARC)
    assert not any(fit.missed for fit in fits)


def test_a_small_systematic_misfit_is_said_and_takes_no_value() -> None:
    z = CELL + 3 / (1 + S * 1e-2)  # an arc of 3 ohm, of which the circuit knows nothing
    fit = eisfit.fit(Spectrum(F, noisy(z, 0.001, 0)), ONE_ARC)
    assert fit.outcome is Outcome.MISFIT
    assert [c.resolved for c in fit.contributions] == ["yes", "yes"]


def test_a_point_far_off_is_no_systematic_misfit() -> None:
    z = noisy(CELL, 0.003, 0)
    z[25] *= 1.4
    assert not eisfit.fit(Spectrum(F, z), ONE_ARC, loss="cauchy").missed
    assert not eisfit.fit(Spectrum(F, z), ONE_ARC).missed


def test_loud_points_are_no_misfit() -> None:
    z = noisy(CELL, 0.003, 0)
    z[40:] = noisy(z[40:], 0.12, 1)
    assert not eisfit.fit(Spectrum(F, z), ONE_ARC).missed


def test_a_second_arc_that_the_circuit_lacks_takes_the_word() -> None:
    z = CELL + 150 / (1 + S * 0.1)
    fit = eisfit.fit(Spectrum(F, noisy(z, 0.003, 0)), ONE_ARC)
    assert fit.missed
    assert all(c.resolved == "misfit" for c in fit.contributions)
    assert np.isfinite(fit["p(R1,CPE1)"].resistance_ohm), "the value stays, for the open point of a figure"


def disagreement(residual: np.ndarray, z: np.ndarray | None = None) -> Disagreement:
    z = CELL[::-1] if z is None else z
    return Disagreement(F[::-1], z, residual, np.abs(z))


def test_a_deviation_counts_where_a_row_shows() -> None:
    residual = np.array(noisy(np.full(50, 0.01), 0.5, 0))
    low = np.arange(50) < 10
    residual[low] += 5.0  # ohm, beside |Z| = 110
    found = disagreement(residual)
    assert found.percent == 0
    assert found.share(low, 20.0) == pytest.approx(0.25, rel=0.05)
    assert found.share(~low, 20.0) == 0
    assert found.share(low, 100.0) == 0


@pytest.mark.parametrize(("share", "missed"), [(0.05, False), (0.12, True), (0.3, True)])
def test_a_deviation_at_half_of_the_points_takes_all_words(share: float, missed: bool) -> None:
    residual = np.where(np.arange(50) < 30, share, 0.001) * np.abs(CELL[::-1])
    assert (disagreement(residual.astype(complex)).percent > 0) is missed


def test_random_deviations_of_that_size_do_not() -> None:
    rng = np.random.default_rng(0)
    residual = 0.15 * np.abs(CELL[::-1]) * (rng.standard_normal(50) + 1j * rng.standard_normal(50))
    assert disagreement(residual, CELL[::-1] + residual).percent == 0


def test_a_row_that_the_data_contradict_is_named_alone() -> None:
    """A step of 5 % below 200 Hz, as a change of the range makes it, turns a small arc of 6 ohm into one of 11."""
    z = noisy(100 + 6 / (1 + (S * 1e-4) ** 0.9) + 300 / (1 + S * 0.1), 0.001, 0)
    fit = eisfit.fit(Spectrum(F, np.where(F < 200, 1.05 * z, z)), "R0-Zarc1-Zarc2")
    assert {c.name: c.resolved for c in fit.contributions} == {"R0": "yes", "Zarc1": "misfit", "Zarc2": "yes"}
    assert fit["Zarc1"].cause == "row missed"
    assert f"by {fit['Zarc1'].misfit_percent:.0f} % of this resistance" in fit["Zarc1"].note


def test_the_cell_of_the_tutorial_is_not_missed() -> None:
    fit = eisfit.fit(measured(le_se_faded(), le_se_values()), "le_se")
    assert not fit.missed
    assert all(np.isnan(c.misfit_percent) for c in fit.contributions)

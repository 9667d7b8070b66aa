"""Exchange current, alpha and interphase behind a resistance over concentration."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import curve_fit

from eisfit.errors import SeriesError
from eisfit.laws import ExchangeCurrent, Followed, PowerOfConcentration, fit_law

MOLAR = np.array([0.01, 0.03, 0.1, 0.3, 1.0, 3.0])
THERMAL_V = 8.617333262e-5 * 298.15
EXACT = 300 + THERMAL_V / 53.1e-6 * MOLAR**-0.56
PER_AREA = Followed(quantity="asr", unit="ohm cm2")


def _fit(r: np.ndarray, noise: float = 0.01, shared: float = 0.0) -> PowerOfConcentration:
    errors = np.full(MOLAR.size, noise)
    found = fit_law("power of concentration", MOLAR, r, errors, of=PER_AREA, common_stderr_log=shared)
    assert isinstance(found, PowerOfConcentration)
    return found


def _noisy(seed: int, noise: float = 0.01) -> np.ndarray:
    return np.asarray(EXACT * np.exp(noise * np.random.default_rng(seed).standard_normal(MOLAR.size)))


def test_the_demo_values_come_back() -> None:
    found = _fit(EXACT).exchange_current(25.0)
    assert found.i0.value == pytest.approx(53.1e-6, rel=1e-5)
    assert found.alpha.value == pytest.approx(0.44, abs=1e-5)
    assert found.r_slei.value == pytest.approx(300.0, rel=1e-5)
    r_p = [found.r_slei.value + THERMAL_V / found.i0_at(c).value for c in (0.01, 0.1, 1.0, 3.0)]
    assert r_p == pytest.approx([6678, 2057, 784, 562], abs=1.0)


def test_values_errors_and_correlations_are_those_of_an_independent_fit() -> None:
    r = _noisy(4)
    found = _fit(r).exchange_current(25.0)

    def log_r(c: np.ndarray, log_i0: float, alpha: float, log_slei: float) -> np.ndarray:
        return np.asarray(np.log(np.exp(log_slei) + THERMAL_V / np.exp(log_i0) * c ** -(1 - alpha)))

    start, sigma = (np.log(1e-4), 0.5, np.log(100.0)), np.full(MOLAR.size, 0.01)
    values, covariance = curve_fit(log_r, MOLAR, np.log(r), start, sigma, absolute_sigma=True)
    assert [found.i0.value, found.alpha.value, found.r_slei.value] == pytest.approx(
        [np.exp(values[0]), values[1], np.exp(values[2])], rel=1e-5
    )
    assert found.covariance == pytest.approx(covariance, rel=1e-3)
    error = np.sqrt(np.diag(covariance))
    assert found.correlation == pytest.approx(covariance / np.outer(error, error), rel=1e-3)


def test_errors_cover_what_was_put_in() -> None:
    pulls = []
    for seed in range(100):
        found = _fit(_noisy(seed, 0.02), 0.02).exchange_current(25.0)
        pulls.append(
            [
                np.log(found.i0.value / 53.1e-6) / (found.i0.stderr / found.i0.value),
                (found.alpha.value - 0.44) / found.alpha.stderr,
                np.log(found.r_slei.value / 300) / (found.r_slei.stderr / found.r_slei.value),
                np.log(found.i0_at(0.1).value * 1757 / THERMAL_V)
                / (found.i0_at(0.1).stderr / found.i0_at(0.1).value),
            ]
        )
    width = np.std(pulls, axis=0)
    assert (width > 0.8).all()
    assert (width < 1.22).all()


def test_an_error_of_the_area_is_shared_by_current_and_interphase() -> None:
    plain, shared = (_fit(_noisy(4), shared=s).exchange_current(25.0) for s in (0.0, 0.05))
    added = shared.covariance - plain.covariance
    assert added == pytest.approx(0.05**2 * np.array([[1, 0, -1], [0, 0, 0], [-1, 0, 1]]), abs=1e-9)


def test_the_charge_divides_and_the_temperature_multiplies() -> None:
    fit = _fit(EXACT)
    one = fit.exchange_current(25.0).i0.value
    assert fit.exchange_current(25.0, charge=2).i0.value == pytest.approx(one / 2)
    assert fit.exchange_current(60.0).i0.value == pytest.approx(one * 333.15 / 298.15)


def test_what_is_no_charge_transfer_is_said() -> None:
    steep = _fit(300 + 5 * MOLAR**-1.4)
    assert any("alpha" in text and "does not lie between 0 and 1" in text for text in steep.sentences())
    bare = _fit(np.asarray(1 + 484 * MOLAR**-0.56), 0.02)
    assert any("R_SLEI is not told from the charge transfer" in text for text in bare.sentences())
    assert _fit(EXACT).sentences() == ()


def test_bad_conditions_are_refused() -> None:
    fit = _fit(EXACT)
    with pytest.raises(SeriesError, match=r"temperature_c is -300: give °C above"):
        fit.exchange_current(-300.0)
    with pytest.raises(SeriesError, match=r"charge is 0: give the charge number"):
        fit.exchange_current(25.0, charge=0)
    with pytest.raises(SeriesError, match=r"concentration_mol_l is 0: it must be positive"):
        fit.exchange_current(25.0).i0_at(0.0)
    ohm = fit_law("power of concentration", MOLAR, EXACT)
    assert isinstance(ohm, PowerOfConcentration)
    with pytest.raises(
        SeriesError, match=r"values in ohm tell no exchange current density: give asr_ohm_cm2"
    ):
        ohm.exchange_current(25.0)


def test_it_is_a_value() -> None:
    one, other = (_fit(EXACT).exchange_current(25.0) for _ in range(2))
    assert isinstance(one, ExchangeCurrent)
    assert one == other

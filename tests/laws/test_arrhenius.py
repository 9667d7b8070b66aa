"""The Arrhenius law: energies, errors, quantiles, references."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from eisfit.constants import BOLTZMANN_EV_PER_K as K
from eisfit.errors import SeriesError
from eisfit.laws.arrhenius import fit_arrhenius
from eisfit.laws.law_fit import Followed
from eisfit.laws.ordinate import ORDINATES, Ordinate, ordinate_of, value_of
from eisfit.tools.statistics import chi2_reduced_limit_95, normal_cdf, student_95

T = np.linspace(273.15, 333.15, 8)


def pure(ordinate: Ordinate, energy: float, t: np.ndarray = T, at_25: float = 500.0) -> np.ndarray:
    """Return values that are a straight line in an ordinate, with a given value at 25 °C."""
    t0 = 298.15
    level = ordinate_of(ordinate, np.array([at_25]), np.array([t0]))[0]
    return value_of(ordinate, level - energy / K * (1 / t - 1 / t0), t)


@pytest.mark.parametrize("ordinate", ORDINATES)
def test_a_pure_law_gives_back_its_energy_and_its_values(ordinate: Ordinate) -> None:
    line = fit_arrhenius(T, pure(ordinate, 0.52), np.full(8, 0.01), ordinate=ordinate)
    assert line.activation_energy_ev == pytest.approx(0.52, rel=1e-10)
    assert line.references[0].value == pytest.approx(500.0, rel=1e-10)
    assert [r.temperature_c for r in line.references] == [25.0, 60.0]
    assert not any(r.extrapolated for r in line.references)


def test_two_ordinates_of_one_series_differ_by_kt() -> None:
    values = pure("ln(T/R)", 0.5)
    with_t = fit_arrhenius(T, values, ordinate="ln(T/R)").activation_energy_ev
    without = fit_arrhenius(T, values, ordinate="ln(1/R)").activation_energy_ev
    assert with_t - without == pytest.approx(K / np.mean(1 / T), rel=5e-3)
    assert with_t - without == pytest.approx(0.026, abs=0.001)


def test_a_line_without_point_errors_is_ordinary_least_squares() -> None:
    rng = np.random.default_rng(1)
    values = pure("ln(1/R)", 0.5) * np.exp(0.05 * rng.standard_normal(8))
    line = fit_arrhenius(T, values, ordinate="ln(1/R)")
    reference = stats.linregress(1 / T, -np.log(values))
    assert line.activation_energy_ev == pytest.approx(-reference.slope * K, rel=1e-9)
    assert line.activation_energy_stderr_ev == pytest.approx(reference.stderr * K, rel=1e-9)
    low, high = line.ci95_ev
    assert (high - low) / 2 == pytest.approx(stats.t.ppf(0.975, 6) * reference.stderr * K, rel=1e-9)
    assert np.isnan(line.scatter_ratio)


def test_point_errors_weigh_and_give_a_normal_interval() -> None:
    rng = np.random.default_rng(2)
    sigma = np.linspace(0.01, 0.05, 8)
    values = pure("ln(1/R)", 0.5) * np.exp(sigma * rng.standard_normal(8))
    line = fit_arrhenius(T, values, sigma, ordinate="ln(1/R)")
    (slope, _), covariance = np.polyfit(
        1 / T - np.mean(1 / T), -np.log(values), 1, w=1 / sigma, cov="unscaled"
    )
    assert line.activation_energy_ev == pytest.approx(-slope * K, rel=1e-9)
    assert line.activation_energy_stderr_ev == pytest.approx(np.sqrt(covariance[0, 0]) * K, rel=1e-9)
    assert line.quantile == pytest.approx(stats.norm.ppf(0.975))
    assert line.scatter_ratio == 1.0


def test_scatter_beyond_the_errors_is_said_and_widens_the_interval() -> None:
    rng = np.random.default_rng(3)
    values = pure("ln(1/R)", 0.5) * np.exp(0.1 * rng.standard_normal(8))
    line = fit_arrhenius(T, values, np.full(8, 0.01), ordinate="ln(1/R)")
    assert line.scatter_ratio == pytest.approx(np.sqrt(line.chi2_reduced))
    assert line.scatter_ratio > 3
    assert line.quantile == pytest.approx(stats.t.ppf(0.975, 6))
    plain = fit_arrhenius(T, values, ordinate="ln(1/R)")
    assert line.activation_energy_stderr_ev == pytest.approx(plain.activation_energy_stderr_ev, rel=1e-9)


@pytest.mark.parametrize(
    ("ordinate", "per_kelvin"),
    [("ln(1/R)", 0.5 / (K * 298.15**2)), ("ln(T/R)", 0.5 / (K * 298.15**2) - 1 / 298.15)],
)
def test_a_temperature_error_enters_each_point(ordinate: Ordinate, per_kelvin: float) -> None:
    t = np.array([298.15 - 1e-3, 298.15 + 1e-3])
    line = fit_arrhenius(
        t, pure(ordinate, 0.5, t), np.zeros(2), temperature_err_k=[1.0, 1.0], ordinate=ordinate
    )
    np.testing.assert_allclose(line.ordinate_stderr, per_kelvin, rtol=1e-4)


def test_one_kelvin_is_six_and_a_half_percent_at_half_an_electronvolt() -> None:
    line = fit_arrhenius(T, pure("ln(1/R)", 0.5), np.zeros(8), temperature_err_k=np.ones(8))
    at_25 = np.interp(298.15, T, line.ordinate_stderr)
    assert at_25 == pytest.approx(0.065, abs=0.001)


def test_intervals_cover_what_they_say() -> None:
    rng = np.random.default_rng(4)
    for n, sigma_t in ((4, 0.0), (6, 0.5), (8, 0.5)):
        t = np.linspace(283.15, 333.15, n)
        inside = 0
        for _ in range(600):
            true_t = t + sigma_t * rng.standard_normal(n)
            values = pure("ln(1/R)", 0.5, true_t) * np.exp(0.02 * rng.standard_normal(n))
            line = fit_arrhenius(t, values, np.full(n, 0.02), temperature_err_k=np.full(n, sigma_t))
            inside += line.ci95_ev[0] <= 0.5 <= line.ci95_ev[1]
        assert 0.925 <= inside / 600 <= 0.978, f"n = {n}, sigma_T = {sigma_t}: {inside / 600}"


def test_outside_the_measured_range_is_extrapolated() -> None:
    line = fit_arrhenius(T[T < 320], pure("ln(1/R)", 0.5, T[T < 320]), np.full(np.sum(T < 320), 0.01))
    assert [r.extrapolated for r in line.references] == [False, True]
    inside, outside = line.references
    assert outside.stderr / outside.value > 2 * inside.stderr / inside.value


def test_the_band_is_narrowest_in_the_middle_and_holds_the_reference_errors() -> None:
    line = fit_arrhenius(T, pure("ln(1/R)", 0.5), np.full(8, 0.02))
    y, low, high = line.line([273.15, 302.0, 333.15])
    width = high - low
    assert width[1] < width[0]
    assert width[1] < width[2]
    np.testing.assert_allclose((low + high) / 2, y)
    _, low25, high25 = line.line([298.15])
    assert line.references[0].stderr == pytest.approx(
        (high25 - low25)[0] / 2 / line.quantile * line.references[0].value
    )


def test_two_points_with_errors_make_a_line() -> None:
    line = fit_arrhenius(T[:2], pure("ln(1/R)", 0.5, T[:2]), [0.01, 0.01])
    assert line.activation_energy_ev == pytest.approx(0.5)
    assert np.isfinite(line.activation_energy_stderr_ev)
    assert np.isnan(line.chi2_reduced)


def test_two_points_without_errors_have_no_error() -> None:
    line = fit_arrhenius(T[:2], pure("ln(1/R)", 0.5, T[:2]))
    assert np.isnan(line.activation_energy_stderr_ev)
    assert np.isnan(line.references[0].stderr)


@pytest.mark.parametrize(
    ("t", "value", "sentence"),
    [
        ([300.0], [1.0], "at least two"),
        ([300.0, 300.0], [1.0, 1.1], r"1 usable temperature\(s\)"),
        ([300.0, 310.0], [1.0, -1.0], "not positive"),
    ],
)
def test_what_makes_no_line_is_refused(t: list, value: list, sentence: str) -> None:
    with pytest.raises(SeriesError, match=sentence):
        fit_arrhenius(t, value, of=Followed(contribution="interface"))


def test_a_point_left_out_does_not_move_the_line() -> None:
    values = pure("ln(1/R)", 0.5)
    values[3] *= 10
    used = np.arange(8) != 3
    line = fit_arrhenius(T, values, np.full(8, 0.01), used=used)
    assert line.activation_energy_ev == pytest.approx(0.5)
    assert (line.points_used, line.points_total) == (7, 8)


def test_quantiles_agree_with_scipy() -> None:
    for n in (1, 2, 6, 100):
        assert float(chi2_reduced_limit_95(n)) == pytest.approx(stats.chi2.ppf(0.95, n) / n)
        assert student_95(n) == pytest.approx(stats.t.ppf(0.975, n))
    assert normal_cdf(-1.3) == pytest.approx(stats.norm.cdf(-1.3))

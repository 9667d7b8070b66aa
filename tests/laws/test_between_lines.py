"""Laws between lines: against independent implementations, at their stated levels, and their refusals."""

from __future__ import annotations

import math
from itertools import permutations
from typing import Any

import numpy as np
import pytest
from scipy import optimize, stats

from eisfit.errors import SeriesError
from eisfit.laws import (
    converted_energy_ev,
    effective_temperature_k,
    equal_energy,
    equal_slope,
    fit_arrhenius,
    heating_against_cooling,
    in_ordinate,
    leave_one_out,
    meyer_neldel,
    trend,
)
from eisfit.laws.arrhenius import Arrhenius
from eisfit.laws.permutations import DRAWS, orders
from eisfit.laws.without_each import leave_one_out_of

K = 8.617333262e-5
KELVIN = np.array([0.0, 15.0, 25.0, 40.0, 60.0]) + 273.15
SETS = 200
CHANCE = 2.6 * math.sqrt(0.05 * 0.95 / SETS)  # what chance adds to 5 % in 1 of 200 tests


def made(
    energy_ev: float, level: float, rng: np.random.Generator, noise: float = 0.02, off_k: float = 0.0
) -> Arrhenius:
    """Return the line of resistances exp(-level) at 25 °C, at temperatures that are off."""
    true = KELVIN + off_k * rng.standard_normal(KELVIN.size)
    y = level - energy_ev / K * (1 / true - 1 / 298.15) + noise * rng.standard_normal(KELVIN.size)
    return fit_arrhenius(
        KELVIN, np.exp(-y), np.full(KELVIN.size, noise), temperature_err_k=np.full(KELVIN.size, off_k)
    )


def three_groups(
    rng: np.random.Generator, spread: float = 1.0
) -> tuple[np.ndarray, np.ndarray, list[str], np.ndarray]:
    x = np.tile(np.linspace(-1, 1, 6), 3) + np.repeat([0, 0.3, -0.2], 6)
    sigma = 0.05 * 10 ** rng.uniform(-0.5, 0.5, 18)
    y = 2 * x + np.repeat([0.0, 1.0, 5.0], 6) + spread * sigma * rng.standard_normal(18)
    return x, y, [name for name in "abc" for _ in range(6)], sigma


def separate_and_common(x: np.ndarray, y: np.ndarray, sigma: np.ndarray) -> tuple[float, float, float, float]:
    """Return chi-square of own slopes and of one, the common slope and its error, by SciPy's minimiser."""
    member = np.repeat([0, 1, 2], 6)

    def common(p: np.ndarray) -> np.ndarray:
        return np.asarray((y - p[member] - p[3] * x) / sigma)

    def separate(p: np.ndarray) -> np.ndarray:
        return np.asarray((y - p[member] - p[3 + member] * x) / sigma)

    one = optimize.least_squares(common, np.zeros(4), xtol=1e-14, ftol=1e-14, gtol=1e-14)
    own = optimize.least_squares(separate, np.zeros(6), xtol=1e-14, ftol=1e-14, gtol=1e-14)
    slopes = np.asarray(one.jac)
    error = math.sqrt(np.linalg.inv(slopes.T @ slopes)[3, 3])
    return 2 * own.cost, 2 * one.cost, float(one.x[3]), error


def test_equal_slope_agrees_with_a_minimiser_and_the_chi_square_distribution() -> None:
    x, y, group, sigma = three_groups(np.random.default_rng(3))
    own, one, slope, error = separate_and_common(x, y, sigma)
    found = equal_slope(x, y, group, sigma)
    assert (found.chi2_separate, found.chi2_common) == pytest.approx((own, one), rel=1e-8)
    assert (found.slope, found.slope_stderr) == pytest.approx((slope, error), rel=1e-7)
    assert found.p == pytest.approx(stats.chi2.sf(one - own, 2), rel=1e-6)
    assert (found.test, found.freedom) == ("chi-square", 12)


def test_without_errors_it_is_the_analysis_of_covariance() -> None:
    x, y, group, _ = three_groups(np.random.default_rng(4))
    own, one, slope, error = separate_and_common(x, y, np.ones(18))
    found = equal_slope(x, y, group)
    assert found.p == pytest.approx(stats.f.sf((one - own) / 2 / (own / 12), 2, 12), rel=1e-6)
    assert found.slope_stderr == pytest.approx(error * math.sqrt(one / 14), rel=1e-6)
    half = stats.t.ppf(0.975, 14) * found.slope_stderr
    assert found.slope_ci95 == pytest.approx((slope - half, slope + half), rel=1e-6)
    assert found.test == "F"


@pytest.mark.parametrize("known", [True, False])
def test_one_slope_is_called_two_in_five_of_a_hundred_and_its_interval_covers(known: bool) -> None:
    rng = np.random.default_rng(5)
    found = [
        equal_slope(x, y, g, s, complete=known) for x, y, g, s in (three_groups(rng) for _ in range(SETS))
    ]
    assert np.mean([each.differ for each in found]) == pytest.approx(0.05, abs=CHANCE)
    pulls = np.array([(each.slope - 2) / each.slope_stderr for each in found])
    assert 0.85 < pulls.std() < 1.18
    assert np.mean([a <= 2 <= b for a, b in (each.slope_ci95 for each in found)]) > 0.95 - CHANCE


def test_points_that_scatter_three_times_more_than_said_do_not_make_slopes_differ() -> None:
    rng = np.random.default_rng(6)
    found = [equal_slope(*three_groups(rng, spread=3.0)) for _ in range(SETS)]
    assert np.mean([each.differ for each in found]) < 0.05 + CHANCE
    assert {each.test for each in found} <= {"F", "chi-square"}
    assert np.mean([each.test == "F" for each in found]) > 0.99


def test_lines_of_one_energy_at_uncertain_temperatures_differ_in_five_of_a_hundred() -> None:
    rng = np.random.default_rng(7)
    p = [equal_energy([made(0.5, -6 - k, rng, 0.005, 0.3) for k in range(3)], "abc").p for _ in range(SETS)]
    assert np.mean(np.array(p) < 0.05) == pytest.approx(0.05, abs=CHANCE)


def test_ec_dmc_is_told_from_dmc() -> None:
    rng = np.random.default_rng(8)
    mixed = [made(0.518, -6.2, rng), made(0.518, -6.6, rng)]
    assert equal_energy(mixed, ["1:1", "1:9"]).slope == pytest.approx(0.518, abs=0.01)
    assert not equal_energy(mixed, ["1:1", "1:9"]).differ
    assert equal_energy([*mixed, made(0.332, -6.0, rng)], ["1:1", "1:9", "DMC"]).p < 1e-6


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"group": ["a"] * 4}, "1 line is given: slopes are compared between two or more"),
        ({"x": [0, 0, 1, 2]}, "'a' has one value of x: a slope needs two or more; leave it out"),
        ({"x": [0, 1, 1]}, "x has 3 numbers, y 4, sigma 4, and there are 4 groups"),
        ({"y": [0, math.nan, 1, 2]}, "a value of x, y or sigma is not finite: leave that point out"),
        ({"sigma": [1, 0, 1, 1]}, "a standard error is not positive"),
    ],
)
def test_what_makes_no_slopes_is_refused(change: dict[str, list[float]], sentence: str) -> None:
    given = {"x": [0, 1, 0, 1], "y": [0, 1, 2, 3], "group": list("aabb"), "sigma": [1, 1, 1, 1]} | change
    with pytest.raises(SeriesError, match=sentence.replace("(", r"\(")):
        equal_slope(**given)  # type: ignore[arg-type]


def test_lines_in_two_ordinates_are_not_compared() -> None:
    rng = np.random.default_rng(9)
    lines = [made(0.5, -6, rng), in_ordinate(made(0.5, -6, rng), "ln(T/R)")]
    with pytest.raises(SeriesError, match="energies of different ordinates differ by kT"):
        equal_energy(lines, ["a", "b"])


@pytest.mark.parametrize("off_k", [0.0, 0.3])
def test_a_converted_line_is_the_line_fitted_in_that_ordinate(off_k: float) -> None:
    rng = np.random.default_rng(10)
    line = made(0.5, -6, rng, off_k=off_k)
    other = in_ordinate(line, "ln(T/R)")
    direct = fit_arrhenius(
        KELVIN, line.value, line.value_stderr_log, temperature_err_k=np.full(5, off_k), ordinate="ln(T/R)"
    )
    assert other.activation_energy_ev == pytest.approx(direct.activation_energy_ev, rel=1e-9)
    assert other.activation_energy_stderr_ev == pytest.approx(direct.activation_energy_stderr_ev, rel=1e-9)
    if off_k == 0:
        shift = K * effective_temperature_k(KELVIN, line.ordinate_stderr)
        assert other.activation_energy_ev - line.activation_energy_ev == pytest.approx(shift, rel=1e-9)


def test_energies_convert_there_and_back_and_by_nothing_between_resistance_and_conductivity() -> None:
    there = converted_energy_ev(0.474, KELVIN, ordinate="ln(1/R)", to="ln(sigma T)")
    assert there == pytest.approx(0.5, abs=5e-4)
    assert converted_energy_ev(there, KELVIN, ordinate="ln(T/R)", to="ln(sigma)") == pytest.approx(
        0.474, abs=1e-12
    )
    assert converted_energy_ev(0.474, KELVIN, ordinate="ln(1/R)", to="ln(sigma)") == 0.474
    with pytest.raises(SeriesError, match=r"no ordinate 'ln\(R/T\)' of an Arrhenius line"):
        converted_energy_ev(0.5, KELVIN, ordinate="ln(R/T)", to="ln(sigma)")  # type: ignore[arg-type]
    with pytest.raises(SeriesError, match="one temperature: a line has two or more"):
        effective_temperature_k([300.0, 300.0])


def test_a_point_left_out_is_a_fit_without_it() -> None:
    rng = np.random.default_rng(11)
    line = made(0.5, -6, rng, 0.05)
    found = leave_one_out("arrhenius", KELVIN, line.value, line.value_stderr_log)
    again = leave_one_out_of(line)
    assert again is not None
    for k in range(KELVIN.size):
        rest = np.arange(KELVIN.size) != k
        slope = np.polyfit(1 / KELVIN[rest], -np.log(line.value[rest]), 1)[0]
        assert found.without[k] == pytest.approx(-K * slope, rel=1e-9)
        assert again.without[k] == pytest.approx(-K * slope, rel=1e-9)


def test_the_jackknife_error_is_that_of_the_scatter() -> None:
    rng = np.random.default_rng(12)
    ratios = {}
    for count in (5, 20):
        kelvin = np.linspace(273, 353, count)
        exact = 0.5 / K * (1 / kelvin - 1 / 298.15)
        lines = [
            fit_arrhenius(kelvin, np.exp(exact + 0.05 * rng.normal(size=count))) for _ in range(SETS // 2)
        ]
        found = [each for each in map(leave_one_out_of, lines) if each is not None]
        spread = np.std([each.value for each in found])
        ratios[count] = float(np.sqrt(np.mean([each.jackknife_stderr**2 for each in found])) / spread)
    assert 1.0 < ratios[5] < 1.8
    assert 0.9 < ratios[20] < 1.25


def test_a_point_that_decides_is_named_and_too_few_are_refused() -> None:
    value = np.exp(6 + 6000 * (1 / KELVIN - 1 / 298.15)) * [1, 1, 1, 1, 1.5]
    found = leave_one_out("arrhenius", KELVIN, value, np.full(5, 0.02))
    assert found.decisive == "4"
    with pytest.raises(SeriesError, match="arrhenius needs 3 different values"):
        leave_one_out("arrhenius", KELVIN[:2], value[:2])


def cycle(rng: np.random.Generator, grown: float = 0.0, energy_ev: float = 0.5) -> dict[str, Any]:
    up = np.arange(10) < 5
    t = np.concatenate([KELVIN, KELVIN[::-1] + 3])
    ln_r = 6 + np.where(up, 0.5, energy_ev) / K * (1 / t - 1 / 298.15) + grown * ~up
    return {
        "temperature_k": t,
        "value": np.exp(ln_r + 0.02 * rng.standard_normal(10)),
        "stderr_log": np.full(10, 0.02),
        "heating": up,
    }


@pytest.mark.parametrize("known", [True, False])
def test_heating_that_equals_cooling_is_said_to_differ_in_five_of_a_hundred(known: bool) -> None:
    rng = np.random.default_rng(13)
    errors = np.full(10, 1e-9) if known else None
    found = [heating_against_cooling(**cycle(rng), temperature_err_k=errors) for _ in range(SETS)]
    assert np.mean([each.differ for each in found]) < 0.05 + CHANCE
    assert np.mean([each.p_ratio < 0.05 for each in found]) == pytest.approx(0.05, abs=CHANCE)
    assert np.mean([a <= 1 <= b for a, b in (each.ratio_ci95 for each in found)]) > 0.95 - CHANCE


def test_growth_between_heating_and_cooling_is_its_ratio_and_another_energy_is_seen() -> None:
    rng = np.random.default_rng(14)
    grown = heating_against_cooling(**cycle(rng, 0.3), temperature_err_k=np.full(10, 1e-9))
    assert grown.ratio == pytest.approx(math.exp(0.3), abs=4 * grown.ratio_stderr)
    assert grown.p_ratio < 1e-6
    assert not grown.energies.differ
    other = heating_against_cooling(**cycle(rng, 0.0, 0.6), temperature_err_k=np.full(10, 1e-9))
    assert other.energies.differ
    with pytest.raises(SeriesError, match=r"cooling has 0 temperature\(s\): two or more"):
        heating_against_cooling(KELVIN, np.ones(5), heating=np.ones(5, bool))


def several(rng: np.random.Generator, energy: float, levels: float, count: int = 6) -> list[Arrhenius]:
    """Return lines whose energies and levels at 25 °C vary independently."""
    return [made(0.5 + energy * rng.normal(), -6 + levels * rng.normal(), rng) for _ in range(count)]


@pytest.mark.parametrize(("energy", "levels"), [(0.0, 0.0), (0.0, 1.0), (0.1, 1.0)])
def test_the_trap_of_compensation_is_not_fallen_into(energy: float, levels: float) -> None:
    rng = np.random.default_rng(15)
    found = [meyer_neldel(several(rng, energy, levels)) for _ in range(150)]
    assert np.mean([each.compensated for each in found]) < 0.05 + 2.6 * math.sqrt(0.05 * 0.95 / 150)
    assert all(each.reason and math.isnan(each.energy_ev) for each in found if not each.compensated)


def test_one_cell_measured_again_lies_on_a_perfect_line_and_is_refused() -> None:
    found = meyer_neldel(several(np.random.default_rng(16), 0.0, 0.0))
    assert found.apparent_correlation > 0.98
    assert found.apparent_isokinetic_k == pytest.approx(found.centre_k, rel=0.1)
    assert found.reason.startswith("the activation energies differ no more than their errors")


def test_values_that_agree_at_a_measured_temperature_are_no_compensation() -> None:
    rng = np.random.default_rng(17)
    found = [meyer_neldel(several(rng, 0.1, 0.0)) for _ in range(40)]
    assert not any(each.compensated for each in found)
    assert any("among the measured temperatures" in each.reason for each in found)


def test_the_meyer_neldel_energy_is_recovered() -> None:
    rng, true = np.random.default_rng(18), 0.05
    found = []
    for _ in range(200):
        energies = 0.5 + 0.1 * rng.normal(size=6)
        levels = 3 + energies / true + 0.3 * rng.normal(size=6) - energies / (K * 298.15)
        found.append(meyer_neldel([made(e, y, rng) for e, y in zip(energies, levels, strict=True)]))
    assert np.mean([each.compensated for each in found]) > 0.97
    kept = [each for each in found if each.compensated]
    covers = [a <= true / K <= b for a, b in (each.isokinetic_ci95_k for each in kept)]
    assert np.mean(covers) > 0.95 - 2.6 * math.sqrt(0.05 * 0.95 / 200)
    assert np.median([each.energy_ev for each in kept]) == pytest.approx(true, rel=0.03)


def test_four_lines_or_lines_without_errors_are_refused() -> None:
    rng = np.random.default_rng(19)
    with pytest.raises(SeriesError, match=r"4 line.*tested between 5 or more"):
        meyer_neldel(several(rng, 0.1, 1.0, 4))
    bare = fit_arrhenius(KELVIN[:2], [2.0, 1.0])
    with pytest.raises(SeriesError, match="line 6 has no error"):
        meyer_neldel([*several(rng, 0.1, 1.0, 5), bare])
    other = in_ordinate(made(0.5, -6, rng), "ln(T/R)")
    with pytest.raises(SeriesError, match="take all lines in one ordinate"):
        meyer_neldel([*several(rng, 0.1, 1.0, 5), other])


def test_rank_probabilities_are_those_of_scipy_and_of_all_orders() -> None:
    rng = np.random.default_rng(20)
    x, y = np.array([15.1, 16.4, 17.2, 20.0, 20.0, 29.8]), rng.normal(size=6)
    found = trend(x, y)
    assert found.rank_correlation == pytest.approx(stats.spearmanr(x, y).statistic, rel=1e-12)
    assert found.correlation == pytest.approx(stats.pearsonr(x, y).statistic, rel=1e-12)
    counted = [abs(stats.spearmanr(p, y).statistic) for p in permutations(x)]
    assert found.p_rank == pytest.approx(
        np.mean(np.array(counted) >= abs(found.rank_correlation) - 1e-12), abs=1e-12
    )
    assert (found.permutations, found.exact) == (720, True)


def test_the_line_of_a_trend_is_the_weighted_one() -> None:
    rng = np.random.default_rng(21)
    x, sigma = np.arange(7.0), 10 ** rng.uniform(-1, 0, 7)
    y = 1 + 0.3 * x + sigma * rng.normal(size=7)
    slope, covariance = np.polyfit(x, y, 1, w=1 / sigma, cov="unscaled")
    found = trend(x, y, sigma)
    assert found.slope == pytest.approx(slope[0], rel=1e-9)
    assert found.slope_stderr == pytest.approx(math.sqrt(covariance[0, 0]) * found.scatter_ratio, rel=1e-9)


def test_without_a_trend_five_of_a_hundred_are_found_and_the_interval_covers() -> None:
    rng = np.random.default_rng(22)
    x, sigma = np.array([7.0, 9.0, 15.1, 16.4, 20.0, 29.8]), np.array([1, 1, 2, 1, 3, 1.0])
    found = [trend(x, sigma * rng.normal(size=6), sigma) for _ in range(SETS)]
    for name in ("p_rank", "p_line"):
        assert np.mean([getattr(each, name) < 0.05 for each in found]) < 0.05 + CHANCE
    assert np.mean([a <= 0 <= b for a, b in (each.slope_ci95 for each in found)]) > 0.95 - CHANCE


def test_within_groups_the_difference_of_the_groups_is_no_trend() -> None:
    x, y = [1, 2, 3, 11, 12, 13], [1.0, 2.0, 3.0, -9.0, -8.0, -7.0]
    assert trend(x, y).rank_correlation < 0
    found = trend(x, y, group=list("aaabbb"))
    assert found.permutations == 36
    assert found.rank_correlation == pytest.approx(1.0)
    assert found.slope == pytest.approx(1.0)
    assert found.p_rank == pytest.approx(2 / 36)


def test_many_values_are_compared_with_a_stated_number_of_orders() -> None:
    x = np.arange(10.0)
    found = trend(x, x + [0, 1] * 5)
    assert (found.exact, found.permutations) == (False, DRAWS + 1)
    assert 0 < found.p_rank < 1e-3
    assert trend(x, x + [0, 1] * 5) == found
    places, _ = orders("aaaaabbbbb" + "ccccc")
    assert np.all(np.sort(places[:, :5], axis=1) == np.arange(5))


def test_three_values_cannot_show_a_trend_and_two_or_a_constant_are_refused() -> None:
    found = trend([1, 2, 3], [1, 2, 3])
    assert found.least_p == pytest.approx(1 / 3)
    assert not found.can_show
    with pytest.raises(SeriesError, match=r"2 value\(s\): a trend needs 3 or more"):
        trend([1, 2], [1, 2])
    with pytest.raises(SeriesError, match="the covariate is the same for all values of each group"):
        trend([0.1, 0.1, 0.1], [1, 2, 3])

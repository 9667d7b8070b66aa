"""Tests of lines: their levels on sound lines, and what they find, by simulation with formulas of this file."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

import numpy as np
import pytest

from eisfit.laws import Followed, fit_arrhenius, fit_law
from eisfit.laws.arrhenius import Arrhenius
from eisfit.laws.checks import Grouping
from eisfit.tools.statistics import nested_probability
from support.laws import ROOM_K

K = 8.617333262e-5
LINES = 600
AT_MOST = 0.01 + 2.6 * math.sqrt(
    0.01 * 0.99 / LINES
)  # of sound lines: 1 %, and what chance adds in 1 of 200 tests


def activated(kelvin: np.ndarray, energy_ev: float) -> np.ndarray:
    return np.asarray(300 * np.exp(energy_ev / K * (1 / kelvin - 1 / 300)))


def earlier(kelvin: np.ndarray, at: int) -> np.ndarray:
    """Return resistances of which one was measured 10 K below."""
    return activated(kelvin - 10 * (np.arange(kelvin.size) == at), 0.5)


def vogel(kelvin: np.ndarray) -> np.ndarray:
    return np.asarray(1e3 * np.sqrt(kelvin) * np.exp(1050 / (kelvin - 208)) / 1e6)


def broken(kelvin: np.ndarray) -> np.ndarray:
    """Return resistances with 0.84 eV below 60 °C and 0.53 eV above."""
    below = np.exp(0.84 / K * (1 / np.minimum(kelvin, 333.15) - 1 / 333.15))
    return np.asarray(100 * below * np.exp(0.53 / K * (1 / np.maximum(kelvin, 333.15) - 1 / 333.15)))


def measured(
    stated: np.ndarray,
    law: Callable[[np.ndarray], np.ndarray],
    rng: np.random.Generator,
    *,
    kelvin_error: float = 0.3,
    said: bool = True,
    noise: float = 0.005,
    grouping: Grouping | None = None,
    factor: np.ndarray | float = 1.0,
) -> Arrhenius:
    """Return the line of resistances measured at temperatures that are off by random errors."""
    n = stated.size
    error = noise * 10 ** rng.uniform(-0.5, 0.5, n)
    true = stated + kelvin_error * rng.standard_normal(n)
    value = law(true) * factor * np.exp(error * rng.standard_normal(n))
    labels = tuple(f"cell_{t - 273.15:.0f}C" for t in stated)
    return fit_arrhenius(
        stated,
        value,
        error,
        temperature_err_k=np.full(n, kelvin_error) if said else None,
        of=Followed(contribution="bulk", labels=labels, grouping=grouping),
    )


def celsius(first: float, last: float, n: int) -> np.ndarray:
    return np.linspace(first, last, n) + 273.15


# --- levels


@pytest.mark.parametrize("said", [True, False])
@pytest.mark.parametrize("n", [4, 5, 6, 8, 12])
def test_sound_lines_keep_their_values_in_99_of_100(n: int, said: bool) -> None:
    rng = np.random.default_rng(n)
    rejected = odd = 0
    for _ in range(LINES):
        energy = rng.uniform(0.2, 1.0)
        line = measured(celsius(0, 60, n), partial(activated, energy_ev=energy), rng, said=said)
        rejected += line.checks.rejected
        odd += bool(line.checks.odd.label)
        assert line.checks.rejected == math.isnan(line.references[0].value)
    assert rejected <= AT_MOST * LINES
    assert odd <= AT_MOST * LINES


def test_stationary_heating_and_cooling_agree_in_99_of_100() -> None:
    rng = np.random.default_rng(1)
    stated = np.r_[np.arange(0, 61, 10.0), np.arange(50, -1, -10.0)] + 273.15
    grouping = Grouping("branches", ("heating", "cooling"), (0,) * 7 + (1,) * 6)
    for said in (True, False):
        lines = [
            measured(stated, lambda t: activated(t, 0.5), rng, said=said, grouping=grouping)
            for _ in range(LINES)
        ]
        assert sum(line.checks.hysteresis.differs for line in lines) <= AT_MOST * LINES
        assert all(0 <= line.checks.hysteresis.p <= 1 for line in lines)


def test_heating_and_cooling_agree_whatever_the_law() -> None:
    rng = np.random.default_rng(2)
    stated = np.r_[np.arange(30, 91, 10.0), np.arange(80, 29, -10.0)] + 273.15
    grouping = Grouping("branches", ("heating", "cooling"), (0,) * 7 + (1,) * 6)
    lines = [measured(stated, broken, rng, grouping=grouping) for _ in range(200)]
    assert all(line.checks.curvature.bent for line in lines)
    assert sum(line.checks.hysteresis.differs for line in lines) <= 3


def test_temperatures_that_are_worse_than_stated_seldom_bend_a_line() -> None:
    rng = np.random.default_rng(3)
    bent = 0
    for _ in range(LINES):
        stated = celsius(0, 60, 7)
        true = stated + 0.6 * rng.standard_normal(7)
        line = fit_arrhenius(
            stated, activated(true, 0.5), np.full(7, 0.003), temperature_err_k=np.full(7, 0.3)
        )
        bent += line.checks.curvature.bent
    assert bent <= 0.05 * LINES


def test_a_line_that_is_straight_in_the_other_ordinate_is_not_bent() -> None:
    t = celsius(0, 60, 8)
    exact = t * activated(t, 0.5)
    line = fit_arrhenius(t, exact, np.full(8, 1e-5), temperature_err_k=np.zeros(8), ordinate="ln(1/R)")
    assert line.checks.curvature.p < 1e-6
    assert not line.checks.curvature.bent
    assert fit_arrhenius(t, exact, np.full(8, 1e-5), ordinate="ln(T/R)").checks.curvature.bent is False


# --- what is found


def test_a_vogel_law_is_bent() -> None:
    rng = np.random.default_rng(4)
    for _ in range(40):
        line = measured(celsius(25, 85, 7), vogel, rng, kelvin_error=0.2)
        assert line.checks.curvature.bent
        assert all(math.isnan(r.value) and math.isnan(r.stderr) for r in line.references)
    cold, warm = (-K * slope for slope in line.checks.curvature.end_slopes)
    assert cold == pytest.approx(K * 1050 * 298.15**2 / 90.15**2 - K * 298 / 2, rel=0.12)
    assert warm == pytest.approx(K * 1050 * 358.15**2 / 150.15**2 - K * 358 / 2, rel=0.12)
    (text,) = line.sentences()
    assert text.startswith("bulk: the line over 1/T is bent (p ")
    assert "): its slope is 0.9" in text
    assert "as of VTF, or of two slopes" in text
    assert "no value at 25 and 60 °C" in text
    assert line.notes == ("bent",)


def test_a_kink_is_found_where_it_is() -> None:
    rng = np.random.default_rng(5)
    lines = [measured(celsius(30, 90, 7), broken, rng) for _ in range(60)]
    assert all(line.checks.curvature.bent for line in lines)
    kinks = [line.checks.curvature.kink for line in lines if line.checks.curvature.has_kink]
    assert len(kinks) > 50
    inside = [low - 0.5 <= 333.15 <= high + 0.5 for low, high in kinks]
    assert np.mean(inside) > 0.85
    assert "two slopes with a kink between" in next(
        text for line in lines if line.checks.curvature.has_kink for text in line.sentences()
    )


def test_a_bent_line_without_point_errors_is_found() -> None:
    rng = np.random.default_rng(6)
    t = celsius(25, 85, 9)
    value = vogel(t) * np.exp(0.003 * rng.standard_normal(9))
    assert fit_arrhenius(t, value).checks.curvature.bent
    assert fit_arrhenius(t, value, np.full(9, 0.003)).checks.curvature.bent


def test_growth_over_the_cycle_differs_between_heating_and_cooling() -> None:
    rng = np.random.default_rng(7)
    stated = np.r_[np.arange(0, 61, 10.0), np.arange(50, -1, -10.0)] + 273.15
    grouping = Grouping("branches", ("heating", "cooling"), (0,) * 7 + (1,) * 6)
    growth = 1.05 ** np.arange(13)
    for _ in range(40):
        line = measured(stated, lambda t: activated(t, 0.5), rng, grouping=grouping, factor=growth)
        assert line.checks.hysteresis.differs
        assert math.isnan(line.references[0].value)
    found = line.checks.hysteresis
    assert len(found.conditions) == 6
    np.testing.assert_allclose(found.differences, -np.log(1.05) * np.arange(12, 0, -2), atol=0.08)
    (text,) = line.sentences()
    assert "bulk: heating and cooling differ at equal temperatures" in text
    assert "higher on average over 6 temperatures" in text
    assert line.notes == ("heating and cooling differ",)


def test_a_return_to_the_first_temperature_is_compared() -> None:
    rng = np.random.default_rng(8)
    stated = np.array([25.0, 40.0, 60.0, 25.0]) + 273.15
    grouping = Grouping("branches", ("heating", "cooling"), (0, 0, 0, 1))
    changed = measured(
        stated, lambda t: activated(t, 0.5), rng, grouping=grouping, factor=np.array([1, 1, 1, 1.3])
    )
    assert changed.checks.hysteresis.differs
    assert "% higher at 25 °C on cooling" in changed.sentences()[0]
    assert not measured(stated, lambda t: activated(t, 0.5), rng, grouping=grouping).checks.hysteresis.differs


def test_one_mistyped_temperature_is_named_with_where_it_belongs() -> None:
    rng = np.random.default_rng(9)
    named = 0
    for k in range(60):
        at = k % 7
        true = celsius(0, 60, 7)
        stated = true.copy()
        stated[at] += 10
        line = measured(stated, partial(earlier, at=at), rng)
        odd = line.checks.odd
        if odd.label:
            assert odd.label == line.labels[at]
            assert odd.on_line_at == pytest.approx(true[at], abs=1.6)
            assert odd.scatter > 4 * odd.scatter_without
            assert not line.checks.rejected
            named += 1
    assert named > 48
    (text,) = line.sentences({odd.label: "cell.csv"})
    assert text.startswith(f"bulk: without cell.csv ({stated[at] - 273.15:.4g} °C) the scatter falls from x ")
    assert "it would lie on the line at" in text
    assert line.notes == (f"odd point {odd.label}",)


def test_the_temperature_on_the_line_is_solved_in_ordinates_with_t() -> None:
    t = celsius(0, 60, 7)
    value = t * activated(t, 0.5)
    stated = t.copy()
    stated[3] += 8
    line = fit_arrhenius(
        stated, value, np.full(7, 0.003), temperature_err_k=np.full(7, 0.1), ordinate="ln(T/R)"
    )
    assert line.checks.odd.on_line_at == pytest.approx(t[3], abs=0.02)


# --- energies


def energy(value: float, stderr: float, role: str = "bulk", at: np.ndarray | None = None) -> Arrhenius:
    """Return a line of four temperatures with a given energy and error."""
    t = celsius(20, 50, 4) if at is None else at
    x = 1 / t - np.mean(1 / t)
    sigma = stderr / K * math.sqrt(np.sum(x**2))
    return fit_arrhenius(
        t,
        activated(t, value),
        np.full(4, sigma),
        temperature_err_k=np.zeros(4),
        of=Followed(contribution="arc", role=role),
    )


@pytest.mark.parametrize(
    ("value", "stderr", "determined"),
    [
        (-1.2, 374.0, False),
        (0.33, 0.32, False),
        (0.5, 0.2, True),
        (0.02, 0.03, True),
        (3.0, 0.6, False),
        (0.5, 0.01, True),
    ],
)
def test_an_energy_that_its_error_exceeds_is_not_printed(
    value: float, stderr: float, determined: bool
) -> None:
    line = energy(value, stderr)
    assert line.activation_energy_stderr_ev == pytest.approx(stderr, rel=1e-6)
    assert line.determined is determined
    for text in (line.report(), *line.sentences()):
        assert determined or "±" not in text.split("Reference values")[0]
    if not determined:
        assert line.notes == ("not determined",)
        assert "E_A is not determined: its error" in line.sentences()[0]


@pytest.mark.parametrize(
    ("value", "role", "sentence"),
    [
        (-0.2, "bulk", "is negative: the resistance rises on heating"),
        (0.002, "bulk", "is below 0.02 eV"),
        (2.9, "bulk", "is above 2.5 eV: check the temperatures"),
    ],
)
def test_an_energy_that_no_electrolyte_has_is_questioned(value: float, role: str, sentence: str) -> None:
    (text,) = energy(value, 0.001, role).sentences()
    assert sentence in text


def test_an_energy_of_kelvin_read_as_celsius_is_given_for_kelvin_too() -> None:
    t = celsius(20, 50, 4)
    stated = t + 273.15
    line = fit_arrhenius(stated, activated(t, 0.8), np.full(4, 0.05), temperature_err_k=np.full(4, 1.0))
    assert line.activation_energy_ev > 2.5
    (text,) = line.sentences()
    assert "if the temperatures are kelvin, it is 0.8" in text


@pytest.mark.parametrize("value", [0.03, 0.35, 1.9])
def test_a_usual_energy_is_not_questioned(value: float) -> None:
    assert energy(value, 0.001).sentences() == ()


def test_the_energy_of_a_sum_is_marked() -> None:
    assert energy(0.4, 0.001, "liquid + bulk").notes == ("of a sum",)
    assert energy(0.4, 0.001, "interface + interface").notes == ()


# --- where nothing is tested


def test_three_points_are_not_tested() -> None:
    t = celsius(20, 60, 3)
    checks = fit_arrhenius(t, vogel(t), np.full(3, 0.001), temperature_err_k=np.zeros(3)).checks
    assert math.isnan(checks.curvature.p)
    assert not checks.rejected


def test_laws_over_time_are_not_tested() -> None:
    assert ROOM_K == 300.0  # its module registers the law
    found = fit_law("square root of time", np.arange(1.0, 9.0), np.linspace(60, 120, 8), np.full(8, 0.001))
    assert math.isnan(found.checks.curvature.p)
    assert found.sentences() == ()


def test_probabilities_of_nested_models_agree_with_scipy() -> None:
    from scipy import stats

    assert nested_probability(9.0, 5.0, 2, 6, True) == pytest.approx(stats.chi2.sf(4.0, 2))
    assert nested_probability(9.0, 5.0, 2, 6, False) == pytest.approx(stats.f.sf(2.0 / (5 / 6), 2, 6))
    assert nested_probability(90.0, 50.0, 2, 6, True) == pytest.approx(stats.f.sf(20.0 / 5.4, 2, 10))
    assert math.isnan(nested_probability(9.0, 0.0, 1, 0, False))

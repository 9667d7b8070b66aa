"""Any registered law: exact derivatives, one regression, honest errors."""

from __future__ import annotations

import numpy as np
import pytest

from eisfit.errors import SeriesError
from eisfit.laws import LAWS, Followed, LawFit, LawParameter, Straight, fit_law, law, law_named
from eisfit.laws.law_fit import law_model, law_slope
from eisfit.laws.line import fit_line
from eisfit.laws.ordinate import is_logarithm, ordinate_of, per_log_value, suits, unit_of, value_of
from eisfit.laws.registry import Evaluated
from eisfit.tools.frozen import Floats
from support.laws import ROOM_K

VALUES = {
    "arrhenius": (1e6, 0.5),
    "power law": (50.0, -2.5),
    "square root of time": (50.0, 7.0),
    "broken arrhenius": (1e-3, 0.7, 0.3, 301.0),
    "broken arrhenius at 25 °C": (1e-3, 0.7, 0.3),
    "vft": (10.0, 0.08, 190.0),
    "linear in 1/T": (3e-7, -400.0),
    "power of concentration": (20.0, 35.0, 0.5),
    "minimum over concentration": (0.6, 300.0, 0.2),
    "parabolic growth": (50.0, 7.0),
    "linear growth": (50.0, 7.0),
    "square growth": (50.0, 70.0),
    "logarithmic growth": (50.0, 20.0, 4.0),
    "power growth": (50.0, 7.0, 0.7),
    "stretched growth": (50.0, 90.0, 20.0, 0.8),
    "pinhole filling": (150.0, 20.0, 0.05),
    "saturating growth": (50.0, 30.0, 20.0),
    "proportional to thickness": (1200.0,),
    "inverse to area": (30.0,),
    "proportional to count": (12.0,),
    "equal up to factor": (7.0,),
}
CONDITION = {
    "temperature_c": np.linspace(250.0, 350.0, 9),
    "time_h": np.linspace(1.0, 100.0, 9),
    "concentration_mol_l": np.geomspace(0.01, 2.0, 9),
    "thickness_cm": np.linspace(0.02, 0.3, 9),
    "area_cm2": np.linspace(0.2, 2.0, 9),
    "count": np.array([1.0, 2, 2, 3, 4, 4, 5, 6, 8]),
    "factor": np.linspace(0.5, 4.0, 9),
}
OURS = sorted(VALUES)


def coordinates(name: str) -> Floats:
    rows = zip(law_named(name).parameters, VALUES[name], strict=True)
    return np.array([np.log(v) if p.coordinate == "logarithm" else v for p, v in rows])


@pytest.mark.parametrize("name", OURS)
def test_derivatives_agree_with_differences(name: str) -> None:
    kind, at = law_named(name), CONDITION[law_named(name).condition]
    c = coordinates(name)
    _, jacobian = law_model(kind, c, at)
    for k, step in enumerate(1e-6 * np.eye(c.size)):
        difference = (law_model(kind, c + step, at)[0] - law_model(kind, c - step, at)[0]) / 2e-6
        np.testing.assert_allclose(jacobian[:, k], difference, rtol=1e-6, atol=1e-8)
    h = 1e-6 * at
    difference = (law_model(kind, c, at + h)[0] - law_model(kind, c, at - h)[0]) / (2 * h)
    np.testing.assert_allclose(kind.formula(at, *VALUES[name])[2], difference, rtol=1e-5)


@pytest.mark.parametrize("name", [n for n in OURS if law_named(n).straight is not None])
def test_a_straight_law_is_its_formula(name: str) -> None:
    kind, at = law_named(name), CONDITION[law_named(name).condition]
    assert kind.straight is not None
    level, second = coordinates(name)
    slope = second / kind.straight.factor
    np.testing.assert_allclose(
        kind.formula(at, *VALUES[name])[0], level + slope * kind.straight.abscissa(at)[0], rtol=1e-12
    )
    np.testing.assert_allclose(
        law_slope(kind, np.array([level, slope]), at), kind.formula(at, *VALUES[name])[2], rtol=1e-12
    )


@pytest.mark.parametrize("name", OURS)
@pytest.mark.parametrize("stderr", [None, 0.01])
def test_a_law_gives_back_its_parameters(name: str, stderr: float | None) -> None:
    kind, at = law_named(name), CONDITION[law_named(name).condition]
    ordinate = kind.ordinates[0]
    value = value_of(ordinate, kind.formula(at, *VALUES[name])[0], at)
    found = fit_law(name, at, value, None if stderr is None else np.full(at.size, stderr))
    for parameter, true in zip(found.parameters, VALUES[name], strict=True):
        assert parameter.value == pytest.approx(true, rel=1e-7)
    np.testing.assert_allclose(found.line(at)[0], found.ordinate_value, rtol=1e-9, atol=1e-9)


def test_intervals_of_a_curve_cover_what_they_say() -> None:
    rng = np.random.default_rng(5)
    at = CONDITION["time_h"]
    true = 50.0 + 7.0 * np.sqrt(at)
    inside = np.zeros(2)
    for _ in range(300):
        found = fit_law(
            "square root of time", at, true * np.exp(0.02 * rng.standard_normal(9)), np.full(9, 0.02)
        )
        inside += [
            p.ci95[0] <= v <= p.ci95[1]
            for p, v in zip(found.parameters, VALUES["square root of time"], strict=True)
        ]
    assert np.all((inside / 300 >= 0.91) & (inside / 300 <= 0.985)), inside / 300


def test_scatter_beyond_the_errors_widens_the_errors_of_a_curve() -> None:
    at = CONDITION["time_h"]
    value = (50.0 + 7.0 * np.sqrt(at)) * np.exp(0.1 * np.random.default_rng(6).standard_normal(9))
    found = fit_law("square root of time", at, value, np.full(9, 0.01))
    plain = fit_law("square root of time", at, value)
    assert found.scatter_ratio == pytest.approx(np.sqrt(found.chi2_reduced))
    assert found.scatter_ratio > 3
    assert found["k"].stderr == pytest.approx(plain["k"].stderr, rel=1e-6)
    _, low, high = found.line(at)
    assert np.all(low < high)


def test_values_at_reference_temperatures_follow_the_law() -> None:
    at = CONDITION["temperature_c"]
    found = fit_law("power law", at, 50 * (at / ROOM_K) ** -2.5, np.full(9, 0.01))
    assert found.references[0].value == pytest.approx(50 * (298.15 / ROOM_K) ** -2.5)
    assert found["a"].unit == "ohm"
    over_time = fit_law("square root of time", CONDITION["time_h"], np.linspace(60, 120, 9))
    assert over_time.references == ()


def test_a_line_in_x_is_weighted_least_squares() -> None:
    x, y, sigma = np.arange(5.0) - 2, np.array([1.0, 2.1, 2.9, 4.2, 5.0]), np.full(5, 0.1)
    found = fit_line(x, y, sigma)
    np.testing.assert_allclose(found.coordinates, np.polyfit(x, y, 1)[::-1])


def test_a_common_error_enters_what_scales_with_all_values() -> None:
    at = CONDITION["time_h"]
    given = at, 50.0 + 7.0 * np.sqrt(at), np.full(9, 0.001)
    sharp = fit_law("square root of time", *given)
    wide = fit_law("square root of time", *given, common_stderr_log=0.1)
    for a, b in zip(sharp.parameters, wide.parameters, strict=True):
        assert b.stderr / b.value == pytest.approx(np.hypot(a.stderr / a.value, 0.1))
    assert wide["k"].unit == "ohm h^-1/2"
    t = CONDITION["temperature_c"]
    line = fit_law("power law", t, 50 * (t / ROOM_K) ** -2.5, np.full(9, 0.01), common_stderr_log=0.1)
    assert line["a"].stderr / line["a"].value == pytest.approx(0.1, rel=0.02)
    assert line["n"].stderr < 0.05


def test_an_unknown_law_is_refused_with_the_known_ones() -> None:
    with pytest.raises(SeriesError, match=r"no law 'wlf'; there are 'arrhenius', "):
        law_named("wlf")


def test_an_ordinate_of_another_law_is_refused() -> None:
    with pytest.raises(SeriesError, match=r"power law has no ordinate 'ln\(T/R\)'; take ln\(R\) or"):
        fit_law("power law", [300.0, 310.0], [1.0, 2.0], ordinate="ln(T/R)")


@pytest.mark.parametrize(
    ("at", "sentence"),
    [
        ([5.0], r"wall: 1 usable value\(s\) of time_h; square root of time needs at least 2"),
        ([5.0, 5.0], "needs at least 2"),
    ],
)
def test_too_few_points_are_refused(at: list[float], sentence: str) -> None:
    with pytest.raises(SeriesError, match=sentence):
        fit_law("square root of time", at, np.ones(len(at)), of=Followed(contribution="wall"))


def test_a_law_is_registered_once_and_complete() -> None:
    def formula(t: Floats, a: float) -> Evaluated:
        return np.full_like(t, a), (np.full_like(t, a),), np.zeros_like(t)

    one = LawParameter("a", "ordinate")
    with pytest.raises(ValueError, match="a law 'arrhenius' exists already"):
        law("arrhenius", one, ordinates=("R",), condition="time_h", source="")(formula)
    with pytest.raises(ValueError, match="give straight= for a straight line, start= for any other"):
        law("constant", one, ordinates=("R",), condition="time_h", source="")(formula)
    with pytest.raises(ValueError, match="a straight line has two parameters, not 1"):
        law(
            "constant",
            one,
            ordinates=("R",),
            condition="time_h",
            source="",
            straight=Straight(lambda t: (t, t)),
        )(formula)
    with pytest.raises(ValueError, match="an ordinate with T needs a law over temperature_c"):
        law("constant", one, ordinates=("ln(T/R)",), condition="time_h", source="", start=lambda t, y: (1.0,))
    assert "constant" not in LAWS


@pytest.mark.parametrize("ordinate", ["ln(R)", "R", "sigma"])
def test_ordinates_have_an_inverse(ordinate: str) -> None:
    v = np.array([3.0, 5.0])
    np.testing.assert_allclose(value_of(ordinate, ordinate_of(ordinate, v, v), v), v)  # type: ignore[arg-type]
    slope = per_log_value(ordinate, v)  # type: ignore[arg-type]
    np.testing.assert_array_equal(slope, np.ones(2) if is_logarithm(ordinate) else v)  # type: ignore[arg-type]


def test_a_parameter_has_the_unit_of_what_stands_in_the_logarithm() -> None:
    assert unit_of("ln(T/R)", "ohm cm2") == "K/(ohm cm2)"
    assert unit_of("ln(1/R)", "ohm") == "1/(ohm)"
    assert unit_of("ln(sigma T)", "S cm-1") == "S cm-1 K"
    assert suits("ln(sigma)", "conductivity")
    assert not suits("ln(sigma)", "asr")


def test_a_parameter_that_is_not_there_is_refused() -> None:
    found: LawFit = fit_law("power law", [300.0, 310.0, 320.0], [1.0, 2.0, 3.0])
    with pytest.raises(KeyError, match="power law: no parameter 'E'; there are 'a', 'n'"):
        found["E"]

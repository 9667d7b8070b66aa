"""Whatever cannot be a measurement is refused by every law and formula in one sentence that names it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest

from eisfit import laws, polarisation, solids
from eisfit.errors import EisfitError, SeriesError
from eisfit.laws import LAWS, fit_law
from eisfit.tools.real_arguments import real_arguments

N = 7
KELVIN = np.linspace(273.15, 393.15, N)
CONDITION = {"temperature_c": KELVIN}
OTHER = np.array([0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 4.0])
VALUE = 100 * np.exp(np.linspace(2, -2, N))
ERROR = np.full(N, 0.02)
BAD = {"nan": np.nan, "inf": np.inf, "negative": -5.0, "beyond": 1e300}


def with_one(values: np.ndarray, bad: float) -> np.ndarray:
    changed = values.copy()
    changed[3] = bad
    return changed


def mistakes(condition: np.ndarray) -> Mapping[str, tuple[Any, Any, Any]]:
    """Return points with one mistake each."""
    found: dict[str, tuple[Any, Any, Any]] = {}
    for name, bad in BAD.items():
        found[f"value {name}"] = condition, with_one(VALUE, bad), ERROR
        found[f"condition {name}"] = with_one(condition, bad), VALUE, ERROR
        found[f"error {name}"] = condition, VALUE, with_one(ERROR, bad)
    return found | {
        "value zero": (condition, with_one(VALUE, 0.0), ERROR),
        "error zero beside others": (condition, VALUE, with_one(ERROR, 0.0)),
        "no point": ([], [], []),
        "fewer values": (condition, VALUE[:5], ERROR),
        "fewer errors": (condition, VALUE, ERROR[:5]),
        "a table": (condition[:, None], VALUE[:, None], None),
        "texts": (["a"] * N, VALUE, ERROR),
        "complex": (condition, VALUE * 1j, ERROR),
        "nothing": (condition, None, ERROR),
    }


@pytest.mark.parametrize("name", sorted(LAWS))
def test_every_law_refuses_every_mistake(name: str) -> None:
    condition = CONDITION.get(LAWS[name].condition, OTHER)
    for what, points in mistakes(condition).items():
        with pytest.raises(EisfitError) as error:
            fit_law(name, *points)
        said = str(error.value)
        assert "\n" not in said, what
        assert 20 < len(said) < 300, what


@pytest.mark.parametrize("name", sorted(n for n, law in LAWS.items() if len(law.parameters) > 1))
def test_every_law_of_several_parameters_needs_several_values(name: str) -> None:
    condition = CONDITION.get(LAWS[name].condition, OTHER)
    for at in (condition[:1], np.full(N, condition[2])):
        with pytest.raises(EisfitError, match=r"1 usable|fewer|distinct|concentration"):
            fit_law(name, at, VALUE[: at.size], ERROR[: at.size])


@pytest.mark.parametrize("name", ["arrhenius", "proportional to thickness", "linear growth"])
def test_the_order_of_points_does_not_matter(name: str) -> None:
    condition = CONDITION.get(LAWS[name].condition, OTHER)
    value = np.sort(VALUE) if LAWS[name].condition != "temperature_c" else VALUE
    order = np.array([3, 0, 6, 2, 5, 1, 4])
    one, other = fit_law(name, condition, value, ERROR), fit_law(name, condition[order], value[order], ERROR)
    assert one.coordinates == pytest.approx(other.coordinates, rel=1e-6)


def test_temperatures_in_celsius_are_noticed() -> None:
    with pytest.raises(
        SeriesError, match=r"the temperatures are 10 to 130 K, colder than any cell works: are they in °C"
    ):
        fit_law("arrhenius", KELVIN - 263.15, VALUE, ERROR)
    with pytest.raises(SeriesError, match="a temperature is -20 K, at absolute zero or below"):
        fit_law("arrhenius", KELVIN - 293.15, VALUE, ERROR)


def test_a_time_before_the_start_is_refused_and_zero_is_none() -> None:
    with pytest.raises(SeriesError, match="time_h is -1: it must be 0 or more"):
        fit_law("linear growth", [-1.0, 1, 2, 3], [1.0, 2, 3, 4])
    assert fit_law("linear growth", [0.0, 1, 2, 3], [1.0, 2, 3, 4]).points_used == 4


CURVED = 300 * np.exp(0.2 * np.log(OTHER / 0.5) ** 2)
LINE = {"temperature_k": KELVIN, "value": VALUE, "stderr_log": ERROR}
FUNCTIONS: dict[str, tuple[Callable[..., Any], dict[str, Any]]] = {
    "fit_arrhenius": (laws.fit_arrhenius, LINE),
    "heating": (laws.heating_against_cooling, {**LINE, "heating": np.arange(N) < 4}),
    "minimum": (laws.concentration_minimum, {"concentration_mol_l": OTHER, "value": CURVED, "stderr_log": ERROR}),
    "trend": (laws.trend, {"x": OTHER, "y": VALUE, "stderr": ERROR}),
    "layers": (
        solids.layer_growth,
        {"time_h": OTHER, "asr_ohm_cm2": np.sort(VALUE), "capacitance_f_cm2": VALUE * 1e-8,
         "asr_stderr_log": ERROR, "capacitance_stderr_log": ERROR},
    ),
    "directions": (
        polarisation.compare_directions,
        {"desolvation_ohm_cm2": 395.0, "desolvation_stderr": 8.0, "solvation_ohm_cm2": 261.0, "solvation_stderr": 6.0},
    ),
    "transference": (
        polarisation.transference_number,
        {"step_mv": 10.0, "initial_ua": 20.0, "steady_ua": 8.0, "initial_ohm": 100.0, "steady_ohm": 110.0},
    ),
    "electronic": (
        polarisation.electronic_conductivity,
        {"potential_v": np.array([0.1, 0.2]), "current_a": np.array([2e-9, 4.1e-9]), "thickness_cm": 0.1,
         "area_cm2": 0.5},
    ),
    "drop": (
        polarisation.extrapolate_interface_drop,
        {"positions": np.array([0.0, 1, 3, 4]), "potentials": np.array([0.1, 0.09, 0.05, 0.03]), "interface_x": 2.0},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_argument_refuses_what_is_no_number(name: str) -> None:
    function, given = FUNCTIONS[name]
    function(**given)
    for argument, value in given.items():
        if argument == "heating":
            continue
        for bad in (np.nan, np.inf, "a", 1j, 1e300):
            wrong = bad if np.ndim(value) == 0 else [bad, *list(value[1:])]
            with pytest.raises(EisfitError):
                function(**{**given, argument: wrong})


def test_arguments_are_checked_by_what_they_declare() -> None:
    @real_arguments(SeriesError)
    def twice(x: float, name: str = "", y: float | None = None) -> float:
        return 2 * x

    assert twice(2.0, name="a", y=None) == 4.0
    for given, said in (
        ("a", "x is 'a': it must be a real"),
        (None, "x is None: it must be given"),
        (1e99, "beyond 1e"),
    ):
        with pytest.raises(SeriesError, match=said):
            twice(given)  # type: ignore[arg-type]

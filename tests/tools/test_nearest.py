"""The name that may be meant is found, or none."""

from __future__ import annotations

import inspect
import pickle

import pytest

from eisfit import Conditions, InputError, Spectrum
from eisfit.errors import SpectrumError
from eisfit.tools.nearest import did_you_mean

NAMES = ("temperature_c", "temperature_err_c", "area_cm2", "thickness_cm", "bias_v")


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("temperature", "temperature_c"),
        ("temp", "temperature_c"),
        ("Temperature_C", "temperature_c"),
        ("area", "area_cm2"),
        ("area_mm2", "area_cm2"),
        ("thickness_mm", "thickness_cm"),
        ("thicknes_cm", "thickness_cm"),
        ("bias", "bias_v"),
    ],
)
def test_a_near_name_is_asked_for(given: str, meant: str) -> None:
    assert did_you_mean(given, NAMES) == f"; did you mean {meant}?"


@pytest.mark.parametrize("given", ["", "x", "nothing_like_it", 3, None])
def test_nothing_is_asked_where_nothing_is_near(given: object) -> None:
    assert did_you_mean(given, NAMES) == ""


@pytest.mark.parametrize(
    ("given", "end"),
    [
        ("temperature", "; did you mean temperature_c?"),
        ("T", "; did you mean temperature_c?"),
        ("area_mm2", "; did you mean area_cm2?"),
        ("soc", '; a number of your own stands in own={"soc": 50}'),
    ],
)
def test_an_unknown_condition_is_named_with_those_that_are_known(given: str, end: str) -> None:
    with pytest.raises(InputError) as caught:
        Conditions(**{given: 25})  # type: ignore[arg-type]
    assert str(caught.value).startswith(f"Conditions has no '{given}'; there are temperature_c, ")
    assert str(caught.value).endswith(end)
    with pytest.raises(InputError, match=f"Conditions has no '{given}'"):
        Conditions().updated(**{given: 25})


def test_an_unknown_part_of_a_spectrum_is_named() -> None:
    with pytest.raises(SpectrumError, match=r"Spectrum has no 'frequency'; .*; did you mean frequency_hz\?"):
        Spectrum(frequency=[1.0], z_ohm=[1.0])  # type: ignore[call-arg]


def test_the_constructors_still_show_and_pickle_as_they_are() -> None:
    assert "temperature_c" in inspect.signature(Conditions).parameters
    assert list(inspect.signature(Spectrum).parameters)[:2] == ["frequency_hz", "z_ohm"]
    known = Conditions(temperature_c=25, own={"soc": 50})
    spectrum = Spectrum([1e3, 1e2], [10 - 2j, 11 - 5j], conditions=known)
    assert pickle.loads(pickle.dumps(spectrum)) == spectrum

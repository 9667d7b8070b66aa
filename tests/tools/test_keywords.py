"""An unknown keyword of a constructor is named with the one that may be meant."""

from __future__ import annotations

import inspect
import pickle

import pytest

from eisfit import Conditions, InputError, Spectrum
from eisfit.errors import SpectrumError


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("temperature", "temperature_c"),
        ("temp", "temperature_c"),
        ("Temperature_C", "temperature_c"),
        ("T", "temperature_c"),
        ("area", "area_cm2"),
        ("area_mm2", "area_cm2"),
        ("thickness_mm", "thickness_cm"),
        ("bias", "bias_v"),
        ("electrode", "electrodes"),
    ],
)
def test_an_unknown_condition_is_named_with_the_one_that_may_be_meant(given: str, meant: str) -> None:
    with pytest.raises(InputError) as caught:
        Conditions(**{given: 25})  # type: ignore[arg-type]
    said = f"Conditions has no '{given}' (did you mean '{meant}'?); there are temperature_c, "
    assert str(caught.value).startswith(said)
    with pytest.raises(InputError, match=f"Conditions has no '{given}'"):
        Conditions().updated(**{given: 25})


def test_a_number_of_ones_own_has_its_place() -> None:
    with pytest.raises(InputError) as caught:
        Conditions(soc=50)  # type: ignore[call-arg]
    assert str(caught.value).endswith('; a number of your own stands in own={"soc": 50}')


def test_an_unknown_part_of_a_spectrum_is_named() -> None:
    with pytest.raises(
        SpectrumError, match=r"Spectrum has no 'frequency' \(did you mean 'frequency_hz'\?\); there"
    ):
        Spectrum(frequency=[1.0], z_ohm=[1.0])  # type: ignore[call-arg]


def test_the_constructors_still_show_and_pickle_as_they_are() -> None:
    assert "temperature_c" in inspect.signature(Conditions).parameters
    assert list(inspect.signature(Spectrum).parameters)[:2] == ["frequency_hz", "z_ohm"]
    known = Conditions(temperature_c=25, own={"soc": 50})
    spectrum = Spectrum([1e3, 1e2], [10 - 2j, 11 - 5j], conditions=known)
    assert pickle.loads(pickle.dumps(spectrum)) == spectrum

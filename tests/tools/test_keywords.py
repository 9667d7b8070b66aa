"""An unknown keyword of a constructor is named with the one that may be meant."""

from __future__ import annotations

import inspect
import pickle
from typing import Any

import numpy as np
import pytest

import eisfit
from eisfit import Conditions, InputError, Spectrum
from eisfit.errors import SpectrumError
from eisfit.tools.attributes import Attributes

PACKAGE: Any = eisfit  # of which types are not checked: these calls are wrong


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


@pytest.mark.parametrize(
    ("value", "name", "said"),
    [
        ("spectrum", "z", "Spectrum has no 'z'; write spectrum.z_ohm"),
        ("spectrum", "Freq", "Spectrum has no 'Freq'; write spectrum.frequency_hz"),
        ("spectrum", "temperature_c", "Spectrum has no 'temperature_c'; write spectrum.conditions.temperature_c"),
        ("spectrum", "to_csv", "Spectrum has no 'to_csv'; write spectrum.to_dataframe().to_csv('spectrum.csv')"),
        ("spectrum", "lable", "Spectrum has no 'lable' (did you mean 'label'?); dir(spectrum) lists what it has"),
        ("fit", "R1", "Fit has no 'R1'; write fit['R1']"),
        ("fit", "residuals", "Fit has no 'residuals'; write fit.residual_percent"),
        ("fit", "save", "Fit has no 'save'; write eisfit.store.save('fit.h5', fit)"),
        ("series", "R0", "Series has no 'R0'; write series.follow('R0'), or series.arrhenius('R0')"),
        ("eisfit", "save", "module 'eisfit' has no attribute 'save'; write eisfit.store.save"),
        ("eisfit", "nyquist", "module 'eisfit' has no attribute 'nyquist'; write eisfit.plots.nyquist"),
    ],
)  # fmt: skip
def test_a_missing_attribute_is_named_with_what_is_written_instead(value: str, name: str, said: str) -> None:
    f = np.logspace(4, 0, 20)
    spectrum = Spectrum(f, 10 + 100 / (1 + 2e-4j * np.pi * f), conditions=Conditions(temperature_c=25.0))
    fit = eisfit.fit(spectrum, "R0-p(R1,C1)")
    values = {"spectrum": spectrum, "fit": fit, "series": eisfit.Series.over("temperature_c", [fit])}
    with pytest.raises(AttributeError) as caught:
        getattr(values.get(value, eisfit), name)
    assert str(caught.value) == said


def test_a_property_that_goes_wrong_keeps_its_own_error() -> None:
    class Odd(Attributes):
        @property
        def value(self) -> float:
            return float(self.nothing)  # type: ignore[attr-defined]

    with pytest.raises(AttributeError, match="Odd has no 'nothing'"):
        Odd().value
    assert pickle.loads(pickle.dumps(Spectrum([1.0, 2.0], [1, 2]))).label == ""


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda s: PACKAGE.fit(s), r"^fit\(\): missing a required argument: 'template'; it takes spectrum, template"),
        (lambda s: PACKAGE.fit(s, None), "^a template is a name .* and this is None$"),
        (lambda s: PACKAGE.fit(s.frequency_hz, s.z_ohm, "R0"), r"^fit\(\): too many positional arguments; it takes"),
        (lambda s: PACKAGE.Series([s]), "^Series: missing a required argument: 'fits'; it takes condition, fits"),
        (lambda s: PACKAGE.Series.over([s]), r"^over\(\): missing a required argument: 'fits'; it takes"),
        (lambda s: PACKAGE.Spectrum(s.frequency_hz, s.z_ohm.real, s.z_ohm.imag), "^Spectrum: too many positional"),
    ],
)  # fmt: skip
def test_a_call_with_too_few_or_too_many_values_is_said_in_a_sentence(call: Any, said: str) -> None:
    with pytest.raises(InputError, match=said):
        call(Spectrum([1e3, 1e2], [10 - 2j, 11 - 5j]))

"""Spectra and conditions are checked at the door."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eisfit import Conditions, Finding, Spectrum
from eisfit.errors import InputError, SpectrumError
from eisfit.tools.frozen import equal

F, Z = [1e3, 1e2, 1e1], [10 - 1j, 12 - 5j, 20 - 1j]


def test_arrays_are_copied_and_cannot_be_written_to() -> None:
    f = np.array(F)
    s = Spectrum(f, Z)
    f[0] = 7.0
    assert s.frequency_hz[0] == 1e3
    with pytest.raises(ValueError, match="read-only"):
        s.z_ohm[0] = 0


@pytest.mark.parametrize(
    ("f", "z", "sentence"),
    [
        ([1e3, -1.0], [1, 1], r"frequency_hz\[1\] is -1: frequencies must be finite and positive"),
        ([1e3, np.nan], [1, 1], r"frequency_hz\[1\] is nan"),
        ([1e3, 0.0], [1, 1], r"frequency_hz\[1\] is 0"),
        ([1e3, 1e2], [1, np.nan], r"z_ohm\[1\] at 100 Hz is .*nan.*: impedances must be finite"),
        ([1e3, 1e2], [1], "z_ohm has 1 points and frequency_hz 2"),
        ([], [], "no points"),
        ([[1.0]], [[1.0]], r"shape \(1, 1\)"),
        (["a"], [1], "cannot be read as numbers"),
    ],
)
def test_what_is_no_spectrum_is_refused_with_one_sentence(f: list, z: list, sentence: str) -> None:
    with pytest.raises(SpectrumError, match=sentence):
        Spectrum(f, z, label="cell")


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"temperature_c": -300.0}, "below absolute zero"),
        ({"area_cm2": 0.0}, "area_cm2 is 0: it must be positive"),
        ({"area_cm2": -1.0}, "must be positive"),
        ({"thickness_cm": float("nan")}, "must be finite"),
        ({"electrodes": 5}, "one of 2, 3, 4, 8"),
        ({"bias_v": "0.1"}, "must be a number"),
        ({"amplitude_v": 0.0}, "amplitude_v is 0: it must be positive"),
        ({"amplitude_a": float("inf")}, "must be finite"),
    ],
)
def test_impossible_conditions_are_refused(values: dict, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        Conditions(**values)


def test_a_temperature_error_of_zero_is_allowed() -> None:
    assert Conditions(temperature_err_c=0.0).temperature_err_c == 0.0


def test_cutting_keeps_points_and_says_why() -> None:
    s = Spectrum(F, Z).cut(f_max_hz=500.0, drop=[2])
    assert s.mask.tolist() == [True, False, True]
    assert s.mask_reason == ("above f_max_hz = 500", "", "dropped by index")
    assert len(s) == 3
    assert s.used.tolist() == [False, True, False]


def test_a_masked_point_keeps_its_first_reason() -> None:
    s = Spectrum(F, Z).cut(f_max_hz=500.0).cut(drop=[0])
    assert s.mask_reason[0] == "above f_max_hz = 500"


def test_an_index_outside_the_spectrum_is_refused() -> None:
    with pytest.raises(SpectrumError, match=r"drop = \[3\] lies outside its points, 0 to 2"):
        Spectrum(F, Z).cut(drop=[3])


def test_findings_are_gathered_in_one_text() -> None:
    s = Spectrum(F, Z).noting(Finding("sign", "a"), Finding("unit", "b"))
    assert s.finding == "a; b"


def test_equality_is_by_content() -> None:
    a = Spectrum(F, Z, conditions=Conditions(temperature_c=25, layers={"polymer": 0.01}))
    b = Spectrum(F, Z, conditions=Conditions(temperature_c=25, layers={"polymer": 0.01}))
    assert a == b
    assert a != b.named("other")
    assert pickle.loads(pickle.dumps(a)) == a


@given(st.lists(st.floats(allow_nan=True), max_size=5))
def test_nan_equals_nan_in_values(values: list[float]) -> None:
    assert equal(np.array(values), np.array(values))
    assert equal(tuple(values), tuple(values))


def test_updated_conditions_leave_the_old_ones() -> None:
    old = Conditions(temperature_c=25.0)
    assert old.updated(area_cm2=2.0, temperature_c=None) == Conditions(temperature_c=25.0, area_cm2=2.0)
    assert old.area_cm2 is None

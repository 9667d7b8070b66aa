"""A result comes back from its file equal to what was saved."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eisfit.cell.segments import Setting
from eisfit.cell.templates import Template
from eisfit.fitting.spectra import fit
from eisfit.formats.reading import Unread
from eisfit.results.contribution import Contribution
from eisfit.results.fit import Fit
from eisfit.results.fits import Fits
from eisfit.results.outcome import Outcome
from eisfit.results.series import Series
from eisfit.spectrum.conditions import Conditions
from eisfit.spectrum.findings import Checked, Finding, Source
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.frozen import equal
from support.stored import FREQUENCY, points, returned, series, simulated


def test_a_series_comes_back_as_it_went_in(tmp_path: Path) -> None:
    assert returned(tmp_path, series()) == series()


def test_what_a_check_has_shown_comes_back(tmp_path: Path) -> None:
    findings = Finding("unit", "kilohm"), Finding("drift", "Z has changed"), Finding("sign", "Im Z > 0")
    for number in (1.25, np.nan):
        spectrum = replace(simulated(25.0), findings=findings[:1], checked=Checked(number, findings[1:]))
        assert returned(tmp_path, spectrum) == spectrum
    assert all(f.spectrum.checked is not None for f in series())


def test_every_number_comes_back_bit_for_bit(tmp_path: Path) -> None:
    z = np.empty(3, complex)
    z.real, z.imag = [-0.0, 5e-324, 1 / 3], [0.1 + 0.2, -0.0, -1.7976931348623157e308]
    spectrum = points([1e-3, 0.1 + 0.2, 3e9], list(z), time_s=[0.0, -0.0, np.nan])
    back = returned(tmp_path, spectrum)
    assert isinstance(back, Spectrum)
    for name in ("frequency_hz", "z_ohm", "time_s"):
        assert getattr(back, name).tobytes() == getattr(spectrum, name).tobytes()


@pytest.mark.parametrize("index", range(4))
def test_a_fit_comes_back_as_it_went_in(tmp_path: Path, index: int) -> None:
    assert returned(tmp_path, series()[index]) == series()[index]


def test_everything_that_was_known_of_a_spectrum_is_in_the_series() -> None:
    outcomes = [f.outcome for f in series()]
    known = next(f.spectrum for f in series() if f.spectrum.source)
    assert outcomes.count(Outcome.FAILED) == 1
    assert known.mask.sum() > 1
    assert known.findings
    assert known.conditions.layers


def test_fixed_parameters_and_parameters_on_a_bound_come_back(tmp_path: Path) -> None:
    fixed = Template.from_circuit("R0-p(R1,CPE1)").setting(
        {"R0": Setting(fixed=5.0), "CPE1_alpha": Setting(low=0.5, high=0.7), "R1": Setting(high=np.inf)}
    )
    z = Template.from_circuit("R0-p(R1,CPE1)").circuit.impedance(FREQUENCY, [5.0, 100.0, 1e-6, 0.9])
    result = fit(Spectrum(FREQUENCY, z), fixed, weights=np.abs(z) / 100)
    said = [p.note for p in result.parameters]
    assert said[0] == "fixed"
    assert any(text.startswith("rests on its upper bound") for text in said)
    assert np.isnan(result.covariance_log).any()
    assert returned(tmp_path, result) == result


def test_contributions_of_which_only_the_sum_is_known_come_back(tmp_path: Path) -> None:
    result = next(f for f in series() if any("+" in c.name for c in f.contributions))
    back = returned(tmp_path, result)
    assert isinstance(back, Fit)
    assert equal(back.contributions, result.contributions)
    assert back.template == result.template


def test_a_contribution_with_limits_and_a_joined_row_comes_back(tmp_path: Path) -> None:
    rows = (
        Contribution("bulk", "bulk", 1, resolved="no", limit_ohm=3.0, ci95_ohm=(-np.inf, np.inf)),
        Contribution("bulk + grain boundary", "bulk + grain_boundary", 2, 7.0, 0.1, resolved="sum only"),
        Contribution("interface", "interface", 2, resolved="upper limit", capacitance_formula="Brug"),
    )
    result = replace(series()[0], contributions=rows, remarks=("", "a remark", "a; b"))
    assert returned(tmp_path, result) == result


@pytest.mark.parametrize("kind", [list, tuple, Fits])
def test_fits_come_back_in_the_container_that_they_came_in(tmp_path: Path, kind: type) -> None:
    fits = (series()[2], series()[0])
    result = Fits(fits) if kind is Fits else kind(fits)
    back = returned(tmp_path, result)
    assert type(back) is kind
    assert back == result


@pytest.mark.parametrize("kind", [list, tuple])
def test_spectra_come_back_in_order_with_equal_and_empty_labels(tmp_path: Path, kind: type) -> None:
    labels = [
        "b",
        "a",
        "",
        "a",
        "a~2",
        "x/y",
        "x_y",
        ".",
        "..",
        "#2",
        "25 °C",
        "",
        "spectrum",
        "json:1",
        "\0",
    ]
    result = kind(points([k + 1.0], [1 + k * 1j], label=label) for k, label in enumerate(labels))
    back = returned(tmp_path, result)
    assert type(back) is kind
    assert back == result


def test_a_series_in_which_no_file_could_be_read_comes_back(tmp_path: Path) -> None:
    result = Series("bias_v", (), (Unread("a", "b.mpt", "c"),))
    assert returned(tmp_path, result) == result


def test_a_file_name_that_is_no_utf8_comes_back(tmp_path: Path) -> None:
    result = points([1.0], [1j], label="t\udcb0C", source=Source("lab/25\udcb0C.mpt", "", "table"))
    assert returned(tmp_path, result) == result


def test_long_texts_come_back(tmp_path: Path) -> None:
    long = "é" * 100_000
    template = replace(series()[0].template, text=long, title=long, asked=None)
    spectrum = replace(series()[0].spectrum, findings=(Finding("unit", long),))
    result = replace(series()[0], spectrum=spectrum, template=template, remarks=(long,))
    assert returned(tmp_path, result) == result


def test_fits_share_their_template_when_they_come_back(tmp_path: Path) -> None:
    back = returned(tmp_path, list(series())[:2])
    assert isinstance(back, list)
    assert back[0].template is back[1].template


FINITE = st.floats(allow_nan=False, allow_infinity=False)
POSITIVE = st.floats(min_value=1e-300, max_value=1e300)
TEXT = st.text(max_size=20)


@st.composite
def conditions(draw: st.DrawFn) -> Conditions:
    """Return any conditions."""
    return Conditions(
        temperature_c=draw(st.none() | st.floats(-273.0, 1e4)),
        temperature_err_c=draw(st.none() | st.just(0.0) | POSITIVE),
        area_cm2=draw(st.none() | POSITIVE),
        area_err_cm2=draw(st.none() | POSITIVE),
        thickness_cm=draw(st.none() | POSITIVE),
        layers=draw(st.dictionaries(TEXT, POSITIVE, max_size=3)),
        time_h=draw(st.none() | FINITE),
        concentration_mol_l=draw(st.none() | POSITIVE),
        bias_v=draw(st.none() | FINITE),
        amplitude_v=draw(st.none() | POSITIVE),
        amplitude_a=draw(st.none() | POSITIVE),
        electrodes=draw(st.none() | st.sampled_from([2, 3, 4, 8])),
        probe_pair=draw(st.none() | TEXT),
    )


@st.composite
def any_spectrum(draw: st.DrawFn) -> Spectrum:
    """Return any spectrum."""
    n = draw(st.integers(1, 5))

    def column(kind: st.SearchStrategy[Any]) -> list[Any]:
        return draw(st.lists(kind, min_size=n, max_size=n))

    return points(
        column(st.floats(min_value=5e-324, allow_infinity=False)),
        [complex(a, b) for a, b in zip(column(FINITE), column(FINITE), strict=True)],
        time_s=column(st.floats()) if draw(st.booleans()) else None,
        mask=column(st.booleans()),
        mask_reason=tuple(column(TEXT)),
        conditions=draw(conditions()),
        label=draw(TEXT),
        source=draw(st.none() | st.builds(Source, TEXT, TEXT, TEXT, st.integers(1, 99))),
        findings=tuple(draw(st.lists(st.builds(Finding, TEXT, TEXT), max_size=3))),
    )


@settings(max_examples=25, deadline=None)
@given(st.lists(any_spectrum(), min_size=1, max_size=2))
def test_any_spectra_come_back_as_they_went_in(tmp_path_factory: Any, spectra: list[Spectrum]) -> None:
    assert returned(tmp_path_factory.mktemp("any"), spectra) == spectra

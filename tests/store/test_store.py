"""Results in HDF5 files come back as they went in, and other programs can read them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eisfit import store
from eisfit.cell.find import template
from eisfit.cell.segments import Setting
from eisfit.cell.templates import Template
from eisfit.errors import StoreError
from eisfit.fitting.series import fit_series
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
from eisfit.store.older_files import origin_and_cause, states
from eisfit.tools.frozen import equal

FREQUENCY = np.logspace(6, -1, 36)
TRUTH = {
    "R_le_b": 100.0,
    "Zarc_gb_R": 320.0,
    "Zarc_gb_tau": 2.5e-6,
    "Zarc_gb_alpha": 0.95,
    "Zarc_int_R": 640.0,
    "Zarc_int_tau": 5e-4,
    "Zarc_int_alpha": 0.9,
}


def points(frequency_hz: Sequence[float], z_ohm: Sequence[complex], **known: Any) -> Spectrum:
    """Return a spectrum of lists."""
    return Spectrum(np.asarray(frequency_hz, float), np.asarray(z_ohm, complex), **known)


def measured(celsius: float, **known: object) -> Spectrum:
    """Return a simulated four-electrode spectrum whose resistances fall with the temperature."""
    factor = np.exp(4000 * (1 / (celsius + 273.15) - 1 / 298.15))
    values = {k: v * (factor if k.endswith(("_R", "_tau", "_b")) else 1) for k, v in TRUTH.items()}
    z = template("le_se", 4).with_arcs_as_resistors(("bulk",)).circuit.impedance(FREQUENCY, values)
    rng = np.random.default_rng(int(celsius))
    noise = rng.normal(size=z.size) + 1j * rng.normal(size=z.size)
    given = {"area_cm2": 0.785, "area_err_cm2": 0.01, "thickness_cm": 0.1, "electrodes": 4}
    conditions = Conditions(temperature_c=celsius, **(given | known))  # type: ignore[arg-type]
    return Spectrum(FREQUENCY, z * (1 + 0.005 * noise), label=f"{celsius:g} °C", conditions=conditions)


@cache
def series() -> Series:
    """Return a series with a masked, an unreadable and a hopeless spectrum, and one with everything known."""
    full = replace(
        measured(40.0, temperature_err_c=0.5, layers={"polymer": 0.01}, probe_pair="left"),
        time_s=np.arange(36.0),
        source=Source("lab/40C.mpt", "ab" * 32, "EC-Lab text", 2),
        findings=(Finding("unit", "kΩ read as Ω"), Finding("sign", "-Im(Z) in the file")),
    ).cut(f_max_hz=5e5, drop=[7])
    hopeless = points([1e3, 1e2], [10 - 1j, 11 - 2j], label="two/points", conditions=full.conditions)
    spectra = [measured(25.0), full, measured(60.0), hopeless]
    return fit_series(spectra, "le_se", unread=[Unread("70C", "lab/70C.mpt", "it holds no impedance")])


def returned(path: Path, result: store.Result) -> object:
    """Return what comes back from a file."""
    return store.load(store.save(path / "results.h5", result, overwrite=True))


def test_a_series_comes_back_as_it_went_in(tmp_path: Path) -> None:
    assert returned(tmp_path, series()) == series()


def test_what_a_check_has_shown_comes_back(tmp_path: Path) -> None:
    findings = Finding("unit", "kilohm"), Finding("drift", "Z has changed"), Finding("sign", "Im Z > 0")
    for number in (1.25, np.nan):
        spectrum = replace(measured(25.0), findings=findings[:1], checked=Checked(number, findings[1:]))
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


def test_a_file_of_0_1_0_still_loads(tmp_path: Path) -> None:
    path = store.save(tmp_path / "a.h5", series())
    with h5py.File(path, "r+") as file:
        for name in ("segments", "kind", "cause", "doubts"):
            del file[f"entry/tables/contributions/{name}"]
        for model in file["entry/models"].values():
            if "state" in model:
                del model["state"]
    assert store.load(path) == series()


@pytest.mark.parametrize(
    ("note", "unexpected", "cause", "doubts"),
    [
        ("", 0.0, "", ()),
        ("passes direct current without a resistance", 0.0, "no resistance", ()),
        ("blocks direct current: it has no resistance", 0.0, "blocking", ()),
        ("top at 1e+06 Hz, outside 0.2 to 5e+05 Hz", 0.0, "top outside window", ()),
        (
            "top at 1e+06 Hz, outside 0.2 to 5e+05 Hz; its capacitance, 1e-09 F, is 2.0 decades outside the "
            "1e-07 to 1e-05 F expected of it; the split depends on topology",
            1.0,
            "top outside window",
            ("implausible capacitance", "topology"),
        ),
        ("its arc lies above the window: it acts as a resistor", 0.0, "above window", ()),
        (
            "resistors in series: no arc in the window parts them; fix one of them to split the sum",
            0.0,
            "resistors in series",
            (),
        ),
        (
            "contributions say the same thing: only their sum is known; add a complementary measurement",
            0.0,
            "not separable",
            (),
        ),
        ("only known within 'bulk + interface'", 0.0, "in sum", ()),
        ("not known: a part of it is only known within 'bulk + interphase'", 0.0, "part in sum", ()),
        ("not seen: below 3 ohm (95 %); the other rows hold what there is of it", 0.0, "not detected", ()),
        ("hardly seen: between 1 and 3 ohm (95 % each)", 0.0, "hardly detected", ()),
        ("seen, but its size is not determined: at least 3 ohm (95 %)", 0.0, "size not determined", ()),
        ("not determined by these data", 0.0, "not determined", ()),
        ("the split depends on topology", 0.0, "", ("topology",)),
    ],
)
def test_the_causes_of_a_file_of_0_1_0(
    note: str, unexpected: float, cause: str, doubts: tuple[str, ...]
) -> None:
    cell = template("le_se", 4)
    found = origin_and_cause({"contribution": "bulk", "outcome": note, "unexpected": unexpected}, cell)
    assert found == {"segments": ("bulk",), "kind": "segment", "cause": cause, "doubts": doubts}


@pytest.mark.parametrize(
    ("cell", "electrodes", "name", "note", "segments", "kind"),
    [
        ("le_se", 4, "interface", "", ("interface",), "segment"),
        ("le_se", 4, "bulk + interface", "", ("bulk", "interface"), "sum"),
        ("le_se", 2, "interface + electrode", "", ("interface", "electrode"), "sum"),
        ("le_se_slei", 4, "interface", "total of the split", ("interphase", "charge transfer"), "total"),
        ("pe_se_porous", 4, "interface", "wall of the pores", ("pore",), "wall"),
        ("pe_se_porous", 4, "interface", "", ("pore",), "wall"),
        ("pe_se_porous", 4, "pore", "", ("pore",), "segment"),
    ],
)
def test_the_segments_of_a_file_of_0_1_0(
    cell: str, electrodes: int, name: str, note: str, segments: tuple[str, ...], kind: str
) -> None:
    row = {"contribution": name, "outcome": note, "unexpected": 0.0}
    found = origin_and_cause(row, template(cell, electrodes))
    assert (found["segments"], found["kind"]) == (segments, kind)


def test_the_states_of_a_file_of_0_1_0() -> None:
    notes = [
        "",
        "fixed",
        "not seen",
        "rests on its upper bound 0.8; above 0.7 (95 %)",
        "rests on its lower bound 0.8; the data allow its whole range",
        "rests on its upper bound 1, a physical limit; above 0.98 (95 %)",
        "rests at nothing, a physical limit; below 3 (95 %)",
    ]
    assert states([notes]) == [
        ["free", "fixed", "not detected", "upper bound", "lower bound", "physical limit", "physical limit"]
    ]


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
    template = replace(series()[0].template, text=long, title=long)
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


def test_settings_come_back(tmp_path: Path) -> None:
    given_settings = {"template": "le_se", "f_max_hz": np.float64(1e6), "drop": (0, 3), "out": Path("x")}
    path = store.save(tmp_path / "a.h5", series(), settings=given_settings)
    assert store.load_settings(path) == {"template": "le_se", "f_max_hz": 1e6, "drop": [0, 3], "out": "x"}


def test_two_hundred_spectra_are_saved_quickly(tmp_path: Path) -> None:
    one = measured(25.0)
    spectra = [one.named(f"s{k}") for k in range(200)]
    start = time.process_time()
    store.save(tmp_path / "a.h5", spectra)
    assert time.process_time() - start < 2.0


# the file and the folder


def test_a_file_that_exists_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "cell7.h5"
    path.write_bytes(b"old")
    with pytest.raises(StoreError, match=r"cell7\.h5 exists already .*--force \(overwrite=True\)"):
        store.save(path, series())
    assert path.read_bytes() == b"old"
    assert store.load(store.save(path, series(), overwrite=True)) == series()


def test_a_file_that_appears_meanwhile_is_not_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "cell7.h5"
    monkeypatch.setattr(os, "fsync", lambda descriptor: path.write_bytes(b"of another"))
    with pytest.raises(StoreError, match="exists already"):
        store.save(path, series()[0].spectrum)
    assert path.read_bytes() == b"of another"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("broken", ["replace", "fsync"])
def test_a_failed_save_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    def fails(*_: object) -> None:
        raise OSError("no space left on device")

    path = store.save(tmp_path / "a.h5", series())
    old = path.read_bytes()
    monkeypatch.setattr(os, broken, fails)
    with pytest.raises(StoreError, match=r"a\.h5: the results cannot be written \(no space left on device\)"):
        store.save(path, series()[0], overwrite=True)
    assert path.read_bytes() == old
    assert list(tmp_path.iterdir()) == [path]


def test_an_interrupted_save_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    path = store.save(tmp_path / "a.h5", series())
    monkeypatch.setattr(os, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        store.save(path, series()[0], overwrite=True)
    assert store.load(path) == series()
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_stays_a_link_and_its_target_is_written(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    target = store.save(tmp_path / "far" / "a.h5", series()[0].spectrum)
    link = tmp_path / "a.h5"
    link.symlink_to(target)
    store.save(link, series(), overwrite=True)
    assert link.is_symlink()
    assert store.load(target) == series()


@pytest.mark.parametrize(
    ("result", "words"),
    [
        ([], "an empty list holds nothing to save"),
        (3, "a value of type int cannot be saved; give a Series"),
        ("abc", "a value of type str cannot be saved"),
        ([points([1.0], [1j]), 3], "a list of Spectrum and others"),
        (points([1.0], [1j], label=3), "3 stands where a text belongs"),
    ],
)
def test_what_is_no_result_is_refused(tmp_path: Path, result: Any, words: str) -> None:
    with pytest.raises(StoreError, match=words):
        store.save(tmp_path / "a.h5", result)
    assert not list(tmp_path.iterdir())


def test_places_that_cannot_hold_a_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="is a folder: give the name of a file in it"):
        store.save(tmp_path, series(), overwrite=True)
    with pytest.raises(StoreError, match="does not exist: make it first"):
        store.save(tmp_path / "no" / "a.h5", series())


def test_settings_that_are_no_plain_values_are_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="the settings cannot be kept as JSON"):
        store.save(tmp_path / "a.h5", series(), settings={"a": object()})


# files that cannot be read


def changed(tmp_path: Path, change: Callable[[Any], object]) -> Path:
    """Return a file that was edited by another program."""
    path = store.save(tmp_path / "a.h5", series())
    with h5py.File(path, "r+") as file:
        change(file)
    return path


def refused(path: Path, words: str) -> None:
    with pytest.raises(StoreError, match=f"^{re.escape(str(path))}: .*{words}"):
        store.load(path)


def test_a_file_edited_by_another_program_is_still_read(tmp_path: Path) -> None:
    path = changed(tmp_path, lambda file: file["entry/spectra/25 °C/z_real_ohm"].__setitem__(0, 5.0))
    assert store.load(path)[0].spectrum.z_ohm[0].real == 5.0


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    refused(tmp_path / "a.h5", "there is no such file")


def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(_: Path) -> bytes:
        raise PermissionError("permission denied")

    path = store.save(tmp_path / "a.h5", measured(25.0))
    monkeypatch.setattr(Path, "read_bytes", forbidden)
    refused(path, r"the file cannot be read \(permission denied\): make it readable")


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.h5"
    path.write_text("freq/Hz,Re(Z)/Ohm\n")
    refused(path, "damaged or no HDF5 file")


def test_an_hdf5_file_of_another_program_is_refused(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["x"] = 1
    refused(tmp_path / "a.h5", "was not written by eisfit")


def test_a_newer_format_is_refused(tmp_path: Path) -> None:
    path = changed(tmp_path, lambda file: file.attrs.__setitem__("eisfit_format", 2))
    refused(path, "a newer eisfit wrote this file .*install a newer eisfit-heteroionic")


@pytest.mark.parametrize("kept", [0, 20, 3000, 100_000, -46, -1])
def test_a_truncated_file_is_refused_or_complete(tmp_path: Path, kept: int) -> None:
    path = store.save(tmp_path / "a.h5", series())
    path.write_bytes(path.read_bytes()[:kept])
    if -46 <= kept < 0:  # only the seal is gone
        assert store.load(path) == series()
    else:
        refused(path, "damaged or no HDF5 file")


def test_a_changed_byte_is_noticed(tmp_path: Path) -> None:
    path = store.save(tmp_path / "a.h5", series())
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    refused(path, "its bytes are not those that were saved")


@pytest.mark.parametrize(
    "part",
    [
        "entry/spectra/25 °C/z_imag_ohm",
        "entry/tables/fits",
        "entry/models/le_se/value",
        "entry/tables/contributions/role",
        "entry/models/le_se/template_text",
    ],
)
def test_a_missing_part_is_named(tmp_path: Path, part: str) -> None:
    path = changed(tmp_path, lambda file: file.__delitem__(part))
    refused(path, "is missing from the results")


def test_a_part_with_senseless_numbers_is_refused(tmp_path: Path) -> None:
    path = changed(tmp_path, lambda file: file["entry/spectra/25 °C/frequency_hz"].__setitem__(0, -1.0))
    refused(path, "frequencies must be finite and positive")


# other programs


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return store.save(tmp_path / "a.h5", series(), settings={"template": "le_se"})


def test_the_versions_and_the_time_of_writing_are_attributes_of_the_root(path: Path) -> None:
    with h5py.File(path) as file:
        root = dict(file.attrs)
    assert root["NX_class"] == "NXroot"
    assert root["eisfit_format"] == 1
    assert root["creator"].startswith("eisfit-heteroionic ")
    assert root["numpy_version"] == np.__version__
    assert {"scipy_version", "python_version", "h5py_version", "HDF5_Version"} <= root.keys()
    assert datetime.fromisoformat(root["file_time"]).utcoffset() == timedelta(0)


def test_a_spectrum_is_read_by_hand_with_h5py(path: Path) -> None:
    fit_ = next(f for f in series() if f.spectrum.source)
    with h5py.File(path) as file:
        group = file["entry/spectra/40 °C"]
        assert group["z_real_ohm"].dtype == group["z_imag_ohm"].dtype == np.float64
        np.testing.assert_array_equal(group["frequency_hz"], fit_.spectrum.frequency_hz)
        np.testing.assert_array_equal(group["z_imag_ohm"], fit_.spectrum.z_ohm.imag)
        np.testing.assert_array_equal(group["z_fit_real_ohm"], fit_.impedance().real)
        assert group["z_real_ohm"].attrs["units"] == "ohm"
        assert group["mask_reason"].asstr()[0] == "above f_max_hz = 500000"
        assert group.attrs["temperature_c"] == 40.0
        assert group.attrs["source_sha256"] == "ab" * 32
        assert file["entry/spectra/two_points"].attrs["label"] == "two/points"


def test_a_file_from_before_the_amplitude_was_kept_still_loads(tmp_path: Path) -> None:
    spectrum = points([1.0, 2.0], [1j, 2j], label="a", conditions=Conditions(bias_v=0.1))
    stored = store.save(tmp_path / "a.h5", [spectrum])
    with h5py.File(stored, "r+") as file:
        for name in ("amplitude_v", "amplitude_a"):
            del file[f"entry/tables/spectra/{name}"]
            assert name not in file["entry/spectra/a"].attrs
    assert store.load(stored) == [spectrum]


def test_parameters_are_read_by_hand_with_h5py(path: Path) -> None:
    with h5py.File(path) as file:
        group = file["entry/models/le_se"]
        names = list(group["parameter"].asstr())
        row = list(group["spectrum"].asstr()).index("60 °C")
        assert group["value"][row, names.index("Zarc_int_R")] == series()[3].values["Zarc_int_R"]
        assert group["unit"].asstr()[names.index("Zarc_int_tau")] == "s"
        np.testing.assert_array_equal(group["covariance_log"][row], series()[3].covariance_log)
        assert group["template_text"].asstr()[()] == series()[3].template.text


def test_tables_are_columns_of_equal_length(path: Path) -> None:
    with h5py.File(path) as file:
        for table in file["entry/tables"].values():
            assert len({column.shape for column in table.values()}) == 1
        columns = file["entry/tables/arrhenius"]
        energies = dict(zip(columns["contribution"].asstr(), columns["activation_energy_ev"], strict=True))
        assert columns["ordinate"].asstr()[0] == series().lines()[0][0].ordinate
    assert energies.keys() == {line.contribution for line, _ in series().lines()}


def test_axes_have_dimension_scales_everywhere_or_nowhere(path: Path) -> None:
    def check(name: str, item: Any) -> None:
        if isinstance(item, h5py.Dataset) and not item.is_scale:
            assert all(len(dim) == 1 for dim in item.dims), name

    with h5py.File(path) as file:
        file.visititems(check)


def test_only_large_arrays_are_compressed(tmp_path: Path) -> None:
    f = np.logspace(6, -1, 2000)
    stored = store.save(tmp_path / "a.h5", [Spectrum(f, f + 1j, label="a"), measured(25.0)])
    with h5py.File(stored) as file:
        assert file["entry/spectra/a/z_real_ohm"].compression == "gzip"
        assert file["entry/spectra/a/z_real_ohm"].shuffle
        assert file["entry/spectra/25 °C/z_real_ohm"].compression is None


def default_plot(group: Any) -> Any:
    """Return what silx draws of a group."""
    from silx.io.nxdata.parse import get_default

    return get_default(group)


def test_silx_draws_the_line_of_the_interface_first(path: Path) -> None:
    with h5py.File(path) as file:
        shown = default_plot(file)
        assert shown.is_valid
        assert shown.is_curve
        assert shown.group.name == "/entry/arrhenius/interface"
        assert shown.signal_name == "ordinate"
        assert shown.errors is not None


def test_silx_draws_every_spectrum(path: Path) -> None:
    with h5py.File(path) as file:
        for group in file["entry/spectra"].values():
            shown = default_plot(group)
            assert shown.is_valid
            assert not shown.issues
            assert shown.signal_dataset_name == "z_real_ohm"


def test_silx_draws_a_single_spectrum_by_default(tmp_path: Path) -> None:
    with h5py.File(store.save(tmp_path / "a.h5", measured(25.0))) as file:
        assert default_plot(file).group.name == "/entry/spectra/25 °C"


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_xarray_opens_every_group(path: Path) -> None:
    import xarray

    groups: list[str] = []
    with h5py.File(path) as file:
        file.visititems(lambda name, item: groups.append(name) if isinstance(item, h5py.Group) else None)
    for group in groups:
        with xarray.open_dataset(path, engine="h5netcdf", group=group) as data:
            data.load()
    with xarray.open_dataset(path, engine="h5netcdf", group="entry/spectra/40 °C") as data:
        assert dict(data.sizes) == {"frequency_hz": 36}
        assert data["mask"].dtype == bool
        assert data["time_s"].dtype == np.float64
        assert data.attrs["temperature_c"] == 40.0
    with xarray.open_dataset(path, engine="h5netcdf", group="entry/models/le_se") as data:
        chosen = data["value"].sel(spectrum="25 °C", parameter="Zarc_int_R")
        assert float(chosen) == series()[0].values["Zarc_int_R"]
        assert data["covariance_log"].dims == ("spectrum", "parameter", "with_parameter")
    with xarray.open_dataset(path, engine="h5netcdf", group="entry/tables/contributions") as data:
        frame = data.to_dataframe()
    assert list(frame[frame["contribution"] == "interface"]["spectrum"]) == ["25 °C", "40 °C", "60 °C"]


def test_importing_eisfit_store_does_not_import_h5py() -> None:
    code = "import sys, eisfit.store; sys.exit('h5py' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

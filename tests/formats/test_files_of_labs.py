"""Files as labs have them: one of each kind that was once read wrongly, refused needlessly or for a wrong reason."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from eisfit.errors import FormatError, NoImpedance
from eisfit.formats import read_file
from eisfit.spectrum.spectrum import Spectrum
from eisfit.workflow.read import all_in_ohm
from support.formats_samples import kinds

DATA = Path(__file__).parent / "data"
TRUTH = {1e6: 52.939 - 56.161j, 1e3: 188.5 - 63.102j, 1.0: 560.45 - 6.0596j}
POINTS = 25


def assert_truth(s: Spectrum, scale: float = 1.0, rtol: float = 2e-5) -> None:
    assert len(s) == POINTS
    for f, z in TRUTH.items():
        k = int(np.argmin(np.abs(np.log(s.frequency_hz / f))))
        assert s.frequency_hz[k] == pytest.approx(f, rel=1e-5)
        assert s.z_ohm[k] == pytest.approx(scale * z, rel=rtol)


ONE_SPECTRUM = [
    "R_write_table.txt", "a4294_R_X.txt", "admittance_re_im.csv", "chamber_278K.txt", "double_prime_no_unit.txt",
    "lcr_Cp_Rp.csv", "measured_and_fit.csv", "minus_in_front_in_brackets.csv", "mpt_temperature_column.mpt",
    "phase_ordinal_sign.csv", "temperature_ordinal_column.csv", "vna_S_RI.s1p", "zplot_bias_m0.5V_vs_ocp.z",
]  # fmt: skip


@pytest.mark.parametrize("name", ONE_SPECTRUM)
def test_a_file_of_one_spectrum(name: str) -> None:
    (s,) = read_file(DATA / name)
    assert_truth(s)


@pytest.mark.parametrize(
    "name", ["two_samples_shared_f_labelled_AB.csv", "two_samples_shared_f_same_heading.csv"]
)
def test_two_samples_beside_one_frequency(name: str) -> None:
    a, b = read_file(DATA / name)
    assert_truth(a)
    assert_truth(b, 0.5)
    assert "columns" in kinds(a)


def test_labels_are_named() -> None:
    a, b = read_file(DATA / "two_samples_shared_f_labelled_AB.csv")
    assert "labelled 'A'" in a.finding
    assert "labelled 'B'" in b.finding


def test_the_columns_of_a_fit_are_named_and_left_out() -> None:
    (s,) = read_file(DATA / "measured_and_fit.csv")
    assert '"Fit Z\' (Ohm)", "Fit Z\'\' (Ohm)" were left out' in s.finding


def test_a_column_without_a_heading_that_numbers_the_rows_is_named() -> None:
    (s,) = read_file(DATA / "R_write_table.txt")
    assert "the first numbers the rows" in s.finding


def test_frequencies_of_the_4294a_ascend_as_in_the_file() -> None:
    (s,) = read_file(DATA / "a4294_R_X.txt")
    assert np.all(np.diff(s.frequency_hz) > 0)
    assert s.conditions.amplitude_v == pytest.approx(0.1)


def test_set_points_cut_a_file_and_measured_temperatures_are_kept() -> None:
    spectra = read_file(DATA / "smart_point.csv")
    assert [len(s) for s in spectra] == [POINTS] * 3
    assert_truth(spectra[0])
    assert [s.conditions.temperature_c for s in spectra] == pytest.approx([25.2, 50.2, 75.2])


TEMPERATURES = {
    "mpt_temperature_column.mpt": 60.12,
    "temperature_ordinal_column.csv": 50.0,
    "chamber_278K.txt": 4.92,
}


@pytest.mark.parametrize(("name", "temperature"), TEMPERATURES.items())
def test_temperatures_in_columns_and_lines(name: str, temperature: float) -> None:
    (s,) = read_file(DATA / name)
    assert s.conditions.temperature_c == pytest.approx(temperature)


def test_a_bias_against_the_open_circuit_is_added_to_its_potential() -> None:
    (s,) = read_file(DATA / "zplot_bias_m0.5V_vs_ocp.z")
    assert s.conditions.bias_v == pytest.approx(-0.4919)
    assert "bias" in kinds(s)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("Open Circuit Potential (V): 0,0081", "Comment:", "its open-circuit potential is not stated"),
        ("Potential-DC Type:        1", "Potential-DC Type:        2", "its type is '2'"),
    ],
)
def test_a_bias_of_unknown_reference_is_left_out_with_a_finding(
    tmp_path: Path, old: str, new: str, sentence: str
) -> None:
    text = (DATA / "zplot_bias_m0.5V_vs_ocp.z").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "a.z").write_text(text.replace(old, new), encoding="utf-8")
    (s,) = read_file(tmp_path / "a.z")
    assert s.conditions.bias_v is None
    assert f"the dc potential -0.5 V was left out: {sentence}" in s.finding


REFUSED = {
    "double_heading_mag.csv": (FormatError, "stands between the headings and the numbers"),
    "ocp_corrware.cor": (NoImpedance, "a CorrWare run of 'Open Circuit'"),
    "magnitude_only.csv": (FormatError, "the phase of the impedance is missing from the columns"),
    "lfs_pointer.mpr": (
        FormatError,
        "a Git LFS pointer, not the file itself; fetch the file with 'git lfs pull'",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_and_why(name: str) -> None:
    kind, sentence = REFUSED[name]
    with pytest.raises(kind) as error:
        read_file(DATA / name)
    assert sentence in str(error.value)


def test_rows_in_no_order_are_sorted_with_a_finding() -> None:
    (s,) = read_file(DATA / "shuffled.csv")
    assert len(s) == 61
    assert np.all(np.diff(s.frequency_hz) < 0)
    assert "order" in kinds(s)
    assert s.z_ohm[-1].real == pytest.approx(312, rel=0.01)


@pytest.mark.parametrize("name", ["cp_d.csv", "y.csv", "log_f.csv"])
def test_other_immittances_of_one_spectrum(name: str) -> None:
    (truth,) = read_file(DATA / "immittance" / "z.csv")
    (s,) = read_file(DATA / "immittance" / name)
    np.testing.assert_allclose(s.frequency_hz, truth.frequency_hz, rtol=1e-7)
    np.testing.assert_allclose(s.z_ohm, truth.z_ohm, rtol=1e-6)


def test_a_permittivity_becomes_an_impedance_with_area_and_thickness() -> None:
    (truth,) = read_file(DATA / "immittance" / "z.csv")
    (s,) = read_file(DATA / "immittance" / "eps.csv")
    assert "resistivity" in kinds(s)
    known = s.conditions.updated(area_cm2=0.785, thickness_cm=0.1)
    (found,), refused = all_in_ohm([s.under(known)])
    assert refused == []
    np.testing.assert_allclose(found.z_ohm, truth.z_ohm, rtol=1e-6)
    assert "resistivity" not in kinds(found)


def test_a_permittivity_without_geometry_asks_for_what_is_missing() -> None:
    (s,) = read_file(DATA / "immittance" / "eps.csv")
    _, (both,) = all_in_ohm([s])
    assert "the area and the thickness are unknown" in both.reason
    assert "give --area-cm2 and --thickness-cm" in both.reason
    _, (one,) = all_in_ohm([s.under(s.conditions.updated(area_cm2=1.0))])
    assert "write thickness_cm into the manifest, or give --thickness-cm" in one.reason


def test_geometry_above_the_table_is_used(tmp_path: Path) -> None:
    text = (DATA / "immittance" / "eps.csv").read_text(encoding="utf-8")
    (tmp_path / "a.csv").write_text(f"Area: 78.5 mm2\nThickness: 1 mm\n{text}", encoding="utf-8")
    (s,) = read_file(tmp_path / "a.csv")
    (truth,) = read_file(DATA / "immittance" / "z.csv")
    np.testing.assert_allclose(s.z_ohm, truth.z_ohm, rtol=1e-6)
    assert "resistivity" not in kinds(s)

"""Touchstone, CorrWare, Agilent 4294A, pointers of Git, and EC-Lab files that store modulus and phase."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from eisfit.errors import FormatError, NoImpedance
from eisfit.formats import read_file
from eisfit.formats.gamry import write_dta
from eisfit.spectrum.spectrum import Spectrum
from support import formats_synthetic as made
from support.formats_samples import kinds
from support.formats_text import F, Z, written

DATA = Path(__file__).parent / "data"
PARAMETERS = {"S": (Z - 50) / (Z + 50), "Z": Z / 50, "Y": 50 / Z}
UNITS = {"Hz": 1.0, "kHz": 1e3, "MHZ": 1e6, "ghz": 1e9}


def pair(values: np.ndarray, kind: str) -> tuple[np.ndarray, np.ndarray]:
    if kind == "RI":
        return values.real, values.imag
    modulus = np.abs(values)
    return (20 * np.log10(modulus) if kind == "DB" else modulus), np.angle(values, deg=True)


def touchstone(option: str, f: np.ndarray, values: np.ndarray, kind: str, *more: str) -> str:
    rows = [
        f"{a!r} {b!r} {c!r} ! point"
        for a, b, c in zip(*(v.tolist() for v in (f, *pair(values, kind))), strict=True)
    ]
    return "\n".join(["! made by a test", *more, option, "! rows", *rows]) + "\n"


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("kind", ["RI", "MA", "DB"])
@pytest.mark.parametrize("parameter", PARAMETERS)
def test_touchstone(tmp_path: Path, parameter: str, kind: str, unit: str) -> None:
    text = touchstone(f"# {unit} {parameter} {kind} R 50", F / UNITS[unit], PARAMETERS[parameter], kind)
    (s,) = read_file(written(tmp_path, text, "a.s1p"))
    np.testing.assert_allclose(s.frequency_hz, F, rtol=1e-12)
    np.testing.assert_allclose(s.z_ohm, Z, rtol=1e-9)
    assert kinds(s) == {"immittance"}


def test_touchstone_without_words_is_ghz_s_ma_50(tmp_path: Path) -> None:
    for option in ("# GHZ", "# MA", "# ghz s ma r 50"):
        (s,) = read_file(written(tmp_path, touchstone(option, F / 1e9, PARAMETERS["S"], "MA"), "a.s1p"))
        np.testing.assert_allclose(s.z_ohm, Z, rtol=1e-9)


def test_touchstone_with_another_reference(tmp_path: Path) -> None:
    text = touchstone("# Hz S RI R 75", F, (Z - 75) / (Z + 75), "RI")
    (s,) = read_file(written(tmp_path, text, "a.s1p"))
    np.testing.assert_allclose(s.z_ohm, Z, rtol=1e-9)
    assert "R = 75 ohm" in s.finding


def test_touchstone_2_does_not_normalise(tmp_path: Path) -> None:
    more = ["[Version] 2.0", "[Number of Ports] 1", "[Reference] 75"]
    (s,) = read_file(written(tmp_path, touchstone("# Hz Z RI R 50", F, Z, "RI", *more), "a.s1p"))
    np.testing.assert_allclose(s.z_ohm, Z, rtol=1e-9)


def test_touchstone_of_several_ports_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="line 2: the row has 9 numbers; a file of one port"):
        read_file(written(tmp_path, "# Hz S RI R 50\n1 .1 .1 .2 .2 .3 .3 .4 .4\n", "a.s2p"))
    with pytest.raises(FormatError, match="H parameters belong to two ports"):
        read_file(written(tmp_path, "# Hz H RI R 50\n1 .1 .1\n", "a.s1p"))
    with pytest.raises(NoImpedance, match="no row under the option line"):
        read_file(written(tmp_path, "# Hz S RI R 50\n", "a.s1p"))


def test_a_comment_before_a_table_is_no_option_line(tmp_path: Path) -> None:
    (s,) = read_file(written(tmp_path, "# s\nf/Hz,Z'/Ohm,Z''/Ohm\n10,1,-2\n5,2,-2\n"))
    assert s.source is not None
    assert s.source.format == "table"


@pytest.mark.parametrize("experiment", ["Potentiodynamic", "Galvanic Cycle", "Potential Square-Wave"])
def test_corrware_names_its_experiment(tmp_path: Path, experiment: str) -> None:
    text = (
        (DATA / "ocp_corrware.cor")
        .read_text(encoding="utf-8")
        .replace("Experiment:           Open Circuit", f"Experiment: {experiment}")
    )
    with pytest.raises(NoImpedance, match=f"a CorrWare run of '{experiment}'"):
        read_file(written(tmp_path, text, "a.cor"))


def test_pointers_of_git_name_the_command(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"git-annex pointer.* 'git annex get'"):
        read_file(written(tmp_path, "/annex/objects/SHA256E-s1--ab.mpr\n", "a.mpr"))


def analyser(
    measured: str, first: np.ndarray, second: np.ndarray | None, imag: np.ndarray | None = None
) -> str:
    lines = [
        "4294A REV1.11",
        f'"MEASURE PARAMETER: {measured}"',
        '"SWEEP TYPE: LOG FREQ"',
        '"DC BIAS: 1.5 Volt"',
    ]
    for name, values in (("A", first), ("B", second)):
        if values is not None:
            lines += [
                "",
                f'"TRACE: {name}"',
                '"FORMAT: LOG"',
                "",
                '"Frequency"\t"Data Trace Real"\t"Data Trace Imag"',
            ]
            other = imag if imag is not None else 0 * values
            lines += [
                f"{f!r}\t{a!r}\t{b!r}"
                for f, a, b in zip(F.tolist(), values.tolist(), other.tolist(), strict=True)
            ]
    return "\n".join(lines) + "\n"


W = 2 * np.pi * F
TRACES = {
    "IMPEDANCE REAL IMAG": (Z.real, Z.imag),
    "R-X": (Z.real, Z.imag),
    "|Z|-THETA DEG": (np.abs(Z), np.angle(Z, deg=True)),
    "IMPEDANCE MAG PHASE RAD": (np.abs(Z), np.angle(Z)),
    "G-B": ((1 / Z).real, (1 / Z).imag),
    "CP-D": ((1 / Z).imag / W, Z.real / -Z.imag),
    "CS-RS": (-1 / (W * Z.imag), Z.real),
    "Cp - ADMITTANCE CONDUCTANCE": ((1 / Z).imag / W, (1 / Z).real),
    "CP-RP": ((1 / Z).imag / W, 1 / (1 / Z).real),
    "RP-CP": (1 / (1 / Z).real, (1 / Z).imag / W),
}


@pytest.mark.parametrize("measured", TRACES)
def test_4294a_by_its_measured_parameter(tmp_path: Path, measured: str) -> None:
    first, second = TRACES[measured]
    (s,) = read_file(written(tmp_path, analyser(measured, first, second), "a.txt"))
    np.testing.assert_allclose(s.z_ohm, Z, rtol=1e-9)
    assert s.conditions.bias_v == 1.5


def test_4294a_with_one_complex_trace(tmp_path: Path) -> None:
    (s,) = read_file(written(tmp_path, analyser("IMPEDANCE REAL IMAG", Z.real, None, Z.imag), "a.txt"))
    np.testing.assert_array_equal(s.z_ohm, Z)


def test_4294a_with_its_complex_data_in_place_of_what_it_displays(tmp_path: Path) -> None:
    """Both traces hold the same impedance then, whatever is displayed: it is not Re of A beside Re of B."""
    for measured in ("IMPEDANCE REAL IMAG", "Cp - ADMITTANCE CONDUCTANCE"):
        text = analyser(measured, Z.real, Z.real, Z.imag)
        (s,) = read_file(written(tmp_path, text.replace("Data Trace", "Data"), "a.txt"))
        np.testing.assert_array_equal(s.z_ohm, Z)
        assert any(f.kind == "columns" and measured in f.text for f in s.findings)
    with pytest.raises(FormatError, match="complex data of its traces A and B differ"):
        read_file(
            written(
                tmp_path,
                text.replace("Data Trace", "Data").replace(repr(float(Z[0].real)), "7.5", 1),
                "a.txt",
            )
        )
    with pytest.raises(FormatError, match="both of its traces are complex"):
        read_file(written(tmp_path, text, "a.txt"))


def test_4294a_refusals(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="measured parameter 'OSC LEVEL' is none"):
        read_file(written(tmp_path, analyser("OSC LEVEL", Z.real, Z.imag), "a.txt"))
    with pytest.raises(FormatError, match="the second trace of 'R-X' is missing"):
        read_file(written(tmp_path, analyser("R-X", Z.real, None), "a.txt"))
    text = analyser("R-X", Z.real, Z.imag).replace("LOG FREQ", "DC BIAS")
    with pytest.raises(NoImpedance, match="of type 'DC BIAS', not over the frequency"):
        read_file(written(tmp_path, text, "a.txt"))


def test_mpr_with_modulus_and_phase_only(tmp_path: Path) -> None:
    columns = {i: v for i, v in made.peis().items() if i not in (37, 38)}
    (s,) = read_file(written(tmp_path, made.mpr(made.records(columns, 3), 3), "a.mpr"))
    np.testing.assert_allclose(s.z_ohm, made.Z, rtol=1e-6)
    assert "columns" in kinds(s)
    with pytest.raises(FormatError, match="the columns of the channel 'ce' are missing"):
        read_file(tmp_path / "a.mpr", channel="ce")


def test_mpr_with_a_phase_that_is_none_is_refused(tmp_path: Path) -> None:
    columns = {i: v for i, v in made.peis().items() if i not in (37, 38)} | {35: [1e5] * 5}
    with pytest.raises(FormatError, match=r"record 1 holds no \|Z\| and phase"):
        read_file(written(tmp_path, made.mpr(made.records(columns, 3), 3), "a.mpr"))


def test_mpr_with_a_temperature_column(tmp_path: Path) -> None:
    columns = made.peis() | {462: [40.0, 40.1, 40.2, 40.3, 40.4]}
    (s,) = read_file(written(tmp_path, made.mpr(made.records(columns, 3), 3), "a.mpr"))
    assert s.conditions.temperature_c == pytest.approx(40.2)


AMPLITUDES = {
    "VAC\tQUANT\t1.00000E+001\tAC &Voltage (mV rms)": (0.01, ""),
    "VAC\tQUANT\t1,00000E+001\tAC Voltage (mVrms)": (0.01, ""),
    "VAC\tQUANT\t10\tAC Voltage (mV RMS)": (0.01, ""),
    "VAC\tQUANT\t10\tAC Voltage (mV, rms)": (0.01, ""),
    "VAC\tQUANT\t10\tAC Voltage [mV r.m.s.]": (0.01, ""),
    "VAC\tQUANT\t10\tRMS AC Voltage (rms mV)": (0.01, ""),
    "VAC\tQUANT\t0.01\tAC Voltage (V rms)": (0.01, ""),
    "VAC\tPOTEN\t10\tAC Voltage (mV)": (0.01, "taken as rms by the convention of Gamry"),
    "VACREQ\tQUANT\t10\tAC Voltage (mV rms)": (0.01, ""),
}


@pytest.mark.parametrize("line", AMPLITUDES)
def test_the_amplitude_of_gamry_in_every_spelling(tmp_path: Path, line: str) -> None:
    write_dta(tmp_path / "a.dta", Spectrum(F, Z))
    text = (tmp_path / "a.dta").read_bytes().decode("cp1252").replace("ZCURVE\t", f"{line}\r\nZCURVE\t")
    (s,) = read_file(written(tmp_path, text.encode("cp1252"), "b.dta"))
    value, said = AMPLITUDES[line]
    assert s.conditions.amplitude_v == pytest.approx(value)
    assert said in s.finding

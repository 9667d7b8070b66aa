"""EC-Lab and BT-Lab text: header, sweeps, channels, conditions, refusals, and the writer."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from eisfit.errors import FormatError, NoImpedance
from eisfit.formats import read, read_file
from eisfit.formats.eclab_text import write_mpt
from eisfit.spectrum.conditions import Conditions
from eisfit.spectrum.spectrum import Spectrum
from support.formats_samples import ROOT, assert_point, kinds, needs_samples, sample

COLUMNS = [
    "freq/Hz",
    "Re(Z)/Ohm",
    "-Im(Z)/Ohm",
    "|Z|/Ohm",
    "Phase(Z)/deg",
    "time/s",
    "<Ewe>/V",
    "cycle number",
]
ROWS = [[f, 10.0 + k, 2.0, 0.0, 0.0, 5.0 * k, 0.3, 1.0] for k, f in enumerate([1e4, 1e3, 1e2, 1e1])]


def mpt(
    folder: Path,
    rows: list[list[float]] | None = None,
    *,
    columns: list[str] = COLUMNS,
    header: tuple[str, ...] = ("Potentio Electrochemical Impedance Spectroscopy",),
    comma: bool = False,
    first: str = "EC-Lab ASCII FILE",
    length: int | None = None,
    tail: str = "",
) -> Path:
    top = [
        first,
        f"Nb header lines : {length or len(header) + 4}    ",
        "",
        *header,
        "\t".join(columns) + "\t",
    ]
    body = ["\t".join(f"{v:.7E}" for v in row) for row in (ROWS if rows is None else rows)]
    path = folder / "cell_25C.mpt"
    text = "\r\n".join([*top, *([b.replace(".", ",") for b in body] if comma else body)]) + "\r\n" + tail
    path.write_bytes(text.encode("cp1252"))
    return path


def test_sign_time_and_bias(tmp_path: Path) -> None:
    (s,) = read(mpt(tmp_path))
    np.testing.assert_array_equal(s.z_ohm, [10 - 2j, 11 - 2j, 12 - 2j, 13 - 2j])
    np.testing.assert_array_equal(s.time_s, [0, 5, 10, 15])
    assert s.conditions.bias_v == pytest.approx(0.3)
    assert s.findings == ()
    assert s.source is not None
    assert (s.source.format, s.label) == ("EC-Lab text", "cell_25C")


def test_decimal_comma(tmp_path: Path) -> None:
    header = ("PEIS", "Electrode surface area : 1,130 cm²", "Comments : 25,5 °C")
    (s,) = read(mpt(tmp_path, comma=True, header=header))
    np.testing.assert_array_equal(s.frequency_hz, [1e4, 1e3, 1e2, 1e1])
    assert (s.conditions.area_cm2, s.conditions.temperature_c) == (1.13, 25.5)


@pytest.mark.parametrize(
    ("area", "cm2"), [("0.001 cm²", None), ("0.000 cm²", None), ("113.1 mm²", 1.131), ("2.5 cm\ufffd", 2.5)]
)
def test_area_is_taken_unless_it_is_the_default(tmp_path: Path, area: str, cm2: float | None) -> None:
    path = mpt(tmp_path)
    text = (
        path.read_bytes().decode("cp1252").replace("Potentio", f"Electrode surface area : {area}\r\nPotentio")
    )
    path.write_bytes(text.replace("lines : 5", "lines : 6").encode("utf-8"))
    (s,) = read(path)
    assert s.conditions.area_cm2 == (None if cm2 is None else pytest.approx(cm2))


def test_ocv_rows_are_dropped(tmp_path: Path) -> None:
    (s,) = read(mpt(tmp_path, [[0.0] * 8, *ROWS]))
    assert len(s) == 4
    assert kinds(s) == {"dc rows"}


def test_a_constant_cycle_number_does_not_hide_a_restart(tmp_path: Path) -> None:
    assert [len(s) for s in read(mpt(tmp_path, ROWS + ROWS, first="BT-Lab ASCII FILE"))] == [4, 4]


def test_a_new_cycle_cuts_where_the_frequency_does_not(tmp_path: Path) -> None:
    rows = [[*row[:7], 1.0 + (k > 1)] for k, row in enumerate(ROWS)]
    assert [s.label for s in read(mpt(tmp_path, rows))] == ["cell_25C", "cell_25C#2"]


def test_the_loops_of_the_header_cut(tmp_path: Path) -> None:
    header = (
        "PEIS",
        "Number of loops : 2",
        "Loop 0 from point number 0 to 2",
        "Loop 1 from point number 3 to 3",
    )
    assert [len(s) for s in read(mpt(tmp_path, header=header))] == [3, 1]


def test_a_time_that_is_a_date_is_left_out(tmp_path: Path) -> None:
    path = mpt(tmp_path)
    path.write_bytes(path.read_bytes().replace(b"5.0000000E+00", b"03/03/2021 20:40:41.000"))
    assert read(path)[0].time_s is None


def test_a_wrong_header_length_is_survived(tmp_path: Path) -> None:
    for length in (1, 3, 900):
        assert len(read(mpt(tmp_path, length=length))[0]) == 4


def test_a_cut_last_row_is_left_out_and_said(tmp_path: Path) -> None:
    (s,) = read(mpt(tmp_path, tail="1.0E+00\t1.2"))
    assert len(s) == 4
    assert kinds(s) == {"truncated"}


def test_an_ocv_run_holds_no_impedance(tmp_path: Path) -> None:
    path = mpt(tmp_path, [[1, 2]], columns=["time/s", "Ewe/V"], header=("Open Circuit Voltage",))
    with pytest.raises(NoImpedance) as error:
        read(path)
    assert str(error.value) == (
        "cell_25C.mpt: 'freq/Hz' is missing from the columns; "
        "this looks like an OCV run, which holds no impedance"
    )


def test_a_run_without_points(tmp_path: Path) -> None:
    with pytest.raises(NoImpedance, match="stopped before the first point"):
        read(mpt(tmp_path, []))


def test_missing_columns_are_named(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="'freq/Hz' is missing"):
        read(mpt(tmp_path, columns=["f", *COLUMNS[1:]]))
    with pytest.raises(FormatError, match=r"'-Im\(Z\)/Ohm' is missing"):
        read(mpt(tmp_path, columns=["freq/Hz", "Re(Z)/Ohm", "a", "b", "c", "time/s", "d", "e"]))
    with pytest.raises(FormatError, match="channel 'we-ce' are missing"):
        read(mpt(tmp_path), channel="we-ce")


def test_a_broken_cell_is_named(tmp_path: Path) -> None:
    path = mpt(tmp_path)
    path.write_bytes(path.read_bytes().replace(b"1.1000000E+01", b"oops"))
    with pytest.raises(FormatError, match=r"line 7: 'oops' under 'Re\(Z\)/Ohm' is not a number"):
        read(path)


def test_channels_of_a_three_electrode_run(tmp_path: Path) -> None:
    columns = [*COLUMNS, "<Ece>/V", "Re(Zce)/Ohm", "-Im(Zce)/Ohm", "Re(Zwe-ce)/Ohm", "-Im(Zwe-ce)/Ohm"]
    path = mpt(tmp_path, [[*row, 0.1, 5.0, 1.0, 15.0, 3.0] for row in ROWS], columns=columns)
    assert read(path, channel="ce")[0].z_ohm[0] == 5 - 1j
    assert read(path, channel="we-ce")[0].z_ohm[0] == 15 - 3j
    assert read(path)[0].z_ohm[0] == 10 - 2j
    seen = {c: read(path, channel=c)[0].conditions.electrodes for c in ("we", "ce", "we-ce")}
    assert seen == {"we": 3, "ce": 3, "we-ce": 2}


def test_written_mpt_reads_back_to_its_digits(tmp_path: Path) -> None:
    f = np.logspace(6, -2, 57)
    z = np.asarray(1e3 / (1 + 2j * np.pi * f * 1e-4) + 12.345678901, complex)
    s = Spectrum(f, z, time_s=np.linspace(0, 61.6, 57), conditions=Conditions(area_cm2=0.785))
    write_mpt(tmp_path / "a.mpt", s, comment="LLTO, 25 °C")
    (back,) = read_file(tmp_path / "a.mpt")
    np.testing.assert_allclose(back.frequency_hz, f, rtol=6e-8)
    np.testing.assert_allclose(back.z_ohm.real, z.real, rtol=6e-8)
    np.testing.assert_allclose(back.z_ohm.imag, z.imag, rtol=6e-8)
    assert back.time_s is not None
    np.testing.assert_allclose(back.time_s, np.linspace(0, 61.6, 57), rtol=1e-15)
    assert (back.conditions.area_cm2, back.conditions.temperature_c) == (0.785, 25.0)
    lines = (tmp_path / "a.mpt").read_bytes().decode("latin-1").splitlines()
    assert lines[int(lines[1].split(":")[1]) - 1].startswith("freq/Hz\tRe(Z)/Ohm\t-Im(Z)/Ohm\t")


@needs_samples
class TestSamples:
    FOLDER = "vendor/biologic-mpt/"

    def test_first_points(self) -> None:
        assert_point(sample(self.FOLDER + "peis.mpt")[0], 0, (199998.14, 10.512296, -0.73047662))
        pellet = sample(self.FOLDER + "PEIS_LPSCl_IonBlocking_-25C.txt")[0]
        assert_point(pellet, 0, (7000018.5, 359.24146, -290.92038))
        assert_point(pellet, -1, (0.10002181, 1799427.6, -8093785.5))

    def test_channels(self) -> None:
        path = ROOT / (self.FOLDER + "peis.mpt")
        (ce,) = read_file(path, channel="ce")
        (both,) = read_file(path, channel="we-ce")
        assert_point(ce, 0, (199998.14, 33.336258, -0.26499158))
        assert_point(both, -1, (1.0000616, 51.5047, -5.7160516), rtol=1e-6)

    def test_every_sweep_of_a_potential_scan_has_its_bias(self) -> None:
        spectra = sample("series/biologic-SPEIS-CFO/EIS_CFO_pH14_light.mpt")
        biases = [s.conditions.bias_v for s in spectra]
        assert None not in biases
        steps = np.diff(np.asarray(biases, float))
        np.testing.assert_allclose(np.abs(steps), 0.02, atol=2e-3)

    def test_geis_is_cut_into_its_sweeps(self) -> None:
        spectra = sample(self.FOLDER + "geis.mpt")
        assert [len(s) for s in spectra] == [41] * 60 + [39]
        assert spectra[0].conditions.temperature_c == 25.0
        assert spectra[0].conditions.area_cm2 == 1.13

    def test_a_heading_that_a_spreadsheet_spoilt(self) -> None:
        (s,) = sample(self.FOLDER + "DAHN_TXT_example.txt")
        assert s.z_ohm[0] == 0.0746 - 0.172j
        assert kinds(s) == {"sign"}

"""Delimited text: names, units, signs, delimiters, decimal marks, encodings, and what is refused."""

from __future__ import annotations

import math
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from eisfit.errors import FormatError, NoImpedance
from eisfit.formats import read_file
from eisfit.formats.delimited_text import write_csv
from eisfit.formats.parsing.headings import parse
from eisfit.spectrum.spectrum import Spectrum
from support.formats_samples import assert_point, kinds, needs_samples, sample
from support.formats_text import F, Z, table, written

HEADERS = {
    "freq/Hz,Re(Z)/Ohm,-Im(Z)/Ohm": (1, 1, -1),
    "f,Z',Z''": (1, 1, 1),
    "Frequency (Hz),Z' (Ω),-Z'' (Ω)": (1, 1, -1),
    "Frequency [Hz],Re(Z) [kOhm],Im(Z) [kOhm]": (1, 1e-3, 1e-3),
    "freq [kHz],Zreal [mΩ],Zimag [mΩ]": (1e-3, 1e3, 1e3),
    "frequency_hz,z_real_ohm,z_imag_ohm": (1, 1, 1),
    "frequency,Zre (MOhm),neg. Zim (MOhm)": (1, 1e-6, -1e-6),
    "Freq(Hz),Zprime(Ohm),Zbis(Ohm)": (1, 1, 1),
    "omega (rad/s),real,imag": (2 * math.pi, 1, 1),
    "f/Hz,R(Ohm)-data,X(Ohm)-data": (1, 1, 1),
    "Frequenz in Hz,Re Z in Ohm,-Im Z in Ohm": (1, 1, -1),
    'Freq/Hz,Z\'/ohm,"Z""/ohm"': (1, 1, 1),
    "Frequency (Hz),Z′ (kΩ),−Z″ (kΩ)": (1, 1e-3, -1e-3),
    "freq_Hz,Z_Re_ohm,minus_Z_Im_ohm": (1, 1, -1),
    "# f (Hz),Re Z (Ohm),Im Z (Ohm)": (1, 1, 1),
    "f [Hz],Re[Z] [Ohm],-Im[Z] [Ohm]": (1, 1, -1),
    "freq. /Hz,Z1 /ohm,Z2 /ohm": (1, 1, 1),
    "Freq(Hz),Z'(a),Z''(b)": (1, 1, 1),
    "Frequency,Resistance (Ohm),Reactance (Ohm)": (1, 1, 1),
    "f/Hz,Rs/kOhm,Xs/kOhm": (1, 1e-3, 1e-3),
    "Frequency (Hz),Impedance Real (Ohms),Impedance Imaginary (Ohms)": (1, 1, 1),
    "Frequency (Hz),Z´ (Ohm),-Z´´ (Ohm)": (1, 1, -1),
    "FREQ/HZ,RE(Z)/OHM,-IM(Z)/OHM": (1, 1, -1),
    "Frequency (Hz),Z' (Ohms),-Z\" (Ohms)": (1, 1, -1),
    "Freq. (Hz),Zreal (Ω·cm²),Zimag (Ω·cm²)": (1, 1, 1),
    "Frequenz [Hz],Realteil [kΩ],Imaginärteil [kΩ]": (1, 1e-3, 1e-3),
    "Frequency (Hz),Z_Re (mOhm),Z_Im neg. (mOhm)": (1, 1e3, -1e3),
}


@pytest.mark.parametrize(("header", "factors"), HEADERS.items(), ids=list(HEADERS))
def test_a_heading_tells_quantity_unit_and_sign(
    tmp_path: Path, header: str, factors: tuple[float, float, float]
) -> None:
    a, b, c = factors
    (s,) = read_file(written(tmp_path, table(header, [F * a, Z.real * b, Z.imag * c])))
    np.testing.assert_allclose(s.frequency_hz, F, rtol=1e-14)
    np.testing.assert_allclose(s.z_ohm, Z, rtol=1e-14)


POLAR = {
    "freq,|Z|,phase": 1.0,
    "freq/Hz,|Z|/Ohm,Phase(Z)/deg": 1.0,
    "Frequency (Hz),Z (Ω),-Phase (°)": -1.0,
    "frequency,absz,phasez (rad)": math.pi / 180,
    "f [Hz],Impedance [Ohm],neg. Phase [rad]": -math.pi / 180,
    "Freq,Zmod (Ohm),Zphz (deg)": 1.0,
}


@pytest.mark.parametrize(("header", "factor"), POLAR.items(), ids=list(POLAR))
def test_modulus_and_phase_give_the_impedance(tmp_path: Path, header: str, factor: float) -> None:
    columns = [F, np.abs(Z), np.angle(Z, deg=True) * factor]
    (s,) = read_file(written(tmp_path, table(header, columns)))
    np.testing.assert_allclose(s.z_ohm, Z, rtol=1e-13)


@pytest.mark.parametrize(("separator", "comma"), [*product("\t; ", [False, True]), (",", False)])
def test_separator_and_decimal_mark_are_found(tmp_path: Path, separator: str, comma: bool) -> None:
    header = separator.join(["f/Hz", "Zre/Ohm", "Zim/Ohm", "time/s"])
    (s,) = read_file(written(tmp_path, table(header, [F, Z.real, Z.imag, F / 3], separator, comma)))
    np.testing.assert_allclose(s.z_ohm, Z, rtol=1e-14)
    assert s.time_s is not None
    np.testing.assert_allclose(s.time_s, F / 3, rtol=1e-14)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-8-sig", "cp1252", "latin-1", "utf-8"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r\r\n", "\r"])
def test_encodings_and_line_ends(tmp_path: Path, encoding: str, newline: str) -> None:
    text = table("Temperature 25 °C µ\nf/Hz;Z'/Ohm;Z''/Ohm;phase/°", [F, Z.real, Z.imag, F], ";")
    (s,) = read_file(written(tmp_path, text.replace("\n", newline).encode(encoding)))
    np.testing.assert_array_equal(s.z_ohm, Z)


def test_a_line_of_units_under_the_headings_counts(tmp_path: Path) -> None:
    text = table("Frequency,Zre,Zim\nkHz,kOhm,kOhm", [F / 1e3, Z.real / 1e3, Z.imag / 1e3])
    (s,) = read_file(written(tmp_path, text))
    np.testing.assert_allclose(s.frequency_hz, F, rtol=1e-14)
    np.testing.assert_allclose(s.z_ohm, Z, rtol=1e-14)


def test_blanks_in_headings_of_columns_between_blanks(tmp_path: Path) -> None:
    text = table("  Freq (Hz)   Z' (kohm)  -Z'' (kohm)  t (s)", [F, Z.real / 1e3, -Z.imag / 1e3, F], " ")
    for header in (text, text.replace("  ", " ")):
        (s,) = read_file(written(tmp_path, header))
        np.testing.assert_allclose(s.z_ohm, Z, rtol=1e-14)


def test_a_lower_case_m_is_said_to_be_milli(tmp_path: Path) -> None:
    (s,) = read_file(written(tmp_path, table("f (mhz),zr (ohm),zi (ohm)", [F, Z.real, Z.imag])))
    np.testing.assert_allclose(s.frequency_hz, F / 1e3)
    assert kinds(s) == {"unit"}


FACTS = {
    "Temperature: 25 °C": ("temperature_c", 25.0),
    "# Temp. [K] = 300": ("temperature_c", 26.85),
    "Electrode area (mm²): 78,5": ("area_cm2", 0.785),
    "Area,0.785,cm^2": ("area_cm2", 0.785),
    "area = 0.785 cm2": ("area_cm2", 0.785),
    "Area: 0.785": ("area_cm2", None),
    "Thickness: 0.5 mm": ("thickness_cm", 0.05),
    "DC bias: -50 mV": ("bias_v", -0.05),
    "AC amplitude: 10 mV rms": ("amplitude_v", 0.01),
    "Amplitude (mV peak) = 10": ("amplitude_v", 0.01 / 2**0.5),
    "AC current;0,5;mArms": ("amplitude_a", 5e-4),
    "Amplitude: 10 mV": ("amplitude_v", None),
    "Temperature: -300 °C": ("temperature_c", None),
}


@pytest.mark.parametrize(("line", "fact"), FACTS.items(), ids=list(FACTS))
def test_what_the_lines_above_a_table_state_with_unit(
    tmp_path: Path, line: str, fact: tuple[str, float | None]
) -> None:
    (s,) = read_file(written(tmp_path, line + "\n" + table("f/Hz;Z'/Ohm;Z''/Ohm", [F, Z.real, Z.imag], ";")))
    name, value = fact
    assert getattr(s.conditions, name) == (None if value is None else pytest.approx(value))


def test_a_spoilt_degree_sign_does_not_hide_a_unit(tmp_path: Path) -> None:
    (s,) = read_file(
        written(tmp_path, table("f/Hz,Z'/Ohm,Z''/Ohm,Temp. [\ufffdC]", [F, Z.real, Z.imag, 0 * F + 25]))
    )
    assert s.conditions.temperature_c == 25.0


def test_dc_rows_are_dropped_and_said(tmp_path: Path) -> None:
    text = table("f/Hz,Z'/Ohm,Z''/Ohm", [np.r_[0.0, 0.0, F], np.r_[0, 0, Z.real], np.r_[0, 0, Z.imag]])
    (s,) = read_file(written(tmp_path, text))
    assert len(s) == 4
    assert kinds(s) == {"dc rows"}
    assert "2 DC rows" in s.finding


def test_a_restart_of_the_frequency_begins_a_sweep(tmp_path: Path) -> None:
    for order in (slice(None), slice(None, None, -1)):
        f, z = np.r_[F[order], F[order]], np.r_[Z[order], 2 * Z[order]]
        a, b = read_file(written(tmp_path, table("f/Hz,Z'/Ohm,Z''/Ohm", [f, z.real, z.imag])))
        assert (a.label, b.label) == ("cell", "cell#2")
        assert a.source is not None
        assert b.source is not None
        assert (a.source.sweep, b.source.sweep) == (1, 2)
        np.testing.assert_array_equal(b.z_ohm, 2 * Z[order])


def test_a_sweep_down_and_up_stays_one(tmp_path: Path) -> None:
    f, z = np.r_[F, F[::-1]], np.r_[Z, Z[::-1]]
    (s,) = read_file(written(tmp_path, table("f/Hz,Z'/Ohm,Z''/Ohm", [f, z.real, z.imag])))
    assert len(s) == 8


def test_a_coarse_sweep_up_a_little_and_then_down_stays_one(tmp_path: Path) -> None:
    f = np.array([1e2, 1e3, 1e4, 1e3, 1e2, 1e1, 1e0, 1e-1, 1e-2])
    (s,) = read_file(written(tmp_path, table("f/Hz,Z'/Ohm,Z''/Ohm", [f, 1 / f, -1 / f])))
    assert len(s) == 9


def test_short_sweeps_are_cut(tmp_path: Path) -> None:
    f = np.tile([1e4, 1e2, 1.0], 4)
    assert len(read_file(written(tmp_path, table("f/Hz,Z'/Ohm,Z''/Ohm", [f, 1 / f, -1 / f])))) == 4


def test_a_number_of_its_own_for_every_row_is_no_cycle(tmp_path: Path) -> None:
    (s,) = read_file(
        written(tmp_path, table("scan,f/Hz,Z'/Ohm,Z''/Ohm", [np.arange(4.0), F, Z.real, Z.imag]))
    )
    assert len(s) == 4


def test_set_temperatures_cut_and_are_kept(tmp_path: Path) -> None:
    f, z = np.tile(np.repeat(F, 2), 2), np.tile(np.repeat(Z, 2), 2)
    kelvin = np.repeat([298.15, 323.15], 8)
    a, b = read_file(written(tmp_path, table("f/Hz,Z'/Ohm,Z''/Ohm,T/K", [f, z.real, z.imag, kelvin])))
    assert a.conditions.temperature_c == pytest.approx(25.0)
    assert b.conditions.temperature_c == pytest.approx(50.0)


def test_spectra_side_by_side(tmp_path: Path) -> None:
    header = "f/Hz;Z'/Ohm;Z''/Ohm;;f/Hz;Z'/Ohm;Z''/Ohm"
    rows = [f"{f};{z.real};{z.imag};;{2 * f};{3 * z.real};{3 * z.imag}" for f, z in zip(F, Z, strict=True)]
    rows[-1] = f"{F[-1]};{Z[-1].real};{Z[-1].imag};;;;"
    a, b = read_file(written(tmp_path, "\n".join([header, *rows])))
    assert (len(a), len(b)) == (4, 3)
    np.testing.assert_allclose(b.z_ohm, 3 * Z[:3])


def test_two_tables_below_each_other(tmp_path: Path) -> None:
    text = table("run one\nf/Hz,Z'/Ohm,Z''/Ohm", [F, Z.real, Z.imag])
    a, b = read_file(
        written(tmp_path, text + "\nrun two\n" + table("f/Hz,Z'/kOhm,-Z''/kOhm", [F, Z.real, -Z.imag]))
    )
    np.testing.assert_allclose(b.z_ohm, 1e3 * a.z_ohm)


def test_no_heading_is_said(tmp_path: Path) -> None:
    (s,) = read_file(written(tmp_path, table("", [F, Z.real, Z.imag])))
    assert "no heading" in kinds(s)


def test_decimal_commas_in_quotes(tmp_path: Path) -> None:
    rows = "".join(f'"{f:.1f}";"{z.real:.1f}";"{z.imag:.1f}"\n' for f, z in zip(F, Z, strict=True))
    for separator in (",", ";"):
        text = "f/Hz;Z'/Ohm;Z''/Ohm\n" + rows.replace(".", ",")
        (s,) = read_file(written(tmp_path, text.replace(";", separator)))
        np.testing.assert_allclose(s.z_ohm, Z)


def test_small_phases_without_a_unit_may_be_radians_and_that_is_said(tmp_path: Path) -> None:
    (s,) = read_file(written(tmp_path, table("f/Hz,|Z|/Ohm,phase", [F, abs(Z), np.angle(Z)])))
    assert kinds(s) == {"unit"}
    assert "may be radians" in s.finding


def test_many_inductive_points_are_said(tmp_path: Path) -> None:
    (s,) = read_file(written(tmp_path, table("f/Hz,Z'/Ohm,Z''/Ohm", [F, Z.real, -Z.imag])))
    assert kinds(s) == {"inductive"}


def test_ohm_times_area_is_never_ohm_in_silence(tmp_path: Path) -> None:
    (s,) = read_file(written(tmp_path, table("f/Hz,Z'/mOhm cm2,-Z''/mΩ·cm²", [F, Z.real, -Z.imag])))
    assert "area normalised" in kinds(s)
    np.testing.assert_allclose(s.z_ohm, Z / 1e3)


def test_a_phase_that_says_negated_is_believed_before_a_silent_imaginary_part(tmp_path: Path) -> None:
    columns = [F, np.abs(Z), -np.angle(Z, deg=True), Z.real, -Z.imag]
    (s,) = read_file(written(tmp_path, table("Freq,Z / ohm,neg. Phase / Deg,Z' / ohm,Z'' / ohm", columns)))
    np.testing.assert_array_equal(s.z_ohm, Z)
    assert kinds(s) == {"sign"}


@pytest.mark.parametrize("letter", ["j", "i"])
@pytest.mark.parametrize("header", ["f/Hz,Z/Ohm", ",freq,Z", "f (kHz);Z (kOhm)"])
def test_one_column_of_complex_numbers(tmp_path: Path, header: str, letter: str) -> None:
    scale = 1e3 if "k" in header else 1.0
    index = "0," if header.startswith(",") else ""
    rows = [f"{index}{f / scale},{z / scale}" for f, z in zip(F.tolist(), Z.tolist(), strict=True)]
    text = "\n".join([header, *rows]).replace("j", letter)
    (s,) = read_file(written(tmp_path, text.replace(",", ";") if ";" in header else text))
    np.testing.assert_allclose(s.z_ohm, Z)
    np.testing.assert_allclose(s.frequency_hz, F)


def test_autolab_nova_text(tmp_path: Path) -> None:
    header = "Index;Frequency (Hz);Z' (Ω);-Z'' (Ω);Z (Ω);-Phase (°);Time (s)"
    columns = [F * 0 + 1, F, Z.real, -Z.imag, np.abs(Z), -np.angle(Z, deg=True), F]
    (s,) = read_file(written(tmp_path, table(header, columns, ";", comma=True)))
    np.testing.assert_array_equal(s.z_ohm, Z)
    assert s.findings == ()


def test_ohm_times_area_in_complex_cells_and_lists(tmp_path: Path) -> None:
    (s,) = read_file(written(tmp_path, "f/Hz,Z/Ohm cm2\n10,(1-2j)\n5,(2-3j)\n"))
    assert "area normalised" in kinds(s)
    (s,) = read_file(written(tmp_path, "f/Hz;Re(Z)/Ohm cm2;Im(Z)/Ohm cm2\n[10, 5];[1, 2];[-1, -2]\n"))
    assert "area normalised" in kinds(s)
    (s,) = read_file(written(tmp_path, "frequency;Z\n[10, 5];[1-1j, 2-3j]\n"))
    assert kinds(s) == {"unit"}


def test_contradicting_signs_are_said(tmp_path: Path) -> None:
    (s,) = read_file(
        written(
            tmp_path,
            table("f/Hz,Z'/Ohm,Z''/Ohm,neg. Phase/deg", [F, Z.real, -Z.imag, -np.angle(Z, deg=True)]),
        )
    )
    assert "sign" in kinds(s)


REFUSED = {
    "Z'/Ohm,Z''/Ohm,time/s\n1,2,3\n": "frequency is missing",
    "Re(Z),Img(Z)\n40.5,3\n41,4\n42,5.5\n": "frequency is missing",
    "f/Hz,Z'/Ohm,time/s\n1,2,3\n": "the imaginary part of the impedance is missing",
    "f/Hz,|Z|/Ohm,time/s\n1,2,3\n": "the phase of the impedance is missing",
    "f/Hz,Z'/Ω cm^-2,-Z''/Ω cm^-2\n1,2,3\n": "ohm per area",
    "f/Hz,Z'/Ohm,Z''/Ohm\n10,1,2\n5,x,2\n": "line 3: 'x' under \"Z'/Ohm\" is not a number",
    "f/Hz,Z'/Ohm,Z''/Ohm\n10,1,2\nbad,1,2\n5,1,2\n": "line 3: 'bad' under 'f/Hz' is not a number",
    "f/Hz;Z'/Ohm;Z''/Ohm\n100 00;1;2\n10 00;1;2\n": "line 2: '100 00' under 'f/Hz' is not a number",
    "f/Hz,Z'/Ohm,Z''/Ohm\n10,1,2\nnan,1,2\n": "data row 2: the frequency is nan",
    "f/Hz,Z'/Ohm,Z''/Ohm\n10,1,2\n-5,1,2\n": "data row 2: the frequency is -5",
    "f/Hz,Z'/Ohm,Z''/Ohm\n10,1,2\n5,inf,2\n": "data row 2 at 5 Hz: the impedance is inf",
    "1,5,6\n2,5,6\n3,5,6\n4,5,6\n5,5,6\n": "counts the rows",
    "1,5,6,7\n2,5,6,7\n3,5,6,7\n": "4 columns have no headings",
    "3,-1,10000\n4,-2,1000\n7,-2,100\n9,-3,10\n9.5,-1,1\n": "a column other than the first runs like a frequency",
    "a,b,c\n10,5,6\n5,5,6\n": "headings 'a', 'b', 'c' name no frequency",
    "10,5,6\n5,5,6\n2,5\n1,2,3\n": "differ in length, from 2 to 3 numbers",
    "10,5,6\n5,5,6\n2,on,6\n": "line 3",
    "hello": "no known format",
    "f/Hz,Z/Ohm\n10,(1-2j)\n5,oops\n": "line 3: '5,oops' is not a frequency and a complex number",
    "": "empty",
}


@pytest.mark.parametrize(("text", "sentence"), REFUSED.items(), ids=list(REFUSED.values()))
def test_what_is_refused_and_why(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(FormatError) as error:
        read_file(written(tmp_path, text))
    assert sentence in str(error.value)
    assert str(error.value).startswith("cell.csv: ")


def test_headings_without_rows_hold_no_impedance(tmp_path: Path) -> None:
    with pytest.raises(NoImpedance, match="no row under the headings"):
        read_file(written(tmp_path, "f/Hz,Z'/Ohm,Z''/Ohm\n"))


@pytest.mark.parametrize("text", ["Index", "Zmod Drift", "realzstddev", "Re(C)/nF", "Re(I)/A", "I Range", ""])
def test_columns_that_are_no_impedance(text: str) -> None:
    assert parse(text) is None


def test_written_csv_reads_back_exactly(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    s = Spectrum(
        np.sort(10 ** rng.uniform(-3, 7, 40))[::-1],
        rng.normal(size=40) + 1j * rng.normal(size=40),
        time_s=rng.random(40),
    )
    write_csv(tmp_path / "a.csv", s)
    parts = read_file(tmp_path / "a.csv")
    np.testing.assert_array_equal(np.concatenate([p.frequency_hz for p in parts]), s.frequency_hz)
    np.testing.assert_array_equal(np.concatenate([p.z_ohm for p in parts]), s.z_ohm)
    assert (tmp_path / "a.csv").read_text().startswith("frequency_hz,z_real_ohm,z_imag_ohm,time_s\n")


@needs_samples
class TestSamples:
    def test_kilo_ohm_is_scaled(self) -> None:
        (s,) = sample("series/biologic-SPEIS-CFO/0_000_V_vs_Ag_AgCl.csv")
        assert_point(s, 0, (1000019.3, 31.24387, -13.854524))

    @pytest.mark.parametrize(
        "name",
        ["data-comma.csv", "data-semicolon.csv", "data-tab.csv", "data-comma-decimal-separator.csv",
         "data-header-variant-2.csv", "data-header-variant-4.csv"],
    )  # fmt: skip
    def test_one_spectrum_in_many_dresses(self, name: str) -> None:
        (s,) = sample(f"vendor/generic-csv/{name}")
        assert_point(s, 0, (10000, 109.00918, -26.55568))
        assert_point(s, -1, (1, 645.4787, -90.618128))

    def test_negated_real_part(self) -> None:
        (s,) = sample("vendor/generic-csv/case-negative-real-imaginary.csv")
        assert_point(s, 0, (10000, 109.00918, -26.55568))

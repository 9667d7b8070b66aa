"""Headings of samples read together, whatever the samples are called; and files as laboratories publish them."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

from benchmarks import headings as made
from eisfit.errors import FormatError, NoImpedance
from eisfit.formats import read_file
from eisfit.formats.parsing.crossed_headings import crossed
from eisfit.formats.parsing.headings import parse_all
from support import formats_synthetic
from support.formats_samples import kinds
from support.formats_text import written

F = np.array([1e5, 1e4, 1e3, 1e2, 10.0, 1.0])
W = 2 * np.pi * F
Z = 10 + 100 / (1 + 1j * W * 1e-4)


@pytest.mark.parametrize("family", made.FAMILIES)
def test_no_table_of_the_benchmark_is_read_wrong(tmp_path: Path, family: str) -> None:
    found = [made.right(entry, tmp_path) for entry in made.FAMILIES[family](random.Random(5), 40)]
    assert False not in found
    assert found.count(True) > len(found) / 4


@pytest.mark.parametrize("family", ["labels", "units", "immittances", "layouts"])
def test_what_any_person_reads_is_read(tmp_path: Path, family: str) -> None:
    found = [made.right(entry, tmp_path) for entry in made.FAMILIES[family](random.Random(6), 40)]
    assert found.count(True) >= 0.95 * len(found)


TWO_WAYS = [
    ["Z' re", "Z'' re", "Z' im", "Z'' im"],
    ["Z_re_re", "Z_im_re", "Z_re_im", "Z_im_im"],
    ["Z' (+)", "Z'' (+)", "Z' (-)", "Z'' (-)"],
    ["Cp re (F)", "D re", "Cp im (F)", "D im"],
]


@pytest.mark.parametrize("texts", TWO_WAYS, ids=lambda t: t[0])
def test_headings_that_can_be_read_in_two_ways_are_refused(tmp_path: Path, texts: list[str]) -> None:
    assert "more than one way" in crossed(texts, parse_all(texts))[1]
    with pytest.raises(FormatError, match="not understood"):
        read_file(written(tmp_path, made.table(["f (Hz)", *texts], [F, *[Z.real, Z.imag] * 2])))


AREAS = ["ohm cm2", "Ω·cm²", "Ohms cm^2", "ohm sq. cm", "ohm square cm", "Ω cm^{2}", "Ohm cm<sup>2</sup>", "cm2 ohm",
         "kohm m2", "mΩ dm²", "Ω µm²", "ohm cm**2"]  # fmt: skip
LENGTHS = ["ohm cm", "Ω·m", "Ohms m", "kΩ cm", "Ω-cm", "cm ohm", "Ohm·mm"]
PLACES = ["{n} ({u})", "{n} [{u}]", "{n} / {u}", "{n}, {u}", "{n} in {u}"]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("unit", AREAS)
def test_an_area_in_the_unit_is_always_said(tmp_path: Path, unit: str, place: str) -> None:
    heads = ["f (Hz)", *(place.format(n=n, u=unit) for n in ("Z'", "Z''"))]
    (s,) = read_file(written(tmp_path, made.table(heads, [F, Z.real, Z.imag], "\t")))
    assert "area normalised" in kinds(s)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("unit", LENGTHS)
def test_a_length_in_the_unit_is_always_said(tmp_path: Path, unit: str, place: str) -> None:
    heads = ["f (Hz)", *(place.format(n=n, u=unit) for n in ("Z'", "Z''"))]
    (s,) = read_file(written(tmp_path, made.table(heads, [F, Z.real, Z.imag], "\t")))
    assert "resistivity" in kinds(s)


@pytest.mark.parametrize(
    "unit", ["S/cm2", "mS cm-2", "S·cm⁻²", "S per cm2", "S cm**-2", "S cm^{-2}", "Ω-1 m-2", "S/(cm2)"]
)
def test_an_area_under_the_siemens_is_always_said(tmp_path: Path, unit: str) -> None:
    heads = ["f (Hz)", f"Y' ({unit})", f"Y'' ({unit})"]
    (s,) = read_file(written(tmp_path, made.table(heads, [F, (1 / Z).real, (1 / Z).imag], "\t")))
    assert "area normalised" in kinds(s)


@pytest.mark.parametrize("unit", ["ohm in2", "ohm inch", "S m-2 x"])
def test_a_unit_that_is_not_known_is_no_label(tmp_path: Path, unit: str) -> None:
    heads = ["f (Hz)", f"Z' {unit}", f"Z'' {unit}"]
    with pytest.raises(FormatError):
        read_file(written(tmp_path, made.table(heads, [F, Z.real, Z.imag], "\t")))


def test_a_spectrum_analyser_text_is_read_by_its_number_of_points(tmp_path: Path) -> None:
    data = formats_synthetic.spectrum_analyser()
    path = tmp_path / "a.txt"
    path.write_bytes(data)
    (s,) = read_file(path)
    np.testing.assert_allclose(s.frequency_hz, formats_synthetic.F)
    np.testing.assert_allclose(s.z_ohm, formats_synthetic.Z, rtol=1e-4)
    path.write_bytes(data[: data.rindex(b"\r\n") + 5])
    assert "truncated" in kinds(read_file(path)[0])


def test_bare_columns_with_the_frequency_elsewhere_are_refused(tmp_path: Path) -> None:
    rows = "".join(f"{r}\t{i}\t{f}\n" for r, i, f in zip([40, 47, 45, 50, 60, 90], Z.imag, F, strict=True))
    with pytest.raises(FormatError, match=r"runs (one way|like a frequency)"):
        read_file(written(tmp_path, rows))


def test_a_column_that_repeats_the_frequencies_is_no_impedance(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="hold the same numbers"):
        read_file(written(tmp_path, made.table(["freq", "real", "imaginary"], [F, Z.real, F])))


def test_notes_above_that_look_like_headings_do_not_hide_the_table(tmp_path: Path) -> None:
    text = "#, session, temperature, start\n#test,21.0,100,10\n" + made.table(
        ["freq", "real", "imag"], [F, Z.real, Z.imag]
    )
    (s,) = read_file(written(tmp_path, text))
    np.testing.assert_allclose(s.z_ohm, Z)


@pytest.mark.parametrize("first", ["EC-Lab LOG FILE", "EC-LAB SETTING FILE"])
def test_logs_and_settings_of_ec_lab_are_refused_by_name(tmp_path: Path, first: str) -> None:
    with pytest.raises(NoImpedance, match=r"holds no points; they are in the \.mpr"):
        read_file(written(tmp_path, f"{first}\n\nfi  200,000\nff  1,000\n"))


def test_zeros_of_a_missing_sensor_are_no_temperature(tmp_path: Path) -> None:
    rows = "".join(
        f"\t{k}\t{k}\t{f}\t{z.real}\t{z.imag}\t0\n" for k, (f, z) in enumerate(zip(F, Z, strict=True))
    )
    text = (
        "EXPLAIN\nTAG\tEISPOT\nZCURVE\tTABLE\n\tPt\tTime\tFreq\tZreal\tZimag\tTemp\n\t#\ts\tHz\tohm\tohm\t°C\n"
        + rows
    )
    (s,) = read_file(written(tmp_path, text))
    assert s.conditions.temperature_c is None
    assert "temperature" in kinds(s)


def test_permittivity_spelt_out_is_read_for_each_temperature(tmp_path: Path) -> None:
    eps = np.linspace(80.0, 70.0, F.size)
    heads = ["Freq_GHz", "eps_prime_25C", "eps_double_prime_25C", "eps_prime_20C", "eps_double_prime_20C"]
    a, b = read_file(written(tmp_path, made.table(heads, [F / 1e9, eps, eps / 10, eps + 1, eps / 9])))
    assert (a.conditions.temperature_c, b.conditions.temperature_c) == (25.0, 20.0)
    assert "resistivity" in kinds(a)


GAMRY = "EXPLAIN\nTAG\tEISPOT\nFREQINIT\tQUANT\t1e5\tx\nFREQFINAL\tQUANT\t1\tx\nZCURVE\tTABLE\n"
CHI = "Jan. 1, 2024\nA.C. Impedance\nHigh Frequency (Hz) = 1e+5\nLow Frequency (Hz) = 1\n\n"
EC_LAB = "EC-Lab ASCII FILE\nNb header lines : 8\n\nfi    100,000\nunit fi   kHz\nff    1,000\nunit ff   Hz\n"
CUT = {
    "Gamry": f"{GAMRY}\tPt\tTime\tFreq\tZreal\tZimag\n\t#\ts\tHz\tohm\tohm\n",
    "CHI": f"{CHI}Freq/Hz, Z'/ohm, Z''/ohm\n\n",
    "EC-Lab": f"{EC_LAB}freq/Hz\tRe(Z)/Ohm\t-Im(Z)/Ohm\t\n",
}


@pytest.mark.parametrize("name", CUT)
def test_a_sweep_that_ends_before_its_planned_end_says_so(tmp_path: Path, name: str) -> None:
    for count, said in ((6, False), (4, True)):
        sign = -1 if name == "EC-Lab" else 1
        cells = [
            [str(k), str(k), *(repr(float(v)) for v in (f, z.real, sign * z.imag))]
            for k, (f, z) in enumerate(zip(F, Z, strict=True))
        ]
        if name == "Gamry":
            rows = ["\t" + "\t".join(row) for row in cells]
        else:
            mark, separator = (".", ", ") if name == "CHI" else (",", "\t")
            rows = [separator.join(text.replace(".", mark) for text in row[2:]) for row in cells]
        (s,) = read_file(written(tmp_path, CUT[name] + "\n".join(rows[:count]) + "\n"))
        assert ("truncated" in kinds(s)) is said


def test_an_ivium_file_cut_behind_an_object_says_so(tmp_path: Path) -> None:
    data = formats_synthetic.ivium("Impedance", "Impedance")
    path = tmp_path / "a.ids"
    path.write_bytes(data)
    assert "truncated" not in kinds(read_file(path)[0])
    path.write_bytes(data[: data.rindex(b"Method=") + 9])
    (s,) = read_file(path)
    assert "truncated" in kinds(s)


def test_digits_grouped_by_blanks_between_tabs_are_numbers(tmp_path: Path) -> None:
    z = 1e4 * Z
    rows = [
        "\t".join(f"{v:,.4f}".replace(",", " ") for v in row) for row in zip(F, z.real, z.imag, strict=True)
    ]
    (s,) = read_file(written(tmp_path, "\n".join(["f (Hz)\tZ' (Ohm)\tZ'' (Ohm)", *rows])))
    np.testing.assert_allclose(s.z_ohm, z, rtol=1e-6)

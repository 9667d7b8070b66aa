"""Tables as people write them: row numbers, thousands, second lines, columns that are no frequency."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from eisfit.errors import FormatError, NoImpedance
from eisfit.formats import read_file
from support import formats_synthetic as made
from support.formats_samples import kinds
from support.formats_text import table, written

F = np.array([1e5, 3e4, 1e4, 3e3, 1e3, 3e2, 1e2, 30.0, 10.0, 3.0, 1.0])
Z = 10 + 100 / (1 + 2j * np.pi * F * 1e-4)
N = np.arange(1.0, 12.0)


def lines(header: str, rows: list[str]) -> str:
    return "\n".join([header, *rows]) + "\n"


@pytest.mark.parametrize("separator", [",", "\t", ";", " "])
def test_a_number_before_every_row_needs_no_heading(tmp_path: Path, separator: str) -> None:
    text = table(separator.join(["f", "Z'", "Z''"]), [N, F, Z.real, Z.imag], separator)
    (s,) = read_file(written(tmp_path, text))
    np.testing.assert_array_equal(s.frequency_hz, F)
    np.testing.assert_array_equal(s.z_ohm, Z)
    assert "the first numbers the rows" in s.finding


def test_names_before_every_row_need_no_heading(tmp_path: Path) -> None:
    rows = [
        f"row{k},{f!r},{z.real!r},{z.imag!r}"
        for k, (f, z) in enumerate(zip(F.tolist(), Z.tolist(), strict=True))
    ]
    (s,) = read_file(written(tmp_path, lines("f,Z',Z''", rows)))
    np.testing.assert_array_equal(s.z_ohm, Z)


def test_an_empty_heading_of_row_numbers_is_none(tmp_path: Path) -> None:
    (s,) = read_file(written(tmp_path, table(",f,Z',Z''", [N - 1, F, Z.real, Z.imag])))
    np.testing.assert_array_equal(s.z_ohm, Z)


def test_units_under_headings_below_a_long_preamble(tmp_path: Path) -> None:
    text = "a line of text\n" * 60 + table("f,Z',Z''\nkHz,kOhm,kOhm", [F / 1e3, Z.real / 1e3, Z.imag / 1e3])
    (s,) = read_file(written(tmp_path, text))
    np.testing.assert_allclose(s.z_ohm, Z)


REFUSED = {
    "another column without a heading": (
        table("f,Z',Z''", [2 * N, F, Z.real, Z.imag]),
        "line 2: the row has 4 cells",
    ),
    "units in cells of their own": (
        table("Frequency, Hz, Z', Z'', time", [F, Z.real, Z.imag, N]),
        "the row has 4 cells and the heading line 5",
    ),
    "a second line of headings with numbers": (
        table("freq, real, imaginary, c\n,freq,50.0,100.0", [N, F, Z.real, Z.imag]),
        "line 2: ',freq,50.0,100.0' stands between the headings and the numbers",
    ),
    "row numbers called frequency": (table("freq,real,imag", [N, Z.real, Z.imag]), "'freq' counts the rows"),
    "a time without a heading": (table("", [2 * N, Z.real, Z.imag]), "runs like a time or hardly changes"),
    "a potential without a heading": (
        table("", [0.3 + 1e-3 * np.sin(N), Z.real, Z.imag]),
        "runs like a time or hardly changes",
    ),
    "a comma of two meanings": (
        lines("f;Z';Z''", [f"{f:,.0f};{k};-{k}" for k, f in enumerate(F.tolist(), 1)]),
        "the comma in '100,000' may be a decimal mark or group the thousands",
    ),
    "two frequencies of one label": (
        table("f A,Z' B,Z'' B,Z' A,Z'' A", [F, Z.real, Z.imag, Z.real, Z.imag]),
        "cannot be assigned to a spectrum",
    ),
    "one quantity twice with other values": (
        table("f,Z' (ohm),Z'' (ohm),Z' (mohm)", [F, Z.real, Z.imag, Z.real]),
        "hold different values",
    ),
    "headings that are not understood": (
        table("f (Hz),Z' A,Z'' A,Z' (+),Z'' (+)", [F, Z.real, Z.imag, Z.real, Z.imag]),
        "their headings are not understood",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused_and_why(tmp_path: Path, case: str) -> None:
    text, sentence = REFUSED[case]
    with pytest.raises(FormatError) as error:
        read_file(written(tmp_path, text))
    assert sentence in str(error.value)


def test_one_frequency_is_no_spectrum(tmp_path: Path) -> None:
    with pytest.raises(NoImpedance, match=r"'f \(Hz\)' is 5 in all 11 rows; one frequency is no spectrum"):
        read_file(written(tmp_path, table("f (Hz),Z',Z''", [0 * F + 5, Z.real, Z.imag])))


def test_a_linear_sweep_whose_heading_states_hertz_is_one(tmp_path: Path) -> None:
    (s,) = read_file(written(tmp_path, table("f (Hz),Z',Z''", [N, Z.real, Z.imag])))
    np.testing.assert_array_equal(s.frequency_hz, N)


def swapped(text: str) -> str:
    return text.replace(".", "#").replace(",", ".").replace("#", ",")


THOUSANDS: dict[str, tuple[str, Callable[[float, complex], str]]] = {
    "quoted commas": ("f,Z',Z''", lambda f, z: f'"{f:,.0f}",{z.real!r},{z.imag!r}'),
    "commas and points": ("f;Z';Z''", lambda f, z: f"{f:,.1f};{z.real!r};{z.imag!r}"),
    "commas beside points": ("f;Z';Z''", lambda f, z: f"{f:,.0f};{z.real!r};{z.imag!r}"),
    "blanks": ("f;Z';Z''", lambda f, z: f"{f:,.0f};{z.real!r};{z.imag!r}".replace(",", " ")),
    "narrow blanks": ("f\tZ'\tZ''", lambda f, z: f"{f:,.0f}\t{z.real!r}\t{z.imag!r}".replace(",", "\u202f")),
    "apostrophes": ("f;Z';Z''", lambda f, z: f"{f:,.0f};{z.real!r};{z.imag!r}".replace(",", "'")),
    "points and decimal commas": ("f;Z';Z''", lambda f, z: swapped(f"{f:,.2f};{z.real!r};{z.imag!r}")),
    "points beside decimal commas": ("f;Z';Z''", lambda f, z: swapped(f"{f:,.0f};{z.real!r};{z.imag!r}")),
}


@pytest.mark.parametrize("case", THOUSANDS)
def test_marks_between_thousands(tmp_path: Path, case: str) -> None:
    header, row = THOUSANDS[case]
    rows = [row(f, z) for f, z in zip(F.tolist(), Z.tolist(), strict=True)]
    (s,) = read_file(written(tmp_path, lines(header, rows)))
    np.testing.assert_array_equal(s.frequency_hz, F)
    np.testing.assert_array_equal(s.z_ohm, Z)


def test_decimal_commas_with_three_digits_stay_decimal(tmp_path: Path) -> None:
    rows = [
        f"{f:.3f};{z.real:.3f};{z.imag:.3f}".replace(".", ",")
        for f, z in zip(F.tolist(), Z.tolist(), strict=True)
    ]
    (s,) = read_file(written(tmp_path, lines("f;Z';Z''", rows)))
    np.testing.assert_array_equal(s.frequency_hz, F)


FREQUENCIES = {
    "log f,f (Hz),Z',Z''": [np.log10(F), F],
    "omega (rad/s),f (Hz),Z',Z''": [2 * np.pi * F, F],
    "f (Hz),f (kHz),Z',Z''": [F, F / 1e3],
    "f (Hz),Measured f (Hz),Z',Z''": [F, F],
}


@pytest.mark.parametrize("header", FREQUENCIES)
def test_several_columns_of_one_frequency(tmp_path: Path, header: str) -> None:
    (s,) = read_file(written(tmp_path, table(header, [*FREQUENCIES[header], Z.real, Z.imag])))
    np.testing.assert_allclose(s.frequency_hz, F)
    np.testing.assert_array_equal(s.z_ohm, Z)


TWINS = {
    "f,Z',Z'',-Z''": [Z.real, Z.imag, -Z.imag],
    "f,Z' (Ohm),Z'' (Ohm),Z' (kOhm),Z'' (kOhm)": [Z.real, Z.imag, Z.real / 1e3, Z.imag / 1e3],
    "f,Z' (Ohm),Z'' (Ohm),Z' (Ohm cm2),Z'' (Ohm cm2)": [Z.real, Z.imag, 3 * Z.real, 3 * Z.imag],
    "f,|Z| (Ohm),Phase (deg),Phase (rad)": [np.abs(Z), np.angle(Z, deg=True), np.angle(Z)],
}


@pytest.mark.parametrize("header", TWINS)
def test_one_quantity_in_several_units_is_one_spectrum(tmp_path: Path, header: str) -> None:
    (s,) = read_file(written(tmp_path, table(header, [F, *TWINS[header]])))
    np.testing.assert_allclose(s.z_ohm, Z, rtol=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_rows_in_random_order_are_sorted_with_their_times(tmp_path: Path, seed: int) -> None:
    f = np.logspace(5, 0, 41)
    z = 10 + 100 / (1 + 2j * np.pi * f * 1e-4)
    order = np.random.default_rng(seed).permutation(f.size)
    columns = [f[order], z.real[order], z.imag[order], f[order]]
    (s,) = read_file(written(tmp_path, table("f/Hz,Z'/Ohm,Z''/Ohm,time/s", columns)))
    np.testing.assert_array_equal(s.z_ohm, z)
    assert s.time_s is not None
    np.testing.assert_array_equal(s.time_s, f)
    assert "order" in kinds(s)


def test_sweeps_of_three_points_are_not_sorted(tmp_path: Path) -> None:
    f = np.outer([1.0, 1.001, 1.002, 1.003], [1e4, 1e2, 1.0]).ravel()
    assert len(read_file(written(tmp_path, table("f/Hz,Z'/Ohm,Z''/Ohm", [f, 1 / f, -1 / f])))) == 4


def test_samples_in_a_spreadsheet(tmp_path: Path) -> None:
    sheet: list[list[str | float]] = [
        ["", "25 °C", "", "50 °C", ""],
        ["f/Hz", "Z'/Ohm", "Z''/Ohm", "Z'/Ohm", "Z''/Ohm"],
    ]
    sheet += [
        [f, z.real, z.imag, 2 * z.real, 2 * z.imag] for f, z in zip(F.tolist(), Z.tolist(), strict=True)
    ]
    a, b = read_file(written(tmp_path, made.xlsx({"one": sheet}), "a.xlsx"))
    np.testing.assert_allclose(b.z_ohm, 2 * Z)
    assert (a.conditions.temperature_c, b.conditions.temperature_c) == (25.0, 50.0)


def test_a_measured_temperature_that_drifts_cuts_no_sweep(tmp_path: Path) -> None:
    f = np.logspace(5, 0, 30)
    z = 10 + 100 / (1 + 2j * np.pi * f * 1e-4)
    warm = np.repeat([50.0, 50.1, 50.2], 10)
    (s,) = read_file(written(tmp_path, table("f/Hz,Z'/Ohm,Z''/Ohm,T (°C)", [f, z.real, z.imag, warm])))
    assert len(s) == 30
    assert s.conditions.temperature_c == pytest.approx(50.1)


def test_a_set_point_that_stays_cuts_no_sweep_where_the_measured_one_drifts(tmp_path: Path) -> None:
    f = np.logspace(5, 0, 30)
    warm, point = np.repeat([24.9, 25.0, 25.1], 10), 0 * f + 25
    text = table("f (Hz),Z' (Ohm),Z'' (Ohm),Temperature ('C),Set Point ('C)", [f, 1 / f, -1 / f, warm, point])
    (s,) = read_file(written(tmp_path, text))
    assert s.conditions.temperature_c == pytest.approx(25.0)


WITH_MORE = {
    "freq/Hz,Re(Z)/Ohm,-Im(Z)/Ohm,Re(Zce)/Ohm,-Im(Zce)/Ohm,Re(Zwe-ce)/Ohm,-Im(Zwe-ce)/Ohm": (
        1,
        -1,
        2,
        3,
        4,
        5,
    ),
    "freq/Hz,Re(Z)/Ohm,-Im(Z)/Ohm,Re(Y)/Ohm-1,Im(Y)/Ohm-1,Cs/µF,Cp/µF": (1, -1, 2, 3, 4, 5),
    "frequency,realz,imagz,realzstddev,imagzstddev,absz": (1, 1, 0, 0, 1),
    "Frequency (Hz),Z' (Ohm),Z'' (Ohm),Residual Z' (%),Residual Z'' (%)": (1, 1, 0, 0),
    "Fréquence (Hz),Z réel (Ohm),Z imaginaire (Ohm)": (1, 1),
}


@pytest.mark.parametrize("header", WITH_MORE)
def test_columns_of_programs_beside_the_impedance(tmp_path: Path, header: str) -> None:
    re_, im, *more = WITH_MORE[header]
    columns = [F, re_ * Z.real, im * Z.imag, *(k * np.abs(Z) for k in more)]
    (s,) = read_file(written(tmp_path, table(header, columns)))
    np.testing.assert_array_equal(s.z_ohm, Z)

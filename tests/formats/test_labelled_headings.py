"""Several samples in one table: each becomes a spectrum of its own, or the table is refused; never a wrong column."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from eisfit.errors import FormatError
from eisfit.formats import read_file
from eisfit.formats.parsing.labels import labelled, temperature_of
from support.formats_samples import kinds
from support.formats_text import written

F = np.array([1e5, 3e4, 1e4, 3e3, 1e3, 3e2, 1e2, 30.0, 10.0, 3.0, 1.0])
A = 10 + 100 / (1 + 2j * np.pi * F * 1e-5)
B = 20 + 300 / (1 + 2j * np.pi * F * 4e-4) + 5 / np.sqrt(1j * F)
COLUMN = {
    "f": F, "ra": A.real, "ia": A.imag, "na": -A.imag, "ma": np.abs(A), "pa": np.angle(A, deg=True),
    "rb": B.real, "ib": B.imag, "nb": -B.imag, "mb": np.abs(B), "pb": np.angle(B, deg=True),
    "ga": (1 / A).real, "ba": (1 / A).imag, "gb": (1 / B).real, "bb": (1 / B).imag,
    "ka": A.real / 1e3, "kia": A.imag / 1e3, "i": np.arange(1.0, 12.0), "t": 2.0 * np.arange(11), "e": F * 0 + 0.1,
    "xa": 1.02 * A.real, "ya": 1.02 * A.imag, "": F * np.nan,
}  # fmt: skip


def rows(columns: str, separator: str = ",") -> str:
    names = columns.split(" ")
    return "".join(
        separator.join(repr(float(COLUMN[n][k])) if n else "" for n in names) + "\n" for k in range(F.size)
    )


TWO = {
    "f (Hz),Z' (Ohm) A,Z'' (Ohm) A,Z' (Ohm) B,Z'' (Ohm) B": "f ra ia rb ib",
    "f (Hz),Z' (Ohm) A,Z' (Ohm) B,Z'' (Ohm) A,Z'' (Ohm) B": "f ra rb ia ib",
    "f (Hz),Z' (Ohm) A,Z'' (Ohm) B,Z' (Ohm) B,Z'' (Ohm) A": "f ra ib rb ia",
    "f (Hz),A Z' (Ohm),A Z'' (Ohm),B Z' (Ohm),B Z'' (Ohm)": "f ra ia rb ib",
    "f (Hz),A: Z' (Ohm),A: Z'' (Ohm),B: Z' (Ohm),B: Z'' (Ohm)": "f ra ia rb ib",
    "f (Hz),A - Z' (Ohm),A - Z'' (Ohm),B - Z' (Ohm),B - Z'' (Ohm)": "f ra ia rb ib",
    "f (Hz),A Z' (Ohm),A -Z'' (Ohm),B Z' (Ohm),B -Z'' (Ohm)": "f ra na rb nb",
    "f (Hz),A Z' (Ohm),A - Z'' (Ohm),B Z' (Ohm),B - Z'' (Ohm)": "f ra na rb nb",
    "f,Z'_A,Z''_A,Z'_B,Z''_B": "f ra ia rb ib",
    "f,Z'A,Z''A,Z'B,Z''B": "f ra ia rb ib",
    "f,Z'1,Z''1,Z'2,Z''2": "f ra ia rb ib",
    "f,Z1',Z1'',Z2',Z2''": "f ra ia rb ib",
    "f,Zre1,Zim1,Zre2,Zim2": "f ra ia rb ib",
    "f,Z1_re,Z1_im,Z2_re,Z2_im": "f ra ia rb ib",
    "f,Re(Z1)/Ohm,-Im(Z1)/Ohm,Re(Z2)/Ohm,-Im(Z2)/Ohm": "f ra na rb nb",
    "f,Re(Z)_A/Ohm,-Im(Z)_A/Ohm,Re(Z)_B/Ohm,-Im(Z)_B/Ohm": "f ra na rb nb",
    "f,Zreal,Zimag,Zreal.1,Zimag.1": "f ra ia rb ib",
    "f,A_real,A_imag,B_real,B_imag": "f ra ia rb ib",
    "f,Z' 25C,Z'' 25C,Z' 50C,Z'' 50C": "f ra ia rb ib",
    "f,Z' (25 °C),Z'' (25 °C),Z' (50 °C),Z'' (50 °C)": "f ra ia rb ib",
    "f,Z' (Ohm) 25 °C,Z'' (Ohm) 25 °C,Z' (Ohm) 50 °C,Z'' (Ohm) 50 °C": "f ra ia rb ib",
    "f,-20C Z',-20C Z'',20C Z',20C Z''": "f ra ia rb ib",
    "f (Hz),Z' (kOhm) A,Z'' (kOhm) A,Z' (Ohm) B,Z'' (Ohm) B": "f ka kia rb ib",
    "f (Hz),LLZO Z' (Ohm),LLZO Z'' (Ohm),PEO Z' (Ohm),PEO Z'' (Ohm)": "f ra ia rb ib",
    "f (Hz),Z'(LLZO),Z''(LLZO),Z'(PEO),Z''(PEO)": "f ra ia rb ib",
    "f (Hz),Sample 1 Re(Z),Sample 1 Im(Z),Sample 2 Re(Z),Sample 2 Im(Z)": "f ra ia rb ib",
    "f (Hz),Z' before cycling (Ohm),Z'' before cycling (Ohm),Z' after cycling (Ohm),Z'' after cycling (Ohm)": (
        "f ra ia rb ib"
    ),
    "f (Hz),Z' 0.1 M (Ohm),Z'' 0.1 M (Ohm),Z' 1 M (Ohm),Z'' 1 M (Ohm)": "f ra ia rb ib",
    "f (Hz),Z' 10%,Z'' 10%,Z' 90%,Z'' 90%": "f ra ia rb ib",
    "f (Hz),0.5 mol/L: Z' (Ohm),0.5 mol/L: Z'' (Ohm),1 mol/L: Z' (Ohm),1 mol/L: Z'' (Ohm)": "f ra ia rb ib",
    "f (Hz),Real Z (Ohm) LLZO,Imag Z (Ohm) LLZO,Real Z (Ohm) PEO,Imag Z (Ohm) PEO": "f ra ia rb ib",
    "f (Hz),Z_real_A_ohm,Z_imag_A_ohm,Z_real_B_ohm,Z_imag_B_ohm": "f ra ia rb ib",
    "f (Hz),|Z| A,Phase A,|Z| B,Phase B": "f ma pa mb pb",
    "f (Hz),10% - Z',10% - Z'',90% - Z',90% - Z''": "f ra ia rb ib",
    "f (Hz),Z1 (Ohm),Phase1 (deg),Z2 (Ohm),Phase2 (deg)": "f ma pa mb pb",
    "f (Hz),|Z|,Phase,|Z|,Phase": "f ma pa mb pb",
    "f (Hz),|Z| (Ohm),|Z| (Ohm),Phase (deg),Phase (deg)": "f ma mb pa pb",
    "f,Z',Z'',Z',Z''": "f ra ia rb ib",
    "f,Z',Z',Z'',Z''": "f ra rb ia ib",
    "f,f,Z',Z',Z'',Z''": "f f ra rb ia ib",
    "f,Z',Z'',f,Z',Z''": "f ra ia f rb ib",
    "f A,Z' A,Z'' A,f B,Z' B,Z'' B": "f ra ia f rb ib",
    "f1,Z'1,Z''1,f2,Z'2,Z''2": "f ra ia f rb ib",
    "f (Hz),Y' A (S),Y'' A (S),Y' B (S),Y'' B (S)": "f ga ba gb bb",
    "f (Hz),Z' (Ohm),Z'' (Ohm),Z' (Ohm) B,Z'' (Ohm) B": "f ra ia rb ib",
    "index,f,Z' A,Z'' A,Z' B,Z'' B": "i f ra ia rb ib",
    "f,t A,Z' A,Z'' A,t B,Z' B,Z'' B": "f t ra ia t rb ib",
    "f (Hz),A-Z',A-Z'',B-Z',B-Z''": "f ra ia rb ib",
    "f (Hz),Z'(1),Z''(1),Z'(2),Z''(2)": "f ra ia rb ib",
    "f (Hz),Z'(a),Z''(a),Z'(b),Z''(b)": "f ra ia rb ib",
    "f (Hz),Z' A,Z'' A,|Z| A,phase A,Z' B,Z'' B,|Z| B,phase B": "f ra ia ma pa rb ib mb pb",
    "f (Hz),Z' in Ohm A,Z'' in Ohm A,Z' in Ohm B,Z'' in Ohm B": "f ra ia rb ib",
    "f (Hz),Re A,-Im A,Re B,-Im B": "f ra na rb nb",
    "f (Hz),G A (S),B A (S),G B (S),B B (S)": "f ga ba gb bb",
    "f (Hz),ReZA,ImZA,ReZB,ImZB": "f ra ia rb ib",
}


@pytest.mark.parametrize("separator", [",", "\t", ";"])
@pytest.mark.parametrize("heading", TWO)
def test_two_samples_become_two_spectra(tmp_path: Path, heading: str, separator: str) -> None:
    text = heading.replace(",", separator) + "\n" + rows(TWO[heading], separator)
    a, b = read_file(written(tmp_path, text))
    np.testing.assert_allclose(a.z_ohm, A, rtol=1e-12)
    np.testing.assert_allclose(b.z_ohm, B, rtol=1e-12)


REFUSED = {
    "f (Hz),Z',Z'' A,Z' B,Z'' B": '"Z\'", "Z\'\' A" cannot be assigned to a spectrum',
    "f (Hz),Z',Z'',Z',Z''(fit)": "cannot be paired",
    "f (Hz),Z' A,Z'' A,Z' B,phase B": "\"Z' B\", 'phase B' cannot be assigned",
    "f (Hz),Z' (Ohm) (+),Z'' (Ohm) (+),Z' (Ohm) (-),Z'' (Ohm) (-)": "their headings are not understood",
    "f (Hz),Y'(+) (S),Y''(+) (S),Y'(-) (S),Y''(-) (S)": "their headings are not understood",
    "f (Hz),Z' x 1e-3 (Ohm),Z'' x 1e-3 (Ohm),Z' B,Z'' B": "their headings are not understood",
    "f (Hz),Z'-1,Z''-1,Z'1,Z''1": "their headings are not understood",
    "f (Hz),V real,V imag,I real,I imag": "are missing from the columns",
    "f A (Hz),Z' B,Z'' B,Z' A,Z'' A": "cannot be assigned",
}


@pytest.mark.parametrize("heading", REFUSED)
def test_headings_that_leave_the_samples_open_are_refused_and_quoted(tmp_path: Path, heading: str) -> None:
    with pytest.raises(FormatError) as error:
        read_file(written(tmp_path, heading + "\n" + rows("f ra ia rb ib")))
    assert REFUSED[heading] in str(error.value)


MEASURED = {
    "f (Hz),Z' (Ohm),Z'' (Ohm),Z' fit (Ohm),Z'' fit (Ohm)": "f ra ia xa ya",
    "f (Hz),Fit Z',Fit Z'',Exp Z',Exp Z''": "f xa ya ra ia",
    "f (Hz),Z' model,Z' data,Z'' model,Z'' data": "f xa ra ya ia",
    "f (Hz),Z',Z'',Z' error,Z'' error": "f ra ia e e",
}


@pytest.mark.parametrize("heading", MEASURED)
def test_columns_of_a_fit_or_of_errors_are_left_out_with_a_finding(tmp_path: Path, heading: str) -> None:
    (s,) = read_file(written(tmp_path, heading + "\n" + rows(MEASURED[heading])))
    np.testing.assert_allclose(s.z_ohm, A)
    assert "were left out" in s.finding


def test_other_forms_of_the_same_points_are_ignored(tmp_path: Path) -> None:
    heading = "f (Hz),Z' (Ohm),Z'' (Ohm),Z' norm.,Z'' norm."
    (s,) = read_file(written(tmp_path, heading + "\n" + rows("f ra ia rb ib")))
    np.testing.assert_allclose(s.z_ohm, A)


def test_a_lone_fit_is_no_measurement(tmp_path: Path) -> None:
    (s,) = read_file(written(tmp_path, "f (Hz),Fit Z' (Ohm),Fit Z'' (Ohm)\n" + rows("f ra ia")))
    assert "calculated" in kinds(s)


HEAD = "f (Hz),Z' (Ohm),Z'' (Ohm),Z' (Ohm),Z'' (Ohm)\n"
LABEL_LINES = {
    "above, at the start of each": f",A,,B,\n{HEAD}",
    "above every column": f",A,A,B,B\n{HEAD}",
    "temperatures above": f",25 °C,,50 °C,\n{HEAD}",
    "temperatures with their unit first": f"T/°C,25,25,50,50\n{HEAD}",
    "temperatures below": f"{HEAD},25 °C,25 °C,50 °C,50 °C\n",
    "numbers below": f"{HEAD},25,25,50,50\n",
    "names, units and comments": "Frequency,Z',Z'',Z',Z''\nHz,Ohm,Ohm,Ohm,Ohm\n,A,A,B,B\n",
    "two lines of headings": "Frequency,A,,B,\nHz,Z' (Ohm),Z'' (Ohm),Z' (Ohm),Z'' (Ohm)\n",
}


@pytest.mark.parametrize("case", LABEL_LINES)
def test_labels_in_a_line_of_their_own(tmp_path: Path, case: str) -> None:
    a, b = read_file(written(tmp_path, LABEL_LINES[case] + rows("f ra ia rb ib")))
    np.testing.assert_allclose(a.z_ohm, A)
    np.testing.assert_allclose(b.z_ohm, B)
    assert "labelled" in a.finding
    if "temperatures" in case:
        assert (a.conditions.temperature_c, b.conditions.temperature_c) == (25.0, 50.0)


@pytest.mark.parametrize("gap", ["", ","])
def test_a_wide_table_with_temperatures_above_each_group(tmp_path: Path, gap: str) -> None:
    text = f"25 °C,,{gap},50 °C,,\nf,Z',Z''{gap},f,Z',Z''\n"
    a, b = read_file(written(tmp_path, text + rows(f"f ra ia{' ' if gap else ''} f rb ib")))
    np.testing.assert_allclose(a.z_ohm, A)
    np.testing.assert_allclose(b.z_ohm, B)
    assert (a.conditions.temperature_c, b.conditions.temperature_c) == (25.0, 50.0)


def test_a_sample_may_have_fewer_points_than_another(tmp_path: Path) -> None:
    lines = (HEAD + rows("f ra ia rb ib")).splitlines()
    lines[-3:] = [",".join([*line.split(",")[:3], "", ""]) for line in lines[-3:]]
    a, b = read_file(written(tmp_path, "\n".join(lines)))
    assert (len(a), len(b)) == (11, 8)
    np.testing.assert_allclose(b.z_ohm, B[:8])


@pytest.mark.parametrize(
    ("heading", "columns"),
    [
        ("Frequency,Impedance,Impedance\nHz,real,imag\n", "f ra ia"),
        ("Frequency,Impedance,\n,real,imag\n", "f ra ia"),
    ],
)
def test_a_second_heading_line_completes_the_first(tmp_path: Path, heading: str, columns: str) -> None:
    (s,) = read_file(written(tmp_path, heading + rows(columns)))
    np.testing.assert_allclose(s.z_ohm, A)


def test_several_columns_of_complex_numbers(tmp_path: Path) -> None:
    body = "".join(f"{f!r};{a};{b}\n" for f, a, b in zip(F.tolist(), A.tolist(), B.tolist(), strict=True))
    a, b = read_file(written(tmp_path, "f/Hz;Z (Ohm) A;Z (Ohm) B\n" + body))
    np.testing.assert_allclose(a.z_ohm, A)
    np.testing.assert_allclose(b.z_ohm, B)
    assert "labelled 'B'" in b.finding


LABELS = {
    "Z' (Ohm) A": ("re", 1, "A"), "A -Z'' (Ohm)": ("im", -1, "A"), "Zre_2": ("re", 1, "2"), "|Z1|": ("modulus", 1, "1"),
    "Z' -20C": ("re", 1, "-20C"), "(-)Z'' cell 3": ("im", -1, "cell 3"), "Phase B (rad)": ("phase", 1, "B"),
    "Cp B (pF)": ("cp", 1, "B"),
}  # fmt: skip


@pytest.mark.parametrize("text", LABELS)
def test_a_label_is_cut_from_its_quantity(text: str) -> None:
    found = labelled(text)
    assert found is not None
    assert (found.quantity, found.sign, found.label) == LABELS[text]


@pytest.mark.parametrize(
    "text", ["I real", "V imag", "Re(I)", "Z' (10^3 Ohm)", "|Z| (dB)", "Z' norm", "Re(Zce)/Ohm"]
)
def test_what_may_be_another_quantity_or_unit_is_no_label(text: str) -> None:
    assert labelled(text) is None


def test_temperatures_in_labels_keep_their_sign() -> None:
    assert temperature_of("-20C") == -20.0
    assert temperature_of("T=298.15 K") == pytest.approx(25.0)
    assert temperature_of("A") is None

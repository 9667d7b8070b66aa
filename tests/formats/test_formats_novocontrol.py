"""WinDETA text: impedance, permittivity with geometry, temperatures, refusals."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from eisfit.errors import FormatError, NoImpedance
from eisfit.formats import read
from support.formats_samples import assert_point, kinds, needs_samples, sample

GEOMETRY = (
    "Diameter[mm] 1.000e+01  Thickness[mm] 2.000e+00  Edge Correction Off  Electrode Thickness[mm] 4.0e+00"
)
C0 = 8.8541878128e-14 * math.pi * 0.5**2 / 0.2


def written(folder: Path, *lines: str) -> Path:
    path = folder / "s1.txt"
    path.write_bytes("\r\n".join(["s1, 3.2.2025, 9:05", *lines]).encode("cp1252"))
    return path


def test_impedance_with_a_fixed_temperature_in_kelvin(tmp_path: Path) -> None:
    (s,) = read(
        written(
            tmp_path,
            GEOMETRY,
            "Fixed value(s) :  Temp. [K]=3.0000e+02  AC Volt  [Vrms]=1.000e+00",
            " Freq. [Hz]\t Zs' [Ohms]\t Zs'' [Ohms]",
            "1.0e+03\t 5.0e+01\t-2.0e+00",
            "1.0e+02 6.0e+01 -3.0e+00",
        )
    )
    np.testing.assert_array_equal(s.z_ohm, [50 - 2j, 60 - 3j])
    c = s.conditions
    assert c.temperature_c == pytest.approx(26.85)
    assert c.area_cm2 == pytest.approx(math.pi / 4)
    assert c.thickness_cm == pytest.approx(0.2)


@pytest.mark.parametrize("columns", ["Eps'\t Eps''", "Eps'\t Sig' [S/cm]", "Sig' [S/cm]\t Sig'' [S/cm]"])
def test_permittivity_or_conductivity_with_geometry(tmp_path: Path, columns: str) -> None:
    omega = 2 * math.pi * np.array([1e3, 1e2])
    z = np.array([5e4 - 2e6j, 6e4 - 2e7j])
    eps = 1 / (1j * omega * C0 * z)
    e0 = 8.8541878128e-14
    values = {
        "Eps'": eps.real, "Eps''": -eps.imag, "Sig' [S/cm]": -omega * e0 * eps.imag,
        "Sig'' [S/cm]": -omega * e0 * (eps.real - 1),
    }  # fmt: skip
    two = [values[name.strip()] for name in columns.split("\t")]
    rows = [
        f"{w / 2 / math.pi!r}\t{a!r}\t{b!r}"
        for w, a, b in zip(omega.tolist(), *(t.tolist() for t in two), strict=True)
    ]
    (s,) = read(written(tmp_path, GEOMETRY, "Fixed value(s) :", f" Freq. [Hz]\t {columns}", *rows))
    np.testing.assert_allclose(s.z_ohm, z, rtol=1e-9)
    assert kinds(s) == {"permittivity"}


def test_a_temperature_sweep_is_no_spectrum(tmp_path: Path) -> None:
    path = written(tmp_path, "Fixed value(s) :  Freq. [Hz]=1.0e+03", " Temp. [K]\t Eps'\t Eps''", "300\t5\t1")
    with pytest.raises(NoImpedance, match=r"swept quantity is 'Temp. \[K\]', not the frequency"):
        read(path)


def test_a_table_over_temperature_and_frequency_is_cut(tmp_path: Path) -> None:
    rows = [f"{t}\t{f}\t{f / t}\t-1" for t in (300, 310) for f in (1000.0, 100.0)]
    head = " Temp. [K]\t Freq. [Hz]\t Zs' [Ohms]\t Zs'' [Ohms]"
    a, b = read(written(tmp_path, "Fixed value(s) :", head, *rows))
    assert (a.conditions.temperature_c, b.conditions.temperature_c) == pytest.approx((26.85, 36.85))
    np.testing.assert_array_equal(a.frequency_hz, [1000, 100])


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    head = "Fixed value(s) :"
    (s,) = read(written(tmp_path, head, " Freq. [Hz]\t Eps'\t Eps''", "300\t5\t1"))
    assert kinds(s) == {"permittivity", "resistivity"}
    assert "give area_cm2 and thickness_cm" in s.finding
    with pytest.raises(
        FormatError, match=r"no two of the columns \(Freq. \[Hz\], Eps', \|Eps\|\) give an impedance"
    ):
        read(written(tmp_path, GEOMETRY, head, " Freq. [Hz]\t Eps'\t |Eps|", "300\t5\t1"))
    with pytest.raises(FormatError, match="line 4: '300 5' is not 3 numbers"):
        read(written(tmp_path, head, " Freq. [Hz]\t Zs' [Ohms]\t Zs'' [Ohms]", "300 5"))
    with pytest.raises(NoImpedance, match="no row"):
        read(written(tmp_path, head, " Freq. [Hz]\t Zs' [Ohms]\t Zs'' [Ohms]"))


EVERY: dict[str, Callable[[dict[str, np.ndarray]], tuple[np.ndarray, np.ndarray]]] = {
    "Zs' [Ohms]\t Zs'' [Ohms]": lambda q: (q["z"].real, q["z"].imag),
    "|Z| [Ohms]\t Phase [°]": lambda q: (np.abs(q["z"]), np.angle(q["z"], deg=True)),
    "Yp' [S]\t Yp'' [S]": lambda q: ((1 / q["z"]).real, (1 / q["z"]).imag),
    "Cp' [F]\t Cp'' [F]": lambda q: (q["c"].real, -q["c"].imag),
    "Cp' [F]\t Tan(Delta)": lambda q: (q["c"].real, -q["c"].imag / q["c"].real),
    "Eps'\t Eps''": lambda q: (q["eps"].real, -q["eps"].imag),
    "Eps'\t Tan(Delta)": lambda q: (q["eps"].real, -q["eps"].imag / q["eps"].real),
    "|Eps|\t Tan(Delta)": lambda q: (np.abs(q["eps"]), -q["eps"].imag / q["eps"].real),
    "Modulus'\t Modulus''": lambda q: ((1 / q["eps"]).real, (1 / q["eps"]).imag),
    "Eps'\t Sig' [S/cm]": lambda q: (q["eps"].real, q["sigma"].real),
    "Sig' [S/cm]\t Sig'' [S/cm]": lambda q: (q["sigma"].real, q["w"] * E0 - q["sigma"].imag),
}
E0 = 8.8541878128e-14  # F/cm


@pytest.mark.parametrize("comma", [False, True])
@pytest.mark.parametrize("columns", EVERY)
def test_any_two_columns_with_points_or_commas(tmp_path: Path, columns: str, comma: bool) -> None:
    f = np.array([1e6, 1e4, 1e2, 1.0])
    w = 2 * math.pi * f
    z = 50 + 1 / (1e-6 + 1j * w * 4e-11)
    c = 1 / (1j * w * z)
    known = {"w": w, "z": z, "c": c, "eps": c / C0, "sigma": 1j * w * E0 * c / C0}
    two = EVERY[columns](known)
    body = [f"{a:.12e}\t{b:.12e}\t{d:.12e}" for a, b, d in zip(f, *two, strict=True)]
    lines = [
        GEOMETRY,
        "Fixed value(s) :  Temp. [K]=3.0000e+02  DC Volt [V]=5.000e-01",
        f" Freq. [Hz]\t {columns}",
        *body,
    ]
    (s,) = read(written(tmp_path, *(_with_commas(line) if comma else line for line in lines)))
    np.testing.assert_allclose(s.z_ohm, z, rtol=1e-6)
    assert s.conditions.temperature_c == pytest.approx(26.85)
    assert s.conditions.bias_v == pytest.approx(0.5)
    assert s.conditions.area_cm2 == pytest.approx(math.pi / 4)
    assert s.conditions.thickness_cm == pytest.approx(0.2)
    assert "resistivity" not in kinds(s)


def _with_commas(line: str) -> str:
    """Write the numbers of a line with a decimal comma, and leave ``Freq.`` and ``Temp.`` as they are."""
    return re.sub(r"(?<=\d)\.(?=\d)", ",", line)


def test_a_comma_table_with_headings_of_the_program_is_a_table(tmp_path: Path) -> None:
    path = tmp_path / "s1.csv"
    path.write_text("Freq. [Hz],Zs' [Ohms],Zs'' [Ohms]\n1000,5,-2\n100,6,-3\n10,7,-4\n", encoding="utf-8")
    (s,) = read(path)
    np.testing.assert_array_equal(s.z_ohm, [5 - 2j, 6 - 3j, 7 - 4j])


@needs_samples
class TestSamples:
    def test_impedance_files(self) -> None:
        (a,) = sample("vendor/novocontrol/Example2a.txt")
        assert_point(a, 0, (1e6, 3805.5903, -6318.0615))
        assert_point(a, -1, (0.30000001, 218314.67, -150821.22))
        assert a.conditions.area_cm2 == pytest.approx(math.pi * 0.65**2)
        assert a.conditions.thickness_cm == pytest.approx(0.075)
        (b,) = sample("series/novocontrol-s04147-140-200C/s04147-160deg.txt")
        assert_point(b, 0, (1e6, 21112.2, -39556.8))
        assert_point(b, -1, (0.03, 1328530, -793978))
        (c,) = sample("series/novocontrol-s04147-140-200C/Example2c.txt")
        assert_point(c, -1, (0.04, 10349400, -2431740))

    def test_permittivity_files(self) -> None:
        spectra = sample("series/novocontrol-X4-22-90C/Test_X4_22-50-70-90DEG.txt")
        assert_point(spectra[0], 0, (1e7, 15.762335, -475.49149), 3e-6)
        assert_point(spectra[0], -1, (0.1, 1.1228553e9, -1.3780687e10), 3e-6)
        assert_point(spectra[-1], -1, (0.1, 5.5762003e9, -2.6995449e10), 3e-6)
        assert [round(s.conditions.temperature_c or 0) for s in spectra] == [
            23,
            49,
            69,
            89,
        ]  # measured, not set
        assert "edge correction" in kinds(spectra[0])
        (x14,) = sample("vendor/novocontrol/test_X14.txt")
        assert_point(x14, 0, (1713790, 1.5165066, -3376.9605), 3e-6)
        assert_point(x14, -1, (0.0192122, 3.9155041e10, -4.658939e11), 3e-6)

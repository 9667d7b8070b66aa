"""Columns of any immittance, in any spelling and unit, become one and the same impedance."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from eisfit.errors import FormatError
from eisfit.formats import read_file
from eisfit.formats.parsing.headings import parse
from support.formats_samples import kinds
from support.formats_text import written

F = np.logspace(6, 0, 25)
W = 2 * np.pi * F
Z = 50 + 1 / (1e-3 + 1j * W * 1e-8)
Y = 1 / Z
CP, GP = Y.imag / W, Y.real
CS = -1 / (W * Z.imag)
D = Z.real / -Z.imag
E0 = 8.8541878128e-14  # F/cm
RHO = Z * 0.785 / 0.1  # ohm cm, of a plate of 0.785 cm2 and 0.1 cm
EPS = 1 / (1j * W * E0 * RHO)
PHASE = np.angle(Z, deg=True)


def csv(header: str, *columns: np.ndarray) -> str:
    body = "".join(",".join(repr(float(v)) for v in row) + "\n" for row in zip(*columns, strict=True))
    return header + "\n" + body


PAIRS = {
    "f (Hz),Y' (S),Y'' (S)": (GP, Y.imag),
    "f (Hz),Re(Y)/Ohm-1,Im(Y)/Ohm-1": (GP, Y.imag),
    "f (Hz),G (mS),B (mS)": (GP * 1e3, Y.imag * 1e3),
    "f (Hz),Y' (µS),Y'' (µS)": (GP * 1e6, Y.imag * 1e6),
    "f (Hz),|Y| (S),Phase (deg)": (np.abs(Y), np.angle(Y, deg=True)),
    "f (Hz),|Y| (S),theta_Y (rad)": (np.abs(Y), np.angle(Y)),
    "f (Hz),|Y| (S),Phase(Z) (deg)": (np.abs(Y), PHASE),
    "Frequency (Hz),Cp (F),D": (CP, D),
    "Frequency (Hz),Cp (pF),tan(delta)": (CP * 1e12, D),
    "Frequency (Hz),Cp (nF),Q": (CP * 1e9, 1 / D),
    "Frequency (Hz),Cp (F),Rp (Ohm)": (CP, 1 / GP),
    "Frequency (Hz),Rp (kOhm),Cp (uF)": (1e-3 / GP, CP * 1e6),
    "Frequency (Hz),Cp (F),G (S)": (CP, GP),
    "Frequency (Hz),Parallel capacitance (F),Conductance (S)": (CP, GP),
    "Frequency (Hz),Cs (F),Rs (Ohm)": (CS, Z.real),
    "Frequency (Hz),Cs (F),D (-)": (CS, D),
    "Frequency (Hz),Ls (H),Rs (Ohm)": (Z.imag / W, Z.real),
    "Frequency (Hz),Ls (mH),Q": (Z.imag / W * 1e3, Z.imag / Z.real),
    "Frequency (Hz),C' (F),C'' (F)": (CP, GP / W),
    "log(f/Hz),Z' (Ohm),Z'' (Ohm)": (Z.real, Z.imag),
    "log10 f,Z' (Ohm),Z'' (Ohm)": (Z.real, Z.imag),
    "ln(f/Hz),Z' (Ohm),Z'' (Ohm)": (Z.real, Z.imag),
    "omega (rad/s),Z' (Ohm),Z'' (Ohm)": (Z.real, Z.imag),
    "log(omega),Z' (Ohm),Z'' (Ohm)": (Z.real, Z.imag),
    "f (Hz),log|Z| (Ohm),Phase (deg)": (np.log10(np.abs(Z)), PHASE),
    "f (Hz),|Z| (Ohm),Phase (º)": (np.abs(Z), PHASE),
    "f (Hz),Z_abs (Ohm),Z_arg (deg)": (np.abs(Z), PHASE),
    "f (Hz),|Z| (Ohm),Phase (°)": (np.abs(Z), PHASE),
    "f (Hz),|Z| (Ohm),Phase (˚)": (np.abs(Z), PHASE),
    "f (Hz),|Z| (Ohm),Phase [deg.]": (np.abs(Z), PHASE),
    "f (Hz),|Z| (Ohm),phase_rad": (np.abs(Z), np.angle(Z)),
    "f (Hz),|Z| (Ohm),Phase Radians": (np.abs(Z), np.angle(Z)),
    "f (Hz),|Z| (Ohm),-Phase/mrad": (np.abs(Z), -1e3 * np.angle(Z)),
    "f (Hz),Impedance Magnitude (Ohms),Impedance Phase Degrees (')": (np.abs(Z), PHASE),
    "f (Hz),Z' (Ohm),(-)Z'' (Ohm)": (Z.real, -Z.imag),
    "f (Hz),Z' (Ohm),(-) Z'' (Ohm)": (Z.real, -Z.imag),
    "f (Hz),Re(Z) (Ohm),Im(-Z) (Ohm)": (Z.real, -Z.imag),
    "f (Hz),Re(Z) (Ohm),-1*Im(Z) (Ohm)": (Z.real, -Z.imag),
    "f (Hz),Re(Z) (Ohm),Im(Z)*(-1) (Ohm)": (Z.real, -Z.imag),
    "f (Hz),Z' (Ohm),-(Z'') (Ohm)": (Z.real, -Z.imag),
    'f (Hz),Z\' (Ohm),"-Z"" (Ohm)"': (Z.real, -Z.imag),
    "f (Hz),Z' (Ohm),Z'' (-) (Ohm)": (Z.real, -Z.imag),
}


def frequencies(header: str) -> np.ndarray:
    name = header.partition(",")[0]
    values = W if "omega" in name else F
    return np.log10(values) if name.startswith("log") else np.log(values) if name.startswith("ln") else values


@pytest.mark.parametrize("header", PAIRS)
def test_a_pair_of_columns_gives_the_impedance(tmp_path: Path, header: str) -> None:
    (s,) = read_file(written(tmp_path, csv(header, frequencies(header), *PAIRS[header])))
    np.testing.assert_allclose(s.frequency_hz, F, rtol=1e-12)
    np.testing.assert_allclose(s.z_ohm, Z, rtol=1e-9)


MATERIAL = {
    "f (Hz),Eps',Eps''": (EPS.real, -EPS.imag),
    "f (Hz),eps',tan(delta)": (EPS.real, -EPS.imag / EPS.real),
    "f (Hz),|Eps|,Tan(Delta)": (np.abs(EPS), -EPS.imag / EPS.real),
    "f (Hz),ε′,ε″": (EPS.real, -EPS.imag),
    "f (Hz),M',M''": ((1 / EPS).real, (1 / EPS).imag),
    "f (Hz),sigma' (S/cm),sigma'' (S/cm)": ((1 / RHO).real, (1 / RHO).imag),
    "f (Hz),σ' (S/m),σ'' (S/m)": ((1 / RHO).real * 100, (1 / RHO).imag * 100),
    "f (Hz),sigma' (mS cm-1),eps'": ((1 / RHO).real * 1e3, EPS.real),
    "f (Hz),Z' (Ohm cm),Z'' (Ohm cm)": (RHO.real, RHO.imag),
    "f (Hz),rho' (Ohm m),rho'' (Ohm m)": (RHO.real / 100, RHO.imag / 100),
}


@pytest.mark.parametrize("header", MATERIAL)
def test_a_quantity_of_the_material_needs_the_geometry(tmp_path: Path, header: str) -> None:
    text = csv(header, F, *MATERIAL[header])
    (bare,) = read_file(written(tmp_path, text))
    np.testing.assert_allclose(bare.z_ohm, RHO, rtol=1e-9)
    assert "resistivity" in kinds(bare)
    assert "kept in ohm cm; give area_cm2 and thickness_cm" in bare.finding
    (s,) = read_file(written(tmp_path, "Area: 0.785 cm2\nThickness: 1 mm\n" + text))
    np.testing.assert_allclose(s.z_ohm, Z, rtol=1e-9)
    assert "resistivity" not in kinds(s)


def test_the_formula_is_a_finding(tmp_path: Path) -> None:
    (s,) = read_file(written(tmp_path, csv("f (Hz),Cp,D", F, CP, D)))
    assert "Z was computed from 'Cp' and 'D': Z = 1 / (w Cp (D + i))" in s.finding
    assert "'Cp' taken as F" in s.finding


def test_a_loss_that_is_printed_negative_is_turned_with_a_finding(tmp_path: Path) -> None:
    (s,) = read_file(written(tmp_path, csv("f (Hz),Eps',Eps''", F, EPS.real, EPS.imag)))
    np.testing.assert_allclose(s.z_ohm, RHO, rtol=1e-9)
    assert "sign" in kinds(s)


def test_per_area_is_ohm_cm2(tmp_path: Path) -> None:
    (s,) = read_file(written(tmp_path, csv("f (Hz),Y' (S/cm2),Y'' (S/cm2)", F, GP, Y.imag)))
    np.testing.assert_allclose(s.z_ohm, Z, rtol=1e-9)
    assert "area normalised" in kinds(s)


MISSING = {
    "f (Hz),Cp (F),time (s)": "the loss beside Cp (D, Q, Rp or G) is missing",
    "f (Hz),Cs (F),time (s)": "the loss beside Cs (D, Q or Rs) is missing",
    "f (Hz),|Y| (S),time (s)": "the phase of the admittance is missing",
    "f (Hz),Y' (S),time (s)": "the imaginary part of the admittance (B) is missing",
    "f (Hz),eps',time (s)": "Eps'' (or tan(delta), or sigma') is missing",
    "f (Hz),M'',time (s)": "M' is missing",
    "f (Hz),sigma' (S/cm),time (s)": "sigma'' (or Eps') is missing",
    "f (Hz),C (F),D": "whether it is Cp or Cs is missing",
    "f (Hz),L (H),Q": "whether it is Lp or Ls is missing",
    "f (Hz),|Z| (dB),time (s)": "are missing from the columns",
    "f (Hz),Z' (Ohm),Z'' (Ohm cm2)": "are in different units",
    "f (Hz),|Z| (Ohm),time (s)": "the phase of the impedance is missing",
}


@pytest.mark.parametrize("header", MISSING)
def test_what_is_missing_is_named(tmp_path: Path, header: str) -> None:
    with pytest.raises(FormatError) as error:
        read_file(written(tmp_path, csv(header, F, CP, D)))
    assert MISSING[header] in str(error.value)


def test_another_modulus_than_that_of_the_parts_is_reported(tmp_path: Path) -> None:
    text = csv("f (Hz),Z' (Ohm),Z'' (Ohm),|Z| (Ohm)", F, Z.real, Z.imag, 2 * np.abs(Z))
    (s,) = read_file(written(tmp_path, text))
    assert "'|Z| (Ohm)' is 2 times the modulus" in s.finding


@pytest.mark.parametrize(
    "text", ["G", "B", "C", "sigma", "|Y|x", "d (mm)", "Cp (J/K)", "er (V)", "log(time)"]
)
def test_letters_that_may_be_anything_need_their_unit(text: str) -> None:
    assert parse(text) is None


def test_the_sign_of_z2_is_compared_with_phases_in_radians_whose_unit_is_not_stated(tmp_path: Path) -> None:
    path = written(
        tmp_path, csv("Frequency,Z_re,Z_img,Phase", F, Z.real, -Z.imag, np.deg2rad(PHASE)), "a.csv"
    )
    (s,) = read_file(path)
    assert any(f.kind == "sign" and "contradict" in f.text for f in s.findings)

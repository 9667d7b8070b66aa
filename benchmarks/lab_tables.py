"""Tables of laboratories, each of a kind of its own, written by rules that know no reader: right, refused or wrong.

A case names its headings between ``|`` and its columns by short keys, such as ``f r x`` for frequency, real and
imaginary part of the first cell, ``rb xb`` for those of the second. What must come back is the cells of these keys.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

import eisfit
from eisfit.errors import EisfitError
from eisfit.tools.frozen import Complexes, Floats

F: Floats = np.logspace(5, -1, 25)
W: Floats = 2 * np.pi * F
AREA_CM2, THICKNESS_CM = 0.785, 0.1
VACUUM = 8.8541878128e-14  # F/cm, CODATA 2018
GEOMETRY = f"Area: {AREA_CM2} cm2\nThickness: {10 * THICKNESS_CM} mm\n"


def cell(first_ohm: float, arc_ohm: float, tau_s: float, warburg: float) -> Complexes:
    """Return the impedance of a resistor, a depressed arc and a diffusion in series, in ohm."""
    z = first_ohm + arc_ohm / (1 + (1j * W * tau_s) ** 0.85) + warburg / np.sqrt(1j * W)
    return np.asarray(z, np.complex128)


A, B, C = cell(12, 140, 3e-4, 60), cell(35, 900, 2e-3, 200), cell(8, 60, 1e-4, 20)


def columns_of(z: Complexes) -> dict[str, Floats]:
    """Return every column that a table may have of one impedance, by key."""
    y = 1 / z
    eps = y * THICKNESS_CM / (1j * W * VACUUM * AREA_CM2)
    sigma, modulus = y * THICKNESS_CM / AREA_CM2, 1 / eps
    angle = np.angle(z, deg=True)
    return {
        "r": z.real, "x": z.imag, "-x": -z.imag, "m": np.abs(z), "p": angle, "-p": -angle, "prad": np.angle(z),
        "g": y.real, "b": y.imag, "ym": np.abs(y), "yp": -angle, "cp": y.imag / W, "d": y.real / y.imag,
        "rp": 1 / y.real, "cs": -1 / (W * z.imag), "ds": -z.real / z.imag, "cim": -y.real / W, "e1": eps.real,
        "e2": -eps.imag, "m1": modulus.real, "m2": modulus.imag, "s1": sigma.real, "s2": sigma.imag,
        "lm": np.log10(np.abs(z)), "dec": 20 * np.log10(np.abs(z)),
    }  # fmt: skip


NUMBERS = {
    "f": F, "w": W, "lf": np.log10(F), "lw": np.log(W), "n": np.arange(1.0, F.size + 1), "one": np.ones(F.size),
    "t": 2.0 * np.arange(F.size), **columns_of(A), **{key + "b": v for key, v in columns_of(B).items()},
    **{key + "c": v for key, v in columns_of(C).items()},
    **{key + "fit": v for key, v in columns_of(1.03 * A).items()},
}  # fmt: skip
"""Columns by key: with `b`, `c` of the other cells, with `fit` 3 % away from the first."""


@dataclass(frozen=True)
class LabFile:
    """A file, and the impedances that are in it; none where it has to be refused."""

    name: str
    data: bytes
    truth: Sequence[Complexes]
    conditions: Mapping[str, float] = field(default_factory=dict)


def cells_of(key: str) -> list[str]:
    """Return the cells of one column; ``1000*r`` has its factor, ``=text`` the same text in each row."""
    if key.startswith("="):
        return [key[1:]] * F.size
    factor, _, name = key.rpartition("*")
    return [f"{v * float(factor or 1):.9g}" for v in NUMBERS[name]]


def table(
    headings: str, keys: str, separator: str = ",", mark: str = ".", above: str = "", below: str = ""
) -> str:
    """Return a table: lines above, headings, a second heading line, rows."""
    columns = [cells_of(key) for key in keys.split()]
    heads = [separator.join(line.split("|")) for line in (headings, below) if line]
    rows = [separator.join(c.replace(".", mark) for c in row) for row in zip(*columns, strict=True)]
    return above + "\n".join([*heads, *rows]) + "\n"


ONE, TWO = [A], [A, B]
LANGUAGES = (
    "Frequenz [Hz]|Realteil [Ohm]|Imaginärteil [Ohm]",
    "Frequenz in Hz|Re(Z) in Ohm|Im(Z) in Ohm",
    "Fréquence (Hz)|Partie réelle (Ohm)|Partie imaginaire (Ohm)",
    "Frecuencia (Hz)|Parte real (Ohm)|Parte imaginaria (Ohm)",
    "Frequenza (Hz)|Parte reale (Ohm)|Parte immaginaria (Ohm)",
    "Frequência (Hz)|Z real (ohm)|Z imag (ohm)",
    "Frequentie (Hz)|Z reëel (Ohm)|Z imaginair (Ohm)",
    "Frekvens (Hz)|Z real (Ohm)|Z imag (Ohm)",
    "Częstotliwość [Hz]|Z' [Ohm]|Z'' [Ohm]",
    "Frekvence (Hz)|Re Z (Ohm)|Im Z (Ohm)",
    "Frekans (Hz)|Z' (ohm)|Z'' (ohm)",
    "Частота (Гц)|Re Z (Ом)|Im Z (Ом)",
    "频率/Hz|实部/Ω|虚部/Ω",
    "频率(Hz)|阻抗实部(Ohm)|阻抗虚部(Ohm)",
    "周波数 [Hz]|実部 [Ω]|虚部 [Ω]",
    "주파수(Hz)|Z'(Ω)|Z''(Ω)",
)
POLAR = (
    "Frequenz [Hz]|Betrag [Ohm]|Phase [Grad]",
    "Fréquence (Hz)|Module (Ohm)|Phase (degrés)",
    "Frecuencia (Hz)|Módulo (Ohm)|Fase (grados)",
    "Frequenza (Hz)|Modulo (Ohm)|Fase (gradi)",
    "周波数(Hz)|インピーダンス(Ω)|位相(deg)",
    "频率(Hz)|阻抗模值(Ω)|相位角(°)",
    "Частота, Гц|Модуль, Ом|Фаза, градус",
)
HALVES = (  # the second half as printed, by key
    ("f|Re|Im(-Z)", "-x"),
    ("f|ReZ|(-)ImZ", "-x"),
    ("f/Hz|Z'/Ω|−Z″/Ω", "-x"),
    ("f/Hz|Z_re/Ω|-1*Z_im/Ω", "-x"),
    ("f/Hz|Z′ / Ω|Z″ × (−1) / Ω", "-x"),
    ("Hz|Z'|Z''", "x"),
    ("freq|Rs (Ω)|Xs (Ω)", "x"),
    ("f|Z'|-jZ''", "-x"),
    ("f|Z real|Z imaginary (negative)", "-x"),
    ("f|Z_{re}|-Z_{im}", "-x"),
    ("$f$ (Hz)|$Z'$ ($\\Omega$)|$-Z''$ ($\\Omega$)", "-x"),
    ("f [1/s]|Re{Z} [Ohm]|Im{Z} [Ohm]", "x"),
    ("$f$ / Hz|$Z_\\mathrm{re}$ / $\\Omega$|$-Z_\\mathrm{im}$ / $\\Omega$", "-x"),
)
ONES = (  # headings, keys, lines above
    ("Frequency (Hz)|Cp (nF)|D", "f 1e9*cp d", ""),
    ("FREQ|CS[F]|RS[ohm]", "f cs r", ""),
    ("f|Cp(uF)|Rp(kOhm)", "f 1e6*cp 1e-3*rp", ""),
    ("f(kHz)|Cs(pF)|tanδ", "1e-3*f 1e12*cs ds", ""),
    ("f|G(µS)|B(µS)", "f 1e6*g 1e6*b", ""),
    ("f [Hz]|abs(Y) [mS]|arg(Y) [deg]", "f 1e3*ym yp", ""),
    ("f [Hz]|¦Y¦ [S]|Phase(Z) [deg]", "f ym p", ""),
    ("f (Hz)|M'|M\"", "f m1 m2", GEOMETRY),
    ("log f|eps'|eps''", "lf e1 e2", GEOMETRY),
    ("f [Hz]|εr'|εr''", "f e1 e2", GEOMETRY),
    ("f [Hz]|σ' (S/m)|σ'' (S/m)", "f 100*s1 100*s2", GEOMETRY),
    ("f|σ' (mS cm-1)|σ'' (mS cm-1)", "f 1e3*s1 1e3*s2", GEOMETRY),
    ("log(f/Hz)|Z' (Ω)|-Z'' (Ω)", "lf r -x", ""),
    ("lg(f)|lg¦Z¦|phase/deg", "lf lm p", ""),
    ("log (Freq/Hz)|log (Z/ohm)|-Phase/deg", "lf lm -p", ""),
    ("omega / rad s-1|Re(Z)|Im(Z)", "w r x", ""),
    ("ln(omega)|Z' (Ω)|Z'' (Ω)", "lw r x", ""),
    ("f|¦Z¦ (dBΩ)|phase (deg)", "f dec p", ""),
    ("Freq|Z (Ohm)|deg", "f m p", ""),
    ("Frequency (Hz)|Z_abs|Z_angle (rad)", "f m prad", ""),
    ("freq|mag|ph", "f m p", ""),
    ("Frequency (Hz)|¦Z¦ (mΩ)|φ (mrad)", "f 1e3*m 1e3*prad", ""),
    ("Frequency (Hz)|¦Z¦ (Ω)|-θ (°)", "f m -p", ""),
    ("f (Hz)|ReZ·A (Ω cm²)|-ImZ·A (Ω cm²)", "f r -x", ""),
    ("f (Hz)|Z' (kΩ)|Z'' (Ω)", "f 1e-3*r x", ""),
    ("|freq_hz|z_re|z_im", "n f r x", ""),
    ("Point#|F (Hz)|Z' (Ohm)|Z'' (Ohm)", "n f r x", ""),
    ("frequency|real|imag", "n f r x", ""),
    ("Freq|Z'|Z''|Z'_fit|Z''_fit", "f r x rfit xfit", ""),
    ("f|Fit: Re(Z)|Fit: -Im(Z)|Data: Re(Z)|Data: -Im(Z)", "f rfit -xfit r -x", ""),
    ("f|Z' Messung|Z'' Messung|Z' Modell|Z'' Modell", "f r x rfit xfit", ""),
    ("f|Z_exp_re|Z_exp_im|Z_th_re|Z_th_im", "f r x rfit xfit", ""),
    ("f (Hz)|Z' mesuré|Z'' mesuré|Z' calculé|Z'' calculé", "f r x rfit xfit", ""),
    ("f|Zr|Zi|Zr_sim|Zi_sim|res_r (%)", "f r x rfit xfit one", ""),
)
TWOS = (
    "LLZO 5 wt% Z' (ohm)|LLZO 5 wt% Z'' (ohm)|LLZO 10 wt% Z' (ohm)|LLZO 10 wt% Z'' (ohm)",
    "Z'_pristine|Z''_pristine|Z'_cycled|Z''_cycled",
    "Z'(d=0.5 mm) / Ω|Z''(d=0.5 mm) / Ω|Z'(d=1 mm) / Ω|Z''(d=1 mm) / Ω",
    "Zre (Ω) SOC=20%|Zim (Ω) SOC=20%|Zre (Ω) SOC=80%|Zim (Ω) SOC=80%",
    "Re 1M LiPF6|Im 1M LiPF6|Re 0.1M LiPF6|Im 0.1M LiPF6",
    "Z'(ohm) #1|Z''(ohm) #1|Z'(ohm) #2|Z''(ohm) #2",
    "Z1'|Z1''|Z2'|Z2''",
    "Z'(ohm)|Z''(ohm)|Z'(ohm).1|Z''(ohm).1",
    "Z'@10bar|Z''@10bar|Z'@50bar|Z''@50bar",
    "Z' (Ohm) at 20 deg C|Z'' (Ohm) at 20 deg C|Z' (Ohm) at 40 deg C|Z'' (Ohm) at 40 deg C",
    "Zre (PEO20)|Zim (PEO20)|Zre (PEO40)|Zim (PEO40)",
    "EC:DMC 1:1 Z'|EC:DMC 1:1 Z''|EC:DMC 1:9 Z'|EC:DMC 1:9 Z''",
    "ReA|ImA|ReB|ImB",
    "Re Probe 1|Im Probe 1|Re Probe 2|Im Probe 2",
    "实部 A|虚部 A|实部 B|虚部 B",
    "Z'/Ω Li¦LLZO¦Li|Z''/Ω Li¦LLZO¦Li|Z'/Ω Au¦LLZO¦Au|Z''/Ω Au¦LLZO¦Au",
)
REFUSED = (
    ("f|Z' A|Z'' A|Z' B", "f r x rb"),
    ("f|Cp or Cs (F)|D", "f cp d"),
    ("f|C (F)|D", "f cp d"),
    ("f|¦Z¦ (Ohm)", "f m"),
    ("f|Z'", "f r"),
    ("Frequency|LLZO|LLZO|LATP|LATP", "f r x rb xb"),
    ("f|V real|V imag|I real|I imag", "f r x rb xb"),
    ("f|Gain (dB)|Phase (deg)", "f dec p"),
    ("Period (s)|Z'|Z''", "t r x"),
    ("f|Z'|Z''", "n r x"),
    ("f|Z'|Z''", "one r x"),
    ("Time (s)|WE(1).Current (A)|WE(1).Potential (V)", "t r x"),
    ("f (Hz)|Z' re|Z'' re|Z' im|Z'' im", "f r x rb xb"),
    ("", "n f r x"),
    ("", "f m p"),
    ("f Hz|Z' A|Z'' B|Z' C|Z'' D", "f r x rb xb"),
)


def bars(text: str) -> str:
    """Return a text whose broken bars are those of a modulus."""
    return text.replace("¦", "|")


def named(
    headings: str, keys: str, truth: Sequence[Complexes], separator: str = "\t", **options: str
) -> LabFile:
    """Return the table of one case in UTF-8."""
    text = bars(table(headings, keys, separator, **options))
    return LabFile(headings or f"no headings: {keys}", text.encode(), truth)


def files() -> Iterator[LabFile]:
    """Yield every table, in UTF-8 or, where its name says so, in another encoding."""
    for heads in LANGUAGES:
        yield named(heads, "f r x", ONE, ";")
    for heads in POLAR:
        yield named(heads, "f m p", ONE, ";", mark=",")
    for encoding, heads in (
        ("gb18030", LANGUAGES[13]),
        ("shift_jis", LANGUAGES[14]),
        ("cp1251", LANGUAGES[11]),
    ):
        text = table(heads.replace("Ω", "Ohm"), "f r x", "\t")
        yield LabFile(f"{encoding}: {heads}", text.encode(encoding), ONE)
    for heads, key in HALVES:
        yield named(heads, f"f r {key}", ONE)
    for heads, keys, above in ONES:
        yield named(heads, keys, ONE, above=above)
    for heads in TWOS:
        yield named(f"f/Hz|{heads}", "f r x rb xb", TWO)
    for heads, keys in REFUSED:
        yield named(heads, keys, [])
    yield from _layouts()


def _layouts() -> Iterator[LabFile]:
    plain = table("f (Hz)|Z' (Ω)|Z'' (Ω)", "f r x")
    head, *rows = plain.splitlines()
    yield named(
        "|Measured||Fitted|", "f r x rfit xfit", ONE, below="f (Hz)|Z' (Ohm)|Z'' (Ohm)|Z' (Ohm)|Z'' (Ohm)"
    )
    yield named(
        "|Cell 1||Cell 2|", "f r -x rb -xb", TWO, below="f (Hz)|Z' (Ohm)|-Z'' (Ohm)|Z' (Ohm)|-Z'' (Ohm)"
    )
    yield named(
        "T (°C)|-10||0||25|", "f r x rb xb rc xc", [A, B, C], below="f (Hz)" + "|Z' (Ohm)|Z'' (Ohm)" * 3
    )
    yield named("f|Z'|Z''", "1e-3*f 1e-3*r 1e-3*x", ONE, below="kHz|kΩ|kΩ")
    across = [
        "\t".join([name, *cells_of(key)])
        for name, key in (("f (Hz)", "f"), ("Z' (Ω)", "r"), ("Z'' (Ω)", "x"))
    ]
    yield LabFile("headings in the first column", ("\n".join(across) + "\n").encode(), ONE)
    for what, between in (
        ("comment", "# restart"),
        ("heading", head),
        ("spoilt row", "overload,,"),
        ("blank", ""),
    ):
        text = "\n".join([head, *rows[:4], between, *rows[4:]]) + "\n"
        yield LabFile(f"a {what} between the rows", text.encode(), ONE)
    yield LabFile("values of a fit below", f"{plain}\nR0,12.0\nR1,140.0\n".encode(), ONE)
    for unit, name in ((" Hz", "a unit"), ("k", "a prefix")):
        text = head + "\n" + "\n".join(row.replace(",", unit + ",", 1) for row in rows) + "\n"
        yield LabFile(f"{name} behind the numbers", text.encode(), [])


def outcome(file: LabFile, folder: Path) -> str:
    """Return how a file was read: ``right``, ``refused``, ``refused, should be read`` or ``WRONG``."""
    path = folder / "table.csv"
    path.write_bytes(file.data)
    try:
        spectra = eisfit.read(path)
    except EisfitError:
        return "refused, should be read" if file.truth else "refused"
    same = len(spectra) == len(file.truth) and all(map(_same, spectra, file.truth))
    stated = all(
        _near(getattr(s.conditions, name), v) for s in spectra for name, v in file.conditions.items()
    )
    return "right" if same and stated else "WRONG"


def _near(value: float | None, wanted: float) -> bool:
    return value is not None and bool(np.isclose(value, wanted, rtol=1e-6))


def _same(s: eisfit.Spectrum, z_ohm: Complexes) -> bool:
    order = np.argsort(-s.frequency_hz, kind="stable")
    return (
        s.z_ohm.size == z_ohm.size
        and np.allclose(s.frequency_hz[order], F, rtol=1e-5)
        and np.allclose(s.z_ohm[order], z_ohm, rtol=2e-5)
    )


def print_counts(cases: Sequence[LabFile]) -> int:
    """Print how often each outcome is met, and what is not as it should be; 1 where something is wrong."""
    with tempfile.TemporaryDirectory() as folder:
        found = {case.name: outcome(case, Path(folder)) for case in cases}
    for word in dict.fromkeys(("right", "refused", "refused, should be read", "WRONG")):
        print(f"{word}: {sum(o == word for o in found.values())}")
    for name, how in found.items():
        if how not in ("right", "refused"):
            print(f"{how}: {name}", file=sys.stderr)
    return int("WRONG" in found.values())


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the counts of all tables."""
    argparse.ArgumentParser(description=__doc__).parse_args(arguments)
    return print_counts(list(files()))


if __name__ == "__main__":
    raise SystemExit(main())

"""Exports of instruments in the variations of their programs and locales, with impedances known: right or refused.

They are written by rules that know no reader, from the layouts of files that instruments wrote.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence

import numpy as np

from benchmarks.lab_tables import (
    AREA_CM2,
    ONE,
    THICKNESS_CM,
    TWO,
    F,
    LabFile,
    bars,
    cells_of,
    print_counts,
    table,
)
from benchmarks.lab_tables import A as Z
from eisfit.tools.frozen import Complexes

LOCALES = (".", ",")


def rows(keys: str, separator: str = "\t", mark: str = ".") -> str:
    """Return rows without headings."""
    return table("", keys, separator, mark)


def gamry() -> Iterator[LabFile]:
    """Yield `.DTA` files: locale, counted tables, galvanostatic, and dc runs, which hold no impedance."""
    amplitude = {
        "VAC\tQUANT\t1.0E+001\tAC &Voltage (mV rms)": {"amplitude_v": 0.01},
        "IACREQ\tQUANT\t1.0E-003\tAC Curre&nt (A rms)": {"amplitude_a": 1e-3},
    }
    for mark in LOCALES:
        for count in ("TABLE", f"TABLE\t{F.size}"):
            for line, stated in amplitude.items():
                head = f"EXPLAIN\nTAG\tEISPOT\nTITLE\tLABEL\tEIS\tTest\nDATE\tLABEL\t3/4/2021\tDate\n{line}\n"
                names = "\tPt\tTime\tFreq\tZreal\tZimag\tZsig\tZmod\tZphz\tIdc\tVdc\tIERange\n"
                units = "\t#\ts\tHz\tohm\tohm\tV\tohm\t°\tA\tV\t#\n"
                body = "".join(f"\t{line}\n" for line in rows("n t f r x one m p one one n").splitlines())
                text = head + f"ZCURVE\t{count}\n" + names + units + body
                data = text.replace(".", mark).encode("cp1252")
                yield LabFile(f"Gamry {mark} {count[:9]} {line[:6]}", data, ONE, stated)
    for tag in ("CHRONOA", "CORPOT", "CV"):
        text = f"EXPLAIN\nTAG\t{tag}\nTITLE\tLABEL\tRun\tTest\nCURVE\tTABLE\n\tPt\tT\tVf\tIm\n"
        text += "\t#\ts\tV\tA\n\t0\t0\t0.1\t1e-3\n"
        yield LabFile(f"Gamry {tag}", text.encode(), [])


def ec_lab() -> Iterator[LabFile]:
    """Yield `.mpt` files with other columns than Re(Z) and -Im(Z), in both locales, and dc techniques."""
    exports = (
        ("freq/Hz|Re(Z)/Ohm|-Im(Z)/Ohm|¦Z¦/Ohm|Phase(Z)/deg|time/s", "f r -x m p t"),
        ("freq/Hz|¦Z¦/Ohm|Phase(Z)/deg", "f m p"),
        ("freq/Hz|Re(Y)/Ohm-1|Im(Y)/Ohm-1|¦Y¦/Ohm-1|Phase(Y)/deg", "f g b ym yp"),
        ("freq/Hz|Re(C)/nF|Im(C)/nF", "f 1e9*cp 1e9*cim"),
        ("freq/Hz|Re(Z)/Ohm|-Im(Z)/Ohm|Re(Zce)/Ohm|-Im(Zce)/Ohm", "f r -x rb -xb"),
    )
    head = "EC-Lab ASCII FILE\r\nNb header lines : 5\r\n\r\n"
    for mark in LOCALES:
        for names, keys in exports:
            body = bars(table(names, keys, "\t", mark)).replace("\n", "\t\r\n")
            area = f"Electrode surface area : {AREA_CM2} cm²\r\n".replace(".", mark)
            yield LabFile(
                f"EC-Lab {mark} {names}", (head + area + body).encode("cp1252"), ONE, {"area_cm2": AREA_CM2}
            )
    for run in ("Chronoamperometry / Chronocoulometry", "Chronopotentiometry", "Linear Sweep Voltammetry"):
        body = table("time/s|Ewe/V|<I>/mA", "t r x", "\t").replace("\n", "\r\n")
        yield LabFile(f"EC-Lab {run}", (head + f"{run}\r\n" + body).encode(), [])


CHI = "Apr. 20, 2020   13:13:13\nA.C. Impedance\nFile: x.bin\nInstrument Model:  CHI660E\n\nInit E (V) = 0.1\n\n"
HIOKI = '"MODEL","IM3570"\n"DATE","2021/05/03"\n"MODE","ANALYZER"\n'
ZPLOT = "ZPLOT2 ASCII\nProgram: ZPlot\nDate: 1/2/2021\nArea: 0.785\n"
ZPLOT += " Freq(Hz)\tAmpl\tBias\tTime(Sec)\tZ'(a)\tZ''(b)\nEnd Comments\n"
PROGRAMS = (
    (
        "NOVA",
        ";",
        "",
        "Index|Frequency (Hz)|Z' (Ω)|-Z'' (Ω)|Z (Ω)|-Phase (°)|Time (s)",
        "n f r -x m -p t",
    ),
    ("NOVA Y", ";", "", "Frequency (Hz)|Y' (S)|Y'' (S)", "f g b"),
    ("NOVA C", ";", "", "Frequency (Hz)|C' (F)|-C'' (F)", "f cp cim"),
    ("Ivium", "\t", "", "Z1 /ohm|Z2 /ohm|freq./Hz", "r x f"),
    ("Zahner", "\t", "", "Number|Frequency/Hz|Impedance/Ohm|Phase/deg", "n f m p"),
    ("Zahner", "\t", "", "Frequency/Hz|¦Z¦/Ohm|Phase/rad", "f m prad"),
    ("Hioki", ",", HIOKI, '"No."|"FREQ[Hz]"|"Z[ohm]"|"PHASE[deg]"', "n f m p"),
    ("Hioki", ",", HIOKI, '"FREQ[Hz]"|"Cp[F]"|"D[]"', "f cp d"),
    ("Neware", ",", "", "No.|Frequency(Hz)|Zre(mΩ)|-Zim(mΩ)", "n f 1e3*r 1000*-x"),
    (
        "Squidstat",
        ",",
        "",
        "Step number|Elapsed Time (s)|Frequency (Hz)|¦Z¦ (Ohms)|Phase (deg)|Z' (Ohms)|-Z\" (Ohms)",
        "one t f m p r -x",
    ),
    (
        "VersaStudio",
        ",",
        "",
        "Segment #|Point #|E(V)|I(A)|Frequency(Hz)|Zre(ohms)|Zim(ohms)",
        "one n one one f r x",
    ),
    ("Wayne Kerr", ",", "", "Frequency (Hz)|Z (Ohm)|Angle (Deg)", "f m p"),
    ("MTZ", "\t", "", "Freq(Hz)|ReZ(Ohm)|ImZ(Ohm)|Arg(Z)(deg)", "f r x p"),
    (
        "SMaRT",
        ",",
        "",
        "Time|Frequency (Hz)|Impedance Magnitude (Ohm)|Impedance Phase Degrees (')",
        "t f m p",
    ),
    ("CHI", ", ", CHI, "Freq/Hz|Z'/ohm|Z\"/ohm|Z/ohm|Phase/deg", "f r x m p"),
    ("CHI", "\t", CHI, "Freq/Hz|Z'/ohm|Z\"/ohm", "f r x"),
    ("ZPlot", "\t", ZPLOT, "", "f one one t r x"),
)


def tables_of_programs() -> Iterator[LabFile]:
    """Yield the tables that programs export, with their lines above and separators."""
    for program, separator, above, names, keys in PROGRAMS:
        marks = LOCALES if separator in ";\t" and not above else (".",)
        for mark in marks:
            text = bars(table(names, keys, separator, mark, above))
            yield LabFile(f"{program} {mark} {names}", text.encode(), ONE)


def analysers() -> Iterator[LabFile]:
    """Yield E4990A and 4294A files with every pair of traces."""
    pairs = {
        "R(Ohm)|X(Ohm)": "r x", "|Z|(Ohm)|theta-z(deg)": "m p", "Cp(F)|D": "cp d", "Cs(F)|Rs(Ohm)": "cs r",
        "G(S)|B(S)": "g b", "|Y|(S)|theta-y(deg)": "ym yp",
    }  # fmt: skip
    for names, keys in pairs.items():
        a, b = names.rsplit("|", 1)
        body = rows("f " + keys, ",")
        text = f"!Agilent Technologies,E4990A\nBEGIN CH1_DATA\nFrequency(Hz), {a}-data, {b}-data\n{body}END\n"
        yield LabFile(f"E4990A {names}", text.encode(), ONE)
    for measured, keys in {
        "R-X": "r x",
        "|Z|-th": "m p",
        "Cs-Rs": "cs r",
        "Cp-D": "cp d",
        "Cp-G": "cp g",
        "G-B": "g b",
    }.items():
        text = f'"4294A REV1.11"\n"MEASURE PARAMETER: {measured}"\n"SWEEP TYPE: LOG FREQ"\n'
        for name, key in zip("AB", keys.split(), strict=True):
            text += f'"TRACE: {name}"\n"Frequency"\t"Data Trace Real"\t"Data Trace Imag"\n'
            text += "".join(f"{f}\t{v}\t0\n" for f, v in zip(cells_of("f"), cells_of(key), strict=True))
        yield LabFile(f"4294A {measured}", text.encode(), ONE)


def novocontrol() -> Iterator[LabFile]:
    """Yield WinDETA texts of a disc of 10 mm and 1 mm with any of its columns, in both locales."""
    scale = AREA_CM2 / (np.pi / 4)  # of the permittivity, from the area of the table to that of the disc
    exports = {
        "Zs' [Ohms]|Zs'' [Ohms]": "r x", "Eps'|Eps''": f"{scale:.12g}*e1 {scale:.12g}*e2", "Yp' [S]|Yp'' [S]": "g b",
        "Modulus'|Modulus''": f"{1 / scale:.12g}*m1 {1 / scale:.12g}*m2", "|Zs| [Ohms]|Phase(Zs) [°]": "m p",
        "Eps'|Tan(Delta)": f"{scale:.12g}*e1 d", "Eps'|Sig' [S/cm]": f"{scale:.12g}*e1 {scale:.12g}*s1",
    }  # fmt: skip
    for mark in LOCALES:
        for names, keys in exports.items():
            head = "Sample 1\nFixed value(s) : Temp. [°C]=25.00\n"
            head += "Diameter [mm]=10.000 "
            head += f"Thickness [mm]={10 * THICKNESS_CM:.3f}\n"
            heads = "Freq. [Hz]\t" + "\t".join(names.rsplit("|", 1)) + "\n"
            text = head.replace(".0", mark + "0") + heads + rows("f " + keys, "\t", mark)
            yield LabFile(f"Novocontrol {mark} {names}", text.encode("cp1252"), ONE, {"temperature_c": 25.0})


def touchstone() -> Iterator[LabFile]:
    """Yield `.s1p` files: parameter, number format, unit and reference."""
    for r in (50.0, 75.0):
        for parameter, value in (("S", (Z - r) / (Z + r)), ("Z", Z / r), ("Y", r / Z)):
            for kind, (a, b) in _printed(value).items():
                for unit, hz in (("HZ", 1.0), ("kHz", 1e3), ("GHz", 1e9)):
                    lines = [f"! VNA\n# {unit} {parameter} {kind} R {r:g}"]
                    lines += [f"{f / hz:.12e} {x:.12e} {y:.12e}" for f, x, y in zip(F, a, b, strict=True)]
                    yield LabFile(f"Touchstone {lines[0][6:]}", "\n".join(lines).encode() + b"\n", ONE)


def _printed(value: Complexes) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    angle = np.angle(value, deg=True)
    size = np.abs(value)
    return {"RI": (value.real, value.imag), "MA": (size, angle), "DB": (20 * np.log10(size), angle)}


def files() -> Iterator[LabFile]:
    """Yield every file."""
    for family in (gamry, ec_lab, tables_of_programs, analysers, novocontrol, touchstone):
        yield from family()
    cycles = [f"{c}\t{f}\t{a}\t{b}" for c, keys in ((1, "r x"), (2, "rb xb"))
              for f, a, b in zip(cells_of("f"), *map(cells_of, keys.split()), strict=True)]  # fmt: skip
    text = "\n".join(["cycle number\tfreq/Hz\tRe(Z)/Ohm\tIm(Z)/Ohm", *cycles]) + "\n"
    yield LabFile("cycles below each other", text.encode(), TWO)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the counts of all files."""
    argparse.ArgumentParser(description=__doc__).parse_args(arguments)
    return print_counts(list(files()))


if __name__ == "__main__":
    raise SystemExit(main())

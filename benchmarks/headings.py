"""Tables as people write them, whose spectra are known: how many are read right, refused, or silently wrong.

Every family varies one thing: the labels of samples, units, immittances, decimal marks, lines of units and labels, row
numbers, rows out of order. A table counts as right where all its spectra come back, in order, to a millionth.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

import eisfit
from eisfit.errors import EisfitError
from eisfit.tools.frozen import Complexes, Floats

F = np.array([1e5, 3e4, 1e4, 3e3, 1e3, 3e2, 1e2, 30.0, 10.0, 3.0, 1.0])
W = 2 * np.pi * F
CELLS = ((10, 1e-5), (23, 4e-4), (70, 3e-3), (4, 1e-4))  # ohm and s
SPECTRA = [r + 10 * r / (1 + 1j * W * t) + r / 10 / np.sqrt(1j * F) for r, t in CELLS]
AREA_CM2, THICKNESS_CM = 0.785, 0.1
VACUUM = 8.8541878128e-14  # F/cm, CODATA 2018


@dataclass(frozen=True)
class Table:
    """A text and the spectra that it holds."""

    text: str
    truth: Sequence[Complexes]
    about: str = ""


@dataclass
class Counts:
    """How the tables of one family were read."""

    right: int = 0
    refused: int = 0
    wrong: int = 0
    quoted: list[str] = field(default_factory=list)


PAIRS: tuple[tuple[str, str, str, str, Callable[[Complexes], tuple[Floats, Floats]]], ...] = (
    ("Z'", "", "Z''", "", lambda z: (z.real, z.imag)),
    ("Z'", " (Ohm)", "-Z''", " (Ohm)", lambda z: (z.real, -z.imag)),
    ("Re(Z)", "/Ohm", "-Im(Z)", "/Ohm", lambda z: (z.real, -z.imag)),
    ("Zre", "", "Zim", "", lambda z: (z.real, z.imag)),
    ("Z_real", "_ohm", "Z_imag", "_ohm", lambda z: (z.real, z.imag)),
    ("real", "", "imag", "", lambda z: (z.real, z.imag)),
    ("Real Z", "", "Imag Z", "", lambda z: (z.real, z.imag)),
    ("|Z|", " (Ohm)", "Phase", " (deg)", lambda z: (np.abs(z), np.angle(z, deg=True))),
    ("Z", " (Ohm)", "Theta", " (deg)", lambda z: (np.abs(z), np.angle(z, deg=True))),
    ("Zmod", "", "Zphz", "", lambda z: (np.abs(z), np.angle(z, deg=True))),
    ("Z'", " [kOhm]", "Z''", " [kOhm]", lambda z: (z.real / 1e3, z.imag / 1e3)),
    ("Rs", " (Ohm)", "Xs", " (Ohm)", lambda z: (z.real, z.imag)),
    ("Y'", " (S)", "Y''", " (S)", lambda z: ((1 / z).real, (1 / z).imag)),
    ("Cp", " (F)", "D", "", lambda z: ((1 / z).imag / W, (1 / z).real / (1 / z).imag)),
    ("G", " (S)", "B", " (S)", lambda z: ((1 / z).real, (1 / z).imag)),
    ("ReZ", " Ohm", "ImZ", " Ohm", lambda z: (z.real, z.imag)),
)
STYLES: tuple[str, ...] = (
    "{n}{u} {l}", "{n}{u}_{l}", "{n}{u} ({l})", "{n}{u} [{l}]", "{l} {n}{u}", "{l}_{n}{u}", "{l}: {n}{u}",
    "{l} - {n}{u}", "{n}{u} - {l}", "{n}{u}; {l}", "{n}{u} @ {l}", "{n}{u}.{l}", "{n}{l}{u}", "{n} {l}{u}",
    "{n}_{l}{u}", "{n}({l}){u}", "{l}-{n}{u}", "{n}{u} | {l}", "{n} of {l}{u}",
)  # fmt: skip
LABELS: tuple[tuple[str, ...], ...] = (
    ("A", "B", "C"), ("1", "2", "3"), ("25C", "50C", "75C"), ("25 °C", "50 °C", "75 °C"), ("-20C", "20C", "60C"),
    ("LLZO", "LAGP", "PEO"), ("Sample 1", "Sample 2", "Sample 3"), ("cell_a", "cell_b", "cell_c"), ("S1", "S2", "S3"),
    ("before", "after", "later"), ("0.1M", "1M", "2M"), ("T1", "T2", "T3"), ("x=0.1", "x=0.2", "x=0.3"),
    ("10%", "20%", "50%"), ("I", "II", "III"), ("E", "F", "G"), ("C", "D", "E"), ("V", "W", "X"), ("K", "L", "N"),
    ("Pt", "Au", "Ag"), ("aged", "fresh", "new"), ("10 mV", "50 mV", "90 mV"), ("0 V", "1 V", "2 V"),
    ("1 h", "2 h", "5 h"), ("3 MPa", "10 MPa", "50 MPa"), ("min 1", "min 2", "min 3"), ("real", "ideal", "other"),
    ("0.5 mol/L", "1 mol/L", "2 mol/L"), ("298 K", "323 K", "348 K"), ("a", "b", "c"), ("re", "im", "mod"),
    ("ohm", "mohm", "kohm"), ("10 s", "20 s", "30 s"), ("1 kHz", "2 kHz", "5 kHz"), ("m", "M", "k"),
    ("sample s", "sample m", "sample l"), ("2", "10", "100"), ("-1", "1", "3"), ("+", "-", "0"),
    ("raw", "smooth", "corrected"), ("cycle 1", "cycle 100", "cycle 500"),
)  # fmt: skip
UNCLEAR = {("re", "im", "mod"), ("ohm", "mohm", "kohm"), ("m", "M", "k"), ("-1", "1", "3"), ("+", "-", "0")}


def table(
    headings: Sequence[str], columns: Sequence[npt.NDArray[Any]], separator: str = ",", mark: str = "."
) -> str:
    """Return a table with one heading line."""
    rows = [
        separator.join(repr(float(c[k])).replace(".", mark) for c in columns) for k in range(columns[0].size)
    ]
    return "\n".join([separator.join(headings), *rows]) + "\n"


def labels(rng: random.Random, count: int, wanted: Sequence[tuple[str, ...]] = LABELS) -> Iterator[Table]:
    """Yield tables of two or three samples with labels in all places."""
    every = list(itertools.product(PAIRS, STYLES, wanted, (2, 3), (True, False), ",\t;"))
    for (n1, u1, n2, u2, of), style, names, samples, together, separator in rng.sample(
        every, min(count, len(every))
    ):
        cells = [
            (style.format(n=n, u=u, l=name), column)
            for name, z in zip(names[:samples], SPECTRA, strict=False)
            for n, u, column in zip((n1, n2), (u1, u2), of(z), strict=True)
        ]
        cells = cells if together else cells[::2] + cells[1::2]
        if any(separator in text for text, _ in cells):
            continue
        heads, columns = zip(*cells, strict=True)
        yield Table(table(["f (Hz)", *heads], [F, *columns], separator), SPECTRA[:samples], ", ".join(heads))


def unclear(rng: random.Random, count: int) -> Iterator[Table]:
    """Yield tables whose labels are units, signs or names of halves: to be refused or read right."""
    yield from labels(rng, count, sorted(UNCLEAR))


def clear(rng: random.Random, count: int) -> Iterator[Table]:
    """Yield tables whose labels are none of those."""
    yield from labels(rng, count, [names for names in LABELS if names not in UNCLEAR])


OHMS = {
    "Ohm": 1, "ohm": 1, "Ω": 1, "\u2126": 1, "ohms": 1, "Ohms": 1, "OHM": 1, "kOhm": 1e3, "kohm": 1e3, "kΩ": 1e3,
    "MOhm": 1e6, "MΩ": 1e6, "mΩ": 1e-3, "mOhm": 1e-3, "GΩ": 1e9, "µΩ": 1e-6,
}  # fmt: skip
HERTZ = {"Hz": 1.0, "hz": 1, "HZ": 1, "kHz": 1e3, "MHz": 1e6, "mHz": 1e-3, "rad/s": 1 / (2 * np.pi)}
IN = ("{n} ({u})", "{n} [{u}]", "{n}/{u}", "{n} / {u}", "{n}, {u}", "{n} {u}", "{n}_{u}", "{n} in {u}")


def units(rng: random.Random, count: int) -> Iterator[Table]:
    """Yield tables in every unit and place of the unit."""
    every = list(itertools.product(OHMS, HERTZ, IN, (("Z'", "Z''"), ("Re(Z)", "-Im(Z)"), ("Zreal", "Zimag"))))
    for ohm, hertz, place, (real, imag) in rng.sample(every, min(count, len(every))):
        heads = [place.format(n=n, u=u) for n, u in (("Frequency", hertz), (real, ohm), (imag, ohm))]
        z = SPECTRA[0] / OHMS[ohm]
        sign = -1 if imag.startswith("-") else 1
        text = table(heads, [F / HERTZ[hertz], z.real, sign * z.imag], "\t")
        yield Table(text, SPECTRA[:1], ", ".join(heads))


def immittances(rng: random.Random, count: int) -> Iterator[Table]:
    """Yield every pair of quantities from which an impedance follows."""
    z, y = SPECTRA[1], 1 / SPECTRA[1]
    c = y.imag / W
    cs = -1 / (W * z.imag)
    eps = y * THICKNESS_CM / (1j * W * VACUUM * AREA_CM2)
    modulus, sigma = 1 / eps, y * THICKNESS_CM / AREA_CM2
    plain = {
        ("Y' (S)", "Y'' (S)"): (y.real, y.imag), ("G (mS)", "B (mS)"): (1e3 * y.real, 1e3 * y.imag),
        ("|Y| (S)", "phase (deg)"): (np.abs(y), np.angle(y, deg=True)), ("Cp (pF)", "D"): (c * 1e12, y.real / y.imag),
        ("Cp (F)", "Rp (Ohm)"): (c, 1 / y.real), ("Cp (F)", "G (S)"): (c, y.real),
        ("Cp (F)", "Q"): (c, y.imag / y.real),
        ("Cs (µF)", "Rs (Ohm)"): (cs * 1e6, z.real), ("Cs (F)", "D"): (cs, -z.real / z.imag),
        ("Ls (H)", "Rs (Ohm)"): (z.imag / W, z.real), ("Lp (H)", "Rp (Ohm)"): (-1 / (W * y.imag), 1 / y.real),
        ("C' (F)", "C'' (F)"): (c, y.real / W), ("R (Ohm)", "X (Ohm)"): (z.real, z.imag),
        ("|Z| (Ohm)", "phase (rad)"): (np.abs(z), np.angle(z)),
        ("|Z| (Ohm)", "-Phase (°)"): (np.abs(z), -np.angle(z, deg=True)),
        ("log|Z| (Ohm)", "theta (deg)"): (np.log10(np.abs(z)), np.angle(z, deg=True)),
    }  # fmt: skip
    material = {
        ("eps'", "eps''"): (eps.real, -eps.imag), ("ε'", "tan δ"): (eps.real, -eps.imag / eps.real),
        ("M'", "M''"): (modulus.real, modulus.imag), ("sigma' (S/cm)", "sigma'' (S/cm)"): (sigma.real, sigma.imag),
        ("rho' (Ohm cm)", "rho'' (Ohm cm)"): ((1 / sigma).real, (1 / sigma).imag),
    }  # fmt: skip
    head = f"Area: {AREA_CM2} cm2\nThickness: {10 * THICKNESS_CM} mm\n"
    every = [("", *entry) for entry in plain.items()] + [(head, *entry) for entry in material.items()]
    frequencies = {"f/Hz": F, "log(f/Hz)": np.log10(F), "omega (rad/s)": W, "f (kHz)": F / 1e3}
    cases = list(itertools.product(every, frequencies, "\t;", (False, True)))
    for (lines, pair, columns), frequency, separator, turned in rng.sample(cases, min(count, len(cases))):
        order = slice(None, None, -1 if turned else 1)
        heads, numbers = [frequency, *pair[order]], [frequencies[frequency], *columns[order]]
        yield Table(lines + table(heads, numbers, separator), [z], ", ".join(heads))


def marks(rng: random.Random, count: int) -> Iterator[Table]:
    """Yield decimal points and commas, and marks between thousands, under every separator that they leave."""
    z = 1e4 * SPECTRA[0]
    grouped: list[tuple[str, Callable[[float], str]]] = [
        (".", lambda v: f"{v:.6f}"), (",", lambda v: f"{v:.6f}".replace(".", ",")),
        (",", lambda v: f"{v:,.6f}".translate(str.maketrans(",.", ".,"))), (".,", lambda v: f"{v:,.6f}"),
        (".", lambda v: f"{v:,.6f}".replace(",", " ")),
        (",", lambda v: f"{v:,.6f}".replace(",", " ").replace(".", ",")),
        (".", lambda v: f"{v:,.6f}".replace(",", "'")), (".", lambda v: f"{v:.9E}"),
        (",", lambda v: f"{v:.9E}".replace(".", ",")),
    ]  # fmt: skip
    cases = list(itertools.product(grouped, "\t;,|", ("f (Hz)", "freq/Hz"), (False, True)))
    for (used, shown), separator, name, quoted in rng.sample(cases, min(count, len(cases))):
        if separator in used and not quoted:
            continue
        rows = [[shown(float(v)) for v in row] for row in zip(F, z.real, z.imag, strict=True)]
        lines = [separator.join(f'"{c}"' if quoted else c for c in row) for row in rows]
        heads = [name, "Z' (Ohm)", "Z'' (Ohm)"]
        about = f"{separator.join(heads)} {lines[0]}"
        yield Table("\n".join([separator.join(heads), *lines]) + "\n", [z], about)


def layouts(rng: random.Random, count: int) -> Iterator[Table]:
    """Yield wide tables, second heading lines, row numbers, rows out of order, and columns of labels."""
    makers = [_wide, _units_below, _labels_above, _numbered, _shuffled, _long]
    for _ in range(count):
        yield rng.choice(makers)(rng)


def _pair(rng: random.Random) -> tuple[list[str], Callable[[Complexes], tuple[Floats, Floats]]]:
    n1, u1, n2, u2, of = rng.choice(PAIRS)
    return [n1 + u1, n2 + u2], of


def _wide(rng: random.Random) -> Table:
    names, of = _pair(rng)
    temperatures = [f"{t} °C" for t in (25, 40, 60, 80)]
    heads = [f"{name} {t}" for t in temperatures for name in names]
    own = rng.random() < 0.5
    if own:
        pairs = zip(temperatures, heads[::2], heads[1::2], strict=True)
        heads = [text for t, a, b in pairs for text in (f"f (Hz) {t}", a, b)]
        columns = [c for z in SPECTRA for c in (F, *of(z))]
        return Table(table(heads, columns), SPECTRA, ", ".join(heads[:4]))
    return Table(
        table(["f (Hz)", *heads], [F, *(c for z in SPECTRA for c in of(z))]), SPECTRA, ", ".join(heads[:4])
    )


def _units_below(rng: random.Random) -> Table:
    place = rng.choice(("{}", "({})", "[{}]"))
    heads, below = ["Frequency", "Z'", "Z''"], [place.format(u) for u in ("Hz", "Ohm", "Ohm")]
    z = SPECTRA[2]
    head, *rows = table(heads, [F, z.real, z.imag]).split("\n")
    return Table("\n".join([head, ",".join(below), *rows]), [z], f"{head} / {','.join(below)}")


def _labels_above(rng: random.Random) -> Table:
    names, of = _pair(rng)
    samples = rng.choice((2, 3))
    chosen = rng.choice([names for names in LABELS if names not in UNCLEAR])[:samples]
    above = ["", *(cell for label in chosen for cell in (label, rng.choice(("", label))))]
    text = table(["f (Hz)", *names * samples], [F, *(c for z in SPECTRA[:samples] for c in of(z))])
    return Table(",".join(above) + "\n" + text, SPECTRA[:samples], f"{','.join(above)} / {names}")


def _numbered(rng: random.Random) -> Table:
    names, of = _pair(rng)
    z = SPECTRA[3]
    first = rng.choice(("", "#", "Index", "No.", "Pt", None))
    text = table(["f (Hz)", *names], [F, *of(z)])
    head, *rows = text.rstrip("\n").split("\n")
    start = rng.choice((0, 1))
    rows = [f"{k},{row}" for k, row in enumerate(rows, start)]
    return Table(
        "\n".join([head if first is None else f"{first},{head}", *rows]) + "\n", [z], f"{first},{head}"
    )


def _shuffled(rng: random.Random) -> Table:
    names, of = _pair(rng)
    z = SPECTRA[1]
    head, *rows = table(["f (Hz)", *names], [F, *of(z)]).rstrip("\n").split("\n")
    rng.shuffle(rows)
    return Table("\n".join([head, *rows]) + "\n", [z], f"shuffled {head}")


def _long(rng: random.Random) -> Table:
    names, of = _pair(rng)
    rows, place = [], rng.choice((0, 3))
    head = ["f (Hz)", *names]
    head.insert(place, rng.choice(("Sample", "Cell", "Name")))
    for label, z in zip(("LLZO", "LAGP"), SPECTRA, strict=False):
        for k in range(F.size):
            cells = [repr(float(c[k])) for c in (F, *of(z))]
            cells.insert(place, label)
            rows.append(",".join(cells))
    return Table("\n".join([",".join(head), *rows]) + "\n", SPECTRA[:2], ",".join(head))


FAMILIES: dict[str, Callable[[random.Random, int], Iterator[Table]]] = {
    "labels": clear, "labels that are units, signs or halves": unclear, "units": units, "immittances": immittances,
    "decimal marks and thousands": marks, "layouts": layouts,
}  # fmt: skip


def right(tables: Table, folder: Path) -> bool | None:
    """Return whether a table is read right; None where it is refused."""
    path = folder / "table.csv"
    path.write_text(tables.text, encoding="utf-8")
    try:
        spectra = eisfit.read(path)
    except EisfitError:
        return None
    if len(spectra) != len(tables.truth):
        return False
    order = [np.argsort(-s.frequency_hz, kind="stable") for s in spectra]
    return all(
        s.z_ohm.size == F.size
        and np.allclose(s.z_ohm[k], z, rtol=1e-6)
        and np.allclose(s.frequency_hz[k], F, rtol=1e-6)
        for s, k, z in zip(spectra, order, tables.truth, strict=True)
    )


def run(count: int, seed: int) -> dict[str, Counts]:
    """Return the counts of every family."""
    found = {name: Counts() for name in FAMILIES}
    with tempfile.TemporaryDirectory() as folder:
        for name, family in FAMILIES.items():
            for entry in family(random.Random(seed), count):
                result = right(entry, Path(folder))
                counts = found[name]
                counts.right += result is True
                counts.refused += result is None
                counts.wrong += result is False
                if result is not True:
                    counts.quoted.append(f"{'refused' if result is None else 'WRONG'}: {entry.about}")
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table of counts; 1 where a table was read wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--number", type=int, default=2000, help="tables per family")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--quote", type=int, default=0, help="how many tables that are not right are quoted")
    parser.add_argument("--json", type=Path, help="write the counts here")
    given = parser.parse_args(arguments)
    found = run(given.number, given.seed)
    print("| tables | read right | refused | wrong |\n|---|---|---|---|")
    for name, c in found.items():
        print(f"| {name} | {c.right} | {c.refused} | {c.wrong} |")
        wrong = sorted(c.quoted, key=lambda text: text.startswith("refused"))
        for text in wrong[: given.quote]:
            print(text, file=sys.stderr)
    if given.json:
        counted = {
            name: {"right": c.right, "refused": c.refused, "wrong": c.wrong} for name, c in found.items()
        }
        given.json.write_text(json.dumps(counted, indent=1) + "\n", encoding="utf-8")
    summed = Counter(
        {key: sum(getattr(c, key) for c in found.values()) for key in ("right", "refused", "wrong")}
    )
    print(f"| all | {summed['right']} | {summed['refused']} | {summed['wrong']} |")
    return int(summed["wrong"] > 0)


if __name__ == "__main__":
    raise SystemExit(main())

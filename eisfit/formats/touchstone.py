"""Touchstone `.s1p`: scattering, impedance or admittance parameters of one port.

Source: Touchstone File Format Specification, version 2.0, IBIS Open Forum 2009.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from eisfit.errors import FormatError, NoImpedance
from eisfit.formats.parsing.build import build
from eisfit.formats.parsing.dialect import looks_like_text
from eisfit.formats.parsing.numbers import first_number
from eisfit.formats.parsing.rows import matrix, row_of
from eisfit.formats.raw_file import Format, RawFile
from eisfit.spectrum.findings import Finding
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.frozen import Complexes, Floats

NAME = "Touchstone"
FIRST_LINES = 200
_HZ = {"hz": 1.0, "khz": 1e3, "mhz": 1e6, "ghz": 1e9, "thz": 1e12}
_OPTION = re.compile(
    r"(?i)\s*#(?:\s+(?:[kmgt]?hz|[syzgh]|ri|ma|db|r\s+[-+\d.]+(?:e[-+]?\d+)?))*\s*(?:!.*)?", re.IGNORECASE
)
_LAWS = {
    "S": "Z = R (1 + S) / (1 - S), R = {r:g} ohm", "Z": "Z = {r:g} ohm times the normalised parameter",
    "Y": "Z = {r:g} ohm over the normalised parameter",
}  # fmt: skip


@dataclass(frozen=True)
class Options:
    """What the option line says: unit of frequency, parameter, number format, reference, version."""

    hz: float = 1e9
    parameter: str = "S"
    pair: str = "MA"
    reference_ohm: float = 50.0
    version: int = 1

    @classmethod
    def of(cls, lines: list[str]) -> Options:
        """Read the option line and the keywords of version 2; what is absent has the value of the specification."""
        words = (
            next((line for line in lines if line.lstrip().startswith("#")), "#")
            .partition("!")[0]
            .upper()
            .split()
        )
        hz = next((_HZ[w.lower()] for w in words if w.lower() in _HZ), cls.hz)
        parameter = next((w for w in words if w in ("S", "Y", "Z", "G", "H")), cls.parameter)
        pair = next((w for w in words if w in ("RI", "MA", "DB")), cls.pair)
        stated = first_number(words[words.index("R") + 1]) if "R" in words[:-1] else None
        keys = {
            k.strip().lower(): v
            for k, _, v in (line.strip()[1:].partition("]") for line in lines if "[" in line)
        }
        other = first_number(keys.get("reference", ""))
        version = 2 if keys.get("version", "").strip().startswith("2") else 1
        return cls(hz, parameter, pair, other or stated or cls.reference_ohm, version)


def recognise(raw: RawFile) -> bool:
    """Look for an option line such as ``# MHz S RI R 50`` before the first row."""
    if not looks_like_text(raw):
        return False
    for line in raw.head.splitlines()[:FIRST_LINES]:
        text = line.strip()
        if text.startswith("#"):
            return bool(_OPTION.fullmatch(text)) and bool(re.search(r"(?i)hz|\b(ri|ma|db)\b|\br\s+\d", text))
        if text and not text.startswith(("!", "[")):
            return False
    return False


def read(raw: RawFile) -> list[Spectrum]:
    """Return the spectrum of a file of one port.

    Raises
    ------
    FormatError
        If the file has several ports, holds hybrid parameters, or a cell is no number.
    NoImpedance
        If there is no row.
    """
    options = Options.of(raw.lines[:FIRST_LINES])
    if options.parameter not in _LAWS:
        raise FormatError(
            f"{raw.name}: {options.parameter} parameters belong to two ports; export S, Y or Z of one"
        )
    rows = []
    for count, line in enumerate(raw.lines, 1):
        cells = line.partition("!")[0].split()
        if not cells or cells[0].startswith(("#", "[")):
            continue
        if len(cells) != 3:
            raise FormatError(
                f"{raw.name}: line {count}: the row has {len(cells)} numbers; a file of one port has a frequency and "
                "two, so this is of several ports: export one"
            )
        rows.append(row_of(raw, count, cells, (0, 1, 2)))
    if not rows:
        raise NoImpedance(f"{raw.name}: there is no row under the option line")
    f, first, second = matrix(rows, 3).T
    z = _impedance(_complex(first, second, options.pair), options)
    scale = options.reference_ohm if options.version == 1 or options.parameter == "S" else 1.0
    law = _LAWS[options.parameter].format(r=scale)
    note = Finding("immittance", f"Z was computed from {options.parameter} in {options.pair}: {law}")
    return build(raw, NAME, f * options.hz, z, findings=(note,))


def _complex(first: Floats, second: Floats, pair: str) -> Complexes:
    if pair == "RI":
        return np.asarray(first + 1j * second, np.complex128)
    modulus = 10 ** (first / 20) if pair == "DB" else first
    return np.asarray(modulus * np.exp(1j * np.deg2rad(second)), np.complex128)


def _impedance(parameter: Complexes, options: Options) -> Complexes:
    """Return the impedance in ohm; Y and Z are normalised to the reference in version 1 only."""
    scale = options.reference_ohm if options.version == 1 else 1.0
    with np.errstate(divide="ignore", invalid="ignore"):
        if options.parameter == "Z":
            return parameter * scale
        if options.parameter == "Y":
            return np.asarray(scale / parameter, np.complex128)
        return np.asarray(options.reference_ohm * (1 + parameter) / (1 - parameter), np.complex128)


FORMAT = Format(NAME, recognise, read)

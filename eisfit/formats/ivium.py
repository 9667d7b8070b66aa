"""Ivium `.idf` and `.ids`: text with binary bytes between, the data behind `primary_data`."""

from __future__ import annotations

import re

from eisfit.errors import FormatError, NoImpedance
from eisfit.formats.parsing.build import UNSET_AREA_CM2, build, with_plausible
from eisfit.formats.parsing.numbers import number
from eisfit.formats.parsing.rows import matrix, row_of
from eisfit.formats.raw_file import Format, RawFile
from eisfit.spectrum.conditions import NO_CONDITIONS, Conditions
from eisfit.spectrum.findings import Finding
from eisfit.spectrum.spectrum import Spectrum

NAME = "Ivium"
_END = b"\0" * 4  # the length of a block that is not there; every data object ends with two of them
_CUT = Finding(
    "truncated",
    "the file ends otherwise than Ivium files do: it may be cut off, and data objects behind may be missing",
)


def recognise(raw: RawFile) -> bool:
    """Look for NUL bytes at the start and the words of a data object."""
    return raw.data.startswith(b"\0" * 8) and b"primary_data" in raw.data and b"Data Objects" in raw.data


def read(raw: RawFile) -> list[Spectrum]:
    """Return one spectrum per data object of the method Impedance.

    Raises
    ------
    NoImpedance
        If no object is an impedance run; the methods are named.
    FormatError
        If an impedance object has another layout or is cut off.
    """
    lines = [line.strip() for line in raw.split(raw.data.decode("latin-1"))]
    spectra: list[Spectrum] = []
    methods: list[str] = []
    conditions = NO_CONDITIONS
    for i, line in enumerate(lines):
        if line.startswith("Method="):
            methods.append(line.partition("=")[2])
            conditions = NO_CONDITIONS
        elif line.startswith("Data Options.Area="):
            area = number(line.partition("=")[2], comma=True)
            conditions = with_plausible(conditions, area_cm2=None if area == UNSET_AREA_CM2 else area)
        elif line == "primary_data" and methods and methods[-1] == "Impedance":
            spectra += _object(raw, lines, i, conditions, len(spectra) + 1)
    if not spectra:
        named = ", ".join(sorted(set(methods))) or "unknown"
        raise NoImpedance(f"{raw.name}: no data object is an impedance run; its methods are: {named}")
    return spectra if raw.data.rstrip().endswith(_END) else [s.noting(_CUT) for s in spectra]


def _object(
    raw: RawFile, lines: list[str], at: int, conditions: Conditions, first_sweep: int
) -> list[Spectrum]:
    sizes = lines[at + 1 : at + 3]
    if len(sizes) < 2 or not all(re.fullmatch(r"\d{1,7}", s) for s in sizes) or sizes[0] != "3":
        raise FormatError(
            f"{raw.name}: line {at + 2}: an impedance object must have 3 columns and a row count"
        )
    count = int(sizes[1])
    if at + 3 + count > len(lines):
        raise FormatError(f"{raw.name}: line {at + 3} announces {count} points and the file ends before them")
    rows = [row_of(raw, k + 1, lines[k].split(), (0, 1, 2)) for k in range(at + 3, at + 3 + count)]
    re_, im, f = matrix(rows, 3).T
    return build(raw, NAME, f, re_ + 1j * im, conditions=conditions, restarts=False, first_sweep=first_sweep)


FORMAT = Format(NAME, recognise, read)

"""A table in which one row is one spectrum, with lists of numbers in its cells."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence

import numpy as np

from eisfit.constants import ZERO_CELSIUS_K
from eisfit.errors import FormatError, NoImpedance
from eisfit.formats._build import NO_CONDITIONS, as_complex, build, with_plausible
from eisfit.formats._files import Format, RawFile
from eisfit.formats._numbers import number
from eisfit.formats._table import Columns, groups_of
from eisfit.formats.table import looks_like_text
from eisfit.spectrum import Conditions, Spectrum
from eisfit.values import Complexes

NAME = "lists in cells"
_LIST = re.compile(r'(^|[,;\t"\s])\[\s*[-+.\d]')


def recognise(raw: RawFile) -> bool:
    """Look for a heading with a frequency and a list of numbers in the line below."""
    if not looks_like_text(raw):
        return False
    first, *more = re.split(r"[\r\n]+", raw.head.lstrip("\ufeff\r\n "), maxsplit=1)
    rest = more[0] if more else ""
    return bool(_LIST.search(rest[:3000])) and "frequency" in _columns(first)[1].place


def _columns(line: str) -> tuple[str, Columns]:
    """Return the separator of the heading line and its columns."""
    separator = max(";,\t", key=line.count)
    cells = next(csv.reader([line], delimiter=separator), [])
    return separator, groups_of(cells)[0]


def read(raw: RawFile) -> list[Spectrum]:
    """Return one spectrum per row; the impedance is one list of complex numbers or two of real ones.

    Raises
    ------
    FormatError
        If lists of one row differ in length or hold something else than numbers.
    NoImpedance
        If there is no row.
    """
    text = raw.text.lstrip("\ufeff\r\n ")
    separator, columns = _columns(re.split(r"[\r\n]", text, maxsplit=1)[0])
    spectra: list[Spectrum] = []
    try:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        next(rows, None)
        for count, row in enumerate(rows, 1):
            if any(cell.strip() for cell in row):
                spectra += _row(raw, columns, row, count, len(spectra) + 1)
    except csv.Error as error:
        raise FormatError(f"{raw.name}: the table cannot be cut into cells ({error})") from None
    if not spectra:
        raise NoImpedance(f"{raw.name}: there is no row under the headings")
    return spectra


def _row(raw: RawFile, columns: Columns, row: Sequence[str], count: int, first_sweep: int) -> list[Spectrum]:
    def values(quantity: str) -> Complexes:
        place = columns.place[quantity]
        scaled = _list(raw, row[place] if place < len(row) else "", count) * columns.heading[quantity].factor
        return as_complex(scaled)

    if {"re", "im"} <= columns.place.keys():
        parts = {q: values(q).real for q in ("re", "im")}
        if parts["re"].size != parts["im"].size:
            raise FormatError(
                f"{raw.name}: row {count}: the lists of real and imaginary parts differ in length"
            )
        z = as_complex(parts["re"] + 1j * parts["im"])
    elif {"modulus", "phase"} <= columns.place.keys():
        modulus, phase = values("modulus"), values("phase").real
        if modulus.size != phase.size:
            raise FormatError(f"{raw.name}: row {count}: the lists of modulus and phase differ in length")
        z = as_complex(modulus * np.exp(1j * np.deg2rad(phase)))
    elif "modulus" in columns.place:
        z = values("modulus")
        if not z.imag.any():
            raise FormatError(
                f"{raw.name}: row {count}: the list of Z holds no complex numbers, and a phase is missing"
            )
    else:
        raise FormatError(f"{raw.name}: the impedance is missing from the headings")
    f = values("frequency").real
    if f.size != z.size:
        raise FormatError(
            f"{raw.name}: row {count}: {f.size} frequencies and {z.size} impedances; they must be equal"
        )
    return build(
        raw, NAME, f, z, conditions=_conditions(columns, row), restarts=False, first_sweep=first_sweep
    )  # fmt: skip


def _list(raw: RawFile, cell: str, count: int) -> Complexes:
    inner = cell.strip().strip("[]()")
    items = [re.sub(r"[\s()]", "", i) for i in inner.split(",")] if "," in inner else inner.split()
    try:
        return np.asarray([complex(i) for i in items if i], complex)
    except (ValueError, OverflowError):
        raise FormatError(f"{raw.name}: row {count}: {inner[:40]!r}... is not a list of numbers") from None


def _conditions(columns: Columns, row: Sequence[str]) -> Conditions:
    place = columns.place.get("temperature")
    if place is None or place >= len(row):
        return NO_CONDITIONS
    value, unit = number(row[place]), columns.heading["temperature"].unit
    if value is not None and unit is not None and unit.kind == "K":
        value -= ZERO_CELSIUS_K
    return with_plausible(NO_CONDITIONS, temperature_c=value)


FORMAT = Format(NAME, recognise, read)

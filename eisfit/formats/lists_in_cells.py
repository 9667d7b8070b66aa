"""A table in which one row is one spectrum, with lists of numbers in its cells."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence

import numpy as np

from eisfit.constants import ZERO_CELSIUS_K
from eisfit.errors import FormatError, NoImpedance
from eisfit.formats.parsing.build import as_complex, build, with_plausible
from eisfit.formats.parsing.dialect import looks_like_text
from eisfit.formats.parsing.groups import Columns, groups_of
from eisfit.formats.parsing.numbers import number
from eisfit.formats.parsing.to_impedance import assumptions
from eisfit.formats.raw_file import Format, RawFile
from eisfit.spectrum.conditions import NO_CONDITIONS, Conditions
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.frozen import Complexes

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
    use = _used(raw, columns)
    lists = {quantity: _list(raw, columns, row, quantity, count) for quantity in ("frequency", *use)}
    sizes = {quantity: values.size for quantity, values in lists.items()}
    if len(set(sizes.values())) > 1:
        named = ", ".join(f"{columns.heading[q].text.strip()!r} {n}" for q, n in sizes.items())
        raise FormatError(f"{raw.name}: row {count}: its lists differ in length: {named}")
    first = lists[use[0]]
    second = lists[use[-1]].real
    if use == ("re", "im"):
        z = as_complex(first.real + 1j * second)
    elif use == ("modulus", "phase"):
        z = as_complex(first * np.exp(1j * np.deg2rad(second)))
    else:
        z = first
        if not z.imag.any():
            text = "the list of Z holds no complex numbers, and a phase is missing"
            raise FormatError(f"{raw.name}: row {count}: {text}")
    return build(
        raw, NAME, lists["frequency"].real, z,
        conditions=_conditions(columns, row), findings=assumptions(raw, columns, use, second),
        restarts=False, first_sweep=first_sweep,
    )  # fmt: skip


def _used(raw: RawFile, columns: Columns) -> tuple[str, ...]:
    if columns.doubt:
        raise FormatError(f"{raw.name}: {columns.doubt}")
    for use in (("re", "im"), ("modulus", "phase"), ("modulus",)):
        if set(use) <= columns.place.keys():
            return use
    raise FormatError(f"{raw.name}: Z' and Z'' (or Z, or |Z| and phase) are missing from the headings")


def _list(raw: RawFile, columns: Columns, row: Sequence[str], quantity: str, count: int) -> Complexes:
    """Return the numbers of one cell, in Hz, ohm or degrees."""
    place = columns.place[quantity]
    inner = (row[place] if place < len(row) else "").strip().strip("[]()")
    items = [re.sub(r"[\s()]", "", i) for i in inner.split(",")] if "," in inner else inner.split()
    try:
        values = as_complex([complex(i) for i in items if i])
        heading = columns.heading[quantity]
        return as_complex(heading.scaled(values.real)) if heading.log_base else values * heading.factor
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

"""A table whose impedance is one column of complex numbers, such as ``(109.0-26.6j)``."""

from __future__ import annotations

import re

import numpy as np

from eisfit.errors import FormatError
from eisfit.formats.parsing.build import build
from eisfit.formats.parsing.dialect import Dialect, looks_like_text
from eisfit.formats.parsing.groups import Columns, groups_of
from eisfit.formats.parsing.numbers import number
from eisfit.formats.parsing.to_impedance import assumptions
from eisfit.formats.raw_file import Format, RawFile
from eisfit.spectrum.spectrum import Spectrum

NAME = "complex cells"
FIRST_LINES = 60
_COMPLEX = re.compile(r"\(?\s*[-+]?[\d.]+(?:[eE][-+]?\d+)?\s*[-+]\s*[\d.]+(?:[eE][-+]?\d+)?\s*\*?[ij]\s*\)?")


def recognise(raw: RawFile) -> bool:
    """Look for a heading with a frequency and a lone Z, and a complex number below it."""
    return looks_like_text(raw) and _heading(raw) is not None


def _heading(raw: RawFile) -> tuple[int, Dialect, Columns] | None:
    lines = raw.head.splitlines()[:FIRST_LINES]
    for i, line in enumerate(lines[:-1]):
        for separator in ",;\t":
            dialect = Dialect(separator)
            columns = groups_of(dialect.split(line.lstrip("#% ")))[0]
            if columns.complete or not {"frequency", "modulus"} <= columns.place.keys():
                continue
            below = dialect.split(lines[i + 1])
            place = columns.place["modulus"]
            if place < len(below) and _COMPLEX.fullmatch(below[place]):
                return i, dialect, columns
    return None


def read(raw: RawFile) -> list[Spectrum]:
    """Return the spectra, signed as the complex numbers are.

    Raises
    ------
    FormatError
        If a cell is no number.
    """
    found = _heading(raw)
    assert found is not None
    at, dialect, columns = found
    place_f, place_z = columns.place["frequency"], columns.place["modulus"]
    f, z = [], []
    for i, line in enumerate(raw.lines[at + 1 :], at + 2):
        if not line.strip():
            continue
        cells = dialect.split(line)
        text = cells[place_z] if place_z < len(cells) else ""
        frequency = number(cells[place_f]) if place_f < len(cells) else None
        if frequency is None or not _COMPLEX.fullmatch(text):
            raise FormatError(
                f"{raw.name}: line {i}: {line.strip()[:60]!r} is not a frequency and a complex number"
            )
        f.append(frequency)
        z.append(_value(raw, text, i))
    notes = assumptions(raw, columns, ("modulus",), np.asarray(f))
    hz, ohm = columns.heading["frequency"].factor, columns.heading["modulus"].factor
    return build(raw, NAME, np.asarray(f) * hz, np.asarray(z) * ohm, findings=notes)


def _value(raw: RawFile, text: str, line: int) -> complex:
    try:
        return complex(re.sub(r"[\s()*]", "", text).replace("i", "j"))
    except ValueError:
        raise FormatError(
            f"{raw.name}: line {line}: {text[:40]!r} is not a complex number; correct it"
        ) from None


FORMAT = Format(NAME, recognise, read)

"""A table whose impedance is one column of complex numbers, such as ``(109.0-26.6j)``."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from eisfit.errors import FormatError
from eisfit.formats.parsing.build import build
from eisfit.formats.parsing.dialect import Dialect, looks_like_text
from eisfit.formats.parsing.groups import Columns, groups_of
from eisfit.formats.parsing.headings import Heading
from eisfit.formats.parsing.labels import labelled
from eisfit.formats.parsing.numbers import number
from eisfit.formats.parsing.to_impedance import assumptions
from eisfit.formats.raw_file import Format, RawFile
from eisfit.spectrum.findings import Finding
from eisfit.spectrum.spectrum import Spectrum

NAME = "complex cells"
FIRST_LINES = 60
_COMPLEX = re.compile(r"\(?\s*[-+]?[\d.]+(?:[eE][-+]?\d+)?\s*[-+]\s*[\d.]+(?:[eE][-+]?\d+)?\s*\*?[ij]\s*\)?")


def recognise(raw: RawFile) -> bool:
    """Look for a heading with a frequency and a lone Z, and a complex number below it."""
    return looks_like_text(raw) and _heading(raw) is not None


@dataclass(frozen=True)
class _Found:
    """The heading line: where it is, how it is split, and which columns hold frequency and impedances."""

    line: int
    dialect: Dialect
    frequency: tuple[int, Heading]
    impedances: list[tuple[int, Heading]]


def _heading(raw: RawFile) -> _Found | None:
    lines = raw.head.splitlines()[:FIRST_LINES]
    for i, line in enumerate(lines[:-1]):
        for separator in ",;\t":
            dialect = Dialect(separator)
            below = dialect.split(lines[i + 1])
            if not any(map(_COMPLEX.fullmatch, below)):  # asked first: to read headings takes longer
                continue
            cells = dialect.split(line.lstrip("#% "))
            named = [(k, h) for k, h in enumerate(map(labelled, cells)) if h is not None]
            frequency = next(((k, h) for k, h in named if h.quantity == "frequency"), None)
            impedances = [
                (k, h)
                for k, h in named
                if h.quantity == "modulus" and k < len(below) and _COMPLEX.fullmatch(below[k])
            ]
            if frequency is not None and impedances and not groups_of(cells)[0].complete:
                return _Found(i, dialect, frequency, impedances)
    return None


def read(raw: RawFile) -> list[Spectrum]:
    """Return the spectra, signed as the complex numbers are, one for every column of them.

    Raises
    ------
    FormatError
        If a cell is no number.
    """
    found = _heading(raw)
    assert found is not None
    f: list[float] = []
    z: list[list[complex]] = []
    for i, line in enumerate(raw.lines[found.line + 1 :], found.line + 2):
        if line.strip():
            frequency, row = _row(raw, found, line, i)
            f.append(frequency)
            z.append(row)
    hz = found.frequency[1].scaled(np.asarray(f))
    spectra: list[Spectrum] = []
    for k, (place, heading) in enumerate(found.impedances):
        columns = Columns({"modulus": place}, {"modulus": heading})
        notes = assumptions(raw, columns, ("modulus",), hz)
        if heading.label:
            notes += (Finding("columns", f"the column labelled {heading.label!r}"),)
        values = np.asarray([row[k] for row in z]) * heading.factor
        spectra += build(raw, NAME, hz, values, findings=notes, first_sweep=len(spectra) + 1)
    return spectra


def _row(raw: RawFile, found: _Found, line: str, count: int) -> tuple[float, list[complex]]:
    cells = found.dialect.split(line)
    place = found.frequency[0]
    frequency = number(cells[place]) if place < len(cells) else None
    texts = [cells[k] if k < len(cells) else "" for k, _ in found.impedances]
    if frequency is None or not all(_COMPLEX.fullmatch(text) for text in texts):
        raise FormatError(
            f"{raw.name}: line {count}: {line.strip()[:60]!r} is not a frequency and a complex number"
        )
    return frequency, [_value(raw, text, count) for text in texts]


def _value(raw: RawFile, text: str, line: int) -> complex:
    try:
        return complex(re.sub(r"[\s()*]", "", text).replace("i", "j"))
    except ValueError:
        raise FormatError(
            f"{raw.name}: line {line}: {text[:40]!r} is not a complex number; correct it"
        ) from None


FORMAT = Format(NAME, recognise, read)

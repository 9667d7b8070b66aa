"""Zahner text export: frequency, modulus and phase with SI suffixes on the numbers."""

from __future__ import annotations

import re

import numpy as np

from eisfit.errors import FormatError, NoImpedance
from eisfit.formats.parsing.build import as_complex, build
from eisfit.formats.parsing.numbers import si_number
from eisfit.formats.parsing.rows import matrix
from eisfit.formats.raw_file import Format, RawFile
from eisfit.spectrum.spectrum import Spectrum

NAME = "Zahner text"
_HEADING = re.compile(r"Frequency;\s*Impedance;\s*Phase")


def recognise(raw: RawFile) -> bool:
    """Look for the heading ``Frequency;Impedance;Phase``."""
    return any(_HEADING.match(line.strip()) for line in raw.head.splitlines()[:20])


def read(raw: RawFile) -> list[Spectrum]:
    """Return the spectra; ``735.948m`` is 0.735948 in any column, the phase too.

    Raises
    ------
    FormatError
        If a cell is no number.
    NoImpedance
        If there is no row.
    """
    at = next(i for i, line in enumerate(raw.lines) if _HEADING.match(line.strip()))
    comma = any("," in line for line in raw.lines[at + 1 : at + 6])
    rows = []
    for i, line in enumerate(raw.lines[at + 1 :], at + 2):
        if not line.strip():
            continue
        cells = line.split(";")
        values = [v for cell in cells[:3] if (v := si_number(cell, comma)) is not None]
        if len(values) != 3:
            raise FormatError(f"{raw.name}: line {i}: {line.strip()[:60]!r} is not three numbers; correct it")
        rows.append(values)
    if not rows:
        raise NoImpedance(f"{raw.name}: there is no row under the heading")
    f, modulus, phase = matrix(rows, 3).T
    return build(raw, NAME, f, as_complex(modulus * np.exp(1j * np.deg2rad(phase))))


FORMAT = Format(NAME, recognise, read)

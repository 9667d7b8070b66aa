"""Eco Chemie Autolab `.dfr`: one value per line, nine lines per point."""

from __future__ import annotations

import re

from eisfit.errors import FormatError, NoImpedance
from eisfit.formats.parsing.build import build
from eisfit.formats.parsing.rows import matrix, row_of
from eisfit.formats.raw_file import Format, RawFile
from eisfit.spectrum.spectrum import Spectrum

NAME = "Autolab dfr"
LINES_PER_POINT = 9
FIRST_LINE = 3


def recognise(raw: RawFile) -> bool:
    """Look for ``VERSION8.0`` and two lines with integers."""
    lines = re.split(r"\r*\n|\r", raw.head)[:3]  # as `read` cuts them
    return (
        len(lines) == 3
        and bool(re.match(r"\s*VERSION\d", lines[0]))
        and all(re.fullmatch(r"\s*\d{1,7}\s*", line) for line in lines[1:])
    )


def read(raw: RawFile) -> list[Spectrum]:
    """Return the spectra; the file holds f, Z' and -Z'' in the first three lines of every block.

    Raises
    ------
    FormatError
        If the file ends before the announced number of points, or a line is no number.
    NoImpedance
        If it announces no points.
    """
    lines = raw.lines
    count = int(lines[1])
    if count == 0:
        raise NoImpedance(f"{raw.name}: it announces 0 points")
    if FIRST_LINE + LINES_PER_POINT * (count - 1) + 3 > len(lines):
        raise FormatError(f"{raw.name}: it announces {count} points and ends before; the file is cut off")
    starts = range(FIRST_LINE, FIRST_LINE + LINES_PER_POINT * count, LINES_PER_POINT)
    rows = [[row_of(raw, i + k + 1, [lines[i + k]], [0])[0] for k in range(3)] for i in starts]
    f, re_, minus_im = matrix(rows, 3).T
    return build(raw, NAME, f, re_ - 1j * minus_im)


FORMAT = Format(NAME, recognise, read)

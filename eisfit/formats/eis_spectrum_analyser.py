"""EIS Spectrum Analyser text: the number of points, then Z', -Z'' and the frequency in every line."""

from __future__ import annotations

import re

import numpy as np

from eisfit.formats.parsing.build import build
from eisfit.formats.parsing.frequency_column import spans_little
from eisfit.formats.parsing.numbers import has_decimal_comma, number
from eisfit.formats.parsing.rows import matrix, row_of
from eisfit.formats.raw_file import Format, RawFile
from eisfit.spectrum.findings import Finding
from eisfit.spectrum.spectrum import Spectrum

NAME = "EIS Spectrum Analyser"
_CELLS = (0, 1, 2)


def recognise(raw: RawFile) -> bool:
    """Look for a first line that counts lines of three numbers, the last of which is a frequency."""
    if not re.match(r"[ \t]*\d{1,6}[ \t]*\r*\n\s*[-+.\d]", raw.head):
        return False
    rows = [line.split() for line in raw.lines[1:] if line.strip()]
    comma = has_decimal_comma(raw.lines)
    if not 1 <= len(rows) <= int(raw.lines[0]) or len(rows[0]) != 3:
        return False
    whole = [[number(cell, comma) for cell in cells] for cells in rows[:-1]]
    if not all(len(cells) == 3 and None not in cells for cells in whole):
        return False
    frequency = np.asarray([cells[2] for cells in whole], float)
    one_way = bool(np.all(np.diff(frequency) > 0) or np.all(np.diff(frequency) < 0))
    return one_way and bool(np.all(frequency > 0)) and not spans_little(frequency)


def read(raw: RawFile) -> list[Spectrum]:
    """Return the spectrum; the second column is printed positive for a capacitive sample.

    Raises
    ------
    FormatError
        If a cell is no number.
    """
    lines = [(k, line.split()) for k, line in enumerate(raw.lines[1:], 2) if line.strip()]
    comma = has_decimal_comma(raw.lines)
    count = int(raw.lines[0])
    cut = len(lines[-1][1]) != 3
    kept = lines[:-1] if cut else lines
    re_, minus_im, f = matrix([row_of(raw, k, cells, _CELLS, comma) for k, cells in kept], 3).T
    notes = [Finding("sign", "three columns below their number were taken as Z'/ohm, -Z''/ohm, frequency/Hz")]
    if len(kept) < count:
        notes.append(Finding("truncated", f"the file announces {count} points and holds {len(kept)}"))
    return build(raw, NAME, f, re_ - 1j * minus_im, findings=notes, restarts=False)


FORMAT = Format(NAME, recognise, read)

"""Elchemea `.i2b`: free lines, an empty line, the number of points, then f, Z', Z''."""

from __future__ import annotations

import re

from eisfit.formats.parsing.build import build
from eisfit.formats.parsing.dialect import looks_like_text
from eisfit.formats.parsing.numbers import number
from eisfit.formats.parsing.rows import matrix
from eisfit.formats.raw_file import Format, RawFile
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.frozen import Floats

NAME = "Elchemea i2b"
FREE_LINES = 60
_COUNT = re.compile(r"\s*[0-9]{1,7}\s*")


def recognise(raw: RawFile) -> bool:
    """Accept only where exactly the announced number of rows of three numbers follows to the end."""
    return looks_like_text(raw) and _points(raw) is not None


def read(raw: RawFile) -> list[Spectrum]:
    """Return the spectra, signed as they stand."""
    points = _points(raw)
    assert points is not None
    f, re_, im = points.T
    return build(raw, NAME, f, re_ + 1j * im)


def _points(raw: RawFile) -> Floats | None:
    lines = raw.head.split("\n")[: FREE_LINES + 1]
    at = next((i for i, line in enumerate(lines) if _COUNT.fullmatch(line)), None)
    if at is None or at == 0 or lines[at - 1].strip():
        return None
    rows = [line.split() for line in raw.text.split("\n")[at + 1 :] if line.strip()]
    if len(rows) != int(lines[at]) or not rows or any(len(row) != 3 for row in rows):
        return None
    values = [[v for cell in row if (v := number(cell)) is not None] for row in rows]
    return matrix(values, 3) if all(len(v) == 3 for v in values) else None


FORMAT = Format(NAME, recognise, read)

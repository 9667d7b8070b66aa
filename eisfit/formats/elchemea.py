"""Elchemea `.i2b`: free lines, an empty line, the number of points, then f, Z', Z''."""

from __future__ import annotations

import re

from eisfit.formats.parsing.build import build
from eisfit.formats.parsing.dialect import looks_like_text
from eisfit.formats.parsing.numbers import number
from eisfit.formats.parsing.rows import matrix
from eisfit.formats.raw_file import Format, RawFile
from eisfit.spectrum.findings import Finding
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.frozen import Floats

NAME = "Elchemea i2b"
FREE_LINES = 60
_COUNT = re.compile(r"\s*[0-9]{1,7}\s*")


def recognise(raw: RawFile) -> bool:
    """Accept where rows of three numbers follow to the end, as many as announced or, cut off, fewer."""
    return looks_like_text(raw) and _points(raw) is not None


def read(raw: RawFile) -> list[Spectrum]:
    """Return the spectra, signed as they stand."""
    found = _points(raw)
    assert found is not None
    announced, points = found
    notes: tuple[Finding, ...] = ()
    if len(points) < announced:
        notes = (Finding("truncated", f"the file announces {announced} points, and {len(points)} are whole"),)
    f, re_, im = points.T
    return build(raw, NAME, f, re_ + 1j * im, findings=notes)


def _points(raw: RawFile) -> tuple[int, Floats] | None:
    """Return the announced number of points, and those that are there; the last row may be cut."""
    lines = raw.head.split("\n")[: FREE_LINES + 1]
    at = next((i for i, line in enumerate(lines) if _COUNT.fullmatch(line)), None)
    if at is None or at == 0 or lines[at - 1].strip():
        return None
    rows = [line.split() for line in raw.text.split("\n")[at + 1 :] if line.strip()]
    announced = int(lines[at])
    values = [[v for cell in row if (v := number(cell)) is not None] for row in rows]
    if values and len(values[-1]) < 3 and len(rows[-1]) <= 3:
        values.pop()
    if not values or len(rows) > announced or any(len(v) != 3 for v in values):
        return None
    return announced, matrix(values, 3)


FORMAT = Format(NAME, recognise, read)

"""`.P00` text: a procedure line, a heading, the number of rows, then the rows."""

from __future__ import annotations

import re

from eisfit.errors import FormatError
from eisfit.formats.parsing.groups import groups_of
from eisfit.formats.parsing.missing_half import require_complete
from eisfit.formats.parsing.named_columns import cells_to_numbers, plain, spectra_of
from eisfit.formats.raw_file import Format, RawFile
from eisfit.spectrum.findings import Finding
from eisfit.spectrum.spectrum import Spectrum

NAME = "P00"


def recognise(raw: RawFile) -> bool:
    """Look for ``Procedure :`` in the first line and the heading ``f/Hz``."""
    return raw.head.lstrip().startswith("Procedure :") and "f/Hz" in raw.head


def read(raw: RawFile) -> list[Spectrum]:
    """Return the spectra under the heading; the sign is the heading's.

    Raises
    ------
    FormatError
        If a row is no row of numbers.
    """
    lines = raw.lines
    at = next((i for i, line in enumerate(lines[:40]) if "f/Hz" in line), 0)
    headings = [h.strip() for h in lines[at].split("\t")]
    groups = groups_of(headings)
    require_complete(raw, groups[0], headings)
    announced = lines[at + 1].strip() if at + 1 < len(lines) else ""
    if not re.fullmatch(r"[0-9]{1,7}", announced):
        raise FormatError(f"{raw.name}: line {at + 2}: the number of rows is missing under the heading")
    values = [
        cells_to_numbers(raw, groups, headings, line.split("\t"), i, plain(False))
        for i, line in enumerate(lines[at + 2 :], at + 3)
        if line.strip()
    ]
    notes: tuple[Finding, ...] = ()
    if len(values) != int(announced):
        notes = (Finding("truncated", f"the file announces {announced} points, and {len(values)} are there"),)
    return spectra_of(raw, NAME, headings, values, groups=groups, findings=notes)


FORMAT = Format(NAME, recognise, read)

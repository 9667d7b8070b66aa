"""Spreadsheets `.xlsx` and `.ods`: every sheet is read as a table."""

from __future__ import annotations

import re

from eisfit.errors import FormatError, NoImpedance
from eisfit.formats.delimited_text import spectra_in
from eisfit.formats.parsing.dialect import Dialect
from eisfit.formats.parsing.numbers import has_decimal_comma
from eisfit.formats.raw_file import Format, RawFile
from eisfit.spectrum.spectrum import Spectrum

NAME = "spreadsheet"


def recognise(raw: RawFile) -> bool:
    """Look for a zip archive with the parts of a workbook."""
    if not raw.data.startswith(b"PK\3\4"):
        return False
    return b"xl/workbook" in raw.data or b"opendocument.spreadsheet" in raw.data[:200]


def read(raw: RawFile) -> list[Spectrum]:
    """Return the spectra of all sheets, in the order of the workbook.

    Raises
    ------
    FormatError
        If the archive is damaged or a sheet breaks the rules of a table.
    NoImpedance
        If no sheet holds an impedance.
    """
    from eisfit.formats.parsing.workbook import sheets_of  # zip and XML, which only a workbook needs

    return _spectra(raw, sheets_of(raw))


def _spectra(raw: RawFile, sheets: list[list[str]]) -> list[Spectrum]:
    """Read the sheets; those without an impedance are left out as long as one has it."""
    spectra: list[Spectrum] = []
    refusal: FormatError = NoImpedance(f"{raw.name}: all its sheets are empty")
    for lines in sheets:
        if not any(line.strip() for line in lines):
            continue
        try:
            dialect = Dialect("\t", has_decimal_comma(lines[:100]))
            spectra += spectra_in(raw, NAME, lines, dialect, first_sweep=len(spectra) + 1, strict=False)
        except NoImpedance as error:
            refusal = error
        except FormatError:
            if any(re.search(r"(?i)freq", line) for line in lines[:30]):
                raise
    if not spectra:
        raise refusal
    return spectra


FORMAT = Format(NAME, recognise, read)

"""Delimited text of any kind (CSV, TSV, blanks), read by its headings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from eisfit.errors import FormatError, NoImpedance
from eisfit.formats.parsing.bare_columns import fault_of_bare, has_modulus
from eisfit.formats.parsing.build import build
from eisfit.formats.parsing.dialect import Dialect, dialect_of, looks_like_text, sample
from eisfit.formats.parsing.direct_current import dc_columns, dc_said
from eisfit.formats.parsing.frequency_column import (
    counts_rows,
    is_swept,
    require_frequencies,
    runs_evenly,
    runs_one_way,
    spans_little,
)
from eisfit.formats.parsing.groups import Columns, groups_of
from eisfit.formats.parsing.header_lines import MOST_LINES, conditions_in
from eisfit.formats.parsing.interrupted import joined
from eisfit.formats.parsing.missing_half import require_complete
from eisfit.formats.parsing.named_columns import require_plain_numbers, spectra_of
from eisfit.formats.parsing.table_scan import LONGEST_HEADING, heading_cells, tables
from eisfit.formats.parsing.turned_table import turned
from eisfit.formats.raw_file import Format, RawFile
from eisfit.spectrum.findings import Finding
from eisfit.spectrum.spectrum import Spectrum

NAME = "table"
_COMMENT = re.compile(r"^\s*[#%!;]+\s?|^\s*//\s?")
_HALVES = {"re", "im", "modulus", "phase", "y_re", "y_im", "y_modulus", "cp", "cs"}
_TURNED = Finding("columns", "the headings stand in the first column: its rows were read as columns")
_NO_HEADING = ("frequency/Hz", "Z'/ohm", "Z''/ohm")


def recognise(raw: RawFile) -> bool:
    """Accept any text with a table of at least three numeric columns, or headings that name part of an impedance."""
    return looks_like_text(raw) and (dialect_of(raw.lines) is not None or _heading_line(raw) is not None)


def _heading_line(raw: RawFile) -> str | None:
    """Return the first line that names a frequency and part of an impedance, or an impedance without a frequency."""
    for line in sample(raw.lines):
        cells = heading_cells(line, Dialect(",")) if len(line) < LONGEST_HEADING else None
        if cells and _names_part(groups_of(cells)[0]):
            return line
    return None


def _names_part(columns: Columns) -> bool:
    halves = columns.place.keys() & _HALVES
    return columns.complete or len(halves) > 1 or ("frequency" in columns.place and bool(halves))


def read(raw: RawFile) -> list[Spectrum]:
    """Return the spectra of a delimited text file.

    Raises
    ------
    FormatError
        If the frequency or half of the impedance is missing, or a needed cell is no number.
    NoImpedance
        If the columns hold nothing of an impedance.
    """
    return read_as(raw, NAME)


def read_as(raw: RawFile, format_name: str, assume_units: bool = False) -> list[Spectrum]:
    """Read a table under the name of an instrument; `assume_units` where that instrument prescribes ohm."""
    line = _heading_line(raw) or ","
    dialect = dialect_of(raw.lines) or Dialect(max("\t;,", key=line.count))
    return spectra_in(raw, format_name, raw.lines, dialect, assume_units=assume_units)


def spectra_in(
    raw: RawFile,
    format_name: str,
    lines: Sequence[str],
    dialect: Dialect,
    *,
    assume_units: bool = False,
    first_sweep: int = 1,
    strict: bool = True,
) -> list[Spectrum]:
    """Return the spectra of the tables in some lines of a file; `strict` where a row has as many cells as headings."""
    found = list(tables(raw, lines, dialect, strict))
    if not any(t.values for t in found) and (upright := turned(lines, dialect)):
        columns = spectra_in(
            raw, format_name, upright, replace(dialect, separator="\t"), assume_units=assume_units,
            first_sweep=first_sweep, strict=strict,
        )  # fmt: skip
        return [s.noting(_TURNED) for s in columns]
    if not found:
        return _without_headings(raw, format_name, lines, dialect, first_sweep)
    filled = [t for t in found if t.values]
    if not filled:
        require_complete(raw, found[0].groups[0], found[0].headings)
        require_plain_numbers(raw, found[0], lines, dialect)
        raise NoImpedance(f"{raw.name}: there is no row under the headings; the run holds no points")
    filled = joined([t for t in filled if _names_part(t.groups[0])] or filled)  # others may be of notes above
    conditions, said = conditions_in(lines[: min(filled[0].line - 1, MOST_LINES)])
    spectra: list[Spectrum] = []
    for t in filled:
        require_frequencies(raw, t)
        spectra += spectra_of(
            raw, format_name, t.headings, t.values,
            groups=t.groups, conditions=conditions, assume_units=assume_units,
            first_sweep=first_sweep + len(spectra),
        )  # fmt: skip
    return [s.noting(*said) for s in spectra]


def _without_headings(
    raw: RawFile, format_name: str, lines: Sequence[str], dialect: Dialect, first_sweep: int
) -> list[Spectrum]:
    rows: list[list[float]] = []
    before: list[str] = []
    for count, line in enumerate(lines, 1):
        if not line.strip() or _COMMENT.match(line):
            continue
        cells = dialect.split(line)
        while cells and not cells[-1]:
            cells.pop()
        values = [dialect.number(c) for c in cells]
        numbers = [v for v in values if v is not None]
        if len(numbers) == len(values) >= 2:
            rows.append(numbers)
        elif rows:
            raise FormatError(
                f"{raw.name}: line {count}: {line.strip()[:60]!r} is no row of numbers; correct it"
            )
        else:
            before = cells
    if columns := dc_columns(["\t".join(before)]):
        raise NoImpedance(f"{raw.name}: {dc_said(columns)}")
    _check_bare_columns(raw, rows, before)
    f, re_, im = np.asarray(rows).T[:3]
    names = ", ".join(_NO_HEADING)
    text = f"the columns have no headings: taken as {names}, the sign as it stands"
    text += "; the fourth is their modulus" if len(rows[0]) > len(_NO_HEADING) else ""
    note = Finding("no heading", text)
    return build(raw, format_name, f, re_ + 1j * im, findings=(note,), first_sweep=first_sweep)


def _check_bare_columns(raw: RawFile, rows: list[list[float]], before: list[str]) -> None:
    cure = "write a heading line such as 'freq/Hz,Re(Z)/Ohm,-Im(Z)/Ohm' above the numbers"
    widths = {len(row) for row in rows}
    if not rows:
        raise FormatError(f"{raw.name}: the file contains no table of numbers")
    if len(widths) > 1:
        raise FormatError(
            f"{raw.name}: its rows differ in length, from {min(widths)} to {max(widths)} numbers"
        )
    width = widths.pop()
    if len(before) == width:
        names = ", ".join(repr(b) for b in before)
        raise FormatError(f"{raw.name}: the headings {names} name no frequency and impedance; {cure}")
    columns = np.asarray(rows).T
    if width != 3 and not has_modulus(columns):
        raise FormatError(f"{raw.name}: {width} columns have no headings and cannot be identified; {cure}")
    if counts_rows(columns[0]):
        raise FormatError(f"{raw.name}: the first column counts the rows and is no frequency; {cure}")
    if not is_swept(columns[0]) and any(is_swept(c) for c in columns[1:]):
        raise FormatError(f"{raw.name}: a column other than the first runs like a frequency; {cure}")
    if runs_evenly(columns[0]) or spans_little(columns[0]):
        raise FormatError(
            f"{raw.name}: the first column runs like a time or hardly changes, and nothing names it a frequency; {cure}"
        )
    if not runs_one_way(columns[0]) and any(map(runs_one_way, columns[1:])):
        raise FormatError(
            f"{raw.name}: the first column goes up and down and another runs one way, as a frequency does; {cure}"
        )
    if fault := fault_of_bare(columns):
        raise FormatError(f"{raw.name}: {fault}, and the columns have no headings; {cure}")


def write_csv(path: str | Path, spectrum: Spectrum) -> None:
    """Write a spectrum as CSV that reads back exactly.

    Parameters
    ----------
    path : str or Path
        Where to; an existing file is replaced.
    spectrum : Spectrum
        Its frequency, impedance and, where known, time are written.
    """
    columns = {
        "frequency_hz": spectrum.frequency_hz,
        "z_real_ohm": spectrum.z_ohm.real,
        "z_imag_ohm": spectrum.z_ohm.imag,
    }
    if spectrum.time_s is not None:
        columns["time_s"] = spectrum.time_s
    lines = [",".join(columns)]
    lines += [",".join(repr(float(v)) for v in row) for row in zip(*columns.values(), strict=True)]
    Path(path).write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


FORMAT = Format(NAME, recognise, read)

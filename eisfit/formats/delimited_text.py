"""Delimited text of any kind (CSV, TSV, blanks), read by its headings."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from eisfit.errors import FormatError, NoImpedance
from eisfit.formats.parsing import headings as _headings
from eisfit.formats.parsing.build import build
from eisfit.formats.parsing.header_lines import MOST_LINES, conditions_in
from eisfit.formats.parsing.named_columns import (
    EXCEL_ERROR,
    OPTIONAL,
    Table,
    cells_to_numbers,
    groups_of,
    plain,
    require_complete,
    spectra_of,
)
from eisfit.formats.parsing.numbers import number
from eisfit.formats.raw_file import Format, RawFile, is_utf16
from eisfit.spectrum.findings import Finding
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.frozen import Floats

NAME = "table"
SAMPLE_LINES = 400
LONGEST_QUOTED = 100_000
MOST_COLUMNS = 2000
_COMMENT = re.compile(r"^\s*[#%!;]+\s?|^\s*//\s?")
_NO_HEADING = ("frequency/Hz", "Z'/ohm", "Z''/ohm")


@dataclass(frozen=True)
class Dialect:
    """How a line is split into cells.

    Parameters
    ----------
    separator : str
        A blank stands for any white space.
    comma : bool
        Whether the decimal mark is a comma.
    width : int
        How many cells most rows have; 0 where it is not known.
    """

    separator: str
    comma: bool = False
    width: int = 0

    def split(self, line: str) -> list[str]:
        """Cut one line into its cells."""
        if self.separator == " ":
            return line.split()
        if '"' in line and len(line) < LONGEST_QUOTED:
            return [cell.strip() for cell in next(csv.reader([line], delimiter=self.separator), [])]
        return [cell.strip() for cell in line.split(self.separator)]


DIALECTS = (
    Dialect("\t"), Dialect(";"), Dialect(","), Dialect(" "),
    Dialect("\t", True), Dialect(";", True), Dialect(" ", True), Dialect(",", True),
)  # fmt: skip


def recognise(raw: RawFile) -> bool:
    """Accept any text with a table of at least three numeric columns, or headings that name an impedance."""
    return looks_like_text(raw) and (dialect_of(raw) is not None or _heading_line(raw) is not None)


def looks_like_text(raw: RawFile) -> bool:
    """Tell whether a file is text: no NUL bytes unless it is UTF-16."""
    return is_utf16(raw.data) or b"\0" not in raw.data[:4096]


def sample(raw: RawFile) -> list[str]:
    """Return the first lines that are not empty."""
    found = []
    for line in raw.lines:
        if line.strip():
            found.append(line)
            if len(found) == SAMPLE_LINES:
                break
    return found


def dialect_of(raw: RawFile) -> Dialect | None:
    """Find the dialect in which most rows are numbers; None where no row has three of them."""
    lines = sample(raw)
    best: tuple[int, Dialect] | None = None
    for dialect in DIALECTS:
        score = sum(_numeric_cells(dialect, line) for line in lines)
        if score and (best is None or score > best[0]):
            best = (score, dialect)
    if best is None:
        return None
    chosen = best[1]
    widths = Counter(len(chosen.split(line)) for line in lines if _numeric_cells(chosen, line))
    return replace(chosen, width=widths.most_common(1)[0][0])


def _numeric_cells(dialect: Dialect, line: str) -> int:
    if len(line) > 100_000:
        return 0
    cells = dialect.split(line)
    count = sum(number(cell, dialect.comma) is not None for cell in cells)
    return count if count >= 3 and 2 * count >= len([c for c in cells if c]) else 0


def heading_cells(line: str, dialect: Dialect) -> list[str] | None:
    """Split a line into headings in the way that finds most of a spectrum; None where nothing is found."""
    text = _COMMENT.sub("", line) if EXCEL_ERROR not in line else line
    tries: list[Callable[[str], list[str]]] = [
        dialect.split, Dialect("\t").split, Dialect(";").split, Dialect(",").split,
        lambda t: re.split(r"\s{2,}", t.strip()), str.split,
        lambda t: re.split(r"\s+(?![(\[])", t.strip()),
    ]  # fmt: skip
    best: tuple[tuple[bool, bool], list[str]] | None = None
    for split in tries:
        cells = [c.strip() for c in split(text)]
        if len(cells) < 2 or len(cells) > MOST_COLUMNS:
            continue
        if any(number(c, dialect.comma) is not None for c in cells if c):
            continue
        columns = groups_of(cells)[0]
        merit = (columns.complete, len(cells) == dialect.width)
        if columns.place.keys() - OPTIONAL and (best is None or merit > best[0]):
            best = (merit, cells)
    return best[1] if best else None


def _heading_line(raw: RawFile) -> str | None:
    for line in sample(raw):
        if (
            len(line) < 20_000
            and (cells := heading_cells(line, Dialect(",")))
            and groups_of(cells)[0].complete
        ):
            return line
    return None


def tables(raw: RawFile, lines: Iterable[str], dialect: Dialect) -> Iterator[Table]:
    """Yield the tables in lines, each with the headings above it; none where no line is a heading line."""
    read = plain(dialect.comma)
    table: Table | None = None
    for count, line in enumerate(lines, 1):
        if not line.strip():
            continue
        cells = dialect.split(line)
        if table is not None and _is_row(table, cells, read):
            table.values.append(cells_to_numbers(raw, table.groups, table.headings, cells, count, read))
            continue
        if table is not None and not table.values and (units := _with_units(table, cells)):
            table = Table(units, groups_of(units), line=table.line)
            continue
        if table is not None and table.values:
            yield table
            table = Table(table.headings, table.groups, line=table.line)
        headings = heading_cells(line, dialect) if len(line) < 20_000 else None
        if headings and (table is None or groups_of(headings)[0].complete or not table.groups[0].complete):
            table = Table(headings, groups_of(headings), line=count)
    if table is not None:
        yield table


def _is_row(table: Table, cells: list[str], read: Callable[[str], float | None]) -> bool:
    """Tell whether the cells are a row under these headings: its frequency, or two others, are numbers."""
    for columns in table.groups:
        if "frequency" in columns.place:
            needed = {q: i for q, i in columns.place.items() if q not in OPTIONAL}
            there = {q for q, i in needed.items() if i < len(cells) and read(cells[i]) is not None}
            if "frequency" in there or len(there) >= 2:
                return True
    return False


def _with_units(table: Table, cells: list[str]) -> list[str]:
    """Join a line of units to the headings above it; empty where the line is none."""
    units = [_headings.unit_of(c.strip("[]() ")) for c in cells]
    if len([u for u in units if u]) < 2 or len(cells) > len(table.headings):
        return []
    padded = [c.strip("[]() ") for c in cells] + [""] * (len(table.headings) - len(cells))
    return [f"{h} [{u}]" if u else h for h, u in zip(table.headings, padded, strict=True)]


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
    dialect = dialect_of(raw) or Dialect(max("\t;,", key=(_heading_line(raw) or ",").count))
    return spectra_in(raw, format_name, raw.lines, dialect, assume_units=assume_units)


def spectra_in(
    raw: RawFile,
    format_name: str,
    lines: Sequence[str],
    dialect: Dialect,
    *,
    assume_units: bool = False,
    first_sweep: int = 1,
) -> list[Spectrum]:
    """Return the spectra of the tables in some lines of a file."""
    found = list(tables(raw, lines, dialect))
    if not found:
        return _without_headings(raw, format_name, lines, dialect, first_sweep)
    filled = [t for t in found if t.values]
    if not filled:
        require_complete(raw, found[0].groups[0], found[0].headings)
        raise NoImpedance(f"{raw.name}: there is no row under the headings; the run holds no points")
    conditions = conditions_in(lines[: min(filled[0].line - 1, MOST_LINES)])
    spectra: list[Spectrum] = []
    for t in filled:
        spectra += spectra_of(
            raw, format_name, t.headings, t.values,
            groups=t.groups, conditions=conditions, assume_units=assume_units,
            first_sweep=first_sweep + len(spectra),
        )  # fmt: skip
    return spectra


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
        values = [number(c, dialect.comma) for c in cells]
        numbers = [v for v in values if v is not None]
        if len(numbers) == len(values) >= 2:
            rows.append(numbers)
        elif rows:
            raise FormatError(
                f"{raw.name}: line {count}: {line.strip()[:60]!r} is no row of numbers; correct it"
            )
        else:
            before = cells
    _check_bare_columns(raw, rows, before)
    f, re_, im = np.asarray(rows).T
    names = ", ".join(_NO_HEADING)
    note = Finding("no heading", f"the columns have no headings: taken as {names}, the sign as it stands")
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
    if width != 3:
        raise FormatError(f"{raw.name}: {width} columns have no headings and cannot be identified; {cure}")
    columns = np.asarray(rows).T
    if not _is_swept(columns[0]) and any(_is_swept(c) for c in columns[1:]):
        raise FormatError(f"{raw.name}: a column other than the first runs like a frequency; {cure}")
    first = columns[0]
    if first.size > 3 and first[0] in (0.0, 1.0) and np.array_equal(np.diff(first), np.ones(first.size - 1)):
        raise FormatError(f"{raw.name}: the first column counts the rows and is no frequency; {cure}")


def _is_swept(column: Floats) -> bool:
    """Tell whether a column runs in even steps, linear or logarithmic, as a frequency does."""
    if column.size < 5 or not np.all(column > 0):
        return False
    for values in (column, np.log(column)):
        step = np.diff(values)
        middle = np.median(step)
        if middle != 0 and np.mean(np.abs(step / middle - 1) < 0.1) > 0.8:
            return True
    return False


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

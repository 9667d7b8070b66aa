"""How the lines of a text are split into cells, and how its numbers are written."""

from __future__ import annotations

import csv
import itertools
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from eisfit.errors import FormatError
from eisfit.formats.parsing.numbers import number
from eisfit.formats.raw_file import RawFile, is_utf16

SAMPLE_LINES = 400
LONGEST_QUOTED = 100_000
_WHITE = re.compile(r"[ \t\v\f\r\n\xa0]+")  # narrow blanks stand between thousands
_BLANK_MARKS = " \u00a0\u202f\u2009"
_QUOTE_MARKS = "'\u2019"
_BLANKS = re.compile(rf"[+-]?[1-9]\d{{0,2}}(?:[{_BLANK_MARKS}]\d{{3}})+(?:[.,]\d*)?")
_QUOTES = re.compile(rf"[+-]?[1-9]\d{{0,2}}(?:[{_QUOTE_MARKS}]\d{{3}})+(?:[.,]\d*)?")
_SURE_COMMAS = re.compile(r"[+-]?[1-9]\d{0,2}(?:(?:,\d{3}){2,}|(?:,\d{3})+\.\d*)")
_SURE_POINTS = re.compile(r"[+-]?[1-9]\d{0,2}(?:(?:\.\d{3}){2,}|(?:\.\d{3})+,\d*)")
_EITHER = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")
_DECIMAL_COMMA = re.compile(r"[+-]?\d*,\d+(?:[eE][+-]?\d+)?")
_POINT = re.compile(r"[+-]?\d*\.\d+(?:[eE][+-]?\d+)?|[+-]?\d\.?[eE][+-]?\d+")


@dataclass(frozen=True)
class Dialect:
    """How a line is split into cells and a cell read as a number.

    Parameters
    ----------
    separator : str
        A blank stands for any white space.
    comma : bool
        Whether the decimal mark is a comma.
    width : int
        How many cells most rows have, without empty ones at the end; 0 where it is not known.
    thousands : str
        What groups the digits of large numbers by three; '' where nothing does.
    """

    separator: str
    comma: bool = False
    width: int = 0
    thousands: str = ""

    def split(self, line: str) -> list[str]:
        """Cut one line into its cells."""
        if self.separator == " ":
            return [cell for cell in _WHITE.split(line) if cell]
        if '"' in line and len(line) < LONGEST_QUOTED:
            return [cell.strip() for cell in next(csv.reader([line], delimiter=self.separator), [])]
        return [cell.strip() for cell in line.split(self.separator)]

    def number(self, cell: str) -> float | None:
        """Turn a cell into a number, or None where it is none."""
        if self.thousands:
            cell = _without(cell, self.thousands)
        return number(cell, self.comma)


DIALECTS = (
    Dialect("\t"), Dialect(";"), Dialect(","), Dialect(" "),
    Dialect("\t", True), Dialect(";", True), Dialect(" ", True), Dialect(",", True), Dialect("|"), Dialect("|", True),
)  # fmt: skip


def _without(cell: str, thousands: str) -> str:
    """Return a number without the marks between its thousands; another cell as it is."""
    text = cell.strip().strip('"').strip()
    marks = re.escape(thousands)
    found = re.fullmatch(rf"([+-]?\d{{1,3}}(?:[{marks}]\d{{3}})+)([.,]\d*)?([eE][+-]?\d+)?", text)
    return cell if found is None else re.sub(f"[{marks}]", "", found[1]) + (found[2] or "") + (found[3] or "")


def trimmed(cells: Sequence[str]) -> list[str]:
    """Return the cells without the empty ones at the end."""
    kept = list(cells)
    while kept and not kept[-1].strip():
        kept.pop()
    return kept


def looks_like_text(raw: RawFile) -> bool:
    """Tell whether a file is text: no NUL bytes unless it is UTF-16."""
    return is_utf16(raw.data) or b"\0" not in raw.data[:4096]


def sample(lines: Iterable[str]) -> list[str]:
    """Return the first lines that are not empty."""
    found = []
    for line in lines:
        if line.strip():
            found.append(line)
            if len(found) == SAMPLE_LINES:
                break
    return found


def dialect_of(lines: Iterable[str], fewest: int = 3) -> Dialect | None:
    """Find the dialect in which most rows are numbers; None where no row has `fewest` of them."""
    chosen_lines = sample(lines)
    best: tuple[int, Dialect] | None = None
    grouped = False  # blanks group the digits between other separators
    for plain in DIALECTS:
        dialect = (
            plain if plain.separator == " " else replace(plain, thousands=_grouping(plain, chosen_lines))
        )
        score = sum(_numeric_cells(dialect, line, fewest) for line in chosen_lines)
        if grouped and dialect.separator == " ":
            continue
        found = score > 0 and dialect.separator in "\t;" and dialect.thousands == _BLANK_MARKS
        blank = best is not None and best[1].separator == " "
        if score and (best is None or score > best[0] or (found and blank and 2 * score >= best[0])):
            best = (score, dialect)
        grouped = grouped or found
    if best is None:
        return None
    chosen = best[1]
    rows = (trimmed(chosen.split(line)) for line in chosen_lines if _numeric_cells(chosen, line, fewest))
    widths = Counter(len(cells) for cells in rows)
    return replace(chosen, width=widths.most_common(1)[0][0])


def _numeric_cells(dialect: Dialect, line: str, fewest: int) -> int:
    if len(line) > LONGEST_QUOTED:
        return 0
    cells = dialect.split(line)
    count = sum(dialect.number(cell) is not None for cell in cells)
    return count if count >= fewest and 2 * count >= len([c for c in cells if c]) else 0


def _grouping(dialect: Dialect, lines: Sequence[str]) -> str:
    """Return what surely groups the thousands in these lines, under one separator and decimal mark."""
    if not any(re.search(r"\d[\s.,'’]\d{3}", line) for line in lines):
        return ""
    cells = [c.strip('" ') for line in lines if len(line) < LONGEST_QUOTED for c in dialect.split(line)]
    if any(_BLANKS.fullmatch(c) for c in cells):
        return _BLANK_MARKS
    if any(_QUOTES.fullmatch(c) for c in cells):
        return _QUOTE_MARKS
    if dialect.comma:
        pointed = [c for c in cells if _POINT.fullmatch(c)]
        whole = bool(pointed) and all(_EITHER.fullmatch(c.replace(".", ",")) for c in pointed)
        commas = any(_DECIMAL_COMMA.fullmatch(c) and not _EITHER.fullmatch(c) for c in cells)
        return "." if any(_SURE_POINTS.fullmatch(c) for c in cells) or (whole and commas) else ""
    sure = any(_SURE_COMMAS.fullmatch(c) for c in cells)
    either = any(_EITHER.fullmatch(c) for c in cells)
    decimal = any(_DECIMAL_COMMA.fullmatch(c) and not _EITHER.fullmatch(c) for c in cells)
    points = any(_POINT.fullmatch(c) for c in cells)
    return "," if sure or (either and points and not decimal) else ""


def require_clear_commas(raw: RawFile, dialect: Dialect, cells: Sequence[str]) -> None:
    """Refuse frequencies such as ``10,000`` and ``500`` whose comma may be a decimal mark or group the digits.

    Parameters
    ----------
    raw : RawFile
        For the message.
    dialect : Dialect
        How the file is read.
    cells : sequence of str
        The column of frequencies.

    Raises
    ------
    FormatError
        If every cell with a comma has three digits behind it, others have no comma, and only without the comma the
        frequencies run one way.
    """
    if not dialect.comma:
        return
    cells = [c.strip().strip('"') for c in cells if c.strip()]
    with_comma = [c for c in cells if "," in c]
    if not with_comma or len(with_comma) == len(cells) or not all(_EITHER.fullmatch(c) for c in with_comma):
        return
    if _runs([number(c.replace(",", "")) for c in cells]) and not _runs([number(c, True) for c in cells]):
        raise FormatError(
            f"{raw.name}: the comma in {with_comma[0]!r} may be a decimal mark or group the thousands: "
            "write the frequencies without it"
        )


def _runs(values: Sequence[float | None]) -> bool:
    numbers = [v for v in values if v is not None]
    steps = [b - a for a, b in itertools.pairwise(numbers)]
    return bool(steps) and (all(s > 0 for s in steps) or all(s < 0 for s in steps))


Splitter = Callable[[str], list[str]]

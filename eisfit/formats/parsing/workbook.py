"""The sheets of a workbook, `.xlsx` or `.ods`, as lines of cells with tabs between."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Mapping
from xml.parsers.expat import ExpatError

from eisfit.errors import FormatError
from eisfit.formats.parsing.zipped_xml import Parts, TooMuch
from eisfit.formats.raw_file import RawFile

MOST_COLUMNS = 500
MOST_ROWS = 100_000
MOST_SHEETS = 200
MOST_CELLS = 1_000_000  # of all sheets, with the empty ones between others
MOST_CHARACTERS = 20_000_000  # of all sheets; a shared string counts each time that a cell repeats it
_DAMAGE = (
    zipfile.BadZipFile, ExpatError, LookupError, ValueError, EOFError, OSError, RuntimeError, zlib.error,
)  # fmt: skip
Sheet = list[str]


def sheets_of(raw: RawFile) -> list[Sheet]:
    """Return the lines of every sheet, in the order of the workbook.

    Raises
    ------
    FormatError
        If the archive is damaged or unpacks to more than a workbook of spectra would.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(raw.data)) as archive:
            parts = Parts(archive)
            return _xlsx(parts) if "xl/workbook.xml" in parts.names else _ods(parts)
    except TooMuch as error:
        raise FormatError(f"{raw.name}: {error}; keep the impedance in a smaller workbook") from None
    except _DAMAGE as error:
        reason = str(error)[:200]
        raise FormatError(f"{raw.name}: the spreadsheet is damaged ({reason}); save it again") from None


class _Sheets:
    """Lines of sheets, counted as they come."""

    def __init__(self) -> None:
        self.found: list[Sheet] = []
        self.cells = self.characters = 0

    def begin(self) -> None:
        if len(self.found) >= MOST_SHEETS:
            raise TooMuch(f"it has more than {MOST_SHEETS} sheets")
        self.found.append([])

    def add(self, cells: list[str]) -> None:
        lines = self.found[-1]
        self.cells += len(cells)
        self.characters += sum(map(len, cells))
        if len(lines) >= MOST_ROWS:
            raise TooMuch(f"a sheet has more than {MOST_ROWS:,} rows")
        if self.cells > MOST_CELLS or self.characters > MOST_CHARACTERS:
            raise TooMuch(f"its sheets hold more than {MOST_CELLS:,} cells or {MOST_CHARACTERS:,} characters")
        lines.append("\t".join(re.sub(r"[\t\r\n]+", " ", cell) for cell in cells))


# xlsx


def _xlsx(parts: Parts) -> list[Sheet]:
    strings = _SharedStrings()
    if "xl/sharedStrings.xml" in parts.names:
        parts.parse("xl/sharedStrings.xml", strings.start, strings.end, strings.text)
    sheets = _Sheets()
    for name in _sheet_parts(parts):
        sheets.begin()
        rows = _XlsxRows(strings.found, sheets)
        parts.parse(name, rows.start, rows.end, rows.text)
    return sheets.found


class _SharedStrings:
    """Listener that collects the texts of the items."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self.pieces: list[str] = []
        self.in_text = False

    def start(self, tag: str, _: Mapping[str, str]) -> None:
        self.in_text = tag == "t"

    def end(self, tag: str) -> None:
        self.in_text = False
        if tag == "si":
            self.found.append("".join(self.pieces))
            self.pieces = []

    def text(self, piece: str) -> None:
        if self.in_text:
            self.pieces.append(piece)


def _sheet_parts(parts: Parts) -> list[str]:
    """Return the parts of the sheets in the order of the workbook, each once."""
    target: dict[str, str] = {}
    ids: list[str] = []

    def relation(tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "Relationship":
            target[attributes.get("Id", "")] = attributes.get("Target", "")

    def sheet(tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "sheet":
            ids.append(next((v for k, v in attributes.items() if k.endswith(":id")), ""))

    parts.parse("xl/_rels/workbook.xml.rels", relation, _nothing, _nothing)
    parts.parse("xl/workbook.xml", sheet, _nothing, _nothing)
    named = [target.get(i, "") for i in ids]
    found = [p.lstrip("/") if p.startswith("/") else f"xl/{p}" for p in named if "worksheet" in p]
    if len(set(found)) < len(found):
        raise ValueError("two sheets are one part")
    return found


def _nothing(_: str) -> None:
    return


class _XlsxRows:
    """Listener that adds the rows of one sheet."""

    def __init__(self, strings: list[str], sheets: _Sheets) -> None:
        self.strings, self.sheets = strings, sheets
        self.cells: list[str] = []
        self.kind, self.place, self.collects = "", 0, False
        self.pieces: list[str] = []

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "row":
            self.cells = []
        elif tag == "c":
            reference = attributes.get("r", "")
            self.kind, self.pieces = attributes.get("t", ""), []
            self.place = _column(reference) if reference else len(self.cells)
        self.collects = tag == ("t" if self.kind == "inlineStr" else "v")

    def end(self, tag: str) -> None:
        self.collects = False
        if tag == "c" and self.place < MOST_COLUMNS:
            self.cells += [""] * (self.place - len(self.cells))
            self.cells.append(self._value("".join(self.pieces)))
        elif tag == "row":
            self.sheets.add(self.cells)

    def text(self, piece: str) -> None:
        if self.collects:
            self.pieces.append(piece)

    def _value(self, text: str) -> str:
        if self.kind != "s":
            return text
        place = int(text)
        return self.strings[place] if 0 <= place < len(self.strings) else ""


def _column(reference: str) -> int:
    """Return the index of the column of a reference such as ``AK101``."""
    place = 0
    for letter in reference[:4]:
        if not "A" <= letter <= "Z":
            break
        place = 26 * place + ord(letter) - ord("A") + 1
    return place - 1 if place else 0


# ods


def _ods(parts: Parts) -> list[Sheet]:
    rows = _OdsRows()
    parts.parse("content.xml", rows.start, rows.end, rows.text)
    return rows.sheets.found


class _OdsRows:
    """Listener that adds the rows of all sheets."""

    def __init__(self) -> None:
        self.sheets = _Sheets()
        self.cells: list[str] = []
        self.value: str | None = None
        self.repeat, self.depth = 1, 0
        self.pieces: list[str] = []

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "table":
            self.sheets.begin()
        elif tag == "table-row":
            self.cells = []
        elif tag in ("table-cell", "covered-table-cell"):
            given = {name.rpartition(":")[2]: value for name, value in attributes.items()}
            self.repeat, self.pieces = int(given.get("number-columns-repeated", "1")), []
            number = given.get("value-type") in ("float", "percentage", "currency")
            self.value = given.get("value", "") if number else None
        self.depth += tag == "p"

    def end(self, tag: str) -> None:
        self.depth -= tag == "p"
        if tag in ("table-cell", "covered-table-cell"):
            text = "".join(self.pieces) if self.value is None else self.value
            self.cells += [text] * max(min(self.repeat, MOST_COLUMNS - len(self.cells)), 0)
        elif tag == "table-row":
            while self.cells and not self.cells[-1]:
                self.cells.pop()
            self.sheets.add(self.cells)

    def text(self, piece: str) -> None:
        if self.depth:
            self.pieces.append(piece)

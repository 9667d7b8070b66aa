"""The sheets of a workbook, `.xlsx` or `.ods`, as lines of cells with tabs between."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from xml.etree import ElementTree as xml

from eisfit.errors import FormatError
from eisfit.formats.raw_file import RawFile

MOST_COLUMNS = 500
MOST_ROWS = 100_000
MOST_BYTES = 40_000_000  # limit of all unpacked parts of a workbook
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_DAMAGE = (
    zipfile.BadZipFile, xml.ParseError, KeyError, ValueError, EOFError, OSError, RuntimeError, zlib.error,
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
            _require_reasonable(raw, archive)
            return list(
                _xlsx(raw, archive) if "xl/workbook.xml" in archive.namelist() else _ods(raw, archive)
            )
    except FormatError:
        raise
    except _DAMAGE as error:
        raise FormatError(f"{raw.name}: the spreadsheet is damaged ({error}); save it again") from None


def _require_reasonable(raw: RawFile, archive: zipfile.ZipFile) -> None:
    size = sum(part.file_size for part in archive.infolist() if part.filename.endswith((".xml", ".rels")))
    if size > MOST_BYTES:
        raise FormatError(f"{raw.name}: it unpacks to {size} bytes; keep the impedance in a smaller workbook")


def _line(cells: list[str]) -> str:
    return "\t".join(re.sub(r"[\t\r\n]+", " ", cell) for cell in cells)


def _xlsx(raw: RawFile, archive: zipfile.ZipFile) -> Iterator[Sheet]:
    strings = _shared_strings(archive)
    for name in _sheet_parts(archive):
        lines: Sheet = []
        for _, element in xml.iterparse(archive.open(name)):
            if _local(element) == "row":
                lines.append(_line(_xlsx_row(element, strings)))
                element.clear()
            if len(lines) > MOST_ROWS:
                raise FormatError(f"{raw.name}: a sheet has more than {MOST_ROWS} rows; split it")
        yield lines


def _local(element: xml.Element) -> str:
    return element.tag.rpartition("}")[2]


def _shared_strings(archive: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in archive.namelist():
        return []
    root = xml.fromstring(archive.read("xl/sharedStrings.xml"))
    return ["".join(t.text or "" for t in item.iter() if _local(t) == "t") for item in root]


def _sheet_parts(archive: zipfile.ZipFile) -> list[str]:
    """Return the parts of the sheets in the order of the workbook."""
    relations = xml.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    target = {r.get("Id", ""): r.get("Target", "") for r in relations}
    book = xml.fromstring(archive.read("xl/workbook.xml"))
    ids = [
        next((v for k, v in sheet.attrib.items() if k.endswith("}id")), "")
        for sheet in book.iter()
        if _local(sheet) == "sheet"
    ]
    parts = [target.get(i, "") for i in ids]
    return [p.lstrip("/") if p.startswith("/") else f"xl/{p}" for p in parts if "worksheet" in p]


def _xlsx_row(row: xml.Element, strings: list[str]) -> list[str]:
    cells: list[str] = []
    for cell in row:
        place = _column(cell.get("r", "")) if cell.get("r") else len(cells)
        if place >= MOST_COLUMNS:
            break
        cells += [""] * (place - len(cells))
        cells.append(_xlsx_value(cell, strings))
    return cells


def _column(reference: str) -> int:
    """Return the index of the column of a reference such as ``AK101``."""
    place = 0
    for letter in reference[:4]:
        if not "A" <= letter <= "Z":
            break
        place = 26 * place + ord(letter) - ord("A") + 1
    return place - 1 if place else 0


def _xlsx_value(cell: xml.Element, strings: list[str]) -> str:
    text = next((e.text or "" for e in cell if _local(e) == "v"), "")
    if cell.get("t") == "s":
        place = int(text)
        return strings[place] if 0 <= place < len(strings) else ""
    if cell.get("t") == "inlineStr":
        return "".join(e.text or "" for e in cell.iter() if _local(e) == "t")
    return text


def _ods(raw: RawFile, archive: zipfile.ZipFile) -> Iterator[Sheet]:
    lines: Sheet = []
    for event, element in xml.iterparse(archive.open("content.xml"), events=("start", "end")):
        if event == "start":
            if element.tag == f"{_TABLE}table":
                lines = []
        elif element.tag == f"{_TABLE}table-row":
            lines.append(_line(_ods_row(element)))
            element.clear()
            if len(lines) > MOST_ROWS:
                raise FormatError(f"{raw.name}: a sheet has more than {MOST_ROWS} rows; split it")
        elif element.tag == f"{_TABLE}table":
            yield lines


def _ods_row(row: xml.Element) -> list[str]:
    cells: list[str] = []
    for cell in row:
        repeat = min(int(cell.get(f"{_TABLE}number-columns-repeated", "1")), MOST_COLUMNS - len(cells))
        if cell.get(f"{_OFFICE}value-type") in ("float", "percentage", "currency"):
            text = cell.get(f"{_OFFICE}value", "")
        else:
            text = "".join(t for p in cell.iter(f"{_TEXT}p") for t in p.itertext())
        cells += [text] * max(repeat, 0)
    while cells and not cells[-1]:
        cells.pop()
    return cells

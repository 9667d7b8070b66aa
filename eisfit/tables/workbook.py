"""Tables as the sheets of one workbook, `.xlsx`, equal byte by byte at every run."""

from __future__ import annotations

import io
import math
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from eisfit.errors import InputError
from eisfit.tables.columns import Row
from eisfit.tools.plain_text import one_line, safe_cell

Cell: TypeAlias = str | float | int | bool | None
MOST_ROWS, MOST_COLUMNS, MOST_LETTERS = 1_048_576, 16_384, 32_767  # of a sheet of Excel, and of a cell
_HEADING, _QUOTED = 1, 2  # places among the formats of cells
_WIDTHS = (8, 40)  # of columns, in letters
_LOOKED_AT = 200  # cells of a column that set its width
_NO_XML = re.compile("[\ufffe\uffff]")
_DATE = (1980, 1, 1, 0, 0, 0)
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_STYLES = (  # plain, bold headings, texts that would be taken for formulas when they are edited
    f'{_HEAD}<styleSheet xmlns="{_MAIN}"><fonts count="2"><font><sz val="10"/><name val="Arial"/></font>'
    '<font><b/><sz val="10"/><name val="Arial"/></font></fonts><fills count="2"><fill><patternFill '
    'patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1">'
    "<border><left/><right/><top/><bottom/><diagonal/></border></borders>"
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1"/></cellXfs></styleSheet>'
)


def sheet_of(rows: Sequence[Row], columns: Sequence[str]) -> list[list[Cell]]:
    """Return rows of a table as the rows of a sheet, under one row of headings."""
    return [list(columns), *([row.get(name) for name in columns] for row in rows)]


def workbook(sheets: Mapping[str, Sequence[Sequence[Cell]]], heads: Mapping[str, int] | None = None) -> bytes:
    """Return the content of an ``.xlsx`` file.

    Parameters
    ----------
    sheets : mapping of str to sequence of rows
        By the name of the sheet. Texts are texts, also those that begin with ``=``: no cell is a formula. Unknown
        values and nan are empty cells.
    heads : mapping of str to int, optional
        How many rows at the top of a sheet are headings, which stay in sight; one if not given.

    Raises
    ------
    InputError
        If there is no sheet, or one has more rows or columns than Excel opens.
    """
    if not sheets:
        raise InputError("there is no table to write into the workbook")
    for name, rows in sheets.items():
        if len(rows) > MOST_ROWS or max(map(len, rows), default=0) > MOST_COLUMNS:
            raise InputError(
                f"sheet {name!r} has {len(rows):,} rows and {max(map(len, rows)):,} columns, and Excel opens "
                f"{MOST_ROWS:,} and {MOST_COLUMNS:,}: convert fewer files at once, or write .csv or .h5"
            )
    parts = {
        "[Content_Types].xml": _content_types(len(sheets)),
        "_rels/.rels": _relations([("officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": _workbook(list(sheets)),
        "xl/_rels/workbook.xml.rels": _relations(
            [("worksheet", f"worksheets/sheet{n + 1}.xml") for n in range(len(sheets))]
            + [("styles", "styles.xml")]
        ),
        "xl/styles.xml": _STYLES,
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(_entry(name), text.encode())
        for n, (name, rows) in enumerate(sheets.items()):
            text = "".join(_sheet(rows, (heads or {}).get(name, 1)))
            archive.writestr(_entry(f"xl/worksheets/sheet{n + 1}.xml"), text.encode())
    return out.getvalue()


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _DATE)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _content_types(sheets: int) -> str:
    parts = [f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEET}.sheet.main+xml"/>']
    parts += [
        f'<Override PartName="/xl/worksheets/sheet{n + 1}.xml" ContentType="{_SHEET}.worksheet+xml"/>'
        for n in range(sheets)
    ]
    parts.append(f'<Override PartName="/xl/styles.xml" ContentType="{_SHEET}.styles+xml"/>')
    return (
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
        f'ContentType="application/xml"/>{"".join(parts)}</Types>'
    )


def _relations(targets: Sequence[tuple[str, str]]) -> str:
    entries = "".join(
        f'<Relationship Id="rId{n + 1}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets)
    )
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{entries}</Relationships>'


def _workbook(names: Sequence[str]) -> str:
    sheets = "".join(
        f'<sheet name="{_escaped(name)}" sheetId="{n + 1}" r:id="rId{n + 1}"/>'
        for n, name in enumerate(names)
    )
    return f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{sheets}</sheets></workbook>'


def _sheet(rows: Sequence[Sequence[Cell]], heads: int) -> Iterable[str]:
    yield f'{_HEAD}<worksheet xmlns="{_MAIN}">'
    if heads:
        yield (
            f'<sheetViews><sheetView workbookViewId="0"><pane ySplit="{heads}" topLeftCell="A{heads + 1}" '
            'activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        )
    if columns := max(map(len, rows), default=0):
        yield f"<cols>{''.join(_width(k, rows) for k in range(columns))}</cols>"
    yield "<sheetData>"
    for n, row in enumerate(rows):
        cells = "".join(_cell(f"{column_name(k)}{n + 1}", cell, n < heads) for k, cell in enumerate(row))
        yield f'<row r="{n + 1}">{cells}</row>'
    yield "</sheetData></worksheet>"


def _width(column: int, rows: Sequence[Sequence[Cell]]) -> str:
    """Return the width of a column from its first cells."""
    cells = (row[column] for row in rows[:_LOOKED_AT] if column < len(row))
    letters = max((len(str(cell)) for cell in cells if cell is not None), default=0) + 2
    width = min(max(letters, _WIDTHS[0]), _WIDTHS[1])
    return f'<col min="{column + 1}" max="{column + 1}" width="{width}" customWidth="1"/>'


def _cell(place: str, value: Cell, heading: bool) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)) or value == "":
        return ""
    if isinstance(value, bool):
        return f'<c r="{place}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, int | float) and math.isfinite(value):
        number = repr(float(value)) if isinstance(value, float) else str(value)
        return f'<c r="{place}"><v>{number}</v></c>'
    text = one_line(str(value))
    text = text if len(text) <= MOST_LETTERS else f"{text[: MOST_LETTERS - 1]}…"
    style = _HEADING if heading else _QUOTED if safe_cell(text) != text else 0
    return (
        f'<c r="{place}" t="inlineStr"{f" s={chr(34)}{style}{chr(34)}" if style else ""}>'
        f'<is><t xml:space="preserve">{_escaped(text)}</t></is></c>'
    )


def column_name(index: int) -> str:
    """Return the letters of a column, counted from 0.

    Examples
    --------
    >>> column_name(0), column_name(26), column_name(702)
    ('A', 'AA', 'AAA')
    """
    name, left = "", index + 1
    while left:
        left, letter = divmod(left - 1, 26)
        name = chr(ord("A") + letter) + name
    return name


def _escaped(text: str) -> str:
    from xml.sax.saxutils import escape

    return escape(_NO_XML.sub("\ufffd", text), {'"': "&quot;"})

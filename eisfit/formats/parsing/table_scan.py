"""The tables in the lines of a text: headings, units, labels and rows, and whether they fit together."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from eisfit.errors import FormatError
from eisfit.formats.parsing.dialect import Dialect, Splitter, require_clear_commas, trimmed
from eisfit.formats.parsing.groups import EXCEL_ERROR, OPTIONAL, Columns, Table, groups_of
from eisfit.formats.parsing.headings import parse
from eisfit.formats.parsing.labels import parts_of
from eisfit.formats.parsing.named_columns import cells_to_numbers
from eisfit.formats.parsing.numbers import number
from eisfit.formats.parsing.units import unit_of
from eisfit.formats.raw_file import RawFile
from eisfit.spectrum.findings import Finding

MOST_COLUMNS = 2000
LONGEST_HEADING = 20_000
MOST_SECOND_LINES = 20  # lines under the headings that may belong to them
MOST_IN_VAIN = 2000  # lines of text in a row that may be looked at for headings
_COMMENT = re.compile(r"^\s*[#%!;]+\s?|^\s*//\s?")
_CURE = "write one heading for every column, such as 'freq/Hz,Re(Z)/Ohm,-Im(Z)/Ohm'"


@dataclass
class _Open:
    """A table whose rows are still being collected."""

    headings: list[str]
    groups: list[Columns]
    line: int
    same_split: bool
    below: bool = False  # of another table with the same headings
    rows: list[tuple[int, list[str]]] = field(default_factory=list)


def without_comment(line: str) -> str:
    """Return a line without the mark of a comment at its start."""
    return _COMMENT.sub("", line) if EXCEL_ERROR not in line else line


def heading_cells(line: str, dialect: Dialect) -> list[str] | None:
    """Split a line into headings in the way that finds most of a spectrum; None where nothing is found.

    Split at other places than the rows are, the headings must be as many as the numbers of a row, or one less: R and
    others leave out the heading of the row numbers.
    """
    text = without_comment(line)
    others: list[Splitter] = [
        Dialect("\t").split, Dialect(";").split, Dialect(",").split,
        lambda t: re.split(r"\s{2,}", t.strip()), str.split,
        lambda t: re.split(r"\s+(?![(\[])", t.strip()),
    ]  # fmt: skip
    best: tuple[tuple[bool, bool, bool], list[str]] | None = None
    for k, split in enumerate([dialect.split, *others]):
        cells = trimmed([c.strip() for c in split(text)])
        if len(cells) < 2 or len(cells) > MOST_COLUMNS:
            continue
        if k and dialect.width and len(cells) not in (dialect.width, dialect.width - 1):
            continue
        if any(number(c, dialect.comma) is not None for c in cells if c):
            continue
        columns = groups_of(cells)[0]
        merit = (columns.complete and not columns.doubt, len(cells) == dialect.width, not k)
        if columns.place.keys() - OPTIONAL and (best is None or merit > best[0]):
            best = (merit, cells)
    return best[1] if best else None


def tables(raw: RawFile, lines: Iterable[str], dialect: Dialect, strict: bool = True) -> Iterator[Table]:
    """Yield the tables in lines, each with the headings above it; none where no line is a heading line.

    Parameters
    ----------
    raw : RawFile
        For the messages.
    lines : iterable of str
        The text.
    dialect : Dialect
        How its rows are split.
    strict : bool
        Whether a row may have no more and no fewer cells than there are headings; False for a sheet, whose cells
        have their places.

    Raises
    ------
    FormatError
        If headings and rows do not fit together, or a needed cell is no number.
    """
    table: _Open | None = None
    before: list[str] = []
    vain = 0  # lines since the last row
    for count, line in enumerate(lines, 1):
        if not line.strip():
            continue
        cells = dialect.split(line)
        if table is not None and _is_row(table, cells, dialect):
            table.rows.append((count, cells))
            vain = 0
            continue
        if (
            table is not None
            and not table.rows
            and count - table.line <= MOST_SECOND_LINES
            and vain < MOST_IN_VAIN
            and (better := _second_line(raw, table, cells, count, line, dialect))
        ):
            table = better
            continue
        if table is not None and table.rows:
            yield _closed(raw, table, dialect, strict)
            table = _Open(table.headings, table.groups, count, table.same_split, below=True)
        headings = (
            heading_cells(line, dialect) if len(line) < LONGEST_HEADING and vain < MOST_IN_VAIN else None
        )
        vain += 1
        if headings and (table is None or groups_of(headings)[0].complete or not table.groups[0].complete):
            table = _opened(headings, before, count, dialect, line)
        before = cells
    if table is not None:
        yield _closed(raw, table, dialect, strict)


def _opened(headings: list[str], above: Sequence[str], line: int, dialect: Dialect, text: str) -> _Open:
    same = trimmed([c.strip() for c in dialect.split(without_comment(text))]) == headings
    return _Open(headings, _with_labels(groups_of(headings), headings, above if same else ()), line, same)


def _with_labels(groups: list[Columns], headings: Sequence[str], labels: Sequence[str]) -> list[Columns]:
    """Take the labels of several spectra from the line above or below the headings, where each has one."""
    if len(groups) < 2 or any(g.label for g in groups):
        return groups
    where = [
        min((i for q, i in g.place.items() if q not in OPTIONAL and q != "frequency"), default=0)
        for g in groups
    ]
    frequency = [g.place.get("frequency", -1) for g in groups]
    found = []
    for at, f in zip(where, frequency, strict=True):
        text = next((labels[k].strip() for k in (at, f) if 0 <= k < len(labels) and labels[k].strip()), "")
        found.append(text + _unit_before(labels, text))
    if len(set(found)) != len(groups) or not all(found) or any(unit_of(t) or parse(t) for t in found):
        return groups
    return _measured([replace(g, label=text) for g, text in zip(groups, found, strict=True)])


def _measured(groups: list[Columns]) -> list[Columns]:
    """Leave out the spectra that a line of labels names a fit or an error, where others are measured."""
    parts = parts_of([g.label for g in groups])
    kept = [g for g, part in zip(groups, parts, strict=True) if not part]
    left = [g.label for g, part in zip(groups, parts, strict=True) if part]
    if not kept or not left:
        return groups
    names = ", ".join(map(repr, left))
    note = Finding("columns", f"the columns labelled {names} were left out: a fit, or no impedance")
    return [replace(g, findings=(*g.findings, note)) for g in kept]


def _unit_before(labels: Sequence[str], text: str) -> str:
    """Return the unit of temperatures whose line begins with ``T/°C`` or the like."""
    first = parse(labels[0]) if labels and number(text, True) is not None else None
    if first is None or first.quantity not in ("temperature", "set_temperature") or first.unit is None:
        return ""
    return f" {first.unit.kind}"


def _is_row(table: _Open, cells: list[str], dialect: Dialect) -> bool:
    """Tell whether the cells are a row under these headings: its frequency, or two others, are numbers."""
    for columns in table.groups:
        if "frequency" in columns.place:
            needed = {q: i for q, i in columns.place.items() if q not in OPTIONAL}
            there = {q for q, i in needed.items() if i < len(cells) and dialect.number(cells[i]) is not None}
            if "frequency" in there or len(there) >= 2:
                return _no_label_line(table, cells, there)
    return False


def _no_label_line(table: _Open, cells: Sequence[str], there: set[str]) -> bool:
    """Tell whether numbers without a frequency are a row: the first ones may label the columns (``,25,25,50,50``)."""
    return bool(table.rows) or "frequency" in there or bool(cells[0].strip())


def _second_line(
    raw: RawFile, table: _Open, cells: list[str], count: int, line: str, dialect: Dialect
) -> _Open | None:
    """Return the table with what a second heading line adds: units, labels, or the other half of the headings.

    Raises
    ------
    FormatError
        If the line has the shape of a row and is nothing of that.
    """
    if units := _with_units(table, cells):
        return _Open(units, _labels_kept(table, groups_of(units)), table.line, table.same_split)
    if line.lstrip()[:1] in "#%!":
        return None
    if not table.groups[0].complete and (joined := _joined(table.headings, cells)):
        return _Open(joined, groups_of(joined), count, table.same_split)
    if len(trimmed(cells)) < 2 or len(cells) > len(table.headings) + 1:
        return None
    own = heading_cells(line, dialect)
    if own and groups_of(own)[0].complete:
        return None
    if (labelled := _with_labels(table.groups, table.headings, cells)) and labelled is not table.groups:
        return _Open(table.headings, labelled, table.line, table.same_split)
    numbers = sum(dialect.number(c) is not None for c in cells)
    few = table.below and numbers < 2  # `R1, 140` below a table is a note
    if numbers and not few and table.groups[0].complete and len(cells) >= len(table.headings) - 1:
        raise FormatError(
            f"{raw.name}: line {count}: {line.strip()[:60]!r} stands between the headings and the numbers and is "
            "neither units nor a row; write one heading line"
        )
    return None


def _joined(above: Sequence[str], below: Sequence[str]) -> list[str]:
    """Join two heading lines, the cells of the upper one reaching over empty ones at their right; empty if in vain."""
    reaching: list[str] = []
    for k in range(len(below)):
        text = above[k].strip() if k < len(above) else ""
        reaching.append(text or (reaching[-1] if reaching and below[k].strip() else ""))
    for upper in (reaching, [*above, *[""] * len(below)]):
        joined = [f"{a} {b}".strip() for a, b in zip(upper, below, strict=False)]
        whole = groups_of(joined)
        if whole[0].complete and not whole[0].doubt:
            return joined
    return []


def _labels_kept(table: _Open, groups: list[Columns]) -> list[Columns]:
    if len(groups) != len(table.groups):
        return groups
    return [replace(new, label=new.label or old.label) for new, old in zip(groups, table.groups, strict=True)]


def _with_units(table: _Open, cells: list[str]) -> list[str]:
    """Join a line of units to the headings above it; empty where the line is none."""
    units = [unit_of(c.strip("[]() ")) for c in cells]
    if len([u for u in units if u and u.kind != "1"]) < 2 or len(cells) > len(table.headings) + 1:
        return []
    padded = [c.strip("[]() ") for c in cells] + [""] * (len(table.headings) - len(cells))
    return [f"{h} [{u}]" if u else h for h, u in zip(table.headings, padded, strict=False)]


def _closed(raw: RawFile, table: _Open, dialect: Dialect, strict: bool) -> Table:
    """Return a table with its rows as numbers, after its headings and rows were found to fit together."""
    headings, groups = table.headings, table.groups
    offset = _offset(raw, table) if strict and table.rows and groups[0].complete else 0
    if offset:
        headings = ["", *headings]
        groups = [_moved(g) for g in groups]
    done = Table(headings, groups, line=table.line)
    if groups[0].complete and "frequency" in groups[0].place:
        at = groups[0].place["frequency"]
        require_clear_commas(raw, dialect, [cells[at] for _, cells in table.rows if at < len(cells)])
    for count, cells in table.rows:
        done.values.append(cells_to_numbers(raw, groups, headings, cells, count, dialect.number))
    return done


def _offset(raw: RawFile, table: _Open) -> int:
    """Return 1 where the rows have one cell more than headings and begin with a row number, else 0.

    Raises
    ------
    FormatError
        If the headings are fewer or more than the cells of the rows, so that a column may have another's heading.
    """
    head = len(table.headings)
    fits = [
        len(cells) == head or (table.same_split and len(trimmed(cells)) <= head <= len(cells))
        for _, cells in table.rows
    ]
    if sum(fits) >= len(fits) - 1:  # the last row may be cut off
        return 0
    widths = Counter(len(trimmed(cells)) for _, cells in table.rows)
    width = widths.most_common(1)[0][0]
    if width == head + 1 and _counts([cells[0] for _, cells in table.rows if cells]):
        return 1
    if table.same_split and width <= head and _ends_open(table):
        return 0
    if (
        table.same_split
        and width > head
        and all(number(c, True) is None for _, cells in table.rows for c in cells[head:])
    ):
        return 0  # notes behind the numbers
    count, cells = next(row for row, fit in zip(table.rows, fits, strict=True) if not fit)
    raise FormatError(
        f"{raw.name}: line {count}: the row has {len(trimmed(cells))} cells and the heading line {head} "
        f"({', '.join(repr(h) for h in table.headings[:8])}): {_CURE}"
    )


def _ends_open(table: _Open) -> bool:
    """Tell whether short rows lack only columns at the end that no spectrum needs and no unit stands for."""
    last = max((i for g in table.groups for i in g.place.values()), default=0)
    extra = [h for h in table.headings[last + 1 :] if h]
    units = [h for h in table.headings if unit_of(h.strip("[]() ")) is not None and parse(h) is None]
    return bool(extra) and not units and all(len(trimmed(cells)) > last for _, cells in table.rows[:-1])


def _counts(cells: Sequence[str]) -> bool:
    """Tell whether cells number or name the rows: whole numbers in steps of one, or no numbers."""
    values = [number(c) for c in cells]
    if all(v is None for v in values):
        return len(set(cells)) == len(cells)
    numbers = [v for v in values if v is not None]
    return (
        len(numbers) == len(values)
        and all(b - a == 1 for a, b in itertools.pairwise(numbers))
        and numbers[0].is_integer()
    )


def _moved(columns: Columns) -> Columns:
    note = Finding("columns", "the rows have one cell more than headings: the first numbers the rows")
    return replace(
        columns, place={q: i + 1 for q, i in columns.place.items()}, findings=(*columns.findings, note)
    )

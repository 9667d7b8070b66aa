"""A table whose headings stand in the first column, turned so that they stand above their numbers."""

from __future__ import annotations

from collections.abc import Sequence

from eisfit.formats.parsing.dialect import Dialect, trimmed
from eisfit.formats.parsing.groups import groups_of

FEWEST_NUMBERS = 4
MOST_QUANTITIES = 400
_MOST_TEXT = 200  # lines above


def turned(lines: Sequence[str], dialect: Dialect) -> list[str]:
    """Return the lines of a table whose rows are quantities, as one with columns between tabs; empty where it is none.

    Parameters
    ----------
    lines : sequence of str
        The text.
    dialect : Dialect
        How its cells are separated and its numbers written.
    """
    rows: list[list[str]] = []
    for line in lines[: MOST_QUANTITIES + _MOST_TEXT]:
        cells = trimmed(dialect.split(line))
        numbers = [dialect.number(cell) is not None for cell in cells]
        if len(cells) > FEWEST_NUMBERS and not numbers[0] and cells[0] and all(numbers[1:]):
            rows.append(cells)
    rows = [row for row in rows if len(row) == max(map(len, rows))]
    if not 3 <= len(rows) <= MOST_QUANTITIES or not groups_of([row[0] for row in rows])[0].complete:
        return []
    return ["\t".join(column) for column in zip(*rows, strict=True)]

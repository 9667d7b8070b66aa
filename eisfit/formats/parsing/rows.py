"""Rows of plain numbers, for formats whose columns stand in a fixed order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import numpy as np

from eisfit.errors import FormatError
from eisfit.formats.parsing.numbers import number
from eisfit.formats.raw_file import RawFile
from eisfit.tools.frozen import Floats


def row_of(
    raw: RawFile,
    line: int,
    cells: Sequence[str],
    places: Sequence[int],
    comma: bool = False,
    needed: int | None = None,
) -> list[float]:
    """Return the numbers of one row at the given places; behind the first `needed`, nan for what is none.

    Raises
    ------
    FormatError
        If a cell is missing or no number, naming the line (counted from 1) and the cell.
    """
    values = []
    for k, place in enumerate(places):
        text = cells[place] if place < len(cells) else ""
        value = number(text, comma)
        if value is None and needed is not None and k >= needed:
            value = float("nan")
        if value is None:
            raise FormatError(
                f"{raw.name}: line {line}: {text.strip()[:40]!r} in column {place + 1} is not a number; "
                "correct or remove that line"
            )
        values.append(value)
    return values


def matrix(rows: Iterable[Sequence[float]], width: int) -> Floats:
    """Return rows as an array of shape (n, width), n possibly 0."""
    return np.asarray(list(rows), float).reshape(-1, width)


def value_after(lines: Iterable[str], key: str) -> str:
    """Return the text behind ``key`` and ``:`` or ``=`` in the first line that begins with it, else ''."""
    pattern = re.compile(rf"\s*{re.escape(key)}\s*[:=](.*)")
    return next((found.group(1).strip() for line in lines if (found := pattern.match(line))), "")

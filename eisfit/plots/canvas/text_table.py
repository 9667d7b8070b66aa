"""A table on paper: aligned columns between three rules, broken over pages where it must be."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from eisfit.plots.canvas.paper import SMALL, Paper, broken, line_cm, text_width_cm
from eisfit.tools.plain_text import one_line

_GAP_CM = 0.28
_WIDEST_CM = 0.9  # of what a gap grows where there is room
_PAD_CM = 0.05  # above and below the lines of a row
_WIDEST_WORD_CM = 4.0  # a longer word is broken within
_SIZES = (SMALL, 6.5, 6.0, 5.5)  # a table that is too wide is set smaller before its numbers are broken
_ERROR = re.compile("[ \u00a0]±[ \u00a0]")
_SUPERSCRIPT = str.maketrans("+-0123456789", "⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_NUMBER = re.compile(r"^\(?[−<>]?\s?\d")


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Parameters
    ----------
    heading : str
        With the unit behind a slash.
    words : bool
        Whether it holds sentences, which are broken where there is no room.
    """

    heading: str
    words: bool = False


@dataclass(frozen=True)
class _Plan:
    """How a table is set: the size of its text, and the width of each column."""

    size: float
    widths: tuple[float, ...]


def table(paper: Paper, columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> int:
    """Write a table as far as there is room on the page; return how many rows have been written.

    Parameters
    ----------
    paper : Paper
        The page.
    columns : sequence of Column
        All that have a cell that is not empty are shown.
    rows : sequence of sequence of str
        The cells, as long as the columns. Values with an error are aligned at its sign.

    Returns
    -------
    int
        0 where there is no room for the head and one row; the caller goes on, on a new page, with the others.
    """
    kept = [k for k in range(len(columns)) if any(row[k] for row in rows)]
    heads = [columns[k] for k in kept]
    cells = [[one_line(row[k]) for k in kept] for row in rows]
    plan = _planned(heads, cells, paper.width_cm)
    head = [broken(c.heading, w, plan.size, True) for c, w in zip(heads, plan.widths, strict=True)]
    laid = [[broken(t, w, plan.size) for t, w in zip(row, plan.widths, strict=True)] for row in cells]
    fitting = _rows_that_fit(paper.room_cm, head, laid, plan.size)
    if not fitting:
        return 0
    spare = paper.width_cm - sum(plan.widths) - _GAP_CM * (len(heads) - 1)
    gap = _GAP_CM + min(max(spare, 0.0) / max(len(heads) - 1, 1), _WIDEST_CM)
    starts = [sum(plan.widths[:k]) + k * gap for k in range(len(heads))]
    paper.rule(points=0.8)
    _row(paper, head, starts, plan.size, bold=True)
    paper.rule(points=0.4)
    offsets = [_left_of_error([row[k] for row in cells], plan.size) for k in range(len(heads))]
    for row, lines in zip(cells[:fitting], laid[:fitting], strict=True):
        shifts = [
            max(0.0, offset - _before_error(cell, plan.size)) if _NUMBER.match(cell) else 0.0
            for cell, offset in zip(row, offsets, strict=True)
        ]
        _row(paper, lines, [x + shift for x, shift in zip(starts, shifts, strict=True)], plan.size)
    paper.rule(points=0.8)
    return fitting


def _planned(heads: Sequence[Column], cells: Sequence[Sequence[str]], room_cm: float) -> _Plan:
    """Return the largest text at which all numbers stand in one line; else that in which all is broken."""
    gaps = _GAP_CM * (len(heads) - 1)
    for size in _SIZES:
        natural = [_natural(head, [row[k] for row in cells], size) for k, head in enumerate(heads)]
        if sum(natural) + gaps <= room_cm:
            return _Plan(size, tuple(natural))
        least = [
            _longest_word(head, [row[k] for row in cells], size) if head.words else width
            for k, (head, width) in enumerate(zip(heads, natural, strict=True))
        ]
        if sum(least) + gaps <= room_cm:
            return _Plan(size, tuple(_shares(natural, room_cm - gaps, least)))
    return _Plan(_SIZES[-1], tuple(_shares(natural, room_cm - gaps)))


def _natural(head: Column, cells: Sequence[str], size: float) -> float:
    """Return the width of a column in which nothing is broken but its heading, between words."""
    words = head.heading.split(" ") if head.words or " / " not in head.heading else [head.heading]
    heading = max(text_width_cm(word, size, True) for word in words)
    offset = _left_of_error(cells, size)
    widths = [
        text_width_cm(cell, size)
        + (max(0.0, offset - _before_error(cell, size)) if _NUMBER.match(cell) else 0.0)
        for cell in cells
    ]
    return max([heading, *widths]) + 0.02


def _longest_word(head: Column, cells: Sequence[str], size: float) -> float:
    """Return the width below which a word of a column would be broken within; long names may be."""
    words = [word for cell in cells for word in cell.split(" ")]
    widths = [text_width_cm(word, size, True) for word in head.heading.split(" ")]
    widths += [min(text_width_cm(word, size), _WIDEST_WORD_CM) for word in words]
    return max(widths) + 0.02


def _shares(widths: Sequence[float], room_cm: float, least: Sequence[float] | None = None) -> list[float]:
    """Return widths that fit into the room: small ones stay, the others get equal shares of what is left.

    Parameters
    ----------
    widths : sequence of float
        What each would like to have.
    room_cm : float
        For all together.
    least : sequence of float, optional
        What each must have.
    """
    shares = list(least or [0.0] * len(widths))
    left = room_cm - sum(shares)
    missing = [width - share for width, share in zip(widths, shares, strict=True)]
    open_ = len(widths)
    for k in sorted(range(len(widths)), key=lambda k: missing[k]):
        more = max(min(missing[k], left / open_), 0.0)
        shares[k], left, open_ = shares[k] + more, left - more, open_ - 1
    return shares


def _left_of_error(cells: Sequence[str], size: float) -> float:
    """Return how much room the longest value needs before its error; 0 where no cell has an error."""
    numbers = [cell for cell in cells if _NUMBER.match(cell)]
    if not any(_ERROR.search(cell) for cell in numbers):
        return 0.0
    return max(_before_error(cell, size) for cell in numbers)


def _before_error(cell: str, size: float) -> float:
    return text_width_cm(_ERROR.split(cell)[0], size)


def _rows_that_fit(
    room_cm: float, head: Sequence[list[str]], laid: Sequence[Sequence[list[str]]], size: float
) -> int:
    room_cm -= _height(head, size)
    for k, row in enumerate(laid):
        room_cm -= _height(row, size)
        if room_cm < 0:
            return k
    return len(laid)


def _height(lines: Sequence[list[str]], size: float) -> float:
    return max(map(len, lines)) * line_cm(size) * 0.92 + 2 * _PAD_CM


def _row(
    paper: Paper, lines: Sequence[list[str]], starts: Sequence[float], size: float, bold: bool = False
) -> None:
    for cell, x in zip(lines, starts, strict=True):
        for n, line in enumerate(cell):
            at = paper.at_cm + _PAD_CM + n * line_cm(size) * 0.92
            paper.write(line, x, at_cm=at, size=size, bold=bold)
    paper.skip(_height(lines, size))


def printed(text: str) -> str:
    """Return numbers and units as they are printed: powers of ten, minus signs, Ω.

    Examples
    --------
    >>> printed("(1.0591 ± 0.0028)e-4 S/cm"), printed("-3.2e-07"), printed("ohm cm2")
    ('(1.0591 ± 0.0028)×10⁻⁴ S/cm', '−3.2×10⁻⁷', 'Ω cm²')
    """
    found = re.sub(r"(?<=[\d)])e([+-]?\d+)", lambda m: "×10" + str(int(m[1])).translate(_SUPERSCRIPT), text)
    found = re.sub(r"(?<![\w.])-(?=\d)", "−", found)
    found = re.sub(r"\bohm\b", "Ω", found)
    return re.sub(r"\bcm2\b", "cm²", found)

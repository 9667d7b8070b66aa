"""Tables for a terminal: cells that stand as they are, in the widest form that fits between its edges."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias

from eisfit.tools.plain_text import encodable, one_line

if TYPE_CHECKING:
    from rich.table import Table

MOST_ROWS = 100  # spectra that a table on a terminal shows; more are a file to read
LONGEST_LABEL = 24
_WORDS_WIDTH = 20  # least width of a column of words, where it has that many letters
_BETWEEN, _EDGES = 3, 2  # signs between two columns, and at both edges

Justify: TypeAlias = Literal["left", "right"]


@dataclass(frozen=True)
class Column:
    """A column: its heading, and whether it holds words, which may stand on several lines.

    Parameters
    ----------
    heading : str
        Name, with the unit behind a slash.
    words : bool
        Whether it may be broken between words; numbers stay in one piece.
    justify : {"left", "right"}
        Numbers stand at the right.
    """

    heading: str
    words: bool = False
    justify: Justify = "left"


@dataclass(frozen=True)
class Form:
    """The content of a table for a terminal.

    Parameters
    ----------
    title : str
        Stands above.
    columns : sequence of Column
        One whose cells are all empty is left out, but for the first.
    rows : sequence of sequence of str
        One cell for each column.
    """

    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]

    @property
    def shown(self) -> list[int]:
        """Indices of the columns that are shown."""
        return [k for k in range(len(self.columns)) if k == 0 or any(row[k] for row in self.rows)]

    @property
    def least_width(self) -> int:
        """Least number of letters of a line in which no number and no word is broken."""
        widths = []
        for k in self.shown:
            cells = [self.columns[k].heading, *(row[k] for row in self.rows)]
            whole = max(map(len, cells))
            word = max((len(word) for cell in cells for word in cell.split()), default=0)
            widths.append(max(word, min(whole, _WORDS_WIDTH)) if self.columns[k].words else whole)
        return sum(widths) + _BETWEEN * (len(widths) - 1) + _EDGES

    def spelled(self, encoding: str | None) -> Form:
        """Return the form as an encoding can hold it: no control characters, and Ohm for Ω if need be."""

        def spelled(text: str) -> str:
            return encodable(one_line(text), encoding)

        columns = [replace(column, heading=spelled(column.heading)) for column in self.columns]
        return Form(spelled(self.title), columns, [[spelled(cell) for cell in row] for row in self.rows])

    def chosen(self, columns: Sequence[int], title: str) -> Form:
        """Return the form with some columns only."""
        rows = [[row[k] for k in columns] for row in self.rows]
        return replace(self, title=title, columns=[self.columns[k] for k in columns], rows=rows)

    def cut(self, width: int, fixed: int) -> Iterator[Form]:
        """Yield the form as several of which each fits into a width and begins with the first `fixed` columns."""
        left, title = [k for k in self.shown if k >= fixed], self.title
        first = [k for k in self.shown if k < fixed]
        while left:
            count = len(left)
            while count > 1 and self.chosen([*first, *left[:count]], title).least_width > width:
                count -= 1
            yield self.chosen([*first, *left[:count]], title)
            left, title = left[count:], ""

    def lines(self) -> list[str]:
        """Return the table as aligned lines of text, without a frame."""
        shown = self.shown
        cells = [[self.columns[k].heading for k in shown], *([row[k] for k in shown] for row in self.rows)]
        widths = [max(len(line[k]) for line in cells) for k in range(len(shown))]
        right = [self.columns[k].justify == "right" for k in shown]
        return [
            "  ".join(
                cell.rjust(width) if at_right else cell.ljust(width)
                for cell, width, at_right in zip(line, widths, right, strict=True)
            ).rstrip()
            for line in cells
        ]

    def table(self) -> Table:
        """Return the table; no cell is markup, and what cannot be printed is an escape."""
        from rich.table import Table
        from rich.text import Text

        def text(cell: str) -> Text:
            return Text(one_line(cell))

        title = text(self.title) if self.title else None
        table = Table(title=title, title_justify="left", header_style="bold", pad_edge=False)
        for k in self.shown:
            column = self.columns[k]
            heading = text(column.heading)
            table.add_column(heading, justify=column.justify, overflow="fold", no_wrap=not column.words)
        for row in self.rows:
            table.add_row(*(text(row[k]) for k in self.shown))
        return table


def fitting(width: int, *forms: Sequence[Form]) -> Sequence[Form]:
    """Return the first of some forms of the same content that fits into a width, else the last.

    Parameters
    ----------
    width : int
        Letters of a line.
    forms : sequence of Form
        One or more tables each, the widest first.
    """
    for found in forms[:-1]:
        if all(form.least_width <= width for form in found):
            return found
    return forms[-1]


def short(label: str, most: int = LONGEST_LABEL) -> str:
    """Return a label with dots in its middle where it is longer than `most`.

    Examples
    --------
    >>> short("20240401_B_GM0016_HL03_E01_EIS")
    '20240401_B_G..03_E01_EIS'
    """
    if len(label) <= most:
        return label
    front = most // 2
    return f"{label[:front]}..{label[len(label) - (most - front - 2) :]}"

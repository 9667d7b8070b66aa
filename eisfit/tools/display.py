"""Display of values as one line, as text, or as tables in a notebook or on a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from eisfit.tools.attributes import Attributes
from eisfit.tools.plain_text import one_line

if TYPE_CHECKING:
    from rich.console import Group


@dataclass(frozen=True)
class Sheet:
    """A small table for display.

    Parameters
    ----------
    title : str
        Shown above the table.
    columns : tuple of str
        Headings.
    rows : tuple of tuple of str
        Cells.
    notes : tuple of str
        Lines below the table.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()

    def text(self) -> str:
        """Return the table as lines of text."""
        lines = [tuple(map(one_line, line)) for line in (self.columns, *self.rows)]
        widths = [max(len(line[k]) for line in lines) for k in range(len(self.columns))]
        body = [
            "  ".join(cell.ljust(w) for cell, w in zip(line, widths, strict=True)).rstrip() for line in lines
        ]
        return "\n".join([one_line(self.title), *body, *map(one_line, self.notes)])

    def html(self) -> str:
        """Return the table as HTML."""
        head = "".join(f"<th>{_html(c)}</th>" for c in self.columns)
        body = "".join(
            "<tr>" + "".join(f"<td>{_html(cell)}</td>" for cell in row) + "</tr>" for row in self.rows
        )
        notes = "".join(f"<p>{_html(note)}</p>" for note in self.notes)
        return (
            f"<table><caption>{_html(self.title)}</caption>"
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{notes}"
        )


def _html(text: str) -> str:
    import html

    return html.escape(one_line(text))


class Presentable(Attributes):
    """Base of values that are displayed as sheets."""

    def headline(self) -> str:
        """Return a description in one line."""
        raise NotImplementedError

    def sheets(self) -> Sequence[Sheet]:
        """Return the content as tables."""
        raise NotImplementedError

    def report(self) -> str:
        """Return the content as text."""
        return "\n\n".join([one_line(self.headline()), *(sheet.text() for sheet in self.sheets())])

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {one_line(self.headline())}>"

    def _repr_html_(self) -> str:
        return f"<p><b>{_html(self.headline())}</b></p>" + "".join(s.html() for s in self.sheets())

    def __rich__(self) -> Group:
        from rich.console import Group
        from rich.table import Table
        from rich.text import Text

        def plain(text: str) -> Text:
            return Text(one_line(text))

        parts: list[Table | Text] = [Text(one_line(self.headline()), style="bold")]
        for sheet in self.sheets():
            table = Table(title=plain(sheet.title), title_justify="left")
            for column in sheet.columns:
                table.add_column(plain(column))
            for row in sheet.rows:
                table.add_row(*map(plain, row))
            parts += [table, *map(plain, sheet.notes)]
        return Group(*parts)

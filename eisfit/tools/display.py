"""Display of values as one line, as text, or as tables in a notebook or on a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

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
        lines = [self.columns, *self.rows]
        widths = [max(len(line[k]) for line in lines) for k in range(len(self.columns))]
        body = [
            "  ".join(cell.ljust(w) for cell, w in zip(line, widths, strict=True)).rstrip() for line in lines
        ]
        return "\n".join([self.title, *body, *self.notes])

    def html(self) -> str:
        """Return the table as HTML."""
        import html

        head = "".join(f"<th>{html.escape(c)}</th>" for c in self.columns)
        body = "".join(
            "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in self.rows
        )
        notes = "".join(f"<p>{html.escape(note)}</p>" for note in self.notes)
        return (
            f"<table><caption>{html.escape(self.title)}</caption>"
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{notes}"
        )


class Presentable:
    """Base of values that are displayed as sheets."""

    def headline(self) -> str:
        """Return a description in one line."""
        raise NotImplementedError

    def sheets(self) -> Sequence[Sheet]:
        """Return the content as tables."""
        raise NotImplementedError

    def report(self) -> str:
        """Return the content as text."""
        return "\n\n".join([self.headline(), *(sheet.text() for sheet in self.sheets())])

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.headline()}>"

    def _repr_html_(self) -> str:
        import html

        return f"<p><b>{html.escape(self.headline())}</b></p>" + "".join(s.html() for s in self.sheets())

    def __rich__(self) -> Group:
        from rich.console import Group
        from rich.table import Table
        from rich.text import Text

        parts: list[Table | Text] = [Text(self.headline(), style="bold")]
        for sheet in self.sheets():
            table = Table(*sheet.columns, title=sheet.title, title_justify="left")
            for row in sheet.rows:
                table.add_row(*(Text(cell) for cell in row))
            parts += [table, *(Text(note) for note in sheet.notes)]
        return Group(*parts)

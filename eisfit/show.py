"""How values show themselves: one line, a text, a table in a notebook or on a terminal."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Group


@dataclass(frozen=True)
class Sheet:
    """A small table to look at.

    Parameters
    ----------
    title : str
        Above it.
    columns : tuple of str
        Headings.
    rows : tuple of tuple of str
        Cells.
    notes : tuple of str
        Lines below it.
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
    """Base of values that show themselves by sheets."""

    def headline(self) -> str:
        """Return what they are in one line."""
        raise NotImplementedError

    def sheets(self) -> Sequence[Sheet]:
        """Return what they hold as tables."""
        raise NotImplementedError

    def report(self) -> str:
        """Return what they hold as text."""
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


def quantity(value: float | None, unit: str = "", digits: int = 4) -> str:
    """Return a number with its unit, or nothing where it is not known."""
    if value is None or not math.isfinite(value):
        return ""
    return f"{value:.{digits}g} {unit}".strip()


def with_error(value: float, error: float, unit: str = "") -> str:
    """Return a value with its error to two significant digits of the error.

    Examples
    --------
    >>> with_error(0.52359, 0.00497, "eV")
    '0.5236 ± 0.0050 eV'
    >>> with_error(8004.65, 10.4)
    '8005 ± 10'
    >>> with_error(1.0591e-4, 2.77e-7, "S/cm")
    '(1.0591 ± 0.0028)e-4 S/cm'
    """
    if not math.isfinite(value):
        return ""
    tail = f" {unit}" if unit else ""
    exponent = math.floor(math.log10(abs(value))) if value else 0
    many_digits = exponent > 2 and math.isfinite(error) and error >= 99.5
    shift = exponent if exponent < -3 or exponent > 5 or many_digits else 0
    scaled = value / 10.0**shift
    if not math.isfinite(error) or error <= 1e-12 * abs(value):
        return f"{scaled:.5g}{f'e{shift}' if shift else ''}{tail}"
    if error > 1e6 * abs(value):
        return f"{value:.2g} ± {error:.2g}{tail}"
    scaled_error = error / 10.0**shift
    digits = max(0, 1 - math.floor(math.log10(scaled_error)))
    text = f"{scaled:.{digits}f} ± {scaled_error:.{digits}f}"
    return f"({text})e{shift}{tail}" if shift else f"{text}{tail}"

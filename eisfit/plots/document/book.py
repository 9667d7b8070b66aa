"""Pages that follow each other in one PDF file, each written before the next begins."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from matplotlib import rc_context
from matplotlib.backends.backend_pdf import PdfPages

from eisfit.plots.canvas.paper import SMALL, TEXT, Paper, PaperSize, broken, line_cm
from eisfit.plots.canvas.style import blank
from eisfit.plots.canvas.text_table import Column, table
from eisfit.tools.plain_text import one_line
from eisfit.version import __version__

_FONTS: Any = {"pdf.fonttype": 42}  # TrueType, embedded
_HEAD_CM = 1.2  # of a heading and the first lines below it, which stay together


class Book:
    """A PDF file of numbered pages; only the page that is being written is held as a figure.

    It is written inside `styled`.

    Parameters
    ----------
    title : str
        In the foot of each page, and in the file.
    size : {"a4", "letter"}
        Of the paper.

    Attributes
    ----------
    pages : int
        How many pages have been finished.
    """

    def __init__(self, title: str, size: PaperSize = "a4") -> None:
        self.title, self.size = one_line(title), size
        self.pages = 0
        self._file = io.BytesIO()
        self._paper: Paper | None = None
        metadata = {"Title": self.title, "Creator": f"eisfit {__version__}", "CreationDate": None}
        self._pdf: Any = PdfPages(self._file, metadata=metadata)

    @property
    def paper(self) -> Paper:
        """The page that is being written; a new one where there is none."""
        if self._paper is None:
            self._paper = Paper(blank(), self.size)
        return self._paper

    def turn(self) -> None:
        """Finish the page that is being written, if there is one."""
        if self._paper is None:
            return
        self.pages += 1
        self._paper.foot(f"{self.title}  ·  eisfit {__version__}", str(self.pages))
        with rc_context(_FONTS):
            self._pdf.savefig(self._paper.figure)
        self._paper = None

    def finished(self) -> bytes:
        """Finish the last page and return the file."""
        self.turn()
        self._pdf.close()
        return self._file.getvalue()

    def heading(self, text: str, size: float = TEXT, follow_cm: float = _HEAD_CM) -> None:
        """Write a heading, on a new page where what follows has no room on this one."""
        if self.paper.room_cm < follow_cm + line_cm(size):
            self.turn()
        self.paper.heading(text, size)

    def paragraph(self, text: str, *, hang: str = "", size: float = SMALL, bold: bool = False) -> None:
        """Write a text of any length, on as many pages as it needs."""
        if self.paper.paragraph(text, hang=hang, size=size, bold=bold):
            return
        self.turn()
        if self.paper.paragraph(text, hang=hang, size=size, bold=bold):
            return
        lines = broken(one_line(text), 0.95 * self.paper.width_cm, size, bold)
        for line in lines:
            if not self.paper.paragraph(line, size=size, bold=bold):
                self.turn()
                self.paper.paragraph(line, size=size, bold=bold)

    def table(self, title: str, columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> None:
        """Write a table under a heading, on as many pages as it needs; the heading is repeated.

        Its columns are those of the whole table on each page.
        """
        left = list(rows)
        kept = [k for k in range(len(columns)) if any(row[k] for row in rows)]
        heads, told = [columns[k] for k in kept], title
        while left:
            self.heading(told, follow_cm=2 * _HEAD_CM)
            written = table(self.paper, heads, [[row[k] for k in kept] for row in left])
            if not written and self.paper.room_cm > 0.8 * self.paper.whole_cm[1] - 6:
                left = [_cut(left[0]), *left[1:]]  # a row that is higher than a page
                continue
            left = left[written:]
            if left:
                self.turn()
                told = f"{title} (continued)"


_MOST_LETTERS = 600


def _cut(row: Sequence[str]) -> list[str]:
    """Return a row with its longest cells cut, and a mark that they are."""
    return [cell if len(cell) <= _MOST_LETTERS else f"{cell[:_MOST_LETTERS]} …" for cell in row]

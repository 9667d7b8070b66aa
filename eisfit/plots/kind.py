"""A kind of figure: how it is drawn on a whole figure, which numbers it shows, and on how many pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from matplotlib.figure import Figure

from eisfit.plots.canvas.choice import Choice
from eisfit.plots.canvas.style import Style, Width, blank, styled


@dataclass(frozen=True)
class Kind:
    """A kind of figure.

    Parameters
    ----------
    title : str
        What it shows, in a few words.
    paint : callable
        Draws a result on an empty figure, with a `Choice`, and gives it its height.
    data : callable
        Returns the plotted numbers of a result, one row each; takes the choice too.
    takes : frozenset of str
        Which fields of a `Choice` it takes.
    pages : callable, optional
        Divides a result, for an empty figure and a choice, into what each page shows; all is on one if not given.
    printed : bool
        Whether it is a sheet of paper, which is the same in every style.
    """

    title: str
    paint: Callable[..., object]
    data: Callable[..., list[dict[str, Any]]]
    takes: frozenset[str] = frozenset()
    pages: Callable[[Figure, Any, Choice], list[Any]] | None = None
    printed: bool = False

    def draw(
        self, result: Any, *, style: Style = "paper", width: Width = "single", choice: Choice | None = None
    ) -> Figure:
        """Return the figure of a result; of one that fills several pages the first says how many there are.

        Parameters
        ----------
        result : Series, Fit, Spectrum or Template
            What the kind can draw.
        style : {"paper", "talk"}
            Black on white at journal size; or twice as large, without a background, for slides.
        width : {"single", "double"}
            8.3 or 17.1 cm, twice that for a talk.
        choice : Choice, optional
            Limits, ordinate and what else the kind takes.
        """
        style = "paper" if self.printed else style
        with styled(style):
            figure = blank(width, style)
            self.paint(figure, result, choice) if choice else self.paint(figure, result)
            return figure

    def draw_pages(
        self, result: Any, *, style: Style = "paper", width: Width = "single", choice: Choice | None = None
    ) -> list[Figure]:
        """Return the figures of a result, one a page, none higher than a page; see `draw` for the parameters."""
        if self.pages is None:
            return [self.draw(result, style=style, width=width, choice=choice)]
        style = "paper" if self.printed else style
        with styled(style):
            parts = self.pages(blank(width, style), result, choice or Choice())
        return [self.draw(part, style=style, width=width, choice=choice) for part in parts]

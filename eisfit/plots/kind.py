"""A kind of figure: how it is drawn on a whole figure, and which numbers it shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from matplotlib.figure import Figure

from eisfit.plots.canvas.style import Style, Width, blank, styled


@dataclass(frozen=True)
class Kind:
    """A kind of figure.

    Parameters
    ----------
    title : str
        What it shows, in a few words.
    paint : callable
        Draws a result on an empty figure, and gives it its height.
    data : callable
        Returns the plotted numbers of a result, one row each.
    """

    title: str
    paint: Callable[[Figure, Any], object]
    data: Callable[[Any], list[dict[str, Any]]]

    def draw(self, result: Any, *, style: Style = "paper", width: Width = "single") -> Figure:
        """Return the figure of a result.

        Parameters
        ----------
        result : Series, Fit, Spectrum or Template
            What the kind can draw.
        style : {"paper", "talk"}
            Black on white at journal size; or twice as large, without a background, for slides.
        width : {"single", "double"}
            8.3 or 17.1 cm, twice that for a talk.
        """
        with styled(style):
            figure = blank(width, style)
            self.paint(figure, result)
            return figure

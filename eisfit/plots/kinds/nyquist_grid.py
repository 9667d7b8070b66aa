"""Nyquist plots side by side: one panel for each spectrum of a series, each on its own scale."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from eisfit.plots.canvas import plane as _plane
from eisfit.plots.canvas.curves import Curve, Curves, Quantity, Result
from eisfit.plots.canvas.grid import grid
from eisfit.plots.canvas.style import Width, blank, styled
from eisfit.plots.kind import Kind


def nyquist_grid(result: Result, *, width: Width = "single", quantity: Quantity = "ohm") -> Figure:
    """Draw each spectrum on a panel of its own.

    Parameters
    ----------
    result : Spectrum, Fit, Series, or an iterable of them
        What to draw.
    width : {"single", "double"}
        Of the journal column; as many panels stand in a row as it holds.
    quantity : {"ohm", "ohm cm2"}
        Whether impedances are multiplied by the area.
    """
    with styled("paper"):
        figure = blank(width)
        paint(figure, result, quantity)
        return figure


def paint(figure: Figure, result: Result, quantity: Quantity = "ohm") -> list[Axes]:
    """Draw on a whole figure."""

    def panel(ax: Axes, curve: Curve, shown: Curves, k: int) -> None:
        _plane.draw(ax, Curves((curve,), shown.over), quantity, colours=[shown.colours[k]])

    return grid(figure, result, panel)


KIND = Kind("the same, one panel per spectrum", paint, _plane.data)

"""Nyquist plots side by side, one panel for each spectrum."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from eisfit.plots.canvas import plane as _plane
from eisfit.plots.canvas.axes import curve_handles
from eisfit.plots.canvas.choice import BY_DEFAULT, Choice
from eisfit.plots.canvas.curves import Curves, Quantity, Result, curves
from eisfit.plots.canvas.grid import grid, most_panels, one_by_one, spread
from eisfit.plots.canvas.style import Width, blank, styled
from eisfit.plots.canvas.units import UNITS
from eisfit.plots.kind import Kind
from eisfit.tools.keywords import known_keywords


@known_keywords
def nyquist_grid(result: Result, *, width: Width = "single", quantity: Quantity = "ohm") -> Figure:
    """Draw each spectrum on a panel of its own.

    Parameters
    ----------
    result : Spectrum, Fit, Series, or an iterable of them
        What to draw; of more spectra than a page holds some, evenly spread.
    width : {"single", "double"}
        Of the journal column; as many panels stand in a row as it holds.
    quantity : {"ohm", "ohm cm2"}
        Whether impedances are multiplied by the area.
    """
    with styled("paper"):
        figure = blank(width)
        paint(figure, result, Choice(quantity=quantity))
        return figure


def paint(figure: Figure, result: Result | Curves, choice: Choice = BY_DEFAULT) -> list[Axes]:
    """Draw on a whole figure."""
    shown = result if isinstance(result, Curves) else curves(result, choice.labels or None)
    chosen = spread(len(shown.curves), _most(figure, shown, choice.quantity))
    handles = curve_handles(shown) if shown.cells else []
    some = f"{len(chosen)} of {shown.all} spectra" if len(chosen) < shown.all else ""
    return grid(
        figure,
        one_by_one(shown.part(chosen)),
        lambda ax, panel: _plane.draw(ax, panel.shown, choice.quantity, bar=False),
        titles=_plane.TITLES,
        handles=handles,
        unit=UNITS[choice.quantity],
        note=some,
    )


def _most(figure: Figure, shown: Curves, quantity: Quantity) -> int:
    return most_panels(figure, _plane.steepest(shown, quantity), 1 + len(shown.cells))


def pages(figure: Figure, result: Result, choice: Choice) -> list[Curves]:
    """Return the curves of each page, about as many on each."""
    shown = curves(result, choice.labels or None).thinned()
    return shown.divided(_most(figure, shown, choice.quantity))


KIND = Kind("the same, one panel per spectrum", paint, _plane.data, frozenset({"labels", "quantity"}), pages)

"""The Nyquist plot of one spectrum or of a series."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from eisfit.plots.canvas.curves import Quantity, Result, curves
from eisfit.plots.canvas.plane import data, draw, fit_height
from eisfit.plots.canvas.style import blank, settle, styled
from eisfit.plots.kind import Kind


def nyquist(result: Result, *, ax: Axes | None = None, quantity: Quantity = "ohm") -> Axes:
    """Draw measured points and fitted curves in the complex plane.

    Parameters
    ----------
    result : Spectrum, Fit, Series, or an iterable of them
        What to draw; several are coloured by their condition.
    ax : Axes, optional
        Where; on a new figure of one column if not given.
    quantity : {"ohm", "ohm cm2"}
        Whether impedances are multiplied by the area.

    Returns
    -------
    Axes
        Data are in ohm (or ohm cm2); only the tick labels carry the prefix of the unit.

    Raises
    ------
    InputError
        If there is nothing to draw, or the area is asked for and not known.

    Notes
    -----
    Open symbols are measured, filled ones mark whole powers of ten of the frequency, grey crosses are
    points that took no part. The window shows all points used; masked ones may lie outside.
    """
    shown = curves(result)
    if ax is not None:
        return draw(ax, shown, quantity)
    with styled("paper"):
        return paint(blank(), result, quantity)


def paint(figure: Figure, result: Result, quantity: Quantity = "ohm") -> Axes:
    """Draw on a whole figure and give it the height that the curves need."""
    shown = curves(result)
    ax = draw(settle(figure.add_subplot()), shown, quantity)
    fit_height(figure, ax)
    return ax


KIND = Kind("impedance in the complex plane, with fits", paint, data)

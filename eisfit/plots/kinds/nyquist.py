"""The Nyquist plot of one spectrum, of a series, or of several cells."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from eisfit.plots.canvas.axes import curve_handles
from eisfit.plots.canvas.choice import BY_DEFAULT, Choice
from eisfit.plots.canvas.curves import Curves, Quantity, Result, curves
from eisfit.plots.canvas.grid import Panel, grid, height_em, most_panels, spread
from eisfit.plots.canvas.groups import by_condition, by_size
from eisfit.plots.canvas.legends import note_below
from eisfit.plots.canvas.plane import TITLES, data, draw, fit_height, limit, steepest
from eisfit.plots.canvas.style import blank, settle, styled
from eisfit.plots.canvas.units import UNITS
from eisfit.plots.kind import Kind
from eisfit.tools.keywords import known_keywords

_IN_A_COLUMN_EM = 46.0  # up to this height, panels stand below each other
_ENTRIES = 4  # lines of a legend or a colour bar for which there is room
_SMALLER = 0.75


@known_keywords
def nyquist(
    result: Result,
    *,
    labels: Sequence[str] | None = None,
    ax: Axes | None = None,
    quantity: Quantity = "ohm",
) -> Axes:
    """Draw measured points and fitted curves in the complex plane.

    Parameters
    ----------
    result : Spectrum, Fit, Series, or an iterable of them
        What to draw; several spectra are coloured by their condition, several series by cell.
    labels : sequence of str, optional
        Names of the cells, one for each item of `result`.
    ax : Axes, optional
        Where; on a new figure of one column if not given.
    quantity : {"ohm", "ohm cm2"}
        Whether impedances are multiplied by the area.

    Returns
    -------
    Axes
        Data are in ohm (or ohm cm2); only the tick labels carry the prefix of the unit. Of a new figure with several
        panels it is the first.

    Raises
    ------
    InputError
        If there is nothing to draw, the area is asked for and not known, or there is not one label for each cell.

    Notes
    -----
    Open symbols are measured, filled ones mark whole powers of ten of the frequency, grey crosses are
    points that took no part. The window shows all points used; masked ones may lie outside. Of a blocking tail it
    shows as much as 1.5 times the foot of the last arc, and a triangle says that it goes on. On a new figure, spectra
    of very different size stand in panels of their own, and several cells in one panel for each condition.
    """
    choice = Choice(quantity=quantity, labels=tuple(labels) if labels is not None else ())
    if ax is not None:
        return draw(ax, curves(result, labels), quantity)
    with styled("paper"):
        return paint(blank(), result, choice)


def paint(figure: Figure, result: Result, choice: Choice = BY_DEFAULT) -> Axes:
    """Draw on a whole figure and give it the height that the curves need."""
    shown = curves(result, choice.labels or None).thinned()
    panels = _panels(figure, shown, choice)
    if len(panels) > 1:
        return _several(figure, shown, panels, choice.quantity)
    ax = draw(settle(figure.add_subplot()), shown, choice.quantity)
    limit(ax, choice)
    note_below(ax, shown.note)
    fit_height(figure, ax)
    return ax


def _panels(figure: Figure, shown: Curves, choice: Choice) -> list[Panel]:
    if choice.xlim or choice.ylim:
        return [Panel(shown, "")]
    found = by_condition(shown) if shown.cells else []
    ratio = steepest(shown, choice.quantity)
    return found or by_size(shown, choice.quantity, most_panels(figure, ratio, _ENTRIES))


def _several(figure: Figure, shown: Curves, panels: Sequence[Panel], quantity: Quantity) -> Axes:
    handles = curve_handles(shown)
    ratio = max(steepest(panel.shown, quantity) for panel in panels)
    columns = 1 if not shown.cells and height_em(figure, len(panels), 1, ratio) <= _IN_A_COLUMN_EM else 0
    chosen = spread(len(panels), most_panels(figure, ratio, len(handles) + 1))
    few = f"{len(chosen)} of {len(panels)} panels" if len(chosen) < len(panels) else ""
    return grid(
        figure,
        [panels[k] for k in chosen],
        lambda ax, panel: _smaller(draw(ax, panel.shown, quantity, bar=False)),
        titles=TITLES,
        handles=handles,
        unit=UNITS[quantity],
        columns=columns,
        bar=None if shown.cells else shown,
        note=", ".join(filter(None, (few, _shared(panels, shown), shown.note))),
    )[0]


def _shared(panels: Sequence[Panel], shown: Curves) -> str:
    """Return how many spectra stand in the panels, where those of one cell alone have none; else nothing."""
    drawn = sum(len(panel.shown.curves) for panel in panels)
    all_ = len(shown.curves)
    return f"{drawn} of {all_} spectra: at conditions that cells share" if drawn < all_ else ""


def _smaller(ax: Axes) -> None:
    """Make the symbols as small as panels need."""
    for line in ax.lines:
        if line.get_gid() in ("points", "decades"):
            line.set_markersize(_SMALLER * line.get_markersize())


KIND = Kind(
    "impedance in the complex plane, with fits",
    paint,
    data,
    frozenset({"labels", "quantity", "xlim", "ylim"}),
)

"""Additional axes: a colour bar at the side, °C above 1000/T."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colorbar import Colorbar
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator

from eisfit.constants import ZERO_CELSIUS_K
from eisfit.plots.canvas.cells import CELL_MARKERS, cell_colour
from eisfit.plots.canvas.curves import Curves, as_drawn, condition_label, value_text
from eisfit.plots.canvas.legends import legend_above, root
from eisfit.plots.canvas.style import em, settle
from eisfit.plots.canvas.units import plain, scaled

COLOUR_BAR = "colour bar"
_NAMED = 12  # a colour bar names up to this many values one by one, and has round ticks for more
MOST_LISTED = 10  # labels in a list
_MOST_CELSIUS = 9
_CELSIUS_STEPS = (5, 10, 20, 25, 50, 100, 200, 500)


def colour_bar(
    ax: Axes, shown: Curves, *, beside: list[Axes] | None = None, more: Sequence[Line2D] = ()
) -> None:
    """Name the colours of the curves: a bar over the condition, or a list of the labels or the cells above.

    Parameters
    ----------
    ax : Axes
        At its right side, as high as it is.
    shown : Curves
        What is drawn there.
    beside : list of Axes, optional
        Axes that share the bar: it is then as high as all of them.
    more : sequence of Line2D
        Further entries of the list.
    """
    handles = [*curve_handles(shown), *more]
    if handles:
        legend_above(ax, handles)
    if shown.cells or not shown.ordered or any(c.get_label() == COLOUR_BAR for c in ax.child_axes):
        return
    if beside is not None and len(beside) > 1:
        figure_bar(root(ax), beside, shown)
        return
    inset = ax.inset_axes((1.025, 0, 0.03, 1), label=COLOUR_BAR)
    _label_bar(root(ax).colorbar(shown.mappable, cax=inset), shown)


def figure_bar(
    figure: Figure, beside: Sequence[Axes], shown: Curves, where: Literal["right", "top"] = "right"
) -> None:
    """Put a bar over the condition beside several axes, as high as all of them, or above them."""
    bar = figure.colorbar(shown.mappable, ax=list(beside), location=where, fraction=0.04, pad=0.02, aspect=40)
    _label_bar(bar, shown)


def curve_handles(shown: Curves) -> list[Line2D]:
    """Return the entries of a list of cells, or of labels where no condition tells curves apart.

    Of many labels it has the first and the last.
    """
    if shown.cells:
        return [
            _handle(cell_colour(k), CELL_MARKERS[k % len(CELL_MARKERS)], as_drawn(name))
            for k, name in enumerate(shown.cells)
        ]
    n = len(shown.curves)
    if shown.ordered or n < 2:
        return []
    places = range(n) if n <= MOST_LISTED else (0, n - 1)
    handles = [_handle(shown.colours[k], "o", as_drawn(shown.curves[k].label)) for k in places]
    if n > MOST_LISTED:
        handles.insert(1, Line2D([], [], linestyle="none", label=f"… {n - 2} more …"))
    return handles


def _handle(colour: Any, marker: str, label: str) -> Line2D:
    return Line2D(
        [], [], color=to_hex(colour), marker=marker, markerfacecolor="none", linestyle="-", label=label
    )


def _label_bar(bar: Colorbar, shown: Curves) -> None:
    values = shown.values
    measured = FixedLocator(_spaced(values, (values[-1] - values[0]) / 9))
    axis = bar.ax.yaxis if bar.orientation == "vertical" else bar.ax.xaxis
    each = len(values) <= _NAMED
    axis.set_major_locator(measured if each else MaxNLocator(7))
    axis.set_minor_locator(NullLocator())
    settle(bar.ax).tick_params(axis="both", direction="out")
    axis.set_major_formatter(FuncFormatter(lambda value, _: value_text(value, "")) if each else scaled(1.0))
    bar.ax.set_label(COLOUR_BAR)
    bar.set_label(condition_label(shown.over))
    bar.outline.set_linewidth(bar.ax.spines["left"].get_linewidth())


def _spaced(values: list[float], least: float) -> list[float]:
    """Return the values that stand at least so far from the one before."""
    kept: list[float] = []
    for value in values:
        if not kept or value - kept[-1] >= least - 1e-9:
            kept.append(value)
    return kept


def inverse_kelvin(x: Any) -> Any:
    """Return °C from 1000 K / T."""
    safe = np.where(np.abs(x) < 1e-9, 1e-9, x)
    return 1000 / safe - ZERO_CELSIUS_K


def inverse_celsius(celsius: Any) -> Any:
    """Return 1000 K / T from °C."""
    kelvin = np.asarray(celsius, float) + ZERO_CELSIUS_K
    safe = np.where(np.abs(kelvin) < 1e-9, 1e-9, kelvin)
    return 1000 / safe


def celsius_on_top(ax: Axes) -> None:
    """Put an axis with round °C over an axis of 1000/T; its limits must be set before."""
    low, high = ax.get_xlim()
    cold, hot = inverse_kelvin(np.array([high, low]))
    top = ax.secondary_xaxis("top", functions=(inverse_kelvin, inverse_celsius))
    settle(top)
    width = max(ax.get_window_extent().width / ax.figure.dpi, 1e-6)
    letters = max(len(plain(round(float(c)))) for c in (cold, hot))
    room = (0.65 * letters + 0.8) * em() / width * (high - low)  # room for a label with a gap
    for step in _CELSIUS_STEPS:
        ticks = np.arange(np.ceil(cold / step), np.floor(hot / step) + 1) * step
        places = np.sort(inverse_celsius(ticks))
        if places.size < 2 or (places.size <= _MOST_CELSIUS and np.diff(places).min() >= room):
            break
    top.xaxis.set_major_locator(FixedLocator(list(ticks)))
    top.xaxis.set_minor_locator(NullLocator())
    top.xaxis.set_major_formatter(scaled(1.0))
    top.set_xlabel("$T$ / °C")

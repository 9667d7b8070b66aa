"""Additional axes: a colour bar at the side, °C above 1000/T."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colorbar import Colorbar
from matplotlib.ticker import FixedLocator, MaxNLocator, NullLocator

from eisfit.constants import ZERO_CELSIUS_K
from eisfit.plots.canvas.curves import Curves, condition_label
from eisfit.plots.canvas.style import em, settle
from eisfit.plots.canvas.units import plain, scaled

COLOUR_BAR = "colour bar"
_NAMED = 12  # a colour bar names up to this many values one by one, and has round ticks for more
_CELSIUS_STEPS = (5, 10, 20, 25, 50, 100, 200, 500)


def colour_bar(ax: Axes, shown: Curves, *, beside: list[Axes] | None = None) -> None:
    """Name the colours of the curves: a bar over the condition, or a list of the labels.

    Parameters
    ----------
    ax : Axes
        At its right side, as high as it is.
    shown : Curves
        What is drawn there.
    beside : list of Axes, optional
        Axes that share the bar: it is then as high as all of them.
    """
    if any(child.get_label() == COLOUR_BAR for child in ax.child_axes):
        return
    if not shown.ordered:
        if len(shown.curves) > 1:
            ax.legend(loc="upper left", bbox_to_anchor=(1.01, 1.0), borderaxespad=0)
        return
    figure = ax.figure
    if beside is not None and len(beside) > 1:
        bar = figure.colorbar(shown.mappable, ax=beside, fraction=0.04, pad=0.02, aspect=40)
    else:
        inset = ax.inset_axes((1.025, 0, 0.03, 1), label=COLOUR_BAR)
        bar = figure.colorbar(shown.mappable, cax=inset)
    _label_bar(bar, shown)


def _label_bar(bar: Colorbar, shown: Curves) -> None:
    values = shown.values
    measured = FixedLocator(_spaced(values, (values[-1] - values[0]) / 9))
    bar.ax.yaxis.set_major_locator(measured if len(values) <= _NAMED else MaxNLocator(7))
    bar.ax.yaxis.set_minor_locator(NullLocator())
    bar.ax.yaxis.set_major_formatter(scaled(1.0))
    settle(bar.ax).tick_params(axis="y", direction="out")
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
        if places.size < 2 or np.diff(places).min() >= room:
            break
    top.xaxis.set_major_locator(FixedLocator(list(ticks)))
    top.xaxis.set_minor_locator(NullLocator())
    top.xaxis.set_major_formatter(scaled(1.0))
    top.set_xlabel("$T$ / °C")

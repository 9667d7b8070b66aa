"""A column of very many fits: over two conditions as a map, else over one or the number of the spectrum."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.collections import PathCollection, QuadMesh
from matplotlib.figure import Figure

from eisfit.errors import InputError
from eisfit.plots.canvas.curves import as_drawn, condition_label
from eisfit.plots.canvas.layout import lay_out
from eisfit.plots.canvas.style import Style, Width, blank, em, ink, settle, styled
from eisfit.plots.canvas.units import UNITS, power_of_ten, prefix, scaled
from eisfit.results.many_fits import ManyFits
from eisfit.tools.frozen import Floats
from eisfit.tools.keywords import known_keywords

_LOGARITHMIC = 20.0  # ratio of the 99th percentile to the first from which on colours are logarithmic
_DOTS_EM, _DOT_EM = 2.0, (0.12, 0.4)  # size of one dot alone, and least and largest of many
_WITH_PREFIX = ("ohm", "S", "F", "H", "Hz", "s")
_PLAIN = range(-2, 5)  # powers of ten of numbers that are written out
_MARKERS = 200.0  # points that lie beside each other without gaps in a map
_SPARSEST = 2.0  # places of a grid for each point, up to which points are drawn as its cells


@known_keywords
def column_map(
    result: ManyFits,
    column: str = "",
    *,
    over: tuple[str, ...] = (),
    style: Style = "paper",
    width: Width = "single",
) -> Figure:
    """Draw a column of very many fits.

    Parameters
    ----------
    result : ManyFits
        As `eisfit.store.load` gives it of a file that ``eisfit batch`` has written.
    column : str, optional
        A parameter or another column of numbers; the first parameter if not given.
    over : tuple of str, optional
        One or two conditions; the first two there are, such as ``x_mm`` and ``y_mm``, if not given.
    style : {"paper", "talk"}
        As for all figures.
    width : {"single", "double"}
        8.3 or 17.1 cm.

    Returns
    -------
    Figure
        Fits that failed or miss their data are left out; colours end at the first and the 99th percentile.

    Raises
    ------
    InputError
        If there is no such column, or no fit has a value in it.
    """
    name = column or result.names[0]
    values = result.column(name)
    axes = over or tuple(result.conditions)[:2]
    places = [result.column(each) for each in axes] or [result.row.astype(float)]
    shown = np.isfinite(values) & ~result.missed & np.all(np.isfinite(places), axis=0)
    if not shown.any():
        raise InputError(f"no fit has a value of {name!r} that can be drawn")
    factor, letter = _prefix(values[shown], result.unit(name))
    label = _label(result, name, letter)
    with styled(style):
        figure = blank(width, style)
        ax = settle(figure.add_subplot())
        picked = [place[shown] for place in places]
        if len(picked) > 1:
            values_axis = _map(figure, ax, picked[0], picked[1], values[shown], label)
        else:
            size = float(np.clip(_DOTS_EM / np.sqrt(shown.sum()), *_DOT_EM)) * 72 * em()
            ax.plot(picked[0], values[shown], "o", ms=size, mew=0, color=ink(), rasterized=True)
            ax.set_ylabel(label)
            if _wide(values[shown]):
                ax.set_yscale("log")
            values_axis = ax.yaxis
        if letter:
            values_axis.set_major_formatter(scaled(factor))
        ax.set_xlabel(condition_label(axes[0]) if axes else "row")
        if len(axes) > 1:
            ax.set_ylabel(condition_label(axes[1]))
        lay_out(figure)
        return figure


def _prefix(values: Floats, unit: str) -> tuple[float, str]:
    """Return by what a column is divided, and what that is called before the unit; nothing on logarithmic axes."""
    if _wide(values):
        return 1.0, ""
    largest = float(np.abs(np.percentile(values, [1, 99])).max())
    if unit.split(" ")[0] in _WITH_PREFIX:
        return prefix(largest)
    power = math.floor(math.log10(largest)) if largest > 0 else 0
    return (10.0**power, f"{power_of_ten(power)} ") if power not in _PLAIN else (1.0, "")


def _label(result: ManyFits, name: str, letter: str) -> str:
    """Return what the column is, with its unit."""
    if name in result.conditions:
        return condition_label(name)
    words, _, what = name.rpartition(" ")
    for ending in ("_ohm", "_f", "_hz", "_percent"):
        what = what.removesuffix(ending)
    unit = result.unit(name)
    shown = as_drawn(f"{words} {what}".strip().replace("_", " "))
    text = f"{letter}{UNITS.get(unit, unit)}".strip()
    return f"{shown} / {text}" if text else shown


def _map(figure: Figure, ax: Axes, x: Floats, y: Floats, values: Floats, name: str) -> Axis:
    """Draw the map with its colour bar, and return the axis of that."""
    low, high = np.percentile(values, [1, 99])
    norm = "log" if _wide(values) else None
    how: dict[str, Any] = {"cmap": "viridis", "norm": norm, "rasterized": True}
    drawn: QuadMesh | PathCollection
    if (cells := _cells(x, y, values)) is not None:
        drawn = ax.pcolormesh(*cells, **how)
    else:
        size = (_MARKERS / max(np.unique(x).size, np.unique(y).size, 20)) ** 2
        drawn = ax.scatter(x, y, c=values, s=size, marker="s", linewidths=0, **how)
    drawn.set_clim(low, high)
    ax.set_box_aspect(1)
    return figure.colorbar(drawn, ax=ax, label=name).ax.yaxis


def _cells(x: Floats, y: Floats, values: Floats) -> tuple[Floats, Floats, Floats] | None:
    """Return edges (columns + 1,), (rows + 1,) and values (rows, columns) of points on a grid; None if on none.

    Places without a point are nan; of several points at one place the last is taken.
    """
    (columns, at_x), (rows, at_y) = (np.unique(each, return_inverse=True) for each in (x, y))
    if min(columns.size, rows.size) < 2 or columns.size * rows.size > _SPARSEST * values.size:
        return None
    found = np.full((rows.size, columns.size), np.nan)
    found[at_y, at_x] = values
    return _edges(columns), _edges(rows), found


def _edges(centres: Floats) -> Floats:
    """Return the middles between places in a row, and as much beyond both ends."""
    middles = 0.5 * (centres[1:] + centres[:-1])
    return np.concatenate([[2 * centres[0] - middles[0]], middles, [2 * centres[-1] - middles[-1]]])


def _wide(values: Floats) -> bool:
    low, high = np.percentile(values, [1, 99])
    return bool(low > 0 and high > _LOGARITHMIC * low)

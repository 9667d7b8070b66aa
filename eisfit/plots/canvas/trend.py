"""Values over a condition: one panel per quantity, one colour per contribution, with error bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from eisfit.errors import InputError
from eisfit.plots.canvas.curves import as_drawn, condition_label
from eisfit.plots.canvas.legends import legend_columns, root
from eisfit.plots.canvas.log_ticks import log_ticks
from eisfit.plots.canvas.panels import stacked
from eisfit.plots.canvas.style import MARKERS, blank, em, role_colours, styled
from eisfit.results.series import Series


@dataclass(frozen=True)
class Point:
    """One value with its standard error (nan if not known), and where it belongs."""

    panel: str
    name: str
    role: str
    spectrum: str
    condition: float
    value: float
    stderr: float
    outcome: str = ""


@dataclass(frozen=True)
class Trend:
    """Points, and the labels of their axes."""

    points: tuple[Point, ...]
    labels: dict[str, str]
    linear: frozenset[str]
    over: str

    @property
    def panels(self) -> list[str]:
        """Panels in order."""
        return list(dict.fromkeys(p.panel for p in self.points))

    @property
    def names(self) -> list[str]:
        """Names in order."""
        return list(dict.fromkeys(p.name for p in self.points))

    @property
    def looks(self) -> dict[str, tuple[str, str]]:
        """Colour and marker of each name."""
        roles = {p.name: p.role for p in self.points}
        colours = role_colours([roles[n] for n in self.names])
        return {
            n: (c, MARKERS[k % len(MARKERS)])
            for k, (n, c) in enumerate(zip(self.names, colours, strict=True))
        }

    def rows(self) -> list[dict[str, Any]]:
        """Return the plotted numbers."""
        return [
            {
                "quantity": p.panel,
                "name": p.name,
                "spectrum": p.spectrum,
                self.over: p.condition,
                "value": p.value,
                "stderr": p.stderr,
                "outcome": p.outcome,
            }
            for p in self.points
        ]


def series_of(result: object) -> Series:
    """Return the result if it is a series.

    Raises
    ------
    InputError
        If it is not.
    """
    if not isinstance(result, Series):
        raise InputError(f"a figure over a condition needs a Series, and this is a {type(result).__name__}")
    return result


def draw_trend(trend: Trend, axes: Sequence[Axes] | Axes | None) -> Figure:
    """Draw on axes, one per panel, or on a new figure of one column."""
    if axes is None:
        with styled("paper"):
            figure = blank()
            paint_trend(figure, trend)
            return figure
    given = [axes] if isinstance(axes, Axes) else list(axes)
    _draw(given, trend)
    given[0].legend(handles=_handles(trend))
    return root(given[0])


def paint_trend(figure: Figure, trend: Trend) -> list[Axes]:
    """Draw on a whole figure, with the legend above, and give it its height."""
    handles = _handles(trend)
    columns = legend_columns(figure, trend.names)
    rows = -(-len(handles) // columns)
    n = len(trend.panels)
    axes = stacked(figure, n, 17.0 if n == 1 else 10.5, below_em=4.5 + 1.4 * rows)
    _draw(axes, trend)
    figure.align_ylabels(axes)
    figure.legend(handles=handles, loc="outside upper center", ncols=columns)
    return axes


def _handles(trend: Trend) -> list[Line2D]:
    return [
        Line2D([], [], color=c, marker=m, markersize=0.5 * 72 * em(), linestyle="none", label=as_drawn(n))
        for n, (c, m) in trend.looks.items()
    ]


def _draw(axes: list[Axes], trend: Trend) -> list[Axes]:
    if not trend.points:
        raise InputError("there is nothing to draw: no value is known; see the outcome of each fit")
    if len(axes) != len(trend.panels):
        raise InputError(f"{len(axes)} axes were given for {len(trend.panels)} panels: give one for each")
    for ax, panel in zip(axes, trend.panels, strict=True):
        if panel not in trend.linear:
            ax.set_yscale("log")
            log_ticks(ax.yaxis)
        for name, (colour, marker) in trend.looks.items():
            _points(ax, [p for p in trend.points if (p.panel, p.name) == (panel, name)], colour, marker)
        ax.set_ylabel(trend.labels[panel])
        ax.margins(x=0.06, y=0.12)
    axes[-1].set_xlabel(condition_label(trend.over))
    return axes


def _points(ax: Axes, points: list[Point], colour: str, marker: str) -> None:
    """Draw the points of one name: filled with their error, open where none is known."""
    for known in (True, False):
        chosen = [p for p in points if np.isfinite(p.stderr) == known]
        if not chosen:
            continue
        x, y = [p.condition for p in chosen], np.array([p.value for p in chosen])
        error = np.array([p.stderr for p in chosen]) if known else None
        if error is not None and ax.get_yscale() == "log":
            relative = error / y  # error of the logarithm: a bar never reaches zero
            error = np.stack([-y * np.expm1(-relative), y * np.expm1(np.minimum(relative, 3.0))])
        bars = ax.errorbar(
            x,
            y,
            error,
            fmt=marker,
            color=colour,
            markerfacecolor=colour if known else "none",
            markersize=0.5 * 72 * em(),
            elinewidth=0.1 * 72 * em(),
            capsize=0.2 * 72 * em(),
            capthick=0.1 * 72 * em(),
        )
        bars.lines[0].set_gid("points" if known else "without error")

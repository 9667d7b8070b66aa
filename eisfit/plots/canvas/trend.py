"""Values over a condition: one panel per quantity, one colour per contribution, with error bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from eisfit.errors import InputError
from eisfit.plots.canvas.choice import BY_DEFAULT, Choice
from eisfit.plots.canvas.curves import as_drawn, condition_label
from eisfit.plots.canvas.legends import Entry, legend_on_top, root
from eisfit.plots.canvas.log_ticks import log_ticks
from eisfit.plots.canvas.panels import limited, stacked
from eisfit.plots.canvas.style import MARKERS, blank, em, ink, role_colours, styled
from eisfit.plots.canvas.units import scaled
from eisfit.results.series import Series

Limit: TypeAlias = Literal["", "below", "above"]

_ARROWS: dict[Limit, str] = {"below": r"$\downarrow$", "above": r"$\uparrow$"}
_BESIDE = 2.0  # a limit is drawn at most this factor beyond the values
_NARROW_EM = 30.0  # figures that are narrower have notes of two lines
_FEW = 2  # values of the condition that are the only ticks
_BAND = 0.12  # opacity of the range that is expected


@dataclass(frozen=True)
class Point:
    """One value with its standard error (nan if not known), and where it belongs.

    Parameters
    ----------
    limit : {"", "below", "above"}
        Whether the value is only a limit that the true one lies below or above.
    """

    panel: str
    name: str
    role: str
    spectrum: str
    condition: float
    value: float
    stderr: float
    outcome: str = ""
    limit: Limit = ""


@dataclass(frozen=True)
class Trend:
    """Points, the labels of their axes, ranges in which names are expected, and a sentence about them."""

    points: tuple[Point, ...]
    labels: dict[str, str]
    linear: frozenset[str]
    over: str
    expected: tuple[tuple[str, str, float, float], ...] = ()
    note: str = ""

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
                "limit": p.limit,
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
    if isinstance(result, Series):
        return result
    if isinstance(result, tuple | list) and result and all(isinstance(each, Series) for each in result):
        raise InputError(
            f"a figure over a condition shows one cell, and these are {len(result)}: draw each alone; arrhenius "
            "and trend draw several cells together"
        )
    if isinstance(result, tuple | list):
        raise InputError(
            "a figure over a condition needs a Series, and these are results of single fits: eisfit series fits "
            "spectra over temperature or another condition"
        )
    raise InputError(f"a figure over a condition needs a Series, and this is a {type(result).__name__}")


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


def paint_trend(figure: Figure, trend: Trend, choice: Choice = BY_DEFAULT) -> list[Axes]:
    """Draw on a whole figure, with the legend above, and give it its height."""
    n = len(trend.panels)
    handles = _handles(trend)
    above = legend_on_top(figure, handles)
    wide = figure.get_figwidth() / em()
    height = max(17.0, 0.5 * wide) if n == 1 else max(10.5, 0.2 * wide)
    axes = stacked(figure, max(n, 1), height, below_em=4.0 + above + 1.3 * trend.note.count("\n"))
    _draw(axes, trend)
    return limited(axes, choice)


def _handles(trend: Trend) -> list[Entry]:
    size = 72 * em()
    found: list[Entry] = [
        Line2D([], [], color=c, marker=m, markersize=0.5 * size, linestyle="none", label=as_drawn(n))
        for n, (c, m) in trend.looks.items()
    ]
    for limit, arrow in _ARROWS.items():
        if any(p.limit == limit for p in trend.points):
            sign = Line2D([], [], color=ink(), marker=arrow, markersize=0.9 * size, linestyle="none")
            sign.set_label("upper limit" if limit == "below" else "lower limit")
            found.append(sign)
    if any(not p.limit and not np.isfinite(p.stderr) for p in trend.points):
        found.append(
            Line2D(
                [],
                [],
                color=ink(),
                marker="o",
                markerfacecolor="none",
                markersize=0.5 * size,
                linestyle="none",
                label="without error",
            )
        )
    if trend.expected:
        found.append(Patch(facecolor=(ink(), _BAND), label="expected"))
    return found


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
            chosen = [p for p in trend.points if (p.panel, p.name) == (panel, name)]
            _points(ax, [p for p in chosen if not p.limit], colour, marker)
        within = _range([p for p in trend.points if p.panel == panel], panel not in trend.linear)
        for name, (colour, marker) in trend.looks.items():
            limits = [p for p in trend.points if (p.panel, p.name) == (panel, name) and p.limit]
            _limits(ax, limits, within, colour, marker)
        for where, name, low, high in trend.expected:
            if where == panel:
                ax.axhspan(low, high, color=trend.looks[name][0], alpha=_BAND, linewidth=0, gid="expected")
        ax.set_ylabel(trend.labels[panel])
        ax.margins(x=0.06, y=0.22 if any(p.limit for p in trend.points if p.panel == panel) else 0.12)
    places = sorted({p.condition for p in trend.points})
    if len(places) <= _FEW:
        for ax in axes:
            ax.set_xticks(places)
            ax.xaxis.set_major_formatter(scaled(1.0))
    narrow = root(axes[0]).get_figwidth() / em() < _NARROW_EM
    note = trend.note.replace(" (", "\n(") if narrow else trend.note
    axes[-1].set_xlabel(condition_label(trend.over) + note)
    return axes


def _range(points: Sequence[Point], logarithmic: bool) -> tuple[float, float]:
    """Return within which values limits are drawn: a little beyond the values that are none."""
    known = [p.value for p in points if not p.limit]
    if not known or not logarithmic:
        return -np.inf, np.inf
    return min(known) / _BESIDE, max(known) * _BESIDE


def _limits(ax: Axes, points: Sequence[Point], within: tuple[float, float], colour: str, marker: str) -> None:
    """Draw limits as open symbols with an arrow; those far from all values at the edge of the axis."""
    if not points:
        return
    x, y = [p.condition for p in points], [float(np.clip(p.value, *within)) for p in points]
    size = 72 * em()
    ax.plot(
        x,
        y,
        marker,
        color=colour,
        markerfacecolor="none",
        markersize=0.5 * size,
        linestyle="none",
        gid="limits",
    )
    for point, place in zip(points, y, strict=True):
        ax.annotate(
            "",
            xy=(point.condition, place),
            xytext=(0, (-1.6 if point.limit == "below" else 1.6) * size),
            textcoords="offset points",
            arrowprops={
                "arrowstyle": "<-",
                "color": colour,
                "linewidth": 0.1 * size,
                "shrinkA": 0,
                "shrinkB": 0,
            },
        )


def _points(ax: Axes, points: list[Point], colour: str, marker: str) -> None:
    """Draw the points of one name, joined by a thin line: filled with their error, open where none is known."""
    ordered = sorted(points, key=lambda p: p.condition)
    ax.plot(
        [p.condition for p in ordered],
        [p.value for p in ordered],
        "-",
        color=colour,
        linewidth=0.07 * 72 * em(),
        gid="guide",
        zorder=1.6,
    )
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

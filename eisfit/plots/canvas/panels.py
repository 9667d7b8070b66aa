"""Stacked panels over one frequency axis, one quantity of the same curves in each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from eisfit.errors import InputError
from eisfit.plots.canvas.axes import colour_bar
from eisfit.plots.canvas.choice import BY_DEFAULT, Choice
from eisfit.plots.canvas.curves import Curve, Curves, Result, as_drawn, curves
from eisfit.plots.canvas.legends import note_below, root
from eisfit.plots.canvas.log_ticks import log_ticks
from eisfit.plots.canvas.style import GREY, blank, em, set_height, settle, styled, thin
from eisfit.tools.frozen import Complexes, Floats

SHOWN = 1e4  # of a part of an impedance, what is this much smaller than its largest value in a spectrum may be noise
_CLEAR = 0.03  # of |Z| at the same frequency: a part of an impedance that is larger is no noise
_MARGIN = 0.05
_FEW = 16  # curves above which symbols and lines shrink


@dataclass(frozen=True)
class View:
    """One quantity of an impedance, drawn on one panel.

    Parameters
    ----------
    label : str
        Of the axis, with its unit.
    column : str
        Name in the table of plotted numbers.
    value : callable
        Takes impedances in ohm.
    logarithmic : bool
        Whether the axis is logarithmic; it then leaves out values that are not positive.
    noisy : bool
        Whether the smallest values may be noise: of each spectrum four decades are shown then, and below them
        what is more than 3 % of the modulus at its frequency.
    steps : sequence of float, optional
        Which multiples a linear axis has ticks at, between 1 and 10.
    """

    label: str
    column: str
    value: Callable[[Complexes], Floats]
    logarithmic: bool = False
    noisy: bool = False
    steps: Sequence[float] | None = None

    def of(self, z: Complexes) -> Floats:
        """Return the number, nan where the axis cannot show it."""
        y = self.value(z)
        return np.where(y > 0, y, np.nan) if self.logarithmic else y

    def lowest(self, curve: Curve) -> float:
        """Return the smallest value of the points used of a curve that its axis shows; nan if there is none."""
        z = curve.spectrum.z_ohm[curve.spectrum.used]
        y = self.of(z)
        if self.noisy and np.isfinite(y).any():
            y = np.where((y >= np.nanmax(y) / SHOWN) | (y >= _CLEAR * np.abs(z)), y, np.nan)
        return float(np.nanmin(y)) if np.isfinite(y).any() else float("nan")


def draw_views(result: Result, views: Sequence[View], axes: Axes | Sequence[Axes] | None) -> Figure:
    """Draw curves on one panel per view; on a new figure of one column if no axes are given.

    Raises
    ------
    InputError
        If the number of axes is not that of the views.
    """
    if axes is None:
        with styled("paper"):
            figure = blank()
            paint_views(figure, result, views)
            return figure
    given = [axes] if isinstance(axes, Axes) else list(axes)
    _draw(given, curves(result), views)
    return root(given[0])


def paint_views(
    figure: Figure,
    result: Result,
    views: Sequence[View],
    choice: Choice = BY_DEFAULT,
    *,
    height_em: float = 13.5,
) -> list[Axes]:
    """Draw on a whole figure, one panel below the other, and give it its height."""
    found = stacked(figure, len(views), height_em)
    return limited(_draw(found, curves(result, choice.labels or None).thinned(), views), choice)


def limited(axes: list[Axes], choice: Choice) -> list[Axes]:
    """Set the limits that are asked for: of the shared x axis, and of the y axis of the upper panel."""
    if choice.xlim:
        axes[0].set_xlim(*choice.xlim)
    if choice.ylim:
        axes[0].set_ylim(*choice.ylim)
    return axes


def stacked(figure: Figure, n: int, height_em: float, below_em: float = 4.0) -> list[Axes]:
    """Return n panels below each other that share their x axis, on a figure of the height for them."""
    set_height(figure, n * height_em + below_em)
    return [settle(ax) for ax in figure.subplots(n, 1, sharex=True, squeeze=False)[:, 0]]


def _draw(axes: list[Axes], shown: Curves, views: Sequence[View]) -> list[Axes]:
    if len(axes) != len(views):
        raise InputError(f"{len(axes)} axes were given for {len(views)} panels: give one for each")
    for ax, view in zip(axes, views, strict=True):
        ax.set_ylabel(view.label)
        if view.logarithmic:
            ax.set_yscale("log")
            log_ticks(ax.yaxis)
        if view.steps:
            ax.yaxis.set_major_locator(MaxNLocator(5, steps=view.steps))
        for curve, colour in zip(shown.curves, shown.colours, strict=True):
            _curve(ax, view, curve, colour)
        thin(ax, len(shown.curves), _FEW)
        _show_all(ax, view, shown)
    over_frequency(axes)
    note_below(axes[-1], shown.note, _left_out(shown, views))
    colour_bar(axes[0], shown, beside=axes)
    return axes


def _show_all(ax: Axes, view: View, shown: Curves) -> None:
    """Set the limits of an axis so that every spectrum is seen; masked points may lie outside."""
    if not view.logarithmic:
        seen = [line.get_ydata() for line in ax.lines if line.get_gid() in ("points", "fit")]
        y = np.concatenate([np.asarray(part, float) for part in seen])
        if np.isfinite(y).any():
            low, high = float(np.nanmin(y)), float(np.nanmax(y))
            beyond = _MARGIN * ((high - low) or 1.0)
            ax.set_ylim(low - beyond, high + beyond)
        return
    lows = [low for low in map(view.lowest, shown.curves) if np.isfinite(low)]
    highs = [view.of(c.spectrum.z_ohm[c.spectrum.used]) for c in shown.curves]
    if lows:
        low, high = min(lows), max(float(np.nanmax(y)) for y in highs if np.isfinite(y).any())
        beyond = max((high / low) ** _MARGIN, 1.02)
        ax.set_ylim(low / beyond, high * beyond)


def _left_out(shown: Curves, views: Sequence[View]) -> str:
    """Return how many points used the logarithmic axes cannot show, as text; empty if they show all."""
    said = []
    for view in views:
        if not view.logarithmic:
            continue
        y = [view.value(c.spectrum.z_ohm[c.spectrum.used]) for c in shown.curves]
        lows = [view.lowest(c) for c in shown.curves]
        floor = np.nanmin(lows) if np.isfinite(lows).any() else 0.0
        negative = sum(int(np.count_nonzero(part <= 0)) for part in y)
        small = sum(int(np.count_nonzero((part > 0) & (part < floor))) for part in y)
        symbol = view.label.partition(" / ")[0]
        if negative:
            said.append(f"{negative} point{'s' if negative > 1 else ''} with {symbol} ≤ 0 not shown")
        if small:
            said.append(f"{small} below the axis")
    return ", ".join(said)


def over_frequency(axes: Sequence[Axes]) -> None:
    """Make the shared x axis a logarithmic one of frequency."""
    for ax in axes:
        ax.set_xscale("log")
        log_ticks(ax.xaxis)
    axes[-1].set_xlabel("$f$ / Hz")


def _curve(ax: Axes, view: View, curve: Curve, colour: Any) -> None:
    f, y, used = curve.spectrum.frequency_hz, view.of(curve.spectrum.z_ohm), curve.spectrum.used
    grid, fitted = curve.dense()
    ax.plot(
        f[used],
        y[used],
        curve.marker,
        color=colour,
        markerfacecolor="none",
        gid="points",
        zorder=2.2,
        label=as_drawn(curve.label),
    )
    if grid.size:
        ax.plot(grid, view.of(fitted), "-", color=colour, gid="fit", zorder=2.1)
    if not used.all():
        ax.plot(f[~used], y[~used], "x", color=GREY, markersize=0.4 * 72 * em(), gid="masked", zorder=1.8)


def rows_of(result: Result, views: Sequence[View], choice: Choice = BY_DEFAULT) -> list[dict[str, Any]]:
    """Return the plotted numbers: measured points, masked ones, and the fitted curve."""
    shown = curves(result, choice.labels or None)
    rows: list[dict[str, Any]] = []
    for curve in shown.curves:
        s = curve.spectrum
        grid, fitted = curve.dense()
        kinds = ["masked" if masked else "measured" for masked in s.mask] + ["fitted"] * grid.size
        f, z = np.concatenate([s.frequency_hz, grid]), np.concatenate([s.z_ohm, fitted])
        columns = {view.column: view.value(z) for view in views}
        for k, kind in enumerate(kinds):
            rows.append(
                {
                    **({"cell": shown.cells[curve.cell]} if shown.cells else {}),
                    "spectrum": curve.label,
                    shown.over: curve.condition,
                    "kind": kind,
                    "frequency_hz": float(f[k]),
                    **{name: float(column[k]) for name, column in columns.items()},
                }
            )
    return rows

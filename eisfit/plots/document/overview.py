"""The pages of a report that show all spectra together: lines, capacitances, Nyquist plots."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from eisfit.plots.canvas.arrhenius_lines import lines_of, panels_of
from eisfit.plots.canvas.curves import condition_text, curves
from eisfit.plots.canvas.grid import spread
from eisfit.plots.canvas.paper import TEXT
from eisfit.plots.canvas.style import em
from eisfit.plots.canvas.trend import Point, Trend, draw_trend
from eisfit.plots.document.book import Book
from eisfit.plots.kinds.arrhenius import arrhenius
from eisfit.plots.kinds.capacitances import trend_of as capacitances_of
from eisfit.plots.kinds.nyquist import nyquist
from eisfit.results.fit import Fit
from eisfit.results.order import condition_value
from eisfit.results.series import Series

_LEFT_CM, _BELOW_CM, _ABOVE_CM = 1.7, 1.0, 1.0  # room for labels
_TREND_CM, _GAP_CM = 6.0, 0.35
_PANEL_CM = (4.0, 8.0)  # least and greatest height of a panel
_COLUMNS, _PANELS = 2, 10  # of Nyquist plots on a page
_TITLE_CM, _AROUND_CM = 0.5, 1.75  # above a panel, and in all above and below it


def overview(book: Book, result: Series | Sequence[Fit]) -> None:
    """Write the pages of figures."""
    if isinstance(result, Series):
        if result.law_fits():
            _lines(book, result)
        else:
            _trend(book, "Resistances of the whole path", _resistances_of(result))
        _trend(book, "Effective capacitances of one segment", capacitances_of(result))
    if len(result) > 1:
        _nyquist(book, result)


def _lines(book: Book, series: Series) -> None:
    found = lines_of(series)
    n = len(panels_of(found))
    book.turn()
    book.heading("Arrhenius plot")
    paper = book.paper
    paper.skip(_ABOVE_CM)
    reserved = 2 * _BELOW_CM + 1.6 + _TREND_CM  # for the figure that follows
    room = paper.room_cm - _BELOW_CM - (n - 1) * _GAP_CM - reserved
    height = min(max(room / n, _PANEL_CM[0]), _PANEL_CM[1])
    width = paper.width_cm - _LEFT_CM
    axes = [paper.axes(_LEFT_CM, width, height, below_cm=k * (height + _GAP_CM)) for k in range(n)]
    arrhenius(series, axes=axes)
    _stacked(axes, width)
    paper.skip(n * height + (n - 1) * _GAP_CM + _BELOW_CM)


def _trend(book: Book, title: str, trend: Trend) -> None:
    """Write a figure over the condition of the series, if there is anything to draw."""
    n = len(trend.panels)
    if not n:
        return
    height = _panel_height(trend)
    below = _BELOW_CM + 0.4 * trend.note.count("\n")
    whole = n * height + (n - 1) * _GAP_CM
    book.heading(title, follow_cm=whole + below + 0.3)
    paper = book.paper
    paper.skip(0.2)
    width = paper.width_cm - _LEFT_CM
    axes = [paper.axes(_LEFT_CM, width, height, below_cm=k * (height + _GAP_CM)) for k in range(n)]
    draw_trend(trend, axes)
    _stacked(axes, width)
    paper.skip(whole + below)


def _panel_height(trend: Trend) -> float:
    return max(_TREND_CM / max(len(trend.panels), 1), 3.0)


def _stacked(axes: Sequence[Axes], width_cm: float) -> None:
    """Let panels below each other share the ticks of the lowest, and align their names."""
    for ax in axes[:-1]:
        ax.set_xlim(axes[-1].get_xlim())
        ax.tick_params(labelbottom=False)
    for ax in axes:
        ax.yaxis.set_label_coords(-1.25 / width_cm, 0.5)


def _resistances_of(series: Series) -> Trend:
    """Return the resistances of a series that no law follows."""
    panel = "resistance / ohm"
    points = tuple(
        Point(
            panel,
            row.name,
            row.role,
            fit.label,
            condition_value(fit.spectrum, series.condition),
            row.resistance_ohm,
            row.resistance_stderr_ohm,
            row.known,
        )
        for fit in series
        for row in fit.contributions
        if np.isfinite(row.resistance_ohm)
    )
    return Trend(points, {panel: "$R$ / Ω"}, frozenset(), series.condition)


def _nyquist(book: Book, result: Series | Sequence[Fit]) -> None:
    """Write one page of Nyquist plots, each on its own scale, in rows as high as their highest."""
    shown = curves(result)
    chosen = spread(len(shown.curves), _PANELS)
    book.turn()
    some = f": {len(chosen)} of {len(shown.curves)} spectra" if len(chosen) < len(shown.curves) else ""
    book.heading(f"Nyquist plots{some}", TEXT)
    paper = book.paper
    width = paper.width_cm / _COLUMNS - _LEFT_CM - 0.2
    axes = [paper.axes(0, width, width) for _ in chosen]
    for index, ax in zip(chosen, axes, strict=True):
        curve = shown.curves[index]
        nyquist(curve.spectrum if curve.fit is None else curve.fit, ax=ax)
        ax.set_title(condition_text(curve, shown.over), fontsize=72 * em())
    rows = [axes[k : k + _COLUMNS] for k in range(0, len(axes), _COLUMNS)]
    most = paper.room_cm / len(rows) - _AROUND_CM
    for row in rows:
        height = min(max(width * _shape(ax) for ax in row), most)
        for column, ax in enumerate(row):
            left = column * paper.width_cm / _COLUMNS + _LEFT_CM
            _fill(ax, height / width)
            ax.set_position(paper.frame(left, width, height, below_cm=_TITLE_CM))
            ax.yaxis.set_label_coords(-1.15 / width, 0.5)
        paper.skip(height + _AROUND_CM)


def _fill(ax: Axes, shape: float) -> None:
    """Lengthen one of the axes with equal scales, so that they have a shape: those of a row are aligned."""
    (x0, x1), (y0, y1) = ax.get_xlim(), ax.get_ylim()
    ax.set_ylim(y0, max(y1, y0 + shape * (x1 - x0)))
    ax.set_xlim(x0, max(x1, x0 + (y1 - y0) / shape))


def _shape(ax: Axes) -> float:
    """Return height by width of axes with equal scales."""
    (x0, x1), (y0, y1) = ax.get_xlim(), ax.get_ylim()
    return float((y1 - y0) / (x1 - x0))

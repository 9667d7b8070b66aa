"""The fitted parameters over temperature, or over another condition that orders the series."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from eisfit.circuit.circuit import leaves
from eisfit.plots.canvas.trend import Point, Trend, draw_trend, paint_trend, series_of
from eisfit.plots.canvas.units import UNITS
from eisfit.plots.kind import Kind
from eisfit.results.series import Series, condition_value

SYMBOLS = {"tau": "$τ$", "alpha": "$α$", "sigma": "$σ$"}


def trend_of(series: Series) -> Trend:
    """Return the parameters of a series, grouped by their quantity."""
    series = series_of(series)
    points, labels, linear = [], {}, set()
    for fit in series:
        known = {p.name: p for p in fit.template.circuit.parameters}
        segment = {leaf.name: s.segment for s in fit.template.path for leaf in leaves(s.node)}
        for fitted in fit.parameters:
            quantity, where = known[fitted.name].quantity, segment[known[fitted.name].leaf]
            panel = f"{quantity.name} / {fitted.unit}"
            symbol = SYMBOLS.get(quantity.name, f"${quantity.name}$")
            unit = UNITS.get(fitted.unit, fitted.unit)
            labels[panel] = f"{symbol} / {unit}" if unit else symbol
            if not unit:
                linear.add(panel)
            x = condition_value(fit.spectrum, series.condition)
            points.append(
                Point(panel, where.name, where.role, fit.label, x, fitted.value, fitted.stderr, fitted.note)
            )
    points.sort(key=lambda p: list(labels).index(p.panel))
    return Trend(tuple(points), labels, frozenset(linear), series.condition)


def parameters(series: Series, *, axes: Sequence[Axes] | None = None) -> Figure:
    """Draw all fitted parameters over the condition of a series, one panel per quantity.

    Parameters
    ----------
    series : Series
        What to draw; parameters are of one segment each.
    axes : sequence of Axes, optional
        One per quantity; on a new figure of one column if not given.

    Returns
    -------
    Figure
        Bars are one standard error; points without one (fixed, or on a bound) are open.
    """
    return draw_trend(trend_of(series), axes)


def paint(figure: Figure, series: Series) -> list[Axes]:
    """Draw on a whole figure."""
    return paint_trend(figure, trend_of(series))


def data(series: Series) -> list[dict[str, Any]]:
    """Return the plotted numbers."""
    return trend_of(series).rows()


KIND = Kind("fitted parameters over temperature", paint, data)

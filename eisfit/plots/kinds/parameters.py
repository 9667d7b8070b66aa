"""The fitted parameters over temperature, or over another condition that orders the series."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from eisfit.cell.segments import PathSegment
from eisfit.circuit.circuit import leaves
from eisfit.plots.canvas.choice import BY_DEFAULT, Choice
from eisfit.plots.canvas.trend import Limit, Point, Trend, draw_trend, paint_trend, series_of
from eisfit.plots.canvas.units import SYMBOLS, UNITS
from eisfit.plots.kind import Kind
from eisfit.results.contribution import FittedParameter
from eisfit.results.fit import Fit
from eisfit.results.order import condition_value
from eisfit.results.series import Series
from eisfit.tools.keywords import known_keywords


def trend_of(series: Series) -> Trend:
    """Return the parameters of a series, grouped by their quantity; a resistance that is not seen is its limit."""
    series = series_of(series)
    points: list[Point] = []
    labels: dict[str, str] = {}
    for fit in series:
        known = {p.name: p for p in fit.template.circuit.parameters}
        path = {leaf.name: part for part in fit.template.path for leaf in leaves(part.node)}
        for fitted in fit.parameters:
            quantity, part = known[fitted.name].quantity, path[known[fitted.name].leaf]
            panel = f"{quantity.name} / {fitted.unit}"
            value, limit = _value_or_limit(fit, fitted, part, quantity.name)
            if np.isnan(value):
                continue
            labels.setdefault(panel, _label(quantity.name, fitted.unit))
            name, role = _named(fit, part)
            x = condition_value(fit.spectrum, series.condition)
            where = (panel, name, role, fit.label, x)
            points.append(Point(*where, value, np.nan if limit else fitted.stderr, fitted.note, limit))
    points.sort(key=lambda p: list(labels).index(p.panel))
    linear = frozenset(panel for panel, label in labels.items() if " / " not in label)
    return Trend(tuple(points), labels, linear, series.condition)


def _named(fit: Fit, part: PathSegment) -> tuple[str, str]:
    """Return what the parameters of a segment are called, and its role; those of an arc without a name as its row."""
    own = part.segment.name
    row = next((c for c in fit.contributions if c.rivals and own in c.segments), None)
    name, role = (own, part.segment.role) if row is None else (row.name, row.role)
    return f"{name} (one of {part.count})" if part.count > 1 else name, role


def _label(quantity: str, unit: str) -> str:
    symbol, shown = SYMBOLS.get(quantity, f"${quantity}$"), UNITS.get(unit, unit)
    return f"{symbol} / {shown}" if shown else symbol


def _value_or_limit(
    fit: Fit, fitted: FittedParameter, part: PathSegment, quantity: str
) -> tuple[float, Limit]:
    """Return the value of a parameter, or the limit that is known of it; nan where nothing is."""
    rows = [c for c in fit.contributions if c.segments == (part.segment.name,) and np.isfinite(c.limit_ohm)]
    if quantity == "R" and rows and fitted.state in ("not detected", "lower bound", "physical limit"):
        return rows[0].limit_ohm / part.count, "below" if rows[0].resolved == "upper limit" else "above"
    nothing = (
        fitted.state == "physical limit" and fitted.unit != "1"
    )  # a resistance of zero, not an exponent of one
    if fitted.state == "lower bound" or nothing:
        return fitted.value, "below"
    return fitted.value, "above" if fitted.state == "upper bound" else ""


@known_keywords
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
        Bars are one standard error; points without one (fixed, or at a physical limit) are open. An arrow marks a
        limit: 95 % of a resistance that is not seen, or a bound of the template.
    """
    return draw_trend(trend_of(series), axes)


def paint(figure: Figure, series: Series, choice: Choice = BY_DEFAULT) -> list[Axes]:
    """Draw on a whole figure."""
    return paint_trend(figure, trend_of(series), choice)


def data(series: Series, choice: Choice = BY_DEFAULT) -> list[dict[str, Any]]:
    """Return the plotted numbers."""
    return trend_of(series).rows()


KIND = Kind("fitted parameters over temperature", paint, data, frozenset({"xlim", "ylim"}))

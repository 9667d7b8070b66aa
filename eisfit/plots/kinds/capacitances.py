"""Effective capacitance of each contribution over temperature."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from eisfit.plots.canvas.trend import Point, Trend, draw_trend, paint_trend, series_of
from eisfit.plots.kind import Kind
from eisfit.results.series import Series, condition_value

_PANEL = "capacitance / F"


def trend_of(series: Series) -> Trend:
    """Return the capacitances of a series; contributions without one are left out."""
    series = series_of(series)
    points = tuple(
        Point(
            _PANEL,
            row.name,
            row.role,
            fit.label,
            condition_value(fit.spectrum, series.condition),
            row.capacitance_f,
            row.capacitance_stderr_f,
            row.known,
        )
        for fit in series
        for row in fit.contributions
        if np.isfinite(row.capacitance_f)
    )
    return Trend(points, {_PANEL: "$C$ / F"}, frozenset(), series.condition)


def capacitances(series: Series, *, ax: Axes | None = None) -> Figure:
    """Draw the effective capacitance of one segment of each contribution over the condition of a series.

    Parameters
    ----------
    series : Series
        What to draw.
    ax : Axes, optional
        Where; on a new figure of one column if not given.
    """
    return draw_trend(trend_of(series), ax)


def paint(figure: Figure, series: Series) -> list[Axes]:
    """Draw on a whole figure."""
    return paint_trend(figure, trend_of(series))


def data(series: Series) -> list[dict[str, Any]]:
    """Return the plotted numbers."""
    return trend_of(series).rows()


KIND = Kind("capacitances over temperature", paint, data)

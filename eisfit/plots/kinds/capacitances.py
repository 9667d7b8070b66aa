"""Effective capacitance of each contribution over temperature."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from eisfit.constants import VACUUM_PERMITTIVITY_F_PER_M
from eisfit.plots.canvas.choice import BY_DEFAULT, Choice
from eisfit.plots.canvas.trend import Point, Trend, draw_trend, paint_trend, series_of
from eisfit.plots.kind import Kind
from eisfit.results.contribution import Contribution
from eisfit.results.order import condition_value
from eisfit.results.series import Series
from eisfit.tools.keywords import known_keywords

_PERMITTIVITY_F_PER_CM = VACUUM_PERMITTIVITY_F_PER_M / 100
_PANELS = {  # of a boundary per area, of a layer as a permittivity, and of what has no geometry
    "capacitance / F cm-2": "$C$/$A$ / F cm⁻²",
    "relative permittivity": "$C$ $d$/($A$ $ε$$_{0}$)",
    "capacitance / F": "$C$ / F",
}
_NOTE = "\n$C$ = $τ$/$R$ of the arc (Zarc; not by Brug's formula)"


def trend_of(series: Series) -> Trend:
    """Return the capacitances of a series by area or as a permittivity; contributions without one are left out."""
    series = series_of(series)
    points, expected = [], {}
    for fit in series:
        bands = {part.segment.name: part.segment.capacitance for part in fit.template.path}
        for row in fit.contributions:
            if not np.isfinite(row.capacitance_f):
                continue
            panel, factor = _specific(row)
            x = condition_value(fit.spectrum, series.condition)
            value, error = factor * row.capacitance_f, factor * row.capacitance_stderr_f
            points.append(Point(panel, row.name, row.role, fit.label, x, value, error, row.known))
            band = bands.get(row.segments[0]) if len(row.segments) == 1 else None
            if band is not None:
                by = _PERMITTIVITY_F_PER_CM if panel == "relative permittivity" else 1.0
                expected[panel, row.name] = (band[0] / by, band[1] / by)
    found = sorted(points, key=lambda p: list(_PANELS).index(p.panel))
    ranges = tuple((panel, name, *band) for (panel, name), band in expected.items())
    return Trend(tuple(found), _PANELS, frozenset(), series.condition, ranges, _NOTE)


def _specific(row: Contribution) -> tuple[str, float]:
    """Return the panel of a capacitance, and what turns farad into its unit."""
    if np.isfinite(row.asr_ohm_cm2):
        return "capacitance / F cm-2", row.resistance_ohm / (row.asr_ohm_cm2 * row.count)
    if np.isfinite(row.conductivity_s_cm):
        thickness_by_area = row.conductivity_s_cm * row.resistance_ohm / row.count
        return "relative permittivity", thickness_by_area / _PERMITTIVITY_F_PER_CM
    return "capacitance / F", 1.0


@known_keywords
def capacitances(series: Series, *, axes: Axes | Sequence[Axes] | None = None) -> Figure:
    """Draw the effective capacitance of one segment of each contribution over the condition of a series.

    Parameters
    ----------
    series : Series
        What to draw.
    axes : Axes or sequence of Axes, optional
        One per quantity; on a new figure of one column if not given.

    Returns
    -------
    Figure
        Boundaries are in F cm⁻² where the area is known, layers as a relative permittivity where the geometry is;
        that of grain boundaries is an apparent one. Shaded is where the template expects them.
    """
    return draw_trend(trend_of(series), axes)


def paint(figure: Figure, series: Series, choice: Choice = BY_DEFAULT) -> list[Axes]:
    """Draw on a whole figure."""
    return paint_trend(figure, trend_of(series), choice)


def data(series: Series, choice: Choice = BY_DEFAULT) -> list[dict[str, Any]]:
    """Return the plotted numbers."""
    return trend_of(series).rows()


KIND = Kind("capacitances over temperature", paint, data, frozenset({"xlim", "ylim"}))

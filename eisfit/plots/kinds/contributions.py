"""One spectrum split into its contributions: the arc of each, shaded, in the order of the frequencies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from eisfit.errors import InputError
from eisfit.plots.canvas import plane as _plane
from eisfit.plots.canvas.curves import Curve, Curves, Quantity, Result, as_drawn, curves
from eisfit.plots.canvas.grid import grid
from eisfit.plots.canvas.legends import legend_columns
from eisfit.plots.canvas.style import blank, em, ink, role_colours, settle, styled
from eisfit.plots.canvas.units import UNITS, with_prefix
from eisfit.plots.kind import Kind
from eisfit.results.fit import Fit
from eisfit.results.outcome import Outcome
from eisfit.results.split import CurveOf, curves_of

_BAR = 0.3  # length of the bar that stands for a resistor, in em
_SMALL = {"points": 0.28, "fit": 0.0, "decades": 0.28}  # size of marks, in em


def contributions(fit: Fit, *, ax: Axes | None = None, quantity: Quantity = "ohm") -> Axes:
    """Draw the contributions of one spectrum in the complex plane.

    Parameters
    ----------
    fit : Fit
        What to split.
    ax : Axes, optional
        Where; on a new figure of one column if not given.
    quantity : {"ohm", "ohm cm2"}
        Whether impedances are multiplied by the area.

    Returns
    -------
    Axes
        Data are in ohm (or ohm cm2). An arc stands at the right end of those that are faster; it is
        dotted outside the measured window. The line through the points is the sum.

    Raises
    ------
    InputError
        If the fit failed, or the area is asked for and not known.
    """
    shown = curves(fit)
    if ax is None:
        with styled("paper"):
            figure = blank()
            ax = settle(figure.add_subplot())
            _draw(ax, shown.curves[0], shown, quantity)
            _legend_above(ax, _coloured(fit), shown.curves[0], quantity)
            _plane.fit_height(figure, ax)
            return ax
    _draw(ax, shown.curves[0], shown, quantity)
    _legend_above(ax, _coloured(fit), shown.curves[0], quantity)
    return ax


def paint(figure: Figure, result: Result) -> list[Axes]:
    """Draw on a whole figure: a panel for each fit that has a model."""
    fits = _fits(result)
    if len(fits) == 1:
        ax = settle(figure.add_subplot())
        curve = curves(fits).curves[0]
        _draw(ax, curve, curves(fits), "ohm")
        _legend_above(ax, _coloured(fits[0]), curve, "ohm")
        _plane.fit_height(figure, ax)
        return [ax]
    named = {arc.name: (arc, colour) for fit in fits for arc, colour in _coloured(fit)}
    handles = [_handle(arc, colour, arc.name) for arc, colour in named.values()]
    axes = grid(figure, fits, lambda ax, curve, shown, k: _draw(ax, curve, shown, "ohm"), extra_em=2.2)
    figure.legend(handles=handles, loc="outside upper center", ncols=legend_columns(figure, [*named]))
    return axes


def _fits(result: Result) -> list[Fit]:
    fits = [c.fit for c in curves(result).curves if c.fit is not None]
    found = [fit for fit in fits if fit.outcome is not Outcome.FAILED]
    if not found:
        raise InputError("there are no contributions to draw: nothing was fitted; give a Fit or a Series")
    return found


def _coloured(fit: Fit) -> list[tuple[CurveOf, str]]:
    """Return the curves of a fit with the colours of their roles, as in all other figures of it."""
    shown = curves_of(fit)
    by_place = sorted(shown, key=lambda arc: arc.place)
    colours = dict(
        zip((arc.place for arc in by_place), role_colours([arc.role for arc in by_place]), strict=True)
    )
    return [(arc, colours[arc.place]) for arc in shown]


def _draw(ax: Axes, curve: Curve, shown: Curves, quantity: Quantity) -> None:
    assert curve.fit is not None
    _plane.draw(ax, Curves((curve,), shown.over), quantity, colours=[ink()], label=False)
    factor = curve.factor(quantity)
    highest = ax.get_ylim()[1]
    for arc, colour in _coloured(curve.fit):
        z = factor * arc.z_ohm
        solid = z[arc.inside]
        if arc.is_resistor:
            ends = [z[0].real - factor * arc.resistance_ohm, z[0].real]
            ax.plot(ends, [0, 0], color=colour, linewidth=_BAR * 72 * em(), solid_capstyle="butt", gid="arc")
            continue
        if arc.shaded:
            ax.fill_between(z.real, -z.imag, 0, color=colour, alpha=0.25, linewidth=0, gid="shade")
            ax.plot(z.real, -z.imag, ":", color=colour, gid="beyond", zorder=1.6)
        ax.plot(solid.real, -solid.imag, "-", color=colour, gid="arc", zorder=1.7)
    ax.set_ylim(top=highest)
    for line in ax.lines:
        size = _SMALL.get(line.get_gid() or "")
        if size is not None:
            line.set(markersize=size * 72 * em(), linewidth=0.1 * 72 * em())


def _legend_above(ax: Axes, shown: Sequence[tuple[CurveOf, str]], curve: Curve, quantity: Quantity) -> None:
    handles = []
    for arc, colour in shown:
        handles.append(
            _handle(arc, colour, f"{arc.name}: {_said(arc, curve.factor(quantity), UNITS[quantity])}")
        )
    columns = legend_columns(ax, [str(h.get_label()) for h in handles])
    ax.legend(handles=handles, loc="lower left", bbox_to_anchor=(0, 1.0), ncols=columns, borderaxespad=0.2)


def _said(arc: CurveOf, factor: float, unit: str) -> str:
    """Return the resistance of a contribution as the table states it."""
    row = arc.row
    if np.isfinite(row.resistance_ohm):
        return with_prefix(row.resistance_ohm * factor, unit)
    if np.isfinite(row.limit_ohm):
        return f"{'<' if row.resolved == 'upper limit' else '>'} {with_prefix(row.limit_ohm * factor, unit)}"
    return "blocking" if arc.blocking else "not known" if arc.resistance_ohm else "no resistance"


def _handle(arc: CurveOf, colour: str, label: str) -> Patch | Line2D:
    if not arc.shaded:
        width = (_BAR if arc.is_resistor else 0.14) * 72 * em()
        return Line2D([], [], color=colour, label=as_drawn(label), linewidth=width, solid_capstyle="butt")
    return Patch(facecolor=(colour, 0.25), edgecolor=colour, label=as_drawn(label))


def data(result: Result) -> list[dict[str, Any]]:
    """Return the plotted numbers: points, their fit, and the curve of each contribution."""
    rows = _plane.data(_fits(result))
    for fit in _fits(result):
        condition = {"spectrum": fit.label, "temperature_c": fit.spectrum.conditions.temperature_c}
        for arc in curves_of(fit):
            low, high = arc.inside.start, arc.inside.stop
            for k, (f, z) in enumerate(zip(arc.frequency_hz, arc.z_ohm, strict=True)):
                rows.append(
                    {
                        **condition,
                        "kind": arc.name if low <= k < high else f"{arc.name}, beyond the window",
                        "frequency_hz": float(f),
                        "z_real_ohm": float(z.real),
                        "minus_z_imag_ohm": float(-z.imag),
                    }
                )
    return rows


KIND = Kind("spectra split into their segments", paint, data)

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
from eisfit.plots.canvas.choice import BY_DEFAULT, Choice
from eisfit.plots.canvas.curves import Curve, Curves, Quantity, Result, as_drawn, curves
from eisfit.plots.canvas.grid import grid, most_panels, one_by_one, spread
from eisfit.plots.canvas.legends import Entry, legend_above
from eisfit.plots.canvas.style import GREY, blank, em, ink, role_colours, settle, styled
from eisfit.plots.canvas.tails import tail_handles
from eisfit.plots.canvas.units import UNITS, with_prefix
from eisfit.plots.kind import Kind
from eisfit.results.fit import Fit
from eisfit.results.outcome import Outcome
from eisfit.results.split import CurveOf, curves_of
from eisfit.tools.frozen import Complexes
from eisfit.tools.keywords import known_keywords

_BAR = 0.3  # length of the bar that stands for a resistor, in em
_SMALL = {"points": 0.3, "fit": 0.0, "decades": 0.0}  # size of marks, in em
_OVERLAP = 0.22  # opacity


@known_keywords
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
        If the fit failed, is a series or a spectrum, or the area is asked for and not known.
    """
    if not isinstance(fit, Fit):
        raise InputError(
            f"the contributions of one spectrum need a Fit, and this is a {type(fit).__name__}: give one of a series "
            "as series[0] or series[label]; eisfit plot RESULTS contributions draws a panel for each"
        )
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


def paint(figure: Figure, result: Result | Curves, choice: Choice = BY_DEFAULT) -> list[Axes]:
    """Draw on a whole figure: a panel for each fit that has a model."""
    shown = result if isinstance(result, Curves) else _fitted(result)
    quantity = choice.quantity
    if len(shown.curves) == 1:
        ax = settle(figure.add_subplot())
        _draw(ax, shown.curves[0], shown, quantity)
        _legend_above(ax, _coloured(_fit_of(shown.curves[0])), shown.curves[0], quantity)
        _plane.limit(ax, choice)
        _plane.fit_height(figure, ax)
        return [ax]
    handles = _named_handles(shown)
    chosen = spread(len(shown.curves), _most(figure, shown, quantity, len(handles)))
    return grid(
        figure,
        one_by_one(shown.part(chosen)),
        lambda ax, panel: _draw(ax, panel.shown.curves[0], panel.shown, quantity),
        titles=_plane.TITLES,
        handles=handles,
        unit=UNITS[quantity],
        note=f"{len(chosen)} of {shown.all} spectra" if len(chosen) < shown.all else "",
    )


def _named_handles(shown: Curves) -> list[Entry]:
    """Return the legend of several panels: each contribution by its name, and what else is drawn."""
    parts = [pair for curve in shown.curves for pair in _coloured(_fit_of(curve))]
    named = {arc.name: (arc, colour) for arc, colour in parts}
    return [*(_handle(arc, colour, arc.name) for arc, colour in named.values()), *_common_handles()]


def _most(figure: Figure, shown: Curves, quantity: Quantity, entries: int) -> int:
    return most_panels(figure, _plane.steepest(shown, quantity), entries)


def pages(figure: Figure, result: Result, choice: Choice) -> list[Curves]:
    """Return the curves of each page, about as many on each."""
    shown = _fitted(result).thinned()
    return shown.divided(_most(figure, shown, choice.quantity, len(_named_handles(shown))))


def _fitted(result: Result) -> Curves:
    """Return the curves that have a model."""
    shown = curves(result)
    _fits(result)
    kept = [
        k
        for k, curve in enumerate(shown.curves)
        if curve.fit is not None and curve.fit.outcome is not Outcome.FAILED
    ]
    return shown.part(kept)


def _fit_of(curve: Curve) -> Fit:
    assert curve.fit is not None
    return curve.fit


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
    fit = _fit_of(curve)
    _plane.draw(ax, Curves((curve,), shown.over), quantity, colours=[ink()], bar=False, label=False)
    factor = curve.factor(quantity)
    (left, right), highest = ax.get_xlim(), ax.get_ylim()[1]
    end = 0.0
    for arc, colour in _coloured(fit):
        z = factor * arc.z_ohm
        solid = z[arc.inside]
        if arc.is_resistor:
            end = z[0].real
            ends = [end - factor * arc.resistance_ohm, end]
            ax.plot(ends, [0, 0], color=colour, linewidth=_BAR * 72 * em(), solid_capstyle="butt", gid="arc")
            continue
        if arc.shaded:
            end = max(end, float(z[-1].real))
            ax.fill_between(z.real, -z.imag, 0, color="white", linewidth=0, zorder=0.5)
            ax.fill_between(z.real, -z.imag, 0, color=colour, alpha=0.25, linewidth=0, gid="shade")
            ax.plot(z.real, -z.imag, ":", color=colour, gid="beyond", zorder=1.6)
        width = None if arc.shaded else _BAR * 72 * em()  # seen beside the black line of the sum
        alpha = 1.0 if arc.shaded else 0.6
        ax.plot(
            solid.real,
            -solid.imag,
            "-",
            color=colour,
            linewidth=width,
            alpha=alpha,
            solid_capstyle="butt",
            gid="arc",
            zorder=1.7,
        )
    _shade_overlap(ax, factor * curve.dense()[1], end)
    ax.set_xlim(left, right)
    ax.set_ylim(top=highest)
    for line in ax.lines:
        if line.get_gid() in _SMALL:
            line.set(markersize=_SMALL[str(line.get_gid())] * 72 * em(), linewidth=0.1 * 72 * em())
            if line.get_gid() == "points":
                line.set(color=GREY, markerfacecolor="none", markeredgewidth=0.06 * 72 * em())


def _shade_overlap(ax: Axes, z: Complexes, end: float) -> None:
    """Shade what lies below the sum of neighbours and below none of them, up to the end of the last arc."""
    part = z[z.real <= end]
    if part.size > 1:
        ax.fill_between(
            part.real, -part.imag, 0, color=GREY, alpha=_OVERLAP, linewidth=0, zorder=0.4, gid="overlap"
        )


def _common_handles() -> list[Entry]:
    """Return what a legend says of points, of their fit, and of where arcs overlap."""
    size = 72 * em()
    return [
        Line2D(
            [],
            [],
            color=GREY,
            marker="o",
            markerfacecolor="none",
            markersize=_SMALL["points"] * size,
            linestyle="none",
            label="measured",
        ),
        Line2D([], [], color=ink(), linewidth=0.1 * size, label="fit (sum)"),
        Patch(facecolor=(GREY, _OVERLAP), label="overlap of arcs"),
    ]


def _legend_above(ax: Axes, shown: Sequence[tuple[CurveOf, str]], curve: Curve, quantity: Quantity) -> None:
    handles: list[Entry] = []
    for arc, colour in shown:
        handles.append(
            _handle(arc, colour, f"{arc.name}: {_said(arc, curve.factor(quantity), UNITS[quantity])}")
        )
    legend_above(ax, [*handles, *_common_handles(), *tail_handles([ax], UNITS[quantity])])


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
        line = Line2D([], [], color=colour, label=as_drawn(label), linewidth=_BAR * 72 * em())
        line.set(solid_capstyle="butt", alpha=1.0 if arc.is_resistor else 0.6)
        return line
    return Patch(facecolor=(colour, 0.25), edgecolor=colour, label=as_drawn(label))


def data(result: Result, choice: Choice = BY_DEFAULT) -> list[dict[str, Any]]:
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


KIND = Kind("spectra split into their segments", paint, data, frozenset({"quantity"}), pages)

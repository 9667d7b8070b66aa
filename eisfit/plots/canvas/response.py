"""One panel of a response over frequency: logarithmic axes whose limits follow the data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from matplotlib import rcParams
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from eisfit.errors import InputError
from eisfit.plots.canvas.axes import colour_bar
from eisfit.plots.canvas.choice import BY_DEFAULT, Choice
from eisfit.plots.canvas.curves import Curve, Curves, Result, as_drawn, curves
from eisfit.plots.canvas.legends import note_below
from eisfit.plots.canvas.log_ticks import log_ticks
from eisfit.plots.canvas.panels import limited, over_frequency, stacked
from eisfit.plots.canvas.style import GREY, blank, em, fineness, styled
from eisfit.plots.kind import Kind
from eisfit.spectrum.conditions import Conditions
from eisfit.tools.frozen import Complexes, Floats

Formula: TypeAlias = Callable[[Floats, Complexes, Conditions], Floats]

TAKES = frozenset({"labels", "xlim", "ylim"})  # of a `Choice`
_HEIGHT_EM = 21.0
_SYMBOL_EM, _FEW = 0.4, 16  # size of a symbol, and the number of curves above which it shrinks
_MARGIN = 0.06  # of the logarithmic span, on each side


@dataclass(frozen=True)
class Form:
    """One way to show a response.

    Parameters
    ----------
    label : str
        Of the axis, with its unit.
    column : str
        Name in the table of plotted numbers.
    value : callable
        Takes frequencies in Hz, impedances in ohm and the conditions of their spectrum.
    """

    label: str
    column: str
    value: Formula


@dataclass(frozen=True)
class Response:
    """A response over frequency.

    Parameters
    ----------
    plain : Form
        Where area or thickness of a spectrum is not known.
    specific : Form, optional
        Where both are known of all spectra; `plain` if not given.
    """

    plain: Form
    specific: Form | None = None

    def form(self, shown: Curves) -> Form:
        """Return the form that all curves can be shown in."""
        known = [c.spectrum.conditions for c in shown.curves]
        whole = all(c.area_cm2 is not None and c.thickness_cm is not None for c in known)
        return self.specific if self.specific is not None and whole else self.plain


def draw_response(result: Result, response: Response, ax: Axes | None) -> Axes:
    """Draw a response on axes, or on a new figure of one column.

    Raises
    ------
    InputError
        If there is nothing to draw.
    """
    if ax is None:
        with styled("paper"):
            return paint_response(blank(), result, response)
    return _draw(ax, curves(result), response)


def paint_response(figure: Figure, result: Result, response: Response, choice: Choice = BY_DEFAULT) -> Axes:
    """Draw on a whole figure, and give it its height."""
    (ax,) = stacked(figure, 1, _HEIGHT_EM)
    return limited([_draw(ax, curves(result, choice.labels or None).thinned(), response)], choice)[0]


def _draw(ax: Axes, shown: Curves, response: Response) -> Axes:
    form = response.form(shown)
    ax.set_yscale("log")
    log_ticks(ax.yaxis)
    ax.set_ylabel(form.label)
    drawn: list[Floats] = []
    hidden = 0
    for curve, colour in zip(shown.curves, shown.colours, strict=True):
        seen = _curve(ax, form, curve, colour, _size(len(shown.curves)))
        hidden += int(np.count_nonzero(~seen.positive))
        drawn += [seen.points[seen.positive], seen.fitted[seen.fitted > 0]]
    limits = np.concatenate([y[np.isfinite(y)] for y in drawn])
    if not limits.size:
        raise InputError(
            f"there is nothing to draw: {form.column} is positive at no frequency; are all points inductive?"
        )
    ax.set_ylim(*_around(limits))
    over_frequency([ax])
    window = np.concatenate([c.spectrum.frequency_hz[c.spectrum.used] for c in shown.curves])
    ax.set_xlim(*_around(window))
    total = sum(int(c.spectrum.used.sum()) for c in shown.curves)
    are = "is" if hidden == 1 else "are"
    said = f"{hidden} of {total} points {are} not positive: not shown" if hidden else ""
    note_below(ax, shown.note, said)
    colour_bar(ax, shown)
    return ax


@dataclass(frozen=True)
class _Seen:
    points: Floats
    fitted: Floats

    @property
    def positive(self) -> Any:
        return np.isfinite(self.points) & (self.points > 0)


def _size(curves_drawn: int) -> float:
    """Return the size of symbols in em: smaller where many curves would hide each other."""
    return _SYMBOL_EM * fineness(curves_drawn, _FEW)


def _curve(ax: Axes, form: Form, curve: Curve, colour: Any, size: float) -> _Seen:
    s = curve.spectrum
    y = form.value(s.frequency_hz, s.z_ohm, s.conditions)
    grid, z = curve.dense()
    fitted = form.value(grid, z, s.conditions)
    seen = _Seen(y[s.used], fitted)
    thin = size / _SYMBOL_EM
    for chosen, look, gid in ((s.used, "o", "points"), (~s.used, "x", "masked")):
        at, values = s.frequency_hz[chosen], np.where(y[chosen] > 0, y[chosen], np.nan)
        masked = gid == "masked"
        ax.plot(
            at,
            values,
            look,
            color=GREY if masked else colour,
            markerfacecolor="none",
            markersize=size * 72 * em(),
            markeredgewidth=thin * rcParams["lines.markeredgewidth"],
            gid=gid,
            zorder=1.8 if masked else 2.2,
            label="" if masked else as_drawn(curve.label),
        )
    if grid.size:
        ax.plot(
            grid,
            np.where(fitted > 0, fitted, np.nan),
            "-",
            color=colour,
            gid="fit",
            zorder=2.1,
            linewidth=thin * rcParams["lines.linewidth"],
        )
    return seen


def _around(values: Floats) -> tuple[float, float]:
    """Return limits of a logarithmic axis around positive values; half a decade around a single one."""
    low, high = np.log10(values.min()), np.log10(values.max())
    margin = max(_MARGIN * (high - low), (0.5 - (high - low)) / 2)
    return 10.0 ** float(low - margin), 10.0 ** float(high + margin)


def response_rows(result: Result, response: Response, choice: Choice = BY_DEFAULT) -> list[dict[str, Any]]:
    """Return the plotted numbers: measured points, masked ones, and the fitted curve; also those not positive."""
    shown = curves(result, choice.labels or None)
    form = response.form(shown)
    rows: list[dict[str, Any]] = []
    for curve in shown.curves:
        s = curve.spectrum
        grid, fitted = curve.dense()
        kinds = ["masked" if masked else "measured" for masked in s.mask] + ["fitted"] * grid.size
        f, z = np.concatenate([s.frequency_hz, grid]), np.concatenate([s.z_ohm, fitted])
        y = form.value(f, z, s.conditions)
        rows += [
            {
                "spectrum": curve.label,
                shown.over: curve.condition,
                "kind": kind,
                "frequency_hz": float(f[k]),
                form.column: float(y[k]) if np.isfinite(y[k]) else None,
            }
            for k, kind in enumerate(kinds)
        ]
    return rows


def kind_of(title: str, response: Response) -> Kind:
    """Return the kind of figure that shows a response."""

    def paint(figure: Figure, result: Result, choice: Choice = BY_DEFAULT) -> Axes:
        return paint_response(figure, result, response, choice)

    def data(result: Result, choice: Choice = BY_DEFAULT) -> list[dict[str, Any]]:
        return response_rows(result, response, choice)

    return Kind(title, paint, data, TAKES)

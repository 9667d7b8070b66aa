"""Residuals in percent of |Z| over frequency, with the band of the noise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from eisfit.errors import InputError
from eisfit.plots.canvas.axes import colour_bar
from eisfit.plots.canvas.curves import Curve, Curves, Result, as_drawn, curves
from eisfit.plots.canvas.legends import root
from eisfit.plots.canvas.panels import over_frequency, stacked
from eisfit.plots.canvas.style import GREY, blank, em, ink, styled
from eisfit.plots.kind import Kind
from eisfit.results.outcome import Outcome
from eisfit.tools.frozen import Floats
from eisfit.tools.statistics import NORMAL_95

LABELS = ("Δ$Z$′ / |$Z$| / %", "Δ$Z$″ / |$Z$| / %")
_ROOM = 1.15


def residuals(result: Result, *, axes: Sequence[Axes] | None = None) -> Figure:
    """Draw (measured - model) / |measured| of the real and of the imaginary part.

    Parameters
    ----------
    result : Fit, Series, or an iterable of them
        What to draw; fits that failed are left out.
    axes : sequence of two Axes, optional
        For the real and the imaginary part; on a new figure of one column if not given.

    Returns
    -------
    Figure
        One grey band per spectrum: it holds 95 % of noise as large as the scatter of neighbouring points.

    Raises
    ------
    InputError
        If there is no fit that has a model.
    """
    if axes is None:
        with styled("paper"):
            figure = blank()
            paint(figure, result)
            return figure
    _draw(list(axes), _fitted(result))
    return root(axes[0])


def paint(figure: Figure, result: Result) -> list[Axes]:
    """Draw on a whole figure."""
    return _draw(stacked(figure, 2, 10.5), _fitted(result))


def _fitted(result: Result) -> Curves:
    """Return the curves that have a model."""
    shown = curves(result)
    kept = tuple(c for c in shown.curves if c.fit is not None and c.fit.outcome is not Outcome.FAILED)
    if not kept:
        raise InputError("there are no residuals to draw: nothing was fitted; give a Fit or a Series")
    return Curves(kept, shown.over)


def _draw(axes: list[Axes], shown: Curves) -> list[Axes]:
    if len(axes) != 2:
        raise InputError(f"{len(axes)} axes were given for 2 panels: give one for each")
    for ax, label, part in zip(axes, LABELS, (0, 1), strict=True):
        largest = 0.0
        for curve, colour in zip(shown.curves, shown.colours, strict=True):
            largest = max(largest, _curve(ax, curve, colour, part, crowd=len(shown.curves)))
        ax.axhline(0, color=ink(), linewidth=0.07 * 72 * em(), zorder=1.9)
        ax.set_ylim(-_ROOM * largest, _ROOM * largest)
        ax.set_ylabel(label)
    over_frequency(axes)
    colour_bar(axes[0], shown, beside=axes)
    return axes


def _curve(ax: Axes, curve: Curve, colour: Any, part: int, crowd: int) -> float:
    """Draw the residuals of one part; return the largest of the points used and of the band."""
    fit = curve.fit
    assert fit is not None
    f, used = curve.spectrum.frequency_hz, curve.spectrum.used
    y: Floats = fit.residual_percent.imag if part else fit.residual_percent.real
    noise = NORMAL_95 * (fit.statistics.noise_percent if fit.statistics else np.nan)
    if np.isfinite(noise):
        window, raised_from_zero = [f[used].min(), f[used].max()], 0.3 / crowd
        ax.fill_between(window, -noise, noise, color=GREY, alpha=raised_from_zero, linewidth=0, gid="noise")
    size, line = (0.4, 0.06) if crowd == 1 else (0.2, 0.04)
    ax.plot(
        f[used],
        y[used],
        "o-",
        color=colour,
        markersize=size * 72 * em(),
        linewidth=line * 72 * em(),
        gid="points",
        label=as_drawn(curve.label),
    )
    ax.plot(f[~used], y[~used], "x", color=GREY, markersize=0.4 * 72 * em(), gid="masked")
    return float(np.nanmax([*np.abs(y[used]), noise if np.isfinite(noise) else 0.0]))


def data(result: Result) -> list[dict[str, Any]]:
    """Return the plotted numbers."""
    shown = _fitted(result)
    rows = []
    for curve in shown.curves:
        assert curve.fit is not None
        s, residual = curve.spectrum, curve.fit.residual_percent
        noise = curve.fit.statistics.noise_percent if curve.fit.statistics else float("nan")
        for k in range(len(s)):
            rows.append(
                {
                    "spectrum": curve.label,
                    shown.over: curve.condition,
                    "kind": "masked" if s.mask[k] else "used",
                    "frequency_hz": float(s.frequency_hz[k]),
                    "residual_real_percent": float(residual[k].real),
                    "residual_imag_percent": float(residual[k].imag),
                    "noise_band_percent": NORMAL_95 * noise,
                }
            )
    return rows


KIND = Kind("residuals in percent of |Z|", paint, data)

"""The Nyquist plot with an inset that enlarges its high-frequency end."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from eisfit.plots.canvas import plane as _plane
from eisfit.plots.canvas.curves import Curves, Quantity, Result, curves
from eisfit.plots.canvas.style import blank, ink, settle, styled
from eisfit.plots.kind import Kind
from eisfit.tools.quotients import SMALLEST_DIVISOR

INSET = (0.14, 0.56, 0.55, 0.41)  # left, bottom, width, height in fractions of the axes
_HEIGHT = 0.9  # height of the axes relative to their width
_LARGE = 0.35  # an enlarged part is smaller than this fraction of the whole


def nyquist_inset(
    result: Result, *, above_hz: float | None = None, ax: Axes | None = None, quantity: Quantity = "ohm"
) -> Axes:
    """Draw a Nyquist plot with an inset at the high frequencies.

    Parameters
    ----------
    result : Spectrum, Fit, Series, or an iterable of them
        What to draw.
    above_hz : float, optional
        The inset holds all points above this frequency; if not given, what lies near the origin.
    ax : Axes, optional
        Where; on a new figure of one column if not given.
    quantity : {"ohm", "ohm cm2"}
        Whether impedances are multiplied by the area.

    Returns
    -------
    Axes
        The inset is the last of its child axes.
    """
    shown = curves(result)
    if ax is not None:
        return _draw(ax, shown, quantity, above_hz)
    with styled("paper"):
        return paint(blank(), result, quantity, above_hz)


def paint(figure: Figure, result: Result, quantity: Quantity = "ohm", above_hz: float | None = None) -> Axes:
    """Draw on a whole figure."""
    ax = _draw(settle(figure.add_subplot()), curves(result), quantity, above_hz)
    _plane.fit_height(figure, ax)
    return ax


def _draw(ax: Axes, shown: Curves, quantity: Quantity, above_hz: float | None) -> Axes:
    _plane.draw(ax, shown, quantity)
    (x0, x1), (y0, y1) = ax.get_xlim(), ax.get_ylim()
    ax.set_ylim(y0, max(y1, y0 + _HEIGHT * (x1 - x0)))
    while _highest_under_inset(ax) > INSET[1] - 0.17:
        x0, x1, y0, y1 = *ax.get_xlim(), *ax.get_ylim()
        ax.set_xlim(x0, x0 + 1.05 * (x1 - x0))
        ax.set_ylim(y0, y0 + 1.08 * (y1 - y0))
    inset = settle(ax.inset_axes(INSET))
    _plane.draw(inset, shown, quantity, bar=False, label=False)
    _zoom(inset, ax, shown, quantity, above_hz)
    inset.set_xlabel("")
    inset.set_ylabel("")
    box = ax.indicate_inset_zoom(inset, edgecolor=ink(), alpha=0.8)
    for connector in box.connectors or ():
        connector.set_visible(False)
    return ax


def _highest_under_inset(ax: Axes) -> float:
    """Return how high lines reach below the inset, in fractions of the axes."""
    found = [np.asarray(line.get_xydata(), float) for line in ax.lines]
    xy = ax.transLimits.transform(np.concatenate([f for f in found if f.size]))
    under = xy[xy[:, 0] < INSET[0] + INSET[2] + 0.02, 1]
    return float(under.max(initial=0.0))


def _zoom(inset: Axes, parent: Axes, shown: Curves, quantity: Quantity, above_hz: float | None) -> None:
    """Show the points above a frequency, or the part near the origin that holds the smallest curve."""
    parts = []
    for curve in shown.curves:
        used = curve.spectrum.used
        f, z = curve.spectrum.frequency_hz[used], curve.factor(quantity) * curve.spectrum.z_ohm[used]
        parts.append(z if above_hz is None else z[f > above_hz])
    whole = np.concatenate(parts)
    edge = max(float(np.ptp(whole.real)), SMALLEST_DIVISOR)
    reach = min((float(p.real.max()) for p in parts if p.size), default=edge)
    if above_hz is not None:
        reach = float(whole.real.max()) if whole.size else edge
    elif len(parts) == 1 or reach > whole.real.min() + _LARGE * edge:
        reach = float(whole.real.min()) + 0.2 * edge
    x0 = min(0.0, float(whole.real.min()))
    size = 1.1 * (reach - x0)
    (left, right), (bottom, top) = parent.get_xlim(), parent.get_ylim()
    ratio = INSET[3] / INSET[2] * (top - bottom) / (right - left)
    low = x0 - 0.04 * size
    inset.set_xlim(low, x0 + size)
    inset.set_ylim(-0.04 * size, -0.04 * size + ratio * (x0 + size - low))
    _plane.scale_ticks(inset, quantity, like=parent)
    inset.locator_params(axis="both", nbins=4, steps=[1, 2, 2.5, 5, 10])


KIND = Kind("the same, high frequencies enlarged", paint, _plane.data)

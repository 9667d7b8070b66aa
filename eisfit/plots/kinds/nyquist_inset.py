"""The Nyquist plot with an inset that enlarges its high-frequency end."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from eisfit.plots.canvas import plane as _plane
from eisfit.plots.canvas.choice import BY_DEFAULT, Choice
from eisfit.plots.canvas.curves import Curves, Quantity, Result, curves
from eisfit.plots.canvas.groups import size
from eisfit.plots.canvas.legends import note_below, root
from eisfit.plots.canvas.style import blank, em, ink, settle, styled
from eisfit.plots.canvas.tails import shown_part
from eisfit.plots.kind import Kind
from eisfit.tools.keywords import known_keywords
from eisfit.tools.quotients import SMALLEST_DIVISOR

INSET = (0.17, 0.6, 0.52, 0.37)  # left, bottom, width, height in fractions of the axes
_HEIGHT, _WIDE_HEIGHT = 0.85, 0.62  # height of the axes relative to their width: in one column, and in two
_WIDE_EM = 45.0  # of a figure, in sizes of the text, from which on it is wide
BESIDE_TAILS = (0.55, 0.26, 0.43, 0.6)  # where blocking tails fill the upper left
_TALL_EM = 10.0  # least height of axes with an inset beside blocking tails
_BELOW_EM = 3.3  # of its labels
_LABELS = (0.17, 0.24)  # room for the labels of an inset, in the same
_LABELS_EM, _AROUND_EM = 4.15, 9.0  # the first, and what is left and right of the axes, in sizes of the text
_ROUNDS = 80
_BESIDE = 6.0  # curves that reach further than this multiple of the inset are not drawn in it
_LARGE = 0.35  # an enlarged part is smaller than this fraction of the whole


@known_keywords
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
        The inset is the last of its child axes; it holds the curves that are about as small as the smallest.
    """
    shown = curves(result)
    if ax is not None:
        return _draw(ax, shown, quantity, above_hz)
    with styled("paper"):
        return paint(blank(), result, Choice(quantity=quantity), above_hz)


def paint(figure: Figure, result: Result, choice: Choice = BY_DEFAULT, above_hz: float | None = None) -> Axes:
    """Draw on a whole figure."""
    shown = curves(result, choice.labels or None).thinned()
    ax = _draw(settle(figure.add_subplot()), shown, choice.quantity, above_hz)
    note_below(ax, shown.note)
    _plane.fit_height(figure, ax)
    return ax


def _draw(ax: Axes, shown: Curves, quantity: Quantity, above_hz: float | None) -> Axes:
    _plane.draw(ax, shown, quantity)
    (x0, x1), (y0, y1) = ax.get_xlim(), ax.get_ylim()
    height = _WIDE_HEIGHT if root(ax).get_figwidth() > _WIDE_EM * em() else _HEIGHT
    ax.set_ylim(y0, max(y1, y0 + height * (x1 - x0)))
    tails = any(shown_part(curve)[1] for curve in shown.curves)
    left = _room_left(ax)
    if tails:
        height = max(_WIDE_HEIGHT, _TALL_EM / _width_em(ax))
        _raise(ax, height)
    place = _beside_tails(ax, height) if tails else (left, INSET[1], INSET[0] + INSET[2] - left, INSET[3])
    for _ in range(_ROUNDS):
        if not _covers(ax, place, left):
            break
        x0, x1, y0, y1 = *ax.get_xlim(), *ax.get_ylim()
        ax.set_xlim(x0, x0 + 1.05 * (x1 - x0))
        if tails:
            _raise(ax, height)
        else:
            ax.set_ylim(y0, y0 + 1.08 * (y1 - y0))
    inset = settle(ax.inset_axes(place))
    enlarged = shown if above_hz is not None else _enlarged(shown, quantity)
    _plane.draw(inset, enlarged, quantity, bar=False, label=False)
    _zoom(inset, ax, shown, quantity, above_hz)
    points = 72 * em()
    inset.set_xlabel(inset.get_xlabel(), fontsize=points, labelpad=0.1 * points)
    inset.set_ylabel(inset.get_ylabel(), fontsize=points, labelpad=0.1 * points)
    box = ax.indicate_inset_zoom(inset, edgecolor=ink(), alpha=0.8)
    for connector in box.connectors or ():
        connector.set_visible(False)
    return ax


def _raise(ax: Axes, height: float) -> None:
    """Lengthen the y axis until the axes are at least so high, relative to their width."""
    (x0, x1), (y0, y1) = ax.get_xlim(), ax.get_ylim()
    ax.set_ylim(y0, max(y1, y0 + height * (x1 - x0)))


def _width_em(ax: Axes) -> float:
    """Return the width that the axes will have, in sizes of the text."""
    return max(root(ax).get_figwidth() / em() - _AROUND_EM, 1.0)


def _beside_tails(ax: Axes, height: float) -> tuple[float, float, float, float]:
    """Return the place of an inset beside tails, with room for its labels above the x axis."""
    left, below, width, tall = BESIDE_TAILS
    low = max(below, _BELOW_EM / (height * _width_em(ax)))
    return left, low, width, below + tall - low


def _enlarged(shown: Curves, quantity: Quantity) -> Curves:
    """Return the curves that are about as small as the smallest: others would only cross the inset."""
    sizes = [size(curve, quantity) for curve in shown.curves]
    least = min((s for s in sizes if s > 0), default=0.0)
    return shown.part([k for k, s in enumerate(sizes) if s <= _BESIDE * least])


def _room_left(ax: Axes) -> float:
    """Return which fraction of the axes the labels at the left of an inset need: more where letters are large."""
    return max(_LABELS[0], _LABELS_EM / _width_em(ax))


def _covers(ax: Axes, place: tuple[float, float, float, float], room: float) -> bool:
    """Tell whether an inset with its labels, in fractions of the axes, covers a point or a curve."""
    found = [np.asarray(line.get_xydata(), float) for line in ax.lines if line.get_gid() in ("points", "fit")]
    xy = ax.transLimits.transform(np.concatenate([f for f in found if f.size]))
    left, below, width, height = place
    inside = (xy[:, 0] > left - room) & (xy[:, 0] < left + width + 0.02)
    return bool(np.any(inside & (xy[:, 1] > below - _LABELS[1]) & (xy[:, 1] < below + height + 0.02)))


def _zoom(inset: Axes, parent: Axes, shown: Curves, quantity: Quantity, above_hz: float | None) -> None:
    """Show the points above a frequency, or the part near the origin that holds the smallest curve."""
    parts = []
    for curve in shown.curves:
        used = curve.spectrum.used
        f, z = curve.spectrum.frequency_hz[used], curve.spectrum.z_ohm[used]
        chosen = shown_part(curve)[0] if above_hz is None else z[f > above_hz]
        parts.append(curve.factor(quantity) * chosen)
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
    width, height = inset.bbox.width / parent.bbox.width, inset.bbox.height / parent.bbox.height
    ratio = height / width * (top - bottom) / (right - left)
    low = x0 - 0.04 * size
    inset.set_xlim(low, x0 + size)
    inset.set_ylim(-0.04 * size, -0.04 * size + ratio * (x0 + size - low))
    _plane.scale_ticks(inset, quantity)
    inset.locator_params(axis="both", nbins=4, steps=[1, 2, 2.5, 5, 10])


KIND = Kind("the same, high frequencies enlarged", paint, _plane.data, frozenset({"labels", "quantity"}))

"""Blocking tails in the complex plane: where they begin, how much of them is shown, and the mark that they go on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.lines import Line2D
from matplotlib.markers import MarkerStyle
from matplotlib.transforms import Affine2D, IdentityTransform

from eisfit.plots.canvas.curves import Curve
from eisfit.plots.canvas.style import em, ink
from eisfit.plots.canvas.units import with_prefix
from eisfit.results.contribution import Contribution
from eisfit.tools.frozen import Complexes, Floats

SHOWN = 1.5  # a tail is shown up to this multiple of the foot of the last arc
_LONG = 2.5  # tails that end below this multiple are shown as a whole
_LEAST = 6  # points of a tail that are shown at least
_NOISE = 1.02  # a point of a tail may lie this much above the next one of lower frequency
_STRAIGHT = 0.85  # of the slope of its first half: a tail that flattens more is the flank of an arc


def shown_part(curve: Curve) -> tuple[Complexes, bool]:
    """Return the impedances in ohm, of points used and fit, that a figure shows, and whether it cuts off a tail."""
    _, fitted = curve.dense()
    z = np.concatenate([curve.spectrum.z_ohm[curve.spectrum.used], fitted])
    limit = _limit(curve, fitted)
    if limit is None:
        return z, False
    return z[(z.real <= limit) & (-z.imag <= limit)], True


def _limit(curve: Curve, fitted: Complexes) -> float | None:
    """Return up to which Z' and -Z'' in ohm a curve is shown; None if all of it is."""
    z = _by_frequency(curve)
    if z.size < _LEAST + 1:
        return None
    path = fitted if fitted.size and curve.fit is not None and not curve.fit.missed else z
    start = _start_of_tail(path)
    if not (_blocks(curve) or ((path is z or _open_rows(curve)) and _is_straight(path[start:]))):
        return None
    foot, end = max(float(path[start].real), _intercept(curve, path[start:])), path[-1]
    if foot <= 0 or start == path.size - 1 or max(end.real, -end.imag) <= _LONG * foot:
        return None
    tail = z[np.maximum(z.real, -z.imag) >= foot]
    least = np.sort(np.maximum(tail.real, -tail.imag))[:_LEAST][-1] if tail.size else foot
    return max(SHOWN * foot, float(least))


def _by_frequency(curve: Curve) -> Complexes:
    """Return the points used, the highest frequency first."""
    spectrum = curve.spectrum
    order = np.argsort(-spectrum.frequency_hz[spectrum.used], kind="stable")
    return spectrum.z_ohm[spectrum.used][order]


def _start_of_tail(path: Complexes) -> int:
    """Return from which place on -Z'' rises down to the lowest frequency."""
    y = -path.imag
    k = path.size - 1
    while k > 0 and y[k - 1] < y[k] * _NOISE and y[k - 1] > 0:
        k -= 1
    return k


def _intercept(curve: Curve, tail: Complexes) -> float:
    """Return the resistance before a tail: of the rows of a fit, else where its last half points to."""
    if curve.fit is not None and not curve.fit.missed:
        open_ = _open_rows(curve)
        known = [
            c.resistance_ohm
            for c in curve.fit.contributions
            if c.kind in ("segment", "sum") and all(c is not each for each in open_)
        ]
        return float(np.nansum(known))
    middle, last = tail[tail.size // 2], tail[-1]
    rise = -(last.imag - middle.imag)
    return float(middle.real + middle.imag * (last.real - middle.real) / rise) if rise > 0 else 0.0


def _blocks(curve: Curve) -> bool:
    """Tell whether the circuit of a fit lets no direct current pass."""
    return curve.fit is not None and any(part.blocking for part in curve.fit.template.path)


def _open_rows(curve: Curve) -> list[Contribution]:
    """Return the rows of a fit whose arc does not close in the window: from below only, or its top lies below it."""
    if curve.fit is None:
        return []
    spectrum = curve.spectrum
    lowest = spectrum.frequency_hz[spectrum.used].min(initial=np.inf)
    return [
        c
        for c in curve.fit.contributions
        if c.kind in ("segment", "sum")
        and (
            (c.resolved == "no" and np.isfinite(c.limit_ohm))
            or (c.resolved == "top outside window" and not c.frequency_hz > lowest)
        )
    ]


def _is_straight(tail: Complexes) -> bool:
    """Tell whether a tail is steep and does not bend towards the real axis, as the flank of an arc does."""
    if tail.size < _LEAST:
        return False
    first, middle, last = tail[0], tail[tail.size // 2], tail[-1]
    if last.imag - first.imag > -abs(last.real - first.real):
        return False
    slopes = [
        -(b.imag - a.imag) / max(b.real - a.real, 1e-9 * abs(b)) for a, b in ((first, middle), (middle, last))
    ]
    return bool(slopes[1] >= _STRAIGHT * slopes[0])


def tail_handles(axes: Sequence[Axes], unit: str) -> list[Line2D]:
    """Return what a legend says of the tails that leave some axes: one entry, or none.

    Parameters
    ----------
    axes : sequence of Axes
        With their limits set.
    unit : str
        Of their data.
    """
    ends = [end for ax in axes for a in ax.artists if isinstance(a, TailMarks) for end in a.ends_outside()]
    if not ends:
        return []
    text = f"tail goes on to |$Z$| = {with_prefix(max(ends), unit)}"
    size = 0.6 * 72 * em()
    return [Line2D([], [], color=ink(), marker="^", linestyle="none", markersize=size, label=text)]


class TailMarks(Artist):
    """A triangle where each of some curves leaves the axes, placed again at every drawing.

    Parameters
    ----------
    ax : Axes
        Whose frame the curves leave.
    paths : sequence of ndarray, shape (n, 2)
        Curves in data coordinates, the highest frequency first.
    colours : sequence of colours
        One for each.
    share : float
        Of the usual size.
    """

    def __init__(self, ax: Axes, paths: Sequence[Floats], colours: Sequence[Any], share: float = 1.0) -> None:
        super().__init__()
        self.paths, self.size = list(paths), share * 0.6 * 72 * em()
        self.inset = 0.45 * em()
        self.set_zorder(4)
        self.set_in_layout(False)
        ax.add_artist(self)
        self.marks = [
            Line2D([], [], color=c, linestyle="none", markersize=self.size, markeredgewidth=0)
            for c in colours
        ]
        for mark in self.marks:
            mark.set_figure(ax.figure)
            mark.set_transform(IdentityTransform())

    def ends_outside(self) -> list[float]:
        """Return the distances from the origin of the ends of those curves that leave the axes."""
        assert self.axes is not None
        (x0, x1), (y0, y1) = self.axes.get_xlim(), self.axes.get_ylim()
        ends = [path[-1] for path in self.paths]
        return [float(np.hypot(x, y)) for x, y in ends if not (x0 <= x <= x1 and y0 <= y <= y1)]

    def draw(self, renderer: RendererBase) -> None:
        """Place the triangles and draw them."""
        assert self.axes is not None
        inner = self.axes.bbox.padded(-self.inset * self.axes.figure.dpi)
        for path, mark in zip(self.paths, self.marks, strict=True):
            xy = self.axes.transData.transform(path)
            inside = (xy >= inner.min).all(axis=1) & (xy <= inner.max).all(axis=1)
            last = int(np.flatnonzero(inside)[-1]) if inside.any() else len(xy) - 1
            if last == len(xy) - 1:
                continue
            step = xy[last + 1] - xy[last]
            with np.errstate(divide="ignore", invalid="ignore"):
                beyond = np.where(step > 0, inner.max - xy[last], inner.min - xy[last]) / step
            place = xy[last] + min(1.0, float(np.nanmin(np.where(step == 0, np.inf, beyond)))) * step
            turn = float(np.degrees(np.arctan2(step[1], step[0]))) - 90
            mark.set_marker(MarkerStyle("^", transform=Affine2D().rotate_deg(turn)))
            mark.set_data([place[0]], [place[1]])
            mark.draw(renderer)

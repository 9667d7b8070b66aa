"""Marks of whole powers of ten of the frequency on a Nyquist curve, with labels placed automatically."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.lines import Line2D
from matplotlib.text import Text
from matplotlib.transforms import Bbox, IdentityTransform

from eisfit.plots.canvas.curves import Curve
from eisfit.plots.canvas.style import em
from eisfit.plots.canvas.units import power_of_ten
from eisfit.results.outcome import Outcome
from eisfit.tools.frozen import Complexes, Floats, Ints

NEAR = 0.01  # a point within this many decades of a power of ten is taken for it
_FAR = (1.0, 1.8, 3.2, 5.0, 7.0)  # distances of a label from its mark, in gaps
_STILL = 1e-3  # inch; a figure that has moved by less is the same
_NEARER = 0.8  # a label without a line to its mark is nearer to it than this multiple of any other distance
_TURNS = np.deg2rad([0, 25, -25, 50, -50, 80, -80, 110, -110, 145, -145, 180])


def decades(curve: Curve) -> tuple[Ints, Complexes]:
    """Return the powers of ten in the window of a curve, and the impedance there in ohm.

    A measured point that lies on the power of ten stands for it, else the fitted curve; without
    either the power is left out.
    """
    spectrum = curve.spectrum
    f, z = spectrum.frequency_hz[spectrum.used], spectrum.z_ohm[spectrum.used]
    fitted = curve.fit is not None and curve.fit.outcome is not Outcome.FAILED
    found: dict[int, complex] = {}
    if f.size:
        for k in range(int(np.ceil(np.log10(f.min()) - NEAR)), int(np.floor(np.log10(f.max()) + NEAR)) + 1):
            nearest = int(np.argmin(np.abs(np.log10(f) - k)))
            if abs(np.log10(f[nearest]) - k) < NEAR:
                found[k] = complex(z[nearest])
            elif fitted and curve.fit is not None:
                found[k] = complex(curve.fit.impedance([10.0**k])[0])
    return np.array(list(found), np.int64), np.array(list(found.values()), complex)


class DecadeLabels(Artist):
    """Labels beside the marks of one curve, placed again at every drawing.

    A label stands on the outer side of the curve, inside the axes, and clear of all points, curves and other
    labels. Where another point of any curve is about as near as its own, a line leads from it to its mark; where
    there is no place it is left out.

    Parameters
    ----------
    ax : Axes
        Whose lines are to be kept free.
    exponents : ndarray of int, shape (n,)
        Powers of ten.
    xy : ndarray, shape (n, 2)
        Places of the marks in data coordinates.
    colour : colour
        Of the text.
    """

    def __init__(self, ax: Axes, exponents: Ints, xy: Floats, colour: Any) -> None:
        super().__init__()
        self.exponents, self.xy = exponents, xy
        self.boxes: list[Bbox] = []
        self._placed: tuple[Floats, float] | None = (
            None  # marks, frame and obstacles in inch, and their resolution
        )
        self.set_zorder(5)
        self.set_in_layout(False)
        ax.add_artist(self)
        self.texts = [
            Text(0, 0, f"{power_of_ten(int(k))} Hz", color=colour, ha="center", va="center")
            for k in exponents
        ]
        for text in self.texts:
            text.set_figure(ax.figure)
            text.set_transform(IdentityTransform())
            text.set_visible(False)
        self.leaders = [Line2D([], [], color=colour, linewidth=0.07 * 72 * em()) for _ in exponents]
        for leader in self.leaders:
            leader.set_figure(ax.figure)
            leader.set_transform(IdentityTransform())
            leader.set_visible(False)

    def draw(self, renderer: RendererBase) -> None:
        """Place the labels and draw those for which there is room."""
        if not self.get_visible():
            return
        self.place(renderer)
        for leader in self.leaders:
            leader.draw(renderer)
        for text in self.texts:
            text.draw(renderer)

    def place(self, renderer: RendererBase) -> list[Bbox]:
        """Place the labels, most isolated mark first; return the boxes of the placed ones.

        Where nothing has moved since the last time, as in the next format of the same figure, they stay.
        """
        assert self.axes is not None
        points = self.axes.transData.transform(self.xy)
        obstacles = self._obstacles()
        resolution = float(self.axes.figure.dpi)
        drawn = np.concatenate([points, self.axes.bbox.get_points(), obstacles]) / resolution
        before, self._placed = self._placed, (drawn, resolution)
        if before is not None and _equal(before[0], drawn):
            self._scale(resolution / before[1])
            return self.boxes
        return self._place_anew(renderer, points, obstacles)

    def _scale(self, factor: float) -> None:
        """Keep the places of the labels at another resolution."""
        self.boxes = [Bbox(box.get_points() * factor) for box in self.boxes]
        for text, leader in zip(self.texts, self.leaders, strict=True):
            text.set_position((text.get_position()[0] * factor, text.get_position()[1] * factor))
            leader.set_data(*(np.asarray(leader.get_xydata(), float).T * factor))

    def _place_anew(self, renderer: RendererBase, points: Floats, obstacles: Floats) -> list[Bbox]:
        assert self.axes is not None
        gap = 0.45 * em() * self.axes.figure.dpi
        boxes = self._neighbours(renderer)
        earlier = len(boxes)
        for k in self._by_loneliness(points):
            text = self.texts[k]
            if not self.axes.bbox.contains(*points[k]):
                continue
            text.set_visible(True)
            extent = text.get_window_extent(renderer)
            found = self._free_box(points, k, extent.width, extent.height, gap, obstacles, boxes)
            text.set_visible(found is not None)
            self.leaders[k].set_visible(False)
            if found is not None:
                box, led = found
                text.set_position(((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2))
                if led:
                    start, end = _leader(points[k], box, 0.3 * gap)
                    self.leaders[k].set_data(*np.stack([start, end], axis=1))
                    self.leaders[k].set_visible(True)
                    way = start + np.linspace(0.0, 1.0, 25)[:, None] * (end - start)
                    obstacles = np.concatenate([obstacles, way])
                boxes.append(box)
        self.boxes = boxes[earlier:]
        return self.boxes

    def _neighbours(self, renderer: RendererBase) -> list[Bbox]:
        """Return the boxes of insets, and of labels that were placed before these on the same axes."""
        assert self.axes is not None
        others = [a for a in self.axes.artists if isinstance(a, DecadeLabels)]
        insets = [
            Bbox(box.get_points())
            for child in self.axes.child_axes
            if (box := child.get_tightbbox(renderer)) is not None
        ]
        return [*insets, *(box for other in others[: others.index(self)] for box in other.boxes)]

    def _obstacles(self) -> Floats:
        """Return pixels that no label may cover: all points, and the curves between them."""
        assert self.axes is not None
        found = [np.empty((0, 2))]
        for line in self.axes.lines:
            if not line.get_visible():
                continue
            xy = line.get_transform().transform(np.asarray(line.get_xydata(), float))
            found.append(xy[np.isfinite(xy).all(axis=1)])
        return np.concatenate(found)

    @staticmethod
    def _by_loneliness(points: Floats) -> list[int]:
        apart = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
        np.fill_diagonal(apart, np.inf)
        return [int(k) for k in np.argsort(-apart.min(axis=1, initial=np.inf), kind="stable")]

    def _free_box(
        self,
        points: Floats,
        k: int,
        width: float,
        height: float,
        gap: float,
        obstacles: Floats,
        boxes: list[Bbox],
    ) -> tuple[Bbox, bool] | None:
        """Return a free place for a label, and whether it needs a line to its mark."""
        assert self.axes is not None
        frame = self.axes.bbox.padded(-0.3 * gap)
        centre = np.array([(points[:, 0].min() + points[:, 0].max()) / 2, points[:, 1].min()])
        outward = points[k] - centre
        start = float(np.arctan2(max(outward[1], 1e-9), outward[0]))
        others = _elsewhere(obstacles, points[k], 0.5 * gap)
        for far in _FAR:
            for turn in _TURNS:
                u = np.array([np.cos(start + turn), np.sin(start + turn)])
                x, y = points[k] + u * (np.array([width, height]) / 2 + far * gap)
                box = Bbox.from_extents(x - width / 2, y - height / 2, x + width / 2, y + height / 2)
                inside = frame.min[0] <= box.x0 and frame.min[1] <= box.y0
                inside = inside and box.x1 <= frame.max[0] and box.y1 <= frame.max[1]
                roomy = box.padded(0.3 * gap)
                if not inside or roomy.count_contains(obstacles) or roomy.count_overlaps(boxes):
                    continue
                led = _apart(points[k : k + 1], box) > _NEARER * _apart(others, box)
                if not led or self._leads(points, k, box, gap, obstacles, boxes):
                    return box, led
        return None

    def _leads(
        self, points: Floats, k: int, box: Bbox, gap: float, obstacles: Floats, boxes: list[Bbox]
    ) -> bool:
        """Tell whether a line from a label to its mark crosses no curve, no other mark and no other label."""
        start, end = _leader(points[k], box, 0.3 * gap)
        if np.hypot(*(end - start)) < 0.3 * gap:
            return False
        way = start + np.linspace(0.0, 1.0, 25)[:, None] * (end - start)
        if any(other.count_contains(way) for other in boxes):
            return False
        clear = np.hypot(
            *(way[:, None] - _elsewhere(obstacles, points[k], 0.8 * gap)[None]).transpose(2, 0, 1)
        )
        return bool(clear.min(initial=np.inf) > 0.25 * gap)


def _equal(before: Floats, now: Floats) -> bool:
    return before.shape == now.shape and bool(np.allclose(before, now, rtol=0.0, atol=_STILL))


def _elsewhere(obstacles: Floats, mark: Floats, radius: float) -> Floats:
    """Return the obstacles that are not at a mark itself."""
    found: Floats = obstacles[np.hypot(*(obstacles - mark).T) > radius]
    return found


def _apart(points: Floats, box: Bbox) -> float:
    """Return the distance of a box from the nearest of some points; infinite if there is none."""
    outside = np.maximum(np.maximum(box.min - points, points - box.max), 0.0)
    return float(np.hypot(*outside.T).min(initial=np.inf))


def _leader(mark: Floats, box: Bbox, gap: float) -> Floats:
    """Return both ends of the line from a mark to the nearest place of a box, with a gap at the mark."""
    end = np.clip(mark, box.min, box.max)
    length = max(float(np.hypot(*(end - mark))), 1e-9)
    return np.stack([mark + (end - mark) * min(gap / length, 1.0), end])

"""Marks of whole powers of ten of the frequency on a Nyquist curve, with labels placed automatically."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.text import Text
from matplotlib.transforms import Bbox, IdentityTransform

from eisfit.plots.canvas.curves import Curve
from eisfit.plots.canvas.style import em
from eisfit.plots.canvas.units import power_of_ten
from eisfit.results.outcome import Outcome
from eisfit.tools.frozen import Complexes, Floats, Ints

NEAR = 0.01  # a point within this many decades of a power of ten is taken for it
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
    labels; where there is no such place it is left out.

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

    def draw(self, renderer: RendererBase) -> None:
        """Place the labels and draw those for which there is room."""
        if not self.get_visible():
            return
        self.place(renderer)
        for text in self.texts:
            text.draw(renderer)

    def place(self, renderer: RendererBase) -> list[Bbox]:
        """Place the labels, most isolated mark first; return the boxes of the placed ones."""
        assert self.axes is not None
        points = self.axes.transData.transform(self.xy)
        obstacles = self._obstacles()
        gap = 0.45 * em() * self.axes.figure.dpi
        boxes = self._neighbours()
        earlier = len(boxes)
        for k in self._by_loneliness(points):
            text = self.texts[k]
            text.set_visible(True)
            extent = text.get_window_extent(renderer)
            box = self._free_box(points, k, extent.width, extent.height, gap, obstacles, boxes)
            text.set_visible(box is not None)
            if box is not None:
                text.set_position(((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2))
                boxes.append(box)
        self.boxes = boxes[earlier:]
        return self.boxes

    def _neighbours(self) -> list[Bbox]:
        """Return the boxes of labels that were placed before these on the same axes."""
        assert self.axes is not None
        others = [a for a in self.axes.artists if isinstance(a, DecadeLabels)]
        return [box for other in others[: others.index(self)] for box in other.boxes]

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
    ) -> Bbox | None:
        assert self.axes is not None
        frame = self.axes.bbox.padded(-0.3 * gap)
        centre = np.array([(points[:, 0].min() + points[:, 0].max()) / 2, points[:, 1].min()])
        outward = points[k] - centre
        start = float(np.arctan2(max(outward[1], 1e-9), outward[0]))
        for distance in (gap, 1.8 * gap):
            for turn in _TURNS:
                u = np.array([np.cos(start + turn), np.sin(start + turn)])
                x, y = points[k] + u * (np.array([width, height]) / 2 + distance)
                box = Bbox.from_extents(x - width / 2, y - height / 2, x + width / 2, y + height / 2)
                inside = frame.min[0] <= box.x0 and frame.min[1] <= box.y0
                inside = inside and box.x1 <= frame.max[0] and box.y1 <= frame.max[1]
                roomy = box.padded(0.3 * gap)
                clear = not roomy.count_contains(obstacles) and not roomy.count_overlaps(boxes)
                if inside and clear:
                    return box
        return None

"""Few and plain ticks for a logarithmic axis of any span."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib import rcParams
from matplotlib.artist import Artist
from matplotlib.axis import Axis
from matplotlib.backend_bases import RendererBase
from matplotlib.lines import Line2D
from matplotlib.markers import TICKRIGHT, TICKUP
from matplotlib.ticker import Formatter, Locator, MaxNLocator, NullLocator

from eisfit.plots.canvas.legends import root
from eisfit.plots.canvas.units import plain, scientific

MOST = 6  # labels
_INWARDS: dict[str, Any] = {"xtick": TICKUP, "ytick": TICKRIGHT}  # marks of ticks within the frame
_CLOSE = 1.1  # ratio of the limits below which ticks differ in the fourth digit or later
_NARROW = 0.7  # decades below which ticks are spaced linearly


class _Ticks(Locator):
    """Whole powers of ten; 1, 2 and 5 times these where there are fewer than two; else round numbers."""

    def __init__(self, minor: bool = False) -> None:
        self.minor = minor

    def __call__(self) -> list[float]:
        """Return the ticks of the axis as it is shown."""
        assert self.axis is not None
        low, high = sorted(self.axis.get_view_interval())
        return self.tick_values(float(low), float(high))

    def tick_values(self, vmin: float, vmax: float) -> list[float]:
        """Return the ticks between two limits."""
        if not 0 < vmin < vmax:
            return []
        powers = np.arange(math.ceil(math.log10(vmin) - 1e-9), math.floor(math.log10(vmax) + 1e-9) + 1)
        if powers.size >= 2:
            step = math.ceil(powers.size / MOST)
            if not self.minor:
                return list(10.0 ** powers[powers % step == 0].astype(float))
            return list(10.0 ** powers.astype(float)) if step > 1 else _between(vmin, vmax, np.arange(1, 10))
        if math.log10(vmax / vmin) >= _NARROW:
            return _between(vmin, vmax, np.arange(1, 10) if self.minor else [1, 2, 5])
        return [] if self.minor else list(MaxNLocator(4, steps=[1, 2, 2.5, 5, 10]).tick_values(vmin, vmax))


class _Labels(Formatter):
    """Powers of ten all through where the axis leaves 0.001 to 10000 or they are asked for, else plain numbers."""

    def __init__(self, powers: bool = False) -> None:
        self.powers = powers

    def __call__(self, x: float, pos: int | None = None) -> str:
        """Return the label of one tick."""
        assert self.axis is not None
        low, high = sorted(self.axis.get_view_interval())
        if not self.powers and low >= 8e-4 and high <= 5e3:
            return plain(x)
        return scientific(x, 9 if high / low < _CLOSE else 3)


class MinorTicks(Artist):
    """The minor ticks of a logarithmic axis as one line of marks: Matplotlib makes five artists for each of them."""

    def __init__(self, axis: Axis) -> None:
        super().__init__()
        self.axis, self.places = axis, _Ticks(minor=True)
        self.across = axis is axis.axes.xaxis
        now: Any = rcParams
        tick = "xtick" if self.across else "ytick"
        self.marks = Line2D([], [], linestyle="none", marker=_INWARDS[tick])
        self.marks.set(
            markersize=now[f"{tick}.minor.size"],
            markeredgewidth=now[f"{tick}.minor.width"],
            color=now[f"{tick}.color"],
        )
        self.set_zorder(axis.get_zorder())
        self.set_in_layout(False)
        axis.axes.add_artist(self)
        self.marks.set_figure(root(axis.axes))
        self.marks.set_transform(
            axis.axes.get_xaxis_transform("tick1") if self.across else axis.axes.get_yaxis_transform("tick1")
        )

    def draw(self, renderer: RendererBase) -> None:
        """Draw a mark at each place within the limits as they are now."""
        if not self.get_visible() or not self.axis.get_visible():
            return
        low, high = sorted(self.axis.get_view_interval())
        at = [place for place in self.places.tick_values(float(low), float(high)) if low <= place <= high]
        side = [0.0] * len(at)
        self.marks.set_data(*((at, side) if self.across else (side, at)))
        self.marks.draw(renderer)


def log_ticks(axis: Axis, powers: bool = False) -> None:
    """Set the ticks of a logarithmic axis; with powers of ten, panels beside each other have labels of one kind."""
    axis.set_major_locator(_Ticks())
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(_Labels(powers))
    MinorTicks(axis)


def _between(low: float, high: float, factors: npt.ArrayLike) -> list[float]:
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    ticks = np.outer(10.0 ** np.arange(first, last + 1), np.asarray(factors, float)).ravel()
    return list(ticks[(ticks >= low * (1 - 1e-9)) & (ticks <= high * (1 + 1e-9))])

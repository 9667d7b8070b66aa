"""Few and plain ticks for a logarithmic axis of any span."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from matplotlib.axis import Axis
from matplotlib.ticker import Formatter, Locator, MaxNLocator, NullFormatter

from eisfit.plots.canvas.units import plain, scientific

MOST = 6  # labels
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
        return scientific(x)


def log_ticks(axis: Axis, powers: bool = False) -> None:
    """Set the ticks of a logarithmic axis; with powers of ten, panels beside each other have labels of one kind."""
    axis.set_major_locator(_Ticks())
    axis.set_minor_locator(_Ticks(minor=True))
    axis.set_major_formatter(_Labels(powers))
    axis.set_minor_formatter(NullFormatter())


def _between(low: float, high: float, factors: npt.ArrayLike) -> list[float]:
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    ticks = np.outer(10.0 ** np.arange(first, last + 1), np.asarray(factors, float)).ravel()
    return list(ticks[(ticks >= low * (1 - 1e-9)) & (ticks <= high * (1 + 1e-9))])

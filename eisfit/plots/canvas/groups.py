"""Curves divided among panels: by their size, so that each is seen; by the condition, so that cells compare."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from eisfit.plots.canvas.cells import cell_colour
from eisfit.plots.canvas.curves import Curve, Curves, Quantity, condition_text, value_text
from eisfit.plots.canvas.grid import Panel
from eisfit.plots.canvas.tails import shown_part

ALONE = 6.0  # curves whose sizes differ by less share one panel
_RATIO = 4.0  # of the largest to the smallest curve of one of several panels
_MOST = 8  # panels
_COARSE = 10.0  # ranges of a condition that are wider are named without decimals
_ALIKE = 1.0  # values of a condition, such as °C, that differ by less are those of one panel


def size(curve: Curve, quantity: Quantity) -> float:
    """Return how far the shown part of a curve lies from the origin."""
    z = shown_part(curve)[0]
    return curve.factor(quantity) * float(np.abs(z).max(initial=0.0))


def by_size(shown: Curves, quantity: Quantity, most: int = _MOST) -> list[Panel]:
    """Return the fewest panels, at most so many, in which no curve is small beside another; often one."""
    sizes = np.array([size(curve, quantity) for curve in shown.curves])
    known = sizes[sizes > 0]
    span = float(known.max() / known.min()) if known.size else 1.0
    if span <= ALONE:
        return [Panel(shown, "")]
    n = min(math.ceil(math.log(span) / math.log(_RATIO) - 1e-9), _MOST, most)
    ratio = span ** (1 / n)
    groups: list[list[int]] = []
    largest = math.inf
    for k in sorted(range(sizes.size), key=lambda k: -sizes[k]):
        if not groups or sizes[k] < largest / ratio * (1 - 1e-9):
            groups.append([])
            largest = max(float(sizes[k]), 1e-300)
        groups[-1].append(k)
    return [Panel(shown.part(sorted(group)), _title(shown, sorted(group))) for group in groups]


def by_condition(shown: Curves) -> list[Panel]:
    """Return a panel for each value of the condition that several cells have; none if there is no such value."""
    known = sorted(range(len(shown.curves)), key=lambda k: shown.curves[k].condition or 0.0)
    groups: list[list[int]] = []
    for k in known:
        value = shown.curves[k].condition
        if value is None:
            return []
        if groups and value - (shown.curves[groups[-1][0]].condition or 0.0) < _ALIKE:
            groups[-1].append(k)
        else:
            groups.append([k])
    common = [g for g in groups if len({shown.curves[k].cell for k in g}) > 1]
    return [Panel(_plain(shown, group), _title(shown, group)) for group in common]


def _plain(shown: Curves, group: Sequence[int]) -> Curves:
    """Return curves of one condition, each in the colour of its cell."""
    chosen = tuple(shown.curves[k] for k in group)
    return Curves(chosen, shown.over, shown.cells, tuple(cell_colour(curve.cell) for curve in chosen))


def _title(shown: Curves, group: Sequence[int]) -> str:
    """Return the condition of curves: one value, or the first and the last."""
    chosen = [shown.curves[k] for k in group]
    values = [c.condition for c in chosen if c.condition is not None]
    if len(chosen) == 1:
        return condition_text(chosen[0], shown.over)
    if len(values) < len(chosen):
        return f"{len(chosen)} spectra"
    low, high = min(values), max(values)
    if high - low < _ALIKE and shown.cells:
        return value_text(float(f"{np.mean(values):.4g}"), shown.over)
    digits = ".0f" if high - low >= _COARSE else "g"
    return f"{low:{digits}} to {value_text(float(f'{high:{digits}}'), shown.over)}".replace("-", "−")

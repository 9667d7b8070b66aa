"""The symbols of circuit elements, drawn with lines."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from eisfit.elements import ELEMENTS
from eisfit.plots.canvas.style import em, ink

HALF = 0.26  # half the height of a symbol, in units of the drawing
_BOX = 0.95  # width of a box


def symbol(ax: Axes, kind: str, x: float, y: float, width: float, colour: str) -> None:
    """Draw an element with its wires from x to x + width; a kind without a symbol is a box with its name."""
    is_arc = kind in ELEMENTS and bool(ELEMENTS[kind].arc)
    draw, inner = _SYMBOLS.get(kind, (_arc if is_arc else _named(kind), _BOX))
    middle = x + width / 2
    _line(ax, [x, middle - inner / 2], [y, y], ink())
    _line(ax, [middle + inner / 2, x + width], [y, y], ink())
    draw(ax, middle, y, colour)


def _line(ax: Axes, x: Sequence[float], y: Sequence[float], colour: str) -> None:
    ax.plot(x, y, "-", color=colour, solid_capstyle="round", solid_joinstyle="round")


def _box(ax: Axes, x: float, y: float, colour: str, half: float = HALF) -> None:
    ax.add_patch(
        Rectangle(
            (x - _BOX / 2, y - half),
            _BOX,
            2 * half,
            facecolor=(colour, 0.15),
            edgecolor=colour,
            linewidth=0.14 * 72 * em(),
        )
    )


def _resistor(ax: Axes, x: float, y: float, colour: str) -> None:
    _box(ax, x, y, colour, 0.7 * HALF)


def _capacitor(ax: Axes, x: float, y: float, colour: str) -> None:
    for side in (-1, 1):
        _line(ax, [x + side * 0.07] * 2, [y - HALF, y + HALF], colour)


def _constant_phase(ax: Axes, x: float, y: float, colour: str) -> None:
    for start in (-0.285, -0.095):
        _line(ax, [x + start, x + start + 0.19, x + start], [y + HALF, y, y - HALF], colour)


def _inductor(ax: Axes, x: float, y: float, colour: str) -> None:
    turn = np.linspace(np.pi, 0, 30)
    for k in range(4):
        centre = x + (k - 1.5) * _BOX / 4
        _line(ax, list(centre + _BOX / 8 * np.cos(turn)), list(y + 0.9 * HALF * np.sin(turn)), colour)


def _arc(ax: Axes, x: float, y: float, colour: str) -> None:
    """Draw a box with a depressed arc: a resistor beside a constant-phase element."""
    _box(ax, x, y, colour)
    turn = np.linspace(np.deg2rad(165), np.deg2rad(15), 40)
    _line(ax, list(x + 0.36 * np.cos(turn)), list(y - 0.75 * HALF + 0.36 * (np.sin(turn) - 0.26)), colour)
    _line(ax, [x - 0.42, x + 0.42], [y - 0.75 * HALF] * 2, colour)


def _named(kind: str) -> Callable[[Axes, float, float, str], None]:
    def draw(ax: Axes, x: float, y: float, colour: str) -> None:
        _box(ax, x, y, colour)
        ax.text(x, y, kind, color=colour, ha="center", va="center")

    return draw


_SYMBOLS: dict[str, tuple[Callable[[Axes, float, float, str], None], float]] = {
    "R": (_resistor, _BOX),
    "C": (_capacitor, 0.14),
    "CPE": (_constant_phase, 0.19),
    "L": (_inductor, _BOX),
}

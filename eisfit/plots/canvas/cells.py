"""Several cells in one figure: their names, colours and symbols."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from matplotlib.colors import to_rgb

from eisfit.errors import InputError
from eisfit.plots.canvas.style import PALETTE
from eisfit.results.fit import Fit
from eisfit.results.series import Series
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.plain_text import one_line

CELL_COLOURS = tuple(PALETTE[name] for name in ("blue", "vermilion", "green", "magenta", "ochre", "violet"))
CELL_MARKERS = ("o", "s", "^", "D", "v", "P")
_SHADE = 0.22  # share of black in the colour of the lowest condition, and of white in that of the highest


def cells_of(result: Any, labels: Sequence[str] | None) -> tuple[tuple[str, ...], list[Any]]:
    """Return the names of the cells, none if there is one alone, and what is to be drawn of each.

    Parameters
    ----------
    result : Spectrum, Fit, Series, or an iterable of anything
        Two series or more are cells; other things are with labels only.
    labels : sequence of str, optional
        One for each item; ``cell 1`` and so on if not given.

    Raises
    ------
    InputError
        If it is nothing that can be drawn, there is not one label for each item, or two are equal.
    """
    if not isinstance(result, Spectrum | Fit | Series | Iterable):
        raise InputError(f"cannot draw {type(result).__name__}: give a Spectrum, a Fit, a Series or a list")
    items = [result] if isinstance(result, Spectrum | Fit | Series) else list(result)
    if labels is None:
        several = len(items) > 1 and all(isinstance(item, Series) for item in items)
        return (tuple(f"cell {k + 1}" for k in range(len(items))) if several else ()), items
    names = [labels] if isinstance(labels, str) else [one_line(str(label)) for label in labels]
    if len(names) != len(items):
        raise InputError(
            f"{len(names)} labels were given for {len(items)} cells ({', '.join(names)}): give one for each"
        )
    if len(set(names)) < len(names):
        raise InputError(f"two cells have the same label ({', '.join(names)}): name them differently")
    return tuple(names), items


def cell_colour(cell: int, place: float = 0.5) -> tuple[float, ...]:
    """Return the colour of a cell: darker at the lowest condition (place 0), lighter at the highest (1)."""
    base = to_rgb(CELL_COLOURS[cell % len(CELL_COLOURS)])
    towards, share = (0.0, _SHADE * (1 - 2 * place)) if place < 0.5 else (1.0, _SHADE * (2 * place - 1))
    return tuple((1 - share) * part + share * towards for part in base)

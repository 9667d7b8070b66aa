"""Legends that cover nothing: in an empty corner of the axes, or in as many columns as there is room for."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from typing import Literal, TypeAlias

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from eisfit.plots.canvas.style import em
from eisfit.tools.frozen import Floats

Entry: TypeAlias = Line2D | Patch
Corner: TypeAlias = Literal["upper right", "lower left", "upper left", "lower right"]
CORNERS: dict[Corner, tuple[int, int]] = {
    "upper right": (1, 1),
    "lower left": (0, 0),
    "upper left": (0, 1),
    "lower right": (1, 0),
}
_SYMBOL = re.compile(r"\\(?!math)[A-Za-z]+")
_MATH = re.compile(r"\$|\\math\w+|[{}^_\\]")
_LETTER_EM, _HANDLE_EM = 0.53, 3.3
_NARROW_EM = 0.47  # of a letter in a line of words and numbers
_NOTE_EM = 0.7  # of a letter of a note, with the margins of the axes
_GROWTH = 1.06
_ROUNDS = 40


def root(ax: Axes) -> Figure:
    """Return the whole figure that axes lie on."""
    figure = ax.get_figure(root=True)
    assert figure is not None
    return figure


def legend_columns(place: Figure | Axes, texts: Sequence[str]) -> int:
    """Return how many entries of a legend stand side by side on a figure or on axes."""
    inches = (
        place.get_window_extent().width / root(place).dpi if isinstance(place, Axes) else place.get_figwidth()
    )
    room = inches / em() - 1
    widths = [_LETTER_EM * len(text) + _HANDLE_EM for text in texts]
    for columns in range(len(texts), 1, -1):
        if sum(float(part.max()) for part in np.array_split(widths, columns)) <= room:
            return columns
    return 1


def legend_on_top(figure: Figure, handles: Sequence[Entry]) -> float:
    """Put a legend above all axes of a figure; return its height in em, 0 without entries."""
    if not handles:
        return 0.0
    columns = legend_columns(figure, [plain_text(str(h.get_label())) for h in handles])
    figure.legend(handles=list(handles), loc="outside upper center", ncols=columns)
    return 0.8 + 1.4 * -(-len(handles) // columns)


def legend_above(ax: Axes, handles: Sequence[Entry]) -> Legend:
    """Put a legend above axes, in as many columns as there is room for."""
    columns = legend_columns(ax, [plain_text(str(h.get_label())) for h in handles])
    return ax.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(0, 1.0), ncols=columns, borderaxespad=0.2
    )


def plain_text(text: str) -> str:
    """Return a text without the marks of mathematics, to count its letters."""
    return _MATH.sub("", _SYMBOL.sub("x", text))


def wrapped(place: Figure | Axes, text: str) -> str:
    """Return a note that stands below axes in as many lines as the width of the figure demands."""
    letters = int((root(place) if isinstance(place, Axes) else place).get_figwidth() / em() / _NOTE_EM)
    return "\n".join(line for each in text.split("\n") for line in textwrap.wrap(each, letters))


def note_below(ax: Axes, *notes: str) -> None:
    """Write notes below the title of an x axis, empty ones not."""
    found = [wrapped(ax, note) for note in notes if note]
    if found:
        ax.set_xlabel("\n".join([ax.get_xlabel(), *found]))


def fits_in_a_line(ax: Axes, texts: Sequence[str]) -> bool:
    """Tell whether each entry of a legend within axes has room beside its handle."""
    room = ax.get_window_extent().width / root(ax).dpi / em() - _HANDLE_EM
    return all(_NARROW_EM * len(text) <= room for text in texts)


def legend_in_corner(ax: Axes, title: str | None = None, fixed: bool = False) -> Legend:
    """Put the legend into the corner where it covers least, and lengthen the y axis until it covers nothing.

    Parameters
    ----------
    ax : Axes
        In its place (see `lay_out`), with a linear or logarithmic y axis as long as the data need.
    title : str, optional
        Of the legend.
    fixed : bool
        Whether the y axis keeps its length.
    """
    legend = ax.legend(title=title, loc="upper right")
    legend.set_alignment("left")
    extent = legend.get_window_extent().transformed(ax.transAxes.inverted())
    width, height = min(extent.width + 0.03, 1.0), min(extent.height + 0.04, 0.9)
    corner = min(CORNERS, key=lambda name: _covered(ax, name, width, height))
    for _ in range(0 if fixed else _ROUNDS):
        if not _covered(ax, corner, width, height):
            break
        _grow(ax, upwards=CORNERS[corner][1] == 1)
    legend.set_loc(corner)
    return legend


def _places(ax: Axes) -> Floats:
    """Return all points of lines, in fractions of the axes."""
    found = [np.empty((0, 2))]
    for line in ax.lines:
        xy = np.asarray(line.get_xydata(), float)
        if xy.size and line.get_transform() == ax.transData:
            found.append(ax.transAxes.inverted().transform(ax.transData.transform(xy)))
    places = np.concatenate(found)
    return places[np.isfinite(places).all(axis=1)]


def _covered(ax: Axes, corner: Corner, width: float, height: float) -> int:
    right, top = CORNERS[corner]
    x, y = _places(ax).T
    in_x = x > 1 - width if right else x < width
    in_y = y > 1 - height if top else y < height
    return int(np.count_nonzero(in_x & in_y))


def _grow(ax: Axes, upwards: bool) -> None:
    logarithmic = ax.get_yscale() == "log"
    low, high = np.log(ax.get_ylim()) if logarithmic else np.array(ax.get_ylim())
    step = (_GROWTH - 1) * (high - low)
    low, high = (low, high + step) if upwards else (low - step, high)
    ax.set_ylim(*(np.exp([low, high]) if logarithmic else (low, high)))

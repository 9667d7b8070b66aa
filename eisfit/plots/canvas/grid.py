"""Panels of equal axes side by side: one for each spectrum, temperature or size."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from eisfit.plots.canvas.axes import figure_bar
from eisfit.plots.canvas.curves import Curve, Curves, as_drawn, condition_text
from eisfit.plots.canvas.legends import Entry, legend_on_top, wrapped
from eisfit.plots.canvas.style import em, page_em, set_height, settle
from eisfit.plots.canvas.tails import tail_handles

PANEL_EM = 16.0  # least width of a panel with its labels
_TWO_EM = 26.0  # least width of a figure with two panels side by side
_AROUND_EM = (3.4, 3.3)  # width and height of the labels of a panel
_BAR_EM = 5.0  # width of a colour bar with its labels
_LONG_TITLE = 9  # letters
_CELL_LETTERS = 8  # of the name of a cell in a title
_BELOW_EM = 1.9  # title of the shared axis


@dataclass(frozen=True)
class Panel:
    """What one panel shows, and its title."""

    shown: Curves
    title: str


Draw: TypeAlias = Callable[[Axes, Panel], object]


def one_by_one(shown: Curves) -> list[Panel]:
    """Return a panel for each curve, named by its condition, and by its cell where there are several."""
    return [
        Panel(shown.part([k]), f"{_cell(curve, shown)}{condition_text(curve, shown.over)}")
        for k, curve in enumerate(shown.curves)
    ]


def _cell(curve: Curve, shown: Curves) -> str:
    """Return what a title says of the cell: a long name without its middle; nothing where there is one cell."""
    if not shown.cells:
        return ""
    name = shown.cells[curve.cell]
    half = _CELL_LETTERS // 2
    return as_drawn(name if len(name) <= _CELL_LETTERS else f"{name[:half]}…{name[-half:]}") + ", "


def columns_of(figure: Figure) -> int:
    """Return how many panels stand side by side on a page."""
    wide = figure.get_figwidth() / em()
    return max(2 if wide >= _TWO_EM else 1, int(wide // (PANEL_EM - 1e-6)))


def most_panels(figure: Figure, steepest: float, entries: int = 1) -> int:
    """Return how many panels a page holds, if the highest is this much of its width high, below a legend."""
    columns = columns_of(figure)
    width = figure.get_figwidth() / em() / columns - _AROUND_EM[0]
    room = page_em() - _BELOW_EM - 2.6 - 0.7 * entries
    return columns * max(1, int(room // (width * steepest + _AROUND_EM[1])))


def grid(
    figure: Figure,
    panels: Sequence[Panel],
    draw: Draw,
    *,
    titles: tuple[str, str],
    handles: Sequence[Entry] = (),
    unit: str = "Ω",
    columns: int = 0,
    bar: Curves | None = None,
    note: str = "",
) -> list[Axes]:
    """Draw panels of one shape with shared titles of the axes, and give the figure its height.

    Parameters
    ----------
    figure : Figure
        Empty.
    panels : sequence of Panel
        No more than `most_panels`.
    draw : callable
        Draws one panel on its axes and sets limits and equal axes.
    titles : (str, str)
        Of both axes, without a unit: each panel has its own, to the right of its title.
    handles : sequence of Line2D or Patch
        Legend above all panels.
    unit : str
        Of the data.
    columns : int
        Panels side by side; as many as there is room for if 0.
    bar : Curves, optional
        Whose colours a bar at the right explains.
    note : str
        A sentence below all panels.
    """
    n = len(panels)
    columns = min(n, columns or columns_of(figure))
    rows = -(-n // columns)
    axes = [settle(figure.add_subplot(rows, columns, k + 1)) for k in range(n)]
    units = []
    for ax, panel in zip(axes, panels, strict=True):
        draw(ax, panel)
        units.append(ax.get_xlabel().rpartition(" / ")[2])
        ax.set_xlabel("")
        ax.set_ylabel("")
    shared = len(set(units)) == 1
    for k, (ax, panel) in enumerate(zip(axes, panels, strict=True)):
        mark = f"({_letters(k)})" if n > 1 else ""
        _title(ax, mark, panel.title, "" if shared else f"/ {units[k]}")
    ratio = _one_shape(axes)
    tail = f" / {units[0]}" if shared else ""
    said = wrapped(figure, note)
    figure.supxlabel(f"{titles[0]}{tail}\n{said}".rstrip())
    figure.supylabel(f"{titles[1]}{tail}")
    above = legend_on_top(figure, [*handles, *tail_handles(axes, unit)])
    if bar is not None and bar.ordered:
        figure_bar(figure, axes, bar, "right" if columns == 1 else "top")
        above += 0.0 if columns == 1 else _BAR_EM
    set_height(figure, height_em(figure, n, columns, ratio) + above + 1.3 * len(said.splitlines()))
    return axes


def height_em(figure: Figure, n: int, columns: int, ratio: float) -> float:
    """Return the height of panels with their titles, in sizes of the text; ratio is height by width of a panel."""
    wide = figure.get_figwidth() / em() - 1.6 - (_BAR_EM if columns == 1 else 0.0)
    return -(-n // columns) * ((wide / columns - _AROUND_EM[0]) * ratio + _AROUND_EM[1]) + _BELOW_EM


def _title(ax: Axes, mark: str, title: str, unit: str) -> None:
    """Write the mark of a panel, its title and its unit above it; a long title stands beside the mark."""
    size = 72 * em()
    long = len(title) > _LONG_TITLE
    ax.set_title(f"{mark} {title}".strip() if long else mark, loc="left", pad=0.35 * size, fontsize=size)
    ax.set_title("" if long else title, pad=0.35 * size, fontsize=size)
    ax.set_title(unit, loc="right", pad=0.35 * size, fontsize=size)


def _letters(k: int) -> str:
    """Return a, b, ... z, aa, ab, ...

    Examples
    --------
    >>> _letters(0), _letters(27)
    ('a', 'ab')
    """
    return (_letters(k // 26 - 1) if k >= 26 else "") + chr(ord("a") + k % 26)


def spread(n: int, most: int) -> list[int]:
    """Return all indices of n things, or as many as allowed, evenly spread from the first to the last."""
    return sorted({round(k) for k in np.linspace(0, n - 1, min(n, most))})


def _one_shape(axes: list[Axes]) -> float:
    """Raise the upper limits so that all panels have the shape of the highest; return height by width."""
    spans = [(ax.get_xlim(), ax.get_ylim()) for ax in axes]
    ratio = max((y1 - y0) / (x1 - x0) for (x0, x1), (y0, y1) in spans)
    for ax, ((x0, x1), (y0, _)) in zip(axes, spans, strict=True):
        ax.set_ylim(y0, y0 + ratio * (x1 - x0))
        ax.locator_params(axis="both", nbins=4, steps=[1, 2, 2.5, 5, 10])
    return ratio

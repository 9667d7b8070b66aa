"""Activation energies and values of cells over what sets them apart, with weighted lines and probabilities."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from eisfit.errors import InputError
from eisfit.plots.canvas.cells import CELL_MARKERS, cell_colour
from eisfit.plots.canvas.curves import as_drawn, name_with_unit
from eisfit.plots.canvas.legends import legend_on_top
from eisfit.plots.canvas.log_ticks import log_ticks
from eisfit.plots.canvas.style import (
    CM,
    GREY,
    SCALE,
    WIDTH_CM,
    Style,
    Width,
    blank,
    em,
    ink,
    page_em,
    set_height,
    settle,
    styled,
)
from eisfit.results.trend_of_cells import TrendOfCells
from eisfit.tools.frozen import Floats
from eisfit.tools.statistics import NORMAL_95

_PANEL_EM = 17.0
_LEAST_EM = 13.0  # least height of a panel, with its title
_LEGEND_EM = 4.0
_BESIDE_EM = 21.0  # least width of a panel beside another
_MARGIN = 0.08  # beside the points, by their range
_HEADROOM = 0.3  # above the points, for the words
_LEAST_P = 1e-4
_TITLES = {
    "activation energy": "$E_\\mathrm{A}$ / eV",
    "asr": "$R A$ / Ω cm²",
    "resistance": "$R$ / Ω",
    "conductivity": "$\\sigma$ / S cm⁻¹",
}


def trend(
    found: Sequence[TrendOfCells],
    *,
    cells: Sequence[str] = (),
    style: Style = "paper",
    width: Width = "double",
    title: str = "",
) -> Figure:
    """Draw trends of cells, one panel for each.

    Parameters
    ----------
    found : sequence of TrendOfCells
        As a study holds them, all over one covariate.
    cells : sequence of str
        All cells of the study, so that each has the colour that it has in the Arrhenius figure; those of the trends if
        empty.
    style : {"paper", "talk"}
        Black on white at journal size, or for slides.
    width : {"single", "double"}
        Of the journal column.
    title : str
        What the abscissa is called; the name of the covariate if empty.

    Returns
    -------
    Figure
        Bars are 95 % intervals of the lines over temperature. The straight line is the weighted one, solid where
        the rank correlation is significant, else dashed; with groups, one for each.

    Raises
    ------
    InputError
        If there is no trend, they are over several covariates, or do not fit on one page.
    """
    pages = trend_pages(found, cells=cells, style=style, width=width, title=title)
    if len(pages) > 1:
        raise InputError(
            f"{len(found)} trends do not fit on one page of the style {style!r}: draw some of them, or "
            "trend_pages, which draws all"
        )
    return pages[0]


def trend_pages(
    found: Sequence[TrendOfCells],
    *,
    cells: Sequence[str] = (),
    style: Style = "paper",
    width: Width = "double",
    title: str = "",
) -> list[Figure]:
    """Draw trends of cells as `trend`, on as many pages as they need.

    Parameters
    ----------
    found, cells, style, width, title
        As for `trend`.

    Raises
    ------
    InputError
        If there is no trend, or they are over several covariates.
    """
    if not found:
        raise InputError("no trend to draw: it needs three cells or more with a covariate and a line")
    if len({(each.covariate, each.logarithm) for each in found}) > 1:
        raise InputError("the trends are over several covariates: draw those of one")
    shown = list(dict.fromkeys(cell for each in found for cell in each.cells))
    order = list(dict.fromkeys((*cells, *shown)))
    with styled(style):
        wide = WIDTH_CM[width] * SCALE[style] * CM / em()
        rows = _rows(found, max(1, int(wide / _BESIDE_EM)))
        most = max(1, int((page_em() - _LEGEND_EM) / _LEAST_EM))
        pages = [list(part) for part in shared_evenly(rows, most)]
        colours = {cell: k for k, cell in enumerate(order)}
        named = [cell for cell in order if cell in shown]
        return [_page(blank(width, style), part, colours, named, title) for part in pages]


def shared_evenly(rows: list[list[TrendOfCells]], most: int) -> list[list[list[TrendOfCells]]]:
    """Return the rows of each page, about as many on each."""
    pages = -(-len(rows) // most)
    ends = [round(k * len(rows) / pages) for k in range(pages + 1)]
    return [rows[a:b] for a, b in itertools.pairwise(ends)]


def _page(
    figure: Figure,
    rows: list[list[TrendOfCells]],
    colours: Mapping[str, int],
    named: Sequence[str],
    title: str,
) -> Figure:
    """Draw rows of panels on an empty figure, with the cells above them."""
    grid = figure.subplots(len(rows), max(map(len, rows)), squeeze=False)
    for places, row in zip(grid, rows, strict=True):
        for ax, each in zip(places, row, strict=False):
            _panel(settle(ax), each, colours)
            ax.set_xlabel(title or name_with_unit(each.covariate))
        for ax in places[len(row) :]:
            ax.set_axis_off()
    handles = [_handle(cell, colours[cell]) for cell in named]
    above = legend_on_top(figure, handles)
    set_height(figure, _PANEL_EM * len(rows) + above + 1)
    return figure


def _handle(cell: str, place: int) -> Line2D:
    colour: Any = cell_colour(place)
    marker = CELL_MARKERS[place % len(CELL_MARKERS)]
    return Line2D([], [], linestyle="none", marker=marker, color=colour, label=as_drawn(cell))


def _rows(found: Sequence[TrendOfCells], beside: int) -> list[list[TrendOfCells]]:
    """Return what stands beside each other: what is of one contribution, as far as there is room."""
    rows = []
    for name in dict.fromkeys(each.contribution for each in found):
        of_one = [each for each in found if each.contribution == name]
        rows += [of_one[k : k + beside] for k in range(0, len(of_one), beside)]
    return rows


def _panel(ax: Axes, each: TrendOfCells, places: Mapping[str, int]) -> None:
    if each.logarithm:
        ax.set_xscale("log")
    if not each.of_energy:
        ax.set_yscale("log")
        log_ticks(ax.yaxis)
    points = 72 * em()
    low, high = _ends(each)
    for k, cell in enumerate(each.cells):
        colour, marker = cell_colour(places[cell]), CELL_MARKERS[places[cell] % len(CELL_MARKERS)]
        if np.isfinite(low[k]):
            ax.plot([each.x[k]] * 2, [low[k], high[k]], "-", color=colour, linewidth=0.1 * points, gid="bar")
        ax.plot(each.x[k], each.y[k], marker, color=colour, markersize=0.6 * points, gid="point", zorder=3)
    _limits(ax, each, np.concatenate([low[np.isfinite(low)], high[np.isfinite(high)], each.y]))
    _lines(ax, each)
    where = "" if each.of_energy else f" at {each.reference_c:g} °C"
    ax.set_ylabel(_TITLES[each.quantity])
    ax.annotate(
        f"{as_drawn(each.contribution)}{where}\n{_words(each)}",
        (0.03, 0.97),
        xycoords="axes fraction",
        va="top",
        ha="left",
    )


def _ends(each: TrendOfCells) -> tuple[Floats, Floats]:
    half = NORMAL_95 * each.stderr
    if each.of_energy:
        return each.y - half, each.y + half
    return each.y * np.exp(-half), each.y * np.exp(half)


def _limits(ax: Axes, each: TrendOfCells, y: Floats) -> None:
    x = np.log(each.x) if each.logarithm else each.x
    side = _MARGIN * float(np.ptp(x))
    ends = np.array([x.min() - side, x.max() + side])
    ax.set_xlim(*(np.exp(ends) if each.logarithm else ends))
    shown = y if each.of_energy else np.log(y)
    span = max(float(np.ptp(shown)), 0.02 if each.of_energy else 0.2)
    up = np.array([shown.min() - _MARGIN * span, shown.max() + (_MARGIN + _HEADROOM) * span])
    ax.set_ylim(*(up if each.of_energy else np.exp(up)))


def _lines(ax: Axes, each: TrendOfCells) -> None:
    """Draw the weighted line over the points of each group."""
    found, x = each.found, np.log(each.x) if each.logarithm else each.x
    y = each.y if each.of_energy else np.log(each.y)
    weight = np.where(np.isfinite(each.stderr), each.stderr, 1.0) ** -2.0
    style = "-" if found.p_rank < 0.05 else "--"
    for group in dict.fromkeys(each.groups):
        inside = np.array([g == group for g in each.groups])
        level = float(np.sum(weight[inside] * (y - found.slope * x)[inside]) / np.sum(weight[inside]))
        grid = np.array([x[inside].min(), x[inside].max()])
        line = level + found.slope * grid
        colour = ink() if len(set(each.groups)) == 1 else GREY
        ax.plot(
            np.exp(grid) if each.logarithm else grid,
            line if each.of_energy else np.exp(line),
            style,
            color=colour,
            linewidth=0.09 * 72 * em(),
            zorder=1.5,
            gid="line",
        )


def _words(each: TrendOfCells) -> str:
    p = each.found.p_rank
    shown = f"$p$ < {_LEAST_P:g}" if p < _LEAST_P else f"$p$ = {p:.2g}"
    return f"$\\rho$ = {each.found.rank_correlation:.2f}, {shown}".replace("-", "−")

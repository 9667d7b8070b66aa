"""The pages of a report that show all spectra together: lines, capacitances, Nyquist plots."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes

from eisfit.plots.canvas.arrhenius_lines import lines_of, panels_of
from eisfit.plots.canvas.curves import condition_text, curves
from eisfit.plots.canvas.grid import spread
from eisfit.plots.canvas.paper import TEXT
from eisfit.plots.canvas.style import em
from eisfit.plots.document.book import Book
from eisfit.plots.kinds.arrhenius import arrhenius
from eisfit.plots.kinds.capacitances import capacitances
from eisfit.plots.kinds.capacitances import trend_of as capacitances_of
from eisfit.plots.kinds.nyquist import nyquist
from eisfit.results.fit import Fit
from eisfit.results.series import Series

_LEFT_CM, _BELOW_CM, _ABOVE_CM = 1.7, 1.0, 1.0  # room for labels
_PANEL_CM = (4.5, 8.0)  # least and greatest height of a panel
_COLUMNS = 3
_PANELS = 12  # of Nyquist plots on a page
_CELL_GAP_CM = 1.75


def overview(book: Book, result: Series | Sequence[Fit]) -> None:
    """Write the pages of figures."""
    if isinstance(result, Series):
        _lines(book, result)
        _capacitances(book, result)
    if len(result) > 1:
        _nyquist(book, result)


def _lines(book: Book, series: Series) -> None:
    if not series.law_fits():
        return
    found = lines_of(series)
    n = len(panels_of(found))
    book.turn()
    book.heading("Arrhenius plot")
    paper = book.paper
    paper.skip(_ABOVE_CM)
    gap = 0.35
    whole = paper.room_cm - _BELOW_CM - (n - 1) * gap
    height = min(max(whole / n, _PANEL_CM[0]), _PANEL_CM[1])
    axes: list[Axes] = []
    for k in range(n):
        axes.append(paper.axes(_LEFT_CM, paper.width_cm - _LEFT_CM, height, below_cm=k * (height + gap)))
    arrhenius(series, axes=axes)
    for ax in axes[:-1]:
        ax.tick_params(labelbottom=False)
    for ax in axes:
        ax.yaxis.set_label_coords(-1.25 / (paper.width_cm - _LEFT_CM), 0.5)
    paper.skip(n * height + (n - 1) * gap + _BELOW_CM)


def _capacitances(book: Book, series: Series) -> None:
    trend = capacitances_of(series)
    if not trend.points:
        return
    height = 6.0
    book.heading("Effective capacitances of one segment", follow_cm=height + 2.0)
    paper = book.paper
    paper.skip(0.2)
    capacitances(series, ax=paper.axes(_LEFT_CM, paper.width_cm - _LEFT_CM, height))
    paper.skip(height + _BELOW_CM)


def _nyquist(book: Book, result: Series | Sequence[Fit]) -> None:
    shown = curves(result)
    chosen = spread(len(shown.curves), _PANELS)
    book.turn()
    some = f" ({len(chosen)} of {len(shown.curves)} spectra)" if len(chosen) < len(shown.curves) else ""
    book.heading(f"Nyquist plots{some}", TEXT)
    paper = book.paper
    width = paper.width_cm / _COLUMNS - _CELL_GAP_CM
    rows = -(-len(chosen) // _COLUMNS)
    height = min(width, (paper.room_cm / rows) - 2.0)
    for k, index in enumerate(chosen):
        row, column = divmod(k, _COLUMNS)
        if column == 0 and row:
            paper.skip(height + 2.0)
        left = column * (width + _CELL_GAP_CM) + _CELL_GAP_CM - 0.3
        ax = paper.axes(left, width, height, below_cm=0.5)
        curve = shown.curves[index]
        nyquist(curve.fit if curve.fit is not None else curve.spectrum, ax=ax)
        ax.set_title(condition_text(curve, shown.over), fontsize=72 * em())
        ax.set_anchor("S")
        ax.locator_params(axis="both", nbins=4, steps=[1, 2, 2.5, 5, 10])
    paper.skip(height + 2.0)

"""The page of cells: results of several beside each other, in one Arrhenius figure and one table."""

from __future__ import annotations

from typing import Any

from nicegui import events, ui

from eisfit.app.beside import HEADS, Beside, beside
from eisfit.app.desk import Desk
from eisfit.app.figures import arrhenius
from eisfit.app.parts import text_table
from eisfit.app.shown import energy
from eisfit.errors import EisfitError
from eisfit.results.series import Series

_FEWEST = 2


def cells_page(desk: Desk) -> None:
    """Show the results that are chosen beside each other; the cells of the latest fit at first."""
    found = desk.results()
    if len(found) < _FEWEST:
        ui.label(
            "Fewer than two results: fit several cells (a cell of each file is set on the page Files), fit again, or "
            "open more eisfit.h5 on the page Files."
        ).mark("no-cells")
        return

    def choose(event: events.ValueChangeEventArguments[Any]) -> None:
        desk.beside = tuple(event.value)
        desk.changed()

    value = [name for name in desk.beside if name in found] or _first(list(found))
    select = ui.select(list(found), value=value, multiple=True, label="cells", on_change=choose)
    select.props("dense use-chips").classes("w-full").mark("cells")
    if len(value) < _FEWEST:
        ui.label("Choose two results or more.")
        return
    try:
        shown = {label: desk.loaded(found[name]) for name, label in _labels(value).items()}
        cells = {label: each.result for label, each in shown.items() if each is not None}
        if len(cells) < len(shown):
            ui.label("Reading these results ...").mark("reading")
            return
        if other := [name for name, result in cells.items() if not isinstance(result, Series)]:
            ui.label(f"{other[0]}: it is no series over temperature; take it out of the choice.").mark(
                "no-line"
            )
            return
        compared = beside(cells)
    except EisfitError as error:
        ui.label(str(error)).classes("text-orange-9").mark("no-line")
        return
    _shown(desk, compared)


def _labels(names: list[str]) -> dict[str, str]:
    """Return what results are called beside each other: by their cell, where that tells them apart."""
    cells = {name: name.rpartition(" (")[0].partition(", cell ")[2] for name in names}
    return cells if all(cells.values()) and len(set(cells.values())) == len(names) else {n: n for n in names}


def _first(names: list[str]) -> list[str]:
    """Return the results that are shown at first: the cells of the latest fit, else the latest two."""
    key = names[0].rpartition(" (")[2]
    latest = [name for name in names if name.endswith(f" ({key}")]
    return latest if len(latest) >= _FEWEST else names[:_FEWEST]


def _shown(desk: Desk, compared: Beside) -> None:
    def choose(event: events.ValueChangeEventArguments[Any]) -> None:
        desk.contribution = str(event.value)
        desk.changed()

    names = list(compared.lines)
    now = desk.contribution if desk.contribution in names else names[0]
    select = ui.select(names, value=now, label="contribution", on_change=choose).props("dense")
    select.classes("w-64").mark("contribution")
    lines = compared.lines[now]
    titles = [f"{cell}: {energy(line, desk.unit)}" for cell, line in lines.items()]
    plot = ui.plotly(arrhenius(list(lines.values()), titles, desk.dark)).classes("w-full")
    plot.style("height: 42vh").mark("beside")
    text_table(HEADS, compared.rows, "compared")
    ui.label("* differs from the first cell by more than the 95 % interval").classes("text-caption")

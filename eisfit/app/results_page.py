"""The page of results: contributions with what is known, Arrhenius lines with energies, distributions."""

from __future__ import annotations

from functools import partial
from itertools import permutations
from pathlib import Path
from typing import Any

from nicegui import events, ui

from eisfit.app.desk import Desk
from eisfit.app.figures import arrhenius, distributions, trend
from eisfit.app.parts import command_button, text_table
from eisfit.app.shown import UNITS, Shown, energy
from eisfit.errors import EisfitError
from eisfit.results.series import Series

_ARRHENIUS = "Arrhenius"
_ASKED = 3  # sets of arcs without a name that are asked about


def results_page(desk: Desk) -> None:
    """Show the results that are chosen, the latest at first."""
    found = desk.results()
    if not found:
        ui.label("Nothing is fitted yet: choose a template, then Fit series.").mark("no-results")
    else:
        _one(desk, found)
    if curves := desk.distribution_curves():
        ui.label("Distribution of relaxation times")
        ui.plotly(distributions(curves, desk.dark)).classes("w-full h-80").mark("drt")


def chosen_results(desk: Desk) -> Path | None:
    """Return the file of the results that are shown; the latest where none is chosen."""
    found = desk.results()
    return found.get(desk.shown, next(iter(found.values()), None))


def _one(desk: Desk, found: dict[str, Path]) -> None:
    def show(event: events.ValueChangeEventArguments[Any]) -> None:
        desk.shown = str(event.value)
        desk.changed()

    value = desk.shown if desk.shown in found else next(iter(found))
    names = {name: name for name in found}
    ui.select(names, value=value, on_change=show).props("dense").classes("w-96").mark("which-results")
    if found and next(iter(found)) == value and not desk.is_current(value):
        ui.label("Something was changed since this fit: fit again to see its effect.").classes(
            "text-orange-9"
        ).mark("outdated")
    try:
        shown = desk.loaded(found[value])
    except EisfitError as error:
        ui.label(str(error)).classes("text-orange-9").mark("unreadable")
        return
    if shown is None:
        ui.label("Reading these results ...").mark("reading")
        return
    _undecided(desk, value, shown)
    if isinstance(shown.result, Series):
        with ui.row().classes("w-full items-center no-wrap"):
            _figure_choice(desk, shown)
            ui.label(shown.result.headline()).mark("headline")
        if desk.trend in shown.trends:
            figure = trend(desk.trend, shown.heads[1], shown.trends[desk.trend], desk.dark)
            ui.plotly(figure).classes("w-full").style("height: 45vh").mark("trend")
        else:
            _lines(desk, shown)
        _joint(shown.result)
    text_table(shown.heads, shown.rows, "contributions")


def _figure_choice(desk: Desk, shown: Shown) -> None:
    def choose(event: events.ValueChangeEventArguments[Any]) -> None:
        desk.trend = str(event.value)
        desk.changed()

    names = {_ARRHENIUS: _ARRHENIUS} | {name: f"{name} over {shown.heads[1]}" for name in shown.trends}
    now = desk.trend if desk.trend in shown.trends else _ARRHENIUS
    select = ui.select(names, value=now, label="figure", on_change=choose).props("dense")
    select.classes("w-64").mark("which-figure")


def _undecided(desk: Desk, name: str, shown: Shown) -> None:
    """Ask which arc is which where the data do not tell; a click says so, and fits again."""
    for names in shown.undecided[:_ASKED]:
        with ui.row().classes("items-center gap-2"):
            ui.label(
                f"The data do not tell {' from '.join(names)}. If you know which arc is faster:"
            ).classes("text-orange-9").mark("undecided")
            for order in permutations(names):
                text = ", then ".join(order)
                tip = "says so in the series.toml (assign), and fits again; Undo takes it back"
                command_button(text, partial(desk.settle, name, order), f"settle {text}", tip)


def _lines(desk: Desk, results: Shown) -> None:
    lines = results.lines
    if not lines:
        ui.label("No line: values at two temperatures at least are needed.")
        return

    def order(event: events.ValueChangeEventArguments[Any]) -> None:
        desk.ordinate = str(event.value)
        desk.changed()

    def unit(event: events.ValueChangeEventArguments[Any]) -> None:
        desk.unit = str(event.value)
        desk.changed()

    ordinates = ["usual", *dict.fromkeys(line.ordinate for line, _ in lines)]
    now = desk.ordinate if desk.ordinate in ordinates else "usual"
    with ui.row().classes("w-full no-wrap items-start"):
        shown = [line for line, usual in lines if (usual if now == "usual" else line.ordinate == now)]
        titles = [f"{line.contribution}: {energy(line, desk.unit)}" for line in shown]
        plot = ui.plotly(arrhenius(shown, titles, desk.dark, results.joint_lines)).classes("grow")
        plot.style("height: 45vh; min-width: 0").mark("arrhenius")
        with ui.column().classes("w-80 gap-1"):
            ui.select(ordinates, value=now, label="ordinate", on_change=order).props("dense").classes(
                "w-40"
            ).mark("ordinate")
            ui.select(list(UNITS), value=desk.unit, label="unit", on_change=unit).props("dense").classes(
                "w-40"
            ).mark("unit")
            for line, title in zip(shown, titles, strict=True):
                ui.label(title).mark("energy")
                for sentence in line.sentences():
                    ui.label(sentence).classes("text-caption")
            for law in results.joint_lines:
                ui.label(f"joint fit (dashed), {law.contribution}: {energy(law, desk.unit)}").mark(
                    "joint-energy"
                )


def _joint(result: Series) -> None:
    """Show what a joint fit says beside the lines: laws, shared values, what each link costs."""
    if result.joint is None:
        return
    ui.label(result.joint.headline()).mark("joint")
    for sheet in result.joint.sheets():
        with ui.expansion(sheet.title).classes("w-full").props("dense"):
            text_table(sheet.columns, sheet.rows, "joint-table")
            for note in sheet.notes:
                ui.label(note).classes("text-caption")

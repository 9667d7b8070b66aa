"""The frame of all pages: tabs, fit buttons, progress, undo, keys."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from nicegui import events, ui

from eisfit.app.cells_page import cells_page
from eisfit.app.desk import Desk
from eisfit.app.export_page import export_page
from eisfit.app.files_page import files_page
from eisfit.app.knobs_page import knobs_page
from eisfit.app.model_page import model_page
from eisfit.app.parts import Parts, attempt, command_button
from eisfit.app.results_page import results_page
from eisfit.app.spectrum_page import spectrum_page
from eisfit.errors import InputError
from eisfit.session import FitJoint, FitOne, FitSeries, ShowDistributions

PAGES: dict[str, Callable[[Desk], Parts | None]] = {
    "Files": files_page,
    "Spectrum": spectrum_page,
    "Model": model_page,
    "Knobs": knobs_page,
    "Results": results_page,
    "Cells": cells_page,
    "Export": export_page,
}
_BEAT_S = 0.25
# plotly.js rejects the resize of a figure whose page was left meanwhile
_LEFT_FIGURES = """<script>addEventListener('unhandledrejection', event => {
    if (String(event.reason).includes('Resize must be passed a displayed plot div element')) event.preventDefault();
})</script>"""
_STEPS = {"arrowleft": -1, "arrowright": 1}


def shell(desk: Desk) -> None:
    """Show the tabs and the page that was shown last."""
    ui.page_title("eisfit")
    ui.add_head_html(_LEFT_FIGURES)
    dark = ui.dark_mode(desk.dark)
    ui.colors(primary="#0b5394")
    ui.query(".nicegui-content").classes("p-2 gap-1")

    now: dict[str, Any] = {"version": desk.version}

    @ui.refreshable
    def page() -> None:
        now["tab"], now["parts"] = desk.tab, PAGES[desk.tab](desk)

    with ui.header().classes("items-center q-py-xs gap-2 no-wrap"):
        ui.label("eisfit").classes("text-bold text-h6")
        tabs = _tabs(desk)
        ui.space()
        _progress(desk)
        _fits(desk)
        undo = command_button("Undo", lambda: _undo(desk), "undo", "Ctrl+Z")
        redo = command_button("Redo", lambda: _redo(desk), "redo", "Ctrl+Y")
        ui.button(icon="dark_mode", on_click=lambda: _dark(desk, dark)).props(
            'flat dense color=white aria-label="light or dark"'
        ).mark("dark")
    page()

    def beat() -> None:
        tabs.value = desk.tab
        undo.set_enabled(desk.session.can_undo)
        redo.set_enabled(desk.session.can_redo)
        while desk.ready_files:
            name, content = desk.ready_files.pop(0)
            ui.download.content(content, name)
        if desk.version != now["version"]:
            now["version"] = desk.version
            if not (now["tab"] == desk.tab and now["parts"] is not None and now["parts"].keep_up()):
                page.refresh()

    _draw_on_change(desk, beat)
    ui.keyboard(lambda event: _key(desk, event), ignore=["input", "select", "textarea"])


def _draw_on_change(desk: Desk, draw: Callable[[], None]) -> None:
    """Draw at once after every change, and once when the page has come to its browser."""
    client, loop = ui.context.client, asyncio.get_running_loop()

    def drawn() -> None:
        if client.has_socket_connection and not client.is_deleted:  # else it is drawn when it comes back
            with client:
                draw()

    def told() -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(drawn)

    desk.attend(client.id, told)
    client.on_connect(drawn)
    client.on_delete(lambda: desk.leave(client.id))


def _tabs(desk: Desk) -> Any:
    def show(event: events.ValueChangeEventArguments[Any]) -> None:
        if event.value != desk.tab:
            desk.tab = str(event.value)
            desk.changed()

    with ui.tabs().props("dense no-caps") as tabs:
        for name in PAGES:
            ui.tab(name).mark(f"tab-{name}")
    tabs.value = desk.tab
    tabs.on_value_change(show)
    return tabs


def _fits(desk: Desk) -> None:
    command_button(
        "Fit one", lambda: _ask(desk, FitOne(_selected(desk))), "fit one", "the selected file alone"
    )
    command_button("Fit series", lambda: _ask(desk, FitSeries()), "fit series", "as 'eisfit series' does")
    command_button("Joint", lambda: _ask(desk, FitJoint()), "fit joint", "all spectra at once")
    command_button("DRT", lambda: _ask(desk, ShowDistributions()), "drt", "distributions of relaxation times")


def _ask(desk: Desk, action: Any) -> None:
    desk.ask(action)
    desk.changed()


def _selected(desk: Desk) -> str:
    if desk.file is None:
        raise InputError("no file is open: open one on the page Files")
    return desk.file.path


def _progress(desk: Desk) -> None:
    with ui.row().classes("items-center no-wrap gap-2") as row:
        text = ui.label().classes("text-caption").mark("progress")
        bar = ui.linear_progress(value=0, show_value=False, size="8px", color="white").classes("w-24")
        command_button("Stop", desk.stop, "stop")

    def beat() -> None:
        row.set_visibility(desk.busy)
        if desk.busy and desk.job is not None:
            left = desk.job.left_s
            text.text = desk.job.step + (f", {left:.0f} s left" if left is not None else "")
            bar.value = desk.job.share

    beat()
    ui.timer(_BEAT_S, beat)


def _undo(desk: Desk) -> None:
    desk.session.undo()
    desk.changed()


def _redo(desk: Desk) -> None:
    desk.session.redo()
    desk.changed()


def _dark(desk: Desk, dark: Any) -> None:
    desk.dark = not desk.dark
    dark.set_value(desk.dark)
    desk.changed()


def _key(desk: Desk, event: events.KeyEventArguments) -> None:
    if not event.action.keydown:
        return
    key = event.key.name.lower()
    if event.modifiers.ctrl or event.modifiers.meta:
        if key == "y" or (key == "z" and event.modifiers.shift):
            attempt(lambda: _redo(desk))
        elif key == "z":
            attempt(lambda: _undo(desk))
    elif key.isdecimal() and 1 <= int(key) <= len(PAGES):
        desk.tab = list(PAGES)[int(key) - 1]
        desk.changed()
    elif desk.tab != "Knobs" and key in _STEPS:  # there these keys turn a knob
        desk.step(_STEPS[key])

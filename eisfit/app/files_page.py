"""The page of files: what is open, what was read, what could not be read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nicegui import events, ui

from eisfit.app.desk import Desk
from eisfit.app.parts import attempt, command_button, number_of
from eisfit.app.uploads import upload_box
from eisfit.errors import InputError
from eisfit.session import LeaveOutFile, SetCell, SetCondition, TakeBackFile

_COLUMNS = ("file", "points", "sweeps", "T / °C", "cell", "masked", "takes part")


def files_page(desk: Desk) -> None:
    """Show the files, and how to open more."""
    with ui.row().classes("items-center w-full no-wrap"):
        path = (
            ui.input("File, folder or results (.h5) on this computer")
            .classes("grow")
            .mark("path")
            .bind_value(desk, "path")
        )
        path.on("keydown.enter", lambda: attempt(lambda: desk.open(named(path.value))))
        command_button("Open", lambda: desk.open(named(path.value)), "open")
        upload_box(
            desk.session.folder,
            lambda paths: attempt(lambda: desk.open(paths)),
            lambda sentence: desk.say([sentence]),
        )
    for sentence in desk.messages[-6:]:
        ui.label(sentence).classes("text-orange-9").mark("message")
    if desk.messages:
        command_button("Clear messages", lambda: _clear(desk), "clear messages").props("flat")
    if desk.session.project.files:
        _table(desk)
        _one_file(desk)
    for results in desk.session.project.results:
        ui.label(f"results: {results}").mark("results-file")


def named(text: str | None) -> list[str]:
    """Return what a user has typed as arguments.

    Raises
    ------
    InputError
        If nothing was typed.
    """
    if not (text or "").strip():
        raise InputError("no file is named: type the path of a file or folder, or drop files")
    return [str(Path(str(text).strip().strip('"')).expanduser())]


def _clear(desk: Desk) -> None:
    desk.messages = []
    desk.changed()


def _table(desk: Desk) -> None:
    project = desk.session.project
    heads = [{"name": h, "label": h, "field": h, "align": "left", "sortable": True} for h in _COLUMNS]
    rows = [
        {
            "path": f.path,
            "file": f.name,
            "points": f.points,
            "sweeps": f.sweeps,
            "T / °C": f.keys.get("temperature_c", project.keys.get("temperature_c", "of the file")),
            "cell": f.cell,
            "masked": len(f.masked),
            "takes part": f"no: {f.why}" if f.left_out else "yes",
        }
        for f in project.files
    ]
    table = ui.table(columns=heads, rows=rows, row_key="path", pagination=0, selection="single")
    table.props("dense flat bordered virtual-scroll hide-pagination hide-selected-banner").classes(
        "w-full"
    ).style("height: 45vh")
    table.mark("files")
    table.selected = [r for r in rows if desk.file is not None and r["path"] == desk.file.path]

    def select(event: events.TableSelectionEventArguments) -> None:
        if event.selection:
            desk.selected = str(event.selection[0]["path"])
            desk.changed()

    table.on_select(select)


def _one_file(desk: Desk) -> None:
    """Show what can be said of the selected file."""
    file = desk.file
    assert file is not None
    with ui.row().classes("items-center"):
        ui.label(file.name).classes("text-bold")
        warm = (
            ui.input("T / °C", value=_shown(file.keys.get("temperature_c")))
            .classes("w-24")
            .mark("temperature")
        )
        command_button("Set T", lambda: desk.do(_temperature(warm.value, file.path)), "set temperature")
        cell = ui.input("cell", value=file.cell).classes("w-24").mark("cell")
        command_button("Set cell", lambda: desk.do(SetCell(file.path, str(cell.value))), "set cell")
        if file.left_out:
            command_button("Take back", lambda: desk.do(TakeBackFile(file.path)), "take back")
        else:
            command_button("Leave out", lambda: desk.do(LeaveOutFile(file.path, desk.reason)), "leave out")


def _temperature(text: Any, path: str) -> SetCondition:
    return SetCondition("temperature_c", number_of(text, "temperature"), path)


def _shown(value: Any) -> str:
    return "" if value is None else f"{value:g}"

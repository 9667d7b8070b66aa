"""The page of exports: series.toml, commands, tables, figures, report; and a saved project."""

from __future__ import annotations

from functools import partial
from html import escape
from pathlib import Path

from nicegui import ui

from eisfit.app.desk import Desk
from eisfit.app.parts import command_button
from eisfit.app.results_page import chosen_results
from eisfit.app.tasks import FIGURES, FILES
from eisfit.errors import InputError
from eisfit.session.commands_text import commands_text
from eisfit.session.series_text import series_text

_TEXT = "max-height: 40vh; overflow: auto; font-size: 12px; line-height: 1.3; margin: 0"


def export_page(desk: Desk) -> None:
    """Show what can be taken away."""
    project = desk.session.project
    with ui.row().classes("items-center"):
        command_button(
            "series.toml", lambda: _text("series.toml", series_text(project)), "export series.toml"
        )
        command_button(
            "commands.txt", lambda: _text("commands.txt", commands_text(project)), "export commands.txt"
        )
        for name in FILES:
            command_button(name, partial(_export, desk, name), f"export {name}")
    with ui.row().classes("items-center"):
        kind = ui.select(list(FIGURES), value="arrhenius", label="figure").classes("w-40").mark("kind")
        ending = ui.select(["pdf", "svg", "png"], value="pdf", label="format").classes("w-24").mark("format")
        width = ui.select(
            {"single": "8.3 cm, one column", "double": "17.1 cm, two columns"}, value="single", label="width"
        ).classes("w-48")
        style = ui.select(["paper", "talk"], value="paper", label="style").classes("w-24")
        command_button(
            "Make figure",
            lambda: desk.export(
                _results(desk), f"{kind.value}.{ending.value}", str(style.value), str(width.value)
            ),
            "export figure",
        )
    with ui.row().classes("items-center w-full no-wrap"):
        folder = ui.input("Save series.toml, commands and results into this folder", value=desk.folder)
        folder.classes("grow").mark("save-folder").bind_value(desk, "folder")
        command_button("Save", lambda: _save(desk, str(folder.value or "")), "save")
    ui.label("What these commands compute is what this session shows, to the last digit:").classes(
        "text-caption"
    )
    ui.code(commands_text(project), language="bash").classes("w-full")
    ui.html(f"<pre style='{_TEXT}'>{escape(series_text(project))}</pre>", sanitize=False).classes("w-full")


def _text(name: str, text: str) -> None:
    ui.download.content(text, name)


def _export(desk: Desk, name: str) -> None:
    desk.export(_results(desk), name)


def _results(desk: Desk) -> Path:
    found = chosen_results(desk)
    if found is None:
        raise InputError("there are no results yet: choose a template, then Fit series")
    return found


def _save(desk: Desk, folder: str) -> None:
    if not folder.strip():
        raise InputError("no folder is named: type where to save")
    written = desk.session.save(Path(folder.strip()).expanduser())
    desk.changed()
    ui.notify(f"saved: {len(written)} files in {folder}", type="positive")

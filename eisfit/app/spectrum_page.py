"""The page of one spectrum: linked planes, mask by lasso or click, cut, findings."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from nicegui import events, run, ui

from eisfit.app.clicks import on_point
from eisfit.app.desk import Desk
from eisfit.app.figures import at_point, linked
from eisfit.app.parts import attempt, command_button, nothing_open, number_of
from eisfit.errors import EisfitError
from eisfit.session import CutFrequencies, File, Mask, Unmask
from eisfit.spectrum.spectrum import Spectrum

_LISTED = 200


def spectrum_page(desk: Desk) -> None:
    """Show the selected spectrum with its fit."""
    if nothing_open(desk):
        return
    file = desk.file
    assert file is not None
    try:
        spectra, fit = desk.spectra(file), desk.fit_of(file)
    except (EisfitError, OSError) as error:
        ui.label(str(error)).classes("text-orange-9")
        return
    file_choice(desk, file)
    with ui.row().classes("w-full no-wrap items-start"):
        _figure(desk, file, spectra, fit)
        with ui.column().classes("w-56 gap-1"):
            _masks(desk, file)
            _cuts(desk, file)
            _findings(desk, file, spectra, fit)


def file_choice(desk: Desk, file: File) -> None:
    """Show which file is selected, with buttons to the next and the last one."""

    def select(event: events.ValueChangeEventArguments[Any]) -> None:
        desk.selected = str(event.value)
        desk.changed()

    with ui.row().classes("items-center no-wrap w-full"):
        command_button("‹", lambda: desk.step(-1), "previous", "previous spectrum (key: left)")
        names = {f.path: f.name for f in _near(desk.session.project.files, file)}
        ui.select(names, value=file.path, on_change=select, with_input=True).props("dense").classes(
            "w-96"
        ).mark("file")
        command_button("›", lambda: desk.step(1), "next", "next spectrum (key: right)")
        if file.sweeps > 1:
            ui.label(f"{file.sweeps} sweeps; a mask counts for all of them")
        if file.left_out:
            ui.label("left out").classes("text-orange-9")


def _near(files: Sequence[File], file: File) -> Sequence[File]:
    """Return the files of a list to choose from; of very many those about one: all stand on the page Files."""
    first = max(0, files.index(file) - _LISTED // 2)
    return files[first : first + _LISTED] if len(files) > _LISTED else files


def _figure(desk: Desk, file: File, spectra: list[Spectrum], fit: Any) -> None:
    fits = [] if fit is None or fit.statistics is None else [fit]
    curves = desk.distribution_curves()
    plot = ui.plotly(linked(spectra, fits, desk.dark, curves=curves))
    plot.classes("grow").style("height: calc(100vh - 165px); min-width: 0").mark("linked")

    def chosen(event: events.GenericEventArguments) -> list[int]:
        found = event.args.get("points") or []
        return sorted({int(p["customdata"][0]) for p in found if p.get("customdata")})

    def lasso(event: events.GenericEventArguments) -> None:
        if points := chosen(event):
            attempt(lambda: desk.do(Mask(file.path, tuple(points), desk.reason)))

    def click(event: events.GenericEventArguments) -> None:
        masked = dict(file.masked)
        for point in chosen(event)[:1]:
            mask = Mask(file.path, (point,), desk.reason)
            action = Unmask(file.path, (point,)) if point in masked else mask
            attempt(partial(desk.do, action))

    def hover(event: events.GenericEventArguments) -> None:
        for point in (event.args.get("points") or [])[:1]:
            if found := point.get("customdata"):
                rings = at_point(spectra, int(found[0]), int(found[1]), fits, curves)
                plot.run_plot_method("restyle", rings, list(range(len(rings["x"]))))

    plot.on("plotly_selected", lasso)
    on_point(plot, click)
    plot.on("plotly_hover", hover, throttle=0.05)


def _masks(desk: Desk, file: File) -> None:
    def keep(event: events.ValueChangeEventArguments[Any]) -> None:
        desk.reason = str(event.value or "masked by hand")

    ui.label("Lasso points, or click one, to mask them.").classes("text-caption")
    ui.input("reason", value=desk.reason, on_change=keep).classes("w-full").props("dense").mark("reason")
    ui.label(f"{len(file.masked)} of {file.points} points masked").mark("masked")
    if file.masked:
        command_button("Unmask all", lambda: desk.do(Unmask(file.path)), "unmask all")


def _cuts(desk: Desk, file: File) -> None:
    project = desk.session.project
    with ui.row().classes("no-wrap items-end"):
        low = ui.input("f min / Hz", value=_shown(project.f_min_hz)).props("dense").mark("f-min")
        high = ui.input("f max / Hz", value=_shown(project.f_max_hz)).props("dense").mark("f-max")

    def cut(path: str) -> None:
        desk.do(CutFrequencies(number_of(low.value, "f min"), number_of(high.value, "f max"), path))

    with ui.row():
        command_button("Cut all files", lambda: cut(""), "cut all")
        command_button("this one", lambda: cut(file.path), "cut one")


def _findings(desk: Desk, file: File, spectra: list[Spectrum], fit: Any) -> None:
    column = ui.column().classes("gap-1")

    async def fill() -> None:
        found = await run.io_bound(desk.findings, file, spectra)
        with column:
            for sentence in (found or ())[:5]:
                ui.label(sentence).classes("text-caption").mark("finding")

    ui.timer(0, fill, once=True)
    if fit is not None:
        if fit.sentence:
            ui.label(fit.sentence).classes("text-caption text-orange-9").mark("fit-sentence")
        if fit.statistics is not None:
            ui.label(f"rms {fit.statistics.rms_percent:.3g} % of |Z|").classes("text-caption").mark("rms")


def _shown(value: float | None) -> str:
    return "" if value is None else f"{value:g}"

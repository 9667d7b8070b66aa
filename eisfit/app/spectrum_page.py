"""The page of one spectrum: linked planes, mask by lasso or click, cut, findings."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from nicegui import events, run, ui

from eisfit.app.clicks import on_point
from eisfit.app.desk import Desk
from eisfit.app.figures import at_point, linked
from eisfit.app.parts import Part, Parts, attempt, command_button, drawn, nothing_open, number_of
from eisfit.errors import EisfitError
from eisfit.session import CutFrequencies, File, Mask, Unmask

_LISTED = 200


def spectrum_page(desk: Desk) -> Parts | None:
    """Show the selected spectrum with its fit."""
    if nothing_open(desk):
        return None
    frame = Part(lambda: _readable(desk), lambda: None)
    if fault := _readable(desk)[1]:
        ui.label(fault).classes("text-orange-9")
        return None
    choice = drawn(lambda: _listed(desk), lambda: file_choice(desk, _selected(desk)))
    with ui.row().classes("w-full no-wrap items-start"):
        figure = _Figure(desk).show()
        with ui.column().classes("w-56 gap-1"):
            masks = drawn(lambda: _selected(desk).masked, lambda: _masks(desk))
            cuts = drawn(lambda: _cut_at(desk), lambda: _cuts(desk))
            findings = drawn(lambda: (_selected(desk), _cut_at(desk), _fit(desk)), lambda: _findings(desk))
    return Parts(frame, (choice, figure, masks, cuts, findings))


def _selected(desk: Desk) -> File:
    assert desk.file is not None
    return desk.file


def _readable(desk: Desk) -> tuple[str, str]:
    """Return which file is selected, and why it cannot be read."""
    if desk.file is None:
        return "", ""
    try:
        desk.spectra(desk.file)
    except (EisfitError, OSError) as error:
        return desk.file.path, str(error)
    return desk.file.path, ""


def _listed(desk: Desk) -> object:
    return [(f.path, f.left_out) for f in desk.session.project.files]


def _cut_at(desk: Desk) -> object:
    project = desk.session.project
    return project.f_min_hz, project.f_max_hz, repr(project.keys)


def _fit(desk: Desk) -> Any:
    return desk.fit_of(_selected(desk))


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


class _Figure:
    """The linked planes of one file; a change moves them in place, so that zoom and clicks survive it."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def _look(self) -> None:
        """Take what is drawn from the desk."""
        self.file, fit = _selected(self.desk), _fit(self.desk)
        self.spectra = self.desk.spectra(self.file)
        self.fits = [] if fit is None or fit.statistics is None else [fit]
        self.curves = self.desk.distribution_curves()

    def _drawing(self) -> dict[str, Any]:
        figure = linked(self.spectra, self.fits, self.desk.dark, curves=self.curves)
        figure["layout"]["selectionrevision"] = self.desk.version  # else the line of the lasso stays
        return figure

    def show(self) -> Part:
        """Show it."""
        part = Part(self._shows, self._again)
        self._look()
        self.plot = ui.plotly(self._drawing())
        self.plot.classes("grow").style("height: calc(100vh - 165px); min-width: 0").mark("linked")
        self.plot.on("plotly_selected", self._lasso)
        on_point(self.plot, self._click)
        self.plot.on("plotly_hover", self._hover, throttle=0.05)
        return part

    def _shows(self) -> object:
        desk = self.desk
        distributions = desk.distributions(), bool(desk.distribution_curves())
        return _selected(desk), _cut_at(desk), _fit(desk), distributions, desk.dark

    def _again(self) -> None:
        self._look()
        self.plot.update_figure(self._drawing())

    def _lasso(self, event: events.GenericEventArguments) -> None:
        if points := _points(event):
            attempt(lambda: self.desk.do(Mask(self.file.path, points, self.desk.reason)))

    def _click(self, event: events.GenericEventArguments) -> None:
        masked = dict(self.file.masked)
        for point in _points(event)[:1]:
            mask = Mask(self.file.path, (point,), self.desk.reason)
            action = Unmask(self.file.path, (point,)) if point in masked else mask
            attempt(partial(self.desk.do, action))

    def _hover(self, event: events.GenericEventArguments) -> None:
        for point in (event.args.get("points") or [])[:1]:
            if found := point.get("customdata"):
                rings = at_point(self.spectra, int(found[0]), int(found[1]), self.fits, self.curves)
                self.plot.run_plot_method("restyle", rings, list(range(len(rings["x"]))))


def _points(event: events.GenericEventArguments) -> tuple[int, ...]:
    """Return which points of a file were ringed or clicked."""
    found = event.args.get("points") or []
    return tuple(sorted({int(p["customdata"][0]) for p in found if p.get("customdata")}))


def _masks(desk: Desk) -> None:
    file = _selected(desk)

    def keep(event: events.ValueChangeEventArguments[Any]) -> None:
        desk.reason = str(event.value or "masked by hand")

    ui.label("Lasso points, or click one, to mask them.").classes("text-caption")
    ui.input("reason", value=desk.reason, on_change=keep).classes("w-full").props("dense").mark("reason")
    ui.label(f"{len(file.masked)} of {file.points} points masked").mark("masked")
    if file.masked:
        command_button("Unmask all", lambda: desk.do(Unmask(file.path)), "unmask all")


def _cuts(desk: Desk) -> None:
    project = desk.session.project
    with ui.row().classes("no-wrap items-end"):
        low = ui.input("f min / Hz", value=_shown(project.f_min_hz)).props("dense").mark("f-min")
        high = ui.input("f max / Hz", value=_shown(project.f_max_hz)).props("dense").mark("f-max")

    def cut(path: str) -> None:
        desk.do(CutFrequencies(number_of(low.value, "f min"), number_of(high.value, "f max"), path))

    with ui.row():
        command_button("Cut all files", lambda: cut(""), "cut all")
        command_button("this one", lambda: cut(_selected(desk).path), "cut one")


def _findings(desk: Desk) -> None:
    file, fit = _selected(desk), _fit(desk)
    spectra, column = desk.spectra(file), ui.column().classes("gap-1")

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

"""The page of knobs: every parameter with a slider and a number, and the model curve over the data as they turn."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from nicegui import events, ui

from eisfit.app.desk import Desk
from eisfit.app.figures import linked, moved
from eisfit.app.parts import attempt, command_button, nothing_open, number_of
from eisfit.app.spectrum_page import file_choice
from eisfit.cell.templates import Template
from eisfit.errors import EisfitError, InputError
from eisfit.session import (
    FreeParameter,
    Knob,
    SetParameter,
    StartAt,
    Turned,
    as_fitted,
    knobs_of,
    model_of,
    values_of,
)
from eisfit.spectrum.spectrum import Spectrum

_COLUMN = "width: 27rem; flex: none; max-height: calc(100vh - 165px); overflow-y: auto; flex-wrap: nowrap"
_SMALL = "font-size: 11px; line-height: 1"
_STEPS = 400  # of a slider


def knobs_page(desk: Desk) -> None:
    """Show the model of the selected file at where the knobs stand."""
    if nothing_open(desk):
        return
    file = desk.file
    assert file is not None
    try:
        cell, spectrum = model_of(desk.session.project), desk.spectra(file)[0]
    except (EisfitError, OSError) as error:
        ui.label(str(error)).classes("text-orange-9")
        return
    file_choice(desk, file)
    if cell is None:
        ui.label("Choose a template and the number of electrodes on the page Model first.").mark("no-knobs")
        return
    settable, fit = frozenset(cell.circuit.names), desk.fit_of(file)
    cell = as_fitted(cell, fit)
    if desk.turned_for != (now := (cell.circuit.text, file.path)):
        desk.turned, desk.turned_for = {}, now
    _Panel(desk, cell, spectrum, knobs_of(cell, spectrum, fit, desk.turned), settable).show()


class _Panel:
    """The figure with its knobs, of one load of the page."""

    def __init__(
        self,
        desk: Desk,
        cell: Template,
        spectrum: Spectrum,
        knobs: tuple[Knob, ...],
        settable: frozenset[str],
    ) -> None:
        self.desk, self.cell, self.spectrum, self.knobs = desk, cell, spectrum, knobs
        self.settable = (
            settable  # parameters of the template; a fit may have others, as of two in one resistor
        )
        self.inputs: dict[str, Any] = {}

    def show(self) -> None:
        """Show it."""
        model = self.model()
        with ui.row().classes("w-full no-wrap items-start"):
            figure = linked([self.spectrum], [model], self.desk.dark, "model")
            self.count = len(figure["data"])
            self.plot = ui.plotly(figure).classes("grow").mark("turned")
            self.plot.style("height: calc(100vh - 165px); min-width: 0")
            with (
                ui.column()
                .classes("gap-0")
                .style("width: 27rem; flex: none; max-height: calc(100vh - 165px); overflow-y: auto")
            ):
                self._commands(model)
                for knob in self.knobs:
                    self._knob(knob)

    def model(self) -> Turned:
        """Return the model at where the knobs stand now."""
        return Turned(self.spectrum, self.cell.circuit, values_of(self.knobs, self.desk.turned))

    def turn(self, name: str, value: float) -> None:
        """Turn a knob, and move the curve."""
        self.desk.turned[name] = value
        model = self.model()
        changes, traces = moved(model)
        self.plot.run_plot_method("restyle", changes, list(range(self.count - traces, self.count)))
        self.misfit.text = _misfit(model)
        for knob in self.knobs:
            self.inputs[knob.name].value = _shown(model.values[knob.name])

    def _commands(self, model: Turned) -> None:
        self.misfit = ui.label(_misfit(model)).mark("turned-rms")
        with ui.row().classes("gap-2 q-pb-sm"):
            tip = "the next fits start at these values"
            command_button("Start fits here", lambda: self._start(), "start here", tip)
            tip = "to the fit of this file, or to where they stood first"
            command_button("Turn back", lambda: self._back(), "turn back", tip)

    def _start(self) -> None:
        values = values_of(self.knobs, self.desk.turned)
        self.desk.do(StartAt({k.name: values[k.name] for k in self.knobs if self._free(k)}))

    def _free(self, knob: Knob) -> bool:
        return knob.name in self.settable and not (knob.fixed or knob.tie)

    def _back(self) -> None:
        self.desk.turned = {}
        self.desk.changed()

    def _knob(self, knob: Knob) -> None:
        bound = bool(knob.tie or knob.fixed)
        with ui.row().classes("w-full items-center no-wrap gap-2"):
            tip = f"{knob.name} / {knob.unit}" + (f", follows {knob.tie}" if knob.tie else "")
            with ui.column().classes("gap-0").style("width: 7.2rem; flex: none").tooltip(tip):
                ui.label(knob.name).classes("text-caption")
                ui.label("" if knob.unit == "1" else knob.unit).classes("text-grey").style(_SMALL)
            low, high = knob.position(knob.low), knob.position(knob.high)
            step = (high - low) / _STEPS or 1.0
            slider = ui.slider(min=low, max=high, step=step, value=knob.position(knob.value))
            slider.classes("grow").props(f'dense aria-label="{knob.name}"').mark(f"knob-{knob.name}")
            slider.set_enabled(not bound)
            slider.on_value_change(self._slid(knob))
            box = (
                ui.input(value=_shown(knob.value))
                .style("width: 5.5rem; flex: none")
                .mark(f"value-{knob.name}")
            )
            box.props('dense input-class="text-right text-caption"')
            self.inputs[knob.name] = box
            box.on("keydown.enter", lambda: attempt(partial(self._typed, knob)))
            box.set_enabled(not bound)
            fix = ui.checkbox(value=knob.fixed, on_change=partial(self._fix, knob)).props("dense")
            fix.tooltip("fixed at this value").mark(f"fix-{knob.name}").set_enabled(
                knob.name in self.settable and not knob.tie
            )

    def _slid(self, knob: Knob) -> Callable[[events.ValueChangeEventArguments[Any]], None]:
        def slid(event: events.ValueChangeEventArguments[Any]) -> None:
            if event.value is not None:
                self.turn(knob.name, knob.at(float(event.value)))

        return slid

    def _typed(self, knob: Knob) -> None:
        value = number_of(self.inputs[knob.name].value, knob.name)
        if value is None or not 0 < value < float("inf"):
            raise InputError(f"{knob.name}: {value} cannot be its value; give a positive number")
        if not knob.logarithmic and value > knob.high:
            raise InputError(f"{knob.name}: {value:g} is above {knob.high:g}, the most that it can be")
        self.desk.turned[knob.name] = value
        self.desk.changed()

    def _fix(self, knob: Knob, event: events.ValueChangeEventArguments[Any]) -> None:
        value = values_of(self.knobs, self.desk.turned)[knob.name]
        attempt(
            lambda: self.desk.do(
                SetParameter(knob.name, fixed=value) if event.value else FreeParameter(knob.name)
            )
        )


def _shown(value: float) -> str:
    return f"{value:.4g}"


def _misfit(model: Turned) -> str:
    return f"the curve misses the data by {model.rms_percent:.3g} % of |Z| (rms)"

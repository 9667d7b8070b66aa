"""The page of the model: template with its picture, electrodes, geometry, parameters."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from nicegui import events, ui

from eisfit.app.circuit_picture import circuit_svg
from eisfit.app.desk import Desk
from eisfit.app.other_cells import other_cells
from eisfit.app.parts import Part, Parts, attempt, command_button, drawn, nothing_open, number_of
from eisfit.cell.find import template
from eisfit.cell.templates import Template
from eisfit.errors import EisfitError, InputError
from eisfit.session import (
    Action,
    AssignArcs,
    ChooseTemplate,
    FreeParameter,
    LeaveOutSegments,
    SetCondition,
    SetElectrodes,
    SetParameter,
    Suggested,
)
from eisfit.session.project import cell_named
from eisfit.session.suggested import Choice
from eisfit.spectrum.conditions import ELECTRODES
from eisfit.workflow.template_candidates import Candidate

_GEOMETRY = {"area_cm2": "area / cm²", "diameter_mm": "diameter / mm", "thickness_mm": "thickness / mm"}
_SHOWN = 4  # of a suggestion


def model_page(desk: Desk) -> Parts | None:
    """Show what is fitted, and what is set of it."""
    if nothing_open(desk):
        return None
    frame = Part(lambda: bool(desk.session.project.files), lambda: None)
    with ui.row().classes("w-full no-wrap items-start"):
        with ui.column().classes("w-1/2 gap-1"):
            left = _templates(desk)
        with ui.column().classes("w-1/2 gap-1"):
            cell = drawn(lambda: _electrodes_and_geometry(desk), lambda: _cell(desk))
            parameters = drawn(lambda: desk.session.project, lambda: _parameters(desk))
    return Parts(frame, (*left, cell, parameters))


def _templates(desk: Desk) -> tuple[Part, ...]:
    with ui.row().classes("w-full no-wrap items-center"):
        template_choice = _template_choice(desk)
        tip = "rank templates and circuits by what the data allow; this fits, and can be stopped"
        command_button("Suggest", desk.suggest, "suggest", tip)
    suggestion = drawn(desk.suggestion, lambda: _suggestion(desk))
    with ui.row().classes("w-full no-wrap items-center"):
        circuit_choice = _circuit_choice(desk)
    picture = drawn(lambda: _seen_as(desk), lambda: _picture(desk))
    return template_choice, suggestion, circuit_choice, picture


def _template_choice(desk: Desk) -> Part:
    """Show the list of templates; where its order changes, what is being typed into it stays."""

    def shows() -> tuple[dict[str, str], str | None]:
        names = _names(desk.candidates(), desk.suggestion()[0])
        return names, desk.session.project.template if desk.session.project.template in names else None

    def choose(event: events.ValueChangeEventArguments[Any]) -> None:
        if event.value is not None and event.value != desk.session.project.template:
            attempt(lambda: _choose(desk, event.value))

    def again() -> None:
        names, value = shows()
        select.set_options(names, value=value)

    part = Part(lambda: (list(shows()[0].items()), shows()[1]), again)
    names, value = shows()
    label = "template; those that suit the data first"
    select = ui.select(names, value=value, label=label, with_input=True, on_change=choose)
    select.classes("grow").mark("template")
    return part


def _circuit_choice(desk: Desk) -> Part:
    def shows() -> str:
        template = desk.session.project.template
        return "" if template in _names(desk.candidates(), None) else template

    part = Part(shows, lambda: circuit.set_value(shows()))
    circuit = ui.input("or a circuit", value=shows(), placeholder="R0-p(R1,CPE1)")
    circuit.classes("grow").mark("circuit")
    circuit.on("keydown.enter", lambda: attempt(lambda: _choose(desk, circuit.value)))
    command_button("Choose", lambda: _choose(desk, circuit.value), "choose circuit")
    return part


def _names(known: Sequence[Candidate], found: Suggested | None) -> dict[str, str]:
    """Return what the templates are called in the list, the suggested ones first."""
    usual = {
        c.name: f"{c.name}: {c.title}{'' if c.likely else ' (the low end of the data speaks against it)'}"
        for c in known
    }
    ranked = dict.fromkeys(t.name for t in found.templates if t.name in usual) if found else {}
    allowed = {t.name for t in found.templates if t.allowed} if found else set()
    return {n: f"{'✓ ' if n in allowed else ''}{usual[n]}" for n in dict.fromkeys([*ranked, *usual])}


def _suggestion(desk: Desk) -> None:
    """Show the set that the data allow, each with a button; the measurement that decides stands beside it."""
    found, current = desk.suggestion()
    if found is None:
        return
    ui.label(found.headline).classes("text-caption").mark("suggested")
    if not current:
        said = "Files, masks or conditions were changed since: suggest again to see their effect."
        ui.label(said).classes("text-caption text-orange-9").mark("suggested-before")
    for choice in (
        *[t for t in found.templates if t.allowed][:_SHOWN],
        *[c for c in found.circuits if c.allowed][:_SHOWN],
    ):
        with ui.row().classes("w-full items-center no-wrap gap-2"):
            name = f"{choice.name}, {choice.electrodes} electrodes" if choice.electrodes else choice.name
            command_button(name, partial(_take, desk, choice), f"take {choice.name}", choice.title)
            decided = f"told from the first by: {choice.decided_by}" if choice.decided_by else ""
            words = "; ".join(text for text in (choice.why, decided) if text)
            ui.label(words).classes("text-caption ellipsis").tooltip(words)
    for remark in found.remarks[:_SHOWN]:
        ui.label(remark).classes("text-caption").mark("suggested-remark")


def _take(desk: Desk, choice: Choice) -> None:
    """Choose what was suggested; its number of electrodes as well where none is known."""
    actions: list[Action] = [ChooseTemplate(choice.name)]
    if choice.electrodes is not None and desk.session.project.electrodes is None:
        actions.append(SetElectrodes(choice.electrodes))
    desk.do(*actions)


def _picture(desk: Desk) -> None:
    """Show the circuit that the electrodes see, or what speaks against it; for each number of them until it is said."""
    project = desk.session.project
    try:
        if (cell := project.cell()) is not None:
            pictures = {"": circuit_svg(cell)}
        else:
            pictures = _each_seen(cell_named(project.template)) if project.template else {}
    except EisfitError as error:
        ui.label(str(error)).classes("text-caption text-orange-9").mark("picture")
        return
    for seen, picture in pictures.items():
        if seen:
            ui.label(seen).classes("text-caption")
        ui.html(picture, sanitize=False).classes("w-full").mark("picture")


def _seen_as(desk: Desk) -> object:
    project = desk.session.project
    return project.template, project.electrodes, project.without, project.keys


def _each_seen(cell: Template) -> dict[str, str]:
    counts = [seen.electrodes for seen in cell.configurations]
    return {f"{k} electrodes": circuit_svg(cell.with_electrodes(k)) for k in counts}


def _choose(desk: Desk, name: str | None) -> None:
    if not name or not name.strip():
        raise InputError("no template is named; choose one, or type a circuit such as R0-p(R1,CPE1)")
    desk.do(ChooseTemplate(name.strip()))


def _electrodes_and_geometry(desk: Desk) -> object:
    return desk.session.project.electrodes, dict(desk.session.project.keys)


def _cell(desk: Desk) -> None:
    project = desk.session.project
    with ui.row().classes("items-end no-wrap"):
        options = {k: f"{k} electrodes" for k in ELECTRODES}
        count = ui.select(
            options,
            value=project.electrodes,
            label="electrodes",
            on_change=lambda event: attempt(lambda: desk.do(SetElectrodes(event.value))),
        )
        count.classes("w-40").mark("electrodes")
    known = dict(project.keys)
    if "thickness_cm" in known:
        known["thickness_mm"] = 10 * known["thickness_cm"]
    with ui.row().classes("items-end no-wrap"):
        inputs = {
            key: ui.input(label, value=f"{known[key]:g}" if key in known else "").classes("w-28").mark(key)
            for key, label in _GEOMETRY.items()
        }
        command_button(
            "Set", lambda: _geometry(desk, {k: i.value for k, i in inputs.items()}), "set geometry"
        )


def _geometry(desk: Desk, texts: dict[str, Any]) -> None:
    values = {key: number_of(text, _GEOMETRY[key]) for key, text in texts.items()}
    shown = desk.session.project.keys.get("area_cm2")
    if values["diameter_mm"] is not None:
        values["area_cm2"] = None if values["area_cm2"] == shown or shown is None else values["area_cm2"]
    changes = [SetCondition(key, value) for key, value in values.items() if value is not None]
    if values["area_cm2"] is not None and values["diameter_mm"] is not None:
        raise InputError("area and diameter state the same quantity; keep one")
    desk.do(*changes)


def _parameters(desk: Desk) -> None:
    project = desk.session.project
    try:
        cell = project.cell()
    except EisfitError:
        cell = None
    if cell is None:
        ui.label("Choose a template and the number of electrodes; then its parameters stand here.").mark(
            "no cell"
        )
        return
    names = {p.name: f"{p.name} / {p.unit}" for p in cell.circuit.parameters}
    with ui.row().classes("items-end no-wrap"):
        name = (
            ui.select(names, label="parameter", value=next(iter(names), None))
            .classes("w-40")
            .mark("parameter")
        )
        fixed = ui.input("fixed at").classes("w-16").mark("fixed")
        low, high = (ui.input(text).classes("w-16").mark(text) for text in ("from", "to"))
        tie = ui.input("tied to", placeholder="2*R1").classes("w-20").mark("tie")

        def settle() -> None:
            values = [number_of(i.value, str(name.value)) for i in (fixed, low, high)]
            ends = None if values[1] is None and values[2] is None else (values[1] or 0.0, _upper(values[2]))
            tied = str(tie.value or "") or None
            desk.do(SetParameter(str(name.value), fixed=values[0], range=ends, tie=tied))

        command_button("Set", settle, "set parameter")
    for key, given in project.parameters.items():
        with ui.row().classes("items-center"):
            ui.label(f"{key}: {', '.join(f'{k} {v}' for k, v in given.items())}").mark("setting")
            command_button("Free", partial(desk.do, FreeParameter(key)), f"free {key}")
    _segments(
        desk, [s.name for s in template(project.template).segments] if _is_shipped(project.template) else []
    )


def _upper(value: float | None) -> float:
    return float("inf") if value is None else value


def _is_shipped(name: str) -> bool:
    try:
        template(name)
    except EisfitError:
        return False
    return True


def _segments(desk: Desk, names: list[str]) -> None:
    """Show which segments the cell has not, and which arcs are in which order."""
    if not names:
        return
    project = desk.session.project
    with ui.row().classes("items-end no-wrap"):
        without = ui.select(names, value=list(project.without), multiple=True, label="the cell has not")
        without.classes("w-44").mark("without")
        command_button("Set", lambda: desk.do(LeaveOutSegments(tuple(without.value))), "set without")
        order = ui.select(names, value=list(project.assign), multiple=True, label="arcs, fastest first")
        order.classes("w-44").mark("assign")
        command_button("Set", lambda: desk.do(AssignArcs(tuple(order.value))), "set assign")
    other_cells(desk, names)

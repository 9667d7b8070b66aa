"""The command dc."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from eisfit.cli.app import DONE, NOTHING_READABLE, SOME_FAILED, app
from eisfit.cli.console import say, say_unread, table_console
from eisfit.cli.figures import write_figures
from eisfit.cli.options import AreaCm2, Force, Json
from eisfit.errors import InputError

if TYPE_CHECKING:
    from eisfit.polarisation import DcAnswer, DcData
    from eisfit.tables.wide_and_narrow import Form

FILES = (".h5", ".hdf5")  # endings of a file of results
FIGURE = "current_overpotential"
Pair: TypeAlias = tuple[float, float] | None  # a resistance and its standard error


Files = Annotated[list[str], typer.Argument(help="CSV with places of probes, dc files of instruments.")]
TemperatureC = Annotated[float | None, typer.Option(help="Temperature in °C, in place of the files'.")]
Position = Annotated[
    list[str] | None, typer.Option(help="Place of a probe in mm: NAME=MM, such as L1=0.5. Repeat for each.")
]
Probe = Annotated[
    list[str] | None, typer.Option(help="Keep this potential alone, such as 'Analog IN 1'. Repeat for each.")
]
SolidMm = Annotated[str | None, typer.Option(help="Both faces of the solid in mm, such as 2..4.")]
SeriesOhm = Annotated[
    float | None,
    typer.Option(help="Without positions: what is in series with the interface, in ohm, or 0."),
]
Stderr = Annotated[float, typer.Option(help="Its standard error.")]
Twin = Annotated[
    Path | None, typer.Option(help="File of the cell without the solid, whose drop is subtracted.")
]
Charge = Annotated[int, typer.Option(help="Charge number of the ion.")]
Alpha = Annotated[float | None, typer.Option(help="Fix the transfer coefficient.")]
Interphase = Annotated[float | None, typer.Option(help="Fix the interphase, in ohm cm2.")]
ByImpedance = Annotated[
    float | None, typer.Option(help="R_p of one interface by impedance, to compare with that of dc.")
]
Window = Annotated[float, typer.Option(help="Part of each step, at its end, that is averaged.")]
SubtractRest = Annotated[
    bool,
    typer.Option(
        "--subtract-rest", help="Count potentials from those without current, which must be recorded too."
    ),
]
Together = Annotated[bool, typer.Option("--together", help="Join all files: one cell, one temperature.")]
OutputFolder = Annotated[
    Path | None,
    typer.Option("-o", "--output", help="Folder for figures and points as CSV, or a file NAME.h5 for all."),
]
WithFigure = Annotated[bool, typer.Option("--figure", help="Draw current over potential, into -o or here.")]


@app.command()
def dc(
    files: Files,
    area_cm2: AreaCm2 = None,
    temperature_c: TemperatureC = None,
    position: Position = None,
    probe: Probe = None,
    solid_mm: SolidMm = None,
    series_ohm: SeriesOhm = None,
    series_stderr_ohm: Stderr = 0.0,
    twin: Twin = None,
    charge: Charge = 1,
    alpha: Alpha = None,
    r_slei_ohm_cm2: Interphase = None,
    impedance_ohm_cm2: ByImpedance = None,
    impedance_stderr_ohm_cm2: Stderr = 0.0,
    window: Window = 0.2,
    subtract_rest: SubtractRest = False,
    together: Together = False,
    output: OutputFolder = None,
    figure: WithFigure = False,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """Fit dc data: steady states, drops at interfaces, i0, alpha and R_SLEI, desolvation against solvation."""
    from eisfit.polarisation import read_all_dc

    _check_output(output, figure, force)
    conditions = conditions_of(area_cm2, temperature_c, position or [], solid_mm)
    found, unread = read_all_dc(files)
    say_unread(unread)
    if not found:
        raise typer.Exit(NOTHING_READABLE)
    options: dict[str, Any] = {
        "window": window, "subtract_rest": subtract_rest,
        "series_ohm": series_ohm, "series_stderr_ohm": series_stderr_ohm, "charge": charge,
        "alpha": alpha, "r_slei_ohm_cm2": r_slei_ohm_cm2,
        "twin": None if twin is None else _twin(twin, conditions),
    }  # fmt: skip
    answers, failed = _answers(found, conditions | {"probes": probe or []}, options, together)
    settings = {**options, "files": files, "twin": None if twin is None else str(twin), "together": together}
    paths = _written(answers, output, settings, figure, force)
    by_impedance = None if impedance_ohm_cm2 is None else (impedance_ohm_cm2, impedance_stderr_ohm_cm2)
    _present(answers, paths, as_json, by_impedance)
    raise typer.Exit(SOME_FAILED if unread or failed else DONE)


def conditions_of(
    area_cm2: float | None, temperature_c: float | None, positions: list[str], solid_mm: str | None
) -> dict[str, Any]:
    """Return the conditions of dc data that the command line gives."""
    from eisfit.polarisation import ProbeLayout
    from eisfit.polarisation.dc_table import faces_of, positions_of

    given: dict[str, Any] = {"area_cm2": area_cm2, "temperature_c": temperature_c}
    if bool(positions) != (solid_mm is not None):
        raise InputError(
            "--position and --solid-mm belong together: give the place of each probe and both faces"
        )
    if solid_mm is not None:
        given["layout"] = ProbeLayout(positions_of(positions, "--position"), faces_of(solid_mm, "--solid-mm"))
    return {name: value for name, value in given.items() if value is not None}


def _check_output(output: Path | None, figure: bool, force: bool) -> None:
    """Refuse a file that cannot be written, before all else."""
    if output is None or output.suffix.lower() not in FILES:
        return
    if figure:
        raise InputError(
            f"--figure goes into a folder, and {output} is a file: draw it later by 'eisfit plot {output} {FIGURE}'"
        )
    from eisfit.store.sealed_file import refuse

    refuse(output, output, force)


def _twin(path: Path, conditions: dict[str, Any]) -> DcData:
    from eisfit.polarisation import read_dc

    found = read_dc(path)[0]
    lacking = {name: v for name, v in conditions.items() if name != "layout" and getattr(found, name) is None}
    return found.under(**lacking)


def _answers(
    found: Sequence[DcData], conditions: dict[str, Any], options: dict[str, Any], together: bool
) -> tuple[list[DcAnswer], bool]:
    """Return the answers of all data, and whether some failed, which is said."""
    from eisfit.polarisation import answer

    answers, failed = [], False
    others = {name: value for name, value in conditions.items() if name != "probes"}
    kept = conditions["probes"]
    for group in [list(found)] if together else [[each] for each in found]:
        try:
            answers.append(
                answer([(each.only(kept) if kept else each).under(**others) for each in group], **options)
            )
        except InputError as error:
            say(str(error))
            failed = True
    return answers, failed


def _written(
    answers: Sequence[DcAnswer], output: Path | None, settings: dict[str, Any], figure: bool, force: bool
) -> list[Path]:
    """Write a file of results, or a folder with points and figures; return the paths."""
    if output is None and not figure:
        return []
    from eisfit import plots, store
    from eisfit.polarisation import point_rows

    if output is not None and output.suffix.lower() in FILES:
        return [store.save(output, list(answers), overwrite=force, settings=settings)] if answers else []
    files: dict[str, bytes] = {}
    for number, each in enumerate(answers, 1):
        name = "dc" if len(answers) == 1 else f"dc_{number}"
        if output is not None:
            files |= plots.data_as_file(point_rows(each), name)
        if figure:
            files |= plots.as_files(plots.current_overpotential(each.fit or each.curve), name)
    return write_figures(output or Path(), files, ["dc"], force) if files else []


def _present(answers: Sequence[DcAnswer], paths: Sequence[Path], as_json: bool, by_impedance: Pair) -> None:
    if as_json:
        print(
            json.dumps(
                {"cells": [_data(each, by_impedance) for each in answers], "files": [str(p) for p in paths]},
                indent=1,
            )
        )
        return
    for each in answers:
        table_console().print(_form(each).table())
        for text in _remarks(each, by_impedance):
            say(f"{each.curve.label}: {text}")
    for path in paths:
        print(path)


def _remarks(found: DcAnswer, by_impedance: Pair) -> list[str]:
    from eisfit.polarisation import compare_with_impedance
    from eisfit.polarisation.value_words import remarks_of

    said = remarks_of(found)
    if by_impedance is not None and found.fit is not None:
        compared = compare_with_impedance(*found.fit.r_p_ohm_cm2, *by_impedance)
        said.insert(
            len(said) - len(found.unanswered), f"{compared.agreement.value} (p = {compared.p_value:.2g})"
        )
    return said


def _form(found: DcAnswer) -> Form:
    from eisfit.polarisation.value_words import shown_values
    from eisfit.tables.wide_and_narrow import Column, Form

    columns = (Column("quantity", words=True), Column("value"), Column("95 % interval"), Column("unit"))
    title = (
        f"{found.curve.label}: {found.curve.drop_v.size} steady points at {found.curve.temperature_c:g} °C"
    )
    return Form(title, columns, shown_values(found))


def _data(found: DcAnswer, by_impedance: Pair) -> dict[str, Any]:
    from eisfit.polarisation import point_rows, value_rows
    from eisfit.tables import jsonable

    values, points = value_rows(found), point_rows(found)
    fit, test = found.fit, found.directions
    drift = [{"label": s.data.label, "steady": [bool(v) for v in s.steady]} for s in found.states]
    return {
        "label": found.curve.label,
        "temperature_c": found.curve.temperature_c,
        "values": jsonable(values, tuple(values[0])) if values else [],
        "points": jsonable(points, tuple(points[0])),
        "determined": None if fit is None else fit.determined,
        "chi2_reduced": None if fit is None or fit.chi2_reduced != fit.chi2_reduced else fit.chi2_reduced,
        "correlation": None
        if fit is None
        else [[None if c != c else float(c) for c in r] for r in fit.correlation],
        "directions_p_value": None if test is None else test.p_value,
        "steady": drift,
        "remarks": _remarks(found, by_impedance),
    }

"""The command diagnose."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from eisfit.cli import dc, options
from eisfit.cli.app import DONE, SOME_FAILED, app
from eisfit.cli.console import say_unread
from eisfit.cli.figures import write_figures
from eisfit.cli.stored import results_in
from eisfit.errors import InputError
from eisfit.workflow.print_report import dc_answers

if TYPE_CHECKING:
    from eisfit.diagnosis import Diagnosis
    from eisfit.polarisation import DcAnswer, DcData
    from eisfit.results.series import Series

TABLE = "diagnosis"

Results = Annotated[
    list[Path] | None,
    typer.Argument(
        help="One or several eisfit.h5 of a cell, as 'series' and 'dc' write them, or their folders."
    ),
]
DcFiles = Annotated[
    list[str] | None,
    typer.Option("--dc", help="Dc data of the same interface, as for 'eisfit dc'. Repeat for each file."),
]


@app.command()
def diagnose(
    results: Results = None,
    dc_file: DcFiles = None,
    area_cm2: options.AreaCm2 = None,
    temperature_c: dc.TemperatureC = None,
    position: dc.Position = None,
    probe: dc.Probe = None,
    solid_mm: dc.SolidMm = None,
    output: options.Output = None,
    force: options.Force = False,
    as_json: options.Json = False,
) -> None:
    """Ask what limits an interface: drift first, then concentration, bias, activation energies, space charge.

    Each answer has its evidence, or the one measurement that would decide. --area-cm2, --temperature-c, --position,
    --probe and --solid-mm are of the dc data.
    """
    from eisfit.diagnosis import diagnose as asked

    conditions = dc.conditions_of(area_cm2, temperature_c, position or [], solid_mm)
    if not dc_file and (conditions or probe):
        raise InputError("area, temperature, positions and probes are those of dc data: name a file by --dc")
    if not results and not dc_file:
        raise InputError(
            "nothing to diagnose: name an eisfit.h5, as 'eisfit series' writes it, or dc data by --dc"
        )
    given, all_read = _dc_data(dc_file or [], conditions, probe or [])
    series, answers = _stored(results or [])
    found = asked(series, dc=[*given, *answers])
    paths = [] if output is None else write_figures(output, _files(found), [TABLE], force)
    if as_json:
        print(json.dumps({**_data(found), "files": [str(path) for path in paths]}, indent=1))
    else:
        for line in (*found.sentences, *map(str, paths)):
            print(line)
    raise typer.Exit(DONE if all_read else SOME_FAILED)


def _stored(paths: list[Path]) -> tuple[list[Series], list[DcAnswer]]:
    """Return the series of files of results, and the answers from direct current."""
    from eisfit import store
    from eisfit.results.series import Series

    series: list[Series] = []
    answers: list[DcAnswer] = []
    for path in paths:
        result = store.load(results_in(path))
        if found := dc_answers(result):
            answers += found
        elif isinstance(result, Series):
            series.append(result)
        else:
            raise InputError(
                f"{path}: holds results of single fits, over no condition; fit the cell by 'eisfit series'"
            )
    return series, answers


def _dc_data(files: list[str], conditions: dict[str, Any], probes: list[str]) -> tuple[list[DcData], bool]:
    """Return the dc data of files, and whether all could be read, which is said."""
    if not files:
        return [], True
    from eisfit.polarisation import read_all_dc

    found, unread = read_all_dc(files)
    say_unread(unread)
    if not found:
        raise InputError("no dc data could be read; 'eisfit dc' reads what --dc does")
    return [(each.only(probes) if probes else each).under(**conditions) for each in found], not unread


def _files(found: Diagnosis) -> dict[str, bytes]:
    from eisfit import tables
    from eisfit.diagnosis import COLUMNS

    text = "\n".join(found.sentences) + "\n"
    return {f"{TABLE}.csv": tables.csv_text(found.rows(), COLUMNS).encode(), f"{TABLE}.txt": text.encode()}


def _data(found: Diagnosis) -> dict[str, Any]:
    from eisfit import tables
    from eisfit.diagnosis import COLUMNS

    return {
        "mechanism": found.mechanism,
        "reason": found.reason,
        "by": list(found.by),
        "next_measurement": found.next_measurement,
        "answers": tables.jsonable(found.rows(), COLUMNS),
    }

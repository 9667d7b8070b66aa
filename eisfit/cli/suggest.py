"""The command suggest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from eisfit.cli import options
from eisfit.cli.app import DONE, NOTHING_READABLE, SOME_FAILED, app
from eisfit.cli.console import say, say_unread, table_console
from eisfit.cli.progress_bar import ProgressBar
from eisfit.errors import InputError

if TYPE_CHECKING:
    from eisfit.suggestion import Suggestion
    from eisfit.workflow.suggested_start import Asked

Written = Annotated[
    list[Path] | None,
    typer.Option(
        "-o",
        "--output",
        help="The series.toml to write, which 'eisfit series' takes, or its folder; NAME.h5 keeps the suggestion for "
        "'eisfit report' and 'eisfit plot', NAME.csv its tables. May be repeated.",
    ),
]
Ranked = Annotated[
    list[str] | None,
    typer.Option(help="A circuit string to rank, in place of those that are sought; may be repeated."),
]
Figure = Annotated[
    Path | None, typer.Option("--figure", help="Write the figure of the rivals: a .pdf, .png or .svg file.")
]


@app.command()
def suggest(
    files: Annotated[list[str], typer.Argument(help="Instrument files, patterns, or a folder.")],
    circuit: Ranked = None,
    electrodes: options.Electrodes = None,
    area_cm2: options.AreaCm2 = None,
    area_mm2: options.AreaMm2 = None,
    diameter_mm: options.DiameterMm = None,
    thickness_cm: options.ThicknessCm = None,
    thickness_mm: options.ThicknessMm = None,
    thickness_um: options.ThicknessUm = None,
    cell_constant_per_cm: options.CellConstant = None,
    output: Written = None,
    figure: Figure = None,
    temperature_from_name: options.TemperatureFromName = None,
    f_min_hz: options.LowestHz = None,
    f_max_hz: options.HighestHz = None,
    despite_findings: Annotated[
        bool,
        typer.Option("--despite-findings", help="Look at spectra that contradict Kramers-Kronig as well."),
    ] = False,
    channel: options.Channel = "we",
    flip_sign: options.FlipSign = False,
    force: Annotated[bool, typer.Option("--force", help="Replace a series.toml that is there.")] = False,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Rank circuits and templates: the set that the data allow, and the measurement that would decide within it."""
    from eisfit.formats import channel_of
    from eisfit.workflow.suggested_start import Asked
    from eisfit.workflow.typed import GEOMETRY_KEYS

    sizes = (area_cm2, area_mm2, diameter_mm, thickness_cm, thickness_mm, thickness_um, cell_constant_per_cm)
    given = {key: size for key, size in zip(GEOMETRY_KEYS, sizes, strict=True) if size is not None}
    window = (f_min_hz, f_max_hz)
    asked = Asked(
        tuple(circuit or ()),
        electrodes,
        given,
        window,
        temperature_from_name,
        channel_of(channel),
        flip_sign,
        despite_findings,
    )
    raise typer.Exit(_suggest(files, asked, output or (), figure, force, as_json, quiet))


def _suggest(
    files: list[str],
    asked: Asked,
    output: Sequence[Path],
    figure: Path | None,
    force: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """Look at files, print and write what was found, and return the exit code."""
    from eisfit.workflow.exports import write_new
    from eisfit.workflow.starter import write_start
    from eisfit.workflow.suggested_start import suggested_for, suggested_start

    _check_electrodes(asked.electrodes)
    with ProgressBar(quiet) as progress:
        found, surveyed = suggested_for(files, asked, progress)
    say_unread(surveyed.unread)
    if not quiet and found.circuits:
        table_console().print(found)
    for path in output if found.circuits else ():
        if path.suffix.lower() in (".h5", ".hdf5", ".csv"):
            for written in write_new(path.parent, _as_files(found, path, asked), overwrite=force):
                print(written)
        else:
            print(write_start(suggested_start(found, surveyed, _path(path), asked), overwrite=force))
    if figure is not None and found.circuits:
        _write_figure(found, figure)
    if as_json:
        _print_json(found)
    for label, reason in found.refused if not found.circuits else ():
        say(f"{label}: {reason}")
    if not found.circuits:
        return NOTHING_READABLE
    return SOME_FAILED if surveyed.unread or found.refused else DONE


def _as_files(found: Suggestion, path: Path, asked: Asked) -> dict[str, bytes]:
    """Return the file that keeps a suggestion, or its three tables, ``NAME_circuits.csv`` and so on."""
    if path.suffix.lower() == ".csv":
        from eisfit.tables.files import csv_files
        from eisfit.tables.suggestion_table import suggestion_tables

        tables = csv_files(suggestion_tables(found))
        return {name.replace("suggested", path.stem, 1): content for name, content in tables.items()}
    from eisfit import store

    settings = {name: value for name, value in asdict(asked).items() if value not in ((), None, {}, False)}
    return {path.name: store.as_bytes(found, settings=settings, shown=path)}


def _write_figure(found: Suggestion, path: Path) -> None:
    from eisfit import plots

    suffix = path.suffix.removeprefix(".") or "pdf"
    for written in plots.save(plots.figure("suggestion", found), path.with_suffix(""), [suffix]):
        print(written)


def _check_electrodes(electrodes: int | None) -> None:
    if electrodes is not None and electrodes not in (2, 3, 4, 8):
        raise InputError(f"--electrodes {electrodes}: templates know 2, 3, 4 or 8 electrodes")


def _path(output: Path) -> Path:
    return output if output.suffix == ".toml" else output / "series.toml"


def _print_json(found: Suggestion) -> None:
    import json

    print(json.dumps(as_data(found), indent=1))


def as_data(found: Suggestion) -> dict[str, Any]:
    """Return a suggestion as JSON holds it."""
    from eisfit.tables.columns import SUGGESTED_CIRCUITS, SUGGESTED_TEMPLATES
    from eisfit.tables.files import jsonable
    from eisfit.tables.suggestion_table import circuit_rows, template_rows

    return {
        "circuits": jsonable(circuit_rows(found), SUGGESTED_CIRCUITS),
        "templates": jsonable(template_rows(found), SUGGESTED_TEMPLATES),
        "refused": [{"spectrum": label, "reason": reason} for label, reason in found.refused],
        "remarks": list(found.remarks),
    }

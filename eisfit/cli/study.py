"""The command study."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from eisfit.cli import options
from eisfit.cli.app import app
from eisfit.cli.console import say, table_console
from eisfit.cli.figures import Contribution, EnergyUnit, Ordinate, write_figures
from eisfit.errors import InputError

if TYPE_CHECKING:
    from eisfit.studies import Study

NAME = "study"
_Paths = Annotated[
    list[Path],
    typer.Argument(help="Folders that are searched for results of 'series', or the files themselves."),
]
_Over = Annotated[
    str,
    typer.Option(
        "--over",
        metavar="NAME",
        help="What sets the cells apart: a column of --covariates, such as donor_number, or a condition "
        "that is the same in all spectra of a cell, such as concentration, or a number of your own.",
    ),
]
_Covariates = Annotated[
    Path | None,
    typer.Option(metavar="FILE.csv", help="Table with a column 'cell' and one for each covariate."),
]
_Group = Annotated[
    str,
    typer.Option(
        metavar="COLUMN", help="Column of --covariates, such as the solid: trends within each group alone."
    ),
]
_Log = Annotated[bool, typer.Option("--log", help="Trends over the logarithm of the covariate.")]
_At = Annotated[
    list[float] | None,
    typer.Option("--at", help="Reference temperature in °C; may be repeated. Default: 25 and 60."),
]
_Labels = Annotated[
    list[str] | None, typer.Option(help="Name of each cell, in the order of the files. Default: the folders.")
]


@app.command()
def study(
    paths: _Paths,
    over: _Over = "",
    covariates: _Covariates = None,
    group: _Group = "",
    log: _Log = False,
    label: _Labels = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Folder for tables, figures and study.json.")
    ] = None,
    contribution: Contribution = None,
    ordinate: Ordinate = "",
    energy_unit: EnergyUnit = "eV",
    at: _At = None,
    force: options.Force = False,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Set cells beside each other: one Arrhenius figure, one activation energy or several, trends over a covariate."""
    from eisfit.studies import compare_series, read_covariates, results_of
    from eisfit.studies.study import REFERENCES_C

    if covariates is not None and not over:
        raise InputError(f"{covariates}: say which of its columns is the covariate, as --over donor_number")
    table = None if covariates is None else read_covariates(covariates)
    cells, left_out = results_of(paths, label or [])
    for text in left_out:
        say(text)
    made = compare_series(
        cells, contributions=contribution or (), at_c=at or REFERENCES_C, over=over, covariates=table, group=group,
        logarithm=log,
    )  # fmt: skip
    data = _data(made, left_out)
    written: list[Path] = []
    if output is not None:
        files = _files(made, data, ordinate, energy_unit)
        written = write_figures(output, files, ["arrhenius", "trend"], force)
    if not quiet:
        _print(made)
    if as_json:
        print(json.dumps({**data, "files": [str(path) for path in written]}, indent=1))
    else:
        for path in written:
            print(path)


def _print(made: Study) -> None:
    """Print the tables, in parts where the terminal is narrow, and what the tests say."""
    from eisfit.tables.wide_and_narrow import Column, Form, fitting

    console = table_console()
    for sheet in made.sheets():
        form = Form(sheet.title, [Column(head) for head in sheet.columns], sheet.rows).spelled(
            console.encoding
        )
        for part in fitting(console.width, [form], list(form.cut(console.width, 2))):
            console.print(part.table())
    for text in (*made.sentences(), *made.left_out):
        say(text)


def _data(made: Study, left_out: tuple[str, ...]) -> dict[str, Any]:
    """Return all tables and sentences, as study.json has them."""
    from eisfit import tables
    from eisfit.studies import study_tables

    rows = {name: tables.jsonable(rows, columns) for name, (columns, rows) in study_tables(made).items()}
    return {
        "cells": list(made.cells),
        **rows,
        "sentences": list(made.sentences()),
        "left_out": [*left_out, *made.left_out],
    }


def _files(made: Study, data: dict[str, Any], ordinate: str, energy_unit: str) -> dict[str, bytes]:
    """Return the contents of all files by their names."""
    from eisfit import plots, tables
    from eisfit.studies import study_tables

    written = {
        f"{name}.csv": tables.csv_text(rows, columns).encode()
        for name, (columns, rows) in study_tables(made).items()
    }
    cells = {cell: series for cell, series in made.cells.items() if series.condition == "temperature_c"}
    lines = plots.arrhenius_of_cells(
        cells,
        made.compared,
        words=made.energies_in_words(plots.Choice.of({"energy_unit": energy_unit}).energy_unit),
        ordinate=ordinate,
        width="single" if len(made.compared) == 1 else "double",
    )
    written |= plots.as_files(lines, "arrhenius")
    if made.trends:
        written |= plots.as_files(plots.trend_pages(made.trends, cells=list(cells)), "trend")
    return written | {f"{NAME}.json": (json.dumps(data, indent=1) + "\n").encode()}

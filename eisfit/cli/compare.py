"""The command compare."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from eisfit.cli import options
from eisfit.cli.app import app
from eisfit.cli.console import table_console
from eisfit.cli.figures import Contribution, EnergyUnit, Ordinate, choice_of_lines, write_figures
from eisfit.errors import InputError

if TYPE_CHECKING:
    from eisfit.results.series import Series

TABLE = "compare"


@app.command()
def compare(
    files: Annotated[list[Path], typer.Argument(help="Two or more eisfit.h5, as written by 'series'.")],
    label: Annotated[
        list[str] | None,
        typer.Option(help="Name of each cell, in the order of the files. Default: the folders."),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Folder for the figures and compare.csv.")
    ] = None,
    contribution: Contribution = None,
    ordinate: Ordinate = "",
    energy_unit: EnergyUnit = "eV",
    at_c: Annotated[float, typer.Option("--at", help="Reference temperature in °C.")] = 25.0,
    force: options.Force = False,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Compare cells: one Arrhenius and one Nyquist figure, and one table."""
    from eisfit import tables
    from eisfit.tables.comparison import COMPARISON, comparison_rows
    from eisfit.tables.comparison_table import print_comparison

    cells = _cells(files, label or [])
    rows = comparison_rows(cells, contributions=contribution or (), at_c=at_c)
    paths: list[Path] = []
    if output is not None:
        written = {f"{TABLE}.csv": tables.csv_text(rows, COMPARISON).encode()}
        written |= _figures(cells, choice_of_lines(contribution, ordinate, energy_unit))
        paths = write_figures(output, written, ["arrhenius", "nyquist"], force)
    if not quiet:
        print_comparison(table_console(), rows)
    if as_json:
        data = {TABLE: tables.jsonable(rows, COMPARISON), "files": [str(path) for path in paths]}
        print(json.dumps(data, indent=1))
    else:
        for path in paths:
            print(path)


def _cells(files: list[Path], labels: list[str]) -> dict[str, Series]:
    """Return the series of some files by the names of their cells."""
    from eisfit import store
    from eisfit.results.series import Series

    if len(files) < 2:
        raise InputError(f"{len(files)} file was given: name the results of two cells or more{_below(files)}")
    if labels and len(labels) != len(files):
        raise InputError(f"{len(labels)} labels were given for {len(files)} files: give one --label for each")
    names = labels or _names(files)
    if len(set(names)) < len(names):
        raise InputError(f"two cells have the same name ({', '.join(names)}): give each its own --label")
    cells = {}
    for name, file in zip(names, files, strict=True):
        result = store.load(file / "eisfit.h5" if file.is_dir() else file)
        if not isinstance(result, Series):
            raise InputError(
                f"{file}: holds results of single fits, which have no line; fit the cell by 'eisfit series'"
            )
        cells[name] = result
    return cells


def _names(files: list[Path]) -> list[str]:
    """Return the shortest names that tell files apart: of the file, of its folder, or both."""
    resolved = [file.resolve() for file in files]
    stems = [path.stem for path in resolved]
    folders = [path.name if path.is_dir() else path.parent.name for path in resolved]
    above = [f"{path.parent.parent.name}/{folder}" for path, folder in zip(resolved, folders, strict=True)]
    for names in (stems, folders, above):
        if len(set(names)) == len(names):
            return names
    return [str(path) for path in files]


def _figures(cells: dict[str, Series], choice: dict[str, Any]) -> dict[str, bytes]:
    from eisfit import plots

    series, names = list(cells.values()), list(cells)
    lines = plots.figure("arrhenius", series, labels=names, **choice)
    return {
        **plots.as_files(lines, "arrhenius"),
        **plots.as_files(plots.figures("nyquist", series, labels=names), "nyquist"),
    }


def _below(files: list[Path]) -> str:
    """Return the results of several cells in a folder that was named alone, as the end of a sentence."""
    found = [str(result.parent) for file in files for result in sorted(file.glob("*/eisfit.h5"))]
    return f", as eisfit compare {shlex.join(found)}" if len(found) > 1 else ""

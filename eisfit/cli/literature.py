"""The command compare-literature."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from eisfit.cli import options
from eisfit.cli.app import app
from eisfit.cli.console import table_console
from eisfit.cli.figures import write_figures
from eisfit.cli.stored import results_in
from eisfit.errors import InputError

if TYPE_CHECKING:
    from eisfit.results.series import Series

TABLE = "literature"
_EACH = "one for each file, or one for all."
_Solid = Annotated[list[str] | None, typer.Option(help=f"Solid electrolyte, such as LLTO; {_EACH}")]
_Medium = Annotated[
    list[str] | None, typer.Option(help=f"Solvent or polymer beside it, such as EC:DMC; {_EACH}")
]
_Salt = Annotated[list[str] | None, typer.Option(help=f"Salt, such as LiPF6; {_EACH}")]
_Ion = Annotated[list[str] | None, typer.Option(help=f"Li (default) or Na; {_EACH}")]
_Add = Annotated[list[Path] | None, typer.Option(help="CSV of further published values; may be repeated.")]
_Label = Annotated[
    list[str] | None, typer.Option(help="Name of each cell. Default: the folders of the files.")
]


@app.command(name="compare-literature")
def compare_literature(
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="Files eisfit.h5 of 'series', or their folders. Default: none."),
    ] = None,
    solid: _Solid = None,
    medium: _Medium = None,
    salt: _Salt = None,
    ion: _Ion = None,
    add: _Add = None,
    label: _Label = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Folder for the figure and literature.csv.")
    ] = None,
    at_c: Annotated[float, typer.Option("--at", help="Temperature to compare at, in °C.")] = 25.0,
    force: options.Force = False,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Set interfaces beside published ones: resistance and activation energy by solid electrolyte."""
    from eisfit import literature, plots, tables
    from eisfit.tables.literature import LITERATURE, Between, literature_rows, literature_table

    given = {"solid": solid, "medium": medium, "salt": salt, "ion": ion}
    cells = _cells(files or [], label or [])
    between = {
        name: Between(**{word: _of(word, texts, k, len(cells)) for word, texts in given.items() if texts})
        for k, name in enumerate(cells)
    }
    rows = literature_rows(literature.facts(*add or []), cells, between=between, at_c=at_c)
    paths: list[Path] = []
    if output is not None:
        written = {f"{TABLE}.csv": tables.csv_text(rows, LITERATURE).encode()}
        written |= plots.as_files(plots.literature_comparison(rows), TABLE)
        paths = write_figures(output, written, [TABLE], force)
    if not quiet:
        table_console().print(literature_table(rows))
    if as_json:
        data = {TABLE: tables.jsonable(rows, LITERATURE), "files": [str(path) for path in paths]}
        print(json.dumps(data, indent=1))
    else:
        for path in paths:
            print(path)


def _of(word: str, texts: Sequence[str], place: int, cells: int) -> str:
    """Return what an option says of one cell."""
    if len(texts) not in (1, cells):
        raise InputError(
            f"--{word} was given {len(texts)} times for {cells} files: give one for each, or one for all"
        )
    return texts[0] if len(texts) == 1 else texts[place]


def _cells(files: Sequence[Path], labels: Sequence[str]) -> dict[str, Series]:
    from eisfit import store
    from eisfit.results.series import Series

    if labels and len(labels) != len(files):
        raise InputError(f"{len(labels)} labels were given for {len(files)} files: give one --label for each")
    found: dict[str, Series] = {}
    for k, file in enumerate(files):
        path = results_in(file)
        name = labels[k] if labels else path.resolve().parent.name
        if name in found:
            raise InputError(f"two cells have the same name ({name}): give each its own --label")
        result = store.load(path)
        if not isinstance(result, Series):
            raise InputError(
                f"{path}: holds results of single fits, which have no line; fit the cell by 'eisfit series'"
            )
        found[name] = result
    return found

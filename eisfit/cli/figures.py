"""The command plot."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from eisfit.cli.app import app
from eisfit.cli.options import Force
from eisfit.cli.stored import drawable, results_in
from eisfit.errors import InputError
from eisfit.tools.whole_files import write_together


@app.command()
def plot(
    file: Annotated[
        Path, typer.Argument(help="An eisfit.h5, as written by 'series' or 'fit', or its folder.")
    ],
    kind: Annotated[str, typer.Argument(help="Which figure; 'list' names them all.")],
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="Folder for the figure. Default: the folder of the file."),
    ] = None,
    formats: Annotated[
        str, typer.Option("--format", help="pdf, svg or png; several joined by commas.")
    ] = "pdf,png",
    style: Annotated[str, typer.Option(help="paper or talk.")] = "paper",
    width: Annotated[str, typer.Option(help="single (8.3 cm) or double (17.1 cm) column.")] = "single",
    data: Annotated[
        bool, typer.Option("--data", help="Write the plotted numbers as CSV beside the figure.")
    ] = False,
    force: Force = False,
) -> None:
    """Draw a figure of stored results."""
    from eisfit import plots, store

    if kind == "list":
        for name, each in plots.KINDS.items():
            print(f"{name}: {each.title}")
        return
    file = results_in(file)
    result = drawable(kind, plots.KINDS, store.load(file), file)
    drawn = plots.figure(kind, result, style=style, width=width)  # type: ignore[arg-type]
    stem = (output or file.parent) / kind
    endings = [ending.strip().lower() for ending in formats.split(",")]
    wanted = [stem.with_suffix(f".{ending}") for ending in endings + (["csv"] if data else [])]
    for path in wanted:
        if path.exists() and not force:
            raise InputError(
                f"{path}: exists already; choose another folder with -o, or --force to replace it"
            )
    files = plots.as_files(drawn, kind, endings)
    if data:
        files |= plots.data_as_file(plots.KINDS[kind].data(result), kind)
    for path in write_together(stem.parent, files, new=() if force else files):
        print(path)

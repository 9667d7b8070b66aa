"""The command report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from eisfit.cli.app import app
from eisfit.cli.options import Force, Quiet
from eisfit.cli.progress_bar import ProgressBar
from eisfit.workflow.print_report import print_report


@app.command()
def report(
    results: Annotated[
        Path,
        typer.Argument(
            help="An eisfit.h5, as written by 'series' or 'fit', or its folder; or a file of 'dc -o'."
        ),
    ],
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="A file ending in .pdf. Default: report.pdf beside the results."),
    ] = None,
    title: Annotated[
        str, typer.Option(help="Title of the first page. Default: the name of the folder.")
    ] = "",
    dc: Annotated[
        list[Path] | None,
        typer.Option(
            help="A file of 'eisfit dc ... -o NAME.h5' of the same cell: its pages are added. Repeat."
        ),
    ] = None,
    spectra: Annotated[
        int | None,
        typer.Option(help="Of how many spectra, evenly spread, a page is drawn. Default: of all."),
    ] = None,
    paper: Annotated[str, typer.Option(help="a4 or letter.")] = "a4",
    force: Force = False,
    quiet: Quiet = False,
) -> None:
    """Write results as one PDF: tables, figures, a page for each spectrum, remarks, settings."""
    with ProgressBar(quiet) as progress:
        written = print_report(
            results,
            output,
            title=title,
            dc=dc or [],
            paper=paper,
            spectra=spectra,
            overwrite=force,
            progress=lambda done, total: progress.told("drawing pages", done, total),
        )
    print(written)

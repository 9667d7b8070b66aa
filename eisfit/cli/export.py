"""The command export."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from eisfit.cli.app import app
from eisfit.cli.options import Force
from eisfit.workflow import exports
from eisfit.workflow.print_report import fits_in, results_file


@app.command()
def export(
    results: Annotated[
        Path, typer.Argument(help="An eisfit.h5, as written by 'series' or 'fit', or its folder.")
    ],
    output: Annotated[
        Path,
        typer.Option(
            "-o",
            "--output",
            help="A file ending in .xlsx (all tables and curves), .csv (curves for Origin), or .z (ZView).",
        ),
    ],
    force: Force = False,
) -> None:
    """Write stored results for other programs: tables and curves for Excel, curves for Origin, spectra for ZView."""
    from eisfit import store

    exports.check_ending(output, exports.RESULTS_ENDINGS)
    exports.check_free(output, force)
    file = results_file(results)
    written = exports.results_as_files(fits_in(file, store.load(file)), output)
    for path in exports.write_new(output.parent, written, overwrite=force):
        print(path)

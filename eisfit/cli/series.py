"""The command series."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from eisfit.cli.app import DONE, SOME_FAILED, app
from eisfit.cli.console import ProgressBar, present
from eisfit.cli.fit import one_of
from eisfit.cli.options import (
    CircuitText,
    Electrodes,
    Force,
    Json,
    LossName,
    MaskOutliers,
    NoFigures,
    Output,
    Quiet,
    Seed,
    SeriesChannel,
    TemplateName,
    WeightName,
)
from eisfit.workflow import RunOptions, read_manifest, run_series, with_template


@app.command()
def series(
    manifest: Annotated[
        Path, typer.Argument(help="Folder with a series.toml, that file, or a CSV manifest.")
    ],
    output: Output = None,
    template: TemplateName = None,
    circuit: CircuitText = None,
    electrodes: Electrodes = None,
    channel: SeriesChannel = None,
    weights: WeightName = None,
    loss: LossName = None,
    seed: Seed = 0,
    mask_outliers: MaskOutliers = False,
    no_figures: NoFigures = False,
    force: Force = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Fit the spectra of one cell over temperature; write tables, figures and one HDF5 file."""
    described = with_template(read_manifest(manifest), one_of(template, circuit), electrodes)
    options = RunOptions(weights, loss, seed, mask_outliers, channel, output, not no_figures, force)
    with ProgressBar(quiet) as progress:
        run = run_series(described, options, progress)
    present(run.result, run.paths, as_json, quiet)
    raise typer.Exit(DONE if run.all_done else SOME_FAILED)

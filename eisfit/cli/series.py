"""The command series."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from eisfit.cli import options
from eisfit.cli.app import app
from eisfit.cli.console import finish, say, say_unread
from eisfit.cli.fit import one_of
from eisfit.cli.progress_bar import ProgressBar
from eisfit.workflow import RunOptions, read_manifest, run_series, with_template


@app.command()
def series(
    manifest: Annotated[
        Path, typer.Argument(help="Folder with a series.toml, that file, or a CSV manifest.")
    ],
    output: options.Output = None,
    template: options.TemplateName = None,
    circuit: options.CircuitText = None,
    electrodes: options.Electrodes = None,
    over: options.Over = None,
    channel: options.SeriesChannel = None,
    weights: options.WeightName = None,
    loss: options.LossName = None,
    seed: options.Seed = 0,
    mask_outliers: options.MaskOutliers = False,
    flip_sign: options.FlipSign = False,
    no_figures: options.NoFigures = False,
    force: options.Force = False,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Fit the spectra of one cell over temperature or another condition; write tables, figures and one HDF5 file."""
    described = with_template(read_manifest(manifest), one_of(template, circuit), electrodes, over=over)
    chosen = RunOptions(
        weights, loss, seed, mask_outliers, channel, output, not no_figures, force, flip_sign=flip_sign
    )
    with ProgressBar(quiet) as progress:
        run = run_series(described, chosen, progress)
    if isinstance(run.result, tuple):
        say(
            f"{described.path}: no spectrum has a temperature_c, so each was fitted by itself; for a series write "
            "temperature_c, or over and that condition"
        )
        say_unread(run.unread)
    raise typer.Exit(finish(run, as_json, quiet))

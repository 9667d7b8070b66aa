"""The command series."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from eisfit.cell.setting_texts import settings_of
from eisfit.cli import options
from eisfit.cli.app import app, exit_code
from eisfit.cli.console import ProgressBar, present, say, say_unread
from eisfit.cli.fit import one_of
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
    fix: options.Fix = None,
    within: options.Range = None,
    tie: options.Tie = None,
    start: options.Start = None,
    mask_outliers: options.MaskOutliers = False,
    no_figures: options.NoFigures = False,
    force: options.Force = False,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Fit the spectra of one cell over temperature or another condition; write tables, figures and one HDF5 file."""
    described = with_template(read_manifest(manifest), one_of(template, circuit), electrodes, over=over)
    settings = settings_of(fix or (), within or (), tie or (), start or ())
    chosen = RunOptions(weights, loss, seed, mask_outliers, channel, output, not no_figures, force, settings)
    with ProgressBar(quiet) as progress:
        run = run_series(described, chosen, progress)
    if isinstance(run.result, tuple):
        say(
            f"{described.path}: no spectrum has a temperature_c, so each was fitted by itself; for a series write "
            "temperature_c, or over and that condition"
        )
        say_unread(run.unread)
    present(run.result, run.paths, as_json, quiet)
    raise typer.Exit(exit_code(run.all_done, any(f.missed for f in run.result)))

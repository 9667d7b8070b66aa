"""The command fit."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from eisfit.cell.setting_texts import settings_of
from eisfit.cli import options
from eisfit.cli.app import app
from eisfit.cli.console import finish, say_unread
from eisfit.cli.progress_bar import ProgressBar
from eisfit.errors import InputError
from eisfit.workflow import Cut, RunOptions, run_files


@app.command()
def fit(
    files: Annotated[list[str], typer.Argument(help="Instrument files or patterns.")],
    template: options.TemplateName = None,
    circuit: options.CircuitText = None,
    electrodes: options.Electrodes = None,
    area_cm2: Annotated[float | None, typer.Option(help="Area in cm².")] = None,
    thickness_cm: Annotated[float | None, typer.Option(help="Thickness of the solid in cm.")] = None,
    channel: options.Channel = "we",
    f_min_hz: Annotated[float | None, typer.Option(help="Mask points below this frequency in Hz.")] = None,
    f_max_hz: Annotated[float | None, typer.Option(help="Mask points above this frequency in Hz.")] = None,
    weights: options.WeightName = None,
    loss: options.LossName = None,
    seed: options.Seed = 0,
    fix: options.Fix = None,
    within: options.Range = None,
    tie: options.Tie = None,
    start: options.Start = None,
    mask_outliers: options.MaskOutliers = False,
    flip_sign: options.FlipSign = False,
    output: options.Output = None,
    no_figures: options.NoFigures = False,
    force: options.Force = False,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Fit spectra, each by itself, with a template or a circuit string."""
    name = one_of(template, circuit)
    if name is None:
        raise InputError("name what to fit: --template NAME (see 'eisfit templates') or --circuit STRING")
    settings = settings_of(fix or (), within or (), tie or (), start or ())
    chosen = RunOptions(weights, loss, seed, mask_outliers, channel, output, not no_figures, force)
    chosen = replace(chosen, flip_sign=flip_sign, parameters=settings)
    conditions = {"area_cm2": area_cm2, "thickness_cm": thickness_cm, "electrodes": electrodes}
    with ProgressBar(quiet) as progress:
        run = run_files(files, name, chosen, progress, conditions=conditions, cut=Cut(f_min_hz, f_max_hz))
    say_unread(run.unread)
    raise typer.Exit(finish(run, as_json, quiet))


def one_of(template: str | None, circuit: str | None) -> str | None:
    """Return the one of --template and --circuit that is given."""
    if template is not None and circuit is not None:
        raise InputError("--template and --circuit are both given; keep one")
    return template if circuit is None else circuit

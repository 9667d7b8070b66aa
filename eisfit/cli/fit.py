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
from eisfit.workflow import Cut, RunOptions, Typed, run_files
from eisfit.workflow.named_spectra import COMMAND_LINE
from eisfit.workflow.typed import typed_geometry


@app.command()
def fit(
    files: Annotated[list[str], typer.Argument(help="Instrument files or patterns.")],
    template: options.TemplateName = None,
    circuit: options.CircuitText = None,
    electrodes: options.Electrodes = None,
    area_cm2: options.AreaCm2 = None,
    area_mm2: options.AreaMm2 = None,
    diameter_mm: options.DiameterMm = None,
    thickness_cm: options.ThicknessCm = None,
    thickness_mm: options.ThicknessMm = None,
    thickness_um: options.ThicknessUm = None,
    cell_constant_per_cm: options.CellConstant = None,
    temperature_from_name: options.TemperatureFromName = None,
    channel: options.Channel = "we",
    f_min_hz: options.LowestHz = None,
    f_max_hz: options.HighestHz = None,
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
    sizes = (area_cm2, area_mm2, diameter_mm, thickness_cm, thickness_mm, thickness_um, cell_constant_per_cm)
    typed = Typed(name, electrodes, temperature_from_name=temperature_from_name, cut=Cut(f_min_hz, f_max_hz))
    typed = replace(typed, geometry=typed_geometry(*sizes))
    settings = settings_of(fix or (), within or (), tie or (), start or ())
    chosen = RunOptions(weights, loss, seed, mask_outliers, channel, output, not no_figures, force)
    chosen = replace(chosen, flip_sign=flip_sign, parameters=settings)
    raise typer.Exit(run_and_finish(files, typed, chosen, as_json, quiet))


def run_and_finish(files: list[str], typed: Typed, chosen: RunOptions, as_json: bool, quiet: bool) -> int:
    """Fit files as it is typed, print what came out, and return the exit code."""
    assert typed.template is not None
    geometry, said = typed.geometry.conditions(COMMAND_LINE)
    conditions = {"area_cm2": geometry.area_cm2, "thickness_cm": geometry.thickness_cm}
    conditions["electrodes"] = typed.electrodes
    with ProgressBar(quiet) as progress:
        run = run_files(
            files,
            typed.template,
            chosen,
            progress,
            conditions=conditions,
            cut=typed.cut,
            temperature_from_name=typed.temperature_from_name,
            notes=said,
        )
    say_unread(run.unread)
    return finish(run, as_json, quiet)


def one_of(template: str | None, circuit: str | None) -> str | None:
    """Return the one of --template and --circuit that is given."""
    if template is not None and circuit is not None:
        raise InputError("--template and --circuit are both given; keep one")
    return template if circuit is None else circuit

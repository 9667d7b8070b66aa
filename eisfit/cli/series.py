"""The command series."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import typer

from eisfit.cell.setting_texts import settings_of
from eisfit.cli import options
from eisfit.cli.app import app
from eisfit.cli.cells import run_and_present
from eisfit.cli.fit import one_of
from eisfit.errors import InputError
from eisfit.workflow import Cut, RunOptions, Typed
from eisfit.workflow.typed import typed_geometry, typed_probes


@app.command()
def series(
    files: options.SeriesFiles,
    output: options.Output = None,
    template: options.TemplateName = None,
    circuit: options.CircuitText = None,
    suggest: options.Suggested = False,
    electrodes: options.Electrodes = None,
    area_cm2: options.AreaCm2 = None,
    area_mm2: options.AreaMm2 = None,
    diameter_mm: options.DiameterMm = None,
    thickness_cm: options.ThicknessCm = None,
    thickness_mm: options.ThicknessMm = None,
    thickness_um: options.ThicknessUm = None,
    cell_constant_per_cm: options.CellConstant = None,
    temperature_from_name: options.TemperatureFromName = None,
    cell_from_name: options.CellFromName = None,
    pair_from_name: options.PairFromName = None,
    probe_cm: options.ProbeCm = None,
    without: options.Without = None,
    f_min_hz: options.LowestHz = None,
    f_max_hz: options.HighestHz = None,
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
    flip_sign: options.FlipSign = False,
    joint: options.Joint = False,
    drift_corrected: options.DriftCorrected = False,
    drt: options.Drt = False,
    no_figures: options.NoFigures = False,
    force: options.Force = False,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Fit the spectra of one cell over temperature or another condition; write tables, figures and one HDF5 file.

    Data need no series.toml: --template, or --suggest, and temperatures in the files or in their names are enough.
    Options count before the manifest. Several cells (key cell, or --cell-from-name) become one series each.
    """
    sizes = (area_cm2, area_mm2, diameter_mm, thickness_cm, thickness_mm, thickness_um, cell_constant_per_cm)
    names, more = (temperature_from_name, cell_from_name, pair_from_name), (joint, drift_corrected, drt)
    place = electrodes, over, channel, *names, tuple(without or ()), Cut(f_min_hz, f_max_hz)
    name = _named_once(template, circuit, suggest)
    typed = Typed(name, *place, typed_geometry(*sizes), typed_probes(probe_cm or ()), suggest)
    how = (weights, loss, seed, mask_outliers, channel, output, not no_figures, force, flip_sign)
    raise typer.Exit(_run(files, typed, RunOptions(*how), (fix, within, tie, start), more, (as_json, quiet)))


def _named_once(template: str | None, circuit: str | None, suggest: bool) -> str | None:
    """Return the template or circuit that is given; refuse one beside --suggest."""
    for name, given in (("--template", template), ("--circuit", circuit)):
        if suggest and given is not None:
            raise InputError(f"--suggest and {name} {given} are both given; keep one")
    return one_of(template, circuit)


def _run(
    files: Sequence[str],
    typed: Typed,
    how: RunOptions,
    parameters: Sequence[Sequence[str] | None],
    more: tuple[bool, bool, bool],
    shown: tuple[bool, bool],
) -> int:
    """Run with all that was chosen; return the exit code."""
    joint, drift_corrected, drt = more
    settings = settings_of(*(texts or () for texts in parameters))
    chosen = replace(how, parameters=settings, joint=joint, drift_corrected=drift_corrected, drt=drt)
    return run_and_present(files, typed, chosen, *shown)

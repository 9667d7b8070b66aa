"""The command series."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NoReturn

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

    Data need no series.toml: --template, or --suggest where the data allow one only, and their temperatures, in the
    files or in their names, are enough. Options count before the manifest. Several cells (key cell, or
    --cell-from-name) become one series each.
    """
    sizes = (area_cm2, area_mm2, diameter_mm, thickness_cm, thickness_mm, thickness_um, cell_constant_per_cm)
    at = electrodes, over, channel, temperature_from_name, cell_from_name, pair_from_name
    typed = _typed((template, circuit, suggest), at, without, Cut(f_min_hz, f_max_hz), sizes, probe_cm)
    how = RunOptions(weights, loss, seed, mask_outliers, channel, output, not no_figures, force, flip_sign)
    _run(files, typed, how, (fix, within, tie, start), (joint, drift_corrected, drt), (as_json, quiet))


def _typed(
    named: tuple[str | None, str | None, bool],
    at: tuple[int | None, str | None, str | None, str | None, str | None, str | None],
    without: Sequence[str] | None,
    cut: Cut,
    sizes: Sequence[float | None],
    probes: Sequence[str] | None,
) -> Typed:
    """Return what is typed beside files or a manifest; refuse --suggest beside a template or circuit."""
    template, circuit, suggest = named
    for name, given in (("--template", template), ("--circuit", circuit)):
        if suggest and given is not None:
            raise InputError(f"--suggest and {name} {given} are both given; keep one")
    one, geometry = one_of(template, circuit), typed_geometry(*sizes)
    return Typed(one, *at, tuple(without or ()), cut, geometry, typed_probes(probes or ()), suggest)


def _run(
    files: Sequence[str],
    typed: Typed,
    how: RunOptions,
    parameters: Sequence[Sequence[str] | None],
    more: tuple[bool, bool, bool],
    shown: tuple[bool, bool],
) -> NoReturn:
    """Run with all that was chosen, and leave with the exit code."""
    joint, drift_corrected, drt = more
    settings = settings_of(*(texts or () for texts in parameters))
    chosen = replace(how, parameters=settings, joint=joint, drift_corrected=drift_corrected, drt=drt)
    raise typer.Exit(run_and_present(files, typed, chosen, *shown))

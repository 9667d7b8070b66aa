"""The command fit."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from eisfit.cli.app import DONE, SOME_FAILED, app
from eisfit.cli.console import ProgressBar, present, read_told
from eisfit.cli.options import (
    Channel,
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
    TemplateName,
    WeightName,
)
from eisfit.errors import InputError
from eisfit.workflow.read import checked_by_file
from eisfit.workflow.write import check_free_to_write, write_results


@app.command()
def fit(
    files: Annotated[list[str], typer.Argument(help="Instrument files or patterns.")],
    template: TemplateName = None,
    circuit: CircuitText = None,
    electrodes: Electrodes = None,
    area_cm2: Annotated[float | None, typer.Option(help="Area in cm².")] = None,
    thickness_cm: Annotated[float | None, typer.Option(help="Thickness of the solid in cm.")] = None,
    channel: Channel = "we",
    f_min_hz: Annotated[float | None, typer.Option(help="Leave out points below.")] = None,
    f_max_hz: Annotated[float | None, typer.Option(help="Leave out points above.")] = None,
    weights: WeightName = None,
    loss: LossName = None,
    seed: Seed = 0,
    mask_outliers: MaskOutliers = False,
    output: Output = None,
    no_figures: NoFigures = False,
    force: Force = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Fit spectra, each by itself, with a template or a circuit string."""
    from eisfit.cell.find import resolve_template
    from eisfit.fitting.spectra import fit_many

    name = one_of(template, circuit)
    if name is None:
        raise InputError("name what to fit: --template NAME (see 'eisfit templates') or --circuit STRING")
    check_free_to_write(output, force)
    with ProgressBar(quiet) as step:
        step("reading files", 0)
        spectra, unread = read_told(files, channel)
        given = {"area_cm2": area_cm2, "thickness_cm": thickness_cm, "electrodes": electrodes}
        spectra = [
            s.under(s.conditions.updated(**given)).cut(f_min_hz=f_min_hz, f_max_hz=f_max_hz) for s in spectra
        ]
        step(f"fitting {len(spectra)} spectra", 1)
        spectra = checked_by_file(spectra, mask_outliers)
        options: dict[str, Any] = {"weights": weights or "modulus", "loss": loss or "linear", "seed": seed}
        fits = tuple(fit_many(spectra, resolve_template(name, spectra), **options))  # made once, used often
        settings = {**options, "mask_outliers": mask_outliers}
        paths = write_results(fits, output, settings, no_figures, force, step)
    present(fits, paths, as_json, quiet)
    failed = bool(unread) or any(f.statistics is None for f in fits)
    raise typer.Exit(SOME_FAILED if failed else DONE)


def one_of(template: str | None, circuit: str | None) -> str | None:
    """Return the one of --template and --circuit that is given."""
    if template is not None and circuit is not None:
        raise InputError("--template and --circuit are both given; keep one")
    return template if circuit is None else circuit

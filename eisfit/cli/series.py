"""The command series."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from eisfit.cli.app import DONE, SOME_FAILED, app
from eisfit.cli.console import ProgressBar, present, say
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
from eisfit.errors import InputError
from eisfit.workflow.read import NothingReadable
from eisfit.workflow.write import check_free_to_write, write_results


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
    from eisfit.cell.find import resolve_template
    from eisfit.fitting.series import fit_series
    from eisfit.workflow.manifest import read_manifest, with_template
    from eisfit.workflow.read import read_spectra

    described = with_template(read_manifest(manifest), one_of(template, circuit), electrodes, channel)
    if described.template is None:
        raise InputError(
            f'{described.path}: no template is named; write template = "le_se", or give --template'
        )
    check_free_to_write(output, force)
    with ProgressBar(quiet) as step:
        step("reading files", 0)
        spectra, unread = read_spectra(described)
        if not spectra:
            for u in unread:
                say(u.reason)
            raise NothingReadable(f"{described.path}: none of its {len(unread)} files could be read")
        step(f"fitting {len(spectra)} spectra", 1)
        chosen = resolve_template(described.template, spectra).setting(described.settings)
        result = fit_series(
            spectra,
            chosen,
            over=described.over,
            weights=weights or described.weights,
            loss=loss or described.loss,
            seed=seed,
            mask_outliers=mask_outliers,
            unread=unread,
        )
        settings = {
            "weights": weights or described.weights,
            "loss": loss or described.loss,
            "seed": seed,
            "mask_outliers": mask_outliers,
            "manifest": str(described.path),
        }
        settings |= {"channel": channel} if channel else {}
        paths = write_results(result, output, settings, no_figures, force, step)
    present(result, paths, as_json, quiet)
    raise typer.Exit(DONE if result.all_done else SOME_FAILED)

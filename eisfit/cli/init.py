"""The command init."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from eisfit.cli import options
from eisfit.cli.app import app
from eisfit.cli.console import print_pairs
from eisfit.cli.progress_bar import ProgressBar
from eisfit.workflow.starter import Chosen, start, write_start
from eisfit.workflow.typed import GEOMETRY_KEYS, typed_geometry


@app.command()
def init(
    folder: Annotated[
        Path, typer.Argument(help="Folder with the files of a series, in it or in its folders.")
    ],
    template: options.TemplateName = None,
    electrodes: options.Electrodes = None,
    area_cm2: options.AreaCm2 = None,
    area_mm2: options.AreaMm2 = None,
    diameter_mm: options.DiameterMm = None,
    thickness_cm: options.ThicknessCm = None,
    thickness_mm: options.ThicknessMm = None,
    thickness_um: options.ThicknessUm = None,
    cell_constant_per_cm: options.CellConstant = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a series.toml that is there.")] = False,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="Print no table.")] = False,
) -> None:
    """Write a commented series.toml for a folder: its files, their temperatures, what is missing, templates to choose.

    What was found is printed as a table on stderr, the path of the file on stdout.
    """
    sizes = (area_cm2, area_mm2, diameter_mm, thickness_cm, thickness_mm, thickness_um, cell_constant_per_cm)
    typed_geometry(*sizes)  # refuses what contradicts itself
    given = {key: size for key, size in zip(GEOMETRY_KEYS, sizes, strict=True) if size is not None}
    with ProgressBar(quiet) as progress:
        made = start(folder, Chosen(template, electrodes, given), progress)
    path = write_start(made, overwrite=force)
    if not quiet:
        print_pairs(made.rows)
    print(path)

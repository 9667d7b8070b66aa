"""The options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from eisfit.errors import InputError
from eisfit.options import LOSSES, NAMED_WEIGHTS
from eisfit.tools.nearest import did_you_mean


def one_of(what: str, known: tuple[str, ...]) -> Callable[[str | None], str | None]:
    """Return a function that hands on a name, and raises InputError where it is not known."""

    def checked(name: str | None) -> str | None:
        if name is not None and name not in known:
            raise InputError(f"unknown {what} {name!r}{did_you_mean(name, known)}; known: {', '.join(known)}")
        return name

    return checked


SeriesFiles = Annotated[
    list[str],
    typer.Argument(
        help="Folder with a series.toml, that file, or a CSV manifest; or data: files, patterns, a folder."
    ),
]

Channel = Annotated[str, typer.Option(help="Impedance of three-electrode files: we, ce or we-ce.")]

SeriesChannel = Annotated[
    str | None,
    typer.Option("--channel", help="Impedance of three-electrode files, in place of the manifest's."),
]

Over = Annotated[
    str | None,
    typer.Option(
        help="Condition that orders the series, in place of the manifest's: temperature_c, soc, ..."
    ),
]

FlipSign = Annotated[
    bool,
    typer.Option(
        "--flip-sign",
        help="Reverse the sign of the imaginary part: for files without headings that hold -Im Z.",
    ),
]

Json = Annotated[bool, typer.Option("--json", help="Print the tables as JSON on stdout.")]

Output = Annotated[
    Path | None,
    typer.Option("-o", "--output", help="Folder for the results; it is made if it does not exist."),
]

Force = Annotated[bool, typer.Option("--force", help="Replace existing results.")]

Electrodes = Annotated[int | None, typer.Option(help="Number of electrodes: 2, 3, 4 or 8.")]

TemplateName = Annotated[str | None, typer.Option(help="Name of a template, or path of its TOML file.")]

Suggested = Annotated[
    bool,
    typer.Option(
        "--suggest", help="Take the template that the data allow, if it is one only; see 'eisfit suggest'."
    ),
]

CircuitText = Annotated[str | None, typer.Option(help='A circuit string, such as "R0-p(R1,CPE1)".')]

WeightName = Annotated[
    str | None,
    typer.Option(
        help="modulus (default), unit, proportional or noise.", callback=one_of("weights", NAMED_WEIGHTS)
    ),
]

LossName = Annotated[
    str | None,
    typer.Option(
        help="linear (default), or robust: soft_l1, cauchy or student_t.", callback=one_of("loss", LOSSES)
    ),
]

Seed = Annotated[int, typer.Option(help="Seed of the drawn starts; equal seeds give equal results.")]

Quiet = Annotated[bool, typer.Option("-q", "--quiet", help="Print no tables and no progress bar.")]

MaskOutliers = Annotated[bool, typer.Option("--mask-outliers", help="Mask outlying points before fitting.")]

NoFigures = Annotated[bool, typer.Option("--no-figures", help="Write tables and the HDF5 file only.")]

AreaCm2 = Annotated[float | None, typer.Option(help="Area in cm².")]
AreaMm2 = Annotated[float | None, typer.Option(help="Area in mm².")]
DiameterMm = Annotated[float | None, typer.Option(help="Diameter of a disc in mm, in place of its area.")]
ThicknessCm = Annotated[float | None, typer.Option(help="Thickness of the solid in cm.")]
ThicknessMm = Annotated[float | None, typer.Option(help="Thickness of the solid in mm.")]
ThicknessUm = Annotated[float | None, typer.Option(help="Thickness of the solid in µm.")]
CellConstant = Annotated[
    float | None, typer.Option(help="Thickness over area in 1/cm, beside one of the two.")
]

TemperatureFromName = Annotated[
    str | None,
    typer.Option(help='Pattern by which names of files and folders tell it, such as "T{temperature_c}_".'),
]

CellFromName = Annotated[
    str | None, typer.Option(help='Pattern by which names tell the cell, such as "{cell}/" or "{cell}_".')
]

PairFromName = Annotated[
    str | None, typer.Option(help='Pattern by which names tell the pair of voltage probes: "{pair}_".')
]

ProbeCm = Annotated[
    list[str] | None,
    typer.Option(help='Place of a probe in the solid in cm, from its left face: "S1=0.03 ± 0.002". Repeat.'),
]

Without = Annotated[
    list[str] | None,
    typer.Option(help="Segment of the template that the cell does not have; may be repeated."),
]

LowestHz = Annotated[float | None, typer.Option(help="Mask points below this frequency in Hz.")]
HighestHz = Annotated[float | None, typer.Option(help="Mask points above this frequency in Hz.")]

Joint = Annotated[
    bool,
    typer.Option(
        "--joint", help="Fit all spectra at once as well: laws over temperature, shared parameters."
    ),
]

DriftCorrected = Annotated[
    bool,
    typer.Option(
        "--drift-corrected",
        help="Interpolate the sweeps of a cell that changes in time, each to one instant, before the fit.",
    ),
]

Drt = Annotated[
    bool,
    typer.Option("--drt", help="Keep distributions of relaxation times and numbers of arcs beside the fits."),
]

Fix = Annotated[
    list[str] | None,
    typer.Option(help="Fix a parameter: NAME=VALUE, such as R0=12.3. Repeat for further ones."),
]

Range = Annotated[
    list[str] | None,
    typer.Option("--range", help="Range of a parameter: NAME=LOW..HIGH, such as CPE1_alpha=0.7..1. Repeat."),
]

Tie = Annotated[
    list[str] | None,
    typer.Option(help='Tie a parameter to another one: "R2 = 2*R1", "CPE2_alpha = CPE1_alpha". Repeat.'),
]

Start = Annotated[
    list[str] | None,
    typer.Option(help="Value to start a parameter from: NAME=VALUE. Starts are found without it. Repeat."),
]

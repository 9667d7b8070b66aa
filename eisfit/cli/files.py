"""The commands read, convert and check."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from eisfit.cli.app import DONE, SOME_FAILED, app
from eisfit.cli.console import read_or_say, say_unread
from eisfit.cli.listing import print_findings, print_line, print_spectra
from eisfit.cli.options import Channel, FlipSign, Force, Json, TemperatureFromName
from eisfit.cli.progress_bar import ProgressBar
from eisfit.errors import InputError
from eisfit.workflow import described
from eisfit.workflow.read import all_in_ohm
from eisfit.workflow.write import check_can_be_made


@app.command()
def read(
    files: Annotated[list[str], typer.Argument(help="Instrument files or patterns.")],
    channel: Channel = "we",
    flip_sign: FlipSign = False,
    temperature_from_name: TemperatureFromName = None,
    as_json: Json = False,
) -> None:
    """List the spectra in instrument files: points, frequencies, |Z| and its unit, temperature, what was found."""
    spectra, unread = read_or_say(files, channel, flip_sign, temperature_from_name)
    rows = [described(s, temperature_from_name) for s in spectra]
    if as_json:
        print(
            json.dumps(
                {"spectra": rows, "unread": [{"file": u.file, "reason": u.reason} for u in unread]}, indent=1
            )
        )
    else:
        print_spectra(spectra, rows)
    raise typer.Exit(SOME_FAILED if unread else DONE)


Many = Annotated[
    bool,
    typer.Option("--many", help="Write an .h5 with columns of spectra on one grid, for 'eisfit batch'."),
]


@app.command()
def convert(
    files: Annotated[list[str], typer.Argument(help="Instrument files or patterns.")],
    output: Annotated[
        Path,
        typer.Option(
            "-o",
            "--output",
            help="A file ending in .csv or .xlsx (table), .h5, or .z (ZView: one file for each spectrum).",
        ),
    ],
    wide: Annotated[
        bool,
        typer.Option("--wide", help="Columns for each spectrum under names, units, comments, as in Origin."),
    ] = False,
    many: Many = False,
    channel: Channel = "we",
    flip_sign: FlipSign = False,
    temperature_from_name: TemperatureFromName = None,
    force: Force = False,
) -> None:
    """Write the spectra of instrument files as one table (CSV, Excel, Origin), one HDF5 file, or ZView files."""
    from eisfit.workflow import exports

    exports.check_ending(output, (".h5", ".hdf5") if many else exports.SPECTRA_ENDINGS, wide)
    exports.check_free(output, force)
    check_can_be_made(output.parent)
    spectra, unread = read_or_say(files, channel, flip_sign, temperature_from_name)
    if (
        many or output.suffix.lower() not in exports.KEEPS_UNITS
    ):  # columns in ohm; HDF5 keeps the findings beside
        spectra, refused = all_in_ohm(spectra)
        say_unread(refused)
        unread = [*unread, *refused]
        if not spectra:
            raise InputError(
                "none of the named files holds an impedance in ohm; convert to .h5 keeps the values"
            )
    if many:
        from eisfit.cli.batch import write_table_of

        print(write_table_of(spectra, output))
        raise typer.Exit(SOME_FAILED if unread else DONE)
    written = exports.spectra_as_files(spectra, output, wide=wide)
    for path in exports.write_new(output.parent, written, overwrite=force):
        print(path)
    raise typer.Exit(SOME_FAILED if unread else DONE)


@app.command()
def check(
    files: Annotated[list[str], typer.Argument(help="Instrument files or patterns.")],
    channel: Channel = "we",
    flip_sign: FlipSign = False,
    temperature_from_name: TemperatureFromName = None,
    as_json: Json = False,
) -> None:
    """Test spectra before any fit: Kramers-Kronig, outliers, drift between sweeps, artefacts of probes."""
    from eisfit.validity.checks import checked

    spectra, unread = read_or_say(files, channel, flip_sign, temperature_from_name)
    with ProgressBar() as progress:
        tested = checked(spectra, done=lambda done, total: progress.told("checking spectra", done, total))
    rows = [
        {
            **described(s, temperature_from_name),
            "kk_max_residual_percent": s.checked.kk_max_residual_percent if s.checked else None,
        }
        for s in tested
    ]
    if as_json:
        from eisfit.tables import jsonable

        columns = tuple(rows[0])
        print(
            json.dumps(
                {
                    "spectra": jsonable(rows, columns),
                    "unread": [{"file": u.file, "reason": u.reason} for u in unread],
                },
                indent=1,
            )
        )
    else:
        for s, row in zip(tested, rows, strict=True):
            kk = row["kk_max_residual_percent"]
            shown = (
                "too few points for a Kramers-Kronig test"
                if kk is None or kk != kk
                else f"Kramers-Kronig {kk:.2g} %"
            )
            found = "; ".join(f.text for f in s.checked.findings) if s.checked else ""
            print_line(f"{s.label}  {shown}  {found or 'nothing found'}")
        print_findings((s.label, s.findings) for s in tested)
    raise typer.Exit(SOME_FAILED if unread else DONE)

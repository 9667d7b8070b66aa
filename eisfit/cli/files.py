"""The commands read, convert and check."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from eisfit.cli.app import DONE, SOME_FAILED, app
from eisfit.cli.console import read_or_say, say_unread
from eisfit.cli.options import Channel, Force, Json
from eisfit.errors import InputError
from eisfit.tools.plain_text import one_line
from eisfit.workflow import described
from eisfit.workflow.read import all_in_ohm


@app.command()
def read(
    files: Annotated[list[str], typer.Argument(help="Instrument files or patterns.")],
    channel: Channel = "we",
    as_json: Json = False,
) -> None:
    """List the spectra in instrument files, one line each."""
    spectra, unread = read_or_say(files, channel)
    rows = [described(s) for s in spectra]
    if as_json:
        print(
            json.dumps(
                {"spectra": rows, "unread": [{"file": u.file, "reason": u.reason} for u in unread]}, indent=1
            )
        )
    else:
        for row in rows:
            temperature = "" if row["temperature_c"] is None else f"  {row['temperature_c']:g} °C"
            finding = f"  [{row['finding']}]" if row["finding"] else ""
            line = (
                f"{row['file']}  {row['format']}  sweep {row['sweep']}  {row['points']} points  "
                f"{row['f_min_hz']:.4g} to {row['f_max_hz']:.4g} Hz{temperature}{finding}"
            )
            print(one_line(line))
    raise typer.Exit(SOME_FAILED if unread else DONE)


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
    channel: Channel = "we",
    force: Force = False,
) -> None:
    """Write the spectra of instrument files as one table (CSV, Excel, Origin), one HDF5 file, or ZView files."""
    from eisfit.workflow import exports

    exports.check_ending(output, exports.SPECTRA_ENDINGS, wide)
    exports.check_free(output, force)
    spectra, unread = read_or_say(files, channel)
    if (
        output.suffix.lower() not in exports.KEEPS_UNITS
    ):  # columns in ohm; HDF5 keeps the findings beside the values
        spectra, refused = all_in_ohm(spectra)
        say_unread(refused)
        unread = [*unread, *refused]
        if not spectra:
            raise InputError(
                "none of the named files holds an impedance in ohm; convert to .h5 keeps the values"
            )
    written = exports.spectra_as_files(spectra, output, wide=wide)
    for path in exports.write_new(output.parent, written, overwrite=force):
        print(path)
    raise typer.Exit(SOME_FAILED if unread else DONE)


@app.command()
def check(
    files: Annotated[list[str], typer.Argument(help="Instrument files or patterns.")],
    channel: Channel = "we",
    as_json: Json = False,
) -> None:
    """Test spectra before any fit: Kramers-Kronig, outliers, drift between sweeps, artefacts of probes."""
    from eisfit.validity.checks import checked

    spectra, unread = read_or_say(files, channel)
    rows = [
        {**described(s), "kk_max_residual_percent": s.checked.kk_max_residual_percent if s.checked else None}
        for s in checked(spectra)
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
        for row in rows:
            kk = row["kk_max_residual_percent"]
            shown = (
                "too few points for a Kramers-Kronig test"
                if kk is None or kk != kk
                else f"Kramers-Kronig {kk:.2g} %"
            )
            print(one_line(f"{row['spectrum']}  {shown}  {row['finding'] or 'nothing found'}"))
    raise typer.Exit(SOME_FAILED if unread else DONE)

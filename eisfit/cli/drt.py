"""The command drt."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
import typer

from eisfit.cli import options
from eisfit.cli.app import DONE, SOME_FAILED, app
from eisfit.cli.console import read_or_say, table_console
from eisfit.cli.figures import write_figures
from eisfit.cli.progress_bar import ProgressBar
from eisfit.errors import InputError
from eisfit.workflow.given_conditions import over_among
from eisfit.workflow.write import DISTRIBUTIONS, check_free_to_write

if TYPE_CHECKING:
    from eisfit.relaxations import DepressedArc, DistributionSeries, Peak
    from eisfit.spectrum.spectrum import Spectrum


@app.command()
def drt(
    files: Annotated[list[str], typer.Argument(help="Instrument files or patterns.")],
    output: options.Output = None,
    over: options.Over = None,
    temperature_from_name: options.TemperatureFromName = None,
    f_min_hz: options.LowestHz = None,
    f_max_hz: options.HighestHz = None,
    despite_findings: Annotated[
        bool,
        typer.Option("--despite-findings", help="Look at spectra that contradict Kramers-Kronig as well."),
    ] = False,
    channel: options.Channel = "we",
    flip_sign: options.FlipSign = False,
    no_figures: options.NoFigures = False,
    force: options.Force = False,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Look without a model: distribution of relaxation times, its peaks, and the number of depressed arcs."""
    from eisfit.relaxations import drt_series

    _refuse(output, force, f_min_hz, f_max_hz)
    spectra, unread = read_or_say(files, channel, flip_sign, temperature_from_name)
    spectra = [_cut(s, f_min_hz, f_max_hz) for s in spectra]
    if over is not None:
        over_among(over, (s.conditions for s in spectra), "--over")
    with ProgressBar(quiet) as progress:
        found = drt_series(
            spectra,
            over=over or "temperature_c",
            despite_findings=despite_findings,
            done=lambda done, total: progress.told("distributions", done, total),
        )
    if not quiet:
        _print(found)
    paths: list[Path] = []
    if output is not None:
        settings = {"despite_findings": despite_findings, "f_min_hz": f_min_hz, "f_max_hz": f_max_hz}
        paths = write_figures(output, _files(found, settings, no_figures), ["drt"], force)
    if as_json:
        _print_json(found, paths)
    else:
        for path in paths:
            print(path)
    raise typer.Exit(SOME_FAILED if unread or found.refused else DONE)


def _refuse(output: Path | None, force: bool, f_min_hz: float | None, f_max_hz: float | None) -> None:
    """Refuse what cannot end well before any file is read."""
    if f_min_hz is not None and f_max_hz is not None and f_min_hz >= f_max_hz:
        raise InputError(
            f"--f-min-hz {f_min_hz:g} is not below --f-max-hz {f_max_hz:g}: no point lies between them; exchange them"
        )
    check_free_to_write(output, overwrite=True)
    taken = [output / name for name in (DISTRIBUTIONS, "drt.csv") if output and (output / name).exists()]
    if taken and not force:
        raise InputError(
            f"{taken[0]}: exists already; choose another folder with -o, or --force to replace it"
        )


def _cut(spectrum: Spectrum, f_min_hz: float | None, f_max_hz: float | None) -> Spectrum:
    """Mask the points outside a window."""
    f = spectrum.frequency_hz
    outside = (f < (f_min_hz or 0.0)) | (f > (f_max_hz or np.inf))
    if not outside.any():
        return spectrum
    reasons = [
        "outside the window" if out and not reason else reason
        for out, reason in zip(outside, spectrum.mask_reason, strict=True)
    ]
    return replace(spectrum, mask=spectrum.mask | outside, mask_reason=tuple(reasons))


def _print(found: DistributionSeries) -> None:
    """Print the table of peaks and arcs on stderr, and why spectra were refused."""
    from rich.table import Table
    from rich.text import Text

    from eisfit.relaxations.distribution import count_sentence
    from eisfit.tools.plain_text import one_line
    from eisfit.tools.rounding import with_error

    table = Table(title="Distribution of relaxation times", title_justify="left")
    for heading in ("spectrum", "", "f / Hz", "R / ohm", "C / F", "remark"):
        table.add_column(heading, overflow="fold")
    for d in found:
        label = one_line(d.spectrum.label)
        rows: list[tuple[str, Peak | DepressedArc, str]]
        rows = [("peak", p, "" if p.stands else "not certain") for p in d.peaks]
        rows += [("arc", a, f"alpha {with_error(a.alpha, a.alpha_stderr)}") for a in d.arcs]
        for k, (kind, x, remark) in enumerate(rows):
            value = with_error(x.resistance_ohm, x.resistance_stderr_ohm)
            cells = (kind, f"{x.frequency_hz:.3g}", value, f"{x.capacitance_f:.2g}", remark)
            table.add_row(*map(Text, (label if k == 0 else "", *cells)))
        table.add_row(
            Text("" if rows else label), "", "", "", "", Text(count_sentence(d.count)), end_section=True
        )
    console = table_console()
    if len(found):
        console.print(table)
    if any(track.line is not None for track in found.tracks):
        sheet = found.sheets()[0]
        followed = Table(*sheet.columns, title=sheet.title, title_justify="left")
        for row in sheet.rows:
            followed.add_row(*map(Text, row))
        console.print(followed)
    for d in found:
        for remark in d.remarks:
            console.print(Text(f"{one_line(d.spectrum.label)}: {one_line(remark)}"))
    for label, reason in found.refused:
        console.print(Text(f"{one_line(label)}: no distribution: {one_line(reason)}"))


def _files(found: DistributionSeries, settings: dict[str, Any], no_figures: bool) -> dict[str, bytes]:
    """Return tables, the HDF5 file and figures by name."""
    from eisfit import store
    from eisfit.tables.files import csv_files
    from eisfit.tables.relaxation_table import relaxation_tables

    files = csv_files(relaxation_tables(found))
    files[DISTRIBUTIONS] = store.as_bytes(found, settings=settings)
    if not no_figures and len(found):
        from eisfit import plots

        files |= plots.as_files([plots.figure("drt", found)], "drt", ["pdf", "png"])
    return files


def _print_json(found: DistributionSeries, files: list[Path]) -> None:
    from eisfit.tables.columns import columns_in
    from eisfit.tables.files import jsonable
    from eisfit.tables.relaxation_table import relaxation_line_rows, relaxation_rows

    rows, lines = relaxation_rows(found), relaxation_line_rows(found)
    data: dict[str, Any] = {
        "relaxations": jsonable(rows, columns_in("drt", rows)),
        "lines": jsonable(lines, columns_in("drt_lines", lines)),
    }
    print(json.dumps(data | {"files": [str(path) for path in files]}, indent=1))

"""Output of the commands: tables and progress on stderr, data on stdout."""

from __future__ import annotations

import io
import json
import shutil
import sys
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from eisfit.cli.app import exit_code
from eisfit.cli.progress_bar import ProgressBar as ProgressBar
from eisfit.tools.plain_text import encodable, one_line

if TYPE_CHECKING:
    from rich.console import Console

    from eisfit.formats.reading import Unread
    from eisfit.results.fit import Fit
    from eisfit.results.series import Series
    from eisfit.spectrum import Spectrum
    from eisfit.workflow.run import Run


def present(result: Series | Sequence[Fit], paths: Sequence[Path], as_json: bool, quiet: bool) -> None:
    """Print tables for people on stderr; JSON, or the paths of what was written, on stdout."""
    from eisfit import tables

    if not quiet:
        tables.print_result(table_console(), result)
    if as_json:
        print(json.dumps(as_data(result, paths), indent=1))
    else:
        for path in paths:
            print(path)


def as_data(result: Series | Sequence[Fit], paths: Sequence[Path]) -> dict[str, Any]:
    """Return the tables of a result and the files written, as JSON has them."""
    from eisfit import tables

    found = tables.tables(result)
    data: dict[str, Any] = {
        name: tables.jsonable(rows, tables.columns_in(name, rows)) for name, rows in found.items()
    }
    return {**data, "files": [str(p) for p in paths]}


def finish(run: Run, as_json: bool, quiet: bool) -> int:
    """Present what a run gave and return the exit code; raise Stopped where the user has stopped it."""
    present(run.result, run.paths, as_json, quiet)
    if run.stopped:
        from eisfit.workflow.run import Stopped

        raise Stopped(run.stopped)
    return exit_code(run.all_done, any(f.missed for f in run.result))


def table_console() -> Console:
    """Return where tables are printed: stderr, at least 120 columns wide where it is no terminal."""
    from rich.console import Console

    console = Console(stderr=True)
    return console if console.is_terminal else Console(stderr=True, width=max(console.width, 120))


def print_pairs(rows: Sequence[tuple[str, str]]) -> None:
    """Print names with what belongs to each, on stderr, in two columns."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, show_header=False, pad_edge=False)
    for name, text in rows:
        table.add_row(Text(one_line(name), style="bold"), Text(one_line(text)))
    table_console().print(table)


def allow_any_name() -> None:
    """Let stdout take the names of all files: their own bytes where they are no UTF-8, else escapes."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        unicode = sys.stdout.encoding.lower().replace("-", "") == "utf8"
        sys.stdout.reconfigure(errors="surrogateescape" if unicode else "backslashreplace")


def say(text: str) -> None:
    """Print a sentence on stderr, on a terminal broken between words."""
    line = encodable(f"eisfit: {one_line(text)}", sys.stderr.encoding)
    print(within(line, sys.stderr), file=sys.stderr)


def within(line: str, stream: TextIO) -> str:
    """Return a line broken between words where the stream is a terminal that is narrower."""
    if not stream.isatty():
        return line
    width = shutil.get_terminal_size().columns
    return textwrap.fill(line, width, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)


def say_unread(unread: Sequence[Unread]) -> None:
    """Print on stderr why files could not be read."""
    for failure in unread:
        say(failure.reason)


def read_or_say(
    files: Sequence[str], channel: str, flip_sign: bool = False, temperature_from_name: str | None = None
) -> tuple[list[Spectrum], list[Unread]]:
    """Read files, and print on stderr why some could not be read."""
    from eisfit.formats import channel_of
    from eisfit.workflow.named_spectra import COMMAND_LINE, under_names
    from eisfit.workflow.read import flipped, read_files

    with ProgressBar() as progress:
        spectra, unread = read_files(
            files, channel_of(channel), lambda done, total: progress.told("reading files", done, total)
        )
    say_unread(unread)
    if temperature_from_name is not None:
        spectra = under_names(spectra, temperature_from_name, COMMAND_LINE)
    return [flipped(s) for s in spectra] if flip_sign else spectra, unread

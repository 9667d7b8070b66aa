"""Output of the commands: tables and progress on stderr, data on stdout."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eisfit.tools.plain_text import one_line
from eisfit.workflow.run import STEPS, Progress

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress as Bar

    from eisfit.formats.reading import Unread
    from eisfit.results.fit import Fit
    from eisfit.results.series import Series
    from eisfit.spectrum import Spectrum


def present(result: Series | Sequence[Fit], paths: Sequence[Path], as_json: bool, quiet: bool) -> None:
    """Print tables for people on stderr; JSON, or the paths of what was written, on stdout."""
    from eisfit import tables

    if not quiet:
        tables.print_result(_console(), result)
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


def _console() -> Console:
    from rich.console import Console

    console = Console(stderr=True)
    return console if console.is_terminal else Console(stderr=True, width=max(console.width, 120))


class ProgressBar:
    """A progress bar on stderr that the steps of a run move on; none if quiet, then rich is not imported."""

    def __init__(self, quiet: bool) -> None:
        self.bar = None if quiet else _bar()

    def __enter__(self) -> Progress:
        if self.bar is not None:
            self.bar.start()
        return self.step

    def __exit__(self, *_: object) -> None:
        if self.bar is not None:
            self.bar.stop()

    def step(self, text: str, number: int) -> None:
        """Show the current step by its name and number."""
        if self.bar is not None:
            self.bar.update(self.bar.task_ids[0], description=text, completed=number)


def _bar() -> Bar:
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    console = _console()
    bar = Progress(*columns, console=console, disable=not console.is_terminal, transient=True)
    bar.add_task("", total=STEPS)
    return bar


def print_pairs(rows: Sequence[tuple[str, str]]) -> None:
    """Print names with what belongs to each, on stderr, in two columns."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, show_header=False, pad_edge=False)
    for name, text in rows:
        table.add_row(Text(one_line(name), style="bold"), Text(one_line(text)))
    _console().print(table)


def allow_any_name() -> None:
    """Let stdout take the names of all files: their own bytes where they are no UTF-8, else escapes."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        unicode = sys.stdout.encoding.lower().replace("-", "") == "utf8"
        sys.stdout.reconfigure(errors="surrogateescape" if unicode else "backslashreplace")


def say(text: str) -> None:
    """Print a sentence on stderr."""
    print(f"eisfit: {one_line(text)}", file=sys.stderr)


def say_unread(unread: Sequence[Unread]) -> None:
    """Print on stderr why files could not be read."""
    for failure in unread:
        say(failure.reason)


def read_or_say(files: Sequence[str], channel: str) -> tuple[list[Spectrum], list[Unread]]:
    """Read files, and print on stderr why some could not be read."""
    from eisfit.formats import channel_of
    from eisfit.workflow import read_files

    spectra, unread = read_files(files, channel_of(channel))
    say_unread(unread)
    return spectra, unread

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
        tables.print_result(table_console(), result)
    if as_json:
        found = tables.tables(result)
        data: dict[str, Any] = {
            name: tables.jsonable(rows, tables.columns_in(name, rows)) for name, rows in found.items()
        }
        print(json.dumps({**data, "files": [str(p) for p in paths]}, indent=1))
    else:
        for path in paths:
            print(path)


def table_console() -> Console:
    """Return where tables are printed: stderr, at least 120 columns wide where it is no terminal."""
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
    console = table_console()
    bar = Progress(*columns, console=console, disable=not console.is_terminal, transient=True)
    bar.add_task("", total=STEPS)
    return bar


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

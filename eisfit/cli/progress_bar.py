"""A bar on stderr that shows the step of a command, how many of its items are done, and the time left for it."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress as Bar


class ProgressBar:
    """A progress bar on stderr; none if quiet, nor where stderr is no terminal: then rich is not imported.

    Parameters
    ----------
    quiet : bool
        Whether none is shown.
    """

    def __init__(self, quiet: bool = False) -> None:
        self.bar = None if quiet or not sys.stderr.isatty() else _bar()
        self.text, self.began = "", 0.0

    def __enter__(self) -> ProgressBar:
        if self.bar is not None:
            self.bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self.bar is not None:
            self.bar.stop()

    def __call__(self, text: str, number: int) -> None:
        """Show the current step by its name."""
        self.told(text, 0, 0)

    def told(self, text: str, done: int, total: int) -> None:
        """Show what is done, how much of it is done, and the time left."""
        if self.bar is None:
            return
        if text != self.text:
            self.text, self.began = text, time.monotonic()
            for task in self.bar.task_ids:
                self.bar.remove_task(task)
            self.bar.add_task(text, total=None, count="", left="")
        left = time_left(done, total, time.monotonic() - self.began)
        count = f"{done}/{total}" if total else ""
        self.bar.update(self.bar.task_ids[0], completed=done, total=total or None, count=count, left=left)


def time_left(done: int, total: int, elapsed_s: float) -> str:
    """Return the time left for a step as text, from the mean pace so far; '' where it is not known.

    Examples
    --------
    >>> time_left(100, 400, 20.0), time_left(1, 400, 20.0), time_left(0, 400, 1.0)
    ('1:00 left', '2:13:00 left', '')
    """
    if not done or not total or elapsed_s < 0.5:
        return ""
    seconds = round(elapsed_s * (total - done) / done)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d} left" if hours else f"{minutes}:{seconds:02d} left"


def _bar() -> Bar:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    shown = (TextColumn("{task.description}"), BarColumn(bar_width=None), TextColumn("{task.fields[count]}"))
    times = (TimeElapsedColumn(), TextColumn("{task.fields[left]}"))
    bar = Progress(*shown, *times, console=console, transient=True, expand=True)
    return bar

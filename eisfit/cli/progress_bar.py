"""A bar on stderr that shows the step of a command, how many of its items are done, and the time left for it."""

from __future__ import annotations

import bisect
import math
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

_FIRST_S = 0.5  # before which no time is told
_STEADY, _STEEPEST = (
    1.25,
    2.5,
)  # powers: up to the first, items take equally long; more than the last is not told


class ProgressBar:
    """A progress bar on stderr; none if quiet, nor where stderr is no terminal: then rich is not imported.

    Parameters
    ----------
    quiet : bool
        Whether none is shown.
    """

    def __init__(self, quiet: bool = False) -> None:
        self.bar = None if quiet or not sys.stderr.isatty() else _bar()
        self.text, self.began, self.pace = "", 0.0, Pace(0.0)

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
            self.pace = Pace(self.began)
            for task in self.bar.task_ids:
                self.bar.remove_task(task)
            self.bar.add_task(text, total=None, count="", left="")
        now_s = time.monotonic()
        left = time_left(done, total, now_s - self.began, self.pace.growth(done, now_s))
        count = f"{done}/{total}" if total else ""
        self.bar.update(self.bar.task_ids[0], completed=done, total=total or None, count=count, left=left)


class Pace:
    """How fast a step goes on: its time follows a power of what is done, as items may take longer and longer.

    Parameters
    ----------
    began_s : float
        Time at which it began.
    """

    def __init__(self, began_s: float) -> None:
        self.done, self.at_s = [0], [began_s]

    def growth(self, done: int, now_s: float) -> float:
        """Note what is done of the step now, and return the power: 1 where all items take equally long.

        Examples
        --------
        >>> pace = Pace(0.0)
        >>> pace.growth(100, 10.0), pace.growth(200, 40.0)
        (1.0, 2.0)
        """
        if done > self.done[-1]:
            self.done.append(done)
            self.at_s.append(now_s)
        half = bisect.bisect_right(self.done, done / 2) - 1
        elapsed_s, earlier_s = self.at_s[-1] - self.at_s[0], self.at_s[half] - self.at_s[0]
        if half <= 0 or earlier_s < _FIRST_S:
            return 1.0
        power = math.log(elapsed_s / earlier_s) / math.log(self.done[-1] / self.done[half])
        return min(power, _STEEPEST) if power > _STEADY else 1.0


def time_left(done: int, total: int, elapsed_s: float, growth: float = 1.0) -> str:
    """Return the time left for a step as text, from the pace so far; '' where it is not known.

    Examples
    --------
    >>> time_left(100, 400, 20.0), time_left(1, 400, 20.0), time_left(0, 400, 1.0)
    ('1:00 left', '2:13:00 left', '')
    >>> time_left(100, 400, 20.0, growth=2.0)
    '5:00 left'
    """
    if not done or not total or elapsed_s < _FIRST_S:
        return ""
    seconds = round(elapsed_s * ((total / done) ** growth - 1))
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

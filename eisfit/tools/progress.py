"""What a long task tells of its progress."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeAlias

Told: TypeAlias = Callable[
    [str, int, int], None
]  # what is done, how much of it is done, and how much there is


class Progress(Protocol):
    """A callable that is told the step of a task, and how much of it is done."""

    def __call__(self, text: str, number: int, done: int = 0, total: int = 0, /) -> None:
        """Take in the progress.

        Parameters
        ----------
        text : str
            What the step does, such as ``"reading files"``.
        number : int
            Number of the step, counted from 0.
        done, total : int
            How many of its items are done, and how many there are; 0 and 0 where that is not known.
        """


def silent(text: str, number: int, done: int = 0, total: int = 0, /) -> None:
    """Show no progress."""


def untold(text: str, done: int, total: int) -> None:
    """Tell nothing."""

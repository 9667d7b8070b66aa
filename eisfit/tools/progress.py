"""What a long task tells of its progress: its steps, and how much of each is done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

Progress: TypeAlias = Callable[[str, int], Any]  # called with the name of a step and its number, from 0
Told: TypeAlias = Callable[
    [str, int, int], Any
]  # what is done, how much of it is done, and how much there is


def silent(text: str, number: int) -> None:
    """Show no progress."""


def untold(text: str, done: int, total: int) -> None:
    """Tell nothing."""


def told_by(progress: Progress) -> Told:
    """Return what is told how much of a step is done: the method `told` of a progress, if it has one.

    A plain function is told the steps only.
    """
    told: Told = getattr(progress, "told", untold)
    return told

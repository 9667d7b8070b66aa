"""What is to be done with some spectra."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from eisfit.cell.templates import Template
from eisfit.options import FitOptions

PARTS = 100  # of the work on a series, in hundredths of its usual time


@dataclass(frozen=True)
class Task:
    """What is to be done with some spectra.

    Parameters
    ----------
    template : Template
        With its configuration chosen.
    options : FitOptions
        How they are fitted.
    over : str
        The condition that orders the spectra, where they are of one cell: then it is decided for all of them at once
        which arc belongs to which segment. Empty for independent spectra.
    assign : tuple of str
        Segments in the known order of their arcs, the fastest first.
    progress : callable, optional
        Called with a number of done parts of the work and the number of all.
    """

    template: Template
    options: FitOptions
    over: str = ""
    assign: tuple[str, ...] = ()
    progress: Callable[[int, int], None] | None = field(default=None, compare=False)

    def told(self, part: int) -> None:
        """Tell that a part of the work of a series is done, one of `PARTS`."""
        if self.progress is not None:
            self.progress(part, PARTS)

    @property
    def one_cell(self) -> bool:
        """Whether the spectra are of one cell, in the order of the series."""
        return bool(self.over)

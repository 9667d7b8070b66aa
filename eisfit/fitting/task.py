"""What is to be done with some spectra."""

from __future__ import annotations

from dataclasses import dataclass, field

from eisfit.cell.templates import Template
from eisfit.engine.backends.choice import PROCESSOR
from eisfit.options import FitOptions
from eisfit.tools.progress import Told, untold


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
    progress : callable
        Called with what is done to spectra of one cell, how much of it is done, and how much there is.
    device : str
        Where blocks of many spectra are stepped: ``cpu``, ``cuda`` or ``cuda:N``.
    """

    template: Template
    options: FitOptions
    over: str = ""
    assign: tuple[str, ...] = ()
    progress: Told = field(default=untold, compare=False, repr=False)
    device: str = PROCESSOR

    @property
    def one_cell(self) -> bool:
        """Whether the spectra are of one cell, in the order of the series."""
        return bool(self.over)

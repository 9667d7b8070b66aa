"""What is to be done with some spectra."""

from __future__ import annotations

from dataclasses import dataclass

from eisfit.cell.templates import Template
from eisfit.options import FitOptions


@dataclass(frozen=True)
class Task:
    """What is to be done with some spectra.

    Parameters
    ----------
    template : Template
        With its configuration chosen.
    options : FitOptions
        How they are fitted.
    one_cell : bool
        Whether the spectra are one cell under changing conditions, in the order of the series: then they share
        the decision which arcs are resistors, and the arcs' identity.
    settled : bool
        Whether the template already has the arcs as resistors that the data ask for.
    """

    template: Template
    options: FitOptions
    one_cell: bool = False
    settled: bool = False

"""What is to be done with some spectra."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from eisfit.cell.templates import Template
from eisfit.engine.weights import Weights


@dataclass(frozen=True)
class Task:
    """What is to be done with some spectra.

    Parameters
    ----------
    template : Template
        With its configuration chosen.
    weights : str or array_like
        As in `eisfit.fit`.
    seed : int
        Of the drawn starts.
    start : mapping of str to float, optional
        Values to start from, instead of starts found from the data.
    one_cell : bool
        Whether the spectra are one cell under changing conditions, in the order of the series: then they share
        the decision which arcs are resistors, and the arcs' identity.
    loss : str
        As in `eisfit.fit`.
    """

    template: Template
    weights: Weights = "modulus"
    seed: int = 0
    start: Mapping[str, float] | None = None
    one_cell: bool = False
    loss: str = "linear"

    @property
    def weights_name(self) -> str:
        """Name of the weights."""
        return self.weights if isinstance(self.weights, str) else "given"

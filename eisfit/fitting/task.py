"""Fit many spectra block by block, so that memory does not grow with their number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from eisfit.cell.templates import Template
from eisfit.engine.weights import Weights
from eisfit.fitting.batch import BLOCK, solve_block
from eisfit.fitting.on_demand import FitsOnDemand, StoredSolution
from eisfit.results.fit import Fit, failed
from eisfit.results.fits import FitColumns, Fits
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.frozen import Ints


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

    def fits(self, spectra: Sequence[Spectrum]) -> list[Fit]:
        """Fit all spectra as one batch."""
        block = solve_block(self, spectra)
        results: list[Fit | None] = [None] * len(spectra)
        for i, reason in block.lost.items():
            results[i] = failed(spectra[i], self.template, reason)
        for solved, places in block.parts:
            found = solved.fits([spectra[k] for k in places], self.weights_name)
            for k, result in zip(places, found, strict=True):
                results[k] = result
        return [r for r in results if r is not None]

    def columns(self, spectra: Sequence[Spectrum]) -> Fits:
        """Fit independent spectra block by block; what is kept of each is its row of numbers."""
        parts: list[tuple[Ints, FitColumns]] = []
        kept: list[StoredSolution] = []
        lost: dict[int, str] = {}
        for first in range(0, len(spectra), BLOCK):
            block = solve_block(self, spectra[first : first + BLOCK])
            lost |= {first + i: reason for i, reason in block.lost.items()}
            for solved, places in block.parts:
                where = first + np.array(places)
                parts.append((where, solved.columns()))
                kept.append(
                    StoredSolution(where, solved.problem.template, solved.solution, solved.reweighting)
                )
        made = FitsOnDemand(self, spectra, kept, lost)
        return Fits(made, FitColumns.joined(parts, len(spectra)))

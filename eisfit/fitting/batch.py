"""Solve one block of spectra."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eisfit.engine.posing import check
from eisfit.engine.robust_loss import check_loss
from eisfit.engine.weights import check_weights
from eisfit.errors import FitError
from eisfit.fitting.task import Task
from eisfit.fitting.variants import chosen_variants
from eisfit.reporting.fit_report import Solved
from eisfit.spectrum.spectrum import Spectrum

BLOCK = 4096  # spectra that are fitted at once


@dataclass(frozen=True)
class _Block:
    """Variants of the template with the places of the spectra that they were chosen for; reasons of failures."""

    parts: list[tuple[Solved, list[int]]]
    lost: dict[int, str]


def solve_block(task: Task, spectra: Sequence[Spectrum]) -> _Block:
    """Solve all spectra that can be fitted, and say why the others cannot."""
    check_weights(task.weights)
    check_loss(task.loss)
    lost = _unsound(task, spectra)
    sound = [i for i in range(len(spectra)) if i not in lost]
    parts = []
    if sound:
        for solved, index in chosen_variants(task, [spectra[i] for i in sound]):
            parts.append((solved, [sound[k] for k in index]))
    return _Block(parts, lost)


def _unsound(task: Task, spectra: Sequence[Spectrum]) -> dict[int, str]:
    """Return the reasons of the spectra that cannot be fitted."""
    try:
        check(spectra, task.template, task.weights)
    except FitError:
        lost = {}
        for i, spectrum in enumerate(spectra):
            try:
                check([spectrum], task.template, task.weights)
            except FitError as error:
                lost[i] = str(error)
        return lost
    return {}

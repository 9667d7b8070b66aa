"""Fits that are made when they are asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import overload

import numpy as np

from eisfit.assignment.plan import Placement
from eisfit.cell.templates import Template
from eisfit.engine.levenberg_marquardt import Solution
from eisfit.engine.posing import pose
from eisfit.engine.robust_loss import Reweighting
from eisfit.fitting.task import Task
from eisfit.reporting.estimate import Estimate
from eisfit.reporting.fit_report import fits_of
from eisfit.results.fit import Fit, failed
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.frozen import Floats, Ints

_AT_ONCE = 256  # fits that are made at once when all are gone through


@dataclass(frozen=True)
class StoredSolution:
    """What is kept of fits whose objects are made when asked for."""

    places: Ints
    template: Template
    solution: Solution
    reweighting: Reweighting | None
    placement: Placement | None
    others: Floats | None
    otherwise: Floats | None

    def estimate(self, task: Task, spectra: Sequence[Spectrum], rows: Ints) -> Estimate:
        """Return the estimate of some of them, from their spectra."""
        problem, solution = pose(spectra, self.template, task.options.weights), self.solution.rows(rows)
        placement = None if self.placement is None else self.placement.rows(rows)
        others = None if self.others is None else self.others[rows]
        otherwise = None if self.otherwise is None else self.otherwise[rows]
        length = problem.z_ohm.shape[1]
        reweighting = None if self.reweighting is None else self.reweighting.rows(rows, length)
        found = Estimate.from_solution(problem, solution, reweighting, placement)
        return replace(found, others=others, otherwise=otherwise)


class FitsOnDemand(Sequence[Fit]):
    """Fits that are made when they are asked for, from the solutions that were kept."""

    def __init__(
        self, task: Task, spectra: Sequence[Spectrum], kept: Sequence[StoredSolution], lost: Mapping[int, str]
    ) -> None:
        self._task, self._spectra, self._kept, self._lost = task, spectra, kept, lost
        self._home = np.full((len(spectra), 2), -1)
        for number, part in enumerate(kept):
            self._home[part.places] = np.stack(
                [np.full(part.places.size, number), np.arange(part.places.size)], 1
            )

    def __repr__(self) -> str:
        return f"<FitsOnDemand of {len(self)} spectra>"

    def __len__(self) -> int:
        return len(self._spectra)

    @overload
    def __getitem__(self, index: int) -> Fit: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Fit]: ...

    def __getitem__(self, index: int | slice) -> Fit | Sequence[Fit]:
        if isinstance(index, slice):
            return self._make(range(len(self))[index])
        return self._make([range(len(self))[index]])[0]

    def __iter__(self) -> Iterator[Fit]:
        for first in range(0, len(self), _AT_ONCE):
            yield from self[first : first + _AT_ONCE]

    def _make(self, places: Sequence[int]) -> list[Fit]:
        made = {
            k: failed(self._spectra[k], self._task.template, self._lost[k], self._task.options)
            for k in places
            if k in self._lost
        }
        rest = np.array([k for k in places if k not in made], int)
        for number in np.unique(self._home[rest, 0]):
            here = rest[self._home[rest, 0] == number]
            part, rows = self._kept[number], self._home[here, 1]
            spectra = [self._spectra[k] for k in here]
            fits = fits_of(part.estimate(self._task, spectra, rows), spectra, self._task.options)
            made |= dict(zip(here.tolist(), fits, strict=True))
        return [made[k] for k in places]

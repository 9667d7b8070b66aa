"""Many spectra through search, solver and identity, in blocks, so that memory does not grow with their number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np

from eisfit.errors import FitError
from eisfit.fitted import Fit, FitColumns, Fits, failed
from eisfit.identity import identified
from eisfit.problem import Problem, Weights, check, check_weights, pose
from eisfit.robust import Reweighting, check_loss, reweighted
from eisfit.search import SELECTION, Minima, minima_from_data
from eisfit.solve import Solution, solve
from eisfit.spectrum import Spectrum
from eisfit.templates import Template
from eisfit.values import Floats, Ints
from eisfit.verdict import Solved

NEIGHBOURS = 4  # spectra of a series whose solution each other spectrum is started from as well
BLOCK = 4096  # spectra that are fitted at once
_AT_ONCE = 256  # fits that are made at once when all are gone through


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
        block = _solved(self, spectra)
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
        kept: list[_Kept] = []
        lost: dict[int, str] = {}
        for first in range(0, len(spectra), BLOCK):
            block = _solved(self, spectra[first : first + BLOCK])
            lost |= {first + i: reason for i, reason in block.lost.items()}
            for solved, places in block.parts:
                where = first + np.array(places)
                parts.append((where, solved.columns()))
                kept.append(_Kept(where, solved.problem.template, solved.solution, solved.reweighting))
        made = _Made(self, spectra, kept, lost)
        return Fits(made, FitColumns.joined(parts, len(spectra)))


@dataclass(frozen=True)
class _Block:
    """Variants of the template with the places of the spectra that they were chosen for; reasons of failures."""

    parts: list[tuple[Solved, list[int]]]
    lost: dict[int, str]


@dataclass(frozen=True)
class _Kept:
    """What is kept of fits whose objects are made when asked for."""

    places: Ints
    template: Template
    solution: Solution
    reweighting: Reweighting | None

    def solved(self, task: Task, spectra: Sequence[Spectrum], rows: Ints) -> Solved:
        """Return some of them again, from their spectra."""
        problem, solution = pose(spectra, self.template, task.weights), self.solution.rows(rows)
        if self.reweighting is None:
            return Solved(problem, solution)
        reweighting = self.reweighting.rows(rows, problem.z_ohm.shape[1])
        return Solved(reweighting.applied(problem), solution, reweighting)


class _Made(Sequence[Fit]):
    """Fits that are made when they are asked for, from the solutions that were kept."""

    def __init__(
        self, task: Task, spectra: Sequence[Spectrum], kept: Sequence[_Kept], lost: Mapping[int, str]
    ) -> None:
        self._task, self._spectra, self._kept, self._lost = task, spectra, kept, lost
        self._home = np.full((len(spectra), 2), -1)
        for number, part in enumerate(kept):
            self._home[part.places] = np.stack(
                [np.full(part.places.size, number), np.arange(part.places.size)], 1
            )

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
            k: failed(self._spectra[k], self._task.template, self._lost[k]) for k in places if k in self._lost
        }
        rest = np.array([k for k in places if k not in made], int)
        for number in np.unique(self._home[rest, 0]):
            here = rest[self._home[rest, 0] == number]
            part, rows = self._kept[number], self._home[here, 1]
            spectra = [self._spectra[k] for k in here]
            solved = part.solved(self._task, spectra, rows)
            made |= dict(zip(here.tolist(), solved.fits(spectra, self._task.weights_name), strict=True))
        return [made[k] for k in places]


def _solved(task: Task, spectra: Sequence[Spectrum]) -> _Block:
    """Solve all spectra that can be fitted, and say why the others cannot."""
    check_weights(task.weights)
    check_loss(task.loss)
    lost = _unsound(task, spectra)
    sound = [i for i in range(len(spectra)) if i not in lost]
    parts = []
    if sound:
        for solved, index in _chosen(task, [spectra[i] for i in sound]):
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


def _chosen(task: Task, spectra: Sequence[Spectrum]) -> Iterator[tuple[Solved, list[int]]]:
    """Solve the variants of a template and yield, for each chosen one, its spectra."""
    template, weights, one_cell = task.template, task.weights, task.one_cell
    if task.start is not None:
        posed = pose(spectra, template, weights)
        yield _from_start(posed, task.start, one_cell, task.loss), list(range(len(spectra)))
        return
    variants = [template]
    if template.segments[0].role:
        variants = [template.as_resistors(names) for names in template.fading()]
    problems = _reweighted(task, [pose(spectra, variant, weights) for variant in variants])
    found = [identified(p, _minima(p, task.seed, one_cell), along_series=one_cell) for p in problems]
    chosen = _best_variant(problems, found, one_cell)
    for v, variant in enumerate(variants):
        index = [int(k) for k in np.flatnonzero(chosen == v)]
        if index:
            problem = problems[v]
            if len(index) < len(spectra) or task.loss != "linear":
                problem = pose([spectra[k] for k in index], variant, weights)
            yield _polished(problem, task.loss, found[v][0][index]), index


def _reweighted(task: Task, problems: list[Problem]) -> list[Problem]:
    """Return the variants with the points weighed as the most complete one asks for."""
    if task.loss == "linear":
        return problems
    x, _ = identified(problems[0], _minima(problems[0], task.seed, task.one_cell), along_series=task.one_cell)
    weighing, _ = reweighted(problems[0], task.loss, x)
    return [weighing.applied(problem) for problem in problems]


def _polished(problem: Problem, loss: str, x: Floats) -> Solved:
    """Solve the problem to the end from what the search has found."""
    if loss == "linear":
        return Solved(problem, solve(problem, x, np.arange(problem.size)))
    weighing, solution = reweighted(problem, loss, x)
    return Solved(weighing.applied(problem), solution, weighing)


def _from_start(problem: Problem, start: Mapping[str, float], one_cell: bool, loss: str) -> Solved:
    known = ", ".join(problem.names)
    for name in start:
        if name not in problem.names:
            raise FitError(f"start: unknown parameter {name!r}; the parameters are {known}")
    for name in problem.names:
        if name not in start:
            raise FitError(f"start: {name!r} is missing; it needs a value of each of {known}")
    x = np.tile(np.log([start[name] for name in problem.names]), (problem.size, 1))
    found = solve(problem, x, np.arange(problem.size))
    x, cost = identified(problem, Minima(found.x[:, None], found.cost[:, None]), along_series=one_cell)
    if loss != "linear":
        return _polished(problem, loss, x)
    return Solved(problem, Solution(x, cost, found.converged, found.iterations))


def _minima(problem: Problem, seed: int, one_cell: bool) -> Minima:
    n = problem.size
    minima = minima_from_data(problem, seed=seed)
    if not one_cell or n < 2:
        return minima
    # each spectrum once more from the best of its neighbours: what one sees, the next may find too
    offsets = [d for k in range(1, NEIGHBOURS // 2 + 1) for d in (-k, k)]
    origin = np.stack([np.clip(np.arange(n) + d, 0, n - 1) for d in offsets], axis=1)
    rows = np.repeat(np.arange(n), len(offsets))
    again = solve(
        problem, minima.x[origin, 0].reshape(rows.size, -1), rows, max_iterations=60, tolerance=SELECTION
    )
    return Minima(
        np.concatenate([minima.x, again.x.reshape(n, len(offsets), -1)], axis=1),
        np.concatenate([minima.cost, again.cost.reshape(n, len(offsets))], axis=1),
    )


def _best_variant(
    problems: Sequence[Problem], found: Sequence[tuple[Floats, Floats]], one_cell: bool
) -> Ints:
    """Return the variant with the lowest Bayesian information criterion, per spectrum or for all at once.

    Source: Schwarz, Ann. Stat. 6 (1978) 461, doi 10.1214/aos/1176344136.
    """
    scores = []
    for problem, (x, cost) in zip(problems, found, strict=True):
        rows = np.arange(problem.size)
        free = np.count_nonzero(~problem.fixed)
        likely = problem.deviance(cost, rows) + problem.implausibility(x, rows)
        scores.append(likely + free * np.log(problem.residuals_used))
    table = np.array(scores)
    if one_cell:
        return np.full(table.shape[1], int(np.argmin(table.sum(axis=1))))
    best: Ints = np.argmin(table, axis=0)
    return best

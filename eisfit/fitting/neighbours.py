"""Spectra that are much alike: what the search finds in a few of them is where all are started from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from eisfit.circuit.circuit import evaluate
from eisfit.engine.parameter_bounds import ON_BOUND
from eisfit.engine.posing import pose, unsound_rows
from eisfit.engine.problem import Problem
from eisfit.engine.solver import solve
from eisfit.fitting.task import Task
from eisfit.fitting.variants import best_minima, chosen_variants, solved
from eisfit.reporting.estimate import Estimate
from eisfit.search.settings import DEFAULT
from eisfit.search.trials import Minima
from eisfit.spectrum.columns import SpectraColumns, some_of
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.frozen import Bools, Floats

SEARCHED = 8  # spectra of many that are searched first, evenly spread over them
WORSE = (
    1.5  # scatter over noise, relative to that of the searched ones, from which a spectrum is searched itself
)
_ITERATIONS = 60


@dataclass(frozen=True)
class FirstFound:
    """What the search has found in a few of many spectra.

    Parameters
    ----------
    logs : tuple of tuple of float
        Logarithms of the parameters of each of them.
    scatter : float
        Largest scatter of their residuals over their noise, at least 1: of a circuit that misses all of the spectra,
        it is large, and no search betters that.
    at_bound : tuple of bool
        Which parameters rest on a bound in one of them.
    """

    logs: tuple[tuple[float, ...], ...] = ()
    scatter: float = 1.0
    at_bound: tuple[bool, ...] = ()


NOTHING = FirstFound()


def first_found(task: Task, spectra: SpectraColumns) -> FirstFound:
    """Search a few of many spectra, evenly spread over them; nothing where a start is given, or of templates.

    The names of arcs in the segments of a template are decided for each spectrum by the whole search.
    """
    if task.options.start is not None or not task.template.is_circuit:
        return NOTHING
    lost = unsound_rows(spectra, task.options.weights)
    sound = [k for k in range(len(spectra)) if k not in lost]
    if not sound:
        return NOTHING
    parts = list(chosen_variants(task, some_of(spectra, sound)))
    x = np.concatenate([e.solution.x for e, _ in parts])
    scatter = max(float(np.nanmax(_scatter(e.plain, e.solution.x), initial=1.0)) for e, _ in parts)
    at_bound = np.any([_at_bound(e.plain, e.solution.x).any(axis=0) for e, _ in parts], axis=0)
    return FirstFound(tuple(map(tuple, x.tolist())), scatter, tuple(at_bound.tolist()))


def places_to_search(count: int) -> list[int]:
    """Return the places of the spectra that are searched first.

    Examples
    --------
    >>> places_to_search(4), places_to_search(80)
    ([0, 1, 2, 3], [5, 15, 25, 35, 45, 55, 65, 75])
    """
    if count <= SEARCHED:
        return list(range(count))
    return [(2 * k + 1) * count // (2 * SEARCHED) for k in range(SEARCHED)]


def from_first_found(
    task: Task, spectra: Sequence[Spectrum], first: FirstFound
) -> Iterator[tuple[Estimate, list[int]]]:
    """Start all spectra from what was found first, search those that this does not fit, and yield the estimates."""
    if not first.logs:
        yield from chosen_variants(task, spectra)
        return
    template, options = task.template, task.options
    problem = pose(spectra, template, options.weights)
    start, rows = _nearest(problem, np.array(first.logs)), np.arange(problem.size)
    found = solve(problem, start, rows, max_iterations=_ITERATIONS, tolerance=DEFAULT.selection)
    x = best_minima(problem, Minima(found.x[:, None], found.cost[:, None]))
    weighing, solution = solved(problem, options.loss, x)
    searched = _needs_search(problem, solution.x, solution.converged, first)
    kept, again = np.flatnonzero(~searched), np.flatnonzero(searched).tolist()
    if kept.size:
        own = pose(some_of(spectra, kept.tolist()), template, options.weights) if again else problem
        factors = None if weighing is None else weighing.rows(kept, problem.data.length)
        yield Estimate.from_solution(own, solution.rows(kept), factors), kept.tolist()
    if again:
        for estimate, index in chosen_variants(task, some_of(spectra, again)):
            yield estimate, [again[i] for i in index]


def _nearest(problem: Problem, logs: Floats) -> Floats:
    """Return for each spectrum those of some logarithms (K, P) whose impedance is nearest to it, shape (N, P)."""
    model = evaluate(problem.circuit.root, problem.s, np.exp(problem.followed(logs)))
    with np.errstate(divide="ignore", invalid="ignore"):
        measured, apart = np.log(problem.z_ohm), np.empty((problem.size, len(logs)))
        for k, z in enumerate(model):
            apart[:, k] = np.sum(np.abs(measured - np.log(z)) ** 2, axis=1)
    return np.asarray(logs[np.argmin(np.nan_to_num(apart, nan=np.inf), axis=1)])


def _needs_search(problem: Problem, x: Floats, converged: Bools, first: FirstFound) -> Bools:
    """Return which spectra are not as well fitted as those that were searched."""
    scatter = _scatter(problem, x)
    worse = ~(scatter <= WORSE * max(first.scatter, 1.0))
    bound = (_at_bound(problem, x) & ~np.array(first.at_bound)).any(axis=1)
    return np.asarray(worse | bound | ~converged)


def _at_bound(problem: Problem, x: Floats) -> Bools:
    """Return which variables rest on a bound, shape (N, P); of an exponent, which is often 1, that says nothing."""
    near = (x <= problem.lower + ON_BOUND) | (x >= problem.upper - ON_BOUND)
    exponent = np.array([p.quantity.is_exponent for p in problem.circuit.parameters])
    return np.asarray(near & ~(problem.fixed | exponent))


def _scatter(problem: Problem, x: Floats) -> Floats:
    """Return the scatter of the residuals over their random noise, shape (N,)."""
    residual = problem.residual(x, np.arange(problem.size)).reshape(problem.size, 2, -1)
    steps = np.diff(residual, axis=2)
    noise = np.mean(steps.reshape(problem.size, -1) ** 2, axis=1) / 2
    total = np.mean(residual.reshape(problem.size, -1) ** 2, axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(total > 0, np.sqrt(total / noise), 1.0)

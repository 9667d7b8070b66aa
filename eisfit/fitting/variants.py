"""Choose which arcs are resistors, and keep arcs in identity."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from eisfit.assignment.circuits import in_tracks
from eisfit.cell.equal_arcs import kept_in_order
from eisfit.engine.levenberg_marquardt import Solution
from eisfit.engine.posing import pose
from eisfit.engine.problem import Problem
from eisfit.engine.robust_loss import Reweighting, reweighted
from eisfit.engine.solver import solve
from eisfit.errors import FitError
from eisfit.fitting.assigned import assigned_estimates, skeleton_for
from eisfit.fitting.task import Task
from eisfit.reporting.estimate import Estimate
from eisfit.results.order import condition_value
from eisfit.search.arc_order import with_order_kept
from eisfit.search.assignment import assigned
from eisfit.search.exchangeable import in_settled_order
from eisfit.search.minima import minima_from_data
from eisfit.search.other_minima import other_minima
from eisfit.search.settings import DEFAULT
from eisfit.search.trials import Minima
from eisfit.spectrum.columns import some_of
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.frozen import Floats, Ints
from eisfit.tools.nearest import did_you_mean

NEIGHBOURS = 4  # spectra of a series whose solution each other spectrum is started from as well


def chosen_variants(task: Task, spectra: Sequence[Spectrum]) -> Iterator[tuple[Estimate, list[int]]]:
    """Solve the variants of a template and yield, for each chosen one, its spectra."""
    if (skeleton := skeleton_for(task, spectra)) is not None:
        yield from assigned_estimates(task, skeleton, spectra)
        return
    template, options, one_cell = task.template, task.options, task.one_cell
    weights, loss = options.weights, options.loss
    if options.start is not None:
        posed = pose(spectra, template, weights)
        yield _from_start(posed, options.start, one_cell, loss), list(range(len(spectra)))
        return
    variants = [template]
    if not template.is_circuit:
        variants = [template.with_arcs_as_resistors(names) for names in template.arcs_that_may_fade()]
    problems = _reweighted(task, [pose(spectra, variant, weights) for variant in variants])
    minima = [_minima(p, options.seed, one_cell) for p in problems]
    found = [assigned(p, m, along_series=one_cell) for p, m in zip(problems, minima, strict=True)]
    if template.is_circuit and one_cell and len(spectra) > 1:
        values = [condition_value(s, task.over) for s in spectra]
        found = [
            (in_tracks(p, x, cost, task.over, values), cost)
            for p, (x, cost) in zip(problems, found, strict=True)
        ]
    chosen = _best_variant(problems, found, one_cell)
    for v, variant in enumerate(variants):
        index = [int(k) for k in np.flatnonzero(chosen == v)]
        if index:
            problem = problems[v]
            if len(index) < len(spectra) or loss != "linear":
                problem = pose(some_of(spectra, index), variant, weights)
            estimate = polished(problem, loss, found[v][0][index])
            if template.is_circuit:
                kept = kept_in_order(template) and loss == "linear"  # else costs are of other weights
                estimate = replace(
                    estimate,
                    others=other_minima(estimate.problem, estimate.solution, minima[v].x[index]),
                    otherwise=minima[v].cost[index].min(axis=1) if kept else None,
                )
            yield estimate, index


def _reweighted(task: Task, problems: list[Problem]) -> list[Problem]:
    """Return the variants with the points weighed as the most complete one asks for."""
    loss, seed = task.options.loss, task.options.seed
    if loss == "linear":
        return problems
    x, _ = assigned(problems[0], _minima(problems[0], seed, task.one_cell), along_series=task.one_cell)
    weighing, _ = reweighted(problems[0], loss, x)
    return [weighing.applied(problem) for problem in problems]


def polished(problem: Problem, loss: str, x: Floats) -> Estimate:
    """Solve the problem to the end from what the search has found."""
    weighing, solution = solved(problem, loss, x)
    return Estimate.from_solution(problem, solution, weighing)


def solved(problem: Problem, loss: str, x: Floats) -> tuple[Reweighting | None, Solution]:
    """Return the solution to the end from what the search has found, with the weights of its points."""
    if loss == "linear":
        return None, solve(problem, x, np.arange(problem.size))
    return reweighted(problem, loss, x)


def best_minima(problem: Problem, minima: Minima) -> Floats:
    """Return the logarithms (N, P) of one minimum of each independent spectrum, its equal arcs in order."""
    settled = replace(minima, x=in_settled_order(problem, minima.x))
    return assigned(problem, settled, along_series=False)[0]


def check_start(names: Sequence[str], start: Mapping[str, float]) -> None:
    """Raise FitError if a start names an unknown parameter, misses one, or has a value that is not positive."""
    known = ", ".join(names)
    for name in start:
        if name not in names:
            raise FitError(
                f"start: unknown parameter {name!r}{did_you_mean(name, names)}; the parameters are {known}"
            )
    for name in names:
        if name not in start:
            raise FitError(f"start: {name!r} is missing; it needs a value of each of {known}")
    for name, value in start.items():
        if not (np.isfinite(value) and value > 0):
            raise FitError(f"start: {name} is {value:g}: it must be finite and positive")


def _from_start(problem: Problem, start: Mapping[str, float], one_cell: bool, loss: str) -> Estimate:
    check_start(problem.names, start)
    x = np.tile(np.log([start[name] for name in problem.names]), (problem.size, 1))
    found = solve(problem, x, np.arange(problem.size))
    x, cost = assigned(problem, Minima(found.x[:, None], found.cost[:, None]), along_series=one_cell)
    if loss != "linear":
        return polished(problem, loss, x)
    return Estimate.from_solution(problem, Solution(x, cost, found.converged, found.iterations))


def _minima(problem: Problem, seed: int, one_cell: bool) -> Minima:
    n = problem.size
    minima = minima_from_data(problem, seed=seed)
    if problem.template.is_circuit:
        minima = with_order_kept(problem, minima, seed)
    if not one_cell or n < 2:
        return minima
    # each spectrum once more from the best of its neighbours: what one sees, the next may find too
    offsets = [d for k in range(1, NEIGHBOURS // 2 + 1) for d in (-k, k)]
    origin = np.stack([np.clip(np.arange(n) + d, 0, n - 1) for d in offsets], axis=1)
    rows = np.repeat(np.arange(n), len(offsets))
    again = solve(
        problem,
        minima.x[origin, 0].reshape(rows.size, -1),
        rows,
        max_iterations=60,
        tolerance=DEFAULT.selection,
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
        likely = problem.deviance(cost, rows) + problem.capacitance_penalty(x, rows)
        scores.append(likely + free * np.log(problem.residuals_used))
    table = np.array(scores)
    if one_cell:
        return np.full(table.shape[1], int(np.argmin(table.sum(axis=1))))
    best: Ints = np.argmin(table, axis=0)
    return best

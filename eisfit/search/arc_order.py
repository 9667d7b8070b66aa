"""Equal arcs of a bare circuit in the order of their time constants, also where parameters of them are set."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import numpy as np

from eisfit.cell.equal_arcs import equal_arcs, kept_in_order
from eisfit.cell.ties import resolved
from eisfit.engine.parameter_bounds import ON_BOUND
from eisfit.engine.problem import Problem
from eisfit.engine.solver import solve
from eisfit.search.minima import minima_from_data
from eisfit.search.trials import Minima
from eisfit.tools.frozen import Bools, Floats, Ints


def fastest_first(problem: Problem, x: Floats, rows: Ints) -> Floats:
    """Return solutions (M, P) with equal arcs in order of their time constants, as far as what is set allows.

    Parameters
    ----------
    problem : Problem
        Of a bare circuit.
    x : ndarray, shape (M, P)
        Logarithms of the parameters.
    rows : ndarray of int, shape (M,)
        Which spectrum each belongs to.
    """
    for group in equal_arcs(problem.template):
        done = group.sorted(x)
        if any(group.set_apart):
            others = group.sorted(x, [not apart for apart in group.set_apart])
            done = np.where(_allowed(problem, done, rows)[:, None], done, others)
        x = done
    return x


def _allowed(problem: Problem, x: Floats, rows: Ints) -> Bools:
    """Tell which solutions (M, P) lie within the bounds and keep the ties."""
    inside = (x >= problem.lower[rows] - ON_BOUND) & (x <= problem.upper[rows] + ON_BOUND)
    kept = np.abs(problem.followed(x) - x) <= ON_BOUND
    return np.asarray((inside & kept).all(axis=1))


def with_order_kept(problem: Problem, minima: Minima, seed: int) -> Minima:
    """Return minima with those in which set parameters stay with the arcs that they name.

    What is set of an exponent, or tied, must not decide which arc is which. Where the best minimum has equal arcs in
    another order than that of their time constants, the problem is also solved from the minimum that it would have if
    nothing were set of these arcs, with the arcs in order.
    """
    groups = kept_in_order(problem.template)
    n = problem.size
    if not groups:
        return minima
    best = fastest_first(problem, minima.x[:, 0], np.arange(n))
    kept = np.all([group.in_order(best) for group in groups], axis=0)
    if kept.all():
        return minima
    names = problem.names
    loose = {names[k] for group in groups for arc in group.arcs for k in arc.columns}
    settings = {name: s for name, s in problem.template.effective_settings.items() if name not in loose}
    bare = replace(problem.template, settings=MappingProxyType(resolved(settings, names)))
    free = problem.with_circuit(bare)
    start = fastest_first(free, minima_from_data(free, seed=seed).x[:, 0], np.arange(n))
    found = solve(problem, start, np.arange(n), max_iterations=100)
    x = np.where(kept[:, None], minima.x[:, 0], found.x)  # nothing is added where the order is kept
    cost = np.where(kept, minima.cost[:, 0], found.cost)
    return Minima(
        np.concatenate([minima.x, x[:, None]], axis=1), np.concatenate([minima.cost, cost[:, None]], axis=1)
    )


def best_in_order(problem: Problem, minima: Minima) -> tuple[Floats, Floats]:
    """Return the best minimum of each spectrum, (N, P) and (N,); one with the arcs in order where it must be kept."""
    n, k, size = minima.x.shape
    groups = kept_in_order(problem.template)
    if not groups:
        return fastest_first(problem, minima.x[:, 0], np.arange(n)), minima.cost[:, 0]
    x = fastest_first(problem, minima.x.reshape(-1, size), np.repeat(np.arange(n), k)).reshape(n, k, size)
    kept = np.ones((n, k), bool)
    for group in groups:
        kept &= group.in_order(x)
    first = np.zeros(n, int)
    if not kept[:, 0].all():
        rank = np.where(kept, minima.cost, np.inf)
        first = np.where(kept.any(axis=1), np.argmin(rank, axis=1), 0)
    rows = np.arange(n)
    return x[rows, first], minima.cost[rows, first]

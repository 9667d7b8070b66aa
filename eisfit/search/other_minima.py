"""Other minima that the data allow as well as the best."""

from __future__ import annotations

import itertools

import numpy as np

from eisfit.circuit.circuit import InParallel, InSeries, Node, leaves
from eisfit.engine.levenberg_marquardt import Solution
from eisfit.engine.problem import Problem
from eisfit.engine.solver import solve
from eisfit.tools.frozen import Bools, Floats
from eisfit.tools.statistics import NORMAL_95

_APART = 0.05  # difference of the logarithm of a resistance from which two minima are not one


def other_minima(problem: Problem, best: Solution, known: Floats) -> Floats | None:
    """Return the minima that the data allow as well as the best, with other resistances.

    Parameters
    ----------
    problem : Problem
        N spectra.
    best : Solution
        Their best minima.
    known : ndarray, shape (N, K, P)
        Minima that the search has found.

    Returns
    -------
    ndarray, shape (N, M, P), or None
        Logarithms of the parameters; nan where there are fewer. None where there are none at all.

    Notes
    -----
    Their chi-square lies less than 3.84 above the best, so that what they say belongs into the 95 % intervals. A
    circuit with parts within parallel parts may have several minima of exactly one cost (equivalent networks: Foster
    1924, doi 10.1002/j.1538-7305.1924.tb01358.x); there, the best is also tried with two resistances, two
    capacitances, or both exchanged.
    """
    n, _, size = known.shape
    starts = known
    if _is_nested(problem.circuit.root):
        starts = np.concatenate([known, _exchanged(problem, best.x)], axis=1)
    k = starts.shape[1]
    rows, x = np.repeat(np.arange(n), k), starts.reshape(n * k, size)
    tried = np.flatnonzero(_apart(problem, x, best.x[rows]))
    if not tried.size:
        return None
    ended = solve(problem, x[tried], rows[tried], max_iterations=100)
    level = problem.deviance(best.cost, np.arange(n))[rows[tried]]
    allowed = (problem.deviance(ended.cost, rows[tried]) - level < NORMAL_95**2) & _apart(
        problem, ended.x, best.x[rows[tried]]
    )
    others = np.full((n * k, size), np.nan)
    others[tried[allowed]] = ended.x[allowed]
    return others.reshape(n, k, size) if allowed.any() else None


def _apart(problem: Problem, x: Floats, best: Floats) -> Bools:
    """Tell which solutions (M, P) have other resistances than their counterparts."""
    change = _sizes(problem, x) - _sizes(problem, best)
    return np.asarray(np.abs(change).max(axis=1, initial=0.0) > _APART)


def _sizes(problem: Problem, x: Floats) -> Floats:
    """Return the logarithms of the free resistances of solutions, shape (M, R); small ones as one of 1e-3 |Z|.

    Those of segments of equal form are in order of size: equal arcs that have changed places are the same.
    """
    groups: dict[tuple[object, ...], list[int]] = {}
    for on_path in problem.template.path:
        parts = list(leaves(on_path.node))
        form = tuple(leaf.element.name for leaf in parts)
        for number, leaf in enumerate(parts):
            for k, q in enumerate(leaf.element.quantities, leaf.first):
                if q.resistance == 1 and q.time == 0 and not problem.fixed[k]:
                    groups.setdefault((form, number), []).append(k)
    if not groups:
        return np.zeros((x.shape[0], 0))
    sizes = np.concatenate([np.sort(x[:, columns], axis=1) for columns in groups.values()], axis=1)
    least = sizes.max(axis=1, keepdims=True) + np.log(1e-3)
    return np.asarray(np.maximum(sizes, least))


def _is_nested(node: Node, within: bool = False) -> bool:
    """Tell whether parallel parts contain parts in series or in parallel themselves."""
    if isinstance(node, InSeries):
        return within or any(_is_nested(part) for part in node.parts)
    if isinstance(node, InParallel):
        return within or any(_is_nested(part, within=True) for part in node.parts)
    return False


def _exchanged(problem: Problem, x: Floats) -> Floats:
    """Return solutions (N, M, P) with two resistances, two capacitances, or both of two pairs exchanged."""
    quantities = [p.quantity for p in problem.template.circuit.parameters]
    free = ~problem.fixed
    r = [k for k, q in enumerate(quantities) if free[k] and q.resistance == 1 and q.time == 0]
    c = [k for k, q in enumerate(quantities) if free[k] and q.resistance == -1 and not q.is_exponent]
    swaps = [[pair] for pair in (*itertools.combinations(r, 2), *itertools.combinations(c, 2))]
    if c and len(r) >= len(c):
        pairs = list(zip(r[-len(c) :], c, strict=True))
        swaps += [[(a[0], b[0]), (a[1], b[1])] for a, b in itertools.combinations(pairs, 2)]
    found = []
    for swap in swaps:
        new = x.copy()
        for a, b in swap:
            new[:, [a, b]] = x[:, [b, a]]
        found.append(new)
    return np.stack(found, axis=1) if found else np.empty((x.shape[0], 0, x.shape[1]))

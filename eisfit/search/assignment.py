"""Match arcs to segments by capacitance, and keep the match along a series."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from eisfit.cell.segments import PathSegment
from eisfit.circuit.arc import Arc, arc_of
from eisfit.engine.parameter_bounds import ON_BOUND
from eisfit.engine.plausibility import AT_MOST, PER_DECADE, log_capacitances, resistance_shares
from eisfit.engine.problem import Problem
from eisfit.search.arc_order import best_in_order
from eisfit.search.trials import Minima
from eisfit.tools.frozen import Floats, Ints


@dataclass(frozen=True)
class _ArcOnPath:
    """An arc and how often it lies between the probes."""

    arc: Arc
    count: float


def assigned(problem: Problem, minima: Minima, *, along_series: bool) -> tuple[Floats, Floats]:
    """Return one solution per spectrum, with equal arcs permuted to the segments where they belong.

    Parameters
    ----------
    problem : Problem
        N spectra, in the order of the series.
    minima : Minima
        K minima of each.
    along_series : bool
        Whether neighbours in the sequence are the same cell, so that capacitances go on smoothly.

    Returns
    -------
    x : ndarray, shape (N, P)
        Logarithms of the parameters.
    cost : ndarray, shape (N,)
        Of that minimum; a permutation does not change the impedance.

    Notes
    -----
    A minimum and a permutation are scored together: the deviance, plus the squared distance in decades of
    each capacitance from the expected range of its segment (assignment by capacitance: Irvine, Sinclair & West
    1990, doi 10.1002/adma.19900020304), plus the squared change of capacitance from one spectrum to the next.
    The best sequence is found by dynamic programming (Viterbi). Arcs change places in whatever form they are
    written, but an ideal arc never takes the place of a depressed one, and none a place whose range, fixed value or
    tie it would leave.
    """
    n, k, size = minima.x.shape
    template = problem.template
    if not problem.expected:
        return best_in_order(problem, minima) if template.is_circuit else (minima.x[:, 0], minima.cost[:, 0])
    arcs = _arcs_with_range(template.path)
    orders = [order for order in itertools.permutations(range(len(arcs))) if _is_possible(arcs, order)]
    states = np.stack([_permuted(minima.x.reshape(n * k, size), arcs, order) for order in orders], axis=1)
    states = states.reshape(n, k * len(orders), size)
    rows = np.repeat(np.arange(n), k * len(orders))
    flat = states.reshape(-1, size)
    outside = np.any(
        (flat < problem.lower[rows] - ON_BOUND)
        | (flat > problem.upper[rows] + ON_BOUND)
        | (np.abs(problem.followed(flat) - flat) > ON_BOUND),
        axis=1,
    )
    cost = np.repeat(minima.cost, len(orders), axis=1)
    score = problem.deviance(cost.ravel(), rows) + problem.bounded_penalty(flat, rows)
    score = np.where(outside, np.inf, score).reshape(n, -1)
    log_c = log_capacitances(problem.expected, states) / np.log(10)
    best = (
        _smoothest(score, log_c, resistance_shares(problem.expected, states))
        if along_series
        else np.argmin(score, axis=1)
    )
    i = np.arange(n)
    return np.asarray(states[i, best]), np.asarray(cost[i, best])


def _arcs_with_range(path: Sequence[PathSegment]) -> list[_ArcOnPath]:
    """Return the segments that are arcs with an expected capacitance."""
    ranged = [s for s in path if s.segment.capacitance is not None]
    return [_ArcOnPath(arc, s.count) for s in ranged if (arc := arc_of(s.node)) is not None]


def _is_possible(arcs: Sequence[_ArcOnPath], order: Sequence[int]) -> bool:
    """Tell whether each arc of an order can stand in its place."""
    return all(arcs[j].arc.may_become(target.arc) for target, j in zip(arcs, order, strict=True))


def _permuted(x: Floats, arcs: Sequence[_ArcOnPath], order: Sequence[int]) -> Floats:
    """Return x with arc `order[k]` in the place of arc k; its resistance is shared among the new count."""
    out = x.copy()
    for target, origin in zip(arcs, (arcs[j] for j in order), strict=True):
        out = target.arc.with_values_of(out, origin.arc, x)
        if target.count != origin.count:
            log_r = out[:, target.arc.resistance] + np.log(origin.count / target.count)
            out = target.arc.with_log_resistance(out, log_r)
    return out


def _smoothest(node: Floats, log_c: Floats, weight: Floats) -> Ints:
    """Return the sequence of states with the smallest sum of node scores (N, S) and of steps between them."""
    n, orders = node.shape
    total, back = node[0], np.zeros((n, orders), int)
    for i in range(1, n):
        influence = np.minimum(weight[i - 1][:, None], weight[i][None])
        change = log_c[i - 1][:, None] - log_c[i][None]
        step = np.sum(influence * np.minimum(PER_DECADE * change**2, AT_MOST), axis=2)
        reach = total[:, None] + step
        back[i] = np.argmin(reach, axis=0)
        total = reach[back[i], np.arange(orders)] + node[i]
    path = np.empty(n, int)
    path[-1] = int(np.argmin(total))
    for i in range(n - 1, 0, -1):
        path[i - 1] = back[i, path[i]]
    return path

"""Which arc is which: arcs are matched to segments by capacitance, and keep their match along a series."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

import numpy as np

from eisfit.cell.segments import PathSegment
from eisfit.cell.templates import Template
from eisfit.circuit.arc import log_time_constant
from eisfit.circuit.circuit import Placed, span
from eisfit.engine.problem import Problem
from eisfit.search.trials import Minima
from eisfit.tools.frozen import Floats, Ints

_PER_DECADE = 6.0  # price of a capacitance that changes by one decade between neighbours
_AT_MOST = 9.0  # of one arc, however far it jumps


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
    each capacitance from the soft range of its segment (assignment by capacitance: Irvine, Sinclair & West
    1990, doi 10.1002/adma.19900020304), plus the squared change of capacitance from one spectrum to the next.
    The best sequence is found by dynamic programming (Viterbi).
    """
    n, k, size = minima.x.shape
    template = problem.template
    if not problem.soft:
        x = minima.x[:, 0]
        return (fastest_first(template, x) if template.is_circuit else x), minima.cost[:, 0]
    arcs = [s for s in template.path if _has_soft_range(s)]
    orders = list(itertools.permutations(range(len(arcs))))
    states = np.stack([_permuted(minima.x.reshape(n * k, size), arcs, order) for order in orders], axis=1)
    states = states.reshape(n, k * len(orders), size)
    rows = np.repeat(np.arange(n), k * len(orders))
    flat = states.reshape(-1, size)
    outside = np.any((flat < problem.lower[rows] - 1e-9) | (flat > problem.upper[rows] + 1e-9), axis=1)
    cost = np.repeat(minima.cost, len(orders), axis=1)
    score = problem.deviance(cost.ravel(), rows) + problem.bounded_penalty(flat, rows)
    score = np.where(outside, np.inf, score).reshape(n, -1)
    log_c = problem.log_capacitances(states) / np.log(10)
    best = (
        _smoothest(score, log_c, problem.resistance_shares(states))
        if along_series
        else np.argmin(score, axis=1)
    )
    i = np.arange(n)
    return np.asarray(states[i, best]), np.asarray(cost[i, best])


def _has_soft_range(on_path: PathSegment) -> bool:
    zarc = isinstance(on_path.node, Placed) and on_path.node.element.name == "Zarc"
    return zarc and on_path.segment.capacitance is not None


def fastest_first(template: Template, x: Floats) -> Floats:
    """Return the parameters of a bare circuit with equal arcs in order of their time constants."""
    alike: dict[str, list[slice]] = {}
    taus: dict[str, list[Floats]] = {}
    for on_path in template.path:
        if (tau := log_time_constant(on_path.node, np.exp(x))) is not None:
            shape = re.sub(r"_[A-Za-z0-9_]+|[0-9]+", "", on_path.segment.circuit)
            alike.setdefault(shape, []).append(span(on_path.node))
            taus.setdefault(shape, []).append(tau[0])
    out = x.copy()
    for shape, places in alike.items():
        if any(p.name in template.settings for place in places for p in template.circuit.parameters[place]):
            continue
        order = np.argsort(np.stack(taus[shape], axis=1), axis=1, kind="stable")
        blocks = np.stack([x[:, place] for place in places], axis=1)
        blocks = np.take_along_axis(blocks, order[:, :, None], axis=1)
        for k, place in enumerate(places):
            out[:, place] = blocks[:, k]
    return out


def _permuted(x: Floats, arcs: Sequence[PathSegment], order: Sequence[int]) -> Floats:
    """Return x with arc `order[k]` in the place of arc k; its resistance is shared among the new count."""
    out = x.copy()
    for target, origin in zip(arcs, (arcs[j] for j in order), strict=True):
        a, b = target.node, origin.node
        assert isinstance(a, Placed)
        assert isinstance(b, Placed)
        out[:, a.first : a.first + a.size] = x[:, b.first : b.first + b.size]
        out[:, a.index("R")] += np.log(origin.count / target.count)
    return out


def _smoothest(node: Floats, log_c: Floats, weight: Floats) -> Ints:
    """Return the sequence of states with the smallest sum of node scores (N, S) and of steps between them."""
    n, orders = node.shape
    total, back = node[0], np.zeros((n, orders), int)
    for i in range(1, n):
        say = np.minimum(weight[i - 1][:, None], weight[i][None])
        change = log_c[i - 1][:, None] - log_c[i][None]
        step = np.sum(say * np.minimum(_PER_DECADE * change**2, _AT_MOST), axis=2)
        reach = total[:, None] + step
        back[i] = np.argmin(reach, axis=0)
        total = reach[back[i], np.arange(orders)] + node[i]
    path = np.empty(n, int)
    path[-1] = int(np.argmin(total))
    for i in range(n - 1, 0, -1):
        path[i - 1] = back[i, path[i]]
    return path

"""Arcs that may be taken for each other, as exchanges of their parameters."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

import numpy as np

from eisfit.circuit.arc import Arc, arc_of
from eisfit.engine.problem import Problem
from eisfit.tools.frozen import Floats, Ints

MOST_ARCS = 4  # arcs of a kind whose orders are all tried; of more, exchanges of two


def named_arcs(problem: Problem) -> dict[str, Arc]:
    """Return the arcs between the probes by segment, but for those whose resistance is fixed."""
    found = {s.segment.name: arc_of(s.node) for s in problem.template.path}
    return {name: arc for name, arc in found.items() if arc is not None and not problem.fixed[arc.resistance]}


def orders_of(problems: Sequence[Problem]) -> list[dict[str, str]]:
    """Return the orders of the arcs of some circuits: from which arc each one takes its values; as is first."""
    kinds: dict[tuple[bool, int], list[str]] = {}
    for problem in problems:
        for name, arc in named_arcs(problem).items():
            alike = kinds.setdefault((arc.by_time, len(arc.columns)), [])
            if name not in alike:
                alike.append(name)
    found: list[dict[str, str]] = [{}]
    for alike in kinds.values():
        if len(alike) > 1:
            orders = [dict(zip(alike, order, strict=True)) for order in _orders(alike)]
            found = [known | order for known in found for order in orders]
    effect: dict[tuple[bytes, ...], dict[str, str]] = {}
    for (
        order
    ) in found:  # circuits that lack an arc of it are left as they are, so that some orders are the same
        effect.setdefault(tuple(columns_of(p, order).tobytes() for p in problems), order)
    return list(effect.values())


def _orders(names: Sequence[str]) -> list[tuple[str, ...]]:
    """Return all orders of some names, as is first; of many names those in which two of them change places."""
    if len(names) <= MOST_ARCS:
        return list(itertools.permutations(names))
    found = [tuple(names)]
    for a, b in itertools.combinations(range(len(names)), 2):
        changed = list(names)
        changed[a], changed[b] = names[b], names[a]
        found.append(tuple(changed))
    return found


def columns_of(problem: Problem, order: Mapping[str, str]) -> Ints:
    """Return from which columns (P,) each parameter is taken under an order; as is where an arc is missing."""
    arcs, columns = named_arcs(problem), np.arange(len(problem.names))
    own = {name: taken for name, taken in order.items() if name in arcs}
    if set(own) != set(own.values()):
        return columns
    for name, taken in own.items():
        columns[list(_own(arcs[name]))] = list(_own(arcs[taken]))
    return columns


def moved_in_part(problem: Problem, order: Mapping[str, str]) -> bool:
    """Tell whether a circuit has some of the arcs that an order moves, and not all of them."""
    moved = {name for name, taken in order.items() if name != taken}
    there = moved & set(named_arcs(problem))
    return bool(there) and there != moved


def exchanges_within(problem: Problem) -> list[dict[str, str]]:
    """Return the exchanges of two arcs of a kind in one circuit."""
    arcs = named_arcs(problem)
    return [
        {a: b, b: a}
        for a, b in itertools.combinations(arcs, 2)
        if (arcs[a].by_time, len(arcs[a].columns)) == (arcs[b].by_time, len(arcs[b].columns))
    ]


def exchanged(problem: Problem, x: Floats, order: Mapping[str, str]) -> Floats:
    """Return logarithms (N, P) in which each arc has the values of another one, as it adds to the whole path.

    An arc that lies twice between the probes adds twice its resistance.
    """
    counts = {s.segment.name: s.count for s in problem.template.path}
    arcs, columns = named_arcs(problem), columns_of(problem, order)
    out = x[:, columns]
    for name, arc in arcs.items():
        taken = next((n for n, other in arcs.items() if other.resistance == columns[arc.resistance]), name)
        if counts[taken] != counts[name]:
            ratio = float(np.log(counts[taken] / counts[name]))
            out = arc.with_log_resistance(out, out[:, arc.resistance] + ratio)
    return out


def _own(arc: Arc) -> tuple[int, ...]:
    """Return the columns of an arc in an order that is the same for all arcs of its kind."""
    return (arc.resistance, arc.storage, *(() if arc.exponent is None else (arc.exponent,)))


def matched(problem: Problem, x: Floats, to: Floats) -> Ints:
    """Return, for each spectrum, from which columns its logarithms x (N, P) are nearest to others; shape (N, P).

    Arcs without values (nan) are near to all.
    """
    orders = np.unique([columns_of(problem, order) for order in orders_of([problem])], axis=0)
    arcs = list(named_arcs(problem).values())
    off = np.array([_distance(arcs, x[:, columns], to) for columns in orders])
    chosen: Ints = orders[np.argmin(off, axis=0)]
    return chosen


def _distance(arcs: Sequence[Arc], x: Floats, to: Floats) -> Floats:
    found = np.zeros(x.shape[0])
    for arc in arcs:
        off = (arc.log_tau(x) - arc.log_tau(to)) ** 2 + (x[:, arc.resistance] - to[:, arc.resistance]) ** 2
        found += np.where(np.isfinite(off), off, 0.0)
    return found

"""Arcs of one circuit that may be taken for each other, as exchanges of their parameters."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from eisfit.circuit.arc import Arc, arc_of
from eisfit.engine.joint import JointProblem, State
from eisfit.engine.problem import Problem
from eisfit.tools.frozen import Floats, Ints

MOST_ARCS = 5  # arcs of a kind whose orders are all tried


def exchanges_of(problem: Problem) -> list[Ints]:
    """Return all orders of the arcs of each kind, as columns (P,) from which the parameters are taken; as is first."""
    arcs = [arc for s in problem.template.path if (arc := arc_of(s.node)) is not None]
    kinds: dict[tuple[bool, int], list[Arc]] = {}
    for arc in arcs:
        kinds.setdefault((arc.by_time, len(arc.columns)), []).append(arc)
    found = [np.arange(len(problem.names))]
    for alike in kinds.values():
        if 1 < len(alike) <= MOST_ARCS:
            orders = list(itertools.permutations(alike))
            found = [_exchanged(columns, alike, order) for columns in found for order in orders]
    return found


def _exchanged(columns: Ints, arcs: Sequence[Arc], order: Sequence[Arc]) -> Ints:
    out = columns.copy()
    for arc, taken in zip(arcs, order, strict=True):
        out[list(_own(arc))] = columns[list(_own(taken))]
    return out


def _own(arc: Arc) -> tuple[int, ...]:
    """Return the columns of an arc in an order that is the same for all arcs of its kind."""
    return (arc.resistance, arc.storage, *(() if arc.exponent is None else (arc.exponent,)))


def fastest_first(joint: JointProblem, state: State) -> State:
    """Return the same solution with arcs that have equal links in the order of their time constants."""
    arcs = [arc for s in joint.problem.template.path if (arc := arc_of(s.node)) is not None]
    middle = [float(np.median(arc.log_tau(state.x))) for arc in arcs]
    tau = {arc.resistance: value for arc, value in zip(arcs, middle, strict=True)}
    best, first = np.arange(len(joint.problem.names)), [tau[arc.resistance] for arc in arcs]
    for columns in exchanges_of(joint.problem):
        taken = [tau[int(columns[arc.resistance])] for arc in arcs]
        if taken < first and _same_links(joint, columns):
            best, first = columns, taken
    parts = []
    places = {f.column: at for f, at in zip(joint.following, joint.places, strict=True)}
    for f in joint.following:
        parts.append(state.common[places[int(best[f.column])]])
    return State(state.x[:, best], np.concatenate(parts), state.shift)


def _same_links(joint: JointProblem, columns: Ints) -> bool:
    """Tell whether an exchange takes each link to an equal one."""
    links = {f.column: f for f in joint.following}
    for k, taken in enumerate(columns.tolist()):
        one, other = links.get(k), links.get(taken)
        if (one is None) != (other is None):
            return False
        if one is None or other is None or k == taken:
            continue
        beside = None if one.beside is None else int(columns[one.beside])
        same = (one.link.law, one.link.ordinate, beside) == (
            other.link.law,
            other.link.ordinate,
            other.beside,
        )
        if not same or one.link.known or other.link.known:
            return False
    return True


def matched(problem: Problem, x: Floats, to: Floats) -> Ints:
    """Return, for each spectrum, from which columns its logarithms x (N, P) are nearest to others; shape (N, P)."""
    orders = np.array(exchanges_of(problem))
    arcs = [arc for s in problem.template.path if (arc := arc_of(s.node)) is not None]
    if not arcs:
        return np.tile(orders[0], (x.shape[0], 1))
    off = np.array([_distance(arcs, x[:, columns], to) for columns in orders])
    chosen: Ints = orders[np.argmin(off, axis=0)]
    return chosen


def _distance(arcs: Sequence[Arc], x: Floats, to: Floats) -> Floats:
    found = np.zeros(x.shape[0])
    for arc in arcs:
        found += (arc.log_tau(x) - arc.log_tau(to)) ** 2 + (x[:, arc.resistance] - to[:, arc.resistance]) ** 2
    return found

"""Parts of a circuit that can change places at the same impedance, in a settled order."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from eisfit.cell.equal_arcs import EqualArcs
from eisfit.cell.ties import taking_part
from eisfit.circuit.arc import Arc, arc_of
from eisfit.circuit.circuit import InParallel, InSeries, Node, Placed, leaves
from eisfit.engine.problem import Problem
from eisfit.tools.frozen import Floats


def in_settled_order(problem: Problem, x: Floats) -> Floats:
    """Return solutions (..., P) with the larger of two equal rails first, and the fastest of equal arcs in a wall.

    Equal arcs are those in series within a wall or within parallel parts; the order of those in the path of the current
    is settled with the names of its segments. All stay where they are if anything is set of one of them: a value, a
    start, a range or a tie then says which is which.
    """
    settings = problem.template.effective_settings
    set_apart = {*settings, *taking_part(settings)}
    flat = x.reshape(-1, x.shape[-1])
    for leaf in leaves(problem.circuit.root):
        columns = [leaf.index(name) for name in leaf.element.exchangeable]
        if columns and set_apart.isdisjoint(problem.names[k] for k in columns):
            flat = flat.copy()
            flat[:, columns] = -np.sort(-flat[:, columns], axis=-1)
    for arcs in _equal_arcs_within(problem.circuit.root):
        if set_apart.isdisjoint(problem.names[k] for arc in arcs for k in arc.columns):
            names = tuple(problem.names[arc.resistance] for arc in arcs)
            flat = EqualArcs(names, arcs, (False,) * len(arcs), False).sorted(flat)
    return flat.reshape(x.shape)


def _equal_arcs_within(root: Node) -> Iterator[tuple[Arc, ...]]:
    for row in _rows_within(root, nested=False):
        groups: dict[tuple[bool, bool], list[Arc]] = {}
        for part in row.parts:
            arc = arc_of(part)
            if arc is not None:
                groups.setdefault((arc.by_time, arc.exponent is None), []).append(arc)
        yield from (tuple(group) for group in groups.values() if len(group) > 1)


def _rows_within(node: Node, *, nested: bool) -> Iterator[InSeries]:
    """Go through the parts in series that lie within others."""
    if isinstance(node, InSeries) and nested:
        yield node
    parts = node.inner if isinstance(node, Placed) else node.parts
    for part in parts:
        yield from _rows_within(part, nested=nested or isinstance(node, Placed | InParallel))

"""A joint problem without one of its links, or without a segment."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace

import numpy as np

from eisfit.circuit.circuit import span
from eisfit.engine.following import Following
from eisfit.engine.joint import Block, JointProblem
from eisfit.engine.problem import Problem
from eisfit.tools.frozen import Bools, Floats, Ints


def without_links(joint: JointProblem, names: Collection[str]) -> tuple[JointProblem, Ints]:
    """Return a joint problem without some links, by name, and which of its common coordinates are left."""
    return _without(joint, lambda block, f: f.link.name in names)


def without_segment(joint: JointProblem, segment: str) -> tuple[JointProblem, Ints]:
    """Return a joint problem in which one segment has no resistance, and which common coordinates are left."""
    gone, kept = _without(joint, lambda block, f: bool(columns_of_segment(block.problem, segment)[f.column]))
    blocks = tuple(
        replace(b, problem=without_resistance(b.problem, columns_of_segment(b.problem, segment)))
        for b in gone.blocks
    )
    return replace(gone, blocks=blocks), kept


def columns_of_segment(problem: Problem, segment: str) -> Bools:
    """Return which parameters belong to a segment between the probes, shape (P,); none where it is not there."""
    found = np.zeros(len(problem.names), bool)
    for on_path in problem.template.path:
        if on_path.segment.name == segment:
            found[span(on_path.node)] = True
    return found


def at_nothing(problem: Problem, x: Floats, columns: Bools) -> Floats:
    """Return logarithms (N, P) in which some parameters have the values of a segment without resistance."""
    units = np.array([p.unit == "ohm" for p in problem.template.circuit.parameters])
    middle = 0.5 * (problem.lower + problem.upper)
    return np.where(columns, np.where(units, problem.lower, middle), x)


def without_resistance(problem: Problem, columns: Bools) -> Problem:
    """Return a problem in which the segments that some columns belong to have no resistance."""
    x = at_nothing(problem, 0.5 * (problem.lower + problem.upper), columns)
    return replace(problem, bounds=problem.bounds.fixed_at(x, columns), expected=_others(problem, columns))


def _others(problem: Problem, columns: Bools) -> tuple:  # type: ignore[type-arg]
    return tuple(e for e in problem.expected if not columns[e.arc.resistance])


def _without(joint: JointProblem, gone: Callable[[Block, Following], bool]) -> tuple[JointProblem, Ints]:
    used = np.zeros(joint.size, bool)
    linked = np.zeros(joint.size, bool)
    for block in joint.blocks:
        for f, at in zip(block.following, block.places, strict=True):
            linked[at] = True
            used[at] |= not gone(block, f)
    kept = np.flatnonzero(used | ~linked)
    new = np.full(joint.size, -1)
    new[kept] = np.arange(kept.size)
    blocks = []
    for block in joint.blocks:
        pairs = []
        for f, at in zip(block.following, block.places, strict=True):
            if gone(block, f):
                continue
            if f.geometry is not None:
                f = replace(f, geometry=(int(new[f.geometry[0]]), f.geometry[1]))
            pairs.append((f, slice(int(new[at.start]), int(new[at.stop - 1]) + 1)))
        blocks.append(
            replace(
                block,
                following=tuple(f for f, _ in pairs),
                places=tuple(at for _, at in pairs),
                extents=block.extents_at(new),
            )
        )
    correlation = None if joint.correlation is None else joint.correlation[np.ix_(kept, kept)]
    return JointProblem(tuple(blocks), joint.prior[:, kept], correlation), kept

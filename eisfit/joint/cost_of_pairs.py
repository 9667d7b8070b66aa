"""What it costs that several pairs of probes see one cell: the fit in which one pair sees a cell of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy.special import gammaincc

from eisfit.circuit.arc import is_resistor
from eisfit.circuit.circuit import span
from eisfit.engine.at_once import Family
from eisfit.engine.joint import Block, JointProblem, JointSolution, State, solve_joint
from eisfit.joint.minimum import JointMinimum
from eisfit.results.joint import ONE_CELL, LinkTest
from eisfit.tools.frozen import Bools


def costs_of_pairs(joint: JointProblem, minimum: JointMinimum, labels: Sequence[str]) -> list[LinkTest]:
    """Return, for each pair of probes, what it costs that it sees the same cell as the others.

    Parameters
    ----------
    joint : JointProblem
        What was minimised.
    minimum : JointMinimum
        Where it ended.
    labels : sequence of str
        Of all spectra.

    Notes
    -----
    One pair is set free: what it shares with others that were measured at once is its own, at the temperature that all
    have found. Laws still hold of all. Chi-square falls by no more than chance makes where the pair sees the same cell,
    and its probes stand where they are said to.
    """
    found = []
    for family in joint.families:
        if len(family.members) < 2:
            continue
        for place, k in enumerate(family.members):
            tied = _tied(family, place)
            if (constraints := _count(joint.blocks[k], tied)) > 0:
                found.append(_cost(joint, minimum.solution, k, tied, constraints, labels))
    return found


def _tied(family: Family, place: int) -> Bools:
    """Return which parameters (N, P) of the spectra of one block are those of another block of its family too."""
    other = np.zeros(family.shape, bool)
    for n, (group, slots) in enumerate(family.places):
        if n != place:
            other[np.ix_(group, slots[:-1])] = True
    group, slots = family.places[place]
    return np.asarray((other & family.variable)[np.ix_(group, slots[:-1])])


def _count(block: Block, tied: Bools) -> int:
    """Return how many parameters the pair has of its own where it is free; resistors in series are one."""
    count = int(tied.sum())
    places = [span(s.node).start for s in block.problem.template.path if is_resistor(s.node)]
    if places:
        several = np.count_nonzero(tied[:, places], axis=1)
        count -= int(np.maximum(several - 1, 0).sum())
    return count


def _cost(
    joint: JointProblem,
    solution: JointSolution,
    k: int,
    tied: Bools,
    constraints: int,
    labels: Sequence[str],
) -> LinkTest:
    block, shift = joint.blocks[k], solution.state.shift[k]
    following = tuple(replace(f, at=f.at + shift) if f.over_temperature else f for f in block.following)
    alone = replace(block, following=following, error=np.zeros_like(block.error), at_once=None)
    blocks = tuple(alone if n == k else b for n, b in enumerate(joint.blocks))
    shifts = tuple(np.zeros_like(s) if n == k else s for n, s in enumerate(solution.state.shift))
    start = State(solution.state.x, solution.state.common, shifts)
    found = solve_joint(replace(joint, blocks=blocks), start)
    chi2 = max(2 * (solution.cost - found.cost), 0.0)
    error = np.sqrt(np.maximum(np.diagonal(found.covariance_log[k], axis1=1, axis2=2), 0.0))
    known = tied & (error > 0)
    off = np.where(known, found.state.x[k] - solution.state.x[k], 0.0) / np.where(known, error, 1.0)
    row, column = np.unravel_index(int(np.argmax(np.abs(off))), off.shape)
    pair = block.problem.template.configuration.pair
    p = float(gammaincc(0.5 * constraints, 0.5 * chi2))
    label = labels[int(block.rows[row])]
    return LinkTest(f"pair {pair}", ONE_CELL, chi2, constraints, p, label, float(off[row, column]))

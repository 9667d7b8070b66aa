"""Whether other cells have what they share: each shared quantity of one against that of all others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import chdtrc

from eisfit.engine.joint import Block, JointProblem, State, solve_joint
from eisfit.joint.minimum import JointMinimum
from eisfit.results.joint import Consistency


@dataclass(frozen=True)
class Twin:
    """Another cell of a joint fit: its name, its blocks, and by how much it may differ, as a relative error."""

    name: str
    blocks: tuple[int, ...]
    tolerance: float = 0.0


def consistency_of(
    joint: JointProblem, minimum: JointMinimum, twins: Sequence[Twin]
) -> tuple[Consistency, ...]:
    """Return how far each shared quantity of other cells is off that of the rest, when it is set free there.

    Parameters
    ----------
    joint : JointProblem
        What was minimised.
    minimum : JointMinimum
        Where it ended.
    twins : sequence of Twin
        The other cells.

    Notes
    -----
    Each quantity is set free in one cell, all else stays linked; its geometry stays a parameter with its error. The
    difference is tested against its covariance (chi-square), after the tolerance is taken from its level.
    """
    found = []
    for twin in twins:
        links = dict.fromkeys(f.link.name for k in twin.blocks for f in joint.blocks[k].following)
        others = {
            f.link.name for k, b in enumerate(joint.blocks) if k not in twin.blocks for f in b.following
        }
        found += [_compared(joint, minimum, twin, name) for name in links if name in others]
    return tuple(found)


def _compared(joint: JointProblem, minimum: JointMinimum, twin: Twin, name: str) -> Consistency:
    first, at = next(found for k in twin.blocks if (found := _place(joint.blocks[k], name)) is not None)
    size, width = joint.size, first.size
    blocks = [
        _moved(b, name, slice(size, size + width)) if k in twin.blocks else b
        for k, b in enumerate(joint.blocks)
    ]
    prior = np.concatenate([joint.prior, np.array([np.zeros(width), np.full(width, np.inf)])], axis=1)
    state = minimum.solution.state
    start = State(state.x, np.concatenate([state.common, state.common[at]]), state.shift)
    correlation = joint.correlation
    if correlation is not None:
        correlation = np.block(
            [[correlation, np.zeros((size, width))], [np.zeros((width, size)), np.eye(width)]]
        )
    solution = solve_joint(JointProblem(tuple(blocks), prior, correlation), start)
    common, covariance = solution.state.common, solution.common_covariance
    new = slice(size, size + width)
    off = common[new] - common[at]
    cross = covariance[new, at]
    error = covariance[new, new] + covariance[at, at] - cross - cross.T
    sign = -1.0 if "/R" in first.link.ordinate else 1.0
    shown, stderr = sign * float(off[0]), float(np.sqrt(max(error[0, 0], 0.0)))
    off = off.copy()
    off[0] = np.sign(off[0]) * max(abs(off[0]) - twin.tolerance, 0.0)
    chi2 = float(off @ np.linalg.pinv(error, hermitian=True) @ off)
    return Consistency(
        twin.name, name, shown, stderr, twin.tolerance, chi2, width, float(chdtrc(width, chi2))
    )


def _place(block: Block, name: str):  # type: ignore[no-untyped-def]
    return next(
        ((f, at) for f, at in zip(block.following, block.places, strict=True) if f.link.name == name), None
    )


def _moved(block: Block, name: str, to: slice) -> Block:
    places = [to if f.link.name == name else at for f, at in zip(block.following, block.places, strict=True)]
    return replace(block, places=tuple(places))

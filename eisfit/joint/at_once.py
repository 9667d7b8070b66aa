"""Where a joint fit of several pairs of probes starts besides: one pair may have taken its arcs for each other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from eisfit.engine.joint import JointProblem
from eisfit.joint.exchanges import columns_of, exchanged, exchanges_within
from eisfit.tools.frozen import Floats


def starts_at_once(
    joint: JointProblem, x: Sequence[Floats], weight: Sequence[Floats]
) -> list[tuple[list[Floats], list[Floats]]]:
    """Return further starts, each as logarithms (N, P) of each block and how much they count.

    Parameters
    ----------
    joint : JointProblem
        Blocks of N spectra.
    x, weight : sequence of ndarray, each of shape (N, P)
        Logarithms at the minimum of each spectrum by itself, and how much each counts.

    Notes
    -----
    What a pair of probes shows of an arc, others show too. In turn two arcs of one pair change places, and the values
    of one pair count nothing where another pair has them.
    """
    found = []
    for k, block in enumerate(joint.blocks):
        if not block.shared.any():
            continue
        for order in exchanges_within(block.problem):
            own = np.clip(exchanged(block.problem, x[k], order), block.problem.lower, block.problem.upper)
            counts = weight[k][:, columns_of(block.problem, order)]
            found.append((_with(x, k, own), _with(weight, k, counts)))
        found.append((list(x), _with(weight, k, np.where(block.shared, 0.0, weight[k]))))
    return found


def _with(parts: Sequence[Floats], k: int, own: Floats) -> list[Floats]:
    """Return the arrays of all blocks with that of block k replaced."""
    return [own if n == k else part for n, part in enumerate(parts)]

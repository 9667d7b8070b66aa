"""Structures of one problem, solved in one batch: short batches cost nearly as much as long ones."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from eisfit.assignment.structures import Structure
from eisfit.engine.solver import solve
from eisfit.tools.frozen import Bools, Floats

_QUICK = 60  # iterations of one trial
_TOLERANCE = 1e-7


def solved_together(
    structures: Sequence[Structure],
    starts: Sequence[Floats],
    held: Sequence[Bools],
    wanted: Sequence[Bools] | None = None,
) -> list[tuple[Floats, Floats]]:
    """Return where structures of N spectra lead from given starts: x (N, P) and cost (N,) of each.

    Parameters
    ----------
    structures : sequence of Structure
        Those that share a problem are solved in one batch.
    starts : sequence of ndarray, shape (N, P)
        Logarithms of the parameters.
    held : sequence of ndarray of bool, shape (P,)
        What does not move in each.
    wanted : sequence of ndarray of bool, shape (N,), optional
        Spectra that are solved; the others keep their start, and the cost of the structure.
    """
    found = [(x.copy(), s.cost.copy()) for s, x in zip(structures, starts, strict=True)]
    groups: dict[int, list[int]] = {}
    for k, s in enumerate(structures):
        groups.setdefault(id(s.problem), []).append(k)
    for own in groups.values():
        rows = [
            np.flatnonzero(np.ones(structures[k].cost.size, bool) if wanted is None else wanted[k])
            for k in own
        ]
        if not (sizes := [r.size for r in rows]) or not sum(sizes):
            continue
        start = np.concatenate([starts[k][r] for k, r in zip(own, rows, strict=True)])
        fixed = np.repeat([held[k] for k in own], sizes, axis=0)
        done = solve(
            structures[own[0]].problem,
            start,
            np.concatenate(rows),
            held=fixed,
            max_iterations=_QUICK,
            tolerance=_TOLERANCE,
        )
        for k, r, end in zip(own, rows, np.cumsum(sizes).tolist(), strict=True):
            found[k][0][r], found[k][1][r] = done.x[end - r.size : end], done.cost[end - r.size : end]
    return found

"""Step many starts in rounds and keep the best of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np

from eisfit.engine.problem import Problem
from eisfit.engine.solver import solve
from eisfit.search.trials import SAME, Trials
from eisfit.tools.frozen import Bools, Floats, Ints

SELECTION = 1e-6  # relative gain at which a start has shown what it is worth


FINE = 1e-8  # the same of the last few, as slow valleys end elsewhere than they seem to


Rounds: TypeAlias = tuple[tuple[int, int, float], ...]  # starts, iterations, relative gain that ends them


ROUNDS: Rounds = ((48, 8, SELECTION), (20, 30, SELECTION), (8, 100, SELECTION), (8, 200, FINE))


AGREEING = 6  # bettered starts that are at the best minimum after a round where no further ones are needed


def first_round(problem: Problem, spectra: Ints, starts: Sequence[Floats]) -> tuple[list[Floats], Bools]:
    """Return where starts (K, P) have come to after a round, and for which of all spectra enough agree, (N,)."""
    rows, x = np.repeat(spectra, [len(part) for part in starts]), np.concatenate(starts)
    found = solve(problem, x, rows, max_iterations=ROUNDS[0][1], tolerance=SELECTION)
    trials = Trials.of(problem, rows, found.x, found.cost)
    at_best = trials.score - trials.score[np.searchsorted(rows, rows)] < SAME
    agreed = np.bincount(rows[at_best], minlength=problem.size) >= AGREEING
    left = trials.distinct().promising(1)
    return [left.x[left.rows == i] for i in spectra], agreed


def stepped(
    problem: Problem,
    spectra: Ints,
    starts: Sequence[Floats],
    rounds: Rounds,
    known: Trials | None = None,
    least: int = 0,
) -> Trials:
    """Step the starts (K, P) of some spectra, dropping between rounds the worse ones and those at known minima."""
    chosen = [x[: rounds[0][0]] for x in starts]
    rows, x = np.repeat(spectra, [len(part) for part in chosen]), np.concatenate(chosen)
    keeps = [keep for keep, _, _ in rounds[1:]] + [rounds[-1][0]]
    for (_, iterations, tolerance), keep in zip(rounds, keeps, strict=True):
        found = solve(problem, x, rows, max_iterations=iterations, tolerance=tolerance)
        trials = Trials.of(problem, rows, found.x, found.cost).distinct().best(keep)
        trials = trials.promising(least, known)
        rows, x = trials.rows, trials.x
        if rows.size == (np.unique(rows).size if known is None else 0):
            break  # nothing left to choose from; what is chosen in the end is taken to its end
    return trials

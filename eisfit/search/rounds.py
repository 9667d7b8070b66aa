"""Step many starts in rounds and keep the best of each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from eisfit.engine.problem import Problem
from eisfit.engine.solver import solve
from eisfit.search.settings import Rounds, SearchSettings
from eisfit.search.trials import Trials
from eisfit.tools.frozen import Bools, Floats, Ints


def first_round(
    problem: Problem, spectra: Ints, starts: Sequence[Floats], settings: SearchSettings
) -> tuple[list[Floats], Bools]:
    """Return starts (K, P) after one round, and for which of all spectra enough of them agree, shape (N,)."""
    rows, x = np.repeat(spectra, [len(part) for part in starts]), np.concatenate(starts)
    iterations = settings.rounds[0][1]
    found = solve(problem, x, rows, max_iterations=iterations, tolerance=settings.selection)
    trials = Trials.of(problem, rows, found.x, found.cost, settings)
    at_best = trials.score - trials.score[np.searchsorted(rows, rows)] < settings.same
    agreed = np.bincount(rows[at_best], minlength=problem.size) >= settings.agreeing
    left = trials.distinct().promising(1)
    return [left.x[left.rows == i] for i in spectra], agreed


def stepped(
    problem: Problem,
    spectra: Ints,
    starts: Sequence[Floats],
    rounds: Rounds,
    settings: SearchSettings,
    *,
    known: Trials | None = None,
    least: int = 0,
) -> Trials:
    """Step starts in rounds, dropping in between the worse ones and those at known minima.

    Parameters
    ----------
    problem : Problem
        N spectra.
    spectra : ndarray of int, shape (M,)
        Those that are searched.
    starts : sequence of ndarray, shapes (K, P)
        Of each of them.
    rounds : tuple of (int, int, float)
        How many starts go into each round, for how many iterations, and the relative gain that ends them.
    settings : SearchSettings
        Which solutions are the same or hopeless.
    known : Trials, optional
        Minima found before.
    least : int
        Starts of each spectrum that go on in any case.
    """
    chosen = [x[: rounds[0][0]] for x in starts]
    rows, x = np.repeat(spectra, [len(part) for part in chosen]), np.concatenate(chosen)
    alone: list[Trials] = []  # one start of a spectrum is left; the chosen solution is converged later
    keeps = [keep for keep, _, _ in rounds[1:]] + [rounds[-1][0]]
    for (_, iterations, tolerance), keep in zip(rounds, keeps, strict=True):
        found = solve(problem, x, rows, max_iterations=iterations, tolerance=tolerance)
        trials = Trials.of(problem, rows, found.x, found.cost, settings).distinct().best(keep)
        trials = trials.promising(least, known)
        if known is None:
            single = np.bincount(trials.rows, minlength=problem.size)[trials.rows] == 1
            alone.append(trials.taken(np.flatnonzero(single)))
            trials = trials.taken(np.flatnonzero(~single))
        rows, x = trials.rows, trials.x
        if not rows.size:
            break
    return Trials.gathered([*alone, trials]) if alone else trials

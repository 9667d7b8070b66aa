"""The search for the global minimum: ranked starts in rounds, and a second look where minima disagree."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from eisfit.arcs import log_time_constant, with_time_constant
from eisfit.circuit import span
from eisfit.problem import Problem
from eisfit.relaxation import Relaxation
from eisfit.solve import solve
from eisfit.starts import CANDIDATES, Draws
from eisfit.values import Bools, Floats, Ints

SELECTION = 1e-6  # relative gain at which a start has shown what it is worth
FEW_ROUNDS = ((8, 6), (4, 40))  # where a relaxed circuit does most of the work
ROUNDS = ((18, 6), (8, 20), (4, 200))  # (rows kept per spectrum, iterations) of each round
SECOND_ROUNDS = ((8, 8), (4, 60))  # of the second look
LOOKS = 6  # second looks at most
AGREE = 0.05  # difference of deviance within which two minima are the same
GAINED = 0.5  # gain of deviance by a look after which another one is worth its time
PERFECT = 1e-11  # cost, relative to that of a zero model, at which nothing better is looked for
_BASES = 2  # minima from which a second look starts
_PER_TERM = 48  # draws of each term in a second look


@dataclass(frozen=True)
class Minima:
    """Several minima per spectrum, the most likely first.

    Parameters
    ----------
    x : ndarray, shape (N, K, P)
        Logarithms of the parameters.
    cost : ndarray, shape (N, K)
        Half the sum of squares.
    """

    x: Floats
    cost: Floats


def minima_from_data(problem: Problem, *, candidates: int = CANDIDATES, seed: int = 0) -> Minima:
    """Find the best minima of every spectrum of a problem without being given a start.

    Parameters
    ----------
    problem : Problem
        N spectra and one circuit.
    candidates : int
        Number of drawn starts that are ranked.
    seed : int
        Of the draw; the same seed gives the same result.

    Notes
    -----
    A circuit with ideal and depressed arcs is first solved with depressed ones alone (see `Relaxation`).
    Where the two best minima agree, the search ends. Elsewhere the best ones are shaken: one term at a time is
    drawn anew, and arcs of different kinds change places, with all amplitudes solved for again.
    """
    draws = Draws(problem, candidates=candidates, seed=seed)
    everything = np.arange(problem.size)
    relaxation = Relaxation.of(problem)
    rounds = ROUNDS if relaxation is None else FEW_ROUNDS
    starts = np.stack([draws.best(i, draws.drawn(i), rounds[0][0]) for i in range(problem.size)])
    minima = _rounds(problem, everything, starts, rounds)
    if relaxation is not None:
        relaxed = minima_from_data(relaxation.problem, candidates=candidates, seed=seed)
        starts = np.stack([relaxation.given_back(relaxed.x[i, 0]) for i in range(problem.size)])
        minima = _merged(problem, minima, everything, _rounds(problem, everything, starts, SECOND_ROUNDS))
    open_ = _disagree(problem, minima)
    for look in range(1, LOOKS + 1):
        chosen = np.flatnonzero(open_).tolist()
        if not chosen or len(draws.terms) < 2:
            break
        starts = np.stack(
            [draws.best(i, _shaken(draws, i, minima.x[i], look), SECOND_ROUNDS[0][0]) for i in chosen]
        )
        before = _best(problem, minima)
        minima = _merged(
            problem, minima, np.array(chosen), _rounds(problem, np.array(chosen), starts, SECOND_ROUNDS)
        )
        open_ &= _disagree(problem, minima) & (before - _best(problem, minima) > GAINED)
    return minima


def _rounds(problem: Problem, spectra: Ints, starts: Floats, rounds: tuple[tuple[int, int], ...]) -> Minima:
    """Step the starts (M, K, P) of some spectra, dropping the worse ones between rounds."""
    m, _, size = starts.shape
    keeps = [k for k, _ in rounds[1:]] + [rounds[-1][0]]
    for (_, iterations), keep in zip(rounds, keeps, strict=True):
        k = starts.shape[1]
        rows = np.repeat(spectra, k)
        found = solve(problem, starts.reshape(-1, size), rows, max_iterations=iterations, tolerance=SELECTION)
        order = np.argsort(_score(problem, found.x, found.cost, rows).reshape(m, k), axis=1, kind="stable")[
            :, :keep
        ]
        starts = np.take_along_axis(found.x.reshape(m, k, size), order[:, :, None], axis=1)
        cost = np.take_along_axis(found.cost.reshape(m, k), order, axis=1)
    return Minima(starts, cost)


def _score(problem: Problem, x: Floats, cost: Floats, rows: Ints) -> Floats:
    return problem.deviance(cost, rows) + problem.implausibility(x, rows)


def _disagree(problem: Problem, minima: Minima) -> Bools:
    """Tell which spectra have a best minimum that no second start has reached."""
    rows = np.arange(problem.size)
    first, second = (_score(problem, minima.x[:, k], minima.cost[:, k], rows) for k in (0, 1))
    zero_model = 0.5 * np.sum((problem.weight * np.abs(np.tile(problem.z_ohm, 2))) ** 2, axis=1)
    return np.asarray((second - first > AGREE) & (minima.cost[:, 0] > PERFECT * zero_model))


def _best(problem: Problem, minima: Minima) -> Floats:
    return _score(problem, minima.x[:, 0], minima.cost[:, 0], np.arange(problem.size))


def _shaken(draws: Draws, i: int, minima: Floats, look: int) -> Floats:
    """Return starts around the best minima (K, P) of a spectrum: a term drawn anew, two arcs exchanged."""
    fresh = draws.drawn(i, salt=look)
    found = []
    for base in minima[:_BASES]:
        for number, (node, _) in enumerate(draws.terms):
            rows = np.tile(base, (_PER_TERM, 1))
            part = span(node)
            first = number * _PER_TERM % max(1, fresh.shape[0] - _PER_TERM)
            rows[:, part] = fresh[first : first + _PER_TERM, part]
            rows[:, draws.problem.fixed] = base[draws.problem.fixed]
            found.append(rows)
        found.append(_exchanged(draws, i, base))
    return np.concatenate(found)


def _exchanged(draws: Draws, i: int, base: Floats) -> Floats:
    """Return a minimum with the time constants of two arcs exchanged, for every pair of arcs."""
    values = np.exp(base)[None]
    taus = [log_time_constant(node, values) for node, _ in draws.terms]
    arcs = [
        (node, float(tau[0][0])) for (node, _), tau in zip(draws.terms, taus, strict=True) if tau is not None
    ]
    found = []
    for (a, tau_a), (b, tau_b) in itertools.combinations(arcs, 2):
        row = with_time_constant(b, with_time_constant(a, base, tau_b), tau_a)
        row = np.clip(row, draws.problem.lower[i], draws.problem.upper[i])
        found.append(np.where(draws.problem.fixed, base, row))
    return np.array(found).reshape(-1, base.size)


def _merged(problem: Problem, old: Minima, spectra: Ints, new: Minima) -> Minima:
    """Return the best of old minima and of new ones of some spectra, as many as there were."""
    keep = old.x.shape[1]
    x, cost = old.x.copy(), old.cost.copy()
    both_x = np.concatenate([old.x[spectra], new.x], axis=1)
    both_cost = np.concatenate([old.cost[spectra], new.cost], axis=1)
    m, k, size = both_x.shape
    rows = np.repeat(spectra, k)
    score = _score(problem, both_x.reshape(-1, size), both_cost.ravel(), rows).reshape(m, k)
    order = np.argsort(score, axis=1, kind="stable")[:, :keep]
    x[spectra] = np.take_along_axis(both_x, order[:, :, None], axis=1)
    cost[spectra] = np.take_along_axis(both_cost, order, axis=1)
    return Minima(x, cost)

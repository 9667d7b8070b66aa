"""The search for the global minimum: starts in rounds, then every term of the best minimum put anew."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from eisfit.arcs import log_time_constant, with_time_constant
from eisfit.circuit import span
from eisfit.exchange import Dictionary
from eisfit.problem import Problem
from eisfit.relaxation import Relaxation
from eisfit.solve import solve
from eisfit.starts import CANDIDATES, Draws
from eisfit.values import Bools, Floats, Ints

SELECTION = 1e-6  # relative gain at which a start has shown what it is worth
FINE = 1e-8  # the same of the last few, as slow valleys end elsewhere than they seem to
_Rounds: TypeAlias = tuple[tuple[int, int, float], ...]  # starts, iterations, relative gain that ends them
ROUNDS: _Rounds = ((48, 8, SELECTION), (20, 30, SELECTION), (8, 100, SELECTION), (8, 200, FINE))
SECOND_ROUNDS: _Rounds = ((40, 10, SELECTION), (8, 60, SELECTION))  # of the second look
AGREEING = 6  # bettered starts that are at the best minimum after a round where no further ones are needed
# of the second look then
AGREED_ROUNDS: _Rounds = ((30, 4, SELECTION), (12, 6, SELECTION), (8, 60, SELECTION))
RELAXED_ROUNDS: _Rounds = ((24, 20, SELECTION), (8, 60, SELECTION))  # of what the relaxed circuit gives back
LEAST = 8  # starts that go on between rounds in any case, where there are many terms
LOOKS = 8  # second looks at most
PATIENCE = 2  # looks in a row without a gain that end a search where it is hard; else one
MANY_TERMS = 3  # to put, from which a search is hard; so it is with an intricate term
HOPELESS = 50.0  # deviance above the best from which a start is dropped between rounds
GAINED = 0.5  # gain of deviance by a look after which another one is worth its time
SAME = 0.02  # difference of deviance, and of the score, within which two starts have come to the same minimum
PERFECT = 1e-11  # cost, relative to that of a zero model, at which nothing better is looked for
MINIMA = 4  # kept of each spectrum
_TOGETHER = 64  # spectra searched at a time, which bounds the memory
_DRAWN = 12  # starts ranked along with their capacitances, where those have a say
_RELAXED = 4  # minima of the relaxed circuit that are given back
_PER_E_FOLD = 0.01  # price of a resistance beyond the largest |Z|, as deviance
_PLACES, _INSERTED = 4, 24  # where a term is put in a second look: at least, and of all terms together
_GONE = -14.0  # logarithm of the factor on a term that is taken out
_REFIT, _REFIT_TOLERANCE = 15, 1e-4  # of the solution without it
_KICKS, _KICK = 10, 1.0  # of an intricate term: how many, and how wide in logarithms
_AGREED_INSERTED = 12  # where the first starts have agreed; there the solution is not refined either


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
        Number of drawn starts that are ranked where capacitances have a say.
    seed : int
        Of the draw; the same seed gives the same result.

    Notes
    -----
    Starts come from a dictionary of terms (see `Dictionary`), some bettered by exchange, some as drawn. A
    circuit with ideal and depressed arcs is solved with depressed ones alone as well (see `Relaxation`). Then
    each term of the best minimum in turn is taken out, the others are solved for, and it is put where it
    leaves least of the data, as long as that gains. Where there are at most two terms to put, all of one kind, and
    the first starts agree on the best minimum, there are no further ones, and the look is a short one.
    """
    whole = np.arange(problem.size)
    parts = [
        _search(problem, spectra, candidates, seed)
        for spectra in np.split(whole, range(_TOGETHER, problem.size, _TOGETHER))
    ]
    return _Trials.gathered(parts).minima(MINIMA)


@dataclass(frozen=True)
class _Trials:
    """Solutions, any number per spectrum: in the order of the spectra, of each the most likely first."""

    problem: Problem
    rows: Ints
    x: Floats
    cost: Floats
    deviance: Floats
    score: Floats

    @classmethod
    def of(cls, problem: Problem, rows: Ints, x: Floats, cost: Floats) -> _Trials:
        """Return solutions in order."""
        deviance = problem.deviance(cost, rows)
        score = deviance + problem.preference(x, rows) + _excess(problem, x, rows)
        return cls(problem, rows, x, cost, deviance, score).taken(np.lexsort((score, rows)))

    @classmethod
    def gathered(cls, parts: Sequence[_Trials]) -> _Trials:
        """Return the solutions of all parts in order."""
        rows, x, cost = (np.concatenate([getattr(p, name) for p in parts]) for name in ("rows", "x", "cost"))
        return cls.of(parts[0].problem, rows, x, cost)

    def taken(self, index: Ints | slice) -> _Trials:
        """Return some of the solutions."""
        return _Trials(
            self.problem,
            self.rows[index],
            self.x[index],
            self.cost[index],
            self.deviance[index],
            self.score[index],
        )

    def distinct(self) -> _Trials:
        """Return one of those that have come to the same minimum."""
        same = (np.diff(self.rows) == 0) & _same(self.taken(slice(1, None)), self.taken(slice(-1)))
        return self.taken(np.flatnonzero(np.concatenate([[True], ~same])))

    def best(self, keep: int) -> _Trials:
        """Return the first of each spectrum."""
        rank = np.arange(self.rows.size) - np.searchsorted(self.rows, self.rows)
        return self.taken(np.flatnonzero(rank < keep))

    def promising(self, least: int, known: _Trials | None = None) -> _Trials:
        """Return those that may yet become the best of their spectrum, and the first few in any case.

        Where minima are `known` already, those that have come to the best of them are left out.
        """
        first = np.searchsorted(self.rows, self.rows)
        few = (np.arange(self.rows.size) - first < least) & ~_perfect(self, self.rows)
        if known is None:
            return self.taken(np.flatnonzero((self.score - self.score[first] < HOPELESS) | few))
        best = known.first(self.rows)
        return self.taken(np.flatnonzero(((self.score - best.score < HOPELESS) | few) & ~_same(self, best)))

    def first(self, spectra: Ints) -> _Trials:
        """Return the best solution of each of some spectra."""
        return self.taken(np.searchsorted(self.rows, spectra))

    def minima(self, keep: int) -> Minima:
        """Return so many of each spectrum, the best repeated where there are fewer."""
        spectra = np.arange(self.problem.size)
        first, end = (np.searchsorted(self.rows, spectra, side=side) for side in ("left", "right"))
        rank = np.arange(keep)
        index = first[:, None] + np.where(rank < (end - first)[:, None], rank, 0)
        return Minima(self.x[index], self.cost[index])


def _search(problem: Problem, spectra: Ints, candidates: int, seed: int) -> _Trials:
    """Search the minima of some spectra."""
    draws = Draws(problem, candidates=candidates, seed=seed)
    dictionary = Dictionary(draws)
    hard = len(dictionary.slots) >= MANY_TERMS or bool(dictionary.intricate)
    both = [dictionary.starts(i) for i in spectra.tolist()]
    bettered, loose = [x for x, _ in both], [x for _, x in both]
    if problem.soft:
        ranked = [draws.best(i, draws.drawn(i), _DRAWN) for i in spectra.tolist()]
        bettered = [np.concatenate(pair) for pair in zip(ranked, bettered, strict=True)]
    agreed = np.zeros(problem.size, bool)
    if dictionary.alike and not hard and not problem.soft:
        bettered, agreed = _once_stepped(problem, spectra, bettered)
    starts = [
        own if agreed[i] else np.concatenate([own, further])
        for i, own, further in zip(spectra.tolist(), bettered, loose, strict=True)
    ]
    trials = _stepped(problem, spectra, starts, ROUNDS, least=LEAST if hard else 1)
    open_ = spectra[~_perfect(trials, spectra)]
    relaxation = Relaxation.of(problem)
    if relaxation is not None and open_.size:
        relaxed = _search(relaxation.problem, open_, candidates, seed).best(_RELAXED)
        starts = [
            np.concatenate([relaxation.given_back(x) for x in relaxed.x[relaxed.rows == i]]) for i in open_
        ]
        again = _stepped(problem, open_, starts, RELAXED_ROUNDS, trials, least=LEAST)
        trials = _Trials.gathered([trials, again])
        open_ = open_[~_perfect(trials, open_)]
    others = [Dictionary(Draws(problem, seed=seed + k)) for k in range(1, PATIENCE if hard else 1)]
    return _looked(trials, open_, agreed, [dictionary, *others])


def _looked(trials: _Trials, open_: Ints, agreed: Bools, dictionaries: Sequence[Dictionary]) -> _Trials:
    """Look again at spectra until so many looks as there are dictionaries of terms have gained nothing in a row."""
    problem, patience = trials.problem, len(dictionaries)
    agreed, idle = agreed.copy(), np.zeros(problem.size, int)
    for look in range(LOOKS):
        if not open_.size or len(dictionaries[0].draws.terms) < 2:
            break
        before, parts = trials.first(open_), [trials]
        for easy in (True, False):
            mine = agreed[open_] == easy
            if mine.any():
                starts = _shaken(dictionaries[look % patience], open_[mine], before.x[mine], easy)
                rounds = AGREED_ROUNDS if easy else SECOND_ROUNDS
                parts.append(_stepped(problem, open_[mine], starts, rounds, trials))
        trials = _Trials.gathered(parts).best(MINIMA)
        gained = before.score - trials.first(open_).score > GAINED
        agreed[open_[gained]] = False
        idle[open_] = np.where(gained, 0, idle[open_] + 1)
        open_ = open_[(idle[open_] < patience) & ~_perfect(trials, open_)]
    return trials


def _once_stepped(problem: Problem, spectra: Ints, starts: Sequence[Floats]) -> tuple[list[Floats], Bools]:
    """Return where starts (K, P) have come to after a round, and for which of all spectra enough agree, (N,)."""
    rows, x = np.repeat(spectra, [len(part) for part in starts]), np.concatenate(starts)
    found = solve(problem, x, rows, max_iterations=ROUNDS[0][1], tolerance=SELECTION)
    trials = _Trials.of(problem, rows, found.x, found.cost)
    at_best = trials.score - trials.score[np.searchsorted(rows, rows)] < SAME
    agreed = np.bincount(rows[at_best], minlength=problem.size) >= AGREEING
    left = trials.distinct().promising(1)
    return [left.x[left.rows == i] for i in spectra], agreed


def _same(a: _Trials, b: _Trials) -> Bools:
    """Tell which trials have come to the same minimum as their counterparts."""
    return (np.abs(a.score - b.score) < SAME) & (np.abs(a.deviance - b.deviance) < SAME)


def _stepped(
    problem: Problem,
    spectra: Ints,
    starts: Sequence[Floats],
    rounds: _Rounds,
    known: _Trials | None = None,
    least: int = 0,
) -> _Trials:
    """Step the starts (K, P) of some spectra, dropping between rounds the worse ones and those at known minima."""
    chosen = [x[: rounds[0][0]] for x in starts]
    rows, x = np.repeat(spectra, [len(part) for part in chosen]), np.concatenate(chosen)
    keeps = [keep for keep, _, _ in rounds[1:]] + [rounds[-1][0]]
    for (_, iterations, tolerance), keep in zip(rounds, keeps, strict=True):
        found = solve(problem, x, rows, max_iterations=iterations, tolerance=tolerance)
        trials = _Trials.of(problem, rows, found.x, found.cost).distinct().best(keep)
        trials = trials.promising(least, known)
        rows, x = trials.rows, trials.x
        if rows.size == (np.unique(rows).size if known is None else 0):
            break  # nothing left to choose from; what is chosen in the end is taken to its end
    return trials


def _excess(problem: Problem, x: Floats, rows: Ints) -> Floats:
    """Return a faint price on resistances beyond the largest |Z|: where any will do, the least is taken."""
    quantities = [p.quantity for p in problem.template.circuit.parameters]
    columns = [k for k, q in enumerate(quantities) if q.resistance == 1 and q.time == 0]
    largest = np.log(np.abs(problem.z_ohm[rows]).max(axis=1, keepdims=True))
    return np.asarray(_PER_E_FOLD * np.sum(np.maximum(x[:, columns] - largest, 0.0), axis=1))


def _perfect(trials: _Trials, spectra: Ints) -> Bools:
    """Tell which spectra are met to rounding."""
    return np.asarray(trials.first(spectra).cost < PERFECT * trials.problem.zero_model[spectra])


def _shaken(dictionary: Dictionary, spectra: Ints, bases: Floats, easy: bool) -> list[Floats]:
    """Return starts from minima (M, P) of some spectra: one term put anew, kicked, or two arcs exchanged."""
    draws, slots = dictionary.draws, dictionary.slots
    places = max(_PLACES, (_AGREED_INSERTED if easy else _INSERTED) // len(slots))
    x = np.repeat(bases, len(slots), axis=0)
    held = np.zeros(x.shape, bool)
    for n, t in enumerate(slots):
        mine = slice(n, None, len(slots))
        x[mine] += _GONE * draws.scaling[t]
        held[mine, span(draws.terms[t][0])] = True
    rows = np.repeat(spectra, len(slots))
    if not easy:
        x = solve(draws.problem, x, rows, held=held, max_iterations=_REFIT, tolerance=_REFIT_TOLERANCE).x
    left = x.reshape(spectra.size, len(slots), -1)
    return [
        np.concatenate(
            [dictionary.insertions(i, t, left[m, n], places) for n, t in enumerate(slots)]
            + [_exchanged(draws, i, bases[m]), _kicked(dictionary, i, bases[m])]
        )
        for m, i in enumerate(spectra.tolist())
    ]


def _kicked(dictionary: Dictionary, i: int, base: Floats) -> Floats:
    """Return a minimum with the values of each intricate term moved at random: along valleys lie further minima."""
    draws = dictionary.draws
    rng = np.random.default_rng((draws.seed, 7))
    found = []
    for t in dictionary.intricate:
        part = span(draws.terms[t][0])
        x = np.tile(base, (_KICKS, 1))
        x[:, part] += rng.normal(0.0, _KICK, x[:, part].shape)
        x = np.clip(x, draws.problem.lower[i], draws.problem.upper[i])
        found.append(np.where(draws.problem.fixed, base, x))
    return np.array(found).reshape(-1, base.size)


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

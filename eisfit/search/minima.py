"""The search for the global minimum: starts in rounds, then every term of the best minimum put anew."""

from __future__ import annotations

import numpy as np

from eisfit.engine.problem import Problem
from eisfit.search.dictionary import TermDictionary
from eisfit.search.draws import CANDIDATES, Draws
from eisfit.search.relaxed_circuit import RelaxedCircuit
from eisfit.search.rounds import ROUNDS, SELECTION, Rounds, first_round, stepped
from eisfit.search.second_look import second_looks
from eisfit.search.trials import MINIMA, Minima, Trials, perfect
from eisfit.tools.frozen import Ints

RELAXED_ROUNDS: Rounds = ((24, 20, SELECTION), (8, 60, SELECTION))  # of what the relaxed circuit gives back
LEAST = 8  # starts that go on between rounds in any case, where there are many terms
PATIENCE = 2  # looks in a row without a gain that end a search where it is hard; else one
MANY_TERMS = 3  # to put, from which a search is hard; so it is with an intricate term
_TOGETHER = 64  # spectra searched at a time, which bounds the memory
_DRAWN = 12  # starts ranked along with their capacitances, where those have a say
_RELAXED = 4  # minima of the relaxed circuit that are given back


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
    Starts come from a dictionary of terms (see `TermDictionary`), some bettered by exchange, some as drawn. A
    circuit with ideal and depressed arcs is solved with depressed ones alone as well (see `RelaxedCircuit`). Then
    each term of the best minimum in turn is taken out, the others are solved for, and it is put where it
    leaves least of the data, as long as that gains. Where there are at most two terms to put, all of one kind, and
    the first starts agree on the best minimum, there are no further ones, and the look is a short one.
    """
    whole = np.arange(problem.size)
    parts = [
        _search(problem, spectra, candidates, seed)
        for spectra in np.split(whole, range(_TOGETHER, problem.size, _TOGETHER))
    ]
    return Trials.gathered(parts).minima(MINIMA)


def _search(problem: Problem, spectra: Ints, candidates: int, seed: int) -> Trials:
    """Search the minima of some spectra."""
    draws = Draws(problem, candidates=candidates, seed=seed)
    dictionary = TermDictionary(draws)
    hard = len(dictionary.slots) >= MANY_TERMS or bool(dictionary.intricate)
    both = [dictionary.starts(i) for i in spectra.tolist()]
    bettered, loose = [x for x, _ in both], [x for _, x in both]
    if problem.soft:
        ranked = [draws.best(i, draws.drawn(i), _DRAWN) for i in spectra.tolist()]
        bettered = [np.concatenate(pair) for pair in zip(ranked, bettered, strict=True)]
    agreed = np.zeros(problem.size, bool)
    if dictionary.alike and not hard and not problem.soft:
        bettered, agreed = first_round(problem, spectra, bettered)
    starts = [
        own if agreed[i] else np.concatenate([own, further])
        for i, own, further in zip(spectra.tolist(), bettered, loose, strict=True)
    ]
    trials = stepped(problem, spectra, starts, ROUNDS, least=LEAST if hard else 1)
    open_ = spectra[~perfect(trials, spectra)]
    relaxation = RelaxedCircuit.of(problem)
    if relaxation is not None and open_.size:
        relaxed = _search(relaxation.problem, open_, candidates, seed).best(_RELAXED)
        starts = [
            np.concatenate([relaxation.given_back(x) for x in relaxed.x[relaxed.rows == i]]) for i in open_
        ]
        again = stepped(problem, open_, starts, RELAXED_ROUNDS, trials, least=LEAST)
        trials = Trials.gathered([trials, again])
        open_ = open_[~perfect(trials, open_)]
    others = [TermDictionary(Draws(problem, seed=seed + k)) for k in range(1, PATIENCE if hard else 1)]
    return second_looks(trials, open_, agreed, [dictionary, *others])

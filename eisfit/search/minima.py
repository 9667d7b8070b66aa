"""Search for the global minimum: step many starts in rounds, then re-place each term of the best."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from eisfit.engine.problem import Problem
from eisfit.search.dictionary import TermDictionary
from eisfit.search.draws import Draws
from eisfit.search.exchangeable import in_settled_order
from eisfit.search.relaxed_circuit import RelaxedCircuit
from eisfit.search.rounds import first_round, stepped
from eisfit.search.second_look import second_looks
from eisfit.search.settings import DEFAULT, SearchSettings
from eisfit.search.trials import Minima, Trials
from eisfit.tools.frozen import Ints


def minima_from_data(
    problem: Problem,
    *,
    seed: int = 0,
    settings: SearchSettings = DEFAULT,
    searched: Callable[[int], object] | None = None,
) -> Minima:
    """Find the best minima of every spectrum of a problem without being given a start.

    Parameters
    ----------
    problem : Problem
        N spectra and one circuit.
    seed : int
        Of the draw; the same seed gives the same result.
    settings : SearchSettings
        How wide and how long to look.
    searched : callable, optional
        Called with the number of spectra that are done.

    Notes
    -----
    Starts come from a dictionary of terms (see `TermDictionary`), some bettered by exchange, some as drawn. A
    circuit with ideal and depressed arcs is solved with depressed ones alone as well (see `RelaxedCircuit`). Then
    each term of the best minimum in turn is removed, the others are refitted, and the term is placed where it
    lowers the cost most, as long as that gains. With at most two terms to place, all of one kind, and
    first starts that agree on the best minimum, no further starts are stepped, and the second look is short.
    """
    whole = np.arange(problem.size)
    parts = []
    for spectra in np.split(whole, range(settings.together, problem.size, settings.together)):
        parts.append(_search(problem, spectra, seed, settings))
        if searched is not None and spectra.size:
            searched(int(spectra[-1]) + 1)
    minima = Trials.gathered(parts).minima(settings.minima)
    return replace(minima, x=in_settled_order(problem, minima.x))


def _search(problem: Problem, spectra: Ints, seed: int, settings: SearchSettings) -> Trials:
    """Search the minima of some spectra."""
    draws = Draws(problem, seed=seed, settings=settings)
    dictionary = TermDictionary(draws)
    hard = len(dictionary.slots) >= settings.many_terms or bool(dictionary.intricate)
    both = [dictionary.starts(i) for i in spectra.tolist()]
    bettered, loose = [x for x, _ in both], [x for _, x in both]
    if problem.expected:
        ranked = [draws.best(i, draws.drawn(i)) for i in spectra.tolist()]
        bettered = [np.concatenate(pair) for pair in zip(ranked, bettered, strict=True)]
    agreed = np.zeros(problem.size, bool)
    if dictionary.alike and not hard and not problem.expected:
        bettered, agreed = first_round(problem, spectra, bettered, settings)
    starts = [
        own if agreed[i] else np.concatenate([own, further])
        for i, own, further in zip(spectra.tolist(), bettered, loose, strict=True)
    ]
    least = settings.least if hard else 1
    trials = stepped(problem, spectra, starts, settings.rounds, settings, least=least)
    left = spectra[~trials.met(spectra)]
    relaxed = RelaxedCircuit.of(problem, settings)
    if relaxed is not None and left.size:
        minima = _search(relaxed.problem, left, seed, settings).best(settings.relaxed)
        starts = [np.concatenate([relaxed.given_back(x) for x in minima.x[minima.rows == i]]) for i in left]
        again = stepped(
            problem, left, starts, settings.relaxed_rounds, settings, known=trials, least=settings.least
        )
        trials = Trials.gathered([trials, again])
        left = left[~trials.met(left)]
    further = range(1, settings.patience if hard else 1)
    others = [TermDictionary(Draws(problem, seed=seed + k, settings=settings)) for k in further]
    return second_looks(trials, left, agreed, [dictionary, *others])

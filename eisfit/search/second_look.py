"""Re-place each term of the best minimum until the score no longer improves."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from eisfit.circuit.arc import arc_of
from eisfit.circuit.circuit import span
from eisfit.engine.solver import solve
from eisfit.search.dictionary import TermDictionary
from eisfit.search.draws import Draws
from eisfit.search.rounds import stepped
from eisfit.search.trials import Trials
from eisfit.tools.frozen import Bools, Floats, Ints


def second_looks(trials: Trials, left: Ints, agreed: Bools, dictionaries: Sequence[TermDictionary]) -> Trials:
    """Repeat the second look until it has not improved for `len(dictionaries)` rounds.

    Parameters
    ----------
    trials : Trials
        Minima found before.
    left : ndarray of int, shape (M,)
        Spectra that may still improve.
    agreed : ndarray of bool, shape (N,)
        Where the first starts have agreed, so that a short look will do.
    dictionaries : sequence of TermDictionary
        Of different seeds; they take turns.
    """
    problem, settings, patience = trials.problem, trials.settings, len(dictionaries)
    agreed, idle = agreed.copy(), np.zeros(problem.size, int)
    for look in range(settings.looks):
        if not left.size or not dictionaries[0].slots or len(dictionaries[0].draws.terms) < 2:
            break
        before, parts = trials.first(left), [trials]
        for easy in (True, False):
            mine = agreed[left] == easy
            if mine.any():
                starts = perturbed(dictionaries[look % patience], left[mine], before.x[mine], easy)
                rounds = settings.agreed_rounds if easy else settings.second_rounds
                parts.append(stepped(problem, left[mine], starts, rounds, settings, known=trials))
        trials = Trials.gathered(parts).best(settings.minima)
        gained = before.score - trials.first(left).score > settings.gained
        agreed[left[gained]] = False
        idle[left] = np.where(gained, 0, idle[left] + 1)
        left = left[(idle[left] < patience) & ~trials.met(left)]
    return trials


def perturbed(dictionary: TermDictionary, spectra: Ints, bases: Floats, easy: bool) -> list[Floats]:
    """Return starts from minima (M, P) of some spectra: one term re-placed, kicked, or two arcs exchanged."""
    draws, slots = dictionary.draws, dictionary.slots
    settings = draws.settings
    inserted = settings.agreed_inserted if easy else settings.inserted
    places = max(settings.places, inserted // len(slots))
    x = np.repeat(bases, len(slots), axis=0)
    held = np.zeros(x.shape, bool)
    for n, t in enumerate(slots):
        mine = slice(n, None, len(slots))
        x[mine] += settings.gone * draws.scaling[t]
        held[mine, span(draws.terms[t][0])] = True
    rows = np.repeat(spectra, len(slots))
    if not easy:
        iterations, tolerance = settings.refit, settings.refit_tolerance
        x = solve(draws.problem, x, rows, held=held, max_iterations=iterations, tolerance=tolerance).x
    left = x.reshape(spectra.size, len(slots), -1)
    return [
        np.concatenate(
            [dictionary.insertions(i, t, left[m, n], places) for n, t in enumerate(slots)]
            + [_exchanged(draws, i, bases[m]), _kicked(dictionary, i, bases[m])]
        )
        for m, i in enumerate(spectra.tolist())
    ]


def _kicked(dictionary: TermDictionary, i: int, base: Floats) -> Floats:
    """Return a minimum with the values of each intricate term moved at random: along valleys lie further minima."""
    draws = dictionary.draws
    rng = np.random.default_rng((draws.seed, 7))
    found = []
    for t in dictionary.intricate:
        part = span(draws.terms[t][0])
        x = np.tile(base, (draws.settings.kicks, 1))
        x[:, part] += rng.normal(0.0, draws.settings.kick, x[:, part].shape)
        x = np.clip(x, draws.problem.lower[i], draws.problem.upper[i])
        found.append(np.where(draws.problem.fixed, base, x))
    return np.array(found).reshape(-1, base.size)


def _exchanged(draws: Draws, i: int, base: Floats) -> Floats:
    """Return a minimum with the time constants of two arcs exchanged, for every pair of arcs."""
    arcs = [arc for node, _ in draws.terms if (arc := arc_of(node)) is not None]
    found = []
    for a, b in itertools.combinations(arcs, 2):
        row = b.with_log_tau(a.with_log_tau(base, b.log_tau(base)), a.log_tau(base))
        row = np.clip(row, draws.problem.lower[i], draws.problem.upper[i])
        found.append(np.where(draws.problem.fixed, base, row))
    return np.array(found).reshape(-1, base.size)

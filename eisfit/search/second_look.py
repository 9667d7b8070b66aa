"""Place each term of the best minimum anew until nothing improves."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from eisfit.circuit.arc import log_time_constant, with_time_constant
from eisfit.circuit.circuit import span
from eisfit.engine.solver import solve
from eisfit.search.dictionary import TermDictionary
from eisfit.search.draws import Draws
from eisfit.search.rounds import SELECTION, Rounds, stepped
from eisfit.search.trials import MINIMA, Trials, perfect
from eisfit.tools.frozen import Bools, Floats, Ints

SECOND_ROUNDS: Rounds = ((40, 10, SELECTION), (8, 60, SELECTION))  # of the second look


# of the second look then
AGREED_ROUNDS: Rounds = ((30, 4, SELECTION), (12, 6, SELECTION), (8, 60, SELECTION))


LOOKS = 8  # second looks at most


GAINED = 0.5  # gain of deviance by a look after which another one is worth its time


_PLACES, _INSERTED = 4, 24  # where a term is put in a second look: at least, and of all terms together


_GONE = -14.0  # logarithm of the factor on a term that is taken out


_REFIT, _REFIT_TOLERANCE = 15, 1e-4  # of the solution without it


_KICKS, _KICK = 10, 1.0  # of an intricate term: how many, and how wide in logarithms


_AGREED_INSERTED = 12  # where the first starts have agreed; there the solution is not refined either


def second_looks(
    trials: Trials, open_: Ints, agreed: Bools, dictionaries: Sequence[TermDictionary]
) -> Trials:
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
                starts = perturbed(dictionaries[look % patience], open_[mine], before.x[mine], easy)
                rounds = AGREED_ROUNDS if easy else SECOND_ROUNDS
                parts.append(stepped(problem, open_[mine], starts, rounds, trials))
        trials = Trials.gathered(parts).best(MINIMA)
        gained = before.score - trials.first(open_).score > GAINED
        agreed[open_[gained]] = False
        idle[open_] = np.where(gained, 0, idle[open_] + 1)
        open_ = open_[(idle[open_] < patience) & ~perfect(trials, open_)]
    return trials


def perturbed(dictionary: TermDictionary, spectra: Ints, bases: Floats, easy: bool) -> list[Floats]:
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


def _kicked(dictionary: TermDictionary, i: int, base: Floats) -> Floats:
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

"""Circuits that a user asks about, each fitted to a spectrum from starts of its own."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from eisfit.circuit.circuit import parse
from eisfit.circuit.equivalence import kinds_of_terms
from eisfit.errors import InputError
from eisfit.suggestion.atoms import Atoms, structured
from eisfit.suggestion.mixed import Fitted, Target, fit
from eisfit.suggestion.search import EXACT, MET, Scored, Search
from eisfit.suggestion.structure import LINEAR, ORDER, TERMS, Kind, Linear, Structure, bounds
from eisfit.tools.frozen import Floats

_KEPT = 3  # fits of each set of terms that go on
_PLACES = 3  # where a term is added
_COARSE, _FINE = 1e-3, 1e-6  # relative gain that ends fits while they are compared, and at the end
_SHAKES, _STARTS = (
    8,
    40,
)  # rounds, and starts of each over the number of its terms, where spectra are computed
_GAINED, _WITHOUT = (
    0.5,
    2,
)  # misfit over the one before that is a gain; rounds without any that are waited for
_MOVED = 0.35  # share of terms that a start moves, of many
_SHAKEN = ((0.5, 1.0), (1.0, 2.0))  # spread of ln R and ln tau, in turn
_ABOVE = 1.5  # of ln tau, where an arc starts that is a resistor in the window
_BEHIND_MET = 1e-10  # the same, where one is met
_MOST_HOPEFUL = 4  # circuits that are sought at once
_MOST_ORDERS = 24  # of the terms of a circuit at places of another
_LEAST_EXPONENT = math.log(0.5)
_HOPELESS = 1e-5  # variance relative to the modulus from which on a circuit is not the one computed
_BEHIND = 1e4  # variance over that of the best from which on it is not, while none is met
_COMPUTED = math.log(3e-7)  # variance relative to the modulus below which a spectrum is taken for computed


def structure_of(circuit: str) -> Structure:
    """Return a circuit string as terms in series.

    Raises
    ------
    InputError
        If it holds anything else, or cannot be read.

    Examples
    --------
    >>> structure_of("L1-R2-p(R3,CPE3)").kinds
    ('Zarc',)
    """
    linear: list[Linear] = []
    kinds: list[Kind] = []
    for word in kinds_of_terms(parse(circuit).root):
        if word in LINEAR and word not in linear:
            linear.append(word)
        elif word in ORDER:
            kinds.append(word)
        else:
            raise InputError(
                f"circuit {circuit!r}: {word} cannot be compared by suggest, which takes R, L, C and "
                f"{', '.join(ORDER)} in series (Zarc is p(R,CPE), K is p(R,C)); fit it by eisfit.fit, and compare by "
                "eisfit.compare"
            )
    return Structure.of(frozenset(linear), tuple(kinds))


class GivenSearch(Search):
    """Given circuits, and no others, fitted to a spectrum.

    Parameters
    ----------
    target : Target
        The spectrum.
    asked : sequence of Structure
        They.
    """

    def __init__(self, target: Target, asked: Sequence[Structure]) -> None:
        super().__init__(target)
        self.weighed = False
        self.asked = tuple(dict.fromkeys(asked))
        needed = {k for s in self.asked for k in s.kinds}
        self.atoms = Atoms(target, tuple(k for k in ORDER if k in needed))

    def run(self) -> list[Scored]:
        """Fit all, and return them, the best first."""
        self._grow()
        others = [s for s in self.asked if s.kinds]
        self.take([start for s in others for start in self._adapted(s)], _FINE)
        if self.is_exact():
            self._meet()
        return self.ranked()

    def _meet(self) -> None:
        """Seek the values at which circuits meet a computed spectrum, among many other minima."""
        self.take([(s, self.found[s].fitted.log_p) for s in self._hopeful()], EXACT)
        self._adapt()
        fewest = self._fewest()
        self._shake()
        if self._fewest() < fewest:
            self._adapt()
        met = [s.fitted for s in self.ranked() if s.fitted.misfit < MET * self.target.size]
        self.take([(f.structure, f.log_p) for f in met], EXACT)

    def _adapt(self) -> None:
        """Seek smaller circuits from where the terms of the leading one are."""
        smaller = [s for s in self.asked if s.parameters < self._fewest()]
        self.take([start for s in smaller for start in self._adapted(s)], EXACT)

    def _shake(self) -> None:
        """Seek circuits that might meet a computed spectrum from near their best values, some terms elsewhere."""
        rng = np.random.default_rng(0)
        without = 0  # rounds in a row that gained nothing
        for of_r, of_tau in itertools.islice(itertools.cycle(_SHAKEN), _SHAKES):
            hopeful = self._hopeful()
            before = [self.found[s].fitted.misfit for s in hopeful]
            starts = [
                (s, self._shaken(s, rng, of_r, of_tau))
                for s in hopeful
                for _ in range(_STARTS // len(s.kinds))
            ]
            self.take(starts, EXACT)
            gained = any(
                self.found[s].fitted.misfit < _GAINED * m for s, m in zip(hopeful, before, strict=True)
            )
            without = 0 if gained else without + 1
            if not hopeful or without > _WITHOUT:
                break

    def is_exact(self) -> bool:
        """Tell whether a circuit meets the spectrum as only computed ones are met."""
        return self.ranked()[0].bic < self.target.size * _COMPUTED

    def _fewest(self) -> float:
        """Return the number of parameters of the smallest circuit that meets a computed spectrum."""
        return min((s.parameters for s in self._met()), default=math.inf)

    def _met(self) -> list[Structure]:
        size = self.target.size
        return [s for s in self.asked if s in self.found and self.found[s].fitted.misfit < MET * size]

    def _leading(self) -> Fitted:
        """Return the smallest circuit that meets a computed spectrum, or the best where none does."""
        met = min(self._met(), key=lambda s: s.parameters, default=None)
        return self.ranked()[0].fitted if met is None else self.found[met].fitted

    def _hopeful(self) -> list[Structure]:
        """Return circuits that might still meet a computed spectrum, with fewer parameters than those that do."""
        ranked = [(s, self.found[s].fitted.misfit / self.target.size) for s in self.asked if s in self.found]
        fewest = self._fewest()
        least = min(variance for _, variance in ranked)
        most = min(_HOPELESS, _BEHIND * least) if math.isinf(fewest) else _BEHIND_MET
        near = [(v, s) for s, v in ranked if s.kinds and MET <= v < most and s.parameters < fewest]
        return [s for _, s in sorted(near)[:_MOST_HOPEFUL]]

    def _adapted(self, structure: Structure) -> Iterator[tuple[Structure, Floats]]:
        """Yield starts of a circuit where the terms of the best are, one of them left out where there is no room."""
        best = self._leading()
        places = _places(best)
        if "R" in structure.linear and len(places) > len(structure.kinds):
            places = places[1:]
        count = len(structure.kinds)
        if best.structure == structure or len(places) - count not in (0, 1):
            return
        for kept in itertools.combinations(places, count):
            orders = sorted(set(itertools.islice(itertools.permutations(structure.kinds), _MOST_ORDERS)))
            for kinds in orders:
                if all(TERMS[k].tail == tail for k, (_, tail) in zip(kinds, kept, strict=True)):
                    log_p = [
                        np.array([*p[:2], np.clip(p[2], *bounds(k))])
                        for k, (p, _) in zip(kinds, kept, strict=True)
                    ]
                    yield structured(structure.linear, kinds, log_p)

    def _shaken(self, structure: Structure, rng: np.random.Generator, of_r: float, of_tau: float) -> Floats:
        """Return a start near the best values of a circuit, in which some terms are elsewhere."""
        start = self.found[structure].fitted.log_p.copy()
        moved = rng.random(len(start)) < max(_MOVED, 1.2 / len(start))
        start[:, 0] += np.where(moved, rng.normal(0, of_r, len(start)), 0.0)
        start[:, 1] += np.where(moved, rng.normal(0, of_tau, len(start)), 0.0)
        low, high = np.array([bounds(kind) for kind in structure.kinds]).reshape(-1, 2).T
        drawn = rng.uniform(np.maximum(low, _LEAST_EXPONENT), high)
        start[:, 2] = np.where(moved & (low < high), drawn, start[:, 2])
        return start

    def _grow(self) -> None:
        """Add terms one by one, each to the best fits of all sets of terms that lead to a circuit."""
        linears = list(dict.fromkeys(s.linear for s in self.asked))
        whole = [(s.linear, Counter(s.kinds)) for s in self.asked]
        bare = [Structure(linear, ()) for linear in linears]
        partial = fit(self.target, bare, [_NOTHING] * len(bare))
        ended = [f for f in partial if f.structure in self.asked]
        for _ in range(max(len(s.kinds) for s in self.asked)):
            tried = [
                start
                for fitted in partial
                for start in self.atoms.with_one_more(fitted, _PLACES, always=True)
                if any(start[0].linear == x and not Counter(start[0].kinds) - w for x, w in whole)
            ]
            found = fit(self.target, [s for s, _ in tried], [p for _, p in tried], _COARSE)
            partial = _best_of_each(found)
            ended += [f for f in partial if f.structure in self.asked]
        self.take([(f.structure, f.log_p) for f in ended], _FINE)


def _places(fitted: Fitted) -> list[tuple[list[float], bool]]:
    """Return values and kinds of terms, tail or not, the fastest first; a resistor is an arc above the window."""
    kinds = fitted.structure.kinds
    found = [(p.tolist(), TERMS[k].tail) for k, p in zip(kinds, fitted.log_p, strict=True)]
    value = dict(zip(fitted.structure.linear, fitted.linear.tolist(), strict=True)).get("R", 0.0)
    if value > 0:
        found.append(([math.log(value), fitted.log_tau[0] - _ABOVE, math.log(0.85)], False))
    return sorted(found, key=lambda place: place[0][1])


_NOTHING = structured((), (), ())[1]


def _best_of_each(found: Sequence[Fitted]) -> list[Fitted]:
    """Return the best fits of each structure, those that differ."""
    kept: dict[Structure, list[Fitted]] = {}
    for each in sorted(found, key=lambda f: f.misfit):
        mine = kept.setdefault(each.structure, [])
        if len(mine) < _KEPT and all(
            abs(math.log((each.misfit + 1e-30) / (m.misfit + 1e-30))) > 1e-3 for m in mine
        ):
            mine.append(each)
    return [f for mine in kept.values() for f in mine]

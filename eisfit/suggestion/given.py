"""Circuits that a user asks about, each fitted to a spectrum from starts of its own."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from eisfit.circuit.circuit import parse
from eisfit.circuit.equivalence import kinds_of_terms
from eisfit.errors import InputError
from eisfit.suggestion.atoms import Atoms, structured
from eisfit.suggestion.mixed import Fitted, Target, fit
from eisfit.suggestion.search import EXACT, EXACT_LOG_VARIANCE, Scored, Search
from eisfit.suggestion.structure import LINEAR, ORDER, Kind, Linear, Structure
from eisfit.tools.frozen import Floats

_KEPT = 3  # fits of each set of terms that go on
_PLACES = 3  # where a term is added
_COARSE, _FINE = 1e-3, 1e-6  # relative gain that ends fits while they are compared, and at the end
_LOOKS = 6  # times that each term is placed anew, where spectra are computed
_MET = 1e-16  # variance relative to the modulus at which a spectrum is met to rounding


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
        for linear in dict.fromkeys(s.linear for s in self.asked):
            self._grow(linear, [s for s in self.asked if s.linear == linear])
        if self.is_exact():
            for _ in range(_LOOKS):
                poor = [s for s in self.asked if not self._is_met(s)]
                if not poor or not self._placed_anew(poor):
                    break
        return self.ranked()

    def is_exact(self) -> bool:
        """Tell whether a circuit meets the spectrum as only computed ones are met."""
        return self.ranked()[0].bic < self.target.size * EXACT_LOG_VARIANCE

    def _is_met(self, structure: Structure) -> bool:
        scored = self.found.get(structure)
        return scored is not None and scored.fitted.misfit < _MET * self.target.size

    def _grow(self, linear: tuple[Linear, ...], asked: Sequence[Structure]) -> None:
        """Add terms one by one, each to the best fits of all sets of terms that lead to a circuit."""
        bare = Structure(linear, ())
        partial = fit(self.target, [bare], [_NOTHING])
        if bare in asked:
            self.take([(bare, _NOTHING)])
        whole = [Counter(s.kinds) for s in asked]
        for count in range(1, max(len(s.kinds) for s in asked) + 1):
            tried = [
                start
                for fitted in partial
                for start in self.atoms.with_one_more(fitted, _PLACES)
                if any(not Counter(start[0].kinds) - w for w in whole)
            ]
            found = fit(self.target, [s for s, _ in tried], [p for _, p in tried], _COARSE)
            partial = _best_of_each(found)
            ended = [f for f in partial if f.structure in asked]
            self.take([(f.structure, f.log_p) for f in ended], _FINE)
            if any(self.target.size * _MET * 1e3 > f.misfit for f in partial):
                self.take([(f.structure, f.log_p) for f in ended], EXACT)
            partial = [f for f in partial if any(len(s.kinds) > count for s in asked)]

    def _placed_anew(self, poor: Sequence[Structure]) -> bool:
        """Take out each term of some circuits, and put it where it gains most; tell whether that helped."""
        tried: list[tuple[Structure, Floats]] = []
        for structure in poor:
            if structure not in self.found:
                continue
            fitted = self.found[structure].fitted
            for j in range(len(structure.kinds)):
                rest = structured(
                    structure.linear,
                    [k for i, k in enumerate(structure.kinds) if i != j],
                    [p for i, p in enumerate(fitted.log_p) if i != j],
                )
                for less in fit(self.target, [rest[0]], [rest[1]], _COARSE):
                    tried += [s for s in self.atoms.with_one_more(less, _PLACES) if s[0] == structure]
        before = {s: self.found[s].bic for s in poor if s in self.found}
        found = fit(self.target, [s for s, _ in tried], [p for _, p in tried], _COARSE)
        self.take([(f.structure, f.log_p) for f in _best_of_each(found)], EXACT)
        return any(self.found[s].bic < before[s] - 1 for s in before)


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

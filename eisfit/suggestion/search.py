"""Which terms in series describe a spectrum: added one by one, of several kinds, then changed, left out and joined."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from eisfit.suggestion.atoms import Atoms, structured
from eisfit.suggestion.mixed import Fitted, Target, fit
from eisfit.suggestion.structure import LINEAR, TERMS, Kind, Linear, Structure
from eisfit.tools.frozen import Floats

MOST_TERMS = 5
LEAST_VARIANCE = 1e-16  # relative to |Z|^2: below it spectra are met to rounding
MET = 1e-12  # the same below which the last digits of a computed spectrum decide, not the circuit
_BEAM = 4  # structures of each number of terms that go on
_WORSE = 1  # numbers of terms in a row that the data do not ask for, after which no more are added
_PLAIN: tuple[Kind, ...] = ("K", "G")  # of two parameters, in the place of a depressed arc
_MOST_AT_ONCE = 3  # depressed arcs that are exchanged at once
_LED = 5  # structures whose neighbours are tried in each round
_MOST_ROUNDS = 4
_MOST_ROUNDS_EXACT = 8  # where spectra are computed
_LED_EXACT = 4
EXACT_LOG_VARIANCE = math.log(1e-9)  # below which spectra are computed, without noise
_GAINED = 3.0  # of the criterion, from which on neighbours are tried again
_NEAR = 14.0  # of the criterion: structures that are fitted to the end
EXACT = 1e-9


@dataclass(frozen=True, eq=False)
class Scored:
    """A fitted structure with its criterion.

    Parameters
    ----------
    fitted : Fitted
    bic : float
        Bayesian information criterion.
    """

    fitted: Fitted
    bic: float


def criterion(misfit: float, size: int, parameters: float, floor: float = LEAST_VARIANCE) -> float:
    """Return the Bayesian information criterion of a sum of squares whose noise is not known, but no less than a floor.

    Source: Schwarz, Ann. Stat. 6 (1978) 461, doi 10.1214/aos/1176344136.
    """
    return size * math.log(max(misfit / size, floor)) + parameters * math.log(size)


class Search:
    """All structures that were tried on a spectrum.

    Parameters
    ----------
    target : Target
        The spectrum.
    """

    def __init__(self, target: Target) -> None:
        self.target = target
        self.weighed = True  # by what speaks against a structure before the data
        self.found: dict[Structure, Scored] = {}
        self.atoms = Atoms(target)

    def ranked(self) -> list[Scored]:
        """Return what was tried, the best first."""
        return sorted(self.found.values(), key=lambda s: s.bic)

    def run(self) -> list[Scored]:
        """Search, and return what was tried, the best first."""
        self._forward()
        led: dict[Structure, float] = {}
        for turn in range(_MOST_ROUNDS_EXACT):
            exact = self.ranked()[0].bic < self.target.size * EXACT_LOG_VARIANCE
            if turn >= _MOST_ROUNDS and not exact:
                break
            leaders = [
                s
                for s in self.ranked()[: _LED_EXACT if exact else _LED]
                if s.bic < led.get(s.fitted.structure, math.inf) - _GAINED
            ]
            if not leaders:
                break
            led.update({s.fitted.structure: s.bic for s in leaders})
            self.take([n for s in leaders for n in _neighbours(s.fitted)], 1e-4)
            if exact:
                self.take([(s.fitted.structure, s.fitted.log_p) for s in self.ranked()[:_LED_EXACT]], EXACT)
        self._finish()
        return self.ranked()

    def take(self, tried: Sequence[tuple[Structure, Floats]], resting: float = 1e-4) -> list[Scored]:
        """Fit structures from their starts, keep what is better than before, and return it."""
        free = [t for t in tried if t[0].parameters < self.target.size - 2 and len(t[0].kinds) <= MOST_TERMS]
        better = []
        found = fit(self.target, [s for s, _ in free], [p for _, p in free], resting)
        further = [] if self.weighed else self._without_negative(found, resting)
        for fitted in [*found, *further]:
            scored = self._scored(fitted)
            known = self.found.get(fitted.structure)
            if known is None or scored.bic < known.bic:
                self.found[fitted.structure] = scored
                better.append(scored)
        return better

    def _without_negative(self, found: Sequence[Fitted], resting: float) -> list[Fitted]:
        """Return structures whose linear terms came out negative, with these at zero."""
        negative = [f for f in found if any(value < 0 for value in f.linear)]
        at_zero: list[Fitted] = []
        left = [(f.structure, f) for f in negative]
        while left:
            rest = [f.plainest for _, f in left]
            again = fit(self.target, rest, [f.log_p for _, f in left], resting)
            pairs = [(whole, less) for (whole, _), less in zip(left, again, strict=True)]
            left = [pair for pair in pairs if any(value < 0 for value in pair[1].linear)]
            at_zero += [_filled(whole, less) for whole, less in pairs if all(v >= 0 for v in less.linear)]
        return at_zero

    def _scored(self, fitted: Fitted) -> Scored:
        structure = fitted.structure
        bic = criterion(fitted.misfit, self.target.size, structure.parameters)
        bic += structure.odds if self.weighed else 0.0
        if any(value < 0 for value in fitted.linear):
            bic = math.inf
        return Scored(fitted, bic)

    def _forward(self) -> None:
        """Add terms one by one to the best structures of each number of terms."""
        first = Structure.of(frozenset(("R", "L")), ())
        self.found[first] = Scored(fit(self.target, [first], [np.zeros((0, 3))])[0], math.inf)
        beam = [self.found[first].fitted]
        best, worse = math.inf, 0
        for _ in range(MOST_TERMS):
            tried = [start for fitted in beam for start in self.atoms.with_one_more(fitted)]
            if not tried:
                break
            fitted = fit(self.target, [s for s, _ in tried], [p for _, p in tried], 1e-3)
            of: dict[Structure, Fitted] = {}
            for each in sorted(fitted, key=lambda f: f.misfit):
                of.setdefault(each.structure, each)
            scores = {s: criterion(f.misfit, self.target.size, s.parameters) + s.odds for s, f in of.items()}
            order = sorted(of, key=scores.__getitem__)
            for s in order:
                self.found[s] = self._scored(of[s])
            beam = [of[s] for s in order[:_BEAM]]
            worse = 0 if scores[order[0]] < best else worse + 1
            best = min(best, scores[order[0]])
            if worse >= _WORSE:
                break
        none = np.zeros((0, 3))
        self.take([(Structure(x, ()), none) for x in _LINEAR_CHOICES if x])  # a wire, a resistor
        bare = [
            (Structure.of(frozenset(linear), s.kinds), self.found[s].fitted.log_p)
            for s in self._forward_best()
            for linear in _LINEAR_CHOICES
        ]
        self.take(bare)

    def _forward_best(self) -> list[Structure]:
        def of_misfit(s: Structure) -> float:
            return criterion(self.found[s].fitted.misfit, self.target.size, s.parameters) + s.odds

        return sorted((s for s in self.found if s.kinds), key=of_misfit)[: 2 * _BEAM]

    def _finish(self) -> None:
        ranked = self.ranked()
        near = [s for s in ranked if s.bic < ranked[0].bic + _NEAR]
        self.take([(s.fitted.structure, s.fitted.log_p) for s in near], EXACT)


def _filled(whole: Structure, less: Fitted) -> Fitted:
    """Return a fit as that of a structure with further linear terms, which are zero."""
    values = dict(zip(less.structure.linear, less.linear.tolist(), strict=True))
    linear = np.array([values.get(name, 0.0) for name in whole.linear])
    return Fitted(whole, less.log_p, linear, less.misfit, less.log_tau)


_LINEAR_CHOICES: tuple[tuple[Linear, ...], ...] = (
    (),
    ("R",),
    ("L",),
    ("R", "L"),
    ("R", "C"),
    ("R", "L", "C"),
)


def _neighbours(fitted: Fitted) -> Iterator[tuple[Structure, Floats]]:
    """Yield structures with a linear term more or less, a term of another kind, one less, or two that are one."""
    linear, kinds, log_p = fitted.structure.linear, list(fitted.structure.kinds), list(fitted.log_p)
    for name in LINEAR:
        changed = tuple(x for x in linear if x != name) if name in linear else (*linear, name)
        yield structured(changed, kinds, log_p)
    yield from _ends(fitted)
    yield from _of_two_parameters(fitted)
    for j, kind in enumerate(kinds):
        rest, values = kinds[:j] + kinds[j + 1 :], log_p[:j] + log_p[j + 1 :]
        yield structured(linear, rest, values)
        for other in _OTHERS[kind]:
            yield structured(linear, [*rest, other], [*values, _moved(kind, other, log_p[j])])
    arcs = sorted((j for j, k in enumerate(kinds) if not TERMS[k].tail), key=lambda j: log_p[j][1])
    for a, b in itertools.pairwise(arcs):
        rest = [k for j, k in enumerate(kinds) if j not in (a, b)]
        values = [p for j, p in enumerate(log_p) if j not in (a, b)]
        larger = a if log_p[a][0] > log_p[b][0] else b
        total = float(np.logaddexp(log_p[a][0], log_p[b][0]))
        for other in _JOINED:
            one = _moved("Zarc", other, np.array([total, log_p[larger][1], math.log(0.8)]))
            yield structured(linear, [*rest, other], [*values, one])


def _of_two_parameters(fitted: Fitted) -> Iterator[tuple[Structure, Floats]]:
    """Yield structures in which every depressed arc is an ideal one or a Gerischer impedance, at once."""
    linear, kinds, log_p = fitted.structure.linear, fitted.structure.kinds, fitted.log_p
    arcs = [j for j, kind in enumerate(kinds) if kind == "Zarc"]
    if not 2 <= len(arcs) <= _MOST_AT_ONCE:
        return
    for chosen in itertools.product(_PLAIN, repeat=len(arcs)):
        other = dict(zip(arcs, chosen, strict=True))
        values = [
            _moved(k, other[j], p) if j in other else p
            for j, (k, p) in enumerate(zip(kinds, log_p, strict=True))
        ]
        yield structured(linear, [other.get(j, k) for j, k in enumerate(kinds)], values)


def _ends(fitted: Fitted) -> Iterator[tuple[Structure, Floats]]:
    """Yield structures whose resistor is an arc above the window, and whose capacitor one below it."""
    linear, kinds, log_p = fitted.structure.linear, list(fitted.structure.kinds), list(fitted.log_p)
    values = dict(zip(linear, fitted.linear.tolist(), strict=True))
    for name, tau in (("R", fitted.log_tau[0] - 1.5), ("C", fitted.log_tau[1] + 1.5)):
        if values.get(name, 0.0) <= 0:
            continue
        log_r = math.log(values[name]) + (tau if name == "C" else 0.0)
        rest = tuple(x for x in linear if x != name)
        for kind, exponent in _AT_ENDS:
            yield structured(rest, [*kinds, kind], [*log_p, np.array([log_r, tau, exponent])])


_AT_ENDS: tuple[tuple[Kind, float], ...] = (("K", 0.0), ("Zarc", math.log(0.85)))
_JOINED: tuple[Kind, ...] = ("Zarc", "G", "Wsn")
_OTHERS: dict[Kind, tuple[Kind, ...]] = {
    "K": ("Zarc", "G", "Wsn"),
    "Zarc": ("K", "G", "Wsn", "Ws", "CPE", "Wo"),
    "G": ("Zarc", "Wsn", "Ws", "W"),
    "Ws": ("Wsn", "Zarc", "G", "W"),
    "Wsn": ("Ws", "Zarc", "G", "CPE"),
    "W": ("CPE", "Ws", "Wo", "G"),
    "CPE": ("W", "Zarc", "Wo", "Won", "Wsn"),
    "Wo": ("Won", "CPE", "Wsn"),
    "Won": ("Wo", "CPE"),
}
_TOPS = {
    "G": math.log(math.sqrt(3.0)),
    "Ws": math.log(2.5407),
    "Wsn": math.log(2.5407),
}  # ln(omega tau) at the top


def _moved(kind: Kind, other: Kind, p: Floats) -> Floats:
    """Return where a term of another kind starts that takes the place of one."""
    log_tau = p[1] - _TOPS.get(kind, 0.0) + _TOPS.get(other, 0.0)
    low, high = TERMS[other].exponents
    exponent = math.log(0.5 * (low + high) if other in ("CPE", "Zarc") else high)
    if (kind == "Wsn" and other == "CPE") or (kind in ("Zarc", "CPE") and other in ("Zarc", "CPE")):
        exponent = float(p[2])
    elif kind == "CPE" and other == "Won":
        exponent = math.log(max(min(0.5 * math.exp(p[2]), 0.5), low))
    elif other in ("Wsn", "Won"):
        exponent = math.log(0.46)
    return np.array([p[0], log_tau, min(max(exponent, math.log(low)), math.log(high))])

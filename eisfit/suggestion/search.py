"""Which terms in series describe a spectrum: added one by one, of several kinds, then changed, left out and joined."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from eisfit.suggestion.mixed import Fitted, Target, fit
from eisfit.suggestion.structure import LINEAR, ORDER, TERMS, Kind, Linear, Structure, evaluated
from eisfit.tools.frozen import Complexes, Floats

MOST_TERMS = 5
_LEAST_VARIANCE = 1e-14  # relative to |Z|^2: below it spectra are met to rounding
_ADDED: tuple[tuple[Kind, tuple[float, ...]], ...] = (
    ("Zarc", (0.7, 0.92)),
    ("G", (1.0,)),
    ("Wsn", (0.48,)),
    ("CPE", (0.5, 0.9)),
)
_TRIED_EVERY = 0.4  # decades between two places where a term is tried
_BEAM = 4  # structures of each number of terms that go on
_WORSE = 1  # numbers of terms in a row that the data do not ask for, after which no more are added
_LED = 3  # structures whose neighbours are tried in each round
_MOST_ROUNDS = 4
_NEAR = 14.0  # of the criterion: structures that are fitted to the end
_EXACT = 1e-9


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


def criterion(misfit: float, size: int, parameters: int) -> float:
    """Return the Bayesian information criterion of a sum of squares whose noise is not known.

    Source: Schwarz, Ann. Stat. 6 (1978) 461, doi 10.1214/aos/1176344136.
    """
    return size * math.log(max(misfit / size, _LEAST_VARIANCE)) + parameters * math.log(size)


class Search:
    """All structures that were tried on a spectrum.

    Parameters
    ----------
    target : Target
        The spectrum.
    """

    def __init__(self, target: Target) -> None:
        self.target = target
        self.found: dict[Structure, Scored] = {}
        self.atoms = _Atoms(target)

    def ranked(self) -> list[Scored]:
        """Return what was tried, the best first."""
        return sorted(self.found.values(), key=lambda s: s.bic)

    def run(self) -> list[Scored]:
        """Search, and return what was tried, the best first."""
        self._forward()
        led: set[Structure] = set()
        for _ in range(_MOST_ROUNDS):
            leaders = [s for s in self.ranked()[:_LED] if s.fitted.structure not in led]
            if not leaders:
                break
            led.update(s.fitted.structure for s in leaders)
            self.take([n for s in leaders for n in _neighbours(s.fitted)])
        self._finish()
        return self.ranked()

    def take(self, tried: Sequence[tuple[Structure, Floats]], resting: float = 1e-4) -> list[Scored]:
        """Fit structures from their starts, keep what is better than before, and return it."""
        free = [t for t in tried if t[0].parameters < self.target.size - 2 and len(t[0].kinds) <= MOST_TERMS]
        better = []
        for fitted in fit(self.target, [s for s, _ in free], [p for _, p in free], resting):
            scored = self._scored(fitted)
            known = self.found.get(fitted.structure)
            if known is None or scored.bic < known.bic:
                self.found[fitted.structure] = scored
                better.append(scored)
        return better

    def _scored(self, fitted: Fitted) -> Scored:
        structure = fitted.structure
        bic = criterion(fitted.misfit, self.target.size, structure.parameters) + structure.odds
        if any(value <= 0 for value in fitted.linear):
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
        if ranked[0].bic < self.target.size * math.log(1e-8):
            near = ranked[:12]
        self.take([(s.fitted.structure, s.fitted.log_p) for s in near], _EXACT)


_LINEAR_CHOICES: tuple[tuple[Linear, ...], ...] = (
    (),
    ("R",),
    ("L",),
    ("R", "L"),
    ("R", "C"),
    ("R", "L", "C"),
)


class _Atoms:
    """Terms of several kinds at many places, with what each would gain."""

    def __init__(self, target: Target) -> None:
        self.target = target
        low, high = target.log_tau[0] - math.log(10), target.log_tau[1] + math.log(10)
        places = np.arange(low, high, _TRIED_EVERY * math.log(10))
        self.groups: list[tuple[Kind, Floats, Complexes]] = []
        for kind, exponents in _ADDED:
            at = places if kind != "CPE" else np.array([target.log_tau[1]])
            log_p = np.array([(0.0, t, math.log(a)) for a in exponents for t in at])
            self.groups.append((kind, log_p, evaluated(kind, target.s, log_p)[0] / target.modulus))
        self.rows = np.concatenate([np.concatenate([z.real, z.imag], axis=1) for _, _, z in self.groups]).T

    def with_one_more(self, fitted: Fitted) -> Iterator[tuple[Structure, Floats]]:
        """Yield a structure with one more term of each kind, where it would gain most."""
        target = self.target
        taken = target.basis(fitted.structure.linear)
        present = [
            evaluated(kind, target.s, p[None])[0][0] / target.modulus
            for kind, p in zip(fitted.structure.kinds, fitted.log_p, strict=True)
        ]
        if present:
            known = np.array([np.concatenate([z.real, z.imag]) for z in present]).T
            known = known - taken @ (taken.T @ known)
            taken = np.hstack([taken, np.linalg.qr(known)[0]])
        target_left = target.rows - taken @ (taken.T @ target.rows)
        left = self.rows - taken @ (taken.T @ self.rows)
        size = np.einsum("np,np->p", left, left)
        along = target_left @ left
        gain = np.where((along > 0) & (size > 1e-12), along**2 / np.maximum(size, 1e-12), 0.0)
        amplitude = along / np.maximum(size, 1e-12)
        first = 0
        for kind, log_p, _ in self.groups:
            here = gain[first : first + len(log_p)]
            order = np.argsort(-here)
            chosen: list[int] = []
            for k in order:
                if here[k] <= 0 or len(chosen) == 2:
                    break
                if all(abs(log_p[k, 1] - log_p[c, 1]) > 1.8 for c in chosen):
                    chosen.append(int(k))
            for k in chosen:
                new = log_p[k].copy()
                new[0] = math.log(max(float(amplitude[first + k]), 1e-300))
                yield _joined(fitted, kind, new)
            first += len(log_p)


def _joined(fitted: Fitted, kind: Kind, new: Floats) -> tuple[Structure, Floats]:
    return _structured(fitted.structure.linear, [*fitted.structure.kinds, kind], [*fitted.log_p, new])


def _structured(
    linear: Sequence[Linear], kinds: Sequence[Kind], log_p: Sequence[Floats]
) -> tuple[Structure, Floats]:
    """Return a structure in settled order with its values in the same order."""
    order = sorted(range(len(kinds)), key=lambda k: ORDER.index(kinds[k]))
    values = np.array([log_p[k] for k in order]).reshape(-1, 3)
    return Structure(tuple(x for x in LINEAR if x in linear), tuple(kinds[k] for k in order)), values


def _neighbours(fitted: Fitted) -> Iterator[tuple[Structure, Floats]]:
    """Yield structures with a linear term more or less, a term of another kind, one less, or two that are one."""
    linear, kinds, log_p = fitted.structure.linear, list(fitted.structure.kinds), list(fitted.log_p)
    for name in LINEAR:
        changed = tuple(x for x in linear if x != name) if name in linear else (*linear, name)
        yield _structured(changed, kinds, log_p)
    for j, kind in enumerate(kinds):
        rest, values = kinds[:j] + kinds[j + 1 :], log_p[:j] + log_p[j + 1 :]
        yield _structured(linear, rest, values)
        for other in _OTHERS[kind]:
            yield _structured(linear, [*rest, other], [*values, _moved(kind, other, log_p[j])])
    arcs = sorted((j for j, k in enumerate(kinds) if not TERMS[k].tail), key=lambda j: log_p[j][1])
    for a, b in itertools.pairwise(arcs):
        rest = [k for j, k in enumerate(kinds) if j not in (a, b)]
        values = [p for j, p in enumerate(log_p) if j not in (a, b)]
        larger = a if log_p[a][0] > log_p[b][0] else b
        total = float(np.logaddexp(log_p[a][0], log_p[b][0]))
        for other in _JOINED:
            one = _moved("Zarc", other, np.array([total, log_p[larger][1], math.log(0.8)]))
            yield _structured(linear, [*rest, other], [*values, one])


_JOINED: tuple[Kind, ...] = ("Zarc", "G", "Wsn")
_OTHERS: dict[Kind, tuple[Kind, ...]] = {
    "K": ("Zarc", "G", "Wsn"),
    "Zarc": ("K", "G", "Wsn", "Ws", "CPE", "Wo"),
    "G": ("Zarc", "Wsn", "Ws"),
    "Ws": ("Wsn", "Zarc", "G"),
    "Wsn": ("Ws", "Zarc", "G", "CPE"),
    "CPE": ("Zarc", "Wo", "Won", "Wsn"),
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
    if kind in ("Zarc", "CPE") and other in ("Zarc", "CPE"):
        exponent = float(p[2])
    elif kind == "CPE" and other == "Won":
        exponent = math.log(max(min(0.5 * math.exp(p[2]), 0.5), low))
    elif other in ("Wsn", "Won"):
        exponent = math.log(0.46)
    return np.array([p[0], log_tau, min(max(exponent, math.log(low)), math.log(high))])

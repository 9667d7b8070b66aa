"""Compare rival templates for one spectrum."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from eisfit.cell.find import resolve_template
from eisfit.cell.templates import Template
from eisfit.circuit.equivalence import Equivalent, equivalents_of, is_special_case, kinds_of_terms
from eisfit.errors import InputError
from eisfit.fitting.spectra import fit
from eisfit.options import Weights
from eisfit.reporting.misfit import RUNS_TOO_FEW
from eisfit.results.fit import Fit
from eisfit.results.outcome import NAN, Outcome
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.frozen import Value
from eisfit.tools.keywords import known_keywords

CLOSE = 4.0  # difference of the criterion below which a rival is not ruled out
SIGMAS = 3.0  # number of standard errors up to which the resistance of an arc counts as none
CHANCE = 0.0027  # probability of a deviation by three standard errors


@dataclass(frozen=True, eq=False)
class Rival(Value):
    """One of the compared templates.

    Parameters
    ----------
    name : str
        Name of the template, or the circuit.
    fit : Fit
        To the spectrum.
    parameters_free : int
        Of the fit; segments that were not detected have none.
    aicc, bic : float
        Corrected Akaike and Bayesian information criteria; nan where the fit failed.
    delta_aicc : float
        Above the lowest.
    runs_p : float
        Probability of so few runs of equal sign in its residuals, if they were random.
    faint : tuple of str
        Contributions that add less than three standard errors.
    adds_nothing_to : str
        Name of a rival that is a special case of this one and does as well, by the F-test at the probability
        of three standard errors; empty if there is none.
    same_as : str
        Name of an earlier rival that is the same function; empty if there is none.
    equivalents : tuple of Equivalent
        The same function as other circuits, with the values found.
    """

    name: str
    fit: Fit
    parameters_free: int
    aicc: float
    bic: float
    delta_aicc: float
    runs_p: float
    faint: tuple[str, ...]
    adds_nothing_to: str
    same_as: str
    equivalents: tuple[Equivalent, ...]

    @property
    def advice(self) -> str:
        """The reasons against it, in words; empty if there is none."""
        found = []
        if self.fit.outcome is Outcome.FAILED:
            return self.fit.sentence
        if self.same_as:
            found.append(f"the same function as {self.same_as}: no spectrum tells them apart")
        if self.faint:
            found.append(f"{', '.join(self.faint)} adds less than 3 standard errors: leave it out")
        if self.adds_nothing_to:
            found.append(f"what it has beyond {self.adds_nothing_to} adds less than 3 standard errors")
        if self.runs_p < RUNS_TOO_FEW:
            found.append("its residuals are not random: something is missing")
        if self.delta_aicc >= CLOSE:
            found.append(f"worse than the best by {self.delta_aicc:.3g} in AICc")
        return "; ".join(found)


@dataclass(frozen=True)
class Nested:
    """The F-test of a template against a special case of it.

    Parameters
    ----------
    simpler, fuller : str
        Names of the two.
    f : float
        Gain of the sum of squares by each additional parameter, over the mean square that is left.
    probability : float
        Of such a gain if the simpler one were true; below 0.05 the fuller one is needed.
    """

    simpler: str
    fuller: str
    f: float
    probability: float


@dataclass(frozen=True, eq=False)
class Comparison(Value):
    """Rivals for one spectrum, the best first.

    Parameters
    ----------
    rivals : tuple of Rival
        By AICc; a rival that is the same function as another follows it. Failed ones come last.
    nested : tuple of Nested
        F-tests of the pairs of which one is a special case of the other.
    """

    rivals: tuple[Rival, ...]
    nested: tuple[Nested, ...]

    def __getitem__(self, name: str) -> Rival:
        """Return a rival by its name.

        Raises
        ------
        KeyError
            If there is none of that name.
        """
        for rival in self.rivals:
            if rival.name == name:
                return rival
        raise KeyError(f"no rival {name!r}; there are {', '.join(r.name for r in self.rivals)}")

    @property
    def best(self) -> Rival:
        """The rival with the lowest AICc of those without a needless part; of all if there is none."""
        needed = (r for r in self.rivals if not (r.faint or r.adds_nothing_to or math.isnan(r.aicc)))
        return next(needed, self.rivals[0])

    @property
    def close(self) -> tuple[Rival, ...]:
        """Rivals that are not ruled out: other functions within 4 of the best in AICc."""
        best = self.best
        return tuple(
            r for r in self.rivals if r is not best and not r.same_as and abs(r.aicc - best.aicc) < CLOSE
        )


@known_keywords
def compare(
    spectrum: Spectrum,
    rivals: Sequence[str | Path | Template],
    *,
    weights: Weights = "modulus",
    loss: str = "linear",
    seed: int = 0,
) -> Comparison:
    """Fit rival templates to one spectrum and compare them.

    Parameters
    ----------
    spectrum : Spectrum
        Its masked points take no part.
    rivals : sequence of str, Path or Template
        Templates, their names or paths, or circuit strings.
    weights, loss, seed
        As in `eisfit.fit`.

    Raises
    ------
    InputError
        If there is no rival, or one is named twice.

    Notes
    -----
    The corrected Akaike criterion follows Hurvich & Tsai, Biometrika 76 (1989) 297,
    doi 10.1093/biomet/76.2.297. Where a special case lies on the bound of the fuller template (an exponent
    of 1, a resistance of 0), the probability of the F-test is too large: the test demands more evidence than
    stated.

    Examples
    --------
    >>> import numpy as np
    >>> import eisfit
    >>> rng = np.random.default_rng(1)
    >>> f = np.logspace(5, -1, 61)
    >>> z = 10 + 100 / (1 + 2j * np.pi * f * 1e-3)
    >>> z *= 1 + 0.003 * (rng.standard_normal(61) + 1j * rng.standard_normal(61))
    >>> compare(eisfit.Spectrum(f, z), ["R0-p(R1,C1)", "R0-p(R1,C1)-p(R2,C2)"]).best.name
    'R0-p(R1,C1)'
    """
    templates = _distinct([resolve_template(rival, [spectrum]) for rival in rivals])
    names = [t.name for t in templates]
    fits = [fit(spectrum, t, weights=weights, loss=loss, seed=seed) for t in templates]
    signatures = [_signature(t) for t in templates]
    tests = [
        test
        for a, b in itertools.product(range(len(fits)), repeat=2)
        if is_special_case(signatures[a], signatures[b])
        and (test := _f_test(fits[a], fits[b], names[a], names[b])) is not None
    ]
    order = _order(fits, signatures)
    lowest = min((c for f in fits if not math.isnan(c := _criterion(f))), default=NAN)
    found = []
    for i in order:
        first = next(k for k in order if signatures[k] == signatures[i])
        as_good = (t.simpler for t in tests if t.fuller == names[i] and t.probability > CHANCE)
        same_as = "" if first == i else names[first]
        found.append(_rival(names[i], fits[i], lowest, next(as_good, ""), same_as))
    return Comparison(tuple(found), tuple(tests))


def _distinct(templates: list[Template]) -> list[Template]:
    """Return the templates if there is one at least, and all have names of their own.

    Raises
    ------
    InputError
        If not.
    """
    names = [t.name for t in templates]
    if not names:
        raise InputError("compare: no rival was given; name two templates or circuits")
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise InputError(f"compare: {twice!r} is named twice; leave one out, or give it another name")
    return templates


def _criterion(fitted: Fit) -> float:
    """Return the corrected Akaike criterion of a fit; nan where it failed."""
    return NAN if fitted.statistics is None else fitted.statistics.aicc


def _order(fits: Sequence[Fit], signatures: Sequence[tuple[str, ...]]) -> list[int]:
    """Return the fits by their criterion, failed ones last; each function follows its first one."""
    order = sorted(range(len(fits)), key=lambda i: (math.isnan(_criterion(fits[i])), _criterion(fits[i])))
    place = [next(n for n, k in enumerate(order) if signatures[k] == signatures[i]) for i in range(len(fits))]
    return sorted(order, key=lambda i: place[i])


def _rival(name: str, fitted: Fit, lowest: float, adds_nothing_to: str, same_as: str) -> Rival:
    """Return what is known of one rival; `lowest` is the lowest criterion of all."""
    statistics = fitted.statistics
    return Rival(
        name=name,
        fit=fitted,
        parameters_free=0 if statistics is None else statistics.parameters_free,
        aicc=_criterion(fitted),
        bic=NAN if statistics is None else statistics.bic,
        delta_aicc=_criterion(fitted) - lowest,
        runs_p=NAN if statistics is None else statistics.runs_p,
        faint=_faint(fitted),
        adds_nothing_to=adds_nothing_to,
        same_as=same_as,
        equivalents=tuple(_equivalents_of(fitted)),
    )


def _faint(fitted: Fit) -> tuple[str, ...]:
    """Return the contributions whose resistance is not larger than three standard errors."""
    faint = []
    for c in fitted.contributions:
        small = c.resistance_ohm <= SIGMAS * c.resistance_stderr_ohm
        lost = c.resolved == "misfit" and math.isnan(c.resistance_ohm)
        if c.resolved in ("upper limit", "no") or lost or (small and c.resolved != "sum only"):
            faint.append(c.name)
    return tuple(faint)


def _f_test(simpler: Fit, fuller: Fit, name: str, fuller_name: str) -> Nested | None:
    a, b = simpler.statistics, fuller.statistics
    if a is None or b is None:
        return None
    more, freedom = b.parameters_free - a.parameters_free, 2 * b.points - b.parameters_free
    before = a.chi2_reduced * (2 * a.points - a.parameters_free)
    after = b.chi2_reduced * freedom
    if more <= 0 or freedom <= 0 or not after > 0:
        return Nested(name, fuller_name, 0.0, 1.0)
    f = max(before - after, 0.0) / more / (after / freedom)
    from scipy.special import fdtrc  # imported when asked: it takes longer than all of eisfit

    return Nested(name, fuller_name, f, float(fdtrc(more, freedom, f)))


def _signature(template: Template) -> tuple[str, ...]:
    """Return what kind of function a template is; fixed parameters make it another one."""
    fixed = [f"{k} = {s.fixed:.9g}" for k, s in sorted(template.settings.items()) if s.fixed is not None]
    return tuple(sorted(kinds_of_terms(template.circuit.root)) + fixed)


def _equivalents_of(fitted: Fit) -> Iterator[Equivalent]:
    if fitted.parameters and not any(math.isnan(p.value) for p in fitted.parameters):
        values = np.array([fitted.values[name] for name in fitted.template.circuit.names])
        yield from equivalents_of(fitted.template.circuit.root, values)

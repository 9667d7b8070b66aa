"""Circuits and templates that the spectra of a series allow."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from eisfit.circuit.equivalence import equivalents
from eisfit.errors import InputError, SpectrumError
from eisfit.spectrum.given import many_spectra
from eisfit.spectrum.spectrum import Spectrum
from eisfit.suggestion.answer import RankedCircuit, Suggestion
from eisfit.suggestion.cells import Seen, ranked_templates
from eisfit.suggestion.curves import same_curves
from eisfit.suggestion.deciding import between_circuits
from eisfit.suggestion.determined import determined_criterion
from eisfit.suggestion.given import GivenSearch, structure_of
from eisfit.suggestion.mixed import Fitted, Target
from eisfit.suggestion.search import MET, Scored, Search, criterion
from eisfit.suggestion.structure import Structure, is_limit
from eisfit.suggestion.values import features, parameters
from eisfit.validity.checks import check

FEWEST_POINTS = 8
LARGEST_DISAGREEMENT_PERCENT = 5.0  # with the Kramers-Kronig relations
DIFFERENCE = 4.0  # of BIC, from which on a circuit leaves the set
MOST_SHOWN = 12  # circuits of an answer; the set is always whole
MOST_SPECTRA = 12  # of a series that are looked at, spread evenly
_OF_EACH = 8  # best circuits of a spectrum that are tried on all others
_UNKNOWN_NOISE = 0.005  # of the modulus, where there are too few points to tell


def suggest(
    spectra: Spectrum | Sequence[Spectrum],
    *,
    circuits: Sequence[str] | None = None,
    electrodes: int | None = None,
    area_cm2: float | None = None,
    thickness_cm: float | None = None,
    despite_findings: bool = False,
    done: Callable[[int, int], object] | None = None,
) -> Suggestion:
    r"""Return the circuits and templates that one spectrum or a series allows: a set, not a winner.

    Parameters
    ----------
    spectra : Spectrum, or sequence of Spectrum
        Those of one cell; masked points and points that stand out take no part. Of more than 12, 12 are looked at.
    circuits : sequence of str, optional
        Circuit strings of terms in series: these are ranked, and no others are sought.
    electrodes : int, optional
        Number of electrodes: templates that do not know it are left out. Default: what the spectra state.
    area_cm2, thickness_cm : float, optional
        Of the solid, in cm² and cm, in place of what the spectra state; capacitances are compared per geometry.
    despite_findings : bool
        Whether spectra are looked at that contradict the Kramers-Kronig relations.
    done : callable, optional
        Told the numbers of spectra done and in all.

    Returns
    -------
    Suggestion

    Raises
    ------
    InputError
        If there is no spectrum, a size is not positive, or a given circuit is not of terms in series.

    Notes
    -----
    A circuit is terms in series: resistor, inductor, capacitor, ideal and depressed arcs, Gerischer and Warburg
    impedances, constant-phase elements. Terms are added one by one to the best of each number, then exchanged, left out
    and joined. Circuits are compared by BIC, summed over the series; special shapes have smaller odds before the data
    than arcs, because there are more of them to choose from. What lies within 4 of the best is the set.

    Source: Schwarz, Ann. Stat. 6 (1978) 461, doi 10.1214/aos/1176344136; Kass and Raftery, J. Am. Stat. Assoc. 90
    (1995) 773, doi 10.1080/01621459.1995.10476572.

    Examples
    --------
    >>> import numpy as np
    >>> import eisfit
    >>> f = np.logspace(6, -1, 71)
    >>> z = 20 + 100 / (1 + (2j * np.pi * f * 1e-4) ** 0.9)
    >>> rng = np.random.default_rng(1)
    >>> z += 0.003 * abs(z) * (rng.normal(size=71) + 1j * rng.normal(size=71))
    >>> eisfit.suggest(eisfit.Spectrum(f, z)).circuits[0].circuit
    'R0-p(R1,CPE1)'
    """
    given = [spectra] if isinstance(spectra, Spectrum) else list(many_spectra(spectra, "suggest"))
    if not given:
        raise InputError("suggest takes at least one spectrum, and there is none")
    sizes = {"area_cm2": area_cm2, "thickness_cm": thickness_cm}
    for name, size in sizes.items():
        if size is not None and not (math.isfinite(size) and size > 0):
            raise InputError(f"{name} = {size:g}: it must be positive; leave it out if it is not known")
    known: dict[str, Any] = {name: size for name, size in sizes.items() if size is not None}
    given = [replace(s, conditions=replace(s.conditions, **known)) if known else s for s in given]
    asked = None if circuits is None else [structure_of(c) for c in circuits]
    if asked is not None and not asked:
        raise InputError("circuits is empty: name the circuits to rank, or leave it out")
    looks, refused, remarks = _looks(given, asked, despite_findings, done)
    if not looks:
        return Suggestion((), (), (), math.nan, tuple(refused), tuple(remarks))
    noise = [x.noise_percent for x in looks if math.isfinite(x.noise_percent)]
    ranked = _circuits(looks, asked)
    seen = [Seen(features(x.best.fitted, *x.window_hz), x.spectrum.conditions) for x in looks]
    templates = ranked_templates(seen, _electrodes(looks, electrodes))
    if ranked[0].noise_ratio > 3 and ranked[0].misfit_percent > 1:
        remarks.append(
            f"no circuit comes down to the noise: {ranked[0].misfit_percent:.2g} % remain, "
            f"{ranked[0].noise_ratio:.1f} times the noise"
        )
    return Suggestion(
        tuple(x.spectrum for x in looks),
        ranked,
        templates,
        float(np.median(noise)) if noise else math.nan,
        tuple(refused),
        tuple(remarks),
    )


@dataclass(frozen=True, eq=False)
class _Look:
    """A spectrum with all circuits that were tried on it."""

    spectrum: Spectrum
    search: Search
    noise_percent: float

    @property
    def best(self) -> Scored:
        return self.search.ranked()[0]

    @property
    def window_hz(self) -> tuple[float, float]:
        f = self.search.target.s.omega / (2 * math.pi)
        return float(f.min()), float(f.max())


def _electrodes(looks: Sequence[_Look], given: int | None) -> int | None:
    stated = {x.spectrum.conditions.electrodes for x in looks}
    return given if given is not None or len(stated) > 1 else stated.pop()


def _looks(
    given: Sequence[Spectrum],
    asked: Sequence[Structure] | None,
    despite_findings: bool,
    done: Callable[[int, int], object] | None,
) -> tuple[list[_Look], list[tuple[str, str]], list[str]]:
    """Look at spectra one by one; return also which were refused, and what the reader should know."""
    chosen = list(given)
    remarks: list[str] = []
    if len(chosen) > MOST_SPECTRA:
        places = np.unique(np.linspace(0, len(chosen) - 1, MOST_SPECTRA).round().astype(int))
        remarks.append(f"{len(places)} of {len(chosen)} spectra were looked at, evenly spread")
        chosen = [chosen[k] for k in places]
    looks: list[_Look] = []
    refused: list[tuple[str, str]] = []
    for k, spectrum in enumerate(chosen):
        try:
            looks.append(_look(spectrum, asked, despite_findings, remarks))
        except SpectrumError as error:
            refused.append((spectrum.label or f"spectrum {k + 1}", str(error)))
        if done is not None:
            done(k + 1, len(chosen))
    return looks, refused, remarks


def _look(
    spectrum: Spectrum, asked: Sequence[Structure] | None, despite_findings: bool, remarks: list[str]
) -> _Look:
    used = np.array(spectrum.used)
    if used.sum() < FEWEST_POINTS:
        raise SpectrumError(
            f"{int(used.sum())} points are too few to tell circuits apart: it takes {FEWEST_POINTS}"
        )
    if np.any(spectrum.z_ohm[used] == 0):
        raise SpectrumError("an impedance is 0 ohm, and points are weighed by 1/|Z|; mask that point")
    seen = check(spectrum)
    kk = seen.kramers_kronig
    where = f"{spectrum.label}: " if spectrum.label else ""
    if kk is not None and not kk.holds:
        sentence = (
            f"real and imaginary part contradict the Kramers-Kronig relations by {kk.max_residual_percent:.2g} % of "
            f"|Z| at {kk.worst_hz:.3g} Hz (drift, non-linearity or an artefact)"
        )
        if kk.max_residual_percent > LARGEST_DISAGREEMENT_PERCENT and not despite_findings:
            raise SpectrumError(
                f"{sentence}: no circuit describes it; cut or mask those points, measure again, or pass "
                "despite_findings=True"
            )
        remarks.append(f"{where}{sentence}: small differences of BIC are not certain")
    used &= ~seen.outliers
    target = Target(spectrum.frequency_hz[used], spectrum.z_ohm[used])
    search = Search(target) if asked is None else GivenSearch(target, asked)
    search.run()
    return _Look(spectrum, search, seen.noise_percent)


def _circuits(looks: Sequence[_Look], asked: Sequence[Structure] | None) -> tuple[RankedCircuit, ...]:
    """Return circuits ranked over all spectra."""
    tried = {
        s.fitted.structure for x in looks for s in x.search.ranked()[: _OF_EACH if len(looks) > 1 else None]
    }
    if len(looks) > 1 and asked is None:
        for k, look in enumerate(looks):
            look.search.take([start for s in tried if (start := _start(looks, k, s)) is not None], 1e-6)
    totals = {s: sum(_bic(x.search, s) for x in looks) for s in tried}
    order = sorted((s for s in tried if math.isfinite(totals[s])), key=totals.__getitem__)
    best = order[0]
    most = MOST_SHOWN if asked is None else len(order)
    shown = [s for k, s in enumerate(order) if k < most or totals[s] < totals[best] + DIFFERENCE]
    known = totals if asked is None else {s: sum(_determined(x.search, s) for x in looks) for s in shown}
    least = min(known[s] for s in shown)
    allowed = [s for s in shown if s == best or known[s] < least + DIFFERENCE]
    fits = {s: tuple(_fitted(x.search, s) for x in looks) for s in shown}
    written = same_curves(shown, allowed, fits, [x.search.target for x in looks])
    return tuple(
        _ranked(s, best, totals[s] - totals[best], s in allowed, looks, fits[s], written.get(s))
        for s in shown
    )


def _start(looks: Sequence[_Look], k: int, structure: Structure) -> tuple[Structure, np.ndarray] | None:
    """Return where a structure starts that was not tried on a spectrum: where it came to rest on the nearest one."""
    if structure in looks[k].search.found:
        return None
    near = sorted(range(len(looks)), key=lambda j: abs(j - k))
    other = next(j for j in near if structure in looks[j].search.found)
    moved = looks[other].search.found[structure].fitted.log_p.copy()
    shift = _log_size(looks[k]) - _log_size(looks[other])
    moved[:, :2] += shift  # capacitances stay, resistances change
    return structure, moved


def _log_size(look: _Look) -> float:
    return float(np.log(np.median(look.search.target.modulus)))


def _bic(search: Search, structure: Structure) -> float:
    """Return the criterion of a structure; no worse than that of its limits with the parameters that it has more."""
    found = search.found.get(structure)
    least = math.inf if found is None else _above_floor(search, found)
    for s in search.ranked()[:30]:
        more = structure.parameters - s.fitted.structure.parameters
        whole = _above_floor(search, s) + more * math.log(search.target.size)
        if whole < least and is_limit(s.fitted.structure, structure):
            least = whole + (structure.odds - s.fitted.structure.odds) * search.weighed
    return least


def _above_floor(search: Search, scored: Scored) -> float:
    """Return a criterion in which all that meets a computed spectrum meets it equally."""
    size, structure = search.target.size, scored.fitted.structure
    if not math.isfinite(scored.bic) or scored.fitted.misfit >= MET * size:
        return scored.bic
    found = criterion(scored.fitted.misfit, size, structure.parameters, MET)
    return found + structure.odds * search.weighed


def _determined(search: Search, structure: Structure) -> float:
    """Return the criterion of a circuit that was asked about: parameters count that the data determine.

    Computed spectra determine all.
    """
    if isinstance(search, GivenSearch) and search.is_exact():
        return _bic(search, structure)
    return determined_criterion(_fitted(search, structure), search.target)


def _ranked(
    structure: Structure,
    best: Structure,
    difference: float,
    allowed: bool,
    looks: Sequence[_Look],
    fits: tuple[Fitted, ...],
    written: Structure | None,
) -> RankedCircuit:
    sizes = [x.search.target.size for x in looks]
    misfit = 100 * math.sqrt(sum(f.misfit for f in fits) / sum(sizes))
    noise = float(np.sqrt(np.mean(np.square([x.noise_percent for x in looks]))))
    ratio = misfit / noise if noise > 0 else math.nan
    each = sum(math.log(size) for size in sizes)
    more = max(structure.parameters - best.parameters, 0) * each
    told = _told_by(structure, best, looks, allowed or difference - more < DIFFERENCE)
    own = next((f for f in fits if f.structure == f.plainest == structure), None)
    same = () if own is None else tuple(e.circuit for e in equivalents(structure.circuit, parameters(own)))
    return RankedCircuit(
        structure.circuit,
        difference,
        allowed,
        allowed or difference - more < DIFFERENCE,
        structure.parameters,
        misfit,
        ratio,
        same,
        "" if written is None else written.circuit,
        told,
        fits,
    )


def _fitted(search: Search, structure: Structure) -> Fitted:
    """Return a fitted structure, or the best of its limits where that came to a lower sum of squares."""
    own = search.found.get(structure)
    allowed = [own] if own is not None and math.isfinite(own.bic) else []
    allowed += [s for s in search.ranked()[:30] if is_limit(s.fitted.structure, structure)]
    return min((s.fitted for s in allowed or search.found.values()), key=lambda f: f.misfit)


def _told_by(structure: Structure, best: Structure, looks: Sequence[_Look], possible: bool) -> str:
    """Return the measurement that tells a structure from the best, by the spectrum in which they differ most."""
    if structure == best:
        return ""
    if not possible:
        return "these data, which it does not fit"
    if is_limit(best, structure):
        more = structure.parameters - best.parameters
        return f"lower noise, if its {more} further parameter{'s are' if more > 1 else ' is'} there at all"
    far = max(looks, key=lambda x: abs(_bic(x.search, structure) - _bic(x.search, best)))
    noise = far.noise_percent / 100
    noise = noise if math.isfinite(noise) and noise > 1e-5 else _UNKNOWN_NOISE
    target = far.search.target
    return between_circuits(_fitted(far.search, best), _fitted(far.search, structure), target, noise)

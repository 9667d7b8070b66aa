"""What the bench adds to every spectrum: the inductance of the leads and a stray capacitance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from eisfit.assignment.settings import DEFAULT
from eisfit.assignment.skeleton import INDUCTANCE, Skeleton
from eisfit.assignment.structures import ONE_MORE, Structure, arcs_of, scored
from eisfit.assignment.together import solved_together
from eisfit.cell.segments import STRAY
from eisfit.engine.backends.cpu import normal_equations
from eisfit.engine.posing import pose
from eisfit.engine.problem import Problem
from eisfit.options import Weights
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.frozen import Bools, Floats
from eisfit.uncertainty.covariance import covariance_of

_CASES = ((True, True), (True, False), (False, True))  # whether there is an inductance, a stray capacitance
_CHOICES = ((INDUCTANCE,), (STRAY,), (INDUCTANCE, STRAY))
_FEWEST = 3  # spectra from which the bench is taken to be the same in all
_NEXT_TO_NOTHING = np.array([1e-13, 1e-18])  # H and F at which derivatives are taken where there is nothing
_STEPS = 5  # of Newton's method for both
_CLOSE = 0.2  # step, in standard errors, below which both are settled
_SIGMAS = 3.0  # standard errors from which either is there
_BESIDE_DIELECTRIC = 16.0  # further gain asked of a stray capacitance beside a dielectric arc: 5 sigma in all
_SINGULAR = 1e10  # condition from which both cannot be told apart
_DROP = 40.0  # score above the best from which a structure of a spectrum plays no part in this


@dataclass(frozen=True)
class _Trial:
    """The structures with some inductance and some stray capacitance."""

    lead_h: float
    stray_f: float
    structures: list[Structure]

    @property
    def total(self) -> float:
        """Sum over the spectra of the best score of each."""
        return float(np.min([s.score for s in self.structures], axis=0).sum())


def on_bench(
    skeleton: Skeleton,
    found: Sequence[Structure],
    spectra: Sequence[Spectrum],
    weights: Weights,
    *,
    one: bool,
) -> list[Structure]:
    """Return structures with the inductance of the leads and the stray capacitance that the data show.

    Parameters
    ----------
    skeleton : Skeleton
        The cell.
    found : sequence of Structure
        With a free inductance and no stray capacitance.
    spectra : sequence of Spectrum, length N
        What they are of.
    weights : Weights
        As in `fit`.
    one : bool
        Whether all spectra were measured on one bench.

    Notes
    -----
    Leads and cables are the same in all spectra of a series: whether they show, and how large the stray capacitance is,
    is decided by one value for all of them that lowers the sum of the scores by more than 9 (3 sigma), unless the
    template has the value of an empty holder. A stray capacitance needs 25 (5 sigma) where the fastest arc may be that
    of a dielectric: both hardly differ, and every solid has the dielectric. The inductance then is a parameter of each
    spectrum, so that its error counts where it lies near a resistance. In fewer than three spectra either is a
    parameter of each, if its score then falls by as much. No stray capacitance is sought where all parts of the cell
    are dielectrics.
    """
    unknown = not skeleton.stray_known
    moved = _moved(skeleton, found, spectra, weights) if unknown else found
    nothing = _tried(moved, 0.0, 0.0)
    if not (one and len(spectra) >= _FEWEST):
        return _free(nothing, stray=bool(skeleton.resistors) and unknown)
    best, lead = nothing, _with_lead(nothing)
    start = min(nothing, lead, key=lambda trial: trial.total)
    beside = _dielectric_shows(skeleton, nothing)
    for wanted in _CASES if skeleton.resistors and unknown else _CASES[1:2]:
        trial, errors = _settled(start if wanted[0] else nothing, wanted)
        values = np.array([trial.lead_h, trial.stray_f])
        sure = values > _SIGMAS * errors
        gain = ONE_MORE * sum(wanted) + (_BESIDE_DIELECTRIC if wanted[1] and beside else 0.0)
        if (sure == wanted).all() and trial.total < best.total - gain:
            best = trial
            if all(wanted):
                break
    found = _with_free_leads(_finished(best)) if best.lead_h else _finished(best)
    if not unknown:
        return found
    largest = DEFAULT.stray_sigma_f
    if not skeleton.resistors:
        largest = min(largest, DEFAULT.stray_share * _fastest_capacitance(best))
    sigma = _stray_sigma(best, largest)
    return [replace(s, stray_sigma_f=sigma) for s in found]


def _stray_sigma(best: _Trial, largest: float) -> float:
    """Return the error in F of the stray capacitance; what the series shows of one that is not in the circuit.

    That is `largest` at most, and so without a further look where already the curvature says as much.
    """
    if not best.stray_f and _first_stray_error(best) > largest:
        return float(largest)
    trial, errors = _settled(best, (best.lead_h > 0, True))
    if best.stray_f:
        return float(errors[1]) if np.isfinite(errors[1]) else 0.0
    return float(min(np.hypot(trial.stray_f, errors[1]), largest))


def _first_stray_error(best: _Trial) -> float:
    """Return the error in F of a stray capacitance by the curvature where there is none; 0 where it has none."""
    free = np.array([best.lead_h > 0, True])
    curvature, _ = _quadratic(best, np.maximum([best.lead_h, 0.0], _NEXT_TO_NOTHING))
    inner = curvature[np.ix_(free, free)]
    if np.linalg.cond(inner / np.sqrt(np.outer(np.diag(inner), np.diag(inner)))) > _SINGULAR:
        return 0.0
    return float(np.sqrt(np.linalg.inv(inner)[-1, -1]))


def _fastest_capacitance(best: _Trial) -> float:
    """Return F of the fastest arc (median over the spectra): the dielectric with what is beside it."""
    lowest = np.argmin([s.score for s in best.structures], axis=0)
    found = []
    for i, k in enumerate(lowest.tolist()):
        arcs, x = arcs_of(best.structures[k].problem), best.structures[k].x[i]
        if arcs:
            fastest = min(arcs, key=lambda arc: float(arc.log_tau(x)))
            found.append(float(fastest.log_capacitance(x)))
    return float(np.exp(np.median(found))) if found else np.inf


def _dielectric_shows(skeleton: Skeleton, trial: _Trial) -> bool:
    """Tell whether the fastest arc has the capacitance of a dielectric of the cell (median over the spectra)."""
    log_c = np.log(_fastest_capacitance(trial))
    return any(
        abs(log_c - float(np.median(label.middle))) < DEFAULT.range_sigmas * float(np.median(label.sigma))
        for label in skeleton.labels
        if label.role.may_fade
    )


def _with_free_leads(structures: Sequence[Structure]) -> list[Structure]:
    """Return structures in which the inductance is free, so that its error counts."""
    return [
        replace(free, score=np.where(np.isfinite(s.score), s.score, np.inf))
        for s, free in zip(structures, _freed(structures, (INDUCTANCE,)), strict=True)
    ]


def _column(problem: Problem, name: str) -> int:
    """Return the place of a quantity of the bench: the inductance stands first, whatever the template calls it."""
    return 0 if name == INDUCTANCE else problem.names.index(name)


def _moved(
    skeleton: Skeleton, found: Sequence[Structure], spectra: Sequence[Spectrum], weights: Weights
) -> list[Structure]:
    """Return structures in the circuit that has a stray capacitance, of no size; those of equal circuits share it."""
    problems: dict[int, Problem] = {}
    moved = []
    for s in found:
        count = len(arcs_of(s.problem))
        if count not in problems:
            problems[count] = pose(spectra, skeleton.with_arcs(count, stray=True), weights)
        problem = problems[count]
        x = np.concatenate([s.x, problem.lower[:, -1:]], axis=1)
        moved.append(replace(s, problem=problem, x=x, held=np.append(s.held, True)))
    return moved


def _tried(structures: Sequence[Structure], lead_h: float, stray_f: float) -> _Trial:
    """Return structures with given values of the bench; spectra for which one is far too poor keep their solution."""
    lowest = np.min([s.score for s in structures], axis=0)
    wanted = [s.score < lowest + _DROP for s in structures]
    placed = [_at(s, lead_h, stray_f) for s in structures]
    done = solved_together(structures, [x for x, _ in placed], [held for _, held in placed], wanted)
    found = []
    for s, rows, (_, held), (x, cost) in zip(structures, wanted, placed, done, strict=True):
        new = scored(s.problem, x, cost, held)
        known = np.isfinite(s.score)
        score = np.where(rows, new.score, np.where(known, np.maximum(s.score, new.score), np.inf))
        found.append(replace(new, score=score, lead_h=lead_h, stray_f=stray_f))
    return _Trial(lead_h, stray_f, found)


def _at(structure: Structure, lead_h: float, stray_f: float) -> tuple[Floats, Bools]:
    """Return the logarithms of a structure with given values of the bench, and what is held with them."""
    x, held = structure.x.copy(), structure.held.copy()
    for name, value in ((INDUCTANCE, lead_h), (STRAY, stray_f)):
        column = _column(structure.problem, name)
        if structure.problem.fixed[column]:
            continue  # a stray capacitance that is known
        x[:, column] = np.log(value) if value else structure.problem.lower[:, column]
        held[column] = True
    return x, held


def _settled(trial: _Trial, wanted: tuple[bool, bool]) -> tuple[_Trial, Floats]:
    """Return the trial with the best common inductance and stray capacitance, or one of them, and their errors (2,)."""
    free = np.array(wanted)
    errors = np.full(2, np.inf)
    for _ in range(_STEPS):
        values = np.array([trial.lead_h, trial.stray_f])
        curvature, slope = _quadratic(trial, np.where(values > 0, values, _NEXT_TO_NOTHING))
        inner = curvature[np.ix_(free, free)]
        if np.linalg.cond(inner / np.sqrt(np.outer(np.diag(inner), np.diag(inner)))) > _SINGULAR:
            break
        covariance = np.linalg.inv(inner)
        step = np.zeros(2)
        step[free] = -covariance @ slope[free]
        errors[free] = np.sqrt(np.diag(covariance))
        tried = []
        for part in (1.0, 0.3, 0.1):
            new = np.maximum(values + part * step, 0.0)
            tried.append(_tried(trial.structures, float(new[0]), float(new[1])))
            if tried[-1].total < trial.total:
                break
        if not tried[-1].total < trial.total:
            break
        trial = tried[-1]
        if np.all(np.abs(new - values)[free] < _CLOSE * errors[free]):
            break
    return trial, errors


def _with_lead(nothing: _Trial) -> _Trial:
    """Return the trial with the mean inductance of what the spectra show by themselves, weighted by their errors."""
    free = _freed(nothing.structures, (INDUCTANCE,))
    best = np.argmin([s.score for s in free], axis=0)
    shown = {
        k: covariance_of(s.problem, s.x, s.cost, np.broadcast_to(s.held, s.x.shape)).covariance_log
        for k, s in enumerate(free)
        if k in best
    }
    value, weight = np.zeros(best.size), np.zeros(best.size)
    for i, k in enumerate(best.tolist()):
        column = _column(free[k].problem, INDUCTANCE)
        variance = shown[k][i, column, column]
        value[i] = np.exp(free[k].x[i, column])
        weight[i] = 1 / (value[i] ** 2 * variance) if variance > 0 else 0.0
    return _tried(free, float(weight @ value / weight.sum()), 0.0) if weight.sum() > 0 else nothing


def _quadratic(trial: _Trial, values: Floats) -> tuple[Floats, Floats]:
    """Return curvature (2, 2) and slope (2,) of half the chi-square of all spectra by the values of the bench.

    All other parameters follow: what they can compensate counts for nothing.
    """
    best = np.argmin([s.score for s in trial.structures], axis=0)
    curvature, slope = np.zeros((2, 2)), np.zeros(2)
    for k in np.unique(best):
        s, rows = trial.structures[k], np.flatnonzero(best == k)
        bench = np.array([_column(s.problem, INDUCTANCE), _column(s.problem, STRAY)])
        x = s.x[rows].copy()
        x[:, bench] = np.where(s.problem.fixed[bench], x[:, bench], np.log(values))
        _, normal, gradient = normal_equations(s.problem, x, rows)
        others = np.flatnonzero(~(s.held | s.problem.fixed))
        for m, i in enumerate(rows):
            variance = 2 * s.cost[i] / s.problem.residuals_used[i]
            size = np.sqrt(np.maximum(np.diagonal(normal[m])[others], 1e-300))
            inner = normal[m][np.ix_(others, others)] / np.outer(size, size)
            cross = normal[m][np.ix_(bench, others)] / size
            own = normal[m][np.ix_(bench, bench)] - cross @ np.linalg.pinv(inner, rcond=1e-10) @ cross.T
            curvature += own / np.outer(values, values) / variance
            slope += gradient[m][bench] / values / variance
    return curvature, slope


def _finished(best: _Trial) -> list[Structure]:
    """Return all structures solved to the end with the values of the bench."""
    own = best.structures
    found = []
    for s, (x, cost) in zip(
        own, solved_together(own, [s.x for s in own], [s.held for s in own]), strict=True
    ):
        new = scored(s.problem, x, cost, s.held)
        score = np.where(np.isfinite(s.score), new.score, np.inf)
        found.append(replace(new, score=score, lead_h=s.lead_h, stray_f=s.stray_f))
    return found


def _free(nothing: _Trial, *, stray: bool) -> list[Structure]:
    """Return structures of independent spectra: with neither, with a free inductance, a stray capacitance, or both."""
    found = _finished(nothing)
    for freed in _CHOICES if stray else _CHOICES[:1]:
        found += _freed(nothing.structures, freed)
    return found


def _freed(structures: Sequence[Structure], names: Sequence[str]) -> list[Structure]:
    """Return structures in which values of the bench are free; each must better the score by 3 sigma."""
    placed = [_loosened(s, names) for s in structures]
    done = solved_together(structures, [x for x, _ in placed], [held for _, held in placed])
    found = []
    for s, (_, held), (x, cost) in zip(structures, placed, done, strict=True):
        new = scored(s.problem, x, cost, held)
        price = len(names) * np.maximum(ONE_MORE - np.log(s.problem.residuals_used), 0.0)
        score = np.where(np.isfinite(s.score), new.score + price, np.inf)
        lead = None if INDUCTANCE in names else s.lead_h
        stray = None if STRAY in names else s.stray_f
        found.append(replace(new, score=score, lead_h=lead, stray_f=stray))
    return found


def _loosened(structure: Structure, names: Sequence[str]) -> tuple[Floats, Bools]:
    """Return starts in which values of the bench are free, and what stays held."""
    x, held = structure.x.copy(), structure.held.copy()
    for name in names:
        column = _column(structure.problem, name)
        held[column] = False
        nothing = x[:, column] <= structure.problem.lower[:, column] + 1.0
        x[:, column] = np.where(nothing, np.log(1e-7 if name == INDUCTANCE else 1e-11), x[:, column])
    return x, held

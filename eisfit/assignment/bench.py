"""What the bench adds to every spectrum: the inductance of the leads and a stray capacitance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from eisfit.assignment.skeleton import INDUCTANCE, Skeleton
from eisfit.assignment.structures import ONE_MORE, Structure, arcs_of, scored
from eisfit.cell.templates import STRAY
from eisfit.engine.posing import pose
from eisfit.engine.problem import Problem
from eisfit.engine.solver import solve
from eisfit.options import Weights
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.frozen import Bools, Floats

_CHOICES = ((INDUCTANCE,), (STRAY,), (INDUCTANCE, STRAY))
_FEWEST = 3  # spectra from which the bench is taken to be the same in all
_AROUND = 1.3  # factor between the values by which the best one is refined
_REFINED = 2  # times
_DROP = 14.0  # score above the best from which a structure of a spectrum plays no part in this
_QUICK = 30  # iterations of one trial
_TOLERANCE = 1e-7


@dataclass(frozen=True)
class _Trial:
    """The structures with some inductance and some stray capacitance."""

    lead_h: float
    stray_f: float
    structures: list[Structure]

    @property
    def count(self) -> int:
        """How many of both there are."""
        return (self.lead_h > 0) + (self.stray_f > 0)

    @property
    def total(self) -> float:
        """Sum over the spectra of the best score of each."""
        return float(np.min([s.score for s in self.structures], axis=0).sum())


def on_bench(
    skeleton: Skeleton, found: Sequence[Structure], spectra: Sequence[Spectrum], weights: Weights, *, one: bool
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
    Leads and cables are the same in all spectra of a series: each gets the one value that suits all of them best, if
    the sum of the scores falls by more than 9 (3 sigma). In fewer than three spectra either is a parameter of each, if
    its score then falls by as much.
    """
    moved = [_moved(skeleton, s, spectra, weights) for s in found]
    nothing = _tried(moved, 0.0, 0.0)
    if not (one and len(spectra) >= _FEWEST):
        return _free(nothing)
    found = [nothing, *(_common(nothing, names) for names in _CHOICES)]
    return _finished(min(found, key=lambda trial: trial.total + ONE_MORE * trial.count))


def _moved(
    skeleton: Skeleton, structure: Structure, spectra: Sequence[Spectrum], weights: Weights
) -> Structure:
    """Return a structure in the circuit that has a stray capacitance, of no size."""
    old = structure.problem
    problem = pose(spectra, skeleton.with_arcs(len(arcs_of(old)), stray=True), weights)
    x = np.concatenate([structure.x, problem.lower[:, -1:]], axis=1)
    return replace(structure, problem=problem, x=x, held=np.append(structure.held, True))


def _tried(structures: Sequence[Structure], lead_h: float, stray_f: float) -> _Trial:
    """Return structures with given values of the bench."""
    lowest = np.min([s.score for s in structures], axis=0)
    return _Trial(lead_h, stray_f, [_with(s, lead_h, stray_f, s.score < lowest + _DROP) for s in structures])


def _with(structure: Structure, lead_h: float, stray_f: float, rows: Bools) -> Structure:
    """Return one structure with given values of the bench; other than some rows keep their solution."""
    problem, x, cost = structure.problem, structure.x.copy(), structure.cost.copy()
    held = structure.held.copy()
    for name, value in ((INDUCTANCE, lead_h), (STRAY, stray_f)):
        column = problem.names.index(name)
        x[:, column] = np.log(value) if value else problem.lower[:, column]
        held[column] = True
    index = np.flatnonzero(rows)
    if index.size:
        done = solve(
            problem,
            x[index],
            index,
            held=np.broadcast_to(held, (index.size, x.shape[1])),
            max_iterations=_QUICK,
            tolerance=_TOLERANCE,
        )
        x[index], cost[index] = done.x, done.cost
    new = scored(problem, x, cost, held)
    known = np.isfinite(structure.score)
    score = np.where(rows, new.score, np.where(known, np.maximum(structure.score, new.score), np.inf))
    return replace(new, score=score, lead_h=lead_h, stray_f=stray_f)


def _common(nothing: _Trial, names: Sequence[str]) -> _Trial:
    """Return the trial with the best common values of some quantities of the bench."""
    free = [_freed(s, names) for s in nothing.structures]
    best = np.argmin([s.score for s in free], axis=0)
    values = {INDUCTANCE: 0.0, STRAY: 0.0}
    for name in names:
        own = [float(free[k].x[i, free[k].problem.names.index(name)]) for i, k in enumerate(best)]
        values[name] = float(np.exp(np.median(own)))
    found = _tried(free, values[INDUCTANCE], values[STRAY])
    for _ in range(_REFINED):
        for name in names:
            found = _refined(found, "lead_h" if name == INDUCTANCE else "stray_f")
    return found


def _refined(found: _Trial, what: str) -> _Trial:
    """Return the trial with a better value of one quantity, where a parabola through three of them is lowest."""
    centre = getattr(found, what)
    sides = [_again(found, what, value) for value in (centre / _AROUND, centre * _AROUND)]
    top = _lowest_point([sides[0], found, sides[1]], what)
    third = [_again(found, what, top)] if top > 0 else []
    return min([found, *sides, *third], key=lambda trial: trial.total)


def _again(trial: _Trial, what: str, value: float) -> _Trial:
    values = {"lead_h": trial.lead_h, "stray_f": trial.stray_f} | {what: value}
    return _tried(trial.structures, values["lead_h"], values["stray_f"])


def _lowest_point(trials: Sequence[_Trial], what: str) -> float:
    """Return where the parabola through three totals is lowest; 0 where it has no lowest point nearby."""
    v = np.array([getattr(t, what) for t in trials])
    a, b, _ = np.polyfit(v / v[1], [t.total for t in trials], 2)
    lowest = -b / (2 * a) if a > 0 else 0.0
    return float(v[1] * lowest) if 0.3 < lowest < 3.0 else 0.0


def _finished(best: _Trial) -> list[Structure]:
    """Return all structures solved to the end with the values of the bench."""
    found = []
    for s in best.structures:
        rows = np.arange(s.problem.size)
        done = solve(s.problem, s.x, rows, held=np.broadcast_to(s.held, s.x.shape))
        new = scored(s.problem, done.x, done.cost, s.held)
        score = np.where(np.isfinite(s.score), new.score, np.inf)
        found.append(replace(new, score=score, lead_h=s.lead_h, stray_f=s.stray_f))
    return found


def _free(nothing: _Trial) -> list[Structure]:
    """Return structures of independent spectra: with neither, with a free inductance, with both free."""
    found = _finished(nothing)
    for freed in _CHOICES:
        found += [_freed(s, freed) for s in nothing.structures]
    return found


def _freed(structure: Structure, names: Sequence[str]) -> Structure:
    """Return a structure in which values of the bench are free; each must better the score by 3 sigma."""
    problem, held, x = structure.problem, structure.held.copy(), structure.x.copy()
    for name in names:
        column = problem.names.index(name)
        held[column] = False
        x[:, column] = np.log(1e-7 if name == INDUCTANCE else 1e-11)
    rows = np.arange(problem.size)
    done = solve(problem, x, rows, held=np.broadcast_to(held, x.shape))
    new = scored(problem, done.x, done.cost, held)
    price = len(names) * np.maximum(ONE_MORE - np.log(problem.residuals_used), 0.0)
    score = np.where(np.isfinite(structure.score), new.score + price, np.inf)
    lead = None if INDUCTANCE in names else 0.0
    stray = None if STRAY in names else 0.0
    return replace(new, score=score, lead_h=lead, stray_f=stray)

"""Solutions with every number of arcs, before any arc has a name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from eisfit.assignment.skeleton import INDUCTANCE, RESISTOR, SERIES_ARC, Skeleton
from eisfit.circuit.arc import Arc, arc_of
from eisfit.engine.posing import pose
from eisfit.engine.problem import Problem
from eisfit.engine.solver import solve
from eisfit.options import Weights
from eisfit.search.minima import minima_from_data
from eisfit.search.settings import DEFAULT
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.frozen import Bools, Floats, Ints

SUPPORTED = 14.16  # rise of the deviance by three parameters at the probability of 3 sigma, 0.27 %
RESISTOR_SUPPORTED = 9.0  # rise of the deviance at 3 sigma of one parameter
_SEARCHED = 2  # up to this number of arcs they are searched anew; further ones are put beside those found
_PLACES = 10  # time constants at which a further arc is tried
_APART = 2.0  # ln of the ratio of the time constants of the halves into which an arc is split
_NEIGHBOURS = (-2, -1, 1, 2)  # spectra of a series whose solution each other one is started from
_STRAY_F = (1e-12, 1e-10)  # capacitances parallel to the resistor that are tried
_QUICK = 40  # iterations while starts are compared
_MINIMA = 3  # minima of one number of arcs that are kept
_MINIMA_DROP = 10.0  # deviance above the best from which a minimum is dropped
_SAME = 0.2  # two minima are the same where no ln R and ln tau of their arcs differ by more
_WORTH_MORE = 2.0  # gain of the score by the last arc from which a further one is tried


@dataclass(frozen=True, eq=False)
class Structure:
    """The best solutions of N spectra with one number of arcs.

    Parameters
    ----------
    problem : Problem
        Of a lead, a resistor, the arcs, and the other segments.
    x, cost : ndarray, shapes (N, P) and (N,)
        Where the solver ended.
    held : ndarray of bool, shape (P,)
        Parameters of the lead or the resistor, where it is left out.
    score : ndarray, shape (N,)
        Bayesian information criterion; an arc costs at least what its support takes.
    """

    problem: Problem
    x: Floats
    cost: Floats
    held: Bools
    score: Floats

    @property
    def arcs(self) -> tuple[Arc, ...]:
        """Its arcs, in order of their segments."""
        return arcs_of(self.problem)

    @property
    def stray(self) -> bool:
        """Whether a capacitance lies parallel to the resistor."""
        return RESISTOR not in self.problem.names

    @property
    def resistor(self) -> int:
        """Place of the resistance of the resistor among the parameters."""
        return self.problem.names.index(f"{SERIES_ARC}_R" if self.stray else RESISTOR)

    @property
    def has_resistor(self) -> bool:
        """Whether the resistor takes part."""
        return not self.held[self.resistor]

    @property
    def has_lead(self) -> bool:
        """Whether the inductance of the leads takes part."""
        return not self.held[self.problem.names.index(INDUCTANCE)]


def arcs_of(problem: Problem) -> tuple[Arc, ...]:
    """Return the arcs without names of a skeleton."""
    labelled = [s for s in problem.template.path if s.segment.role == "unassigned"]
    found = [arc_of(s.node) for s in labelled]
    return tuple(arc for arc in found if arc is not None)


def structures_of(
    skeleton: Skeleton, spectra: Sequence[Spectrum], weights: Weights, *, seed: int, along_series: bool
) -> list[Structure]:
    """Return the solutions of N spectra for every number of arcs that any of them may ask for.

    Parameters
    ----------
    skeleton : Skeleton
        The cell.
    spectra : sequence of Spectrum, length N
        In the order of the series.
    weights : Weights
        As in `fit`.
    seed : int
        Of the drawn starts.
    along_series : bool
        Whether neighbours are the same cell, so that each is started from the other as well.

    Returns
    -------
    list of Structure
        Of one number of arcs there may be several, which differ in the minimum.

    Notes
    -----
    Arcs are added until no spectrum asks for a further one by the Bayesian information criterion (Schwarz 1978, doi
    10.1214/aos/1176344136). Whether the leads have an inductance is decided for all spectra at once.
    """
    found: list[Structure] = []
    lowest = np.full(len(spectra), np.inf)
    before: Structure | None = None
    for count in range(len(skeleton.labels) + 1):
        if 2 * min(int(s.used.sum()) for s in spectra) < 3 * count + 3:
            break
        problem = pose(spectra, skeleton.with_arcs(count), weights)
        ranks = _minima(problem, before, seed, along_series)
        found += ranks
        if count > 1 and not np.any(ranks[0].score < lowest - _WORTH_MORE):
            break
        before, lowest = ranks[0], np.minimum(lowest, ranks[0].score)
    return _reduced(skeleton, found, spectra, weights)


def _minima(problem: Problem, before: Structure | None, seed: int, along_series: bool) -> list[Structure]:
    """Return the best minima with one more arc than before, one structure for each rank."""
    count = len(arcs_of(problem))
    x, cost = np.empty((problem.size, 0, len(problem.names))), np.empty((problem.size, 0))
    if before is None or count <= _SEARCHED:
        minima = minima_from_data(problem, seed=seed)
        x, cost = minima.x, minima.cost
    if before is not None and count:
        x, cost = _joined(x, cost, *_stepped(problem, _extended(problem, before)))
    if along_series and problem.size > 1:
        best = x[np.arange(problem.size), np.argmin(cost, axis=1)]
        origin = np.arange(problem.size)[:, None] + np.array(_NEIGHBOURS)
        x, cost = _joined(x, cost, *_stepped(problem, best[np.clip(origin, 0, problem.size - 1)]))
    chosen = _distinct(problem, x, cost)
    place = np.argwhere(chosen >= 0)
    done = solve(problem, x[place[:, 0], chosen[chosen >= 0]], place[:, 0])
    x = np.repeat(x[:, :1], _MINIMA, axis=1)
    cost = np.full((problem.size, _MINIMA), np.inf)
    x[tuple(place.T)], cost[tuple(place.T)] = done.x, done.cost
    chosen = _distinct(problem, x, cost)
    rows, held = np.arange(problem.size), np.zeros(len(problem.names), bool)
    ranks = []
    for rank in range(_MINIMA):
        known, at = chosen[:, rank] >= 0, np.maximum(chosen[:, rank], 0)
        scored = _scored(problem, x[rows, at], cost[rows, at], held)
        ranks.append(replace(scored, score=np.where(known, scored.score, np.inf)))
    return [s for s in ranks if np.isfinite(s.score).any()]


def _joined(x: Floats, cost: Floats, more_x: Floats, more_cost: Floats) -> tuple[Floats, Floats]:
    return np.concatenate([x, more_x], axis=1), np.concatenate([cost, more_cost], axis=1)


def _stepped(problem: Problem, starts: Floats) -> tuple[Floats, Floats]:
    """Return where starts (N, K, P) lead in a few steps, and the costs there."""
    n, k, size = starts.shape
    rows = np.repeat(np.arange(n), k)
    found = solve(problem, starts.reshape(-1, size), rows, max_iterations=_QUICK, tolerance=DEFAULT.selection)
    return found.x.reshape(n, k, size), found.cost.reshape(n, k)


def _distinct(problem: Problem, x: Floats, cost: Floats) -> Ints:
    """Return the places of the best minima (N, ranks) that differ in their arcs; -1 where there are fewer."""
    chosen = np.full((problem.size, _MINIMA), -1)
    for i in range(problem.size):
        deviance = problem.deviance(cost[i], np.full(cost.shape[1], i))
        shapes: list[Floats] = []
        for k in np.argsort(deviance, kind="stable"):
            if len(shapes) == _MINIMA or deviance[k] > deviance.min() + _MINIMA_DROP:
                break
            shape = _shape(problem, x[i, k])
            if not shapes or (shape.size and all(np.abs(shape - other).max() > _SAME for other in shapes)):
                chosen[i, len(shapes)] = k
                shapes.append(shape)
    return chosen


def _shape(problem: Problem, x: Floats) -> Floats:
    """Return ln R and ln tau of the arcs, the fastest first."""
    values = np.array([(arc.log_tau(x), x[arc.resistance]) for arc in arcs_of(problem)]).reshape(-1, 2)
    return np.asarray(values[np.argsort(values[:, 0])].ravel())


def _extended(problem: Problem, before: Structure) -> Floats:
    """Return starts (N, K, P): the solutions before with one more arc, put anywhere or split off another one."""
    old, new = before.problem.names, problem.names
    base = 0.5 * (problem.lower + problem.upper)
    for name in old:
        base[:, new.index(name)] = before.x[:, old.index(name)]
    *known, added = arcs_of(problem)
    starts = []
    low_hz, high_hz = problem.window_hz()
    largest = np.log(np.abs(problem.z_ohm).max(axis=1))
    for part in np.linspace(0.0, 1.0, _PLACES):
        log_tau = -np.log(2 * np.pi) - (1 - part) * np.log(2 * high_hz) - part * np.log(low_hz / 2)
        starts.append(_put(base, added, largest - 3.0, log_tau))
    for arc in known:
        half = base[:, arc.resistance] - np.log(2.0)
        middle = arc.log_tau(base)
        split = _put(base, added, half, middle + 0.5 * _APART)
        split = arc.with_log_tau(arc.with_log_resistance(split, half), middle - 0.5 * _APART)
        starts.append(split)
    return np.stack(starts, axis=1)


def _put(base: Floats, arc: Arc, log_r: Floats, log_tau: Floats) -> Floats:
    out = base.copy()
    if arc.exponent is not None:
        out[:, arc.exponent] = np.log(0.9)
    return arc.with_log_tau(arc.with_log_resistance(out, log_r), log_tau)


def _scored(problem: Problem, x: Floats, cost: Floats, held: Bools) -> Structure:
    n, rows = problem.residuals_used, np.arange(problem.size)
    arcs = arcs_of(problem)
    free = np.count_nonzero(~(problem.fixed | held)) - sum(len(arc.columns) for arc in arcs)
    per_arc = sum(np.maximum(len(arc.columns) * np.log(n), SUPPORTED) for arc in arcs)
    score = problem.deviance(cost, rows) + free * np.log(n) + per_arc
    return Structure(problem, x, cost, held, score)


def _reduced(
    skeleton: Skeleton, found: list[Structure], spectra: Sequence[Spectrum], weights: Weights
) -> list[Structure]:
    """Return the structures with and without the resistor; without the lead where the series does not show it."""
    without_lead = [_without(s, INDUCTANCE) for s in found]
    with_it, without_it = (float(np.min([s.score for s in group], axis=0).sum()) for group in (found, without_lead))
    chosen = found if with_it < without_it else without_lead
    if skeleton.may_have_resistor:
        chosen = chosen + _priced(chosen, [_with_stray(skeleton, s, spectra, weights) for s in chosen])
    if skeleton.resistors:
        return chosen
    bare = [_without(s, RESISTOR) for s in chosen if arcs_of(s.problem) and not s.stray]
    if not skeleton.may_have_resistor:
        return bare
    return bare + [replace(s, score=s.score + _resistor_price(s)) for s in chosen]


def _priced(plain: Sequence[Structure], stray: Sequence[Structure]) -> list[Structure]:
    """Return structures with a capacitance parallel to the resistor: where the series does not ask for one, a single
    spectrum must do so by three sigma."""
    without, with_it = (np.min([s.score for s in group], axis=0) for group in (plain, stray))
    if np.minimum(with_it - without, 0.0).sum() < 0 and (with_it - without).sum() < 0:
        return list(stray)
    return [replace(s, score=s.score + _resistor_price(s)) for s in stray]


def _with_stray(
    skeleton: Skeleton, structure: Structure, spectra: Sequence[Spectrum], weights: Weights
) -> Structure:
    """Return the structure with a capacitance parallel to its resistor."""
    old = structure.problem
    problem = pose(spectra, skeleton.with_arcs(len(arcs_of(old)), stray=True), weights)
    rows, names = np.arange(problem.size), problem.names
    x, held = np.empty((problem.size, len(names))), np.zeros(len(names), bool)
    for k, name in enumerate(names):
        if name in old.names:
            x[:, k], held[k] = structure.x[:, old.names.index(name)], structure.held[old.names.index(name)]
    resistance, tau = names.index(f"{SERIES_ARC}_R"), names.index(f"{SERIES_ARC}_tau")
    x[:, resistance] = structure.x[:, old.names.index(RESISTOR)]
    starts = np.repeat(x[:, None], len(_STRAY_F), axis=1)
    starts[:, :, tau] = x[:, resistance, None] + np.log(_STRAY_F)
    flat = starts.reshape(-1, x.shape[1])
    each = np.repeat(rows, len(_STRAY_F))
    found = solve(problem, flat, each, held=np.broadcast_to(held, flat.shape), max_iterations=_QUICK)
    best = np.argmin(found.cost.reshape(problem.size, -1), axis=1)
    start = found.x.reshape(problem.size, len(_STRAY_F), -1)[rows, best]
    done = solve(problem, start, rows, held=np.broadcast_to(held, x.shape))
    scored = _scored(problem, done.x, done.cost, held)
    return replace(scored, score=np.where(np.isfinite(structure.score), scored.score, np.inf))


def _resistor_price(structure: Structure) -> Floats:
    """Return by how much more a parameter must better the score that the cell as a rule lacks: it takes three sigma."""
    return np.asarray(np.maximum(RESISTOR_SUPPORTED - np.log(structure.problem.residuals_used), 0.0))


def _without(structure: Structure, name: str) -> Structure:
    """Return the structure with one parameter held at nothing."""
    problem = structure.problem
    held = structure.held.copy()
    column = problem.names.index(name)
    held[column] = True
    x = structure.x.copy()
    x[:, column] = problem.lower[:, column]
    done = solve(problem, x, np.arange(problem.size), held=np.broadcast_to(held, x.shape))
    scored = _scored(problem, done.x, done.cost, held)
    return replace(scored, score=np.where(np.isfinite(structure.score), scored.score, np.inf))

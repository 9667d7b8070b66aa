"""Solutions with every number of arcs, before any arc has a name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from eisfit.assignment.skeleton import RESISTOR, Skeleton
from eisfit.circuit.arc import Arc, arc_of
from eisfit.engine.posing import pose
from eisfit.engine.problem import Problem
from eisfit.engine.solver import solve
from eisfit.options import Weights
from eisfit.search.minima import minima_from_data
from eisfit.search.settings import DEFAULT
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.frozen import Bools, Floats, Ints
from eisfit.tools.progress import Told, untold

SUPPORTED = 14.16  # rise of the deviance by three parameters at the probability of 3 sigma, 0.27 %
ONE_MORE = 9.0  # rise of the deviance by one parameter at 3 sigma
_SEARCHED = 2  # up to this number of arcs they are searched anew; further ones are put beside those found
_SEARCH, _EXTENDED = (
    0.8,
    0.5,
)  # shares of the time for a number of arcs: its search, and all of it without one
_PLACES = 10  # time constants at which a further arc is tried
_APART = 2.0  # ln of the ratio of the time constants of the halves into which an arc is split
_NEIGHBOURS = (-2, -1, 1, 2)  # spectra of a series whose solution each other one is started from
_QUICK = 40  # iterations while starts are compared
_LONG, _TOLERANCE = 80, 1e-7  # and of the minima that are kept
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
    lead_h, stray_f : float or None
        Inductance and stray capacitance of the bench, 0 for none; None where they are free.
    stray_sigma_f : float
        Standard deviation of the stray capacitance, which is common to a series and fixed, or not in the circuit.
    circuit_arcs : tuple of Arc
        Of a bare circuit, which is no skeleton: the arcs that may change places.
    """

    problem: Problem
    x: Floats
    cost: Floats
    held: Bools
    score: Floats
    lead_h: float | None = None
    stray_f: float | None = 0.0
    stray_sigma_f: float = 0.0
    circuit_arcs: tuple[Arc, ...] = ()

    @property
    def arcs(self) -> tuple[Arc, ...]:
        """Its arcs, in order of their segments."""
        return self.circuit_arcs or arcs_of(self.problem)

    @property
    def resistor(self) -> int | None:
        """Place of the resistance of the resistor among the parameters; None for a bare circuit."""
        return None if self.circuit_arcs else self.problem.names.index(RESISTOR)

    @property
    def has_resistor(self) -> bool:
        """Whether the resistor takes part."""
        return self.resistor is not None and not self.held[self.resistor]


def arcs_of(problem: Problem) -> tuple[Arc, ...]:
    """Return the arcs without names of a skeleton."""
    labelled = [s for s in problem.template.path if s.segment.role == "unassigned"]
    found = [arc_of(s.node) for s in labelled]
    return tuple(arc for arc in found if arc is not None)


def structures_of(
    skeleton: Skeleton,
    spectra: Sequence[Spectrum],
    weights: Weights,
    *,
    seed: int,
    along_series: bool,
    told: Told = untold,
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
    told : callable
        Called with what is done, how much of it is done, and how much there is.

    Returns
    -------
    list of Structure
        Of one number of arcs there may be several, which differ in the minimum.

    Notes
    -----
    Arcs are added until no spectrum asks for a further one by the Bayesian information criterion (Schwarz 1978, doi
    10.1214/aos/1176344136).
    """
    found: list[Structure] = []
    lowest = np.full(len(spectra), np.inf)
    before: Structure | None = None
    n = len(spectra)
    ends = np.cumsum(
        [0, *(n if k <= _SEARCHED else n * _EXTENDED for k in range(1, len(skeleton.labels) + 1))]
    )
    for count in range(len(skeleton.labels) + 1):
        if 2 * min(int(s.used.sum()) for s in spectra) < 3 * count + 3:
            break
        begun = int(ends[max(count - 1, 0)])

        def searched(spectra: int, begun: int = begun) -> None:
            told(f"looking for arcs in {n} spectra", begun + int(_SEARCH * spectra), int(ends[-1]))

        searched(0)
        problem = pose(spectra, skeleton.with_arcs(count), weights)
        ranks = _minima(problem, before, seed, along_series, searched)
        found += ranks
        if count > 1 and not np.any(ranks[0].score < lowest - _WORTH_MORE):
            break
        before, lowest = ranks[0], np.minimum(lowest, ranks[0].score)
    return found


def _minima(
    problem: Problem,
    before: Structure | None,
    seed: int,
    along_series: bool,
    searched: Callable[[int], object],
) -> list[Structure]:
    """Return the best minima with one more arc than before, one structure for each rank."""
    count = len(arcs_of(problem))
    x, cost = np.empty((problem.size, 0, len(problem.names))), np.empty((problem.size, 0))
    if before is None or count <= _SEARCHED:
        minima = minima_from_data(problem, seed=seed, searched=searched if count else None)
        x, cost = minima.x, minima.cost
    if before is not None and count:
        x, cost = _joined(x, cost, *_stepped(problem, _extended(problem, before)))
    if along_series and problem.size > 1:
        best = x[np.arange(problem.size), np.argmin(cost, axis=1)]
        origin = np.arange(problem.size)[:, None] + np.array(_NEIGHBOURS)
        x, cost = _joined(x, cost, *_stepped(problem, best[np.clip(origin, 0, problem.size - 1)]))
    chosen = _distinct(problem, x, cost)
    place = np.argwhere(chosen >= 0)
    done = solve(
        problem, x[place[:, 0], chosen[chosen >= 0]], place[:, 0], max_iterations=_LONG, tolerance=_TOLERANCE
    )
    x = np.repeat(x[:, :1], _MINIMA, axis=1)
    cost = np.full((problem.size, _MINIMA), np.inf)
    x[tuple(place.T)], cost[tuple(place.T)] = done.x, done.cost
    chosen = _distinct(problem, x, cost)
    rows, held = np.arange(problem.size), np.zeros(len(problem.names), bool)
    ranks = []
    for rank in range(_MINIMA):
        known, at = chosen[:, rank] >= 0, np.maximum(chosen[:, rank], 0)
        ranked = scored(problem, x[rows, at], cost[rows, at], held)
        ranks.append(replace(ranked, score=np.where(known, ranked.score, np.inf)))
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


def scored(problem: Problem, x: Floats, cost: Floats, held: Bools) -> Structure:
    """Return solutions (N, P) with their scores."""
    n, rows = problem.residuals_used, np.arange(problem.size)
    arcs = arcs_of(problem)
    free = np.count_nonzero(~(problem.fixed | held)) - sum(len(arc.columns) for arc in arcs)
    per_arc = sum(np.maximum(len(arc.columns) * np.log(n), SUPPORTED) for arc in arcs)
    score = problem.deviance(cost, rows) + free * np.log(n) + per_arc
    return Structure(problem, x, cost, held, score)

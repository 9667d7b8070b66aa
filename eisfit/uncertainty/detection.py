"""Remove segments that the data do not support."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from eisfit.circuit.arc import Arc, arc_of, dc_resistance
from eisfit.circuit.circuit import span
from eisfit.engine.levenberg_marquardt import Solution
from eisfit.engine.problem import Problem
from eisfit.engine.solver import solve
from eisfit.tools.frozen import Bools, Floats
from eisfit.tools.quotients import SMALLEST_DIVISOR
from eisfit.uncertainty.covariance import Confidence, covariance_of
from eisfit.uncertainty.unknown_changes import Common, Hidden, stray_change, with_changes_of_z

SUSPECT = 0.15  # relative standard error from which a segment is tested against its absence
DETECTED_BELOW = 1 / 3  # relative standard error below which a resistor is detected: 3 standard errors
NOT_SUPPORTED = 14.16  # rise of chi-square by three parameters at the probability of 3 sigma, 0.27 %
DECIDED = 2.0  # difference of the score from which one of two removable segments is clearly the one to remove


@dataclass(frozen=True)
class Detected:
    """Solutions without the segments that the data do not support.

    Parameters
    ----------
    x : ndarray, shape (N, P)
        Logarithms of the parameters; the resistance of a removed segment is negligible.
    cost : ndarray, shape (N,)
        Half the sum of squares.
    undetected : ndarray of bool, shape (N, S)
        Segments on the path that the data do not support.
    held : ndarray of bool, shape (N, P)
        Parameters of the arcs among them, which were removed and stay where they are.
    undecided : frozenset of (int, tuple of int)
        Spectrum and segments of which one is not supported, while the data leave open which.
    confidence : Confidence
        Of the parameters that are left.
    converged : ndarray of bool, shape (N,)
        Whether the last solution without a segment converged; true where none was removed.
    """

    x: Floats
    cost: Floats
    undetected: Bools
    held: Bools
    undecided: frozenset[tuple[int, tuple[int, ...]]]
    confidence: Confidence
    converged: Bools


@dataclass(frozen=True)
class _Part:
    number: int
    parameters: slice
    resistance: int
    arc: Arc | None

    @property
    def size(self) -> int:
        """Number of its parameters."""
        return int(self.parameters.stop - self.parameters.start)


def detect(problem: Problem, x: Floats, cost: Floats) -> Detected:
    """Remove, one by one, the segments whose absence the data allow.

    Parameters
    ----------
    problem : Problem
        N spectra.
    x, cost : ndarray, shapes (N, P) and (N,)
        Minimum of each.

    Notes
    -----
    A segment whose resistance has a relative error of 0.15 or more is tested, together with those of the same
    circuit, which may take its place. It is removed where chi-square then rises by less than 14.16. Where several
    segments could be removed, the data leave open which; then the number of parameters saved and the expected
    capacitances decide, if they clearly prefer one (as in the Bayesian information criterion). Else one is
    removed on behalf of all, and only their sum is determined. An undetected resistor stays in the fit, where it is
    a regular parameter, and the errors of the others allow for it; an arc without resistance would leave its time
    constant to the noise.
    """
    parts = removable_parts(problem)
    undetected = np.zeros((problem.size, len(problem.template.path)), bool)
    held = np.zeros(x.shape, bool)
    converged = np.ones(problem.size, bool)
    confidence = covariance_of(problem, x, cost)
    undecided: set[tuple[int, tuple[int, ...]]] = set()
    settled: set[int] = set()
    for _ in parts[1:]:
        suspects = [
            (i, p)
            for i in _with_poor_part(parts, confidence)
            if i not in settled
            for p in _suspects(parts, confidence, undetected, i)
        ]
        if not suspects:
            break
        tried = _without(problem, x, held, suspects, parts, undetected)
        taken, open_groups = _taken(problem, confidence, cost, suspects, tried)
        undecided |= open_groups
        settled |= set(range(problem.size)) - {suspects[k][0] for k in taken} | {i for i, _ in open_groups}
        x, cost = x.copy(), cost.copy()
        for k in taken:
            i, part = suspects[k]
            undetected[i, part.number] = True
            if part.size > 1:
                x[i], cost[i], converged[i] = tried.x[k], tried.cost[k], tried.converged[k]
                held[i, part.parameters] = True
        confidence = covariance_of(problem, x, cost, held)
        undetected = _without_determined_resistors(parts, confidence, undetected)
    return Detected(x, cost, undetected, held, frozenset(undecided), confidence, converged)


def with_detected(
    problem: Problem,
    solution: Solution,
    held: Bools,
    undecided: frozenset[tuple[int, tuple[int, ...]]],
    stray_sigma_f: float = 0.0,
    hidden: Sequence[Hidden] = (),
    common: Common | None = None,
) -> Detected:
    """Return solutions without the arcs that are known to be absent.

    Parameters
    ----------
    problem : Problem
        N spectra.
    solution : Solution
        Their minima without these arcs.
    held : ndarray of bool, shape (N, P)
        The parameters of these arcs.
    undecided : frozenset of (int, tuple of int)
        Spectrum and segments of which only the sum is known.
    stray_sigma_f : float
        Standard deviation in F of a stray capacitance that is fixed, or not in the circuit.
    hidden : sequence of Hidden, length N, optional
        The arcs above the window that a resistor stands for.
    common : Common, optional
        What the series leaves open of both, in place of `stray_sigma_f`.
    """
    confidence = covariance_of(problem, solution.x, solution.cost, held)
    if common is not None:
        changes = common.changes(problem, solution.x, hidden)
    else:
        changes = [stray_change(problem, solution.x, stray_sigma_f)] if stray_sigma_f else []
    learned = [False] * len(changes)
    if any(one.of_one for one in hidden):
        changes.append(np.stack([one.change(problem, solution.x, i) for i, one in enumerate(hidden)]))
        learned.append(True)
    if changes:
        confidence = with_changes_of_z(problem, solution.x, confidence, changes, learned=learned)
    undetected = np.zeros((problem.size, len(problem.template.path)), bool)
    for part in removable_parts(problem):
        absent = held[:, part.parameters].all(axis=1)
        if part.size == 1:
            variance = np.nan_to_num(
                confidence.covariance_log[:, part.resistance, part.resistance], nan=np.inf
            )
            absent = absent | (np.sqrt(variance) >= DETECTED_BELOW)
        undetected[:, part.number] = absent
    return Detected(solution.x, solution.cost, undetected, held, undecided, confidence, solution.converged)


def _without_determined_resistors(parts: list[_Part], confidence: Confidence, undetected: Bools) -> Bools:
    """Return what is undetected without the resistors that became well determined when an arc was removed.

    A resistor and an arc far above the window can stand for each other; without the arc the resistor is needed.
    One of more than 3 standard errors is detected in any case.
    """
    left = undetected.copy()
    for part in parts:
        if part.size == 1:
            for i in np.flatnonzero(undetected[:, part.number]):
                error = _relative_error(confidence, int(i), part.resistance)
                left[i, part.number] = not 0 < error < DETECTED_BELOW
    return left


def removable_parts(problem: Problem) -> list[_Part]:
    """Return the segments on the path whose resistance is one free parameter, which no other segment follows."""
    bound = problem.fixed if problem.ties is None else problem.fixed | problem.ties.masters
    found = []
    probe = np.ones((1, len(problem.names)))
    for number, on_path in enumerate(problem.template.path):
        resistance, gradient = dc_resistance(on_path.node, probe)
        index = np.flatnonzero(gradient[0])
        if np.isfinite(resistance[0]) and index.size == 1 and not bound[index[0]]:
            found.append(_Part(number, span(on_path.node), int(index[0]), arc_of(on_path.node)))
    return found


def _suspects(parts: list[_Part], confidence: Confidence, undetected: Bools, i: int) -> list[_Part]:
    """Return the segments of a spectrum that are poorly determined, and those with as many parameters."""
    present = [p for p in parts if not undetected[i, p.number]]
    bad = [p for p in present if _relative_error(confidence, i, p.resistance) >= SUSPECT]
    sizes = {p.size for p in bad if p.size > 1}
    return [p for p in present if p in bad or p.size in sizes]


def _with_poor_part(parts: list[_Part], confidence: Confidence) -> list[int]:
    """Return the spectra with a segment that is poorly determined: those that may have a suspect."""
    resistances = [p.resistance for p in parts]
    variance = np.diagonal(confidence.covariance_log, axis1=1, axis2=2)[:, resistances]
    with np.errstate(invalid="ignore"):
        poor = np.isfinite(variance) & (np.sqrt(variance) >= SUSPECT)
    found: list[int] = np.flatnonzero(poor.any(axis=1)).tolist()
    return found


def _relative_error(confidence: Confidence, i: int, k: int) -> float:
    variance = confidence.covariance_log[i, k, k]
    return float(np.sqrt(variance)) if np.isfinite(variance) else 0.0


def _without(
    problem: Problem,
    x: Floats,
    held: Bools,
    suspects: list[tuple[int, _Part]],
    parts: list[_Part],
    undetected: Bools,
) -> Solution:
    """Return the best solution without each of M suspects."""
    starts, rows, kept, owner = [], [], [], []
    for number, (i, part) in enumerate(suspects):
        heirs = [p for p in parts if p is not part and not undetected[i, p.number]]
        for heir in (None, *heirs):
            start = x[i].copy()
            if heir is not None:
                start = _with_resistance(
                    start, heir, np.logaddexp(x[i, heir.resistance], x[i, part.resistance])
                )
                starts.append(_swapped(start, x[i], part, heir, problem.lower[i]))
                rows.append(i)
                kept.append(held[i] | parameter_flags(part, x.shape[1]))
                owner.append(number)
            starts.append(_with_resistance(start, part, problem.lower[i, part.resistance]))
            rows.append(i)
            kept.append(held[i] | parameter_flags(part, x.shape[1]))
            owner.append(number)
    found = solve(problem, np.array(starts), np.array(rows), held=np.array(kept), max_iterations=80)
    score = problem.deviance(found.cost, np.array(rows)) + problem.capacitance_penalty(
        found.x, np.array(rows)
    )
    order = np.lexsort((score, np.array(owner)))
    first = order[np.searchsorted(np.array(owner)[order], np.arange(len(suspects)))]
    return found.rows(first)


def _swapped(start: Floats, x: Floats, part: _Part, heir: _Part, lower: Floats) -> Floats:
    """Return a start in which the heir takes the place of the removed segment in frequency, if they are alike."""
    out = start.copy()
    log_r = np.logaddexp(x[part.resistance], x[heir.resistance])
    if part.arc is not None and heir.arc is not None:
        if part.arc.may_become(heir.arc):
            out = _with_resistance(heir.arc.with_values_of(out, part.arc, x), heir, log_r)
    elif part.size == heir.size:
        out[heir.parameters] = x[part.parameters]
        out[heir.resistance] = log_r
    return _with_resistance(out, part, lower[part.resistance])


def _with_resistance(x: Floats, part: _Part, log_r: float) -> Floats:
    """Return x (P,) with another resistance of a part; an arc keeps its time constant."""
    if part.arc is not None:
        return part.arc.with_log_resistance(x, log_r)
    out = x.copy()
    out[part.resistance] = log_r
    return out


def parameter_flags(part: _Part, size: int) -> Bools:
    """Return which of all parameters belong to a segment."""
    flags = np.zeros(size, bool)
    flags[part.parameters] = True
    return flags


def _taken(
    problem: Problem,
    confidence: Confidence,
    cost: Floats,
    suspects: list[tuple[int, _Part]],
    tried: Solution,
) -> tuple[list[int], set[tuple[int, tuple[int, ...]]]]:
    """Return which suspects to remove, at most one of each spectrum, and where the data leave open which."""
    rows = np.array([i for i, _ in suspects])
    rise = 2 * (tried.cost - cost[rows]) / np.maximum(confidence.variance[rows], SMALLEST_DIVISOR)
    saved = np.array([p.size for _, p in suspects]) * np.log(problem.residuals_used[rows])
    score = problem.deviance(tried.cost, rows) + problem.capacitance_penalty(tried.x, rows) - saved
    taken: list[int] = []
    undecided: set[tuple[int, tuple[int, ...]]] = set()
    for i in np.unique(rows):
        allowed = sorted(np.flatnonzero((rows == i) & (rise < NOT_SUPPORTED)), key=lambda k: float(score[k]))
        close = [int(k) for k in allowed if score[k] - score[allowed[0]] < DECIDED]
        taken += close[:1]
        if len(close) > 1:
            undecided.add((int(i), tuple(sorted(suspects[k][1].number for k in close))))
    return taken, undecided

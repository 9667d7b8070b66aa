"""What is not there: parts that the data do not ask for are taken out, and limited from above."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from eisfit.circuit.arc import Arc, arc_of, dc_resistance
from eisfit.circuit.circuit import span
from eisfit.engine.problem import Problem
from eisfit.engine.solver import solve
from eisfit.tools.frozen import Bools, Floats
from eisfit.uncertainty.covariance import Confidence, covariance_of

SUSPECT = 0.15  # from this relative standard error on, a part is tested against its absence
SEEN = 1 / 3  # below this one a resistor is seen: 3 standard errors
NOT_THERE = 14.16  # rise of chi-square by three parameters at the probability of 3 sigma, 0.27 %
DECIDED = 2.0  # two parts that could both be missing: by how much one must be the likelier to be so


@dataclass(frozen=True)
class Detected:
    """Solutions without the parts that the data do not ask for.

    Parameters
    ----------
    x : ndarray, shape (N, P)
        Logarithms of the parameters; the resistance of a missing part is negligible.
    cost : ndarray, shape (N,)
        Half the sum of squares.
    missing : ndarray of bool, shape (N, S)
        Which segments seen are not there, as far as the data tell.
    absent : ndarray of bool, shape (N, P)
        Parameters of the arcs among them, which were taken out.
    undecided : frozenset of (int, tuple of int)
        Spectrum and segments of which one is not there, but the data leave open which.
    confidence : Confidence
        Of the parameters that are left.
    at_rest : ndarray of bool, shape (N,)
        Whether the last solution without a part came to rest; true where none was taken out.
    """

    x: Floats
    cost: Floats
    missing: Bools
    absent: Bools
    undecided: frozenset[tuple[int, tuple[int, ...]]]
    confidence: Confidence
    at_rest: Bools


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
    """Take out, one by one, the parts whose absence the data allow.

    Parameters
    ----------
    problem : Problem
        N spectra.
    x, cost : ndarray, shapes (N, P) and (N,)
        Minimum of each.

    Notes
    -----
    A part with a relative error of its resistance from 0.15 on is tested together with those like it, which may
    take its place. It is taken out where chi-square then rises by less than 14.16. Where several parts could be
    taken out, the data leave open which; then the number of parameters saved and the soft ranges of the
    capacitances decide if they clearly prefer one (as in the Bayesian information criterion), else one is taken
    out in the name of all, and only their sum is known. A resistor that is not there keeps its place in the fit, where
    it is a regular parameter, and the others allow for it; an arc of no size would leave its time constant to
    the noise.
    """
    parts = removable_parts(problem)
    missing = np.zeros((problem.size, len(problem.template.path)), bool)
    absent = np.zeros(x.shape, bool)
    at_rest = np.ones(problem.size, bool)
    confidence = covariance_of(problem, x, cost)
    undecided: set[tuple[int, tuple[int, ...]]] = set()
    settled: set[int] = set()
    for _ in parts[1:]:
        suspects = [
            (i, p)
            for i in range(problem.size)
            if i not in settled
            for p in _suspects(parts, confidence, missing, i)
        ]
        if not suspects:
            break
        tried_x, tried_cost, tried_rest = _without(problem, x, absent, suspects, parts, missing)
        taken, open_groups = _taken(problem, confidence, cost, suspects, tried_x, tried_cost)
        undecided |= open_groups
        settled |= set(range(problem.size)) - {suspects[k][0] for k in taken} | {i for i, _ in open_groups}
        x, cost = x.copy(), cost.copy()
        for k in taken:
            i, part = suspects[k]
            missing[i, part.number] = True
            if part.size > 1:
                x[i], cost[i], at_rest[i] = tried_x[k], tried_cost[k], tried_rest[k]
                absent[i, part.parameters] = True
        confidence = covariance_of(problem, x, cost, absent)
        _back_again(parts, confidence, missing)
    return Detected(x, cost, missing, absent, frozenset(undecided), confidence, at_rest)


def _back_again(parts: list[_Part], confidence: Confidence, missing: Bools) -> None:
    """Count resistors as there again, in place, that became well known when an arc was taken out.

    A resistor and an arc far above the window can stand for each other; without the arc it is needed. One of more
    than 3 standard errors is there in any case.
    """
    for part in parts:
        if part.size == 1:
            for i in np.flatnonzero(missing[:, part.number]):
                error = _relative_error(confidence, int(i), part.resistance)
                missing[i, part.number] = not 0 < error < SEEN


def removable_parts(problem: Problem) -> list[_Part]:
    """Return the segments seen whose resistance is one free parameter."""
    found = []
    probe = np.ones((1, len(problem.names)))
    for number, on_path in enumerate(problem.template.path):
        resistance, gradient = dc_resistance(on_path.node, probe)
        index = np.flatnonzero(gradient[0])
        if np.isfinite(resistance[0]) and index.size == 1 and not problem.fixed[index[0]]:
            found.append(_Part(number, span(on_path.node), int(index[0]), arc_of(on_path.node)))
    return found


def _suspects(parts: list[_Part], confidence: Confidence, missing: Bools, i: int) -> list[_Part]:
    """Return the parts of a spectrum that are badly known, and those that are built like them."""
    there = [p for p in parts if not missing[i, p.number]]
    bad = [p for p in there if _relative_error(confidence, i, p.resistance) >= SUSPECT]
    sizes = {p.size for p in bad if p.size > 1}
    return [p for p in there if p in bad or p.size in sizes]


def _relative_error(confidence: Confidence, i: int, k: int) -> float:
    variance = confidence.covariance_log[i, k, k]
    return float(np.sqrt(variance)) if np.isfinite(variance) else 0.0


def _without(
    problem: Problem,
    x: Floats,
    absent: Bools,
    suspects: list[tuple[int, _Part]],
    parts: list[_Part],
    missing: Bools,
) -> tuple[Floats, Floats, Bools]:
    """Return the best solution without each suspect, (M, P), (M,), and whether it came to rest."""
    starts, rows, held, owner = [], [], [], []
    for number, (i, part) in enumerate(suspects):
        heirs = [p for p in parts if p is not part and not missing[i, p.number]]
        for heir in (None, *heirs):
            start, still = x[i].copy(), absent[i].copy()
            if heir is not None:
                start = _with_resistance(
                    start, heir, np.logaddexp(x[i, heir.resistance], x[i, part.resistance])
                )
                starts.append(_swapped(start, x[i], part, heir, problem))
                rows.append(i)
                held.append(still | parameter_flags(part, x.shape[1]))
                owner.append(number)
            starts.append(_with_resistance(start, part, problem.lower[i, part.resistance]))
            rows.append(i)
            held.append(still | parameter_flags(part, x.shape[1]))
            owner.append(number)
    found = solve(problem, np.array(starts), np.array(rows), held=np.array(held), max_iterations=80)
    score = problem.deviance(found.cost, np.array(rows)) + problem.capacitance_penalty(
        found.x, np.array(rows)
    )
    order = np.lexsort((score, np.array(owner)))
    first = order[np.searchsorted(np.array(owner)[order], np.arange(len(suspects)))]
    return found.x[first], found.cost[first], found.converged[first]


def _swapped(start: Floats, x: Floats, part: _Part, heir: _Part, problem: Problem) -> Floats:
    """Return a start in which the heir takes the part's place in frequency, if they are alike."""
    out = start.copy()
    log_r = np.logaddexp(x[part.resistance], x[heir.resistance])
    if part.arc is not None and heir.arc is not None:
        if part.arc.may_become(heir.arc):
            out = _with_resistance(heir.arc.with_values_of(out, part.arc, x), heir, log_r)
    elif part.size == heir.size:
        out[heir.parameters] = x[part.parameters]
        out[heir.resistance] = log_r
    return _with_resistance(out, part, problem.lower[:, part.resistance].min())


def _with_resistance(x: Floats, part: _Part, log_r: float) -> Floats:
    """Return x (P,) with another resistance of a part; an arc keeps its time constant."""
    if part.arc is not None:
        return part.arc.with_log_resistance(x, log_r)
    out = x.copy()
    out[part.resistance] = log_r
    return out


def parameter_flags(part: _Part, size: int) -> Bools:
    """Return which of all parameters belong to a part."""
    flags = np.zeros(size, bool)
    flags[part.parameters] = True
    return flags


def _taken(
    problem: Problem,
    confidence: Confidence,
    cost: Floats,
    suspects: list[tuple[int, _Part]],
    tried_x: Floats,
    tried_cost: Floats,
) -> tuple[list[int], set[tuple[int, tuple[int, ...]]]]:
    """Return which suspects to take out, at most one of each spectrum, and where that is left open."""
    rows = np.array([i for i, _ in suspects])
    rise = 2 * (tried_cost - cost[rows]) / np.maximum(confidence.variance[rows], 1e-300)
    saved = np.array([p.size for _, p in suspects]) * np.log(problem.residuals_used[rows])
    score = problem.deviance(tried_cost, rows) + problem.capacitance_penalty(tried_x, rows) - saved
    taken: list[int] = []
    undecided: set[tuple[int, tuple[int, ...]]] = set()
    for i in np.unique(rows):
        allowed = sorted(np.flatnonzero((rows == i) & (rise < NOT_THERE)), key=lambda k: float(score[k]))
        close = [int(k) for k in allowed if score[k] - score[allowed[0]] < DECIDED]
        taken += close[:1]
        if len(close) > 1:
            undecided.add((int(i), tuple(sorted(suspects[k][1].number for k in close))))
    return taken, undecided

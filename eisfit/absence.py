"""What is not there: parts that the data do not ask for are taken out, and limited from above."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np

from eisfit.arcs import dc_resistance, is_arc
from eisfit.circuit import Leaf, span
from eisfit.confidence import Confidence, local_confidence
from eisfit.problem import Problem
from eisfit.quantiles import NORMAL_95_ONE_SIDED
from eisfit.solve import solve
from eisfit.values import Bools, Floats, Ints

SUSPECT = 0.15  # from this relative standard error on, a part is tested against its absence
SEEN = 1 / 3  # below this one a resistor is seen: 3 standard errors
NOT_THERE = 14.16  # rise of chi-square by three parameters at the probability of 3 sigma, 0.27 %
DECIDED = 2.0  # two parts that could both be missing: by how much one must be the likelier to be so
_R_STEPS, _R_FINE, _C_STEPS = 25, 9, 5
_NEGLIGIBLE = 1e-6  # probability of a trial below which it is left out


@dataclass(frozen=True)
class Simplified:
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

    @property
    def size(self) -> int:
        """Number of its parameters."""
        return int(self.parameters.stop - self.parameters.start)


def simplified(problem: Problem, x: Floats, cost: Floats) -> Simplified:
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
    parts = _parts(problem)
    missing = np.zeros((problem.size, len(problem.template.seen)), bool)
    absent = np.zeros(x.shape, bool)
    at_rest = np.ones(problem.size, bool)
    confidence = local_confidence(problem, x, cost)
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
        confidence = local_confidence(problem, x, cost, absent)
        _back_again(parts, confidence, missing)
    return Simplified(x, cost, missing, absent, frozenset(undecided), confidence, at_rest)


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


def _parts(problem: Problem) -> list[_Part]:
    """Return the segments seen whose resistance is one free parameter."""
    found = []
    probe = np.ones((1, len(problem.names)))
    for number, seen in enumerate(problem.template.seen):
        resistance, gradient = dc_resistance(seen.node, probe)
        index = np.flatnonzero(gradient[0])
        if np.isfinite(resistance[0]) and index.size == 1 and not problem.fixed[index[0]]:
            found.append(_Part(number, span(seen.node), int(index[0])))
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
                start[heir.resistance] = np.logaddexp(start[heir.resistance], start[part.resistance])
                starts.append(_swapped(start, x[i], part, heir, problem))
                rows.append(i)
                held.append(still | _flags(part, x.shape[1]))
                owner.append(number)
            start[part.resistance] = problem.lower[i, part.resistance]
            starts.append(start)
            rows.append(i)
            held.append(still | _flags(part, x.shape[1]))
            owner.append(number)
    found = solve(problem, np.array(starts), np.array(rows), held=np.array(held), max_iterations=80)
    score = problem.deviance(found.cost, np.array(rows)) + problem.implausibility(found.x, np.array(rows))
    order = np.lexsort((score, np.array(owner)))
    first = order[np.searchsorted(np.array(owner)[order], np.arange(len(suspects)))]
    return found.x[first], found.cost[first], found.converged[first]


def _swapped(start: Floats, x: Floats, part: _Part, heir: _Part, problem: Problem) -> Floats:
    """Return a start in which the heir takes the part's place in frequency, if they are alike."""
    out = start.copy()
    a, b = part.parameters, heir.parameters
    if part.size == heir.size:
        out[b] = x[a]
        out[heir.resistance] = np.logaddexp(x[part.resistance], x[heir.resistance])
    out[part.resistance] = problem.lower[:, part.resistance].min()
    return out


def _flags(part: _Part, size: int) -> Bools:
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
    score = problem.deviance(tried_cost, rows) + problem.implausibility(tried_x, rows) - saved
    taken: list[int] = []
    undecided: set[tuple[int, tuple[int, ...]]] = set()
    for i in np.unique(rows):
        allowed = sorted(np.flatnonzero((rows == i) & (rise < NOT_THERE)), key=lambda k: float(score[k]))
        close = [int(k) for k in allowed if score[k] - score[allowed[0]] < DECIDED]
        taken += close[:1]
        if len(close) > 1:
            undecided.add((int(i), tuple(sorted(suspects[k][1].number for k in close))))
    return taken, undecided


_Probe: TypeAlias = tuple[int, int, int, int, float, bool]  # see _probes


@dataclass(frozen=True)
class Unseen:
    """Everything that the data allow parts to be that are not seen: solutions at trial values, with weights.

    Parameters
    ----------
    spectrum, part : ndarray of int, shape (M,)
        To which spectrum a solution belongs, and which segment seen was held at a trial value in it; in order.
    x : ndarray, shape (M, P)
        Logarithms of the parameters.
    weight : ndarray, shape (M,)
        Probability, if the part is there; those of one spectrum and part add up to 1.
    there : dict
        Probability that the part is there, by (spectrum, part), where it was taken out.
    limits : dict
        One-sided 95 % upper limits of the parts in ohm for one segment, by (spectrum, part).
    """

    spectrum: Ints
    part: Ints
    x: Floats
    weight: Floats
    there: dict[tuple[int, int], float]
    limits: dict[tuple[int, int], float]

    @cached_property
    def places(self) -> dict[tuple[int, int], slice]:
        """Where the solutions of each spectrum and part are."""
        pairs = np.stack([self.spectrum, self.part], axis=1)
        keys, first, number = np.unique(pairs, axis=0, return_index=True, return_counts=True)
        return {
            (int(i), int(k)): slice(int(start), int(start + n))
            for (i, k), start, n in zip(keys, first, number, strict=True)
        }


def unseen(problem: Problem, state: Simplified, asked: Bools) -> Unseen:
    """Return what the data allow parts to be that are not seen.

    Parameters
    ----------
    problem : Problem
        N spectra.
    state : Simplified
        Solutions.
    asked : ndarray of bool, shape (N, S)
        Of which parts.

    Notes
    -----
    The likelihood is followed over R, with the capacitance of the arc held at values through its soft range (where
    it has none: its time constant through the window), all other parameters minimised. The upper limit is the
    largest R at which chi-square has risen by 1.645². Weights are those of Bayesian model averaging over R and
    capacitance, both of unknown order of magnitude: equal steps of their logarithms count alike beforehand
    (Hoeting et al., Stat. Sci. 14 (1999) 382, doi 10.1214/ss/1009212519). Whether a part is there at all is judged by
    the Bayesian information criterion.
    """
    probes = _probes(problem, asked) if asked.any() else []
    if not probes:
        nothing = np.empty(0, int)
        return Unseen(nothing, nothing, np.empty((0, state.x.shape[1])), np.empty(0), {}, {})
    i = np.array([p[0] for p in probes])
    number = np.array([p[1] for p in probes])
    largest = np.log(np.abs(problem.z_ohm).max(axis=1))[i]
    ladder = np.tile(np.linspace(-np.log(1e5), np.log(10.0), _R_STEPS), (len(probes), 1)) + largest[:, None]
    x, rise = _climbed(problem, state, probes, ladder)
    weight = _weights(i * len(problem.template.seen) + number, rise)
    step = _last_allowed(rise)
    m = np.arange(len(probes))
    fine = np.linspace(ladder[m, step], ladder[m, np.minimum(step + 1, _R_STEPS - 1)], _R_FINE, axis=1)
    _, fine_rise = _climbed(problem, state, probes, fine)
    reached = fine[m, np.minimum(_last_allowed(fine_rise) + 1, _R_FINE - 1)]
    limits: dict[tuple[int, int], float] = {}
    gain: dict[tuple[int, int], float] = {}
    for spectrum, part, log_limit, least in zip(
        i.tolist(), number.tolist(), reached, rise.min(axis=1), strict=True
    ):
        limits[spectrum, part] = max(limits.get((spectrum, part), 0.0), float(np.exp(log_limit)))
        gain[spectrum, part] = max(gain.get((spectrum, part), 0.0), -float(least))
    size = {p.number: p.size for p in _parts(problem)}
    there = {
        (k, part): float(1 / (1 + np.exp(0.5 * (size[part] * np.log(problem.residuals_used[k]) - found))))
        for (k, part), found in gain.items()
    }
    likely = weight.ravel() > _NEGLIGIBLE
    spectra, parts = (np.repeat(a, _R_STEPS)[likely] for a in (i, number))
    return Unseen(spectra, parts, x.reshape(-1, x.shape[-1])[likely], weight.ravel()[likely], there, limits)


def _weights(group: Ints, rise: Floats) -> Floats:
    """Return the probabilities of trials (probes, rungs), which add up to 1 in each group of probes."""
    weight = np.zeros_like(rise)
    for one in np.unique(group):
        rows = group == one
        likelihood = np.exp(-0.5 * (rise[rows] - rise[rows].min()))
        weight[rows] = likelihood / likelihood.sum()
    return weight


def _climbed(
    problem: Problem, state: Simplified, probes: list[_Probe], ladder: Floats
) -> tuple[Floats, Floats]:
    """Return solutions (probes, rungs, P) at rungs of ln R of each part, and by how much chi-square rose."""
    size, rungs = ladder.shape
    each = np.repeat(np.arange(size), rungs)
    rows = np.array([p[0] for p in probes])[each]
    start, held = state.x[rows].copy(), state.absent[rows].copy()
    exponents = np.array([p.quantity.is_exponent for p in problem.template.circuit.parameters])
    parts = {p.number: p for p in _parts(problem)}
    for row, (probe, log_r) in enumerate(zip(each, ladder.ravel(), strict=True)):
        _, number, k, tau, value, is_capacitance = probes[probe]
        start[row, k], held[row, k] = log_r, True
        if tau >= 0:
            held[row, exponents & _flags(parts[number], start.shape[1])] = False
            start[row, tau], held[row, tau] = value + (log_r if is_capacitance else 0.0), True
    found = solve(problem, start, rows, held=held, max_iterations=40, tolerance=1e-6)
    rise = 2 * (found.cost - state.cost[rows]) / np.maximum(state.confidence.variance[rows], 1e-300)
    return found.x.reshape(size, rungs, -1), rise.reshape(size, rungs)


def _last_allowed(rise: Floats) -> Ints:
    """Return the last rung at which the data still allow each part."""
    allowed = rise < NORMAL_95_ONE_SIDED**2
    last: Ints = np.where(allowed.any(axis=1), rise.shape[1] - 1 - np.argmax(allowed[:, ::-1], axis=1), 0)
    return last


def _probes(problem: Problem, asked: Bools) -> list[_Probe]:
    """Return (spectrum, segment, R, tau, ln C or ln tau, whether C) of every trial; tau is -1 for a resistor."""
    parts = {p.number: p for p in _parts(problem)}
    low_hz, high_hz = problem.window_hz()
    soft = {arc.resistance: arc for arc in problem.soft}
    found: list[_Probe] = []
    for i, number in zip(*np.nonzero(asked), strict=True):
        k, node = parts[int(number)].resistance, problem.template.seen[number].node
        if k in soft:
            arc = soft[k]
            for log_c in np.linspace(arc.low[i], arc.high[i], _C_STEPS):
                found.append((int(i), int(number), k, arc.tau, float(log_c), True))
        elif isinstance(node, Leaf) and is_arc(node):
            for top in np.geomspace(high_hz[i] / 2, low_hz[i] * 2, 2 * _C_STEPS):
                found.append(
                    (int(i), int(number), k, node.index("tau"), float(-np.log(2 * np.pi * top)), False)
                )
        else:
            found.append((int(i), int(number), k, -1, 0.0, False))
    return found

"""Weighted trial solutions for contributions that were not detected."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np

from eisfit.circuit.arc import Arc
from eisfit.engine.problem import Problem
from eisfit.engine.solver import solve
from eisfit.tools.frozen import Bools, Floats, Ints
from eisfit.tools.quotients import SMALLEST_DIVISOR
from eisfit.tools.statistics import NORMAL_95_ONE_SIDED
from eisfit.uncertainty.detection import Detected, parameter_flags, removable_parts

_R_STEPS = 25  # values of ln R at which an undetected segment is tried
_R_FINE = 9  # further values of ln R between the two that enclose the limit of the segment
_C_STEPS = 7  # values of the capacitance at which an undetected segment is tried
_RANGE_SIGMAS = 2.5  # the ends of the expected range lie this many standard deviations from its middle
_USUAL_LOG_EXPONENT = math.log(0.9)  # with which an undetected arc starts
_SUSPICIOUS_STEP = 0.1  # of the rise between neighbours, from which the higher one starts again
_MOST_REPAIRS = 3  # rounds in which trials start again from a neighbour
_ALLOWED = 20.0  # rise of the lower one, above which neither counts
_GAINED = 1e-3  # fall of chi-square by a new start, below which no neighbour starts again from it
_GIVEN_UP = ((8, 1e5), (30, 1000.0))  # iterations after which trials that far above chi-square go no further

_MOST_ITERATIONS = 60
_TOLERANCE = 1e-6

_UNLIKELY = 1e-6  # probability below which a trial is left out


# spectrum, segment, index of R, arc (None where R alone is held), ln C or ln tau, whether it is ln C, log of its prior
_Probe: TypeAlias = tuple[int, int, int, Arc | None, float, bool, float]


@dataclass(frozen=True)
class Undetected:
    """Weighted trial solutions for segments that were not detected.

    Parameters
    ----------
    spectrum, part : ndarray of int, shape (M,)
        To which spectrum a solution belongs, and which segment was held at a trial value in it; in order.
    x : ndarray, shape (M, P)
        Logarithms of the parameters.
    weight : ndarray, shape (M,)
        Probability, if the segment is present; those of one spectrum and segment add up to 1.
    present : dict
        Probability that the segment is present, by (spectrum, segment).
    limits : dict
        One-sided 95 % upper limits of one of each segment in ohm, by (spectrum, segment).
    rise : ndarray, shape (M,)
        Of chi-square above the solution without the segment.
    """

    spectrum: Ints
    part: Ints
    x: Floats
    weight: Floats
    present: dict[tuple[int, int], float]
    limits: dict[tuple[int, int], float]
    rise: Floats

    @cached_property
    def places(self) -> dict[tuple[int, int], slice]:
        """Where the solutions of each spectrum and segment are."""
        pairs = np.stack([self.spectrum, self.part], axis=1)
        keys, first, number = np.unique(pairs, axis=0, return_index=True, return_counts=True)
        return {
            (int(i), int(k)): slice(int(start), int(start + n))
            for (i, k), start, n in zip(keys, first, number, strict=True)
        }


@dataclass(frozen=True)
class Ladders:
    """How chi-square rises with the resistance of segments that were not detected.

    Parameters
    ----------
    spectrum, part : ndarray of int, shape (M,)
        To which spectrum and segment a ladder belongs; there is one for each capacitance that is tried.
    log_r : ndarray, shape (M, R)
        Logarithms of the resistance of one segment.
    x : ndarray, shape (M, R, P)
        Logarithms of the parameters.
    rise : ndarray, shape (M, R)
        Of chi-square above the solution without the segment.
    log_prior : ndarray, shape (M,)
        Of the capacitance.
    """

    spectrum: Ints
    part: Ints
    log_r: Floats
    x: Floats
    rise: Floats
    log_prior: Floats


def ladders(problem: Problem, state: Detected, asked: Bools) -> Ladders:
    """Return how chi-square rises with the resistance of segments, at capacitances through their range.

    Parameters
    ----------
    problem, state, asked
        As in `undetected`.
    """
    probes = _probes(problem, asked)
    i = np.array([p[0] for p in probes], int)
    largest = np.log(np.abs(problem.z_ohm).max(axis=1))[i]
    log_r = np.linspace(-np.log(1e5), np.log(10.0), _R_STEPS) + largest[:, None]
    x, rise = _climbed(problem, state, probes, log_r, [state.x[i]])
    part, prior = np.array([p[1] for p in probes], int), np.array([p[6] for p in probes])
    return Ladders(i, part, log_r, x, rise, prior)


def undetected(problem: Problem, state: Detected, asked: Bools, *, limited: bool = True) -> Undetected:
    """Return weighted trial solutions for segments that were not detected.

    Parameters
    ----------
    problem : Problem
        N spectra.
    state : Detected
        Solutions.
    asked : ndarray of bool, shape (N, S)
        Of which segments.
    limited : bool
        Whether limits are computed too.

    Notes
    -----
    The likelihood is followed over R, with the capacitance of the arc held at values through its expected range
    (where it has none: its time constant through the window), all other parameters minimised. The upper limit is
    the largest R at which chi-square has risen by 1.645². Weights are those of Bayesian model averaging over R and
    capacitance, both of unknown order of magnitude: equal steps of their logarithms have equal prior probability
    (Hoeting et al., Stat. Sci. 14 (1999) 382, doi 10.1214/ss/1009212519). The Bayesian information criterion gives
    the probability that a segment is present at all.
    """
    probes = _probes(problem, asked) if asked.any() else []
    if not probes:
        nothing = np.empty(0, int)
        return Undetected(nothing, nothing, np.empty((0, state.x.shape[1])), np.empty(0), {}, {}, np.empty(0))
    i = np.array([p[0] for p in probes])
    number = np.array([p[1] for p in probes])
    largest = np.log(np.abs(problem.z_ohm).max(axis=1))[i]
    ladder = np.tile(np.linspace(-np.log(1e5), np.log(10.0), _R_STEPS), (len(probes), 1)) + largest[:, None]
    _put_on_a_rung(ladder, state, probes)
    x, rise = _climbed(problem, state, probes, ladder, [state.x[i]])
    prior = np.array([p[6] for p in probes])
    weight = _weights(i * len(problem.template.path) + number, rise, prior)
    limits = _limits(problem, state, probes, ladder, x, rise) if limited else {}
    gain: dict[tuple[int, int], float] = {}
    for spectrum, part, least in zip(i.tolist(), number.tolist(), rise.min(axis=1), strict=True):
        gain[spectrum, part] = max(gain.get((spectrum, part), 0.0), -float(least))
    size = {p.number: p.size for p in removable_parts(problem)}
    present = {
        (k, part): float(1 / (1 + np.exp(0.5 * (size[part] * np.log(problem.residuals_used[k]) - found))))
        for (k, part), found in gain.items()
    }
    likely = weight.ravel() > _UNLIKELY
    spectra, parts = (np.repeat(a, _R_STEPS)[likely] for a in (i, number))
    return Undetected(
        spectra,
        parts,
        x.reshape(-1, x.shape[-1])[likely],
        weight.ravel()[likely],
        present,
        limits,
        rise.ravel()[likely],
    )


def _put_on_a_rung(ladder: Floats, state: Detected, probes: list[_Probe]) -> None:
    """Move one rung to the resistance of each segment that is in the fit: what is allowed may lie between two rungs."""
    for m, (i, _, k, *_) in enumerate(probes):
        if not state.held[i, k] and ladder[m, 0] < state.x[i, k] < ladder[m, -1]:
            ladder[m, np.argmin(np.abs(ladder[m] - state.x[i, k]))] = state.x[i, k]


def _limits(
    problem: Problem, state: Detected, probes: list[_Probe], ladder: Floats, x: Floats, rise: Floats
) -> dict[tuple[int, int], float]:
    """Return the largest resistance in ohm that the data allow, by (spectrum, segment).

    A finer ladder is climbed from the last rung that is allowed; probes that end at a lower rung than another one of
    the same segment cannot set its limit. Where no rung is allowed, the first one is an upper limit.
    """
    step = _last_allowed(rise)
    limits: dict[tuple[int, int], float] = {}
    last: dict[tuple[int, int], int] = {}
    for probe, reached, log_first in zip(probes, step.tolist(), ladder[:, 0], strict=True):
        limits[probe[:2]] = float(np.exp(log_first))
        last[probe[:2]] = max(last.get(probe[:2], 0), reached)
    allowed = rise.min(axis=1) < NORMAL_95_ONE_SIDED**2
    m = np.array([k for k, probe in enumerate(probes) if allowed[k] and step[k] == last[probe[:2]]], int)
    if not m.size:
        return limits
    ends = step[m], np.minimum(step[m] + 1, _R_STEPS - 1)
    fine = np.linspace(ladder[m, ends[0]], ladder[m, ends[1]], _R_FINE, axis=1)
    setting = [probes[k] for k in m]
    _, fine_rise = _climbed(problem, state, setting, fine, [x[m, end] for end in ends])
    log_limit = fine[np.arange(m.size), np.minimum(_last_allowed(fine_rise) + 1, _R_FINE - 1)]
    for probe, value in zip(setting, np.exp(log_limit).tolist(), strict=True):
        limits[probe[:2]] = max(limits.get(probe[:2], 0.0), value)
    return limits


def _weights(group: Ints, rise: Floats, log_prior: Floats) -> Floats:
    """Return the probabilities of trials (probes, rungs), which add up to 1 in each group of probes."""
    weight = np.zeros_like(rise)
    for one in np.unique(group):
        rows = group == one
        likelihood = np.exp(-0.5 * (rise[rows] - rise[rows].min()) + log_prior[rows, None])
        weight[rows] = likelihood / likelihood.sum()
    return weight


def _climbed(
    problem: Problem, state: Detected, probes: list[_Probe], ladder: Floats, starts: list[Floats]
) -> tuple[Floats, Floats]:
    """Return solutions (probes, rungs, P) at rungs of ln R of each segment, and the rise of chi-square there.

    `starts` are logarithms of the parameters (probes, P), each of which every rung of a probe starts from.
    """
    size, rungs = ladder.shape
    each = np.repeat(np.arange(size), rungs)
    rows = np.array([p[0] for p in probes])[each]
    held = state.held[rows].copy()
    arcs = {arc for _, _, _, arc, _, _, _ in probes if arc is not None}
    arcs |= {e.arc for e in problem.expected if problem.may_be_stepped_in_time(e.arc)}
    by_time = problem.by_time_constants(arcs)
    values = _held_at_trials(problem, probes, ladder, held)
    scale = np.maximum(state.confidence.variance[rows], SMALLEST_DIVISOR)
    x, cost = np.empty(held.shape), np.full(rows.size, np.inf)
    everything = np.arange(rows.size)
    for first in starts:
        start = first[each]
        for arc in arcs:
            start[:, arc.storage] = arc.log_tau(first)[each]
        start = np.where(np.isnan(values), start, values)
        given_up = [(count, state.cost[rows] + 0.5 * rise * scale) for count, rise in _GIVEN_UP]
        _keep_better(by_time, x, cost, start, everything, rows, held, given_up)
    gained = np.ones(rows.size, bool)
    for _ in range(_MOST_REPAIRS):
        rise = (2 * (cost - state.cost[rows]) / scale).reshape(size, rungs)
        stuck, neighbour = _beside_a_better_one(rise)
        fresh = gained[neighbour]  # a start that was tried before ends as before
        stuck, neighbour = stuck[fresh], neighbour[fresh]
        before = cost.copy()
        again = np.where(held[stuck], x[stuck], x[neighbour])
        _keep_better(by_time, x, cost, again, stuck, rows, held)
        gained = cost < before - _GAINED * scale
    rise = (2 * (cost - state.cost[rows]) / scale).reshape(size, rungs)
    for arc in arcs:
        x = arc.with_log_tau(x, x[:, arc.storage])
    return x.reshape(size, rungs, -1), rise


def _held_at_trials(problem: Problem, probes: list[_Probe], ladder: Floats, held: Bools) -> Floats:
    """Return the logarithms that each trial starts from, nan where there is none; mark in `held` those it keeps."""
    exponents = np.array([p.quantity.is_exponent for p in problem.template.circuit.parameters])
    parts = {p.number: p for p in removable_parts(problem)}
    values = np.full(held.shape, np.nan)
    for m, (_, number, k, probed, value, is_capacitance, _) in enumerate(probes):
        at = slice(m * ladder.shape[1], (m + 1) * ladder.shape[1])
        values[at, k], held[at, k] = ladder[m], True
        if probed is not None:
            own = exponents & parameter_flags(parts[number], held.shape[1])
            values[at, own], held[at, own] = _USUAL_LOG_EXPONENT, False
            tau = probed.storage
            values[at, tau], held[at, tau] = value + (ladder[m] if is_capacitance else 0.0), True
    return values


def _beside_a_better_one(rise: Floats) -> tuple[Ints, Ints]:
    """Return the trials (flat) whose neighbour on the ladder the data allow better, and that neighbour.

    The profile of chi-square over R is smooth: a trial far above its neighbour may have ended in another minimum.
    """
    padded = np.pad(rise, ((0, 0), (1, 1)), constant_values=np.inf)
    beside = np.stack([padded[:, :-2], padded[:, 2:]])
    side = np.argmin(beside, axis=0)
    least = beside.min(axis=0)
    stuck: Ints = np.flatnonzero((rise > least + _SUSPICIOUS_STEP) & (least < _ALLOWED))
    return stuck, stuck + 2 * side.ravel()[stuck] - 1


def _keep_better(
    problem: Problem,
    x: Floats,
    cost: Floats,
    start: Floats,
    trials: Ints,
    rows: Ints,
    held: Bools,
    given_up: Sequence[tuple[int, Floats]] = (),
) -> None:
    """Solve some of all trials from a start, and keep the solutions that are better than those before.

    Trials whose cost is above that of `given_up` after so many iterations are not followed to their minimum.
    """
    if not trials.size:
        return
    iterations = given_up[0][0] if given_up else _MOST_ITERATIONS
    found = solve(
        problem, start, rows[trials], held=held[trials], max_iterations=iterations, tolerance=_TOLERANCE
    )
    if given_up:
        left = np.flatnonzero(~found.converged & (found.cost < given_up[0][1][trials]))
        later = [(count - iterations, cost_above[trials]) for count, cost_above in given_up[1:]]
        _keep_better(problem, found.x, found.cost, found.x[left], left, rows[trials], held[trials], later)
    better = found.cost < cost[trials]
    x[trials[better]], cost[trials[better]] = found.x[better], found.cost[better]


def _last_allowed(rise: Floats) -> Ints:
    """Return the last rung at which the data still allow each segment."""
    allowed = rise < NORMAL_95_ONE_SIDED**2
    last: Ints = np.where(allowed.any(axis=1), rise.shape[1] - 1 - np.argmax(allowed[:, ::-1], axis=1), 0)
    return last


def _probes(problem: Problem, asked: Bools) -> list[_Probe]:
    """Return what is held at trial values in each trial of the segments asked for.

    The arc is None where R alone is held: of a resistor, and of other parts than arcs.
    """
    parts = {p.number: p for p in removable_parts(problem)}
    low_hz, high_hz = problem.window_hz()
    expected = {e.arc.resistance: e for e in problem.expected}
    found: list[_Probe] = []
    for i, number in zip(*np.nonzero(asked), strict=True):
        k, arc = parts[int(number)].resistance, parts[int(number)].arc
        if arc is None or not (arc.by_time or problem.may_be_stepped_in_time(arc)):
            found.append((int(i), int(number), k, None, 0.0, False, 0.0))
        elif k in expected:
            middle = 0.5 * (expected[k].low[i] + expected[k].high[i])
            sigma = (expected[k].high[i] - middle) / _RANGE_SIGMAS
            for q in np.linspace(-_RANGE_SIGMAS, _RANGE_SIGMAS, _C_STEPS):
                found.append((int(i), int(number), k, arc, float(middle + q * sigma), True, -0.5 * q**2))
        else:
            for top in np.geomspace(high_hz[i] / 2, low_hz[i] * 2, 2 * _C_STEPS):
                found.append((int(i), int(number), k, arc, float(-np.log(2 * np.pi * top)), False, 0.0))
    return found

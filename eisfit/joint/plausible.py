"""Spectra of a joint fit in which the arcs have changed places: their capacitances tell."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from eisfit.assignment.settings import DEFAULT
from eisfit.circuit.arc import Arc
from eisfit.engine.joint import JointProblem
from eisfit.engine.problem import Problem
from eisfit.joint.exchanges import columns_of, exchanged, named_arcs, orders_of
from eisfit.tools.frozen import Bools, Floats, Ints

FAR = 4.0  # standard deviations of its range from which on a capacitance is not that of its segment
PRICE = 20.0  # of one such arc in one spectrum, as a cost
_LARGEST = 100.0  # chi-square of one arc, however far off
_SEEN = 0.01  # resistance over the largest |Z| of a spectrum from which on the capacitance of an arc is known
_RESISTOR = 0.01  # (omega tau)^alpha at the highest frequency below which an arc is a resistor
_GAINED = 6.0  # chi-square of capacitances by which another order of the arcs is better: odds of 20:1
_ROUNDS = 6  # of exchanges


def price_of_arcs(joint: JointProblem, x: Sequence[Floats]) -> float:
    """Return what arcs cost whose capacitances cannot be those of their segments.

    Parameters
    ----------
    joint : JointProblem
        Blocks of N spectra.
    x : sequence of ndarray, each of shape (N, P)
        Logarithms of the parameters.
    """
    far = [
        np.count_nonzero(_squares(b.problem, own) > FAR**2) for b, own in zip(joint.blocks, x, strict=True)
    ]
    return PRICE * float(sum(far))


def in_plausible_order(joint: JointProblem, x: Sequence[Floats]) -> list[Floats]:
    """Return logarithms in which the arcs of each spectrum have the order that their capacitances make most likely.

    What was measured at once by several pairs of probes stays as it is: the pairs tell its arcs apart.
    """
    pairs = zip(joint.blocks, x, strict=True)
    return [own if b.shared.any() else _ordered(b.problem, own)[0] for b, own in pairs]


def changed_places(joint: JointProblem, x: Sequence[Floats]) -> dict[str, tuple[float, tuple[str, ...]]]:
    """Return segments whose arc is, in some spectrum, much more likely that of another one.

    Parameters
    ----------
    joint, x
        As for `price_of_arcs`, at the minimum.

    Returns
    -------
    dict of str to (float, tuple of str)
        Odds of its name, at most 1, and the segments that its arcs may belong to.
    """
    found: dict[str, set[str]] = {}
    for block, own in zip(joint.blocks, x, strict=True):
        if block.shared.any():
            continue
        _, gain, columns = _ordered(block.problem, own)
        names = {arc.resistance: name for name, arc in named_arcs(block.problem).items()}
        for row in np.flatnonzero(gain > _GAINED):
            for column, name in names.items():
                other = names.get(int(columns[row, column]))
                if other is not None and other != name:
                    found.setdefault(name, {name}).add(other)
                    found.setdefault(other, {other}).add(name)
    return {name: (1.0, tuple(sorted(names))) for name, names in found.items()}


def _squares(problem: Problem, x: Floats) -> Floats:
    """Return how far capacitances lie off their ranges, as chi-square (N, E); 0 for arcs that are hardly seen."""
    found = np.zeros((x.shape[0], len(problem.expected)))
    for k, expected in enumerate(problem.expected):
        middle = 0.5 * (expected.low + expected.high)
        sigma = (expected.high - middle) / DEFAULT.range_sigmas
        off = (expected.arc.log_capacitance(x) - middle) / sigma
        seen = _large(problem, expected.arc, x) & slow_enough(problem, expected.arc, x)
        found[:, k] = np.where(seen, np.minimum(off**2, _LARGEST), 0.0)
    return found


def capacitance_off(joint: JointProblem, x: Sequence[Floats]) -> float:
    """Return how far the capacitances lie off the middle of their ranges, as chi-square, each segment once.

    That of an arc far above the highest frequency is not known, and does not count.
    """
    off: dict[str, list[Floats]] = {}
    for block, own in zip(joint.blocks, x, strict=True):
        for expected in block.problem.expected:
            middle = 0.5 * (expected.low + expected.high)
            sigma = (expected.high - middle) / DEFAULT.range_sigmas
            name = block.problem.names[expected.arc.resistance]
            known = slow_enough(block.problem, expected.arc, own)
            off.setdefault(name, []).append(((expected.arc.log_capacitance(own) - middle) / sigma)[known])
    all_of = [np.concatenate(parts) for parts in off.values()]
    return float(sum(np.median(found) ** 2 for found in all_of if found.size))


def _large(problem: Problem, arc: Arc, x: Floats) -> Bools:
    largest = np.log(np.abs(problem.z_ohm).max(axis=1))
    return np.asarray(x[:, arc.resistance] > np.log(_SEEN) + largest)


def slow_enough(problem: Problem, arc: Arc, x: Floats) -> Bools:
    """Tell in which spectra (N,) the capacitance of an arc is known.

    An arc far above the highest frequency is a resistor.

    Parameters
    ----------
    problem : Problem
        Of N spectra.
    arc : Arc
        Of its circuit.
    x : ndarray, shape (N, P)
        Logarithms of the parameters.
    """
    used = np.where(problem.data.used, problem.data.frequency_hz, 0.0)
    fastest = np.log(2 * np.pi * used.max(axis=1))
    reactance = np.exp(arc.log_alpha(x)) * (fastest + arc.log_tau(x))
    return np.asarray(reactance > np.log(_RESISTOR))


def _ordered(problem: Problem, x: Floats) -> tuple[Floats, Floats, Ints]:
    """Return x in the most likely order of each spectrum, the chi-square gained (N,), and the columns taken (N, P)."""
    columns = np.tile(np.arange(x.shape[1]), (x.shape[0], 1))
    if not problem.expected:
        return x, np.zeros(x.shape[0]), columns
    best, score = x, _squares(problem, x).sum(axis=1)
    first = score
    orders = orders_of([problem])[1:]
    for _ in range(_ROUNDS):
        before = score
        for order in orders:
            tried = exchanged(problem, best, order)
            off = _squares(problem, tried).sum(axis=1)
            better = off < score - 1e-9
            best = np.where(better[:, None], tried, best)
            score = np.where(better, off, score)
            columns = np.where(better[:, None], columns[:, columns_of(problem, order)], columns)
        if np.array_equal(before, score):
            break
    return best, first - score, columns

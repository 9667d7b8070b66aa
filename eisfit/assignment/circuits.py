"""Arcs of a bare circuit over a series: which arc of one spectrum is which of the next, without names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from eisfit.assignment.decision import Evidence, decide
from eisfit.assignment.settings import DEFAULT
from eisfit.assignment.skeleton import Label, Skeleton
from eisfit.assignment.structures import scored
from eisfit.cell.equal_arcs import equal_arcs
from eisfit.cell.roles import NO_ROLE
from eisfit.cell.segments import Setting
from eisfit.circuit.arc import Arc
from eisfit.engine.problem import Problem
from eisfit.tools.frozen import Floats

_NO_OTHERS = 1e-12  # probability of an arc that is none of the circuit


def in_tracks(problem: Problem, x: Floats, cost: Floats, condition: str, values: Sequence[float]) -> Floats:
    """Return solutions (N, P) of a circuit in which each of equal arcs goes on from spectrum to spectrum.

    Parameters
    ----------
    problem : Problem
        N spectra of one cell, in the order of the series.
    x, cost : ndarray, shapes (N, P) and (N,)
        Their solutions, with equal arcs in any order.
    condition : str
        Name of the condition that orders the series.
    values : sequence of float, length N
        Its values.

    Notes
    -----
    Arcs are told apart by how ln R and ln C go on (see `hypotheses_of`), so that two arcs keep their identity where
    their time constants cross. They stand in the circuit in order of their mean time constants.
    """
    for alike in _alike(problem):
        x = _followed(problem, x, cost, alike, condition, values)
    return x


def _alike(problem: Problem) -> list[tuple[Arc, ...]]:
    """Return the groups of two and more arcs that may change places: nothing of them is set."""
    groups = [
        tuple(arc for arc, apart in zip(group.arcs, group.set_apart, strict=True) if not apart)
        for group in equal_arcs(problem.template)
    ]
    return [arcs for arcs in groups if len(arcs) > 1]


def _followed(
    problem: Problem, x: Floats, cost: Floats, arcs: tuple[Arc, ...], condition: str, values: Sequence[float]
) -> Floats:
    n = problem.size
    middle, sigma = DEFAULT.unassigned_capacitance, DEFAULT.unassigned_capacitance_sigma
    labels = tuple(Label(str(k), NO_ROLE, 1, np.full(n, middle), np.full(n, sigma)) for k in range(len(arcs)))
    skeleton = Skeleton(problem.template, labels, (problem.template.name,), None, (), Setting(), True)
    solution = scored(problem, x, cost, np.zeros(x.shape[1], bool))
    settings = replace(DEFAULT, unassigned=_NO_OTHERS)
    evidence = Evidence.of(skeleton, [replace(solution, circuit_arcs=arcs)], settings)
    verdicts = decide(evidence, range(n), condition, values)
    label_of = np.full((n, len(arcs)), -1)
    for i, verdict in enumerate(verdicts):
        for named in verdict.arcs:
            if named.label is not None and len(named.arcs) == 1:
                label_of[i, named.arcs[0]] = named.label
        left = [k for k in range(len(arcs)) if k not in label_of[i]]
        label_of[i, label_of[i] < 0] = left
    log_tau = np.stack([arc.log_tau(x) for arc in arcs], axis=1)
    mean = [float(log_tau[label_of == k].mean()) for k in range(len(arcs))]
    place = np.argsort(np.argsort(mean))
    out = x.copy()
    for origin, arc in enumerate(arcs):
        for target, other in enumerate(arcs):
            rows = place[label_of[:, origin]] == target
            out[rows] = other.with_values_of(out[rows], arc, x[rows])
    return out

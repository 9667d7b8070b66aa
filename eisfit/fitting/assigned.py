"""Fit a cell whose arcs are given to its segments for a series at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from eisfit.assignment.decision import Evidence, Verdict, decide
from eisfit.assignment.plan import Placement, Plan, plan_of
from eisfit.assignment.settings import DEFAULT
from eisfit.assignment.skeleton import INDUCTANCE, Skeleton, skeleton_of, without_exponents_set
from eisfit.assignment.solutions import solutions_of
from eisfit.assignment.structures import Structure
from eisfit.cell.roles import names_in
from eisfit.circuit.arc import arc_of, is_resistor
from eisfit.circuit.circuit import span
from eisfit.engine.levenberg_marquardt import Solution
from eisfit.engine.posing import pose
from eisfit.engine.problem import Problem
from eisfit.engine.robust_loss import Reweighting, reweighted
from eisfit.engine.solver import solve
from eisfit.errors import FitError
from eisfit.fitting.task import Task
from eisfit.reporting.estimate import Estimate
from eisfit.results.order import condition_value
from eisfit.spectrum.columns import some_of
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.frozen import Bools, Floats, Ints
from eisfit.uncertainty.covariance import Confidence, covariance_of
from eisfit.uncertainty.unknown_changes import Common, Hidden

_LEAD_H = 1e-7  # inductance of leads from which one is sought


def skeleton_for(task: Task, spectra: Sequence[Spectrum]) -> Skeleton | None:
    """Return the cell without names; None where the task has a start, or arcs that no name may be changed of.

    What is set of exponents, and ties, take no part in it: they must not decide which arc is which.
    """
    if task.options.start is not None or task.template.is_circuit:
        return None
    conditions = [s.conditions for s in spectra]
    if (found := skeleton_of(task.template, conditions, DEFAULT)) is not None:
        return found
    free = without_exponents_set(task.template)
    return None if free is None else skeleton_of(free, conditions, DEFAULT)


def assigned_estimates(
    task: Task, skeleton: Skeleton, spectra: Sequence[Spectrum]
) -> Iterator[tuple[Estimate, list[int]]]:
    """Decide which arc belongs to which segment, and yield the estimates of each circuit with its spectra."""
    options, n = task.options, len(spectra)
    along = bool(task.over) and n > 1
    tell = task.progress
    structures = solutions_of(
        skeleton, spectra, options.weights, seed=options.seed, along_series=along, told=tell
    )
    evidence = Evidence.of(skeleton, structures)
    verdicts: list[Verdict] = []
    if along:
        values = [condition_value(s, task.over) for s in spectra]
        verdicts = decide(
            evidence, range(n), task.over, values, assign=_known(skeleton, task.assign), told=tell
        )
    else:
        for i in range(n):
            verdicts += decide(evidence, [i])
    tell("errors and limits", 0, n)
    plans = [plan_of(skeleton, structures[v.structure], v) for v in verdicts]
    cell = replace(skeleton, template=task.template)  # with all that is set
    groups: dict[object, list[int]] = {}
    for i, plan in enumerate(plans):
        groups.setdefault(plan.key, []).append(i)
    solved = []
    for places in groups.values():
        own = [plans[i] for i in places]
        stray = structures[verdicts[places[0]].structure].stray_sigma_f
        problem = pose(some_of(spectra, places), own[0].template(cell), options.weights)
        states = [
            placed_solution(problem, skeleton, plan, structures[verdicts[i].structure], i, row)
            for row, (i, plan) in enumerate(zip(places, own, strict=True))
        ]
        x, held = (np.array(part) for part in zip(*states, strict=True))
        solved.append((_solved(problem, own, x, held, options.loss, stray), places))
    done = 0
    common = _common([one for one, _ in solved]) if along else None
    for one, places in solved:
        yield one.estimate(common), places
        done += len(places)
        tell("errors and limits", done, n)


def _known(skeleton: Skeleton, names: Sequence[str]) -> tuple[int, ...]:
    """Return the labels of segments that the user has put in order."""
    known = [label.name for label in skeleton.labels]
    for name in names:
        if name not in known:
            raise FitError(
                f"assign names {name!r}, which is no arc of the template; its arcs are {', '.join(known)}"
            )
    return tuple(known.index(name) for name in names)


def placed_solution(
    problem: Problem, skeleton: Skeleton, plan: Plan, structure: Structure, i: int, row: int
) -> tuple[Floats, Bools]:
    """Return the logarithms of a solution in the circuit of its plan, and which of them belong to nothing seen."""
    x, held = 0.5 * (problem.lower[row] + problem.upper[row]), np.zeros(len(problem.names), bool)
    old, source = structure.problem.names, structure.x[i]
    for name in set(old) & set(problem.names):
        x[problem.names.index(name)] = source[old.index(name)]
    if structure.lead_h == 0 and plan.lead_h is None:
        lead = INDUCTANCE if skeleton.lead is None else problem.names[span(skeleton.lead.node).start]
        x[problem.names.index(lead)] = np.log(_LEAD_H)
    labelled = {label.name for label in skeleton.labels if label.name not in plan.resistors} | set(
        plan.unassigned
    )
    fixed = problem.fixed
    for on_path in problem.template.path:
        name, arc = on_path.segment.name, arc_of(on_path.node)
        if arc is not None and name in labelled:
            if name in plan.arcs:
                x = arc.with_values_of(x, structure.arcs[plan.arcs[name]], source)
                x = arc.with_log_resistance(x, x[arc.resistance] - np.log(on_path.count))
            else:
                x = arc.with_log_resistance(x, problem.lower[row, arc.resistance])
                held[span(on_path.node)] = True
        elif arc is not None and {*names_in(name)} <= {*plan.resistors}:
            x[arc.resistance] = source[structure.resistor] - np.log(on_path.count)
        elif is_resistor(on_path.node) and not fixed[span(on_path.node)].any():
            x[span(on_path.node)] = source[structure.resistor] - np.log(on_path.count)
    return np.clip(x, problem.lower[row], problem.upper[row]), held


@dataclass(frozen=True, eq=False)
class _Solved:
    """The spectra of one circuit at their minima."""

    problem: Problem
    solution: Solution
    weighing: Reweighting | None
    plans: Sequence[Plan]
    held: Bools
    stray_sigma_f: float

    def confident(self) -> tuple[Problem, Floats, Confidence, list[Hidden]]:
        """Return the problem as it was weighed, its minima, how well the noise lets them be known, and what hides."""
        weighed = self.problem if self.weighing is None else self.weighing.applied(self.problem)
        x, cost = self.solution.x, self.solution.cost
        return weighed, x, covariance_of(weighed, x, cost, self.held), [plan.hidden for plan in self.plans]

    def estimate(self, common: Common | None) -> Estimate:
        """Return the estimate, with errors by all that is not in the circuit."""
        path = self.problem.template.path
        placement = Placement.of(self.plans, path, self.held, self.stray_sigma_f, common)
        return Estimate.from_solution(self.problem, self.solution, self.weighing, placement)


def _solved(
    problem: Problem, plans: Sequence[Plan], x: Floats, held: Bools, loss: str, stray_sigma_f: float
) -> _Solved:
    """Solve the problem to the end from the placed solutions."""

    def solver(posed: Problem, start: Floats, rows: Ints, **limits: Any) -> Solution:
        return solve(posed, start, rows, held=held[rows], **limits)

    if loss == "linear":
        weighing, solution = None, solver(problem, x, np.arange(problem.size))
    else:
        weighing, solution = reweighted(problem, loss, x, solver)
    return _Solved(problem, solution, weighing, plans, held, stray_sigma_f)


def _common(solved: Sequence[_Solved]) -> Common | None:
    """Return what a series leaves open of arcs that none of its spectra shows; None where there are no such arcs."""
    if not any(plan.hidden.unseen for one in solved for plan in one.plans):
        return None
    stray = max(plan.stray_f or 0.0 for one in solved for plan in one.plans)
    return Common.of([one.confident() for one in solved], float(np.hypot(stray, DEFAULT.stray_sigma_f)))

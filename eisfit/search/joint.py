"""The best minimum of a joint problem, without a start."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from eisfit.engine.joint import JointProblem, JointSolution, State, solve_joint
from eisfit.engine.solver import solve
from eisfit.search.exchanges import exchanges_of, fastest_first
from eisfit.tools.frozen import Floats

_QUICK = 25  # iterations from each start
_KEPT = 4  # of the best starts that are followed to the end
_ROUNDS = 4  # in which the parameters of each spectrum are sought anew
_GAINED = 1e-6  # relative fall of the cost below which no further round follows
_NEIGHBOURS = (-2, -1, 1, 2)
_AS_WELL = 6.0  # rise of chi-square up to which another minimum is as good
_OTHER = 3.0  # standard errors from which common coordinates are others
_MOST_SPLITS = 24  # spectra from which on two arcs are exchanged, at most


@dataclass(frozen=True, eq=False)
class JointMinimum:
    """The best minimum of a joint problem.

    Parameters
    ----------
    solution : JointSolution
        It.
    others : tuple of JointSolution
        Minima that the data allow as well, with other common coordinates.
    free : ndarray, shape (N,)
        Costs of the spectra without any link.
    """

    solution: JointSolution
    others: tuple[JointSolution, ...]
    free: Floats


def best_joint(joint: JointProblem, x: Floats) -> JointMinimum:
    """Return the best minimum of a joint problem.

    Parameters
    ----------
    joint : JointProblem
        N spectra.
    x : ndarray, shape (N, P)
        Logarithms at the minimum of each spectrum by itself.

    Notes
    -----
    Arcs of a kind may be taken for each other in some spectra: the joint fit starts with each order of them from each
    spectrum on. From the best minima the parameters of each spectrum are then sought anew, with those that follow
    held: from the values of its neighbours and those of its independent fit. Arcs with equal links stand in the order
    of their time constants.
    """
    weight = np.ones_like(x)
    quick = [
        solve_joint(joint, joint.started(start, weight), max_iterations=_QUICK) for start in _starts(joint, x)
    ]
    order = np.argsort([s.cost for s in quick], kind="stable")[:_KEPT]
    found = [_bettered(joint, solve_joint(joint, quick[k].state), x) for k in order]
    found = [solve_joint(joint, fastest_first(joint, s.state)) for s in found]
    best = min(found, key=lambda s: s.cost)
    others: list[JointSolution] = []
    for s in found:
        if 2 * (s.cost - best.cost) < _AS_WELL and all(_differ(s, t) for t in (best, *others)):
            others.append(s)
    rows = np.arange(joint.problem.size)
    alone = [solve(joint.problem, start, rows).cost for start in (x, best.state.x)]
    return JointMinimum(best, tuple(others), np.min(alone, axis=0))


def _starts(joint: JointProblem, x: Floats) -> list[Floats]:
    """Return the logarithms with arcs in another order from one spectrum on."""
    n = joint.problem.size
    splits = np.unique(np.linspace(0, n - 1, min(n, _MOST_SPLITS)).astype(int))
    found = [x]
    for columns in exchanges_of(joint.problem)[1:]:
        swapped = x[:, columns]
        found += [np.concatenate([x[:k], swapped[k:]]) for k in splits]
    return [np.clip(start, joint.problem.lower, joint.problem.upper) for start in found]


def _differ(one: JointSolution, other: JointSolution) -> bool:
    """Tell whether two minima have other common coordinates."""
    sigma = np.sqrt(np.maximum(np.diag(other.common_covariance), 1e-300))
    return bool(np.any(np.abs(one.state.common - other.state.common) > _OTHER * sigma))


def _bettered(joint: JointProblem, best: JointSolution, x: Floats) -> JointSolution:
    """Return the minimum after seeking the parameters of each spectrum anew, as long as that gains."""
    for _ in range(_ROUNDS):
        again = solve_joint(joint, _sought(joint, best, x))
        done = again.cost > best.cost * (1 - _GAINED)
        best = min(best, again, key=lambda s: s.cost)
        if done:
            break
    return best


def _sought(joint: JointProblem, solution: JointSolution, x: Floats) -> State:
    """Return a solution in which each spectrum has the best of its own parameters that any start leads to."""
    problem, state, n = joint.problem, solution.state, joint.problem.size
    origin = np.clip(np.arange(n)[:, None] + np.array(_NEIGHBOURS), 0, n - 1)
    starts = np.concatenate([state.x[:, None], x[:, None], state.x[origin]], axis=1)
    starts = np.where(joint.linked, state.x[:, None], starts)
    rows = np.repeat(np.arange(n), starts.shape[1])
    held = np.broadcast_to(joint.linked, (rows.size, problem.fixed.size))
    found = solve(problem, starts.reshape(rows.size, -1), rows, held=held)
    cost = found.cost.reshape(n, -1)
    best = found.x.reshape(starts.shape)[np.arange(n), np.argmin(cost, axis=1)]
    return State(best, state.common, state.shift)

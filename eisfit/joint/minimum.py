"""The best minimum of a joint problem, without a start."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from eisfit.engine.joint import Block, JointProblem, JointSolution, State, solve_joint
from eisfit.engine.solver import solve
from eisfit.joint.at_once import sought_at_once, starts_at_once
from eisfit.joint.exchanges import exchanged, moved_in_part, orders_of
from eisfit.joint.plausible import capacitance_off, in_plausible_order, price_of_arcs
from eisfit.tools.frozen import Floats
from eisfit.tools.progress import Told, untold

_Each = TypeVar("_Each")

_QUICK = 25  # iterations from each start
_KEPT = 6  # of the best different ones that are followed to the end
_KEPT_AT_ONCE = 3  # of them where sets of measurements are sought anew, which finds the others
_SAME = 1e-3  # difference of costs within which two starts have led to one minimum
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
    free : tuple of ndarray, each of shape (N,)
        Costs of the spectra without any link.
    """

    solution: JointSolution
    others: tuple[JointSolution, ...]
    free: tuple[Floats, ...]


def best_joint(
    joint: JointProblem, x: Sequence[Floats], weight: Sequence[Floats], told: Told = untold
) -> JointMinimum:
    """Return the best minimum of a joint problem.

    Parameters
    ----------
    joint : JointProblem
        Blocks of N spectra.
    x : sequence of ndarray, each of shape (N, P)
        Logarithms at the minimum of each spectrum by itself.
    weight : sequence of ndarray, each of shape (N, P)
        How much each counts for the first common coordinates; 0 where it is not known.
    told : callable
        Called with the step, how many starts of it are done, and how many there are.

    Notes
    -----
    Arcs of a kind may be taken for each other in some spectra: the joint fit starts with each order of them from each
    spectrum on. From the best minima the parameters of each spectrum are then sought anew, with those that follow
    held: from the values of its neighbours and those of its independent fit. A minimum in which an arc has, in some
    spectrum, a capacitance far off that of its segment pays for it: arcs have changed places there. Which arc is which
    is not asked here otherwise; see `with_names`.
    """
    orders = orders_of([block.problem for block in joint.blocks])
    starts = [*_starts(joint, x, weight, orders), *starts_at_once(joint, x, weight)]
    quick = [
        solve_joint(joint, joint.started(start, own_weight), max_iterations=_QUICK)
        for start, own_weight in _counted(starts, "joint fit, starts", told)
    ]
    kept = _KEPT_AT_ONCE if any(block.shared.any() for block in joint.blocks) else _KEPT
    best_few = _counted(_different(quick)[:kept], "joint fit, best minima", told)
    found = [bettered(joint, solve_joint(joint, s.state), x) for s in best_few]
    best = min(found, key=lambda s: s.cost + price_of_arcs(joint, s.state.x))
    others: list[JointSolution] = []
    for s in found:
        if fits_as_well(joint, best, s) and all(other_links(joint, t, s) for t in others):
            others.append(s)
    free = []
    for k, block in enumerate(joint.blocks):
        rows = np.arange(block.problem.size)
        alone = [solve(block.problem, start, rows).cost for start in (x[k], best.state.x[k])]
        free.append(np.min(alone, axis=0))
    return JointMinimum(best, tuple(others), tuple(free))


def _counted(each: Sequence[_Each], step: str, told: Told) -> Iterator[_Each]:
    """Yield one after the other, and tell how many are done."""
    for k, one in enumerate(each):
        told(step, k, len(each))
        yield one
    told(step, len(each), len(each))


def _different(quick: Sequence[JointSolution]) -> list[JointSolution]:
    """Return the best of some solutions, of those with equal costs one only."""
    kept: list[JointSolution] = []
    for s in sorted(quick, key=lambda s: s.cost):
        if not kept or s.cost > kept[-1].cost + _SAME:
            kept.append(s)
    return kept[:_KEPT]


def _starts(
    joint: JointProblem, x: Sequence[Floats], weight: Sequence[Floats], orders: Sequence[Mapping[str, str]]
) -> list[tuple[list[Floats], list[Floats]]]:
    """Return the logarithms with arcs in another order from one spectrum on, and how much each counts."""
    sets = np.unique(np.concatenate([block.set_of for block in joint.blocks]))
    splits = sets[np.unique(np.linspace(0, sets.size - 1, min(sets.size, _MOST_SPLITS)).astype(int))]
    found = [(list(x), list(weight)), (in_plausible_order(joint, x), list(weight))]
    for order in orders[1:]:
        if any(block.shared.any() and moved_in_part(block.problem, order) for block in joint.blocks):
            continue  # what one pair of probes sees, and another does not, is no other arc
        for first in splits:
            start = []
            for block, own in zip(joint.blocks, x, strict=True):
                swapped = np.where(
                    (block.set_of >= first)[:, None], exchanged(block.problem, own, order), own
                )
                start.append(np.clip(swapped, block.problem.lower, block.problem.upper))
            found.append((start, list(weight)))
    return found


def rise_of(joint: JointProblem, best: JointSolution, other: JointSolution) -> float:
    """Return by how much another minimum is worse, as chi-square: that of the data, and of its capacitances.

    Where arcs have changed places, the data may hardly tell; their capacitances do.
    """
    off = capacitance_off(joint, other.state.x) - capacitance_off(joint, best.state.x)
    return max(2 * (other.cost - best.cost), 0.0) + max(off, 0.0)


def fits_as_well(joint: JointProblem, best: JointSolution, other: JointSolution) -> bool:
    """Tell whether another minimum is as good as the best, and has other values of the links."""
    return rise_of(joint, best, other) < _AS_WELL and bool(other_links(joint, best, other))


def other_links(joint: JointProblem, one: JointSolution, other: JointSolution) -> frozenset[str]:
    """Return the links that have other values in another minimum, beyond the order of the arcs."""
    return _compared(joint, one, other)[0]


def coordinates_like(joint: JointProblem, one: JointSolution, other: JointSolution) -> Floats:
    """Return the common coordinates (G,) of another minimum, its arcs in the order that is nearest to the first."""
    x = spectra_like(joint, one, other)
    return joint.started(x, [np.ones_like(own) for own in x]).common


def spectra_like(joint: JointProblem, one: JointSolution, other: JointSolution) -> list[Floats]:
    """Return the logarithms (N, P) of each block in another minimum, its arcs in the order nearest to the first."""
    order = _compared(joint, one, other)[1]
    return [exchanged(b.problem, own, order) for b, own in zip(joint.blocks, other.state.x, strict=True)]


def _compared(
    joint: JointProblem, one: JointSolution, other: JointSolution
) -> tuple[frozenset[str], Mapping[str, str]]:
    """Return the links that differ in the nearest order of the arcs, and that order."""
    found: list[tuple[frozenset[str], Mapping[str, str]]] = []
    for order in orders_of([block.problem for block in joint.blocks]):
        names = set()
        for block, a, b, covariance in zip(
            joint.blocks, one.state.x, other.state.x, one.covariance_log, strict=True
        ):
            sigma = np.sqrt(np.maximum(np.diagonal(covariance, axis1=1, axis2=2), 1e-300))
            off = np.abs(exchanged(block.problem, b, order) - a) / sigma
            names |= {f.link.name for f in block.following if np.max(off[:, f.column]) > _OTHER}
        found.append((frozenset(names), order))
    return min(found, key=lambda pair: len(pair[0]))


def bettered(joint: JointProblem, best: JointSolution, x: Sequence[Floats]) -> JointSolution:
    """Return the minimum after seeking the parameters of each spectrum anew, as long as that gains."""
    for _ in range(_ROUNDS):
        own = [_sought(block, best.state.x[k], x[k]) for k, block in enumerate(joint.blocks)]
        start = sought_at_once(joint, State(tuple(own), best.state.common, best.state.shift))
        again = solve_joint(joint, start)
        done = again.cost > best.cost * (1 - _GAINED)
        best = min(best, again, key=lambda s: s.cost)
        if done:
            break
    return best


def _sought(block: Block, now: Floats, x: Floats) -> Floats:
    """Return logarithms (N, P) in which each spectrum has the best of its own parameters that any start leads to."""
    problem, n = block.problem, block.problem.size
    origin = np.clip(np.arange(n)[:, None] + np.array(_NEIGHBOURS), 0, n - 1)
    starts = np.concatenate([now[:, None], x[:, None], now[origin]], axis=1)
    held_here = block.linked | block.shared
    starts = np.where(held_here, now[:, None], starts)
    rows = np.repeat(np.arange(n), starts.shape[1])
    held = np.broadcast_to(held_here, (rows.size, problem.fixed.size))
    found = solve(problem, starts.reshape(rows.size, -1), rows, held=held)
    cost = found.cost.reshape(n, -1)
    return np.asarray(found.x.reshape(starts.shape)[np.arange(n), np.argmin(cost, axis=1)])

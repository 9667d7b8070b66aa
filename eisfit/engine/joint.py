"""Many spectra fitted at once: common coordinates, and parameters of each spectrum that are eliminated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from eisfit.engine.joint_equations import (
    DAMPING_LEAST,
    DAMPING_MOST,
    DAMPING_START,
    LONGEST_STEP,
    TINY,
    Equations,
    equations_of,
    own_step,
    pseudo_inverses,
    squared,
)
from eisfit.engine.joint_problem import Block, JointProblem, State
from eisfit.tools.frozen import Floats

__all__ = ["Block", "JointProblem", "JointSolution", "State", "solve_joint"]

_UNKNOWN = 1e3  # standard error of a coordinate of which nothing is known


@dataclass(frozen=True, eq=False)
class JointSolution:
    """Where a joint fit ended.

    Parameters
    ----------
    state : State
        There.
    cost : float
        Half the chi-square of all spectra, temperatures and known coordinates.
    common_covariance : ndarray, shape (G, G)
        Of the coordinates.
    covariance_log : tuple of ndarray, each of shape (N, P, P)
        Of the logarithms in each spectrum.
    whole_covariance_log : tuple of ndarray, each of shape (N, P, P)
        The same as if all layers had their stated lengths, as `Block.unextended` gives the logarithms.
    shift_stderr : tuple of ndarray, each of shape (N,)
        Standard error of each temperature in kelvin.
    converged : bool
        Whether the iteration came to rest.
    iterations : int
        Steps that were tried.
    """

    state: State
    cost: float
    common_covariance: Floats
    covariance_log: tuple[Floats, ...]
    whole_covariance_log: tuple[Floats, ...]
    shift_stderr: tuple[Floats, ...]
    converged: bool
    iterations: int


@dataclass(frozen=True, eq=False)
class _Point:
    """Where the iteration is: own parameters (G, U) of each family, and the common coordinates."""

    own: tuple[Floats, ...]
    common: Floats


def solve_joint(
    joint: JointProblem, start: State, *, max_iterations: int = 200, tolerance: float = 1e-9
) -> JointSolution:
    """Minimise the chi-square of all spectra at once.

    Parameters
    ----------
    joint : JointProblem
        What is minimised.
    start : State
        From where.
    max_iterations : int
        Steps at most.
    tolerance : float
        Relative gain below which two steps in a row end the iteration.

    Notes
    -----
    Levenberg-Marquardt steps with exact derivatives through every link. The parameters of each spectrum, or of the
    spectra that were measured at once, are eliminated from the normal equations (Schur complement: Triggs et al., Lect.
    Notes Comput. Sci. 1883 (2000) 298, doi 10.1007/3-540-44480-7_21), so that time and memory grow in proportion to the
    number of spectra. The temperature of each spectrum is one of its parameters, with its error as prior.
    """
    with np.errstate(
        over="ignore", invalid="ignore", divide="ignore"
    ):  # such a trial costs inf, and is not kept
        return _solved(joint, _entered(joint, start), max_iterations, tolerance)


def _solved(joint: JointProblem, point: _Point, max_iterations: int, tolerance: float) -> JointSolution:
    equations = [equations_of(f, own, point.common) for f, own in zip(joint.families, point.own, strict=True)]
    cost = _cost(joint, point, equations)
    damping, growth, small, steps = DAMPING_START, 2.0, 0, 0
    while steps < max_iterations and small < 2 and damping < DAMPING_MOST:
        steps += 1
        wanted = _moved(joint, point, equations, damping)
        tried = [
            equations_of(f, own, wanted.common) for f, own in zip(joint.families, wanted.own, strict=True)
        ]
        reached = _cost(joint, wanted, tried)
        if reached <= cost:
            small = small + 1 if cost - reached <= tolerance * cost else 0
            point, equations, cost = wanted, tried, reached
            damping, growth = max(damping / 5, DAMPING_LEAST), 2.0
        else:
            damping, growth = damping * growth, growth * 2
    return _solution(joint, point, equations, cost, (small >= 2 or damping >= DAMPING_MOST, steps))


def _entered(joint: JointProblem, state: State) -> _Point:
    """Return the point of a state."""
    own = []
    for family in joint.families:
        x = [
            b.unextended(state.x[k], state.common) for k, b in zip(family.members, family.blocks, strict=True)
        ]
        own.append(family.gathered(x, [state.shift[k] for k in family.members]))
    return _Point(tuple(own), state.common)


def _cost(joint: JointProblem, point: _Point, equations: Sequence[Equations]) -> float:
    total = sum(e.cost for e in equations) + joint.prior_cost(point.own, point.common)
    return total if np.isfinite(total) else np.inf


def _schur(
    joint: JointProblem, equations: Sequence[Equations], inverses: Sequence[Floats], damping: float
) -> Floats:
    """Return the normal matrix of the common coordinates with the own parameters eliminated."""
    found = sum((e.common for e in equations), joint.precision)
    found = np.array(found)
    found[np.diag_indices_from(found)] *= 1 + damping
    for e, inverse in zip(equations, inverses, strict=True):
        found -= squared(e.cross, inverse)
    return np.asarray(found)


def _inverse(matrix: Floats) -> Floats:
    if matrix.size == 0 or not np.isfinite(matrix).all():
        return np.zeros_like(matrix)
    diagonal = np.diag(matrix)
    known = diagonal > TINY
    root = np.where(known, 1 / np.sqrt(np.where(known, diagonal, 1.0)), _UNKNOWN)
    scaled = np.where(np.outer(known, known), matrix * np.outer(root, root), np.diag(~known).astype(float))
    return np.asarray(pseudo_inverses(scaled) * np.outer(root, root))


def _moved(joint: JointProblem, point: _Point, equations: Sequence[Equations], damping: float) -> _Point:
    """Return the point after one damped step."""
    inverses = [e.inverse(damping) for e in equations]
    schur = _schur(joint, equations, inverses, damping)
    right = -joint.precision @ (point.common - joint.prior[0])
    carried = []
    for e, inverse in zip(equations, inverses, strict=True):
        carried.append(np.einsum("nuv,nv->nu", inverse, e.own_gradient))
        right = right - e.common_gradient + np.einsum("nug,nu->g", e.cross, carried[-1])
    common = _inverse(schur) @ right
    moves = [np.abs(part @ common) for e in equations for part in e.to_common]
    common = common * min(1.0, LONGEST_STEP / max(float(np.max(m, initial=TINY)) for m in moves))
    own = []
    for k, (family, e, inverse) in enumerate(zip(joint.families, equations, inverses, strict=True)):
        step = -carried[k] - np.einsum("nuv,nv->nu", inverse, e.cross @ common)
        own.append(own_step(family, point.own[k], step))
    return _Point(tuple(own), point.common + common)


def _solution(
    joint: JointProblem, point: _Point, equations: Sequence[Equations], cost: float, ended: tuple[bool, int]
) -> JointSolution:
    inverses = [e.inverse(0.0) for e in equations]
    covariance = _inverse(_schur(joint, equations, inverses, 0.0))
    logs, wholes, errors, x, shifts = {}, {}, {}, {}, {}
    for family, e, inverse, values in zip(joint.families, equations, inverses, point.own, strict=True):
        carried = inverse @ e.cross
        own = inverse + carried @ covariance @ carried.transpose(0, 2, 1)
        for place, k in enumerate(family.members):
            group, slots = family.places[place]
            block, inner = family.blocks[place], own[group[:, None, None], slots[:, None], slots]
            parts = e.to_own[place], inner, carried[np.ix_(group, slots)]
            logs[k] = _of_logarithms(block, parts, e.to_common[place], covariance)
            to_common = block.unextended_slopes(e.to_common[place], point.common)
            wholes[k] = _of_logarithms(block, parts, to_common, covariance) if block.extents else logs[k]
            errors[k] = np.sqrt(np.maximum(inner[:, -1, -1], 0.0))
            at, shifts[k] = family.spread(values, place)
            x[k] = block.problem.followed(block.placed(at, point.common, shifts[k])[0])
    at_end, moved, log, whole, error = (
        tuple(of[k] for k in range(len(joint.blocks))) for of in (x, shifts, logs, wholes, errors)
    )
    state = State(at_end, point.common, moved)
    return JointSolution(state, cost, covariance, log, whole, error, *ended)


def _of_logarithms(
    block: Block, parts: tuple[Floats, Floats, Floats], to_common: Floats, covariance: Floats
) -> Floats:
    """Return the covariance of the logarithms of a block (N, P, P).

    `parts` are how they move with the own parameters, the covariance of these, and how these move with the common ones.
    """
    a, inner, carried = parts
    crossed = -a @ carried @ covariance @ to_common.transpose(0, 2, 1)
    log = a @ inner @ a.transpose(0, 2, 1) + to_common @ covariance @ to_common.transpose(0, 2, 1)
    log = log + crossed + crossed.transpose(0, 2, 1)
    ties = block.problem.ties  # what is tied has the errors of what it follows
    return np.asarray(log if ties is None else log[:, ties.master][:, :, ties.master])

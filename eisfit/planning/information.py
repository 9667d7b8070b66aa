"""The covariance that a measurement will have: the inverse of its exact Fisher information."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from eisfit.engine.backends.cpu import normal_equations
from eisfit.engine.joint import Block
from eisfit.engine.joint_equations import squared
from eisfit.planning.joint_problem import Posed
from eisfit.tools.frozen import Floats
from eisfit.tools.quotients import SMALLEST_DIVISOR

_EIGENVALUE_FLOOR = 1e-14  # of a scaled information matrix: directions below it are undetermined, and say so


@dataclass(frozen=True, eq=False)
class Foreseen:
    """What a measurement will know.

    Parameters
    ----------
    posed : Posed
        The measurement.
    common_covariance : ndarray, shape (G, G)
        Of the common coordinates.
    covariance_log : tuple of ndarray, each of shape (N, P, P)
        Of the logarithms of the parameters in each spectrum of each cell.
    x : tuple of ndarray, each of shape (N, P)
        The logarithms.
    """

    posed: Posed
    common_covariance: Floats
    covariance_log: tuple[Floats, ...]
    x: tuple[Floats, ...]


@dataclass(frozen=True, eq=False)
class _Information:
    """Of one block: own parameters (N, U, U), cross (N, U, G), common (G, G); how the logarithms move with both."""

    own: Floats
    cross: Floats
    common: Floats
    to_own: Floats
    to_common: Floats
    x: Floats


def foreseen(posed: Posed) -> Foreseen:
    """Return the covariance of a measurement at what is expected.

    Notes
    -----
    The Fisher information of all spectra with the derivatives of the engine through every link, priors of
    temperatures and geometries added; the parameters of each spectrum are eliminated (Schur complement), as in
    `solve_joint`. Weights count as known. What the data do not determine at all keeps a large error.
    """
    joint = posed.joint
    parts = [
        _information(block, own, posed.state.common)
        for block, own in zip(joint.blocks, posed.state.x, strict=True)
    ]
    inverses = [_inverse(part.own) for part in parts]
    schur = joint.precision
    for part, inverse in zip(parts, inverses, strict=True):
        schur = schur + part.common - squared(part.cross, inverse)
    common = _inverse(schur[None])[0] if joint.size else schur
    logs = [
        _of_logarithms(block, part, inverse, common)
        for block, part, inverse in zip(joint.blocks, parts, inverses, strict=True)
    ]
    return Foreseen(posed, common, tuple(logs), tuple(part.x for part in parts))


def _information(block: Block, start: Floats, common: Floats) -> _Information:
    """Return the Fisher information of the spectra of a block."""
    problem, n = block.problem, block.problem.size
    x, to_common, to_own = block.placed(start, common, np.zeros(n))
    normal = normal_equations(problem, x, np.arange(n))[1] / block.variance[:, None, None]
    held = np.append(block.linked | problem.fixed, False)
    to_own[:, :, held] = 0.0
    to_own[block.error == 0, :, -1] = 0.0
    weighted = normal @ to_own
    own = to_own.transpose(0, 2, 1) @ weighted
    known = block.error > 0
    own[known, -1, -1] += 1 / block.error[known] ** 2
    cross = weighted.transpose(0, 2, 1) @ to_common
    return _Information(
        own,
        cross,
        squared(to_common, normal),
        to_own,
        to_common,
        x,
    )


def _inverse(matrices: Floats) -> Floats:
    """Return the inverses (N, U, U) of information matrices; what has no information in its row is held: 0."""
    diagonal = np.diagonal(matrices, axis1=1, axis2=2)
    free = diagonal > 0
    root = np.where(free, 1 / np.sqrt(np.where(free, np.maximum(diagonal, SMALLEST_DIVISOR), 1.0)), 0.0)
    scaled = matrices * root[:, :, None] * root[:, None, :]
    places = np.arange(matrices.shape[1])
    scaled[:, places, places] = 1.0
    values, vectors = np.linalg.eigh(scaled)
    values = np.maximum(values, _EIGENVALUE_FLOOR * values[:, -1:])
    found = (vectors / values[:, None, :]) @ vectors.transpose(0, 2, 1)
    return np.asarray(found * root[:, :, None] * root[:, None, :])


def _of_logarithms(block: Block, part: _Information, inverse: Floats, common: Floats) -> Floats:
    """Return the covariance of the logarithms (N, P, P)."""
    carried = inverse @ part.cross
    own = inverse + carried @ common @ carried.transpose(0, 2, 1)
    a, b = part.to_own, part.to_common
    crossed = -a @ carried @ common @ b.transpose(0, 2, 1)
    log = (
        a @ own @ a.transpose(0, 2, 1)
        + b @ common @ b.transpose(0, 2, 1)
        + crossed
        + crossed.transpose(0, 2, 1)
    )
    ties = block.problem.ties
    return np.asarray(log if ties is None else log[:, ties.master][:, :, ties.master])


def variance_of(covariances: Floats, gradients: Floats) -> Floats:
    """Return the variances of linear functions, shapes (N, P, P) and (N, P) -> (N,)."""
    return np.asarray(np.einsum("np,npq,nq->n", gradients, covariances, gradients))

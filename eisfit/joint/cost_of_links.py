"""What each link of a joint fit costs: the fit with all others, in which this one is left out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.special import gammaincc

from eisfit.engine.backends.cpu import normal_equations
from eisfit.engine.following import Following
from eisfit.engine.joint import Block, JointProblem, JointSolution, State, solve_joint
from eisfit.joint.minimum import JointMinimum
from eisfit.joint.pattern import joint_condition, pattern_of
from eisfit.joint.without import without_links
from eisfit.results.joint import LinkTest
from eisfit.results.outcome import NAN
from eisfit.tools.frozen import Floats


def first_place(joint: JointProblem, name: str) -> tuple[int, Following, slice]:
    """Return the first block that has a link, what follows it there, and where its coordinates stand."""
    return next(
        (k, f, at)
        for k, block in enumerate(joint.blocks)
        for f, at in zip(block.following, block.places, strict=True)
        if f.link.name == name
    )


def seen_in_order(joint: JointProblem) -> list[str]:
    """Return the names of all links."""
    return list(dict.fromkeys(f.link.name for block in joint.blocks for f in block.following))


def cost_of_link(joint: JointProblem, minimum: JointMinimum, name: str, labels: Sequence[str]) -> LinkTest:
    """Return what one link costs: the joint fit with all others, started from that with this one too.

    Parameters
    ----------
    joint : JointProblem
        What was minimised.
    minimum : JointMinimum
        Where it ended.
    name : str
        Of the link.
    labels : sequence of str
        Of all spectra.

    Notes
    -----
    A spectrum deviates by the distance of its free value from the linked one, over the error of the free value. A free
    value that rests on a bound has no error: there the root of the rise of chi-square of this spectrum stands for it.
    """
    solution, (_, first, _) = minimum.solution, first_place(joint, name)
    reduced, kept = without_links(joint, [name])
    found = solve_joint(reduced, State(solution.state.x, solution.state.common[kept], solution.state.shift))
    constraints, chi2 = joint.freed(name), max(2 * (solution.cost - found.cost), 0.0)
    deviations: list[tuple[float, float, int]] = []
    found_at: list[float] = []
    for k, block in enumerate(joint.blocks):
        for f in block.following:
            if f.link.name == name:
                off = _deviations(block, k, f.column, solution, found)
                found_at += f.at.tolist()
                deviations += zip(np.abs(off).tolist(), off.tolist(), block.rows.tolist(), strict=True)
    _, deviation, row = max(deviations)
    pattern = pattern_of(found_at, [off for _, off, _ in deviations], joint_condition(first))
    p = float(gammaincc(0.5 * constraints, 0.5 * chi2)) if constraints > 0 else NAN
    return LinkTest(name, first.link.text, chi2, constraints, p, labels[row], deviation, pattern)


def _deviations(block: Block, k: int, column: int, linked: JointSolution, free: JointSolution) -> Floats:
    """Return by how many standard errors the free values (N,) of one parameter lie off the linked ones."""
    off = free.state.x[k][:, column] - linked.state.x[k][:, column]
    error = np.sqrt(np.maximum(free.covariance_log[k][:, column, column], 0.0))
    rise = np.maximum(_chi2(block, k, linked) - _chi2(block, k, free), 0.0)
    known = error > 0
    return np.where(known, off / np.where(known, error, 1.0), np.sign(off) * np.sqrt(rise))


def _chi2(block: Block, k: int, solution: JointSolution) -> Floats:
    """Return chi-square of each spectrum of a block (N,), that of its temperature included."""
    x, shift = solution.state.x[k], solution.state.shift[k]
    cost = normal_equations(block.problem, x, np.arange(x.shape[0]))[0] / block.variance
    known = block.error > 0
    return np.asarray(2 * cost + np.where(known, (shift / np.where(known, block.error, 1.0)) ** 2, 0.0))

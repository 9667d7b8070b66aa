"""Segments that all spectra together do not support, and what they allow these to be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import chdtri

from eisfit.circuit.arc import arc_of, is_resistor
from eisfit.circuit.circuit import span
from eisfit.engine.joint import JointProblem
from eisfit.joint.allowed import allowed
from eisfit.joint.minimum import JointMinimum, best_joint
from eisfit.joint.without import at_nothing, columns_of_segment, without_segment
from eisfit.tools.frozen import Floats
from eisfit.uncertainty.detection import SUSPECT
from eisfit.uncertainty.undetected import Undetected

_BY_CHANCE = (
    0.0027  # probability of a fall of chi-square by chance from which a segment counts as seen: 3 sigma
)


@dataclass(frozen=True, eq=False)
class Absence:
    """What a joint fit goes without.

    Parameters
    ----------
    joint : JointProblem
        Without the segments that the data do not support.
    minimum : JointMinimum
        Its best minimum.
    segments : tuple of str
        These segments.
    trials : tuple of Undetected
        What all spectra together allow them to be, for each block.
    """

    joint: JointProblem
    minimum: JointMinimum
    segments: tuple[str, ...]
    trials: tuple[Undetected, ...]


def without_unsupported(
    joint: JointProblem, minimum: JointMinimum, x: Sequence[Floats], weight: Sequence[Floats]
) -> Absence:
    """Remove, one by one, the linked segments whose absence all spectra together allow.

    Parameters
    ----------
    joint, minimum : JointProblem, JointMinimum
        With all segments.
    x, weight : sequence of ndarray, each of shape (N, P)
        As in `best_joint`.

    Notes
    -----
    A segment whose resistance follows a link, and has a relative error of 0.15 or more in all spectra, is tested: it is
    removed where chi-square then rises by no more than chance makes with as many parameters (0.27 %). A segment
    whose resistance, capacitance or exponent is known from elsewhere stays.
    """
    segments: list[str] = []
    full, started = joint, [own.copy() for own in x]
    while True:
        tried = []
        for name in _suspects(joint, minimum):
            reduced, _ = without_segment(joint, name)
            for k, block in enumerate(joint.blocks):
                started[k] = at_nothing(block.problem, started[k], columns_of_segment(block.problem, name))
            found = best_joint(reduced, started, weight)
            rise = 2 * (found.solution.cost - minimum.solution.cost)
            limit = float(chdtri(_saved(joint, name, reduced), _BY_CHANCE))
            if rise < limit:
                tried.append((rise - limit, name, reduced, found))
        if not tried:
            break
        _, name, joint, minimum = min(tried, key=lambda entry: entry[0])
        segments.append(name)
    return Absence(joint, minimum, tuple(segments), allowed(full, minimum, segments))


def _suspects(joint: JointProblem, minimum: JointMinimum) -> list[str]:
    """Return the segments with a linked resistance that no spectrum determines."""
    best: dict[str, float] = {}
    for block, covariance in zip(joint.blocks, minimum.solution.covariance_log, strict=True):
        for on_path in block.problem.template.path:
            arc, first = arc_of(on_path.node), span(on_path.node).start
            k = arc.resistance if arc is not None else first if is_resistor(on_path.node) else None
            if k is None or not block.linked[k] or block.problem.fixed[k]:
                continue
            own = columns_of_segment(block.problem, on_path.segment.name)
            known = any(f.link.known is not None for f in block.following if own[f.column])
            error = 0.0 if known else float(np.sqrt(np.maximum(covariance[:, k, k], 0.0).min()))
            name = on_path.segment.name
            best[name] = min(best.get(name, np.inf), error)
    return [name for name, error in best.items() if error >= SUSPECT]


def _saved(joint: JointProblem, name: str, reduced: JointProblem) -> int:
    """Return how many parameters a segment has in all spectra together."""
    own = 0
    for block in joint.blocks:
        columns = columns_of_segment(block.problem, name) & ~block.linked & ~block.problem.fixed
        own += int(columns.sum()) * block.problem.size
    return own + joint.size - reduced.size

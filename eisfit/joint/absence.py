"""Segments that all spectra together do not support, and what they allow these to be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import chdtri

from eisfit.assignment.settings import DEFAULT
from eisfit.circuit.arc import arc_of, is_resistor
from eisfit.circuit.circuit import span
from eisfit.engine.joint import Block, JointProblem
from eisfit.joint.allowed import allowed
from eisfit.joint.exchanges import exchanged, named_arcs
from eisfit.joint.minimum import JointMinimum, best_joint
from eisfit.joint.plausible import capacitance_off
from eisfit.joint.report import covariance_of_spectra
from eisfit.joint.without import at_nothing, columns_of_segment, without_segment
from eisfit.tools.frozen import Floats
from eisfit.uncertainty.undetected import Undetected

_SUSPECT = 0.1  # relative error in all spectra from which a segment is tested against its absence
_BY_CHANCE = (
    0.0027  # probability of a fall of chi-square by chance from which a segment counts as seen: 3 sigma
)

_BY_ORDINATES = 10.0  # chi-square that an exchange of arcs may cost because their laws differ in ordinate


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
    rivals : mapping of str to (float, tuple of str)
        Of each segment that is left although it may be the one that is absent: odds of the names, and these.
    """

    joint: JointProblem
    minimum: JointMinimum
    segments: tuple[str, ...]
    trials: tuple[Undetected, ...]
    rivals: Mapping[str, tuple[float, tuple[str, ...]]]

    @property
    def sentences(self) -> list[str]:
        """What is said of the segments."""
        return [
            f"{name} is not detected by all spectra together: its rows are upper limits, and its law has no parameters"
            for name in self.segments
        ]


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
    A segment whose resistance follows a link, and has a relative error of 0.1 or more in all spectra, is tested: it is
    removed where chi-square then rises by no more than chance makes with as many parameters (0.27 %). Any arc of its
    kind may be the one that is absent instead: the capacitances of those that are left decide, with odds of 20:1 or not
    at all. A segment of which anything is known from elsewhere stays.
    """
    segments: list[str] = []
    rivals: dict[str, tuple[float, tuple[str, ...]]] = {}
    full, started = joint, [own.copy() for own in x]
    while tried := _tried(joint, minimum, started, weight):
        tried.sort(key=lambda entry: entry.score)
        best = tried[0]
        for other in tried[1:]:
            if (odds := float(np.exp(0.5 * (other.score - best.score)))) < DEFAULT.decided:
                rivals[other.segment] = (odds, (other.segment, best.segment))
        joint, minimum, started = best.joint, best.minimum, list(best.minimum.solution.state.x)
        segments.append(best.segment)
    left = {name: found for name, found in rivals.items() if name not in segments}
    return Absence(joint, minimum, tuple(segments), allowed(full, minimum, segments), left)


@dataclass(frozen=True, eq=False)
class _Tried:
    """A joint fit without one segment that the data allow to be absent, and how unlikely the names then are."""

    segment: str
    joint: JointProblem
    minimum: JointMinimum
    score: float


def _tried(
    joint: JointProblem, minimum: JointMinimum, x: Sequence[Floats], weight: Sequence[Floats]
) -> list[_Tried]:
    """Return the joint fits without any one segment that the data allow."""
    found: dict[str, _Tried] = {}
    suspects = _suspects(joint, minimum)
    for name in suspects:
        reduced, _ = without_segment(joint, name)
        without = best_joint(reduced, _at_nothing(joint, x, name), weight)
        rise = 2 * (without.solution.cost - minimum.solution.cost)
        if rise > float(chdtri(_saved(joint, reduced), _BY_CHANCE)):
            continue
        found[name] = _scored(name, reduced, without)
        for other in set(_alike(joint, name)) - set(suspects) - set(found):
            reduced, _ = without_segment(joint, other)
            order = {name: other, other: name}
            pairs = zip(joint.blocks, without.solution.state.x, strict=True)
            changed = [exchanged(b.problem, own, order) for b, own in pairs]
            start = _at_nothing(joint, changed, other)
            like = best_joint(reduced, start, [np.ones_like(own) for own in start])
            if 2 * (like.solution.cost - without.solution.cost) < _BY_ORDINATES:
                found[other] = _scored(other, reduced, like)
    return list(found.values())


def _scored(name: str, reduced: JointProblem, found: JointMinimum) -> _Tried:
    return _Tried(name, reduced, found, capacitance_off(reduced, found.solution.state.x))


def _at_nothing(joint: JointProblem, x: Sequence[Floats], name: str) -> list[Floats]:
    return [
        at_nothing(block.problem, own, columns_of_segment(block.problem, name))
        for block, own in zip(joint.blocks, x, strict=True)
    ]


def _alike(joint: JointProblem, name: str) -> list[str]:
    """Return the other arcs of the kind of one that have linked resistances, and nothing known from elsewhere."""
    found: dict[str, None] = {}
    for block in joint.blocks:
        arcs = named_arcs(block.problem)
        if name not in arcs:
            continue
        kind = (arcs[name].by_time, len(arcs[name].columns))
        for other, arc in arcs.items():
            same = (arc.by_time, len(arc.columns)) == kind and block.linked[arc.resistance]
            if other != name and same and not _is_known(joint, block, other):
                found[other] = None
    return list(found)


def _is_known(joint: JointProblem, block: Block, segment: str) -> bool:
    own = columns_of_segment(block.problem, segment)
    pairs = zip(block.following, block.places, strict=True)
    return any(joint.known[at].any() for f, at in pairs if own[f.column])


def _suspects(joint: JointProblem, minimum: JointMinimum) -> list[str]:
    """Return the segments with a linked resistance that no spectrum determines."""
    best: dict[str, float] = {}
    for block, covariance in zip(joint.blocks, covariance_of_spectra(joint, minimum), strict=True):
        for on_path in block.problem.template.path:
            arc, first = arc_of(on_path.node), span(on_path.node).start
            k = arc.resistance if arc is not None else first if is_resistor(on_path.node) else None
            if k is None or not block.linked[k] or block.problem.fixed[k]:
                continue
            known = _is_known(joint, block, on_path.segment.name)
            error = 0.0 if known else float(np.sqrt(np.maximum(covariance[:, k, k], 0.0).min()))
            name = on_path.segment.name
            best[name] = min(best.get(name, np.inf), error)
    return [name for name, error in best.items() if error >= _SUSPECT]


def _saved(joint: JointProblem, reduced: JointProblem) -> int:
    """Return how many parameters a segment has in all spectra together."""
    return _own(joint) - _own(reduced) + joint.size - reduced.size


def _own(joint: JointProblem) -> int:
    """Return how many parameters are sought besides the common ones; those measured at once share theirs."""
    return sum(int(np.delete(f.variable, f.shift_place, axis=1).sum()) for f in joint.families)

"""Which arc of a joint fit belongs to which segment: the order that its capacitances make likely."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from eisfit.assignment.settings import DEFAULT
from eisfit.engine.joint import JointProblem, JointSolution, solve_joint
from eisfit.joint.exchanges import columns_of, exchanged, moved_in_part, named_arcs, orders_of
from eisfit.joint.minimum import JointMinimum, bettered, fits_as_well
from eisfit.joint.plausible import capacitance_off
from eisfit.tools.frozen import Floats

_BY_ORDINATES = 10.0  # chi-square that an exchange of arcs may cost because their laws differ in ordinate
_IMPOSSIBLE = 1e3  # as chi-square
_TIED = 0.01  # difference of chi-square within which two orders are the same fit


@dataclass(frozen=True, eq=False)
class NamedMinimum:
    """The best minimum of a joint fit, with names of its arcs.

    Parameters
    ----------
    minimum : JointMinimum
        In the best order of the arcs.
    rivals : mapping of str to tuple of str
        Of each segment whose arc may belong to another one as well: the segments it may be, the best first.
    odds : float
        Of the best order against all others; inf where there is no other.
    """

    minimum: JointMinimum
    rivals: Mapping[str, tuple[str, ...]]
    odds: float

    def also_open(self, rivals: Mapping[str, tuple[float, tuple[str, ...]]]) -> NamedMinimum:
        """Return it with arcs whose names are open for another reason: odds and names by segment."""
        found = {name: names for name, (_, names) in rivals.items() if name not in self.rivals}
        odds = min([self.odds, *(rivals[name][0] for name in found)])
        return NamedMinimum(self.minimum, {**self.rivals, **found}, odds)


def name_of(named: NamedMinimum, segment: str) -> str:
    """Return the name of the arc of a segment: those of all that it may belong to, numbered, where that is open."""
    rivals = named.rivals.get(segment, ())
    if not rivals:
        return segment
    return f"{' or '.join(sorted(rivals))} ({1 + list(named.rivals).index(segment)})"


def with_names(
    joint: JointProblem, minimum: JointMinimum, *, decided_before: Sequence[str] = ()
) -> NamedMinimum:
    """Return a joint minimum with its arcs in the most likely order.

    Parameters
    ----------
    joint : JointProblem
        What was minimised.
    minimum : JointMinimum
        In any order of the arcs.
    decided_before : sequence of str
        Segments in the order of their arcs, the fastest first, as the user has given it; then it is not asked again.

    Notes
    -----
    What weighs is the log-normal range of each capacitance, which counts once for all spectra, and values that are
    known. The chi-square does not: where arcs are exchanged, their links can be exchanged with them, and that one law
    holds in ln(T/R) and another in ln(1/R) says nothing about which arc is which. With a complement that shares one of
    the arcs, the chi-square of the other order counts as far as it exceeds what ordinates can make of it. Arcs of bare
    circuits have no ranges: of equal fits that with the faster arcs first is taken.
    """
    blocks, solution = joint.blocks, minimum.solution
    found: list[tuple[float, float, Mapping[str, str]]] = []
    for order in orders_of([block.problem for block in blocks]):
        x = _in_order(joint, solution, order)
        score = capacitance_off(joint, x) + _known(joint, x) + _contradicted(joint, solution, order)
        score += _IMPOSSIBLE * _against(joint, x, decided_before)
        found.append((score, _slowness(joint, x), order))
    least = min(score for score, _, _ in found)
    expected = any(block.problem.expected for block in blocks)
    if expected:
        best = min(found, key=lambda entry: entry[0])[2]
    else:
        best = min((entry for entry in found if entry[0] < least + _TIED), key=lambda entry: entry[1])[2]
    if any(name != taken for name, taken in best.items()) and (expected or _alike(joint, best)):
        x = _in_order(joint, solution, best)
        start = joint.started(x, [np.ones_like(own) for own in x])
        solution = bettered(joint, solve_joint(joint, start), x)
    others = tuple(s for s in minimum.others if fits_as_well(joint, solution, s))
    named = JointMinimum(solution, others, minimum.free)
    if not expected or decided_before:
        return NamedMinimum(named, {}, float("inf"))
    weights = [(float(np.exp(0.5 * (least - score))), order) for score, _, order in found]
    return NamedMinimum(named, *_odds(weights, best))


def _contradicted(joint: JointProblem, solution: JointSolution, order: Mapping[str, str]) -> float:
    """Return the rise of chi-square by an order that another circuit contradicts, less what ordinates may make of it.

    That of another cell, or of spectra of the same one in which only some of the arcs stand by themselves.
    """
    partly = [b for b in joint.blocks if moved_in_part(b.problem, order)]
    if any(b.shared.any() for b in partly):  # a pair of probes sees one of the arcs, and not the other
        return _IMPOSSIBLE
    if not any(f.geometry is not None for b in partly for f in b.following) and not _across(joint, order):
        return 0.0
    x = _in_order(joint, solution, order)
    found = bettered(joint, solve_joint(joint, joint.started(x, [np.ones_like(own) for own in x])), x)
    back = sum(float(np.sum((a - b) ** 2)) for a, b in zip(found.state.x, solution.state.x, strict=True))
    there = sum(float(np.sum((a - b) ** 2)) for a, b in zip(found.state.x, x, strict=True))
    if back < there:  # no minimum of its own: the fit goes back to the order it came from
        return _IMPOSSIBLE
    return max(2 * (found.cost - solution.cost) - _BY_ORDINATES, 0.0)


def _across(joint: JointProblem, order: Mapping[str, str]) -> bool:
    """Tell whether an order moves an arc in some spectra whose links hold in others that it leaves as they are."""
    moved: set[str] = set()
    stays: set[str] = set()
    for block in joint.blocks:
        columns = columns_of(block.problem, order)
        for f in block.following:
            (stays if columns[f.column] == f.column else moved).add(f.link.name)
    return bool(moved & stays)


def _in_order(joint: JointProblem, solution: JointSolution, order: Mapping[str, str]) -> list[Floats]:
    return [exchanged(b.problem, s, order) for b, s in zip(joint.blocks, solution.state.x, strict=True)]


def _alike(joint: JointProblem, order: Mapping[str, str]) -> bool:
    """Tell whether an exchange of arcs takes each link to an equal one."""
    for block in joint.blocks:
        columns = columns_of(block.problem, order)
        links = {f.column: f for f in block.following}
        for k, taken in enumerate(columns.tolist()):
            one, other = links.get(k), links.get(taken)
            if k == taken:
                continue
            if one is None or other is None:
                if one is not other:
                    return False
                continue
            same = (one.link.law, one.link.ordinate, one.link.known) == (
                other.link.law,
                other.link.ordinate,
                None,
            )
            if not same or (one.beside is None) != (other.beside is None):
                return False
    return True


def _against(joint: JointProblem, x: Sequence[Floats], decided_before: Sequence[str]) -> bool:
    """Tell whether an order of the arcs contradicts the one that the user has given."""
    taus: dict[str, list[Floats]] = {}
    for block, own in zip(joint.blocks, x, strict=True):
        for name, arc in named_arcs(block.problem).items():
            taus.setdefault(name, []).append(arc.log_tau(own))
    middle = [float(np.median(np.concatenate(taus[name]))) for name in decided_before if name in taus]
    return middle != sorted(middle)


def _known(joint: JointProblem, x: Sequence[Floats]) -> float:
    """Return how far values that are known from elsewhere lie off the arcs in an order, as chi-square."""
    total = 0.0
    for block, own in zip(joint.blocks, x, strict=True):
        for f, at in zip(block.following, block.places, strict=True):
            if joint.known[at].all():
                value, slopes, _ = f.log_values(joint.prior[0][at], f.at)
                variance = np.einsum("ng,gh,nh->n", slopes, joint.prior_covariance[at, at], slopes)
                log = own[:, f.column] - (0.0 if f.beside is None else own[:, f.beside])
                total += float(np.median((log - value - f.offset) ** 2 / variance))
    return total


def _odds(
    weights: Sequence[tuple[float, Mapping[str, str]]], best: Mapping[str, str]
) -> tuple[dict[str, tuple[str, ...]], float]:
    """Return what each arc may be besides, with odds above 1:20, and the odds of the best order."""
    total = sum(weight for weight, _ in weights)
    rivals: dict[str, tuple[str, ...]] = {}
    lowest = float("inf")
    for name, taken in best.items():
        shares: dict[str, float] = {}
        for weight, order in weights:
            meant = next((other for other, source in order.items() if source == taken), taken)
            shares[meant] = shares.get(meant, 0.0) + weight / total
        others = 1 - shares[name]
        odds = shares[name] / others if others > 0 else float("inf")
        lowest = min(lowest, odds)
        if odds < DEFAULT.decided:
            rivals[name] = tuple(sorted((n for n in shares if shares[n] > 1e-3), key=lambda n: -shares[n]))
    return rivals, lowest


def _slowness(joint: JointProblem, x: Sequence[Floats]) -> float:
    """Return a number that is least where the faster arcs stand first."""
    total = 0.0
    for block, own in zip(joint.blocks, x, strict=True):
        for place, arc in enumerate(named_arcs(block.problem).values()):
            total -= place * float(np.median(arc.log_tau(own)))
    return total

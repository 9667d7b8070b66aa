"""What hides: in a resistor the arcs above the window, in an arc those that do not show beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from eisfit.assignment.decision import Verdict
from eisfit.assignment.skeleton import Skeleton
from eisfit.assignment.structures import Structure
from eisfit.uncertainty.unknown_changes import Hidden

HIDDEN_SHARE = 0.02  # share of an arc by a segment hidden in it from which only their sum is reported
ABOVE = 0.5  # probability from which an arc that is not seen lies above the window
DIELECTRIC = 0.75  # exponent below which an arc is not that of dielectrics in series
USUAL = 0.9  # exponent of an arc of a dielectric where it is not known
_ABOUT_THE_END = 0.7  # ln tau by which a top may lie inside the window and show but the beginning of its arc


def what_hides(
    skeleton: Skeleton,
    verdict: Verdict,
    resistors: Sequence[str],
    tails: Iterable[str],
    within: Sequence[tuple[str, int]],
) -> Hidden:
    """Return what the circuit of a spectrum lacks: arcs of the resistor, its tail, and arcs within other arcs.

    Parameters
    ----------
    skeleton, verdict
        The cell, and what was decided for the spectrum.
    resistors : sequence of str
        Segments that the resistor stands for.
    tails : iterable of str
        Resistors with a tail.
    within : sequence of (str, int)
        Segment with an arc, and label of what may hide in it.
    """
    own = Hidden(with_tail=tuple(tails))
    if not own.with_tail:
        own = _above_window(skeleton, verdict, resistors)
    inside = []
    for host, k in within:
        if k in verdict.expected:
            expected, (_, alpha) = verdict.expected[k], verdict.tails.get(k, (0.0, USUAL))
            inside.append((host, expected.log_r, expected.log_tau, alpha))
    doubled = tuple(host for host, k in within if k not in verdict.expected)
    return replace(own, doubled=doubled, inside=tuple(inside))


def _above_window(skeleton: Skeleton, verdict: Verdict, resistors: Sequence[str]) -> Hidden:
    """Return the arcs that the resistor stands for where no tail is known: as other spectra let expect them.

    Beside dielectrics alone they are all of it: what no spectrum shows is in them, as it is where they are seen. In
    other cells a dielectric that no spectrum shows may be in the resistor, with a capacitance from the upper half of
    its range.
    """
    found, unseen = [], []
    for k, label in enumerate(skeleton.labels):
        if label.name not in resistors or not label.role.may_fade:
            continue
        log_c = float(label.middle[verdict.spectrum] + label.sigma[verdict.spectrum])
        if k in verdict.expected:
            expected, (_, alpha) = verdict.expected[k], verdict.tails.get(k, (0.0, 0.0))
            alpha = min(alpha, USUAL) if alpha >= DIELECTRIC else USUAL
            log_c = expected.log_tau - expected.log_r
            found.append((label.name, expected.log_r, log_c, alpha))
        if skeleton.resistors:
            unseen.append((label.name, log_c))
    return Hidden(tuple(found), not skeleton.resistors, tuple(unseen))


def hidden_in_arcs(
    skeleton: Skeleton, structure: Structure, verdict: Verdict, free: Sequence[int]
) -> list[tuple[int, int]]:
    """Return segments that hide in an arc, each with that arc: seen in other spectra, and not small here.

    One that lies above the window, where no resistor can hold it, is in the fastest arc. Dielectrics that no spectrum
    shows may be in the arc of another one.
    """
    if not verdict.arcs:
        return []
    x = structure.x[verdict.spectrum]
    taus = {arc: float(structure.arcs[arc].log_tau(x)) for a in verdict.arcs for arc in a.arcs}
    found = []
    for k in free:
        if k not in verdict.expected or not verdict.inside[k]:
            continue
        expected, above = verdict.expected[k], verdict.above[k] >= ABOVE
        if above and structure.has_resistor:
            continue
        host = min(taus, key=lambda arc: taus[arc] if above else abs(taus[arc] - expected.log_tau))
        share = expected.log_r + 2 * expected.sigma - float(x[structure.arcs[host].resistance])
        if share > np.log(HIDDEN_SHARE):
            found.append((k, host))
    return found + two_in_one(skeleton, structure, verdict, free)


def two_in_one(
    skeleton: Skeleton, structure: Structure, verdict: Verdict, free: Sequence[int]
) -> list[tuple[int, int]]:
    """Return dielectrics that no spectrum shows, each with the arc of another one that may be of both.

    That is one whose top lies about the end of the window or above: its beginning alone does not tell one from two.
    """
    unseen = [k for k in free if k in verdict.unseen and skeleton.labels[k].role.may_fade]
    x, (_, high) = structure.x[verdict.spectrum], structure.problem.window_hz()
    fastest = -float(np.log(2 * np.pi * high[verdict.spectrum])) + _ABOUT_THE_END
    hosts = [
        a.arcs[0]
        for a in verdict.arcs
        if a.label is not None
        and skeleton.labels[a.label].role.may_fade
        and structure.arcs[a.arcs[0]].log_tau(x) < fastest
    ]
    return [(k, hosts[0]) for k in unseen] if hosts else []

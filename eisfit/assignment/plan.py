"""What a verdict means for the circuit of a spectrum: which segment each arc goes to, and under which names."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from eisfit.assignment.decision import NamedArc, Verdict
from eisfit.assignment.hidden import ABOVE, DIELECTRIC, hidden_in_arcs, what_hides
from eisfit.assignment.skeleton import CONTACT, INDUCTANCE, LEAD, Skeleton
from eisfit.assignment.structures import Structure
from eisfit.cell.roles import UNASSIGNED, joined
from eisfit.cell.segments import STRAY, PathSegment, Segment, Setting
from eisfit.cell.simplify import with_known_tail
from eisfit.cell.templates import Template
from eisfit.tools.frozen import Bools, Ints
from eisfit.uncertainty.unknown_changes import Common, Hidden


@dataclass(frozen=True)
class Claim:
    """What an arc is called.

    Parameters
    ----------
    name : str
        In the tables.
    decided : bool
        Whether it is the name of its segment.
    odds : float
        Of that segment, or of the most probable one, against all others.
    rivals : tuple of str
        The segments that it may belong to, the most probable first.
    """

    name: str
    decided: bool
    odds: float
    rivals: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Plan:
    """The circuit of one spectrum.

    Parameters
    ----------
    resistors : tuple of str
        Segments whose arc lies above the window.
    contact : bool
        Whether there is a resistance of contacts.
    lead_h, stray_f : float or None
        Inductance of the leads and stray capacitance, 0 for none; None where they are free.
    tails : mapping of str to (float, float)
        ln Q and alpha of those of them whose arc is known from other spectra.
    arcs : mapping of str to int
        Arc of the structure by the name of its segment.
    claims : mapping of str to Claim
        Of the segments with an arc.
    sums : tuple of tuple of str
        Segments of which the data determine the sum alone.
    hidden : Hidden
        Arcs of the resistors whose beginnings may reach into the window.
    """

    resistors: tuple[str, ...]
    contact: bool
    lead_h: float | None
    stray_f: float | None
    tails: Mapping[str, tuple[float, float]]
    arcs: Mapping[str, int]
    claims: Mapping[str, Claim]
    sums: tuple[tuple[str, ...], ...]
    hidden: Hidden

    @property
    def unassigned(self) -> tuple[str, ...]:
        """Names of the segments for arcs that belong to none of the cell."""
        return tuple(name for name in self.arcs if name.startswith(UNASSIGNED))

    @property
    def key(self) -> tuple[object, ...]:
        """What decides about the circuit: plans of equal keys share it."""
        return (
            self.resistors,
            self.contact,
            self.lead_h,
            self.stray_f,
            tuple(self.tails.items()),
            self.unassigned,
        )

    def template(self, skeleton: Skeleton) -> Template:
        """Return the template of the cell with this circuit."""
        found = skeleton.template.with_arcs_as_resistors(self.resistors)
        found = replace(found, stray=self.stray_f != 0 or skeleton.stray_known)
        for name, (log_q, alpha) in self.tails.items():
            if all(s.name != name for s in found.segments):
                continue  # one of the resistors is known by itself
            found = with_known_tail(found, name, float(np.exp(log_q)), alpha)
        extra = [
            Segment(name, UNASSIGNED, f"{'Zarc' if skeleton.depressed else 'K'}_{_label(name)}")
            for name in self.unassigned
        ]
        extra += [Segment(CONTACT, LEAD, "R_contact")] * self.contact
        extra += [Segment(LEAD, LEAD, INDUCTANCE)] * (self.lead_h != 0 and skeleton.lead is None)
        counts = found.configuration.segments + tuple((s.name, 1) for s in extra)
        settings = dict(found.settings)
        settings |= {
            name: Setting(fixed=value)
            for name, value in ((INDUCTANCE, self.lead_h), (STRAY, self.stray_f))
            if value
        }
        if skeleton.depressed:
            settings |= {f"Zarc_{_label(name)}_alpha": skeleton.alpha for name in self.unassigned}
        configuration = replace(found.configuration, segments=counts)
        return replace(
            found,
            segments=(*found.segments, *extra),
            configurations=(configuration,),
            settings=MappingProxyType(settings),
            checks=(),
            chosen=configuration.name,
            asked=skeleton.template.asked or skeleton.template,
        )


@dataclass(frozen=True, eq=False)
class Placement:
    """What was decided about the arcs of N solutions.

    Parameters
    ----------
    held : ndarray of bool, shape (N, P)
        Parameters of the segments whose arcs are not seen.
    sums : frozenset of (int, tuple of int)
        Spectrum and segments on the path of which only the sum is known.
    claims : mapping of (int, int) to Claim
        What the arc of a segment is called, by spectrum and segment on the path.
    stray_sigma_f : float
        Standard deviation in F of the stray capacitance, which is fixed, or not in the circuit.
    hidden : tuple of Hidden, length N
        Arcs of the resistors.
    common : Common, optional
        What the series leaves open of a stray capacitance and of arcs that no spectrum shows.
    """

    held: Bools
    sums: frozenset[tuple[int, tuple[int, ...]]]
    claims: Mapping[tuple[int, int], Claim]
    stray_sigma_f: float = 0.0
    hidden: tuple[Hidden, ...] = ()
    common: Common | None = None

    @classmethod
    def of(
        cls,
        plans: Sequence[Plan],
        path: Sequence[PathSegment],
        held: Bools,
        stray_sigma_f: float,
        common: Common | None = None,
    ) -> Placement:
        """Return the placement by plans of equal circuits."""
        place = {s.segment.name: k for k, s in enumerate(path)}
        sums = frozenset(
            (row, tuple(sorted(place[name] for name in group)))
            for row, plan in enumerate(plans)
            for group in plan.sums
        )
        claims = {
            (row, place[name]): claim for row, plan in enumerate(plans) for name, claim in plan.claims.items()
        }
        return cls(held, sums, claims, stray_sigma_f, tuple(plan.hidden for plan in plans), common)

    def rows(self, index: Ints) -> Placement:
        """Return that of some of the solutions."""
        new = {int(old): row for row, old in enumerate(index)}
        sums = frozenset((new[i], group) for i, group in self.sums if i in new)
        claims = {(new[i], k): claim for (i, k), claim in self.claims.items() if i in new}
        hidden = tuple(self.hidden[i] for i in index) if self.hidden else ()
        return replace(self, held=self.held[index], sums=sums, claims=claims, hidden=hidden)


def plan_of(skeleton: Skeleton, structure: Structure, verdict: Verdict) -> Plan:
    """Return what a verdict means for the circuit of its spectrum."""
    labels = skeleton.labels
    seen = {k for a in verdict.arcs for k in (a.label, a.partner) if k is not None}
    resistors = _resistors(skeleton, structure, verdict, seen)
    arcs: dict[str, int] = {}
    claims: dict[str, Claim] = {}
    sums: list[tuple[str, ...]] = []
    within: list[tuple[str, int]] = []
    free = [k for k in range(len(labels)) if k not in seen and labels[k].name not in resistors]
    numbers = itertools.count(1)
    for named in verdict.arcs:
        names = [_name(skeleton, named.label, numbers)]
        if len(named.arcs) > 1:
            names.append(_name(skeleton, named.partner, numbers))
        arcs |= dict(zip(names, named.arcs, strict=True))
        others = [labels[k].name for k in named.names if k is not None and k != named.label]
        if others and None not in named.names and all(k in free or k == named.label for k in named.names):
            sums.append((*names, *others))  # whichever it is, it is what there is of all of them
            within += [(names[0], k) for k in named.names if k is not None and k in verdict.expected]
            named = replace(named, names=(named.label,))
        elif len(names) > 1:
            sums.append(tuple(names))
        claims[names[0]] = _claim(skeleton, named, names[0])
    for k, part in hidden_in_arcs(skeleton, structure, verdict, free):
        within.append((next(name for name, arc in arcs.items() if arc == part), k))
        sums.append((within[-1][0], labels[k].name))
    claims |= _of_resistor(skeleton, verdict, resistors)
    contact = structure.has_resistor and not skeleton.resistors and not resistors
    if contact:  # what lies beside a dielectric arc may be a part of its spread
        sums += [(name, CONTACT) for name in _dielectrics(skeleton, seen)[:1]]
    tails = _tails(skeleton, verdict, resistors)
    return Plan(
        resistors,
        contact,
        structure.lead_h or (None if tails else structure.lead_h),  # beside a tail an inductance may show
        structure.stray_f,
        tails,
        arcs,
        claims,
        _united(sums),
        what_hides(skeleton, verdict, resistors, tails, within),
    )


def _of_resistor(skeleton: Skeleton, verdict: Verdict, resistors: Sequence[str]) -> dict[str, Claim]:
    """Return what the resistor of one segment is called where an arc may be that segment instead."""
    if len(resistors) != 1 or skeleton.resistors:
        return {}
    k = next(k for k, label in enumerate(skeleton.labels) if label.name == resistors[0])
    named = next((a for a in verdict.arcs if not a.decided and a.label != k and k in a.names), None)
    if named is None:
        return {}
    others = tuple(name for name in named.names if name != k)
    own = replace(named, label=k, names=(k, *others), track=verdict.numbers.get(k, 0))
    return {resistors[0]: _claim(skeleton, own, resistors[0])}


def _dielectrics(skeleton: Skeleton, seen: set[int]) -> list[str]:
    """Return the dielectric arcs that are seen, in order of the cell."""
    return [skeleton.labels[k].name for k in sorted(seen) if skeleton.labels[k].role.may_fade]


def _resistors(skeleton: Skeleton, structure: Structure, verdict: Verdict, seen: set[int]) -> tuple[str, ...]:
    """Return the segments that a resistor in series stands for, besides those that are resistors in any case."""
    if not structure.has_resistor:
        return ()
    found = []
    possible = {k for a in verdict.arcs for k in a.names}
    bulk_seen = any(skeleton.labels[k].role.may_fade for k in seen)
    for k, label in enumerate(skeleton.labels):
        if k in seen or not label.may_be_resistor:
            continue
        if k in verdict.expected:
            if verdict.above[k] >= ABOVE:
                found.append(label.name)
        elif k in possible:
            continue  # one of the arcs may be it
        elif label.role.may_fade or skeleton.resistors or not bulk_seen:
            found.append(label.name)
    return tuple(found)


def _tails(skeleton: Skeleton, verdict: Verdict, resistors: Sequence[str]) -> dict[str, tuple[float, float]]:
    """Return the tail of the one arc that the resistor stands for, where it is known from other spectra.

    Segments that no spectrum of the series tells apart from it are in that arc, as they are in the resistor. An arc
    that is much depressed is not the dielectric one of several: it stands for what is hardly in the window.
    """
    if skeleton.resistors or not resistors or not skeleton.depressed:
        return {}
    place = [label.name for label in skeleton.labels]
    seen = [k for name in resistors if (k := place.index(name)) not in verdict.unseen]
    if len(seen) != 1 or seen[0] not in verdict.tails:
        return {}
    log_q, alpha = verdict.tails[seen[0]]
    if len(resistors) > 1:
        if alpha < DIELECTRIC:
            return {}
        return {joined(name for name in place if name in resistors): (log_q, alpha)}
    label = skeleton.labels[seen[0]]
    return {label.name: (log_q + float(np.log(label.count)), alpha)}


def _name(skeleton: Skeleton, label: int | None, numbers: itertools.count[int]) -> str:
    if label is not None:
        return skeleton.labels[label].name
    number = next(numbers)
    return UNASSIGNED if number == 1 else f"{UNASSIGNED} {number}"


def _label(name: str) -> str:
    return name.replace(" ", "")


def _claim(skeleton: Skeleton, named: NamedArc, name: str) -> Claim:
    if named.decided:
        return Claim(name, True, named.odds, ())
    rivals = tuple(UNASSIGNED if k is None else skeleton.labels[k].name for k in named.names)
    real = [k for k in named.names if k is not None]
    if not real:
        return Claim(name, True, named.odds, ())
    if len(real) < 2:
        return Claim(f"{skeleton.labels[real[0]].name} or {UNASSIGNED}", False, named.odds, rivals)
    words = " or ".join(skeleton.labels[k].name for k in sorted(real))
    return Claim(f"{words} ({named.track})" if named.track else words, False, named.odds, rivals)


def _united(groups: Sequence[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    """Return groups without overlap: those that share a segment are one."""
    found: list[set[str]] = []
    for group in groups:
        own = set(group)
        for other in [o for o in found if o & own]:
            own |= other
            found.remove(other)
        found.append(own)
    return tuple(tuple(sorted(group)) for group in found)

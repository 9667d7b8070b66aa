"""The cell without names: a resistor, arcs that are all alike, and what else lies between the probes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from eisfit.assignment.settings import AssignmentSettings
from eisfit.cell.geometry import normalisation
from eisfit.cell.roles import UNASSIGNED, Role, role_of
from eisfit.cell.segments import STRAY, Configuration, PathSegment, Segment, Setting
from eisfit.cell.templates import Template
from eisfit.cell.ties import taking_part
from eisfit.circuit.arc import arc_of, is_resistor
from eisfit.circuit.circuit import Placed, span
from eisfit.spectrum.conditions import Conditions
from eisfit.tools.frozen import Floats

LEAD, CONTACT = "lead", "contact"
RESISTOR = "R__series"
INDUCTANCE = "L_lead"


@dataclass(frozen=True, eq=False)
class Label:
    """A segment that an arc may belong to.

    Parameters
    ----------
    name : str
        Of the segment.
    role : Role
        What its role implies.
    count : int
        How often it lies between the probes.
    middle, sigma : ndarray, shape (N,)
        Expected ln(C / F) of all of them in series in the geometry of each spectrum, and its spread.
    """

    name: str
    role: Role
    count: float
    middle: Floats
    sigma: Floats

    @property
    def may_be_resistor(self) -> bool:
        """Whether its arc may lie above the window."""
        return self.role.kind == "layer"


@dataclass(frozen=True, eq=False)
class Skeleton:
    """What lies between the probes, without names of the arcs.

    Parameters
    ----------
    template : Template
        The cell.
    labels : tuple of Label
        Segments that an arc may belong to.
    resistors : tuple of str
        Segments that are free resistors.
    lead : PathSegment or None
        The inductor of the leads, if the template has one.
    others : tuple of PathSegment
        All other segments.
    alpha : Setting
        Range of the exponents of the arcs.
    depressed : bool
        Whether the arcs have an exponent.
    """

    template: Template
    labels: tuple[Label, ...]
    resistors: tuple[str, ...]
    lead: PathSegment | None
    others: tuple[PathSegment, ...]
    alpha: Setting
    depressed: bool

    @property
    def stray_known(self) -> bool:
        """Whether the capacitance of the holder, parallel to the cell, has a fixed value."""
        return bool(_known_stray(self.template))

    @property
    def may_have_resistor(self) -> bool:
        """Whether a part of the cell may act as a resistor in series."""
        return bool(self.resistors) or any(label.may_be_resistor for label in self.labels)

    def with_arcs(self, count: int, *, stray: bool = False) -> Template:
        """Return the template of a lead, a resistor, some arcs and the other segments, in this order.

        Parameters
        ----------
        count : int
            Number of arcs.
        stray : bool
            Whether a capacitance lies parallel to all of it.
        """
        element = "Zarc" if self.depressed else "K"
        arcs = [f"{element}__arc{number + 1}" for number in range(count)]
        lead = Segment(INDUCTANCE, LEAD, INDUCTANCE) if self.lead is None else self.lead.segment
        segments = [lead, Segment(RESISTOR, LEAD, RESISTOR)]
        segments += [Segment(arc, UNASSIGNED, arc) for arc in arcs]
        segments += [replace(s.segment, capacitance=None) for s in self.others]
        counts = [
            (lead.name, 1 if self.lead is None else self.lead.count),
            (RESISTOR, 1),
            *((arc, 1) for arc in arcs),
        ]
        counts += [(s.segment.name, s.count) for s in self.others]
        names = {name for s in self.others for name in _parameters(self.template, s)}
        names |= _known_stray(self.template)
        settings = {name: value for name, value in self.template.settings.items() if name in names}
        if self.depressed:
            settings |= {f"{arc}_alpha": self.alpha for arc in arcs}
        return replace(
            self.template,
            segments=tuple(segments),
            configurations=(Configuration("skeleton", self.template.electrodes, tuple(counts)),),
            settings=MappingProxyType(settings),
            checks=(),
            chosen="skeleton",
            stray=stray or self.stray_known,
        )


def skeleton_of(
    template: Template, conditions: Sequence[Conditions], settings: AssignmentSettings
) -> Skeleton | None:
    """Return the cell without names; None where its arcs are not alike, or values of them are set, or tied.

    Parameters
    ----------
    template : Template
        With its configuration chosen.
    conditions : sequence of Conditions, length N
        Geometry of each spectrum.
    settings : AssignmentSettings
        How ranges of capacitances are read.
    """
    if template.is_circuit or taking_part(template.effective_settings):
        return None
    ranged = _ranged(template)
    alphas, depressed = {_alpha_setting(template, s) for s in ranged}, {_is_depressed(s) for s in ranged}
    if len(alphas) != 1 or len(depressed) != 1 or None in alphas:
        return None
    resistors = [s for s in template.path if is_resistor(s.node) and not _has_settings(template, s)]
    leads = [s for s in template.path if _is_inductor(s)]
    taken = {INDUCTANCE, STRAY, f"R_{CONTACT}"} & {*template.circuit.names} - _known_stray(template)
    if len(leads) > 1 or any(_has_settings(template, s) for s in leads) or taken - _names_of(template, leads):
        return None
    others = [s for s in template.path if not any(s is other for other in (*ranged, *resistors, *leads))]
    alpha = alphas.pop()
    assert alpha is not None
    return Skeleton(
        template,
        tuple(_label(s, conditions, settings) for s in ranged),
        tuple(s.segment.name for s in resistors),
        leads[0] if leads else None,
        tuple(others),
        alpha,
        depressed.pop(),
    )


def without_exponents_set(template: Template) -> Template | None:
    """Return a template in which nothing is set of single arcs and nothing is tied, so that its arcs are alike.

    The exponents have a common range. None where a resistance, capacitance or time constant of an arc has a value or
    a range: that tells which arc it is.
    """
    names, settings = template.circuit.names, dict(template.effective_settings)
    settings = {name: replace(s, tie=None) for name, s in settings.items()}
    alphas: dict[str, Setting] = {}
    for on_path in _ranged(template):
        arc = arc_of(on_path.node)
        assert arc is not None
        sizes = (settings.pop(names[k], Setting()) for k in (arc.resistance, arc.storage))
        if any(size != Setting() for size in sizes):
            return None
        if arc.exponent is not None:
            alphas[names[arc.exponent]] = settings.get(names[arc.exponent], Setting())
    lows, highs = [s.low for s in alphas.values()], [s.high for s in alphas.values()]
    low = None if None in lows else min((v for v in lows if v is not None), default=None)
    high = None if None in highs else max((v for v in highs if v is not None), default=None)
    settings |= {name: Setting(low=low, high=high) for name in alphas}
    return replace(template, settings=MappingProxyType(settings))


def _known_stray(template: Template) -> set[str]:
    """Return the name of the stray capacitance where the template has its value."""
    return {STRAY} if template.settings.get(STRAY, Setting()).fixed is not None else set()


def _ranged(template: Template) -> list[PathSegment]:
    """Return the segments that are arcs with an expected capacitance."""
    return [s for s in template.path if s.segment.capacitance is not None and arc_of(s.node) is not None]


def _label(on_path: PathSegment, conditions: Sequence[Conditions], settings: AssignmentSettings) -> Label:
    segment = on_path.segment
    assert segment.capacitance is not None
    scale = np.log([normalisation(segment.role, c) for c in conditions]) + np.log(on_path.count)
    low, high = np.log(segment.capacitance)
    sigma = np.full(len(conditions), (high - low) / (2 * settings.range_sigmas))
    return Label(segment.name, role_of(segment.role), on_path.count, 0.5 * (low + high) - scale, sigma)


def _parameters(template: Template, on_path: PathSegment) -> tuple[str, ...]:
    return template.circuit.names[span(on_path.node)]


def _names_of(template: Template, segments: Sequence[PathSegment]) -> set[str]:
    return {name for s in segments for name in _parameters(template, s)}


def _is_inductor(on_path: PathSegment) -> bool:
    return isinstance(on_path.node, Placed) and on_path.node.element.name == "L"


def _has_settings(template: Template, on_path: PathSegment) -> bool:
    return any(template.settings.get(name, Setting()) != Setting() for name in _parameters(template, on_path))


def _is_depressed(on_path: PathSegment) -> bool:
    arc = arc_of(on_path.node)
    return arc is not None and arc.exponent is not None


def _alpha_setting(template: Template, on_path: PathSegment) -> Setting | None:
    """Return the range of the exponent of an arc; None where any other value of the arc is set."""
    arc, names = arc_of(on_path.node), template.circuit.names
    assert arc is not None
    set_here = {name: template.settings.get(name, Setting()) for name in _parameters(template, on_path)}
    alpha = Setting() if arc.exponent is None else set_here.pop(names[arc.exponent])
    if any(setting != Setting() for setting in set_here.values()):
        return None
    return None if alpha.fixed is not None or alpha.start is not None else alpha

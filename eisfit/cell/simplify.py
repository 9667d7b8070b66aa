"""Replace arcs above the window by resistors, and join resistors in series."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from eisfit.cell.roles import joined, role_of
from eisfit.cell.segments import STRAY, Segment, Setting
from eisfit.cell.ties import parse_tie, resolved, taking_part
from eisfit.circuit.arc import arc_of, is_arc, is_resistor
from eisfit.circuit.circuit import leaves, parse

if TYPE_CHECKING:
    from eisfit.cell.templates import Template


def arcs_that_may_fade(template: Template) -> tuple[tuple[str, ...], ...]:
    """Return the sets of segments whose arcs may lie above the window together: (), (a,), (b,), (a, b), ...

    Only dielectric arcs of a layer do so at all temperatures of a measurement; a grain boundary whose arc leaves
    the window at the highest temperatures is joined with the resistors there. Either of polymer and solid may
    have the faster arc, so all subsets are returned.
    """
    layers = [
        s.segment.name
        for s in template.path
        if role_of(s.segment.role).may_fade and is_arc(s.node) and s.segment.capacitance is not None
    ]
    sizes = range(len(layers) + 1)
    return tuple(names for k in sizes for names in itertools.combinations(layers, k))


def with_arcs_as_resistors(template: Template, names: tuple[str, ...]) -> Template:
    """Return a template with the arcs of some segments replaced by resistors.

    All free resistors in series then become one segment, because impedance cannot separate them; a fixed
    resistor stays a segment of its own.

    Parameters
    ----------
    template : Template
        With a chosen configuration.
    names : tuple of str
        Segments whose arc is to become a resistor.
    """
    segments, settings = _faded(template, names)
    segments, counts = _joined(segments, dict(template.configuration.segments), settings)
    return _changed(template, segments, counts, settings)


def with_arcs_as_own_resistors(template: Template, names: Sequence[str]) -> Template:
    """Return a template with the arcs of some segments replaced by resistors, all of which stay segments of their own.

    Spectra that see different parts of the cell tell them apart.

    Parameters
    ----------
    template : Template
        With a chosen configuration.
    names : sequence of str
        Segments whose arc is to become a resistor.
    """
    segments, settings = _faded(template, names)
    return _changed(template, segments, dict(template.configuration.segments), settings)


def _faded(template: Template, names: Sequence[str]) -> tuple[list[Segment], dict[str, Setting]]:
    """Return the segments of a template with some arcs replaced by resistors, and its settings."""
    segments = [
        replace(s, circuit=f"R_{_label(s.circuit)}", capacitance=None) if s.name in names else s
        for s in template.segments
    ]
    renamed = {
        _resistance_of_arc(s.circuit): f"R_{_label(s.circuit)}" for s in template.segments if s.name in names
    }
    return segments, _renamed(template.settings, renamed)


def _changed(
    template: Template, segments: list[Segment], counts: dict[str, float], settings: dict[str, Setting]
) -> Template:
    configuration = replace(template.configuration, segments=tuple(counts.items()))
    parameters = [p.name for s in segments if s.name in counts for p in parse(s.circuit).parameters]
    parameters += [STRAY] * template.stray
    return replace(
        template,
        segments=tuple(segments),
        configurations=(configuration,),
        settings=MappingProxyType(resolved(settings, parameters)),
        checks=(),
        chosen=configuration.name,
        asked=template.asked or template,
    )


def _joined(
    segments: list[Segment], counts: dict[str, float], settings: Mapping[str, Setting]
) -> tuple[list[Segment], dict[str, float]]:
    """Return segments and counts with all free resistors between the probes joined into one segment."""
    free = [
        s
        for s in segments
        if s.name in counts and is_resistor(parse(s.circuit).root) and not _is_known_apart(s, settings)
    ]
    if len(free) < 2:
        return segments, counts
    one = Segment(
        joined(s.name for s in free),
        joined(s.role for s in free),
        "R_" + "_".join(_label(s.circuit) for s in free),
    )
    left = [s for s in segments if s not in free]
    left.insert(segments.index(free[0]), one)
    names = {s.name for s in left}
    return left, {**{name: n for name, n in counts.items() if name in names}, one.name: 1}


def _is_known_apart(segment: Segment, settings: Mapping[str, Setting]) -> bool:
    """Tell whether a segment has a fixed or a tied parameter, and so is known beside others in series."""
    tied = taking_part(settings)
    return any(
        p.name in tied or settings.get(p.name, Setting()).fixed is not None
        for p in parse(segment.circuit).parameters
    )


def _renamed(settings: Mapping[str, Setting], names: Mapping[str, str]) -> dict[str, Setting]:
    """Return settings under new names of some parameters, also where ties lead to them."""
    found = {}
    for name, setting in settings.items():
        if setting.tie is not None:
            tie = parse_tie(setting.tie)
            setting = replace(setting, tie=replace(tie, name=names.get(tie.name, tie.name)).text)
        found[names.get(name, name)] = setting
    return found


def _label(circuit: str) -> str:
    """Return the labels of the elements of a circuit, such as ``gb`` of ``Zarc_gb`` or ``p(R_gb,CPE_gb)``."""
    labels = [leaf.name.removeprefix(leaf.element.name).lstrip("_") for leaf in leaves(parse(circuit).root)]
    return "_".join(dict.fromkeys(labels))


def _resistance_of_arc(circuit: str) -> str:
    """Return the name of the resistance of an arc; empty for a circuit that is none."""
    parsed = parse(circuit)
    arc = arc_of(parsed.root)
    return "" if arc is None else parsed.names[arc.resistance]


def with_known_tail(template: Template, name: str, q: float, alpha: float) -> Template:
    """Return a template whose resistor of one segment has a known constant-phase element parallel to it.

    Its arc lies above the window, but its beginning may reach into it.

    Parameters
    ----------
    template : Template
        With a resistor for that segment.
    name : str
        Of the segment.
    q, alpha : float
        Of the constant-phase element of one such segment, in F s^(alpha-1).
    """
    old = next(s for s in template.segments if s.name == name)
    label = _label(old.circuit)
    new = replace(old, circuit=f"p(R_{label},CPE_{label})")
    known = {f"CPE_{label}_Q": Setting(fixed=q), f"CPE_{label}_alpha": Setting(fixed=min(alpha, 1.0))}
    return replace(
        template,
        segments=tuple(new if s is old else s for s in template.segments),
        settings=MappingProxyType({**template.settings, **known}),
    )

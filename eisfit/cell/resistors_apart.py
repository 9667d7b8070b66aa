"""Resistors in series that another measurement tells apart."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from eisfit.cell.roles import joined, names_in
from eisfit.cell.segments import Segment
from eisfit.cell.templates import Template
from eisfit.circuit.circuit import leaves, parse


def with_resistors_apart(template: Template, names: Collection[str]) -> Template:
    """Return a template in which some segments stand apart from the resistors in series that they were joined with.

    Parameters
    ----------
    template : Template
        In which free resistors in series are one segment, such as ``liquid + bulk``.
    names : collection of str
        Segments that are known from elsewhere.
    """
    if template.asked is None:
        return template
    segments, counts = [], dict(template.configuration.segments)
    before = dict(template.asked.configuration.segments)
    changed = False
    for s in template.segments:
        parts = names_in(s.name)
        known = [name for name in parts if name in names]
        if len(parts) < 2 or not known or s.name not in counts:
            segments.append(s)
            continue
        changed = True
        del counts[s.name]
        for group in [*((name,) for name in known), tuple(n for n in parts if n not in known)]:
            if group:
                new = _resistor(template.asked, group)
                segments.append(new)
                counts[new.name] = before.get(group[0], 1) if len(group) == 1 else 1
    if not changed:
        return template
    configuration = replace(template.configuration, segments=tuple(counts.items()))
    return replace(
        template,
        segments=tuple(segments),
        configurations=(configuration,),
        chosen=configuration.name,
        checks=(),
    )


def _resistor(asked: Template, names: Collection[str]) -> Segment:
    """Return the resistor of one segment, or of several in series."""
    found = [s for s in asked.segments if s.name in names]
    labels = [
        "_".join(
            dict.fromkeys(
                leaf.name.removeprefix(leaf.element.name).lstrip("_")
                for leaf in leaves(parse(s.circuit).root)
            )
        )
        for s in found
    ]
    return Segment(joined(s.name for s in found), joined(s.role for s in found), "R_" + "_".join(labels))

"""Replace arcs above the window by resistors."""

from __future__ import annotations

from collections.abc import Mapping

from eisfit.cell.segments import Segment, Setting
from eisfit.circuit.arc import arc_of
from eisfit.circuit.circuit import leaves, parse


def has_fixed_parameter(segment: Segment, settings: Mapping[str, Setting]) -> bool:
    """Tell whether a parameter of a segment has a fixed value."""
    return any(settings.get(p.name, Setting()).fixed is not None for p in parse(segment.circuit).parameters)


def label_of(circuit: str) -> str:
    """Return the labels of the elements of a circuit, such as ``gb`` of ``Zarc_gb`` or ``p(R_gb,CPE_gb)``."""
    labels = [leaf.name.removeprefix(leaf.element.name).lstrip("_") for leaf in leaves(parse(circuit).root)]
    return "_".join(dict.fromkeys(labels))


def resistance_of_arc(circuit: str) -> str:
    """Return the name of the resistance of an arc; empty for a circuit that is none."""
    parsed = parse(circuit)
    arc = arc_of(parsed.root)
    return "" if arc is None else parsed.names[arc.resistance]

"""Segments that two cells have in common: the same material, in another geometry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from eisfit.cell.geometry import layer_thickness_cm, normalisation
from eisfit.cell.roles import role_of
from eisfit.cell.segments import PathSegment
from eisfit.circuit.arc import Arc, arc_of, is_resistor
from eisfit.circuit.circuit import span
from eisfit.errors import InputError
from eisfit.planning.rates import Rate
from eisfit.tools.nearest import did_you_mean

if TYPE_CHECKING:
    from eisfit.planning.planned_cell import PlannedCell


def shared_rates(first: PlannedCell, other: PlannedCell, expected: Mapping[str, object]) -> dict[str, Rate]:
    """Return the rates of the parameters that another cell has in common with a first one.

    Raises
    ------
    InputError
        If a shared segment is none of both cells or is expected as well, or a geometry is missing.
    """
    found: dict[str, Rate] = {}
    for segment in other.shares:
        here, there = part_of(first, segment), part_of(other, segment)
        if segment in expected:
            raise InputError(
                f"{called(other)}: {segment!r} is shared, so its values are those of the cell; leave it out of what is "
                "expected, or out of shares"
            )
        larger = log_geometry(segment, other) - log_geometry(segment, first)
        found |= _same(first, here, other, there, larger)
    return found


def called(cell: PlannedCell) -> str:
    """Return what messages call a cell."""
    return f"complement {cell.name!r}" if cell.name else "the cell"


def part_of(cell: PlannedCell, segment: str) -> PathSegment:
    """Return a segment between the probes of a cell, which is a resistor or an arc.

    Raises
    ------
    InputError
        If there is none of that name.
    """
    parts = {
        s.segment.name: s for s in cell.template.path if arc_of(s.node) is not None or is_resistor(s.node)
    }
    if segment not in parts:
        raise InputError(
            f"{called(cell)}: {segment!r} is no segment that can be shared{did_you_mean(segment, parts)}; there are "
            f"{', '.join(parts)}"
        )
    return parts[segment]


def _same(
    first: PlannedCell, here: PathSegment, other: PlannedCell, there: PathSegment, larger: float
) -> dict[str, Rate]:
    """Return the rates of one segment in the other cell, where its resistance is larger by a factor."""
    mine, its = first.template.circuit.names, other.template.circuit.names
    arc, its_arc = arc_of(here.node), arc_of(there.node)
    at, its_at = span(here.node).start, span(there.node).start
    resistance = first.rates[mine[at if arc is None else arc.resistance]].scaled(larger)
    if its_arc is None:
        return {its[its_at]: resistance}
    if arc is None:
        raise InputError(
            f"{called(other)}: {there.segment.name!r} is a resistor in the cell and an arc here, so its capacitance is "
            "not known; name it in above_window here too, or do not share it"
        )
    return _arc_rates(_tau(arc, first), _alpha(arc, first), resistance, its_arc, its)


def _alpha(arc: Arc, cell: PlannedCell) -> Rate:
    return Rate(0.0) if arc.exponent is None else cell.rates[cell.template.circuit.names[arc.exponent]]


def _tau(arc: Arc, cell: PlannedCell) -> Rate:
    """Return the rate of the time constant of an arc; the exponent counts as at 25 °C."""
    names = cell.template.circuit.names
    storage = cell.rates[names[arc.storage]]
    if arc.by_time:
        return storage
    return Rate(0.0).plus(
        cell.rates[names[arc.resistance]].plus(storage), float(np.exp(-_alpha(arc, cell).level))
    )


def _arc_rates(tau: Rate, alpha: Rate, resistance: Rate, arc: Arc, names: tuple[str, ...]) -> dict[str, Rate]:
    power = 1.0 if arc.exponent is None else float(np.exp(alpha.level))
    storage = tau if arc.by_time else Rate(0.0).plus(tau, power).plus(resistance, -1.0)
    found = {names[arc.resistance]: resistance, names[arc.storage]: storage}
    return found if arc.exponent is None else {**found, names[arc.exponent]: alpha}


def log_geometry(segment: str, cell: PlannedCell) -> float:
    """Return ln of the factor by which geometry turns a specific resistance into ohm: thickness / area, or 1 / area.

    Raises
    ------
    InputError
        If the area, or the thickness of the layer, is not known.
    """
    role, missing = part_of(cell, segment).segment.role, None
    if cell.conditions.area_cm2 is None:
        missing = "area_cm2"
    elif role_of(role).kind == "layer" and layer_thickness_cm(role, cell.conditions) is None:
        missing = "thickness_cm" if role_of(role).of_solid else f"layers.{role}"
    if missing is not None:
        raise InputError(
            f"{called(cell)}: {missing} is not known, so {segment!r} cannot be shared; give it in both cells"
        )
    return float(np.log(normalisation(role, cell.conditions)))

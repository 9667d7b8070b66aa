"""The geometry that turns resistances and capacitances into specific ones."""

from __future__ import annotations

from eisfit.cell.roles import role_of
from eisfit.cell.templates import Template
from eisfit.spectrum.conditions import Conditions


def layer_thickness_cm(role: str, conditions: Conditions) -> float | None:
    """Return the thickness of the layer of a role in cm, None where it is not known.

    ``conditions.layers`` has the first say. Where it is silent, layers of the solid electrolyte have
    ``conditions.thickness_cm``; other layers have no known thickness. All that has no thickness is None.
    """
    implied = role_of(role)
    if implied.kind != "layer":
        return None
    if implied.of_solid:
        return conditions.layers.get(role, conditions.thickness_cm)
    return conditions.layers.get(implied.layer or role)


def missing_thicknesses(template: Template, conditions: Conditions) -> tuple[str, ...]:
    """Return the conditions that are missing to compare the capacitances of layers in their own geometry.

    Returns
    -------
    tuple of str
        ``thickness_cm``, ``layers.polymer`` and the like, each once, in the order of the segments; empty where
        no thickness is missing.
    """
    missing: dict[str, None] = {}  # in order, each once
    for on_path in template.path:
        role, segment = role_of(on_path.segment.role), on_path.segment
        if segment.capacitance is None or role.kind != "layer":
            continue
        if layer_thickness_cm(segment.role, conditions) is None:
            missing[role.thickness_key] = None
    return tuple(missing)


def normalisation(role: str, conditions: Conditions) -> float:
    """Return the factor from a capacitance in F to that at thickness/area = 1 cm⁻¹ (layers) or of 1 cm².

    Where the area is not known it is 1. Where the thickness of a layer is not known, thickness/area = 1 cm⁻¹ is
    assumed; `missing_thicknesses` tells of it.
    """
    area = conditions.area_cm2
    if area is None:
        return 1.0
    if role_of(role).kind == "layer":
        thickness = layer_thickness_cm(role, conditions)
        return 1.0 if thickness is None else thickness / area
    return 1 / area

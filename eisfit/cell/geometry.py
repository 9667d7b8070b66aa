"""The geometry that turns resistances and capacitances into specific ones."""

from __future__ import annotations

from eisfit.cell.roles import LAYERS
from eisfit.cell.templates import Template
from eisfit.spectrum.conditions import Conditions


def layer_thickness_cm(role: str, conditions: Conditions) -> float | None:
    """Return the thickness of the layer of a role; that of the solid serves bulk and grain boundary."""
    if role in ("bulk", "grain_boundary"):
        return conditions.layers.get(role, conditions.thickness_cm)
    return conditions.layers.get(role)


def assumes_geometry(template: Template, conditions: Conditions) -> bool:
    """Tell whether capacitances had to be compared without knowing the geometry."""
    needs = any(s.segment.capacitance is not None for s in template.path)
    return needs and (conditions.area_cm2 is None or conditions.thickness_cm is None)


def normalisation(role: str, conditions: Conditions) -> float:
    """Return what turns a capacitance into that of a cell constant of 1 cm⁻¹ (layers) or of 1 cm².

    Without the geometry it is 1.
    """
    area = conditions.area_cm2
    if area is None:
        return 1.0
    if role in LAYERS:
        thickness = conditions.layers.get(role, conditions.thickness_cm)
        return thickness / area if thickness else 1.0
    return 1 / area

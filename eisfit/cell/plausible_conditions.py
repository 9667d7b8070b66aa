"""Conditions of a cell that look like a slip of the unit: kelvin for °C, mm for cm."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from eisfit.cell.templates import Template
from eisfit.constants import ZERO_CELSIUS_K
from eisfit.spectrum.conditions import Conditions
from eisfit.spectrum.findings import IMPLAUSIBLE_CONDITION, Finding
from eisfit.spectrum.spectrum import Spectrum

KELVIN_C = (200.0, 420.0)  # °C; where all temperatures lie within, they may be kelvin, -73 to 147 °C
HOTTEST_C = {"liquid": 250.0, "polymer": 250.0}  # °C by role, above which it would not be there
LARGEST_CM2, SMALLEST_CM2 = 50.0, 1e-3
THICKEST_CM = {"solid": 1.0, "second": 1.0, "polymer": 0.3, "liquid": 30.0}  # from which on it is questioned
DIAMETERS_MM = (8.0, 10.0, 12.0, 13.0, 15.0, 18.0, 20.0)  # of usual discs


def implausible(spectra: Sequence[Spectrum], template: Template) -> list[tuple[Finding, ...]]:
    """Return for each spectrum what of its conditions looks like a slip of the unit; nothing is changed or refused.

    Parameters
    ----------
    spectra : sequence of Spectrum
        Of one cell.
    template : Template
        With the configuration that was chosen; tells whether there is a liquid or a polymer.
    """
    known = [t for s in spectra if (t := s.conditions.temperature_c) is not None]
    of_all = list(_of_temperatures(known, {s.segment.role for s in template.path}))
    return [
        tuple(Finding(IMPLAUSIBLE_CONDITION, text) for text in (*of_all, *_of_geometry(s.conditions)))
        for s in spectra
    ]


def _of_temperatures(temperature_c: Sequence[float], roles: set[str]) -> Iterator[str]:
    if not temperature_c:
        return
    low, high = min(temperature_c), max(temperature_c)
    span = f"{low:g}" if low == high else f"{low:g} to {high:g}"
    if KELVIN_C[0] < low and high < KELVIN_C[1]:
        yield (
            f"temperature_c = {span} was read as °C; if this is kelvin, write {low - ZERO_CELSIUS_K:.4g}"
            + ("" if low == high else f" to {high - ZERO_CELSIUS_K:.4g}")
        )
        return
    for role, limit in HOTTEST_C.items():
        if role in roles and high > limit:
            yield (
                f"temperature_c = {high:g} was read as °C, and no {role} electrolyte is stable above {limit:g} °C; "
                "check the unit, or take a template without it"
            )


def _of_geometry(c: Conditions) -> Iterator[str]:
    if c.area_cm2 is not None:
        yield from _of_area(c.area_cm2)
    thick = {"thickness_cm": ("solid", c.thickness_cm)}
    thick |= {f"layers.{role}": (role, value) for role, value in c.layers.items()}
    for name, (role, value) in thick.items():
        if value is not None and role in THICKEST_CM and value >= THICKEST_CM[role]:
            yield (
                f"{name} = {value:g} was read as {value:g} cm; if this is mm, write {value / 10:g}; "
                f"if µm, {value / 1e4:g}"
            )


def _of_area(area_cm2: float) -> Iterator[str]:
    disc = 20 * math.sqrt(area_cm2 / math.pi)
    read = f"area_cm2 = {area_cm2:g} was read as cm², a disc of {disc:.3g} mm diameter"
    if area_cm2 > LARGEST_CM2:
        yield f"{read}; if this is mm², write {area_cm2 / 100:g}"
    elif area_cm2 < SMALLEST_CM2:
        yield f"{read}; if this is m², write {area_cm2 * 1e4:g}"
    elif area_cm2 in DIAMETERS_MM:
        area = math.pi * (area_cm2 / 20) ** 2
        yield f"{read}; if {area_cm2:g} is the diameter in mm, write {area:.4g}"

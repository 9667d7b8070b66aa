"""Geometry: one function says how thick a layer is; what is not known is assumed, and said."""

from __future__ import annotations

import numpy as np
import pytest

import eisfit
from eisfit import Conditions
from eisfit.cell.find import shipped, template
from eisfit.cell.geometry import layer_thickness_cm, missing_thicknesses, normalisation
from eisfit.cell.roles import ROLES
from eisfit.engine.plausibility import expected_capacitances
from support.cells import measured

PELLET = Conditions(area_cm2=2.0, thickness_cm=0.1, electrodes=2)  # nothing is known of a polymer
SHEET = Conditions(area_cm2=2.0, layers={"polymer": 0.01}, electrodes=2)
COLD = {
    "Zarc_pe_R": 1e4,
    "Zarc_pe_tau": 1e-6,
    "Zarc_pe_alpha": 0.98,
    "CPE_el_Q": 2e-5,
    "CPE_el_alpha": 0.9,
}


def arc(name: str, r: float, c: float) -> dict[str, float]:
    return {f"Zarc_{name}_R": r, f"Zarc_{name}_tau": r * c, f"Zarc_{name}_alpha": 0.95}


def polymer_fit(conditions: Conditions) -> eisfit.Fit:
    return eisfit.fit(measured(template("pe", electrodes=2), COLD, conditions=conditions), "pe")


def test_a_polymer_is_not_as_thick_as_the_solid() -> None:
    pe = template("pe", electrodes=2)
    (expected,) = expected_capacitances(pe, [PELLET])
    low, high = pe.segments[0].capacitance or (0.0, 0.0)
    np.testing.assert_allclose(np.exp([expected.low[0], expected.high[0]]), [low, high])


def test_an_unknown_thickness_of_a_polymer_is_said_though_that_of_the_solid_is_given() -> None:
    found = polymer_fit(PELLET)
    assert "no layers.polymer given: arcs were assigned by capacitances for 1 cm^-1" in found.remarks
    assert np.isnan(found["polymer"].conductivity_s_cm)


def test_a_polymer_of_known_thickness_needs_none_of_a_solid() -> None:
    found = polymer_fit(SHEET)
    assert found.remarks == ()
    assert found["polymer"].conductivity_s_cm == pytest.approx(0.01 / (2.0 * found["polymer"].resistance_ohm))


def test_an_arc_above_the_window_does_not_silence_the_assumption() -> None:
    cell = template("le_se", electrodes=4).with_arcs_as_resistors(("bulk",))
    assert missing_thicknesses(cell, Conditions(area_cm2=1.0)) == ("thickness_cm",)


def test_only_layers_whose_capacitance_is_compared_need_a_thickness() -> None:
    cell = template("pe_se", electrodes=4)
    assert missing_thicknesses(cell, Conditions(area_cm2=1.0)) == ("layers.polymer", "thickness_cm")
    assert missing_thicknesses(cell, Conditions(area_cm2=1.0, thickness_cm=0.1)) == ("layers.polymer",)
    assert missing_thicknesses(template("li_le_li", electrodes=2), Conditions(area_cm2=1.0)) == ()


@pytest.mark.parametrize("role", ROLES)
def test_conductivity_and_capacitance_take_the_same_thickness(role: str) -> None:
    known = Conditions(area_cm2=2.0, thickness_cm=0.1, layers={"polymer": 0.01, "grain_boundary": 0.2})
    thickness = layer_thickness_cm(role, known)
    without = not ROLES[role].of_solid and (ROLES[role].layer or role) not in known.layers
    assert (thickness is None) == (ROLES[role].kind != "layer" or without)
    length = 1.0 if thickness is None else thickness
    if ROLES[role].kind == "layer":
        assert normalisation(role, known) == (1.0 if thickness is None else length / 2.0)
    else:
        assert normalisation(role, known) == 0.5
    assert normalisation(role, Conditions()) == 1.0


@pytest.mark.parametrize("name", shipped())
def test_all_sheets_of_a_layer_are_one_segment_of_a_shipped_template(name: str) -> None:
    layers = {s.name for s in template(name).segments if ROLES[s.role].kind == "layer"}
    for configuration in template(name).configurations:
        assert {count for segment, count in configuration.segments if segment in layers} == {1}


def test_a_polymer_on_both_sides_conducts_by_the_thickness_of_both_sheets() -> None:
    cell = template("pe_se", electrodes=4).with_arcs_as_resistors(("bulk",))
    known = Conditions(area_cm2=2.0, thickness_cm=0.1, layers={"polymer": 0.002}, electrodes=4)
    values = {"R_b": 100.0, **arc("pe", 5e3, 1e-9), **arc("gb", 5e3, 5e-8), **arc("int", 9e3, 2e-6)}
    found = eisfit.fit(measured(cell, values, conditions=known), "pe_se")["polymer"]
    assert found.conductivity_s_cm == pytest.approx(0.002 / (2.0 * found.resistance_ohm))

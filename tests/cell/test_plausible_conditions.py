"""Slips of the unit in the conditions are echoed, and nothing is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from eisfit import Conditions, Spectrum, template
from eisfit.cell.plausible_conditions import implausible

LIQUID = template("le_se", electrodes=4)
PELLET = template("se_blocking", electrodes=2)


def said(cell: Any, *temperatures: float, **geometry: Any) -> list[str]:
    """Return what is said of the first of several spectra."""
    spectra = [
        Spectrum(
            np.array([1e3, 1e2]),
            np.array([1 - 1j, 2 - 1j]),
            conditions=Conditions(temperature_c=t, **geometry),
        )
        for t in temperatures
    ]
    found = implausible(spectra, cell)
    assert len(found) == len(spectra)
    return [finding.text for finding in found[0]]


@pytest.mark.parametrize(
    ("conditions", "sentence"),
    [
        (
            {"area_cm2": 78.5},
            "area_cm2 = 78.5 was read as cm², a disc of 100 mm diameter; if this is mm², write 0.785",
        ),
        (
            {"area_cm2": 7.85e-5},
            "area_cm2 = 7.85e-05 was read as cm², a disc of 0.1 mm diameter; if this is m², write 0.785",
        ),
        (
            {"area_cm2": 10.0},
            "area_cm2 = 10 was read as cm², a disc of 35.7 mm diameter; if 10 is the diameter in mm, write 0.7854",
        ),
        (
            {"thickness_cm": 1.2},
            "thickness_cm = 1.2 was read as 1.2 cm; if this is mm, write 0.12; if µm, 0.00012",
        ),
        (
            {"layers": {"polymer": 120.0}},
            "layers.polymer = 120 was read as 120 cm; if this is mm, write 12; if µm, 0.012",
        ),
    ],
)
def test_a_slip_of_the_unit_is_echoed_with_the_cure(conditions: dict[str, Any], sentence: str) -> None:
    assert said(PELLET, 20.0, 40.0, **conditions) == [sentence]


def test_kelvin_is_asked_for() -> None:
    assert said(LIQUID, 273.15, 333.15) == [
        "temperature_c = 273.15 to 333.15 was read as °C; if this is kelvin, write 0 to 60"
    ]
    assert said(PELLET, 298.0) == ["temperature_c = 298 was read as °C; if this is kelvin, write 24.85"]


def test_a_hot_liquid_is_questioned_and_a_hot_pellet_is_not() -> None:
    (text,) = said(LIQUID, 100.0, 280.0)
    assert text.startswith(
        "temperature_c = 280 was read as °C, and no liquid electrolyte is stable above 250 °C"
    )
    assert said(PELLET, 100.0, 280.0) == []
    assert said(PELLET, 300.0, 800.0) == []


def test_usual_conditions_are_not_questioned() -> None:
    assert said(LIQUID, -60.0, 90.0, area_cm2=0.785, thickness_cm=0.1, layers={"liquid": 1.0}) == []
    assert said(PELLET, 140.0, 200.0, area_cm2=25.0, thickness_cm=0.5) == []
    assert said(PELLET, 25.0, area_cm2=0.01) == []

"""Two electrodes whose own resistance is known from a twin: what is left is the interface."""

from __future__ import annotations

import numpy as np
import pytest

import eisfit
from eisfit import Conditions, Fit, Spectrum

F = np.logspace(6, -1, 71)
BATTERY = {"R_b": 200.0, "Zarc_gb_R": 400.0, "Zarc_gb_tau": 4e-6, "Zarc_gb_alpha": 0.95}
BATTERY |= {"Zarc_an_R": 100.0, "Zarc_an_tau": 1e-4, "Zarc_an_alpha": 0.9}
BATTERY |= {"Zarc_int_R": 60.0, "Zarc_int_tau": 3e-3, "Zarc_int_alpha": 0.9}
BATTERY |= {"CPE_el_Q": 1e-2, "CPE_el_alpha": 0.9}


def fitted(known: dict[str, float], seed: int) -> Fit:
    rng = np.random.default_rng(seed)
    cell = eisfit.template("battery_se", electrodes=2).with_arcs_as_resistors(("bulk",))
    z = cell.circuit.impedance(F, BATTERY)
    z = z + 0.005 * abs(z) * (rng.standard_normal(F.size) + 1j * rng.standard_normal(F.size))
    conditions = Conditions(electrodes=2, area_cm2=1.0, thickness_cm=0.1, fixed=known)
    return eisfit.fit(Spectrum(F, z, conditions=conditions), "battery_se")


def test_without_the_twin_there_is_their_sum_alone() -> None:
    rows = {c.name: c for c in fitted({}, 1).contributions}
    assert "interface" not in rows
    assert rows["interface + electrode"].resistance_ohm == pytest.approx(160.0, abs=20.0)
    assert rows["cathode"].resolved == "blocking"


@pytest.mark.parametrize("seed", range(5))
def test_the_rest_is_the_interface(seed: int) -> None:
    fit = fitted({"Zarc_an_R": 100.0}, seed)
    row = fit["interface"]
    assert row.resistance_ohm == pytest.approx(60.0, abs=4 * row.resistance_stderr_ohm)
    assert row.resistance_stderr_ohm < 5.0
    assert fit["electrode"].resistance_ohm == 100.0
    assert np.isnan(fit["electrode"].resistance_stderr_ohm)


def test_a_known_exponent_of_the_electrode_does_not_part_them() -> None:
    names = [c.name for c in fitted({"Zarc_an_alpha": 0.9}, 0).contributions]
    assert "interface + electrode" in names
    assert "interface" not in names


def test_an_electrode_of_known_resistance_in_a_template_is_no_part_of_the_sum() -> None:
    two = eisfit.template("le_se", electrodes=2)
    assert two.interface_with_electrode
    assert not two.setting({"Zarc_el_R": 40.0}).interface_with_electrode
    assert two.setting({"Zarc_int_R": 40.0}).interface_with_electrode

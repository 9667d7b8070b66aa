"""What stands beside arcs whose names are open, or above the window, is neither given their names nor their errors."""

from __future__ import annotations

import numpy as np

import eisfit
from support.simulated_cells import K_EV, arc

F_HZ = np.geomspace(7e6, 1e-2, 71)
OMEGA = 2 * np.pi * F_HZ
NOISE = 0.0025


def at(r: float, energy: float, celsius: float, middle: float = 70.0) -> float:
    return float(r * np.exp(energy / K_EV * (1 / (celsius + 273.15) - 1 / (middle + 273.15))))


def measured(z: np.ndarray, celsius: float, omega: np.ndarray, **of: object) -> eisfit.Spectrum:
    rng = np.random.default_rng(int(celsius))
    z = z * (1 + NOISE * (rng.standard_normal(z.size) + 1j * rng.standard_normal(z.size)))
    conditions = eisfit.Conditions(temperature_c=celsius, temperature_err_c=0.3, **of)  # type: ignore[arg-type]
    return eisfit.Spectrum(omega / (2 * np.pi), z, conditions=conditions, label=f"{celsius:g}C")


def test_an_electrode_beside_an_interface_of_open_name_is_no_sum_with_it() -> None:
    # plates of 0.3 mm: grain boundary and interface have capacitances that fit both, the electrode has not
    spectra, electrode = [], {}
    for celsius in (50.0, 60.0, 70.0, 80.0, 90.0):
        one = at(156.0, 0.65, celsius)
        z = arc(OMEGA, at(440.0, 0.86, celsius), 5.3e-11, 0.88) + arc(
            OMEGA, at(605.0, 0.45, celsius), 6.3e-8, 0.89
        )
        z = z + 4 * arc(OMEGA, at(636.0, 0.71, celsius), 4e-7, 0.87) + 2 * arc(OMEGA, one, 7.6e-5, 0.89)
        cell = {"electrodes": 2, "area_cm2": 1.15, "thickness_cm": 0.0327, "layers": {"polymer": 0.0073}}
        spectra.append(measured(z, celsius, OMEGA, **cell))
        electrode[f"{celsius:g}C"] = 2 * one
    for fit in eisfit.fit_series(spectra, eisfit.template("pe_se_stack").with_counts({"solids": 2})):
        rows = {row.name: row for row in fit.contributions}
        assert "interface + electrode" not in rows
        row, true = rows["electrode"], electrode[fit.label]
        assert any("grain boundary or interface" in name for name in rows)
        assert abs(row.resistance_ohm - true) < 4 * row.resistance_stderr_ohm


def test_a_stray_capacitance_takes_no_place_of_the_bulk() -> None:
    # the bulk's arc has its top at the end of the window, beside a liquid of a few ohm
    spectra = []
    for celsius in (10.0, 20.0, 30.0, 40.0, 50.0, 60.0):
        z = at(5.0, 0.2, celsius, 30) + arc(OMEGA, at(520.0, 0.24, celsius, 30), 2.2e-11, 0.92)
        z = z + arc(OMEGA, at(62.0, 0.33, celsius, 30), 1.6e-8, 0.955)
        z = z + 2 * arc(OMEGA, at(3650.0, 0.71, celsius, 30), 5.8e-7, 0.956)
        spectra.append(measured(z, celsius, OMEGA, electrodes=4, area_cm2=1.15, thickness_cm=0.0327))
    for fit in eisfit.fit_series(spectra, "le_se"):
        liquid = next((row for row in fit.contributions if row.name == "liquid"), None)
        true = at(5.0, 0.2, fit.spectrum.conditions.temperature_c or 0.0, 30)
        if liquid is not None and np.isfinite(liquid.resistance_ohm):
            assert abs(liquid.resistance_ohm - true) < 4 * liquid.resistance_stderr_ohm


def test_errors_beside_a_resistor_allow_for_the_arcs_above_the_window() -> None:
    # polymer and bulk are two arcs when cold; when warm their beginnings bend the grain boundary's arc
    f_hz = np.geomspace(1e6, 0.1, 57)
    omega, spectra, truth = 2 * np.pi * f_hz, [], {}
    for celsius in range(50, 101, 10):
        gb = at(1017.0, 0.44, celsius)
        z = arc(omega, at(554.0, 0.67, celsius), 6e-11, 0.881) + arc(
            omega, at(941.0, 0.37, celsius), 9.8e-12, 0.916
        )
        z = z + arc(omega, gb, 1e-9, 0.885) + 2 * arc(omega, at(447.0, 0.69, celsius), 4.1e-7, 0.889)
        cell = {"electrodes": 4, "area_cm2": 0.317, "thickness_cm": 0.0389, "layers": {"polymer": 0.00644}}
        spectra.append(measured(z, float(celsius), omega, **cell))
        truth[f"{celsius}C"] = gb
    known = 0
    for fit in eisfit.fit_series(spectra, "pe_se"):
        row = next((row for row in fit.contributions if row.name == "grain boundary"), None)
        if row is not None and np.isfinite(row.resistance_ohm):
            known += 1
            assert abs(row.resistance_ohm - truth[fit.label]) < 3 * row.resistance_stderr_ohm
    assert known > 2

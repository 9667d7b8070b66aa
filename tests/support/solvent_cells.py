"""Cells of one solid electrolyte with several solvents: interfaces of known activation energies and resistances."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np

from eisfit.cell.find import template
from eisfit.fitting.series import fit_series
from eisfit.results.series import Series
from eisfit.spectrum.conditions import Conditions
from eisfit.spectrum.spectrum import Spectrum

K = 8.617333262e-5
ROOM_K = 298.15
AREA_CM2 = 0.785
FREQUENCY_HZ = np.logspace(6, -1, 29)
TEMPERATURES_C = (0.0, 20.0, 40.0, 60.0)


def _at(value: float, energy_ev: float, celsius: float) -> float:
    return float(value * np.exp(energy_ev / K * (1 / (celsius + 273.15) - 1 / ROOM_K)))


def spectrum(
    celsius: float, energy_ev: float, asr_ohm_cm2: float, rng: np.random.Generator, own: dict[str, float]
) -> Spectrum:
    """Return a spectrum of a liquid | solid cell with 0.3 % noise, at a temperature that is off by 0.2 K."""
    true = celsius + 0.2 * rng.normal()
    gb, interface = _at(250 / AREA_CM2, 0.40, true), _at(asr_ohm_cm2 / AREA_CM2, energy_ev, true)
    values = {
        "R_le_b": _at(100, 0.35, true),
        "Zarc_gb_R": gb,
        "Zarc_gb_tau": gb * AREA_CM2 * 1e-8,
        "Zarc_gb_alpha": 0.95,
        "Zarc_int_R": interface,
        "Zarc_int_tau": interface * AREA_CM2 * 1e-6,
        "Zarc_int_alpha": 0.9,
    }
    z = template("le_se", 4).with_arcs_as_resistors(("bulk",)).circuit.impedance(FREQUENCY_HZ, values)
    noise = rng.normal(size=z.size) + 1j * rng.normal(size=z.size)
    conditions = Conditions(
        temperature_c=celsius,
        temperature_err_c=0.2,
        area_cm2=AREA_CM2,
        thickness_cm=0.1,
        electrodes=4,
        own=own,
    )
    return Spectrum(FREQUENCY_HZ, z + 0.003 * abs(z) * noise, label=f"{celsius:g}C", conditions=conditions)


@cache
def cell(energy_ev: float, asr_ohm_cm2: float, seed: int, donor_number: float = float("nan")) -> Series:
    """Return the fitted series of a cell; the resistances are of both interfaces together."""
    rng = np.random.default_rng(seed)
    own = {} if np.isnan(donor_number) else {"donor_number": donor_number}
    return fit_series([spectrum(t, energy_ev, asr_ohm_cm2, rng, own) for t in TEMPERATURES_C], "le_se")


def mixtures() -> dict[str, Series]:
    """Return cells of which two have one activation energy, 0.52 eV, and the third 0.33 eV."""
    return {
        "EC:DMC 1:1": cell(0.52, 1000.0, 1),
        "EC:DMC 1:9": cell(0.52, 1400.0, 2),
        "DMC": cell(0.33, 900.0, 3),
    }


def solvents() -> dict[str, Series]:
    """Return five cells whose activation energy rises with the donor number, which their spectra know."""
    known = (
        ("EMIBF4", 7.0, 0.38),
        ("FEC", 9.0, 0.42),
        ("PC", 15.1, 0.50),
        ("EC", 16.4, 0.53),
        ("DMSO", 29.8, 0.62),
    )
    return {
        name: cell(energy, 600.0 * (1 + k), 10 + k, donor) for k, (name, donor, energy) in enumerate(known)
    }


def without_area(series: Series) -> Series:
    """Return a series fitted again to the same spectra, whose area and thickness are not known."""
    spectra = [f.spectrum for f in series]
    return fit_series(
        [replace(s, conditions=replace(s.conditions, area_cm2=None, thickness_cm=None)) for s in spectra],
        "le_se",
    )

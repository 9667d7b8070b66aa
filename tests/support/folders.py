"""Folders of data as labs keep them, written for tests."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from eisfit.constants import BOLTZMANN_EV_PER_K, ZERO_CELSIUS_K
from eisfit.session import Action, ChooseTemplate, SetCondition, SetElectrodes, opening
from eisfit.spectrum.spectrum import Spectrum
from support.simulated_cells import AREA, THICKNESS, liquid_solid

ENERGY_EV = 0.45  # of the arc of `arc_at`
GRID_HZ = np.logspace(6, 0, 31)
CIRCUIT = "R0-p(R1,C1)"


def arc_at(temperature_c: float, factor: float = 1.0, seed: int = 0) -> Spectrum:
    """Return a resistor and an arc, both thermally activated, with 0.3 % of noise."""
    kelvin = temperature_c + ZERO_CELSIUS_K
    warm = np.exp(ENERGY_EV / BOLTZMANN_EV_PER_K * (1 / kelvin - 1 / 298.15))
    z = factor * (10.0 * warm + 100.0 * warm / (1 + 2j * np.pi * GRID_HZ * 1e-4 * warm))
    rng = np.random.default_rng([seed, round(10 * temperature_c) + 5000])
    noise = rng.standard_normal(z.size) + 1j * rng.standard_normal(z.size)
    return Spectrum(GRID_HZ, z + 0.003 * np.abs(z) * noise)


def write_own_csv(path: Path, spectrum: Spectrum, above: str = "") -> Path:
    """Write a spectrum as a table of one's own: semicolons, decimal commas, -Im."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [
        f"{f:.6g};{z.real:.6g};{-z.imag:.6g}"
        for f, z in zip(spectrum.frequency_hz, spectrum.z_ohm, strict=True)
    ]
    text = "\n".join(["Frequency (Hz);Re(Z) (Ohm);-Im(Z) (Ohm)", *rows]).replace(".", ",")
    path.write_text(above + text + "\n", encoding="utf-8")
    return path


def folder_of(top: Path, temperatures: Mapping[str, float], factor: float = 1.0) -> Path:
    """Write files under names with their temperatures, and return the folder."""
    for k, (name, celsius) in enumerate(temperatures.items()):
        write_own_csv(top / name, arc_at(celsius, factor, seed=k))
    return top


def two_like_arcs(top: Path) -> list[Action]:
    """Write the files of a cell whose two arcs may be either, and return the actions that open it with its template."""
    cell = liquid_solid((250.0, 0.40, 1e-7, 0.95), (500.0, 0.52, 2.6e-7, 0.9), celsius=(20, 40, 60))
    for spectrum in cell.spectra:
        write_own_csv(top / f"{spectrum.label}.csv", spectrum)
    geometry = [SetCondition("area_cm2", AREA), SetCondition("thickness_mm", 10 * THICKNESS)]
    return [*opening([str(top)]).actions, ChooseTemplate("le_se"), SetElectrodes(4), *geometry]

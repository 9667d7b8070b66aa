"""Results to store: a series that holds every kind of fit and spectrum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from eisfit import store
from eisfit.cell.find import template
from eisfit.fitting.series import fit_series
from eisfit.formats.reading import Unread
from eisfit.results.series import Series
from eisfit.spectrum.conditions import Conditions
from eisfit.spectrum.findings import Finding, Source
from eisfit.spectrum.spectrum import Spectrum

FREQUENCY = np.logspace(6, -1, 36)
TRUTH = {
    "R_le_b": 100.0,
    "Zarc_gb_R": 320.0,
    "Zarc_gb_tau": 2.5e-6,
    "Zarc_gb_alpha": 0.95,
    "Zarc_int_R": 640.0,
    "Zarc_int_tau": 5e-4,
    "Zarc_int_alpha": 0.9,
}


def points(frequency_hz: Sequence[float], z_ohm: Sequence[complex], **known: Any) -> Spectrum:
    """Return a spectrum of lists."""
    return Spectrum(np.asarray(frequency_hz, float), np.asarray(z_ohm, complex), **known)


def simulated(celsius: float, **known: object) -> Spectrum:
    """Return a simulated four-electrode spectrum whose resistances fall with the temperature."""
    factor = np.exp(4000 * (1 / (celsius + 273.15) - 1 / 298.15))
    values = {k: v * (factor if k.endswith(("_R", "_tau", "_b")) else 1) for k, v in TRUTH.items()}
    z = template("le_se", 4).with_arcs_as_resistors(("bulk",)).circuit.impedance(FREQUENCY, values)
    rng = np.random.default_rng(int(celsius))
    noise = rng.normal(size=z.size) + 1j * rng.normal(size=z.size)
    given = {"area_cm2": 0.785, "area_err_cm2": 0.01, "thickness_cm": 0.1, "electrodes": 4}
    conditions = Conditions(temperature_c=celsius, **(given | known))  # type: ignore[arg-type]
    return Spectrum(FREQUENCY, z * (1 + 0.005 * noise), label=f"{celsius:g} °C", conditions=conditions)


@cache
def series() -> Series:
    """Return a series with a masked, an unreadable and a hopeless spectrum, and one with everything known."""
    full = replace(
        simulated(40.0, temperature_err_c=0.5, layers={"polymer": 0.01}, probe_pair="left"),
        time_s=np.arange(36.0),
        source=Source("lab/40C.mpt", "ab" * 32, "EC-Lab text", 2),
        findings=(Finding("unit", "kΩ read as Ω"), Finding("sign", "-Im(Z) in the file")),
    ).cut(f_max_hz=5e5, drop=[7])
    hopeless = points([1e3, 1e2], [10 - 1j, 11 - 2j], label="two/points", conditions=full.conditions)
    spectra = [simulated(25.0), full, simulated(60.0), hopeless]
    return fit_series(spectra, "le_se", unread=[Unread("70C", "lab/70C.mpt", "it holds no impedance")])


def returned(path: Path, result: store.Result) -> object:
    """Return what comes back from a file."""
    return store.load(store.save(path / "results.h5", result, overwrite=True))

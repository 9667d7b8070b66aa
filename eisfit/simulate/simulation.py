"""Simulate a series: spectra with noise, temperatures with an error."""

from __future__ import annotations

import math

import numpy as np

from eisfit.errors import InputError
from eisfit.simulate.scenario import Scenario, Simulation, parameters_at
from eisfit.simulate.shelf import SCENARIOS
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.frozen import Floats
from eisfit.tools.keywords import known_keywords
from eisfit.tools.nearest import did_you_mean

_PERIODS, _OVERHEAD_S = (
    3.0,
    0.5,
)  # duration of a point of a simulated sweep: periods of its frequency, and seconds


@known_keywords
def simulate(name: str, *, seed: int = 0, noise: float | None = None) -> Simulation:
    """Simulate a series.

    Parameters
    ----------
    name : str
        One of `SCENARIOS`.
    seed : int
        Equal seeds give equal series.
    noise : float, optional
        Relative standard deviation in place of that of the scenario.

    Raises
    ------
    InputError
        If there is no such scenario.
    """
    if name not in SCENARIOS:
        near = did_you_mean(name, SCENARIOS)
        raise InputError(f"no scenario {name!r}{near}; there are: {', '.join(SCENARIOS)}")
    scenario = SCENARIOS[name]
    rng = np.random.default_rng(seed)
    level = scenario.noise if noise is None else noise
    error = scenario.conditions.temperature_err_c or 0.0
    spectra, true = [], []
    for stated in scenario.temperatures_c:
        actual = stated + error * float(rng.standard_normal())
        true.append(actual)
        spectra.append(_spectrum(scenario, stated, actual, level, rng))
    return Simulation(scenario, seed, tuple(spectra), tuple(true))


def _spectrum(
    scenario: Scenario, stated_c: float, actual_c: float, noise: float, rng: np.random.Generator
) -> Spectrum:
    high, low = scenario.frequency_hz
    n = round(math.log10(high / low) * scenario.points_per_decade) + 1
    f: Floats = np.logspace(math.log10(high), math.log10(low), n)
    z = scenario.cell.circuit.impedance(f, parameters_at(scenario, actual_c))
    z = z + noise * np.abs(z) * (rng.standard_normal(n) + 1j * rng.standard_normal(n))
    return Spectrum(
        f,
        z,
        time_s=np.cumsum(_OVERHEAD_S + _PERIODS / f),
        conditions=scenario.conditions.updated(temperature_c=stated_c),
        label=f"{scenario.name.split('_')[0]}_{stated_c:g}C",
    )

"""Simulate a series: spectra with noise, temperatures with an error."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from eisfit.errors import InputError
from eisfit.simulate.artefacts import IDEAL, Artefacts
from eisfit.simulate.campaign import Campaign
from eisfit.simulate.checks import check_noise
from eisfit.simulate.direct_current import LETTER as DC_LETTER
from eisfit.simulate.direct_current import NAME as DC_NAME
from eisfit.simulate.direct_current import is_direct_current
from eisfit.simulate.particles import FRACTION
from eisfit.simulate.scenario import Scenario, parameters_at
from eisfit.simulate.shelf import CAMPAIGNS, SCENARIOS
from eisfit.simulate.simulation import Simulation, with_probes
from eisfit.spectrum.conditions import Conditions
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.frozen import Floats
from eisfit.tools.keywords import known_keywords
from eisfit.tools.nearest import did_you_mean

_PERIODS, _OVERHEAD_S = (
    3.0,
    0.5,
)  # duration of a point of a simulated sweep: periods of its frequency, and seconds


@known_keywords
def simulate(
    scenario: str | Scenario | Campaign,
    *,
    seed: int = 0,
    noise: float | None = None,
    temperature_err_c: float | None = None,
    artefacts: Artefacts = IDEAL,
) -> Simulation:
    """Simulate a series, with its complementary cells where the scenario has some.

    Parameters
    ----------
    scenario : str, Scenario or Campaign
        One of `SCENARIOS`, or one of `CAMPAIGNS` by its name or letter; or a cell of your own.
    seed : int
        Equal seeds give equal series.
    noise : float, optional
        Relative standard deviation in place of that of the scenario.
    temperature_err_c : float, optional
        Standard error of the temperatures in place of that of the scenario.
    artefacts : Artefacts, optional
        Leads and probes.

    Raises
    ------
    InputError
        If there is no such scenario, or noise or temperature error is negative.
    """
    for key, value in (("noise", noise), ("temperature_err_c", temperature_err_c)):
        check_noise(key, value)
    changes = {"noise": noise, "temperature_err_c": temperature_err_c}
    campaign = named(scenario) if isinstance(scenario, str) else scenario
    if isinstance(campaign, Scenario):
        return _simulated(_changed(campaign, **changes), seed, np.random.default_rng(seed), artefacts)
    cell = _changed(campaign.scenario, **changes)
    first = _simulated(cell, seed, np.random.default_rng(seed), artefacts)
    others = []
    for number, beside in enumerate(campaign.complements, 1):
        rng = np.random.default_rng((seed, number))
        geometry = math.exp(beside.geometry_err * float(rng.standard_normal()))
        other = _changed(beside.scenario, **changes)
        others.append(replace(_simulated(other, seed, rng, artefacts, geometry), asked=campaign.letter))
    return replace(first, asked=campaign.letter, campaign=campaign, complements=tuple(others))


def named(name: str) -> Scenario | Campaign:
    """Return a scenario by its name, or a campaign by its name or letter.

    Raises
    ------
    InputError
        If there is none.
    """
    by_letter = {c.letter: c for c in CAMPAIGNS.values()}
    found = SCENARIOS.get(name) or CAMPAIGNS.get(name) or by_letter.get(name.upper())
    if found is not None:
        return found
    if is_direct_current(name):
        raise InputError(
            f"scenario {name!r} is dc data without spectra: call simulate_dc(), or 'eisfit simulate {DC_LETTER}'"
        )
    known = [*SCENARIOS, *CAMPAIGNS, DC_NAME]
    raise InputError(
        f"no scenario {name!r}{did_you_mean(name, known)}; there are: {', '.join(known)}, and the letters "
        f"{', '.join([*by_letter, DC_LETTER])}"
    )


def _changed(scenario: Scenario, noise: float | None, temperature_err_c: float | None) -> Scenario:
    conditions = scenario.conditions.updated(temperature_err_c=temperature_err_c)
    return replace(scenario, noise=scenario.noise if noise is None else noise, conditions=conditions)


def _simulated(
    scenario: Scenario, seed: int, rng: np.random.Generator, artefacts: Artefacts, geometry: float = 1.0
) -> Simulation:
    error = scenario.conditions.temperature_err_c or 0.0
    probes = _probes(scenario, rng) if scenario.pairs else {}
    spectra, true = [], []
    for stated in scenario.stated:
        assert stated.temperature_c is not None
        actual = stated.temperature_c + error * float(rng.standard_normal())
        for pair in scenario.pairs or (None,):
            seen = stated if pair is None else stated.updated(probe_pair=pair)
            true.append(actual)
            spectra.append(_spectrum(scenario, seen, probes, actual, rng, artefacts, geometry))
    return Simulation(scenario, seed, tuple(spectra), tuple(true), geometry, true_probes_cm=probes)


def _probes(scenario: Scenario, rng: np.random.Generator) -> dict[str, float]:
    """Return where the probes stand, each off its stated place by a draw."""
    error = scenario.conditions.probe_err_cm or 0.0
    return {
        name: cm + error * float(rng.standard_normal()) for name, cm in scenario.conditions.probes_cm.items()
    }


def _spectrum(
    scenario: Scenario,
    stated: Conditions,
    probes_cm: Mapping[str, float],
    actual_c: float,
    rng: np.random.Generator,
    artefacts: Artefacts,
    geometry: float,
) -> Spectrum:
    high, low = scenario.frequency_hz
    n = round(math.log10(high / low) * scenario.points_per_decade) + 1
    f: Floats = np.logspace(math.log10(high), math.log10(low), n)
    circuit = scenario.seen(with_probes(stated, probes_cm)).circuit
    values = parameters_at(scenario, actual_c, stated)
    z = geometry * circuit.impedance(f, {name: values[name] for name in circuit.names})
    z = artefacts.measured(f, z, scenario.conditions.electrodes)
    z = z + scenario.noise * np.abs(z) * (rng.standard_normal(n) + 1j * rng.standard_normal(n))
    unit = {"temperature_c": "C", "time_h": "h", "concentration_mol_l": "M", FRACTION: "vol"}[scenario.over]
    return Spectrum(
        f,
        z,
        time_s=np.cumsum(_OVERHEAD_S + _PERIODS / f),
        conditions=stated,
        label=f"{_place(scenario, stated)}_{stated.number(scenario.over):g}{unit}",
    )


def _place(scenario: Scenario, stated: Conditions) -> str:
    """Return the first word of a label: of the cell, with the pair of probes where there are several."""
    cell = scenario.name.split("_")[0]
    return f"{cell}_{stated.probe_pair}" if stated.probe_pair else cell

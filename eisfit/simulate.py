"""Simulated series: cells with a known truth, measured with noise and a thermometer that errs."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import numpy as np

from eisfit.constants import BOLTZMANN_EV_PER_K, ZERO_CELSIUS_K
from eisfit.errors import InputError
from eisfit.formats.eclab_text import write_mpt
from eisfit.formats.table import write_csv
from eisfit.laws.arrhenius import Ordinate
from eisfit.spectrum import Conditions, Spectrum
from eisfit.template_files import template
from eisfit.values import Floats

REFERENCE_C = 25.0
_PERIODS, _OVERHEAD_S = 3.0, 0.5  # per point of a simulated sweep, for its time stamps


@dataclass(frozen=True)
class Part:
    """One contribution of a scenario.

    Parameters
    ----------
    asr_ohm_cm2 : float
        Area-specific resistance of one segment at 25 °C in ohm cm².
    activation_energy_ev : float
        By the ordinate.
    ordinate : str
        In which the law is a straight line: ``ln(1/R)`` or ``ln(T/R)`` (for a layer the same as ``ln(sigma T)``).
    count : int
        How often the current crosses it between the probes.
    capacitance_f_cm2, alpha : float, optional
        Of one arc, at all temperatures; none for a resistor.
    """

    asr_ohm_cm2: float
    activation_energy_ev: float
    ordinate: Ordinate
    count: int = 1
    capacitance_f_cm2: float | None = None
    alpha: float = 1.0

    def asr_at(self, temperature_k: float) -> float:
        """Return the area-specific resistance of one segment in ohm cm² at a temperature in K."""
        reference = REFERENCE_C + ZERO_CELSIUS_K
        slope = self.activation_energy_ev / BOLTZMANN_EV_PER_K
        factor = temperature_k / reference if "T" in self.ordinate else 1.0
        return self.asr_ohm_cm2 * factor * math.exp(slope * (1 / temperature_k - 1 / reference))


@dataclass(frozen=True)
class Scenario:
    """A cell to simulate.

    Parameters
    ----------
    name, title, template : str
        What it is called, what it is, and the template that fits it.
    parts : mapping of str to Part
        By contribution name; resistors that no impedance can part stand together.
    faded : tuple of str
        Segments of the template that act as resistors in the simulated window.
    conditions : Conditions
        Geometry and temperature error; the temperature is set for each spectrum.
    temperatures_c : tuple of float
        Stated temperatures.
    frequency_hz : tuple of float
        Highest and lowest frequency.
    points_per_decade : int
        Of the sweep.
    noise : float
        Standard deviation of Re Z and of Im Z by the modulus.
    anchors : str
        Which values come from the literature and which are choices.
    """

    name: str
    title: str
    template: str
    parts: Mapping[str, Part]
    faded: tuple[str, ...]
    conditions: Conditions
    temperatures_c: tuple[float, ...]
    frequency_hz: tuple[float, float]
    points_per_decade: int
    noise: float
    anchors: str


SCENARIOS: Mapping[str, Scenario] = MappingProxyType(
    {
        s.name: s
        for s in (
            Scenario(
                name="llto_le_four_electrode",
                title="Li0.29La0.57TiO3 between two portions of LiClO4 in EC:DMC, four electrodes",
                template="le_se",
                parts=MappingProxyType(
                    {
                        "liquid + bulk": Part(100.0, 0.35, "ln(T/R)"),
                        "grain boundary": Part(250.0, 0.40, "ln(T/R)", 1, 1e-8, 0.95),
                        "interface": Part(500.0, 0.52, "ln(1/R)", 2, 1e-6, 0.9),
                    }
                ),
                faded=("bulk",),
                conditions=Conditions(area_cm2=0.785, thickness_cm=0.1, temperature_err_c=0.5, electrodes=4),
                temperatures_c=(0.0, 10.0, 20.0, 25.0, 30.0, 40.0, 50.0, 60.0),
                frequency_hz=(1e6, 0.1),
                points_per_decade=10,
                noise=0.005,
                anchors=(
                    "Grain boundary 250 ohm cm2 and 0.40 eV after Uhlmann et al., activation energy of the interface "
                    "0.52 eV (50 kJ/mol) after Yamada et al., as reviewed in doi 10.1007/s41918-020-00062-7; the "
                    "resistance of liquid and bulk, all capacitances and exponents, and the interface's 500 ohm cm2 "
                    "are choices."
                ),
            ),
        )
    }
)


@dataclass(frozen=True)
class Simulation:
    """A simulated series and its truth.

    Parameters
    ----------
    scenario : Scenario
        What was simulated.
    seed : int
        Of noise and temperatures.
    spectra : tuple of Spectrum
        As a thermometer and an impedance meter would deliver them.
    true_temperatures_c : tuple of float
        What the cell really had.
    """

    scenario: Scenario
    seed: int
    spectra: tuple[Spectrum, ...]
    true_temperatures_c: tuple[float, ...]

    def true_resistance_ohm(self, index: int, name: str) -> float:
        """Return the true resistance of a contribution in the measured path of one spectrum, in ohm."""
        part = self.scenario.parts[name]
        area = self.scenario.conditions.area_cm2 or 1.0
        return part.count * part.asr_at(self.true_temperatures_c[index] + ZERO_CELSIUS_K) / area


def simulate(name: str, *, seed: int = 0, noise: float | None = None) -> Simulation:
    """Simulate a series.

    Parameters
    ----------
    name : str
        One of `SCENARIOS`.
    seed : int
        Equal seeds give equal series.
    noise : float, optional
        Instead of the scenario's.

    Raises
    ------
    InputError
        If there is no such scenario.
    """
    if name not in SCENARIOS:
        raise InputError(f"no scenario {name!r}; there are: {', '.join(SCENARIOS)}")
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
    cell = template(scenario.template, scenario.conditions.electrodes).as_resistors(scenario.faded)
    z = cell.circuit.impedance(f, parameters_at(scenario, actual_c))
    z = z + noise * np.abs(z) * (rng.standard_normal(n) + 1j * rng.standard_normal(n))
    return Spectrum(
        f,
        z,
        time_s=np.cumsum(_OVERHEAD_S + _PERIODS / f),
        conditions=scenario.conditions.updated(temperature_c=stated_c),
        label=f"{scenario.name.split('_')[0]}_{stated_c:g}C",
    )


def parameters_at(scenario: Scenario, temperature_c: float) -> dict[str, float]:
    """Return the true parameters of a scenario's template at a temperature in °C, by name."""
    cell = template(scenario.template, scenario.conditions.electrodes).as_resistors(scenario.faded)
    area = scenario.conditions.area_cm2 or 1.0
    values: dict[str, float] = {}
    for seen in cell.seen:
        part = scenario.parts[seen.segment.name]
        asr = part.asr_at(temperature_c + ZERO_CELSIUS_K)
        element = seen.segment.circuit
        if part.capacitance_f_cm2 is None:
            values[element] = asr / area
        else:
            values[f"{element}_R"] = asr / area
            values[f"{element}_tau"] = asr * part.capacitance_f_cm2
            values[f"{element}_alpha"] = part.alpha
    return values


def write_simulation(simulation: Simulation, folder: str | Path, *, overwrite: bool = False) -> Path:
    """Write a simulated series as a lab would have it, with its truth beside it.

    Parameters
    ----------
    simulation : Simulation
        What to write.
    folder : str or Path
        Made if need be. Gets every spectrum as ``.mpt`` and as ``.csv``, ``series.toml`` (which reads the
        ``.mpt``), ``truth.toml`` and ``README.md``.
    overwrite : bool
        Whether an earlier series there may be replaced.

    Raises
    ------
    InputError
        If there is a series already.
    """
    folder = Path(folder)
    if (folder / "series.toml").exists() and not overwrite:
        raise InputError(f"{folder}: holds a series already; choose another folder, or --force to replace it")
    folder.mkdir(parents=True, exist_ok=True)
    for spectrum in simulation.spectra:
        comment = f"simulated by eisfit: {simulation.scenario.name}, seed {simulation.seed}"
        write_mpt(folder / f"{spectrum.label}.mpt", spectrum, comment=comment)
        write_csv(folder / f"{spectrum.label}.csv", spectrum)
    (folder / "series.toml").write_text(_series_toml(simulation), encoding="utf-8")
    (folder / "truth.toml").write_text(_truth_toml(simulation), encoding="utf-8")
    (folder / "README.md").write_text(_readme(simulation), encoding="utf-8")
    return folder


def _series_toml(simulation: Simulation) -> str:
    scenario, conditions = simulation.scenario, simulation.scenario.conditions
    head = [
        f"# simulated: {scenario.title}",
        f'template = "{scenario.template}"',
        f"electrodes = {conditions.electrodes}",
        f"area_cm2 = {conditions.area_cm2}",
        f"thickness_cm = {conditions.thickness_cm} # of the solid electrolyte",
        f"temperature_err_c = {conditions.temperature_err_c}",
    ]
    for s in simulation.spectra:
        head += [
            "",
            "[[spectrum]]",
            f'file = "{s.label}.mpt"',
            f"temperature_c = {s.conditions.temperature_c}",
        ]
    return "\n".join(head) + "\n"


def _truth_toml(simulation: Simulation) -> str:
    scenario = simulation.scenario
    lines = [
        "# the truth behind the simulated series; no program but a test should look here",
        f"seed = {simulation.seed}",
        f"noise = {scenario.noise} # standard deviation of Re Z and of Im Z, each by |Z|",
    ]
    for name, part in scenario.parts.items():
        lines += [
            "",
            "[[contribution]]",
            f'name = "{name}"',
            f"count = {part.count}",
            f"asr_ohm_cm2_25c = {part.asr_ohm_cm2} # of one segment",
            f"activation_energy_ev = {part.activation_energy_ev}",
            f'ordinate = "{part.ordinate}"',
        ]
        if part.capacitance_f_cm2 is not None:
            lines += [f"capacitance_f_cm2 = {part.capacitance_f_cm2}", f"alpha = {part.alpha}"]
    for k, s in enumerate(simulation.spectra):
        lines += ["", "[[spectrum]]", f'label = "{s.label}"']
        lines += [
            f"true_temperature_c = {simulation.true_temperatures_c[k]:.6f}",
            "[spectrum.resistance_ohm]",
        ]
        lines += [f'"{name}" = {simulation.true_resistance_ohm(k, name):.9g}' for name in scenario.parts]
    return "\n".join(lines) + "\n"


def _readme(simulation: Simulation) -> str:
    scenario, conditions = simulation.scenario, simulation.scenario.conditions
    rows = [
        f"| {name} | {p.count} | {p.asr_ohm_cm2:g} | {p.activation_energy_ev:g} by {p.ordinate} | "
        f"{'' if p.capacitance_f_cm2 is None else f'{p.capacitance_f_cm2:g}'} | "
        f"{'' if p.capacitance_f_cm2 is None else f'{p.alpha:g}'} |"
        for name, p in scenario.parts.items()
    ]
    return "\n".join(
        [
            f"# {scenario.name}",
            "",
            "**These spectra are simulated, not measured.** "
            f"{scenario.title}; {len(simulation.spectra)} temperatures from {min(scenario.temperatures_c):g} to "
            f"{max(scenario.temperatures_c):g} °C, {scenario.frequency_hz[0]:g} to {scenario.frequency_hz[1]:g} Hz, "
            f"noise {100 * scenario.noise:g} % of \\|Z\\| on the real and on the imaginary part, area "
            f"{conditions.area_cm2:g} cm², solid {conditions.thickness_cm:g} cm thick. Each true temperature differs "
            f"from the stated one by a draw with a standard deviation of {conditions.temperature_err_c:g} °C.",
            "",
            "| contribution | count | Ω cm² of one at 25 °C | E_A / eV | F cm⁻² | exponent |",
            "|---|---|---|---|---|---|",
            *rows,
            "",
            scenario.anchors,
            "",
            f"Every spectrum lies here as `.mpt` and as `.csv`. `truth.toml` holds what a fit must find. "
            f"Made with `eisfit simulate {scenario.name} --seed {simulation.seed} -o FOLDER`.",
            "",
        ]
    )

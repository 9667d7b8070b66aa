"""What is simulated: a cell of parts, each with its law over temperature."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from eisfit.cell.find import template
from eisfit.cell.templates import Template
from eisfit.circuit.circuit import Node, Placed
from eisfit.constants import BOLTZMANN_EV_PER_K, ZERO_CELSIUS_K
from eisfit.laws.ordinate import Ordinate
from eisfit.spectrum.conditions import Conditions
from eisfit.spectrum.spectrum import Spectrum

REFERENCE_C = 25.0
FORMATS = (".mpt", ".DTA", ".z", ".csv")  # in which a simulated series can be written
_ABSENT_OHM_CM2 = 1e-9  # resistance of a part that is not there: an arc needs one above 0


@dataclass(frozen=True)
class Part:
    """One contribution of a scenario.

    Parameters
    ----------
    asr_ohm_cm2 : float
        Area-specific resistance of one segment at the reference temperature in ohm cm²; 0 for a part that is
        not there, infinite for an electrode that blocks.
    activation_energy_ev : float
        Its slope in the ordinate.
    ordinate : str
        In which the law is a straight line: ``ln(1/R)`` or ``ln(T/R)`` (for a layer that of ``ln(sigma T)``).
    count : int
        How often the current crosses it between the probes.
    capacitance_f_cm2, alpha : float, optional
        Of one arc, at all temperatures; no capacitance for a resistor. For an electrode that blocks: Q per area
        and exponent of its constant-phase element.
    reference_c : float
        Temperature in °C at which the resistance is given.
    """

    asr_ohm_cm2: float
    activation_energy_ev: float
    ordinate: Ordinate
    count: int = 1
    capacitance_f_cm2: float | None = None
    alpha: float = 1.0
    reference_c: float = REFERENCE_C

    def asr_at(self, temperature_k: float) -> float:
        """Return the area-specific resistance of one segment in ohm cm² at a temperature in K."""
        reference = self.reference_c + ZERO_CELSIUS_K
        slope = self.activation_energy_ev / BOLTZMANN_EV_PER_K
        factor = temperature_k / reference if "T" in self.ordinate else 1.0
        return self.asr_ohm_cm2 * factor * math.exp(slope * (1 / temperature_k - 1 / reference))


@dataclass(frozen=True)
class Scenario:
    r"""A cell to simulate.

    Parameters
    ----------
    name, title, template : str
        Name, description of the cell, name of the template that fits it.
    parts : mapping of str to Part
        By contribution name; resistors that impedance cannot separate may be one part. Of a porous interface,
        ``pore`` is what fills the pores of one side, ``interface`` their wall, both by geometric area.
    above_window : tuple of str
        Segments of the template that act as resistors in the simulated window.
    conditions : Conditions
        Geometry and temperature error; the temperature is set for each spectrum.
    temperatures_c : tuple of float
        Stated temperatures.
    frequency_hz : tuple of float
        Highest and lowest frequency.
    points_per_decade : int
        Density of the sweep.
    noise : float
        Standard deviation of Re Z and of Im Z, relative to \|Z\|.
    anchors : str
        Which values come from the literature and which are choices; ``[1]`` is the first of `source`.
    source : tuple of str
        DOIs.
    sums : mapping of str to tuple of str
        Contributions that a fit reports as one, with the parts in each.
    formats : tuple of str
        File endings in which it is written; the series reads the first.
    """

    name: str
    title: str
    template: str
    parts: Mapping[str, Part]
    above_window: tuple[str, ...]
    conditions: Conditions
    temperatures_c: tuple[float, ...]
    frequency_hz: tuple[float, float]
    points_per_decade: int
    noise: float
    anchors: str
    source: tuple[str, ...]
    sums: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    formats: tuple[str, ...] = (".mpt", ".csv")

    def __post_init__(self) -> None:
        for name in ("parts", "sums"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))

    @property
    def cell(self) -> Template:
        """The template as it is simulated."""
        return template(self.template, self.conditions.electrodes).with_arcs_as_resistors(self.above_window)

    def resistance_ohm(self, name: str, temperature_c: float) -> float:
        """Return the resistance of a part or sum in the measured path at a temperature in °C, in ohm."""
        if name in self.sums:
            return sum(self.resistance_ohm(each, temperature_c) for each in self.sums[name])
        part, kelvin = self.parts[name], temperature_c + ZERO_CELSIUS_K
        asr = part.asr_at(kelvin)
        if name == "pore":
            wall = self.parts["interface"].asr_at(kelvin)
            asr = math.sqrt(asr * wall) / math.tanh(math.sqrt(asr / wall))  # de Levie's pore at dc
        return part.count * asr / self.area_cm2

    @property
    def area_cm2(self) -> float:
        """Geometric area in cm²."""
        return self.conditions.area_cm2 or 1.0


@dataclass(frozen=True)
class Simulation:
    """A simulated series and its truth.

    Parameters
    ----------
    scenario : Scenario
        What was simulated.
    seed : int
        Seed of noise and temperatures.
    spectra : tuple of Spectrum
        With noise and with the stated temperatures.
    true_temperatures_c : tuple of float
        Temperature of the cell in °C for each spectrum.
    """

    scenario: Scenario
    seed: int
    spectra: tuple[Spectrum, ...]
    true_temperatures_c: tuple[float, ...]

    def true_resistance_ohm(self, index: int, name: str) -> float:
        """Return the true resistance of a contribution in the measured path of one spectrum, in ohm."""
        return self.scenario.resistance_ohm(name, self.true_temperatures_c[index])


def parameters_at(scenario: Scenario, temperature_c: float) -> dict[str, float]:
    """Return the true parameters of a scenario's template at a temperature in °C, by name."""
    values: dict[str, float] = {}
    for on_path in scenario.cell.path:
        name = on_path.segment.name
        parts = [scenario.parts[each] for each in scenario.sums.get(name, (name,))]
        values |= _values(on_path.node, parts, scenario, temperature_c + ZERO_CELSIUS_K)
    return values


def _values(node: Node, parts: list[Part], scenario: Scenario, kelvin: float) -> dict[str, float]:
    assert isinstance(node, Placed), "the circuits of scenarios are single elements"
    name, area = node.name, scenario.area_cm2
    asr = sum(part.asr_at(kelvin) for part in parts)
    if node.wall is not None:
        wall = _values(node.wall, [scenario.parts["interface"]], scenario, kelvin)
        return {name: asr / area, **wall}
    capacitance, alpha = parts[0].capacitance_f_cm2, parts[0].alpha
    if capacitance is None:
        return {name: asr / area}
    if math.isinf(asr):
        return {f"{name}_Q": capacitance * area, f"{name}_alpha": alpha}
    asr = max(asr, _ABSENT_OHM_CM2)
    return {f"{name}_R": asr / area, f"{name}_tau": asr * capacitance, f"{name}_alpha": alpha}

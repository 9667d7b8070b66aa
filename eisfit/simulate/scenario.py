"""What is simulated: a cell of parts under its conditions."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

from eisfit.cell.find import template
from eisfit.cell.templates import Template
from eisfit.circuit.circuit import Node, Placed
from eisfit.constants import ZERO_CELSIUS_K
from eisfit.laws.registry import TEMPERATURE
from eisfit.simulate.part import Part
from eisfit.simulate.particles import FRACTION
from eisfit.spectrum.conditions import NO_CONDITIONS, Conditions

TIME, CONCENTRATION = "time_h", "concentration_mol_l"
FORMATS = (".mpt", ".DTA", ".z", ".csv")  # in which a simulated series can be written
_ABSENT_OHM_CM2 = 1e-9  # resistance of a part that is not there: an arc needs one above 0


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
        Geometry and temperature error; what the series is over is set for each spectrum.
    temperatures_c : tuple of float
        Stated temperatures; one where the series is over another condition.
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
    without : tuple of str
        Segments of the template that the cell does not have.
    times_h, concentrations_mol_l : tuple of float
        Ages of the cell in hours, or concentrations, at one temperature.
    particle_fractions : tuple of float
        Volume shares of the particles in each of several pellets, at one temperature. At most one of the three.
    pairs : tuple of str
        Pairs of voltage probes that are measured at once, of a cell with several.
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
    without: tuple[str, ...] = ()
    times_h: tuple[float, ...] = ()
    concentrations_mol_l: tuple[float, ...] = ()
    particle_fractions: tuple[float, ...] = ()
    pairs: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in ("parts", "sums"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))

    @cached_property
    def cell(self) -> Template:
        """The template as it is simulated; with several pairs of probes all of it, see `seen`."""
        found = template(self.template, self.conditions.electrodes)
        found = found.without(self.without) if self.without else found
        return found if self.pairs else found.with_arcs_as_resistors(self.above_window)

    @property
    def over(self) -> str:
        """Name of the condition that changes from spectrum to spectrum."""
        if self.particle_fractions:
            return FRACTION
        return TIME if self.times_h else CONCENTRATION if self.concentrations_mol_l else TEMPERATURE

    @property
    def stated(self) -> tuple[Conditions, ...]:
        """The stated conditions of all spectra."""
        changes = {TEMPERATURE: self.temperatures_c, TIME: self.times_h}
        values = changes.get(self.over, self.concentrations_mol_l)
        at = self.conditions.updated(temperature_c=self.temperatures_c[0])
        if self.over == FRACTION:
            return tuple(at.updated(own={FRACTION: share}) for share in self.particle_fractions)
        return tuple(at.updated(**{self.over: value}) for value in values)

    def seen(self, under: Conditions) -> Template:
        """Return what is simulated between the probes of the conditions."""
        return self.cell.between(under.probe_pair, under) if under.probe_pair else self.cell

    def resistance_ohm(self, name: str, temperature_c: float, under: Conditions = NO_CONDITIONS) -> float:
        """Return the resistance of a part or sum in the measured path at a temperature in °C, in ohm.

        Time, concentration and probes are those of the conditions; what these do not see is 0.
        """
        if name in self.sums:
            return sum(self.resistance_ohm(each, temperature_c, under) for each in self.sums[name])
        seen = 1.0
        if under.probe_pair:
            seen = {s.segment.name: s.count for s in self.seen(under).path}.get(name, 0.0)
        part, kelvin = self.parts[name], temperature_c + ZERO_CELSIUS_K
        asr = part.asr_at(kelvin, under)
        if name == "pore":
            wall = self.parts["interface"].asr_at(kelvin, under)
            asr = math.sqrt(asr * wall) / math.tanh(math.sqrt(asr / wall))  # de Levie's pore at dc
        return seen * part.count * asr / self.area_cm2

    @property
    def area_cm2(self) -> float:
        """Geometric area in cm²."""
        return self.conditions.area_cm2 or 1.0


def parameters_at(
    scenario: Scenario, temperature_c: float, under: Conditions = NO_CONDITIONS
) -> dict[str, float]:
    """Return the true parameters of a scenario's template at a temperature in °C, by name.

    Time and concentration are those of the conditions.
    """
    values: dict[str, float] = {}
    for on_path in scenario.cell.path:
        name = on_path.segment.name
        parts = [scenario.parts[each] for each in scenario.sums.get(name, (name,))]
        values |= _values(on_path.node, parts, scenario, temperature_c + ZERO_CELSIUS_K, under)
    return values


def _values(
    node: Node, parts: list[Part], scenario: Scenario, kelvin: float, under: Conditions
) -> dict[str, float]:
    assert isinstance(node, Placed), "the circuits of scenarios are single elements"
    name, area = node.name, scenario.area_cm2
    asr = sum(part.asr_at(kelvin, under) for part in parts)
    if node.wall is not None:
        wall = _values(node.wall, [scenario.parts["interface"]], scenario, kelvin, under)
        return {name: asr / area, **wall}
    capacitance, alpha = parts[0].capacitance_at(under), parts[0].alpha
    if capacitance is None:
        return {name: asr / area}
    if math.isinf(asr):
        return {f"{name}_Q": capacitance * area, f"{name}_alpha": alpha}
    asr = max(asr, _ABSENT_OHM_CM2)
    return {f"{name}_R": asr / area, f"{name}_tau": asr * capacitance, f"{name}_alpha": alpha}

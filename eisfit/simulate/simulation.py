"""A simulated series: its spectra, and the truth that a fit must find."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from eisfit.simulate.scenario import Scenario
from eisfit.spectrum.conditions import Conditions
from eisfit.spectrum.spectrum import Spectrum

if TYPE_CHECKING:
    from eisfit.simulate.campaign import Campaign


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
        With noise and with the stated conditions.
    true_temperatures_c : tuple of float
        Temperature of the cell in °C for each spectrum.
    true_geometry : float
        By which the impedance of the cell is larger than its stated thickness and area say.
    asked : str
        Name or letter under which `simulate` makes it; empty for that of the scenario.
    campaign : Campaign or None
        What it is part of, where complementary cells belong to it.
    complements : tuple of Simulation
        These cells, in the order of the campaign.
    true_probes_cm : mapping of str to float
        Where the probes of a cell with several pairs stand in the solid, in cm from its left face.
    """

    scenario: Scenario
    seed: int
    spectra: tuple[Spectrum, ...]
    true_temperatures_c: tuple[float, ...]
    true_geometry: float = 1.0
    asked: str = ""
    campaign: Campaign | None = None
    complements: tuple[Simulation, ...] = ()
    true_probes_cm: Mapping[str, float] = field(default_factory=dict)

    def true_resistance_ohm(self, index: int, name: str) -> float:
        """Return the true resistance of a contribution in the measured path of one spectrum, in ohm."""
        under = with_probes(self.spectra[index].conditions, self.true_probes_cm)
        true = self.scenario.resistance_ohm(name, self.true_temperatures_c[index], under)
        return true * self.true_geometry


def with_probes(conditions: Conditions, probes_cm: Mapping[str, float]) -> Conditions:
    """Return conditions with the probes in other places, where there are any."""
    return conditions.updated(probes_cm=dict(probes_cm)) if probes_cm else conditions

"""One contribution of a simulated cell, with its laws over temperature, concentration and time."""

from __future__ import annotations

import math
from dataclasses import dataclass

from eisfit.constants import BOLTZMANN_EV_PER_K, ZERO_CELSIUS_K
from eisfit.laws.ordinate import Ordinate
from eisfit.simulate.particles import Particles
from eisfit.spectrum.conditions import NO_CONDITIONS, Conditions

REFERENCE_C = 25.0


@dataclass(frozen=True)
class Part:
    r"""One contribution of a scenario.

    Parameters
    ----------
    asr_ohm_cm2 : float
        Area-specific resistance of one segment at the reference temperature in ohm cm²; 0 for a part that is
        not there, infinite for an electrode that blocks.
    activation_energy_ev : float
        Its slope in the ordinate; above the melting point where there is one.
    ordinate : str
        In which the law is a straight line: ``ln(1/R)`` or ``ln(T/R)`` (for a layer that of ``ln(sigma T)``).
    count : int
        How often the current crosses it between the probes.
    capacitance_f_cm2, alpha : float, optional
        Of one arc, at all temperatures; no capacitance for a resistor. For an electrode that blocks: Q per area
        and exponent of its constant-phase element.
    reference_c : float
        Temperature in °C at which the resistance is given.
    melting_c, activation_energy_below_ev : float, optional
        Melting point in °C, and the slope below it: a broken line without a jump.
    concentration_power : float, optional
        Exponent p of :math:`R \propto (c / 1\,\mathrm{mol/L})^p`; the resistance is given at 1 mol/L.
    growth_h : float, optional
        Time constant t0 in hours of a layer that grows: :math:`R = R_\infty (1 - e^{-t/t_0})` at constant R C; the
        resistance and capacitance given are the last ones.
    particles : Particles, optional
        What fills it, by the ``particle_fraction`` of the conditions; the resistance given is that without.
    """

    asr_ohm_cm2: float
    activation_energy_ev: float
    ordinate: Ordinate
    count: int = 1
    capacitance_f_cm2: float | None = None
    alpha: float = 1.0
    reference_c: float = REFERENCE_C
    melting_c: float | None = None
    activation_energy_below_ev: float | None = None
    concentration_power: float | None = None
    growth_h: float | None = None
    particles: Particles | None = None

    def asr_at(self, temperature_k: float, under: Conditions = NO_CONDITIONS) -> float:
        """Return the area-specific resistance of one segment in ohm cm² at a temperature in K.

        Time and concentration are those of the conditions; without them the layer has grown, at 1 mol/L.
        """
        reference = self.reference_c + ZERO_CELSIUS_K
        slopes = self._energy_over_kt(temperature_k) - self._energy_over_kt(reference)
        factor = temperature_k / reference if "T" in self.ordinate else 1.0
        if self.concentration_power is not None and under.concentration_mol_l is not None:
            factor *= under.concentration_mol_l**self.concentration_power
        if self.particles is not None:
            factor *= self.particles.resistance_factor(under)
        return self.asr_ohm_cm2 * factor * self.grown(under) * math.exp(slopes)

    def capacitance_at(self, under: Conditions = NO_CONDITIONS) -> float | None:
        """Return the capacitance of one segment in F/cm²; None for a resistor."""
        grown = self.grown(under)
        return self.capacitance_f_cm2 if self.capacitance_f_cm2 is None else self.capacitance_f_cm2 / grown

    def grown(self, under: Conditions) -> float:
        """Return which part of the last resistance a growing layer has at the time of the conditions."""
        if self.growth_h is None or under.time_h is None:
            return 1.0
        return -math.expm1(-under.time_h / self.growth_h)

    def _energy_over_kt(self, temperature_k: float) -> float:
        """Return E / kT, of a broken law counted from its melting point."""
        above = self.activation_energy_ev / BOLTZMANN_EV_PER_K
        if self.melting_c is None or self.activation_energy_below_ev is None:
            return above / temperature_k
        melting = self.melting_c + ZERO_CELSIUS_K
        below = self.activation_energy_below_ev / BOLTZMANN_EV_PER_K
        slope = above if temperature_k > melting else below
        return slope * (1 / temperature_k - 1 / melting)

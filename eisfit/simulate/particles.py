"""Particles in the solid of a simulated pellet, which conduct through an interface that resists."""

from __future__ import annotations

from dataclasses import dataclass, fields

from eisfit.errors import InputError
from eisfit.solids.composite import hasselman_johnson
from eisfit.spectrum.conditions import Conditions
from eisfit.tools.toml_table import Table

FRACTION = "particle_fraction"  # condition of one's own: volume share of the particles


@dataclass(frozen=True)
class Particles:
    """What a matrix is filled with, at the temperature of the series.

    Parameters
    ----------
    matrix_s_cm, particle_s_cm : float
        Conductivity of the matrix and of the inside of a particle in S/cm.
    radius_cm : float
        Radius of a particle in cm.
    interface_ohm_cm2 : float
        Specific resistance of the interface between both in Ω cm².
    """

    matrix_s_cm: float
    particle_s_cm: float
    radius_cm: float
    interface_ohm_cm2: float

    def resistance_factor(self, under: Conditions) -> float:
        """Return by which the filled solid resists more than the matrix alone."""
        filled = hasselman_johnson(
            self.matrix_s_cm,
            self.particle_s_cm,
            under.own.get(FRACTION, 0.0),
            radius_cm=self.radius_cm,
            asr_ohm_cm2=self.interface_ohm_cm2,
        )
        return self.matrix_s_cm / float(filled)


def particles_in(table: Table) -> Particles | None:
    """Return the ``particles`` of a part of a scenario file, None where there are none.

    Raises
    ------
    InputError
        If a number is missing or not positive.
    """
    if (given := table.take("particles", None)) is None:
        return None
    below = Table(given, f"{table.where}, particles", InputError)
    found = {field.name: below.required_number(field.name) for field in fields(Particles)}
    below.finish()
    for name, value in found.items():
        if not value > 0:
            raise InputError(f"{below.where}: {name} is {value:g}; it must be above 0")
    return Particles(**found)

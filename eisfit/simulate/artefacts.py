"""What leads and probes add to the impedance of a cell."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from eisfit.errors import InputError
from eisfit.tools.frozen import Complexes, Floats


@dataclass(frozen=True)
class Artefacts:
    r"""Leads and probes of a simulated measurement; by default ideal ones.

    Parameters
    ----------
    lead_inductance_h : float
        In series with the cell, in henry; 0.1 to 1 µH are usual.
    reference_ohm : tuple of float
        Resistance of the two voltage probes in ohm; empty for none.
    input_capacitance_f : float
        From each probe to ground, by cables and input, in farad.
    common_mode_ohm : float
        Resistance from the second probe to ground, by which probes that differ also see the common potential.

    Notes
    -----
    Each probe divides its potential, :math:`D_k = 1 / (1 + j \omega R_k C)`; measured is
    :math:`Z D_1 + R_{cm} (D_1 - D_2)`.

    Source: Hsieh, Ford, Mason and Pederson, Solid State Ionics 100 (1997) 297.
    """

    lead_inductance_h: float = 0.0
    reference_ohm: tuple[float, ...] = ()
    input_capacitance_f: float = 1e-10
    common_mode_ohm: float = 0.0

    def __post_init__(self) -> None:
        for name in ("lead_inductance_h", "input_capacitance_f", "common_mode_ohm"):
            if not (np.isfinite(getattr(self, name)) and getattr(self, name) >= 0):
                raise InputError(f"{name} is {getattr(self, name):g}: it must be finite and not below 0")
        if len(self.reference_ohm) not in (0, 2) or not all(r >= 0 for r in self.reference_ohm):
            raise InputError(
                f"reference_ohm is {list(self.reference_ohm)}: give the resistances of both voltage probes, "
                "as 10000 10000"
            )

    def measured(self, frequency_hz: Floats, z_ohm: Complexes, electrodes: int | None) -> Complexes:
        """Return what is measured of an impedance; probes divide only where there are three or four electrodes."""
        s = 2j * np.pi * frequency_hz
        z: Complexes = z_ohm + s * self.lead_inductance_h
        if not self.reference_ohm or electrodes == 2:
            return z
        first, second = (1 / (1 + s * r * self.input_capacitance_f) for r in self.reference_ohm)
        measured: Complexes = z * first + self.common_mode_ohm * (first - second)
        return measured


IDEAL = Artefacts()

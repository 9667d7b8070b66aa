"""A simulated cell with eight electrodes, seen by several pairs of its probes; its solid is a ladder of thin slices."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

import eisfit
from support.joint_cells import activated

F = np.logspace(6, -1, 50)
PAIRS = ("L2-S1", "S1-S2", "S2-R1", "L2-R1")
AREA_CM2, THICKNESS_CM = 0.785, 0.1
STATED_CM = {"S1": 0.03, "S2": 0.07}
LEFT_OHM, RIGHT_OHM = 500.0, 650.0  # at 25 °C; 30 % apart
TRUE_EV = {"bulk": 0.35, "grain boundary": 0.40, "interface left": 0.52, "interface right": 0.56}
_SLICES = 50


def ladder(low_cm: float, high_cm: float, bulk_ohm: float, boundary_ohm: float) -> np.ndarray:
    """Return the impedance of the solid between two places: slices in series, each bulk and grain boundary.

    Both resistances are of the whole solid. A slice has a capacitor beside its bulk, and a constant-phase element
    beside its grain boundaries.
    """
    s, total = 2j * np.pi * F, np.zeros(F.size, complex)
    part = (high_cm - low_cm) / THICKNESS_CM / _SLICES
    for _ in range(_SLICES):
        total += 1 / (1 / (part * bulk_ohm) + s * 3e-12 / part)
        total += 1 / (1 / (part * boundary_ohm) * (1 + (s * boundary_ohm * 1e-8) ** 0.95))
    return total


def eight_electrodes(
    seed: int,
    *,
    temperatures: Sequence[float] = (0, 15, 30, 45, 60),
    pairs: Sequence[str] = PAIRS,
    noise: float = 0.005,
    off_k: float = 0.3,
    off_cm: float = 0.002,
    probe_err_cm: float | None = 0.002,
) -> list[eisfit.Spectrum]:
    """Return spectra of each pair at each temperature; probes and temperatures are off the stated ones."""
    rng, found = np.random.default_rng(seed), []
    at = {probe: cm + off_cm * rng.standard_normal() for probe, cm in STATED_CM.items()}
    at |= {"L1": 0.0, "L2": 0.0, "R1": THICKNESS_CM, "R2": THICKNESS_CM}
    s = 2j * np.pi * F
    for t in temperatures:
        true = t + 273.15 + off_k * rng.standard_normal()
        layer = true / 298.15  # laws of ln(T/R)
        r = [layer * activated(*of, true) for of in ((60, 0.15), (75, 0.15), (80, 0.35), (250, 0.40))]
        left, right = activated(LEFT_OHM, 0.52, true), activated(RIGHT_OHM, 0.56, true)
        for pair in pairs:
            one, other = pair.split("-")
            z = ladder(at[one], at[other], r[2], r[3])
            if one.startswith("L"):
                z = z + r[0] + left / (1 + (s * left * 1e-6) ** 0.9)
            if other.startswith("R"):
                z = z + r[1] + right / (1 + (s * right * 9e-7) ** 0.88)
            z = z * (1 + noise * (rng.standard_normal(F.size) + 1j * rng.standard_normal(F.size)))
            conditions = eisfit.Conditions(
                temperature_c=float(t),
                temperature_err_c=off_k or None,
                area_cm2=AREA_CM2,
                thickness_cm=THICKNESS_CM,
                electrodes=8,
                probe_pair=pair,
                probes_cm=STATED_CM,
                probe_err_cm=probe_err_cm,
            )
            found.append(eisfit.Spectrum(F, z, conditions=conditions, label=f"{pair}_{t:g}C"))
    return found

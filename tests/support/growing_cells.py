"""Sweeps of a cell whose interphase grows while they are taken."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from eisfit import Conditions, Spectrum

CIRCUIT = "R_s-Zarc_film-Zarc_ct"
STARTS_H = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 200.0)
LAST_OHM, TAU_H = 6000.0, 50.0  # film at the end, and its time constant
TRANSFER_OHM = 968.0
FREQUENCY_HZ = np.logspace(6, -2, 81)
TIME_S = np.cumsum(0.5 + 3 / FREQUENCY_HZ)  # 25 min for a sweep


def film_ohm(time_h: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Return the resistance of the film at an age of the cell."""
    return -LAST_OHM * np.expm1(-np.asarray(time_h, float) / TAU_H)


def growing(
    seed: int,
    noise: float = 1e-3,
    *,
    starts_h: Sequence[float] = STARTS_H,
    last_ohm: float = LAST_OHM,
    times_known: bool = True,
    time_s: npt.NDArray[np.float64] = TIME_S,
) -> list[Spectrum]:
    """Return sweeps in which each point is of the film at its own time; RC of the film is constant."""
    rng = np.random.default_rng(seed)
    s = 2j * np.pi * FREQUENCY_HZ
    rest = 200 + TRANSFER_OHM / (1 + (s * 4.84e-3) ** 0.9)
    found = []
    for start in starts_h:
        film = film_ohm(start + (time_s - time_s[0]) / 3600) * last_ohm / LAST_OHM
        z = rest + film / (1 + (s * 1.05e-4) ** 0.95)
        z = z + noise * np.abs(z) * (rng.standard_normal(z.size) + 1j * rng.standard_normal(z.size))
        conditions = Conditions(temperature_c=25, time_h=start, electrodes=4)
        time = time_s if times_known else None
        found.append(Spectrum(FREQUENCY_HZ, z, time_s=time, conditions=conditions, label=f"cell_{start:g}h"))
    return found

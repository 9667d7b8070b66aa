"""Contributions over time, concentration and temperature with known values, as a diagnosis sees them."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from eisfit.diagnosis.tracks import Point, Track

NAN = float("nan")


def track(
    name: str,
    values: npt.ArrayLike,
    *,
    roles: tuple[str, ...] = ("interface",),
    products: npt.ArrayLike | None = None,
    celsius: npt.ArrayLike = 25.0,
    hours: npt.ArrayLike = NAN,
    molar: npt.ArrayLike = NAN,
    volts: npt.ArrayLike = NAN,
    error: float = 0.005,
    temperature_err_k: float = NAN,
    seed: int = 1,
    noise: float | None = None,
) -> Track:
    """Return a contribution with values to which noise of their error was added."""
    rng = np.random.default_rng((seed, 0, *name.encode()))
    given = np.asarray(values, float)
    n = given.size
    noisy = given * np.exp((error if noise is None else noise) * rng.standard_normal(n))
    times = np.full(n, NAN) if products is None else np.asarray(products)
    times = times * np.exp(error * rng.standard_normal(n))
    conditions = [np.broadcast_to(c, n) for c in (celsius, hours, molar, volts)]
    points = [
        Point(
            float(noisy[k]),
            error,
            float(times[k]),
            NAN if math.isnan(times[k]) else error,
            float(times[k] / noisy[k]),
            float(conditions[0][k]),
            temperature_err_k,
            *(float(c[k]) for c in conditions[1:]),
        )
        for k in range(n)
    ]
    return Track(name, roles, True, tuple(points))

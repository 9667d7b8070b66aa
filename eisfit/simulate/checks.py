"""Checks of what a simulation is asked for."""

from __future__ import annotations

import math

from eisfit.errors import InputError


def check_noise(key: str, value: float | None) -> None:
    """Raise InputError where a noise or an error is given that is negative or not finite."""
    if value is not None and not (math.isfinite(value) and value >= 0):
        raise InputError(f"{key} is {value:g}: it must be finite and not below 0")

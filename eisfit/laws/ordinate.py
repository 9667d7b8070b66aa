"""The ordinates in which laws are fitted: logarithms of resistances and conductivities, or these themselves."""

from __future__ import annotations

from typing import Literal, TypeAlias

import numpy as np

from eisfit.tools.frozen import Floats

Ordinate: TypeAlias = Literal["ln(1/R)", "ln(T/R)", "ln(sigma)", "ln(sigma T)", "ln(R)", "R", "sigma"]


# ordinates over the reciprocal temperature
ORDINATES: tuple[Ordinate, ...] = ("ln(1/R)", "ln(T/R)", "ln(sigma)", "ln(sigma T)")


def is_logarithm(ordinate: Ordinate) -> bool:
    """Tell whether an ordinate is a logarithm."""
    return ordinate.startswith("ln(")


def suits(ordinate: Ordinate, quantity: str) -> bool:
    """Tell whether an ordinate is of conductivities, for ``conductivity``, or of resistances, for the others."""
    return ("sigma" in ordinate) == (quantity == "conductivity")


def unit_of(ordinate: Ordinate, unit: str) -> str:
    """Return the unit of what stands in a logarithm, or of the ordinate itself, from that of the quantity."""
    if "/R" in ordinate:
        return f"{'K' if 'T' in ordinate else '1'}/({unit})"
    return f"{unit} K" if "T" in ordinate else unit


def ordinate_of(ordinate: Ordinate, value: Floats, temperature_k: Floats) -> Floats:
    """Return the ordinate of resistances (or area-specific ones) or of conductivities.

    The temperatures enter ordinates with T alone.
    """
    if not is_logarithm(ordinate):
        return np.array(value, float)
    sign = -1.0 if "/R" in ordinate else 1.0
    y: Floats = sign * np.log(value)
    return y + np.log(temperature_k) if "T" in ordinate else y


def value_of(ordinate: Ordinate, y: Floats, temperature_k: Floats) -> Floats:
    """Return the quantity that has a given ordinate; the inverse of `ordinate_of`."""
    if not is_logarithm(ordinate):
        return np.array(y, float)
    y = y - np.log(temperature_k) if "T" in ordinate else y
    result: Floats = np.exp(-y if "/R" in ordinate else y)
    return result


def per_log_value(ordinate: Ordinate, value: Floats) -> Floats:
    """Return how much an ordinate changes with the logarithm of the value, without its sign."""
    return np.ones(value.shape) if is_logarithm(ordinate) else np.abs(value)

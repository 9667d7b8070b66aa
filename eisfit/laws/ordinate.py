"""The ordinates of resistances and conductivities over the reciprocal temperature."""

from __future__ import annotations

from typing import Literal, TypeAlias

import numpy as np

from eisfit.tools.frozen import Floats

Ordinate: TypeAlias = Literal["ln(1/R)", "ln(T/R)", "ln(sigma)", "ln(sigma T)"]


ORDINATES: tuple[Ordinate, ...] = ("ln(1/R)", "ln(T/R)", "ln(sigma)", "ln(sigma T)")


def ordinate_of(ordinate: Ordinate, value: Floats, temperature_k: Floats) -> Floats:
    """Return the ordinate of resistances (or area-specific ones) or of conductivities."""
    sign = -1.0 if "R" in ordinate else 1.0
    y: Floats = sign * np.log(value)
    return y + np.log(temperature_k) if "T" in ordinate else y


def value_of(ordinate: Ordinate, y: Floats, temperature_k: Floats) -> Floats:
    """Return the quantity that has a given ordinate; the inverse of `ordinate_of`."""
    y = y - np.log(temperature_k) if "T" in ordinate else y
    result: Floats = np.exp(-y if "R" in ordinate else y)
    return result

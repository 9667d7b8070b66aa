"""Bounds of the logarithms of the parameters."""

from __future__ import annotations

import itertools

import numpy as np

from eisfit.cell.segments import Setting
from eisfit.cell.templates import Template
from eisfit.tools.frozen import Bools, Complexes, Floats

DECADES_OUTSIDE = 10  # how far time constants may lie outside the window


_LOG_REACH = 8 * np.log(10)  # how far resistances may lie beyond the largest and smallest |Z|


_RATIO_REACH = 4 * np.log(10)  # how far a ratio may lie beyond where it usually lies


_ALPHA_FLOOR = 1e-2  # stands for "greater than 0" in the logarithm of an exponent


def log_bounds(template: Template, z: Complexes, grid: Floats, used: Bools) -> tuple[Floats, Floats]:
    """Return physical bounds as logarithms: wide in resistance and time, narrowed by settings."""
    modulus = np.where(np.abs(z) > 0, np.abs(z), np.nan)
    modulus = np.where(used, modulus, np.nan)
    log_r = np.log(np.nanmin(modulus, axis=1)) - _LOG_REACH, np.log(np.nanmax(modulus, axis=1)) + _LOG_REACH
    outside = DECADES_OUTSIDE * np.log(10)
    omega = 2 * np.pi * np.where(used, grid, np.nan)
    log_t = -np.log(np.nanmax(omega, axis=1)) - outside, -np.log(np.nanmin(omega, axis=1)) + outside
    lower, upper = [], []
    for p in template.circuit.parameters:
        setting = template.settings.get(p.name, Setting())
        quantity = p.quantity
        if quantity.is_ratio:
            low = np.full(z.shape[0], np.log(quantity.usual[0]) - _RATIO_REACH)
            high = np.full(z.shape[0], np.log(quantity.usual[1]) + _RATIO_REACH)
        elif quantity.is_exponent:
            low = np.full(z.shape[0], np.log(_ALPHA_FLOOR))
            high = np.full(z.shape[0], np.log(quantity.upper))
        else:
            powers = (_ALPHA_FLOOR, 1.0) if isinstance(quantity.time, str) else (quantity.time,)
            corners = [quantity.resistance * r + b * t for r, b, t in itertools.product(log_r, powers, log_t)]
            low, high = np.min(corners, axis=0), np.max(corners, axis=0)
        if setting.low:
            low = np.full_like(low, np.log(setting.low))
        if setting.high is not None:
            high = np.full_like(high, np.log(setting.high))
        if setting.fixed is not None:
            low = high = np.full_like(low, np.log(setting.fixed))
        lower.append(low)
        upper.append(high)
    return np.stack(lower, axis=1), np.stack(upper, axis=1)

"""Hyperbolic functions over their argument, with the derivatives that diffusion and pores need."""

from __future__ import annotations

import numpy as np

from eisfit.tools.frozen import Complexes, Floats


def tanh_over(r: Floats, x: Complexes) -> tuple[Complexes, Complexes]:
    """Return ``r tanh(x) / x`` with its derivative by ln x; any x of positive real part, without overflow."""
    tanh = np.tanh(x)
    z = r * tanh / x
    return z, r * (1 - tanh**2) - z


def coth_over(r: Floats, x: Complexes) -> tuple[Complexes, Complexes]:
    """Return ``r coth(x) / x`` with its derivative by ln x; any x of positive real part, without overflow."""
    coth = 1 / np.tanh(x)
    z = r * coth / x
    return z, r * (1 - coth**2) - z

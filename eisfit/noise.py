"""The noise of a spectrum over frequency, from what the Kramers-Kronig relations cannot reproduce in it."""

from __future__ import annotations

import math

import numpy as np

from eisfit.validity import FEWEST_POINTS, kramers_kronig
from eisfit.values import Complexes, Floats

__all__ = ["FEWEST_POINTS", "noise_level"]

SMOOTH_POINTS = 12.0  # neighbours that a level is averaged over
_FLOOR = 1e-2  # of the median level: no point is trusted without limit
_ROUNDING = 1e-12  # relative to |Z|
_EULER = 0.5772156649015329  # minus the mean logarithm of an exponential variable of mean 1


def noise_level(frequency_hz: Floats, z_ohm: Complexes) -> Floats:
    """Return the standard deviation of Re Z and of Im Z at each point, in ohm, shape (n,).

    Parameters
    ----------
    frequency_hz, z_ohm : ndarray, shape (n,)
        At least `FEWEST_POINTS` points in any order, none with an impedance of 0.

    Notes
    -----
    The residuals of the linear Kramers-Kronig test, relative to |Z|, are squared and averaged over their
    neighbours as logarithms: a single point far off then says little. Real and imaginary part have one level.
    What the test reproduces of the noise is allowed for as a whole, so the level is relative: a fit scales it by
    its own chi-square.

    Source of the test: Boukamp, J. Electrochem. Soc. 142 (1995) 1885, doi 10.1149/1.2044210.
    """
    order = np.argsort(frequency_hz, kind="stable")
    test = kramers_kronig(frequency_hz, z_ohm)
    squares = np.abs(test.residual[order]) ** 2 / 2 * (2 * order.size / max(test.freedom, 1))
    logs = np.log(np.maximum(squares, _ROUNDING**2)) + _EULER
    place = np.arange(order.size)
    width = SMOOTH_POINTS / (2 * math.sqrt(math.pi))  # a normal kernel of this width averages over so many
    kernel = np.exp(-0.5 * ((place[:, None] - place) / width) ** 2)
    level = np.exp(0.5 * (kernel @ logs) / kernel.sum(axis=1))
    relative = np.empty(order.size)
    relative[order] = np.maximum(level, _FLOOR * np.median(level))
    return np.asarray(relative * np.abs(z_ohm))

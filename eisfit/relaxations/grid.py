"""Time constants at which a distribution is sought, with the impedance of each."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass

import numpy as np

from eisfit.tools.frozen import Complexes, Floats

BEYOND_DECADES = 1.0  # by which time constants go on outside the window, on either side
KNOTS_PER_DECADE = 8
POINTS_PER_KNOT = 3  # points of the integral; the rule of equal steps is exact to rounding there


@dataclass(frozen=True, eq=False)
class Grid:
    """Time constants of a frequency window, and what they give at its frequencies.

    Parameters
    ----------
    omega : ndarray, shape (n,)
        Angular frequencies in rad/s.
    log_tau : ndarray, shape (m,)
        Logarithms of time constants in s, at equal steps.
    step : float
        Between two knots of the spline, as a logarithm.
    spline : ndarray, shape (m, k)
        Cubic splines at the time constants, one a column.
    kernel : ndarray of complex, shape (n, m)
        Impedance in ohm of a distribution that is 1 ohm at one time constant, times the step of the integral.
    """

    omega: Floats
    log_tau: Floats
    step: float
    spline: Floats
    kernel: Complexes

    def integral(self, gamma_ohm: Floats) -> Floats:
        """Return the running integral of a distribution over ln tau, shape (..., m)."""
        h = self.log_tau[1] - self.log_tau[0]
        middles = 0.5 * h * (gamma_ohm[..., 1:] + gamma_ohm[..., :-1])
        return np.concatenate([np.zeros((*gamma_ohm.shape[:-1], 1)), np.cumsum(middles, axis=-1)], axis=-1)


def grid(frequency_hz: Floats) -> Grid:
    """Return the time constants for a window of frequencies; they reach a decade beyond it on either side."""
    return _grid(np.ascontiguousarray(frequency_hz, float).tobytes())


@functools.lru_cache(maxsize=8)
def _grid(frequencies: bytes) -> Grid:
    from scipy.interpolate import BSpline  # imported late: importing eisfit stays light

    omega = 2 * math.pi * np.frombuffer(frequencies)
    low = -math.log(omega.max()) - BEYOND_DECADES * math.log(10)
    high = -math.log(omega.min()) + BEYOND_DECADES * math.log(10)
    step = math.log(10) / KNOTS_PER_DECADE
    pieces = math.ceil((high - low) / step)
    knots = low + step * np.arange(-3, pieces + 4)
    log_tau = np.linspace(low, low + pieces * step, pieces * POINTS_PER_KNOT + 1)
    inside = np.clip(log_tau, knots[3], knots[-4] - 1e-9)
    spline = np.asarray(BSpline.design_matrix(inside, knots, 3).todense())
    share = np.full(log_tau.size, log_tau[1] - log_tau[0])
    share[[0, -1]] /= 2
    kernel = share / (1 + 1j * omega[:, None] * np.exp(log_tau))
    return Grid(omega, log_tau, step, spline, kernel)

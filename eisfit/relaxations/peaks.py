"""Peaks of a distribution: where they are, and what resistance lies between the valleys beside them."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

import numpy as np

from eisfit.relaxations.grid import Grid
from eisfit.tools.frozen import Floats, Ints

LEAST_PROMINENCE = 0.05  # of the highest peak
BEYOND_DECADES = 0.2  # how far outside the window a peak may lie
_DEPRESSED = (0.4, 0.95)  # exponents that the height of a peak is allowed to stand for


@dataclass(frozen=True, eq=False)
class Basins:
    """Peaks with the valleys beside them.

    Parameters
    ----------
    at : ndarray of int, shape (p,)
        Place of each peak on the grid.
    edges : ndarray of int, shape (p + 1,)
        Places of the valleys between and beside them.
    """

    at: Ints
    edges: Ints


def basins(
    grid: Grid, gamma_ohm: Floats, least: float = LEAST_PROMINENCE, beyond_decades: float = BEYOND_DECADES
) -> Basins:
    """Return the peaks that are prominent by a share `least` of the highest one.

    Parameters
    ----------
    grid : Grid
        Time constants.
    gamma_ohm : ndarray, shape (m,)
        Distribution in ohm.
    least : float
        Prominence relative to the highest peak.
    beyond_decades : float
        How far outside the window a peak may lie: what the data show of one beyond is a flank. A rise that goes on
        to the end of the grid is no peak.
    """
    from scipy.signal import find_peaks  # imported late: importing eisfit stays light

    places, found = find_peaks(gamma_ohm, prominence=0.0)
    reach = beyond_decades * math.log(10)
    log_tau = grid.log_tau[places]
    inside = (log_tau > -math.log(grid.omega.max()) - reach) & (log_tau < -math.log(grid.omega.min()) + reach)
    keep = np.zeros(0, np.int64)
    if inside.any():
        prominent = found["prominences"] >= least * gamma_ohm[places[inside]].max()
        keep = places[inside & prominent]
    valleys = [int(p + np.argmin(gamma_ohm[p : q + 1])) for p, q in itertools.pairwise(keep)]
    if not keep.size:
        return Basins(keep, np.zeros(1, np.int64))
    low, high = _ends(gamma_ohm, keep)
    return Basins(keep.astype(np.int64), np.array([low, *valleys, high], np.int64))


def _ends(gamma_ohm: Floats, places: Ints) -> tuple[int, int]:
    """Return where the first and the last basin end: at a valley behind which the distribution rises to its end."""
    first, last = int(places[0]), int(places[-1])
    return int(np.argmin(gamma_ohm[: first + 1])), last + int(np.argmin(gamma_ohm[last:]))


def refined(grid: Grid, gamma_ohm: Floats, place: int) -> float:
    """Return ln tau at the maximum of the parabola through three points of ln gamma around a peak."""
    before, peak, after = np.log(gamma_ohm[place - 1 : place + 2])
    step = grid.log_tau[1] - grid.log_tau[0]
    curved = before - 2 * peak + after
    return float(grid.log_tau[place] + (0.5 * (before - after) / curved * step if curved < 0 else 0.0))


def starts(grid: Grid, gamma_ohm: Floats, found: Basins) -> Floats:
    """Return ln R, ln tau and alpha of an arc for each peak, shape (p, 3), from its area and its height."""
    total = grid.integral(gamma_ohm)
    area = np.maximum(total[found.edges[1:]] - total[found.edges[:-1]], 1e-300)
    # of a depressed arc: gamma_max = R/(2 pi) cot((1 - alpha) pi/2)
    alpha = 1 - 2 / math.pi * np.arctan2(area, 2 * math.pi * gamma_ohm[found.at])
    return np.column_stack([np.log(area), grid.log_tau[found.at], np.clip(alpha, *_DEPRESSED)])


def tail(grid: Grid, gamma_ohm: Floats, found: Basins, at_long: bool) -> Floats | None:
    """Return an arc beyond the window, shape (3,), where the distribution rises to its end; None where it falls."""
    end, valley = (-1, found.edges[-1]) if at_long else (0, found.edges[0])
    steps = abs((gamma_ohm.size - 1 if at_long else 0) - int(valley))
    rise = math.log(gamma_ohm[end] / gamma_ohm[valley]) if found.at.size else math.inf
    if found.at.size == 0:
        steps, rise = gamma_ohm.size - 1, abs(math.log(gamma_ohm[-1] / gamma_ohm[0]))
        if (gamma_ohm[-1] > gamma_ohm[0]) is not at_long:
            return None
    if steps < 2 or rise < 1.0:
        return None
    h = grid.log_tau[1] - grid.log_tau[0]
    alpha = float(np.clip(rise / (steps * h), *_DEPRESSED))
    away = 3.0 if at_long else -3.0
    # gamma far below tau0: R/pi sin((1 - alpha) pi) (tau/tau0)^alpha
    height = gamma_ohm[end] * math.exp(alpha * abs(away)) * math.pi / math.sin((1 - alpha) * math.pi)
    return np.array([math.log(height), grid.log_tau[end] + away, alpha])

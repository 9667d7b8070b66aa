"""The distribution of a spectrum: a first look, arcs that stand for it, and what departs from them."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from eisfit.relaxations.arcs import arc_gamma, fit_arcs, log_gamma_slopes
from eisfit.relaxations.grid import Grid
from eisfit.relaxations.most_probable import OPEN, RELAXED, STRAIGHT, Ends, Solution, most_probable, with_data
from eisfit.relaxations.peaks import basins, starts, tail
from eisfit.relaxations.system import System, system
from eisfit.tools.frozen import Complexes, Floats

FIRST_PROMINENCE = 0.02  # of peaks that an arc is fitted for
HIGHEST_EXPONENT = 0.97  # of an arc whose distribution is expected: it must be wider than a step of the grid
FIRST_ROUGHNESS = 0.1  # of the departure from arcs, second derivative of ln gamma
SECOND_ROUNDS = 15
BEYOND_TAU = (math.log(10.0), math.log(1e3))  # how far outside the grid the arc of a tail may go
_LEAST_PRECISION = 0.1  # of ln R, ln tau and alpha of an arc that the data do not fix
_OPENS = 0.5  # exponent of the rise of -Im Z towards low frequencies from which on the end counts as open
_END_DECADES = 0.5


@dataclass(frozen=True, eq=False)
class Solved:
    """The distribution of one spectrum, and the system it solves."""

    grid: Grid
    system: System
    solution: Solution
    z_ohm: Complexes
    arcs: Floats | None = None

    @property
    def left_ohm(self) -> Complexes:
        """What the distribution leaves for the terms in series, in ohm, shape (n,)."""
        return self.z_ohm - self.grid.kernel @ self.solution.gamma_ohm

    @property
    def residual_percent(self) -> float:
        """Standard deviation of the residuals in percent of |Z|."""
        return 100 * math.sqrt(self.solution.variance)

    @property
    def worst_hz(self) -> float:
        """Frequency at which the residual is largest, relative to |Z|."""
        left = self.system.target - self.system.project(self.grid.kernel) @ self.solution.gamma_ohm
        return float(self.grid.omega[np.argmax(np.hypot(*left.reshape(2, -1)))] / (2 * math.pi))


def solve(grid: Grid, z_ohm: Complexes) -> Solved:
    """Return the distribution of a spectrum.

    Parameters
    ----------
    grid : Grid
        Time constants for its frequencies.
    z_ohm : ndarray of complex, shape (n,)
        Impedance in ohm at the frequencies of the grid.

    Notes
    -----
    The first look knows only that ln gamma is smooth. Depressed arcs, as many as it has peaks, are then fitted to the
    data; their distribution is the expected one, and what departs from it in the logarithm is smooth, to a degree that
    the data determine. Where the peaks are depressed arcs the departure vanishes and their shape is met; where they
    are not (a Gerischer element, a finite Warburg element, two arcs under one peak) the departure shows it.
    """
    first = _first(grid, z_ohm, open_end(grid, z_ohm))
    arcs = _arcs(grid, first)
    if arcs is None:
        return first
    expected = np.log(np.maximum(arc_gamma(grid.log_tau, arcs), 1e-300))
    found = most_probable(
        grid,
        first.system,
        STRAIGHT,
        start=np.zeros(grid.spline.shape[1]),
        offset=expected,
        roughness=FIRST_ROUGHNESS,
        variance=first.solution.variance,
        rounds=SECOND_ROUNDS,
    )
    return Solved(grid, first.system, _with_arcs(grid, first.system, found, arcs), z_ohm, arcs)


def _with_arcs(grid: Grid, data: System, found: Solution, arcs: Floats) -> Solution:
    """Return a solution whose uncertainty holds that of the arcs that were expected."""
    free = np.ones(arcs.shape, bool)
    free[:, 2] = arcs[:, 2] < HIGHEST_EXPONENT
    slopes = log_gamma_slopes(grid.log_tau, arcs)[:, free.ravel()]
    directions = np.hstack([found.directions, slopes])
    prior = np.zeros((directions.shape[1],) * 2)
    own = len(found.prior)
    prior[:own, :own] = found.prior
    prior[range(own, len(prior)), range(own, len(prior))] = _LEAST_PRECISION
    precision = with_data(data.project(grid.kernel) * found.gamma_ohm, directions, prior, found.variance)
    return replace(found, directions=directions, prior=prior, precision=precision)


def open_end(grid: Grid, z_ohm: Complexes) -> bool:
    """Tell whether the spectrum goes on to rise below its lowest frequency, as blocking and diffusion do."""
    order = np.argsort(grid.omega)
    log_f = np.log10(grid.omega[order])
    near = order[log_f <= log_f[0] + _END_DECADES]
    if near.size < 3:
        near = order[:3]
    height = -z_ohm[near].imag
    if (height <= 0).any():
        return False
    slope = np.polyfit(np.log(grid.omega[near]), np.log(height), 1)[0]
    return bool(-slope > _OPENS)


def _first(grid: Grid, z_ohm: Complexes, is_open: bool) -> Solved:
    """Return the smooth distribution, with those terms in series that do not come out negative."""
    terms: tuple[str, ...] = ("resistor", "inductor", *(("capacitor",) if is_open else ()))
    ends: Ends = OPEN if is_open else RELAXED
    found, start = None, None
    while found is None:
        data = system(grid, z_ohm, terms)
        solution = most_probable(grid, data, ends, start=start)
        values = data.series_values(z_ohm - grid.kernel @ solution.gamma_ohm)
        negative = [term for term in terms if values[term] < 0 and term != "resistor"]
        if not negative:
            found = Solved(grid, data, solution, z_ohm)
        terms, start = tuple(term for term in terms if term not in negative), solution.spline
    return found


def _arcs(grid: Grid, first: Solved) -> Floats | None:
    """Return the arcs that stand for the peaks and tails of a first look, shape (n, 3); None where there are none."""
    gamma = first.solution.gamma_ohm
    found = basins(grid, gamma, FIRST_PROMINENCE, math.inf)
    tails = [tail(grid, gamma, found, at_long) for at_long in (False, True)]
    begin = np.vstack([starts(grid, gamma, found), *[t[None] for t in tails if t is not None]])
    if not begin.size:
        return None
    reach = (grid.log_tau[0] - BEYOND_TAU[0], grid.log_tau[-1] + BEYOND_TAU[1])
    arcs, _ = fit_arcs(first.system, begin[None], reach, HIGHEST_EXPONENT)
    return np.asarray(arcs[0])

"""How many depressed arcs a spectrum has, with the odds of one less and one more."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from eisfit.relaxations.arcs import fit_arcs
from eisfit.relaxations.grid import Grid
from eisfit.relaxations.system import System, system
from eisfit.tools.frozen import Complexes, Floats

MOST_ARCS = 8
BEYOND_TAU = (math.log(10.0), math.log(1e3))  # how far outside the grid the arc of a tail may go
_TRIED_EXPONENTS = (0.7, 0.9)  # of an arc that is added
_TRIED_EVERY = 6  # points of the grid between two places where an arc is tried
_FURTHER = 3  # places where an arc that is added starts
_WORSE = 2  # numbers of arcs in a row that the data do not ask for, after which the search ends
_APART, _NARROWER = 1.2, 0.1  # of the halves of an arc that is split: in ln tau, and by exponent
_LEAST_VARIANCE = 1e-18  # relative to |Z|^2: below it spectra are met to rounding
_BETTER = 1e-4  # relative fall of the sum of squares that counts as an improvement


@dataclass(frozen=True, eq=False)
class Counted:
    """The best depressed arcs of each number that was tried.

    Parameters
    ----------
    arcs : tuple of ndarray, each of shape (k, 3)
        ln R, ln tau and alpha for k = 0, 1, 2 ...
    bic : ndarray, shape (k_max + 1,)
        Bayesian information criterion of each.
    misfit : ndarray, shape (k_max + 1,)
        Sum of squared residuals relative to |Z|.
    system : System
        With the terms in series.
    """

    arcs: tuple[Floats, ...]
    bic: Floats
    misfit: Floats
    system: System

    @property
    def best(self) -> int:
        """The number of arcs of the lowest criterion."""
        return int(np.argmin(self.bic))


def count_arcs(grid: Grid, z_ohm: Complexes, seen: Floats | None = None) -> Counted:
    """Return the best depressed arcs of each number, up to where the data ask for no more.

    Parameters
    ----------
    grid : Grid
        Time constants for its frequencies.
    z_ohm : ndarray of complex, shape (n,)
        Impedance in ohm.
    seen : ndarray, shape (p, 3), optional
        Arcs that a look at the distribution has found, to start with at their number.

    Notes
    -----
    An arc is added to the best arcs of the number before it where it lowers the sum of squares most, from several
    places, and all are fitted again. The noise is not known, so that the criterion is N ln(misfit / N) + k ln N, with
    N twice the number of points. Arcs that lie beyond the window stand for tails. A resistor is always in series; an
    inductor is where the criterion asks for it.

    Source: Schwarz, Ann. Stat. 6 (1978) 461, doi 10.1214/aos/1176344136.
    """
    with_lead = _path(grid, system(grid, z_ohm, ("resistor", "inductor")), seen)
    without = _again(with_lead, system(grid, z_ohm, ("resistor",)), _reach(grid))
    lead = min(with_lead.bic) < min(without.bic) and _inductance(grid, with_lead, z_ohm) > 0
    return with_lead if lead else without


def _reach(grid: Grid) -> tuple[float, float]:
    return grid.log_tau[0] - BEYOND_TAU[0], grid.log_tau[-1] + BEYOND_TAU[1]


def _again(counted: Counted, data: System, reach: tuple[float, float]) -> Counted:
    """Return the same arcs fitted with other terms in series."""
    arcs, misfits = [counted.arcs[0]], [float(data.target @ data.target)]
    for known in counted.arcs[1:]:
        found, costs = fit_arcs(data, known[None], reach)
        arcs.append(found[0])
        misfits.append(float(costs[0]))
    sizes = [len(data.terms) + 3 * k for k in range(len(arcs))]
    bics = [_bic(m, data.target.size, k) for m, k in zip(misfits, sizes, strict=True)]
    return Counted(tuple(arcs), np.array(bics), np.array(misfits), data)


def _inductance(grid: Grid, counted: Counted, z_ohm: Complexes) -> float:
    best = counted.best
    left = z_ohm - arcs_impedance(grid.omega, counted.arcs[best])
    return counted.system.series_values(left)["inductor"]


def arcs_impedance(omega: Floats, arcs: Floats) -> Complexes:
    """Return the impedance of depressed arcs in series in ohm, shape (n,)."""
    log_r, log_t, alpha = arcs.T[:, :, None]
    u = np.exp(np.clip(alpha * (np.log(omega) + log_t), -300, 300)) * np.exp(1j * alpha * math.pi / 2)
    return np.asarray((np.exp(log_r) / (1 + u)).sum(axis=0))


def _path(grid: Grid, data: System, seen: Floats | None) -> Counted:
    """Return the best arcs of each number: up by one more, down by one less, and up again from what has improved."""
    path = _Path(data, _reach(grid))
    known = 0 if seen is None else len(seen)
    while len(path.arcs) <= MOST_ARCS and 3 * len(path.arcs) + len(data.terms) + 2 <= data.target.size:
        number = len(path.arcs)
        starts = _with_one_more(grid, data, path.arcs[-1])
        path.take(number, starts if number != known else np.vstack([starts, np.asarray(seen)[None]]))
        if number - max(path.best, known) >= _WORSE:
            break
    improved = {
        number
        for number in range(len(path.arcs) - 2, 0, -1)
        if path.take(number, _with_one_less(path.arcs[number + 1]))
    }
    for number in range(2, len(path.arcs)):
        if number - 1 in improved and path.take(number, _with_one_more(grid, data, path.arcs[number - 1])):
            improved.add(number)
    return Counted(tuple(path.arcs), np.array(path.bics), np.array(path.misfits), data)


class _Path:
    """The best arcs of each number so far."""

    def __init__(self, data: System, reach: tuple[float, float]) -> None:
        self.data, self.reach = data, reach
        self.arcs = [np.zeros((0, 3))]
        self.misfits = [float(data.target @ data.target)]
        self.bics = [_bic(self.misfits[0], data.target.size, len(data.terms))]

    @property
    def best(self) -> int:
        return int(np.argmin(self.bics))

    def take(self, number: int, starts: Floats) -> bool:
        """Fit arcs from starts, and tell whether they are better by more than rounding than those before."""
        found, costs = fit_arcs(self.data, starts, self.reach)
        best = int(np.argmin(costs))
        if number == len(self.arcs):
            self.arcs.append(np.zeros((0, 3)))
            self.misfits.append(math.inf)
            self.bics.append(math.inf)
        if not costs[best] < (1 - _BETTER) * self.misfits[number]:
            return False
        self.arcs[number] = found[best][np.argsort(found[best][:, 1])]
        self.misfits[number] = float(costs[best])
        self.bics[number] = _bic(
            self.misfits[number], self.data.target.size, len(self.data.terms) + 3 * number
        )
        return True


def _split(arcs: Floats) -> Floats:
    """Return arcs with each of them as two narrower ones, shape (k, k + 1, 3)."""
    starts = []
    for k, (log_r, log_t, alpha) in enumerate(arcs):
        narrower = min(alpha + _NARROWER, 0.95)
        halves = np.array([(log_r - math.log(2), log_t + away, narrower) for away in (-_APART, _APART)])
        starts.append(np.vstack([arcs[:k], halves, arcs[k + 1 :]]))
    return np.array(starts)


def _with_one_less(arcs: Floats) -> Floats:
    """Return arcs without each of them, and with each two neighbours as one, shape (s, k - 1, 3)."""
    starts = [np.delete(arcs, k, axis=0) for k in range(len(arcs))]
    for k in range(len(arcs) - 1):
        share = np.exp(arcs[k : k + 2, 0])
        joined = np.average(arcs[k : k + 2], axis=0, weights=share)
        joined[0] = math.log(share.sum())
        starts.append(np.vstack([arcs[:k], joined, arcs[k + 2 :]]))
    return np.array(starts)


def criterion(misfit: float, data: System, arcs: int) -> float:
    """Return the Bayesian information criterion of a number of arcs with a sum of squares."""
    return _bic(misfit, data.target.size, len(data.terms) + 3 * arcs)


def _bic(misfit: float, size: int, parameters: int) -> float:
    return size * math.log(max(misfit / size, _LEAST_VARIANCE)) + parameters * math.log(size)


def _with_one_more(grid: Grid, data: System, arcs: Floats) -> Floats:
    """Return arcs with one more at the places where it would lower the sum of squares most, shape (s, k + 1, 3)."""
    residual = data.target
    if arcs.size:
        residual = residual - data.project(arcs_impedance(grid.omega, arcs))
    places = grid.log_tau[::_TRIED_EVERY]
    tried = np.array([(0.0, t, a) for a in _TRIED_EXPONENTS for t in places])
    log_u = np.log(grid.omega)[:, None] + tried[:, 1]
    u = np.exp(tried[:, 2] * log_u) * np.exp(1j * math.pi / 2 * tried[:, 2])
    columns = data.project(1 / (1 + u))
    # gain with the amplitudes of the present arcs free as well
    if arcs.size:
        present = np.column_stack([data.project(arcs_impedance(grid.omega, arc[None])) for arc in arcs])
        basis = np.linalg.qr(present)[0]
        residual = residual - basis @ (basis.T @ residual)
        columns = columns - basis @ (basis.T @ columns)
    norm = np.einsum("ij,ij->j", columns, columns)
    amplitude = columns.T @ residual / np.maximum(norm, 1e-300)
    gain = np.where(amplitude > 0, amplitude**2 * norm, 0.0)
    order = np.argsort(-gain)
    chosen: list[int] = []
    for k in order:
        if all(abs(tried[k, 1] - tried[c, 1]) > 1.0 for c in chosen):
            chosen.append(int(k))
        if len(chosen) == _FURTHER:
            break
    largest = np.exp(arcs[:, 0]).max() if arcs.size else float(np.abs(data.modulus).max())
    starts = list(_split(arcs))
    for k in chosen:
        added = np.array([math.log(max(abs(amplitude[k]), 1e-3 * largest)), tried[k, 1], tried[k, 2]])
        starts.append(np.vstack([arcs, added]))
    return np.array(starts)

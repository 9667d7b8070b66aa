"""The Meyer-Neldel rule between series, and whether it is more than the correlation of a line's own errors."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from eisfit.constants import BOLTZMANN_EV_PER_K
from eisfit.errors import SeriesError
from eisfit.laws.arrhenius import Arrhenius
from eisfit.laws.permutations import orders, two_sided
from eisfit.tools.frozen import Floats, Value, frozen_array
from eisfit.tools.statistics import student_95

FEWEST = 5  # series: of four, no order is rarer than 1 in 12 to either side
ENERGIES_DIFFER = 0.01  # level at which activation energies must differ at all
LEVEL = 0.05  # of the test for compensation


@dataclass(frozen=True, eq=False)
class MeyerNeldel(Value):
    r"""Whether prefactors rise with activation energies beyond what errors do by themselves.

    Parameters
    ----------
    energies_ev, energy_stderrs_ev : ndarray, shape (m,)
        Activation energies of the series.
    levels, level_stderrs : ndarray, shape (m,)
        Their ordinates at the common temperature `centre_k`.
    centre_k : float
        Harmonic mean of all temperatures.
    range_k : (float, float)
        Lowest and highest of them.
    apparent_correlation, apparent_isokinetic_k : float
        Of ln A against E, as usually plotted: the trap. Errors alone make a correlation near 1 and an isokinetic
        temperature near `centre_k`.
    p_energies : float
        Probability that the energies differ so much by their errors alone.
    p : float
        Probability that the levels at `centre_k` follow the energies so closely by chance.
    exact : bool
        Whether all orders were counted for it.
    slope_per_ev, slope_stderr_per_ev : float
        Of these levels over the energies, corrected for the errors of both.
    isokinetic_k : float
        Temperature at which all lines cross; nan unless `compensated`.
    isokinetic_ci95_k : (float, float)
        Its 95 % interval; infinite where it has no end.
    energy_ev : float
        Meyer-Neldel energy, k times the isokinetic temperature; nan unless `compensated`.
    """

    energies_ev: Floats = field(repr=False)
    energy_stderrs_ev: Floats = field(repr=False)
    levels: Floats = field(repr=False)
    level_stderrs: Floats = field(repr=False)
    centre_k: float
    range_k: tuple[float, float]
    apparent_correlation: float
    apparent_isokinetic_k: float
    p_energies: float
    p: float
    exact: bool
    slope_per_ev: float
    slope_stderr_per_ev: float
    isokinetic_k: float
    isokinetic_ci95_k: tuple[float, float]
    energy_ev: float

    @property
    def compensated(self) -> bool:
        """Whether the energies differ, the levels follow them, and the lines cross outside their points."""
        return math.isfinite(self.isokinetic_k)

    @property
    def crossing_k(self) -> float:
        """Temperature at which all lines would cross by the corrected slope, whether or not that is significant."""
        inverse = BOLTZMANN_EV_PER_K * self.slope_per_ev + 1 / self.centre_k
        return 1 / inverse if inverse else math.inf

    @property
    def reason(self) -> str:
        """Why there is no Meyer-Neldel energy; empty where there is one."""
        if self.compensated:
            return ""
        if not self.p_energies < ENERGIES_DIFFER:
            return (
                f"the activation energies differ no more than their errors (p = {self.p_energies:.2g}): "
                "intercepts follow slopes by the errors of the lines alone"
            )
        if self.p < LEVEL:
            return (
                f"the lines cross at {self.crossing_k:.0f} K, among the measured temperatures "
                f"({self.range_k[0]:.0f} to {self.range_k[1]:.0f} K): the values agree there, nothing is compensated"
            )
        return (
            f"values at {self.centre_k:.0f} K do not follow the activation energies (p = {self.p:.2g}): "
            "ln A follows them because it is extrapolated to 1/T = 0"
        )


def meyer_neldel(lines: Sequence[Arrhenius]) -> MeyerNeldel:
    r"""Test the Meyer-Neldel rule :math:`\ln A = \ln A_{00} + E / E_\mathrm{MN}` between Arrhenius lines.

    Parameters
    ----------
    lines : sequence of Arrhenius
        Five or more, in one ordinate and unit, with errors.

    Returns
    -------
    MeyerNeldel
        Without a Meyer-Neldel energy where nothing is found beyond the trap; `MeyerNeldel.reason` says why.

    Raises
    ------
    SeriesError
        If there are fewer than five lines, ordinates or units differ, or a line has no error.

    Notes
    -----
    ln A is the ordinate extrapolated to 1/T = 0, so that an error of E moves it by E / kT: fits of one and the same
    cell lie on a perfect straight line of ln A over E, with an isokinetic temperature at the harmonic mean of the
    measured ones. Levels at that temperature have no such error. Compensation is found where the energies differ
    (chi-square, 1 %) and the levels there follow them (5 %): the covariance of levels and energies, less that of
    their errors, is compared with that of all orders of the levels. True compensation whose isokinetic temperature
    is the mean of the measured ones cannot be told from none, and is not found; nor is one among the measured
    temperatures taken for compensation. The slope is corrected for the errors of the energies.

    Source: Krug, Hunter & Grieger, Nature 261 (1976) 566, doi 10.1038/261566a0; slope: W. A. Fuller, Measurement
    Error Models (1987), doi 10.1002/9780470316665.
    """
    _check(lines)
    t = np.concatenate([line.temperature_k[line.used] for line in lines])
    x = float(np.mean(1 / t))
    energy = np.array([line.activation_energy_ev for line in lines])
    level = np.array([line.level + line.slope_k * (x - line.centre_per_k) for line in lines])
    errors = np.array([_errors(line, x) for line in lines])
    energy_variance, level_variance, both = errors.T
    places, exact = orders([""] * len(lines))
    p = _p(energy, level, both, places)
    slope, slope_error = _slope(energy, level, energy_variance, both)
    apparent = level + energy * x / BOLTZMANN_EV_PER_K
    p_energies = _p_energies(energy, energy_variance)
    at, ends = _isokinetic(slope, slope_error, x, len(lines))
    inside = float(t.min()) <= at <= float(t.max())
    if not (p_energies < ENERGIES_DIFFER and p < LEVEL) or inside:
        at, ends = math.nan, (math.nan, math.nan)
    return MeyerNeldel(
        energies_ev=frozen_array(energy, float),
        energy_stderrs_ev=frozen_array(np.sqrt(energy_variance), float),
        levels=frozen_array(level, float),
        level_stderrs=frozen_array(np.sqrt(level_variance), float),
        centre_k=1 / x,
        range_k=(float(t.min()), float(t.max())),
        apparent_correlation=float(np.corrcoef(energy, apparent)[0, 1]),
        apparent_isokinetic_k=1 / (BOLTZMANN_EV_PER_K * float(np.polyfit(energy, apparent, 1)[0])),
        p_energies=p_energies,
        p=p,
        exact=exact,
        slope_per_ev=slope,
        slope_stderr_per_ev=slope_error,
        isokinetic_k=at,
        isokinetic_ci95_k=ends,
        energy_ev=BOLTZMANN_EV_PER_K * at,
    )


def _check(lines: Sequence[Arrhenius]) -> None:
    if len(lines) < FEWEST:
        raise SeriesError(
            f"{len(lines)} line(s): the Meyer-Neldel rule is tested between {FEWEST} or more; with fewer no order is "
            "rare enough"
        )
    first = lines[0]
    for k, line in enumerate(lines):
        name = f"line {k + 1}" + (f" ({line.contribution})" if line.contribution else "")
        if (line.ordinate, line.unit) != (first.ordinate, first.unit):
            raise SeriesError(
                f"{name} is {line.ordinate} with {line.unit}, the first {first.ordinate} with {first.unit}: levels of "
                "different quantities do not compare; take all lines in one ordinate, with or without geometry"
            )
        if not np.all(np.isfinite(line.covariance)) or not line.activation_energy_stderr_ev > 0:
            raise SeriesError(
                f"{name} has no error, so its part in the correlation is not known: it needs errors of its points or "
                "three temperatures"
            )


def _errors(line: Arrhenius, x: float) -> tuple[float, float, float]:
    """Return the variances of energy and level at 1/T = x, and their covariance."""
    (level, between), (_, slope) = line.covariance.tolist()
    off, k = x - line.centre_per_k, BOLTZMANN_EV_PER_K
    return k**2 * slope, level + 2 * off * between + off**2 * slope, -k * (between + off * slope)


def _p(
    energy: Floats, level: Floats, both: Floats, places: np.ndarray[tuple[int, int], np.dtype[np.int64]]
) -> float:
    """Return the part of orders whose covariance is as far from zero as the measured one less that of the errors."""
    moved = (level - level.mean())[places] @ (energy - energy.mean())
    moved[0] -= float(np.sum(both)) * (1 - 1 / energy.size)
    return two_sided(moved)


def _p_energies(energy: Floats, variance: Floats) -> float:
    from scipy.special import chdtrc

    weight = 1 / variance
    mean = float(np.sum(weight * energy) / np.sum(weight))
    return float(chdtrc(energy.size - 1, np.sum(weight * (energy - mean) ** 2)))


def _slope(energy: Floats, level: Floats, variance: Floats, both: Floats) -> tuple[float, float]:
    """Return the slope of levels over energies by moments less those of the errors, and its standard error."""
    n = energy.size
    dx, dy = energy - energy.mean(), level - level.mean()
    square, own = float(dx @ dx) / (n - 1), float(np.mean(variance))
    true, together = square - own, float(np.mean(both))
    if true <= 0:  # the energies differ by their errors alone
        return math.nan, math.nan
    slope = (float(dx @ dy) / (n - 1) - together) / true
    scatter = float(np.sum((dy - slope * dx) ** 2)) / (n - 2)
    variance_of_slope = (square * scatter + (together - slope * own) ** 2) / (true**2 * (n - 1))
    return slope, math.sqrt(variance_of_slope)


def _isokinetic(slope: float, error: float, x: float, count: int) -> tuple[float, tuple[float, float]]:
    """Return the isokinetic temperature in K and its 95 % interval, from the slope of levels over energies in 1/eV."""
    k, half = BOLTZMANN_EV_PER_K, student_95(count - 2) * error
    inverse = k * slope + x
    ends = [k * (slope + sign * half) + x for sign in (1, -1)]
    if inverse == 0:
        return math.inf, (-math.inf, math.inf)
    if ends[0] * ends[1] <= 0:  # parallel lines are among the possible ones: no end on one side
        return 1 / inverse, (1 / ends[0], math.inf) if inverse > 0 else (-math.inf, 1 / ends[1])
    return 1 / inverse, (1 / ends[0], 1 / ends[1])

"""Heating against cooling: whether both give one activation energy and one level."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from eisfit.constants import BOLTZMANN_EV_PER_K
from eisfit.errors import SeriesError
from eisfit.laws.arrhenius import Arrhenius, fit_arrhenius
from eisfit.laws.checks import CheckedPoints, Grouping, Hysteresis
from eisfit.laws.common_slope import EqualSlope, equal_energy
from eisfit.laws.hysteresis import hysteresis
from eisfit.laws.line import weighted_line
from eisfit.laws.ordinate import Ordinate
from eisfit.tools.frozen import Value
from eisfit.tools.real_arguments import real_arguments
from eisfit.tools.statistics import NORMAL_95, nested_probability, student_95

BRANCHES = ("heating", "cooling")


@dataclass(frozen=True, eq=False)
class HeatingCooling(Value):
    """Heating and cooling as two lines.

    Parameters
    ----------
    heating, cooling : Arrhenius
        Each by itself.
    energies : EqualSlope
        Test of one activation energy, in eV, and the energy of both together.
    ratio, ratio_stderr : float
        Value (resistance or conductivity) in cooling over that in heating, with one activation energy for both.
    ratio_ci95 : (float, float)
        Its 95 % interval.
    p_ratio : float
        Probability of a ratio so far from 1 by chance.
    at_equal : Hysteresis
        Test at equal temperatures, which assumes no law; untested where no temperature (within 2 K) is in both.
    """

    heating: Arrhenius
    cooling: Arrhenius
    energies: EqualSlope
    ratio: float
    ratio_stderr: float
    ratio_ci95: tuple[float, float]
    p_ratio: float
    at_equal: Hysteresis

    @property
    def differ(self) -> bool:
        """Whether heating and cooling differ in energy or level at 5 % in all (2.5 % each)."""
        return min(self.energies.p, self.p_ratio) < 0.025


@real_arguments(SeriesError)
def heating_against_cooling(
    temperature_k: npt.ArrayLike,
    value: npt.ArrayLike,
    stderr_log: npt.ArrayLike | None = None,
    *,
    heating: npt.ArrayLike,
    temperature_err_k: npt.ArrayLike | None = None,
    ordinate: Ordinate = "ln(1/R)",
) -> HeatingCooling:
    """Compare the values of heating with those of cooling.

    Parameters
    ----------
    temperature_k, value, stderr_log, temperature_err_k, ordinate
        As in `fit_arrhenius`.
    heating : array_like of bool, shape (n,)
        Whether a point was measured in heating; two temperatures or more on each branch.

    Returns
    -------
    HeatingCooling

    Raises
    ------
    SeriesError
        If a branch has fewer than two temperatures, or as in `fit_arrhenius`.

    Notes
    -----
    An interphase that grows between the branches raises the level in cooling. The ratio is tested by the fall of
    chi-square from one line to two parallel ones. Without `temperature_err_k` errors count by their ratios alone.
    """
    up = np.asarray(heating, bool)
    t = np.asarray(temperature_k, float)
    if up.shape != t.shape:
        raise SeriesError(f"heating has {up.size} values for {t.size} points: give True or False for each")
    for name, inside in zip(BRANCHES, (up, ~up), strict=True):
        if np.unique(t[inside]).size < 2:
            raise SeriesError(
                f"{name} has {np.unique(t[inside]).size} temperature(s): two or more are needed on each branch"
            )
    options = {"temperature_err_k": temperature_err_k, "ordinate": ordinate}
    whole, heat, cool = (
        fit_arrhenius(t, value, stderr_log, used=used, **options)  # type: ignore[arg-type]
        for used in (None, up, ~up)
    )
    known = temperature_err_k is not None and bool(np.all(np.isfinite(whole.ordinate_stderr)))
    energies = equal_energy([heat, cool], BRANCHES, complete=known)
    sigma = whole.ordinate_stderr if np.all(np.isfinite(whole.ordinate_stderr)) else np.ones(t.size)
    at_equal = _at_equal(whole, up, sigma, known)
    return HeatingCooling(heat, cool, energies, *_ratio(whole, up, energies, sigma, known), at_equal)


def _ratio(
    whole: Arrhenius,
    up: npt.NDArray[np.bool_],
    energies: EqualSlope,
    sigma: npt.NDArray[np.float64],
    known: bool,
) -> tuple[float, float, tuple[float, float], float]:
    """Return cooling over heating of the value with its error, interval, and probability."""
    x = -1 / (BOLTZMANN_EV_PER_K * whole.at)
    level, slope, _ = weighted_line(x - x.mean(), whole.ordinate_value, sigma)
    one = float(np.sum(((whole.ordinate_value - level - slope * (x - x.mean())) / sigma) ** 2))
    design = np.stack([up, ~up, x - energies.centre], axis=1).astype(float) / sigma[:, None]
    inverse = np.linalg.inv(design.T @ design)
    freedom = whole.at.size - 3
    scaled = not known or energies.scatter_ratio > 1
    factor = energies.chi2_common / freedom if scaled and freedom > 0 else 1.0 if known else math.nan
    error = math.sqrt(float(inverse[0, 0] + inverse[1, 1] - 2 * inverse[0, 1]) * factor)
    sign = -1.0 if "/R" in whole.ordinate else 1.0
    log = sign * float(energies.levels[1] - energies.levels[0])
    half = (student_95(freedom) if scaled and freedom > 0 else NORMAL_95) * error
    p = nested_probability(one, energies.chi2_common, 1, freedom, known)
    ratio = math.exp(log)
    return ratio, ratio * error, (math.exp(log - half), math.exp(log + half)), p


def _at_equal(
    whole: Arrhenius, up: npt.NDArray[np.bool_], sigma: npt.NDArray[np.float64], known: bool
) -> Hysteresis:
    x = 1 / whole.at - whole.centre
    residual = whole.ordinate_value - whole.level - whole.slope_k * x
    points = CheckedPoints(whole.at, x, whole.ordinate_value, sigma, residual, known, scatters=True)
    return hysteresis(points, Grouping("branches", BRANCHES, tuple(int(not branch) for branch in up)))

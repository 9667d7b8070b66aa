"""The concentration at which a resistance is least, with its interval; a fall and a rise that no power law has."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from eisfit.errors import SeriesError
from eisfit.laws.law_fit import LawFit
from eisfit.laws.line import scaled_error
from eisfit.laws.registry import OF_ORDINATE, Evaluated, LawParameter, law
from eisfit.tools.frozen import Floats, Value
from eisfit.tools.real_arguments import real_arguments
from eisfit.tools.statistics import normal_cdf

MINIMUM = "minimum over concentration"
TURNS = 0.005  # probability by chance, over all pairs, below which a rise or a fall is one
ASYMMETRIC = 0.01  # probability of a cubic term by chance below which the parabola is said to be skewed
_FEWEST = 3


@dataclass(frozen=True, eq=False)
class Turn(Value):
    """Whether values fall and rise again over a concentration.

    Parameters
    ----------
    p_fall, p_rise : float
        Probability by chance of the clearest fall, and of the clearest rise, over all pairs of points; nan where no
        error is known.
    fall_mol_l, rise_mol_l : (float, float)
        Between which concentrations these are.
    """

    p_fall: float
    p_rise: float
    fall_mol_l: tuple[float, float]
    rise_mol_l: tuple[float, float]

    @property
    def has_minimum(self) -> bool:
        """Whether both are certain, the fall before the rise."""
        return self.p_fall < TURNS and self.p_rise < TURNS and self.fall_mol_l[0] < self.rise_mol_l[1]


@dataclass(frozen=True, eq=False)
class ConcentrationMinimum(Value):
    """Where a resistance over concentration is least.

    Parameters
    ----------
    concentration_mol_l : float
        Of the minimum.
    ci95_mol_l : (float, float)
        Its 95 % interval after Fieller; from 0 or to infinity where the points do not end it.
    value, stderr : float
        At the minimum, in the unit of what was given.
    curvature, curvature_stderr : float
        Of ln(value) over ln(concentration): half the second derivative.
    measured_mol_l : (float, float)
        Range of the points.
    turn : Turn
        Whether the points themselves fall and rise.
    chi2_reduced : float
        Of the parabola; nan without errors.
    p_cubic : float
        Probability of so large a cubic term by chance; nan below five points.
    """

    concentration_mol_l: float
    ci95_mol_l: tuple[float, float]
    value: float
    stderr: float
    curvature: float
    curvature_stderr: float
    measured_mol_l: tuple[float, float]
    turn: Turn
    chi2_reduced: float
    p_cubic: float

    @property
    def notes(self) -> tuple[str, ...]:
        """What limits the answer, as sentences."""
        low, high = self.measured_mol_l
        found = []
        if not low <= self.concentration_mol_l <= high:
            found.append(
                f"the minimum lies outside the measured {low:g} to {high:g} mol/l: measure beyond it before using it"
            )
        elif not self.turn.has_minimum:
            found.append(
                "no pair of points shows both a fall and a rise beyond the errors: the values may as well be "
                "monotonic; measure further from the minimum on both sides"
            )
        if not math.isfinite(self.ci95_mol_l[1]) or self.ci95_mol_l[0] == 0:
            found.append("its interval is open: the curvature is not certain")
        if self.p_cubic < ASYMMETRIC:
            found.append(
                f"a parabola is too symmetric for the points (cubic term: p = {self.p_cubic:.1g}): use fewer points, "
                "around the minimum"
            )
        return tuple(found)


class MinimumFit(LawFit):
    """A parabola in ln c about a minimum; a `LawFit` with what `concentration_minimum` says of its points."""

    @property
    def minimum(self) -> ConcentrationMinimum:
        """The minimum with the interval of Fieller."""
        error = self.value_stderr_log[self.used]
        known = bool(np.all(error > 0))
        return concentration_minimum(self.at[self.used], self.value[self.used], error if known else None)

    def sentences(self, files: Mapping[str, str] | None = None) -> tuple[str, ...]:
        """Return the interval of the minimum, and what limits it."""
        found = self.minimum
        low, high = found.ci95_mol_l
        upper = f"to {high:.3g} mol/l" if math.isfinite(high) else "without an upper end"
        return (
            f"least at {found.concentration_mol_l:.3g} mol/l (95 %: from {low:.3g} {upper})",
            *found.notes,
        )


def _start_minimum(concentration: Floats, y: Floats) -> tuple[float, float, float]:
    x = np.log(concentration)
    curvature, slope, level = np.polyfit(x - x.mean(), y, 2)
    if not curvature > 0:
        raise SeriesError(
            "the values have no minimum over the concentration: ln(R) over ln(c) is not curved upwards; take "
            "'power of concentration', or measure a wider range"
        )
    at = -slope / (2 * curvature)
    return float(np.exp(at + x.mean())), float(np.exp(level - curvature * at**2)), float(curvature)


@law(
    MINIMUM,
    LawParameter("c_min", "mol/l"),
    LawParameter("R_min", OF_ORDINATE),
    LawParameter("curvature", "1"),
    ordinates=("ln(R)",),
    condition="concentration_mol_l",
    source="second order in ln(c) about a minimum",
    start=_start_minimum,
    result=MinimumFit,
)
def minimum_over_concentration(
    concentration: Floats, c_min: float, r_min: float, curvature: float
) -> Evaluated:
    r"""Least at a concentration, :math:`\ln R = \ln R_{min} + q\,\ln^2(c / c_{min})`."""
    x = np.log(concentration / c_min)
    slopes = (-2 * curvature * x, np.ones_like(x), curvature * x**2)
    return np.log(r_min) + curvature * x**2, slopes, 2 * curvature * x / concentration


@real_arguments(SeriesError)
def concentration_minimum(
    concentration_mol_l: npt.ArrayLike, value: npt.ArrayLike, stderr_log: npt.ArrayLike | None = None
) -> ConcentrationMinimum:
    r"""Return where a resistance over concentration is least: the vertex of a parabola in ln c.

    Parameters
    ----------
    concentration_mol_l : array_like, shape (n,)
        Positive; at least three different ones.
    value : array_like, shape (n,)
        Resistances or area-specific resistances, positive.
    stderr_log : array_like, shape (n,), optional
        Standard errors of ln(value); without them, or where the points scatter more, they follow from the scatter.

    Returns
    -------
    ConcentrationMinimum

    Raises
    ------
    SeriesError
        If there are too few points, one is not positive, or ln(value) is not curved upwards.

    Notes
    -----
    The interval is that of Fieller for the vertex :math:`-b/2a`: all :math:`x` at which the slope
    :math:`b + 2 a x` is not certainly different from zero. Where a itself is not certain it is open.

    Source: Fieller, J. R. Stat. Soc. B 16 (1954) 175.

    Examples
    --------
    >>> import numpy as np
    >>> c = np.array([0.05, 0.1, 0.3, 1.0, 2.0, 3.0])
    >>> found = concentration_minimum(c, 300 * np.exp(0.2 * np.log(c / 0.6) ** 2), np.full(6, 0.01))
    >>> round(found.concentration_mol_l, 3), round(found.value, 1), found.notes
    (0.6, 300.0, ())
    """
    c, v, error = _checked(concentration_mol_l, value, stderr_log)
    x, y = np.log(c), np.log(v)
    middle = float(x.mean())
    found, covariance, quantile, chi2 = _polynomial(x - middle, y, error, 2)
    level, slope, curvature = (float(each) for each in found)
    if not curvature > 0:
        _start_minimum(c, y)
    at = -slope / (2 * curvature)
    # d value / d (level, slope, curvature) at the vertex
    toward = np.array([1.0, at, at**2])
    low, high = _fieller(slope, curvature, covariance, quantile)
    bottom = math.exp(level - curvature * at**2)
    return ConcentrationMinimum(
        concentration_mol_l=math.exp(at + middle),
        ci95_mol_l=(math.exp(low + middle), math.exp(high + middle)),
        value=bottom,
        stderr=bottom * math.sqrt(max(float(toward @ covariance @ toward), 0.0)),
        curvature=curvature,
        curvature_stderr=math.sqrt(max(float(covariance[2, 2]), 0.0)),
        measured_mol_l=(float(c.min()), float(c.max())),
        turn=turn_of(c, v, stderr_log),
        chi2_reduced=math.nan if error is None else chi2,
        p_cubic=_p_cubic(x - middle, y, error),
    )


@real_arguments(SeriesError)
def turn_of(
    concentration_mol_l: npt.ArrayLike, value: npt.ArrayLike, stderr_log: npt.ArrayLike | None = None
) -> Turn:
    """Return whether values fall and rise over a concentration, judged by pairs of points.

    Parameters
    ----------
    concentration_mol_l, value, stderr_log
        As for `concentration_minimum`. Errors are enlarged where points scatter more about a parabola; without
        them they are that scatter, from four points on.

    Notes
    -----
    The largest differences over their errors, with Bonferroni's bound over all pairs.
    """
    c, v, error = _checked(concentration_mol_l, value, stderr_log, fewest=2)
    x, y = np.log(c), np.log(v)
    sigma = error
    if c.size > _FEWEST and np.unique(c).size >= _FEWEST:
        *_, chi2 = _polynomial(x - x.mean(), y, error, 2)
        sigma = np.full(c.size, math.sqrt(chi2)) if error is None else error * max(1.0, math.sqrt(chi2))
    if sigma is None:
        nothing = (math.nan, math.nan)
        return Turn(math.nan, math.nan, nothing, nothing)
    first, second = np.meshgrid(c, c, indexing="ij")
    rise = (y[None] - y[:, None]) / np.maximum(np.hypot(sigma[:, None], sigma[None]), 1e-300)
    rise = np.where(second > first, rise, 0.0)
    pairs = max(int(np.count_nonzero(second > first)), 1)
    sides = []
    for way in (-rise, rise):
        i, j = np.unravel_index(int(np.argmax(way)), way.shape)
        sides.append((min(1.0, pairs * normal_cdf(-float(way[i, j]))), (float(c[i]), float(c[j]))))
    (p_fall, fall), (p_rise, rises) = sides
    return Turn(p_fall, p_rise, fall, rises)


def why_no_power(concentration: Floats, value: Floats, stderr_log: Floats | None) -> str:
    """Return why a falling power of the concentration does not hold for points, or ''."""
    if stderr_log is not None and not np.all(stderr_log > 0):
        return ""  # one point without an error decides alone
    turn = turn_of(concentration, value, stderr_log)
    if not turn.p_rise < TURNS:
        return ""
    low, high = turn.rise_mol_l
    rises = f"the values rise from {low:g} to {high:g} mol/l (p = {turn.p_rise:.1g})"
    if not turn.has_minimum:
        return f"'power of concentration' falls, and {rises}: no charge transfer of a growing concentration does so"
    return (
        f"'power of concentration' falls, and {rises}: they have a minimum; take {MINIMUM!r}, or leave out the points "
        f"above {low:g} mol/l"
    )


def _checked(
    concentration: npt.ArrayLike,
    value: npt.ArrayLike,
    stderr_log: npt.ArrayLike | None,
    fewest: int = _FEWEST,
) -> tuple[Floats, Floats, Floats | None]:
    c, v = np.atleast_1d(np.asarray(concentration, float)), np.atleast_1d(np.asarray(value, float))
    error = None if stderr_log is None else np.atleast_1d(np.asarray(stderr_log, float))
    if c.shape != v.shape or (error is not None and error.shape != c.shape):
        raise SeriesError(
            f"{c.size} concentrations, {v.size} values and {c.size if error is None else error.size} errors: give one "
            "of each for every point"
        )
    for name, numbers in (("concentration_mol_l", c), ("value", v), ("stderr_log", error)):
        if numbers is not None and not np.all(np.isfinite(numbers) & (numbers > 0)):
            bad = numbers[~(np.isfinite(numbers) & (numbers > 0))][0]
            raise SeriesError(f"{name} is {bad:g}: it must be finite and above 0; leave that point out")
    if np.unique(c).size < fewest:
        raise SeriesError(
            f"{np.unique(c).size} usable value(s) of concentration_mol_l; a minimum needs at least {fewest}"
        )
    return c, v, error


def _polynomial(
    x: Floats, y: Floats, error: Floats | None, order: int
) -> tuple[Floats, Floats, float, float]:
    """Return coefficients from the constant on, their covariance, the quantile, and the reduced chi-square."""
    sigma = np.ones_like(y) if error is None else error
    design = np.vander(x, order + 1, increasing=True) / sigma[:, None]
    covariance: Floats = np.asarray(np.linalg.inv(design.T @ design), float)
    found = covariance @ design.T @ (y / sigma)
    freedom = y.size - order - 1
    chi2 = float(np.sum((design @ found - y / sigma) ** 2)) / freedom if freedom > 0 else math.nan
    quantile, _, covariance = scaled_error(error is not None, chi2, freedom, covariance)
    return found, covariance, quantile, chi2


def _fieller(slope: float, curvature: float, covariance: Floats, quantile: float) -> tuple[float, float]:
    """Return between which x the slope ``slope + 2 curvature x`` may be zero; infinite where the set is open."""
    q2 = quantile**2
    a = 4 * (curvature**2 - q2 * covariance[2, 2])
    b = 4 * (slope * curvature - q2 * covariance[1, 2])
    c = slope**2 - q2 * covariance[1, 1]
    if not a > 0:
        return -math.inf, math.inf
    root = math.sqrt(max(b**2 - 4 * a * c, 0.0))
    return (-b - root) / (2 * a), (-b + root) / (2 * a)


def _p_cubic(x: Floats, y: Floats, error: Floats | None) -> float:
    if np.unique(x).size < _FEWEST + 2:
        return math.nan
    found, covariance, *_ = _polynomial(x, y, error, 3)
    z = abs(found[3]) / math.sqrt(max(float(covariance[3, 3]), 1e-300))
    return 2 * normal_cdf(-float(z))

"""Whether straight lines have one slope: the analysis of covariance, with the fit of the common slope."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from eisfit.constants import BOLTZMANN_EV_PER_K
from eisfit.errors import SeriesError
from eisfit.laws.law_fit import LawFit
from eisfit.laws.line import Regression, by_rules, weighted_line, weighted_step
from eisfit.tools.frozen import Floats, Ints, Value, frozen_array
from eisfit.tools.real_arguments import real_arguments
from eisfit.tools.statistics import chi2_reduced_limit_95, nested_probability

SlopeTest: TypeAlias = Literal["chi-square", "F"]

_FEWEST = 2  # groups, and values of x in each


@dataclass(frozen=True, eq=False)
class EqualSlope(Value):
    """Straight lines of several groups with slopes of their own, and with one slope.

    Parameters
    ----------
    names : tuple of str, length G
        Groups, in the order in which they occur.
    slopes, slope_stderrs : ndarray, shape (G,)
        Of each group by itself.
    levels, level_stderrs : ndarray, shape (G,)
        Of each group at `centre`, with the common slope.
    slope, slope_stderr : float
        The common slope.
    slope_ci95 : (float, float)
        Its 95 % interval.
    centre : float
        Mean of x over all points.
    chi2_separate, chi2_common : float
        Sums of squared residuals over their errors; of squared residuals where no errors are given.
    freedom : int
        Degrees of freedom left by separate slopes.
    p : float
        Probability that slopes differ so much by chance; nan where nothing is left to test with.
    test : {"chi-square", "F"}
        ``F`` where errors are not known, or the points scatter about separate lines more than their errors allow.
    delta_aicc : float
        AICc of separate slopes less that of one slope; positive where one slope describes the points better.
    scatter_ratio : float
        Factor by which the error of the common slope was enlarged; 1 where it was not, nan without errors.
    """

    names: tuple[str, ...]
    slopes: Floats = field(repr=False)
    slope_stderrs: Floats = field(repr=False)
    levels: Floats = field(repr=False)
    level_stderrs: Floats = field(repr=False)
    slope: float
    slope_stderr: float
    slope_ci95: tuple[float, float]
    centre: float
    chi2_separate: float
    chi2_common: float
    freedom: int
    p: float
    test: SlopeTest
    delta_aicc: float
    scatter_ratio: float

    @property
    def differ(self) -> bool:
        """Whether the slopes differ at the level of 5 %."""
        return self.p < 0.05


@real_arguments(SeriesError)
def equal_slope(
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    group: Sequence[str],
    sigma: npt.ArrayLike | None = None,
    *,
    complete: bool = True,
) -> EqualSlope:
    r"""Test whether several straight lines have one slope, and fit it.

    Parameters
    ----------
    x, y : array_like, shape (n,)
        Points of all groups.
    group : sequence of str, length n
        Group of each point; two or more groups with two or more values of x each.
    sigma : array_like, shape (n,), optional
        Standard errors of y; without them all points weigh the same.
    complete : bool
        Whether `sigma` is the whole error; if not, only its ratios count, and the test is F.

    Returns
    -------
    EqualSlope

    Raises
    ------
    SeriesError
        If there are fewer than two groups, a group has fewer than two values of x, lengths differ, or a number is not
        finite or an error not positive.

    Notes
    -----
    The fall of chi-square from one slope to G slopes has a chi-square distribution with G - 1 degrees of freedom where
    the errors are known and the points scatter as they allow; else it is compared with what is left (F distribution,
    analysis of covariance), which assumes that the scatter has one factor in all groups. Of sets of lines with one
    slope 5 % are called different at the level of 5 %; up to 11 % where errors are stated a fifth to a third too small,
    which the scatter of few points does not show.

    Source: analysis of covariance: R. A. Fisher, Statistical Methods for Research Workers, 4th ed. (1932);
    AICc: Hurvich & Tsai, Biometrika 76 (1989) 297, doi 10.1093/biomet/76.2.297.

    Examples
    --------
    >>> found = equal_slope([0, 1, 2, 0, 1, 2], [0, 1, 2, 5, 6, 7.1], ["a"] * 3 + ["b"] * 3, [0.1] * 6)
    >>> round(found.slope, 3), round(found.slope_stderr, 3), round(found.p, 2), found.differ
    (1.025, 0.05, 0.62, False)
    """
    points = _points(x, y, group, sigma)
    names = tuple(dict.fromkeys(map(str, group)))
    member = np.array([names.index(str(g)) for g in group])
    return _made(points, names, member, known=sigma is not None and complete, weighted=sigma is not None)


def equal_energy(
    lines: Sequence[LawFit], names: Sequence[str], *, complete: bool = True, further_err_k: float = 0.0
) -> EqualSlope:
    """Test whether Arrhenius lines have one activation energy, and fit it.

    Parameters
    ----------
    lines : sequence of Arrhenius
        Two or more, all in one ordinate; points that a line does not use take no part.
    names : sequence of str
        One for each.
    complete : bool
        As in `equal_slope`: whether the errors of the points hold those of the temperatures.
    further_err_k : float
        An error of each temperature beyond what the lines know, in K.

    Returns
    -------
    EqualSlope
        Slopes are activation energies in eV; levels are ordinates at the mean of 1/T.

    Raises
    ------
    SeriesError
        If ordinates differ, or as in `equal_slope`.
    """
    if len(names) != len(lines):
        raise SeriesError(f"{len(names)} names were given for {len(lines)} lines: give one for each")
    for line, name in zip(lines, names, strict=True):
        if line.ordinate != lines[0].ordinate:
            raise SeriesError(
                f"{name!r} is in {line.ordinate}, {names[0]!r} in {lines[0].ordinate}: energies of different ordinates "
                "differ by kT; take all lines in one ordinate"
            )
    x = np.concatenate([-1 / (BOLTZMANN_EV_PER_K * line.at[line.used]) for line in lines])
    y = np.concatenate([line.ordinate_value[line.used] for line in lines])
    sigma = np.concatenate([_sigma(line, further_err_k) for line in lines])
    group = [str(name) for line, name in zip(lines, names, strict=True) for _ in range(line.points_used)]
    known = bool(np.all(np.isfinite(sigma)) and np.all(sigma > 0))
    return equal_slope(x, y, group, sigma if known else None, complete=complete)


def _sigma(line: LawFit, further_err_k: float) -> Floats:
    """Return the errors of the ordinates of a line with those of a further temperature error."""
    per_kelvin = line.coordinates[1] / line.at[line.used] ** 2
    sigma: Floats = np.hypot(line.ordinate_stderr[line.used], per_kelvin * further_err_k)
    return sigma


def _points(
    x: npt.ArrayLike, y: npt.ArrayLike, group: Sequence[str], sigma: npt.ArrayLike | None
) -> tuple[Floats, Floats, Floats]:
    """Return x, y and their errors, ones without; raise where they make no lines."""
    at, values = np.asarray(x, float), np.asarray(y, float)
    error = np.ones(at.size) if sigma is None else np.asarray(sigma, float)
    if not at.shape == values.shape == error.shape == (len(group),):
        raise SeriesError(
            f"x has {at.size} numbers, y {values.size}, sigma {error.size}, and there are {len(group)} groups: "
            "give one of each for every point"
        )
    if not (np.all(np.isfinite(at)) and np.all(np.isfinite(values)) and np.all(np.isfinite(error))):
        raise SeriesError("a value of x, y or sigma is not finite: leave that point out")
    if not np.all(error > 0):
        raise SeriesError(
            "a standard error is not positive: leave that point out, or give no errors for any point"
        )
    names = dict.fromkeys(map(str, group))
    if len(names) < _FEWEST:
        raise SeriesError(f"{len(names)} line is given: slopes are compared between two or more")
    for name in names:
        of_group = at[[str(g) == name for g in group]]
        if np.unique(of_group).size < _FEWEST:
            raise SeriesError(f"{name!r} has one value of x: a slope needs two or more; leave it out")
    return at, values, error


def _made(
    points: tuple[Floats, Floats, Floats],
    names: tuple[str, ...],
    member: Ints,
    *,
    known: bool,
    weighted: bool,
) -> EqualSlope:
    x, y, sigma = points
    centre, count = float(np.mean(x)), len(names)
    of_group = (member[:, None] == np.arange(count)).astype(float)
    common = np.hstack([of_group, (x - centre)[:, None]])
    solution, covariance = weighted_step(common, y, sigma)
    found = by_rules(y - common @ solution, sigma, known, (solution, solution), covariance)
    own = [_own(x - centre, y, sigma, member == k) for k in range(count)]
    chi2_common = float(np.sum(((y - common @ solution) / sigma) ** 2))
    chi2_separate, freedom = sum(each[2] for each in own), x.size - 2 * count
    by_errors = known and not _scatters(chi2_separate, freedom)
    low, high = _interval(found)
    return EqualSlope(
        names=names,
        slopes=frozen_array([each[0] for each in own], float),
        slope_stderrs=frozen_array([each[1] for each in own], float)
        * _enlarged(chi2_separate, freedom, known),
        levels=frozen_array(found.coordinates[:count], float),
        level_stderrs=frozen_array(np.sqrt(np.diag(found.covariance)[:count]), float),
        slope=float(found.coordinates[count]),
        slope_stderr=float(np.sqrt(found.covariance[count, count])),
        slope_ci95=(low, high),
        centre=centre,
        chi2_separate=chi2_separate,
        chi2_common=chi2_common,
        freedom=freedom,
        p=nested_probability(chi2_common, chi2_separate, count - 1, freedom, by_errors),
        test="chi-square" if by_errors else "F",
        delta_aicc=_aicc(chi2_separate, x.size, 2 * count, known)
        - _aicc(chi2_common, x.size, count + 1, known),
        scatter_ratio=found.scatter_ratio if weighted else math.nan,
    )


def _own(x: Floats, y: Floats, sigma: Floats, inside: npt.NDArray[np.bool_]) -> tuple[float, float, float]:
    """Return slope, its error and chi-square of the line of one group."""
    level, slope, covariance = weighted_line(x[inside], y[inside], sigma[inside])
    residual = (y[inside] - level - slope * x[inside]) / sigma[inside]
    return slope, float(np.sqrt(covariance[1, 1])), float(np.sum(residual**2))


def _scatters(chi2: float, freedom: int) -> bool:
    return freedom > 0 and chi2 / freedom > float(chi2_reduced_limit_95(freedom))


def _enlarged(chi2: float, freedom: int, known: bool) -> float:
    """Return the factor of the errors of separate slopes, from the scatter about all of them."""
    if freedom < 1:
        return 1.0 if known else math.nan
    return 1.0 if known and not _scatters(chi2, freedom) else math.sqrt(chi2 / freedom)


def _interval(found: Regression) -> tuple[float, float]:
    slope, error = float(found.coordinates[-1]), float(np.sqrt(found.covariance[-1, -1]))
    return slope - found.quantile * error, slope + found.quantile * error


def _aicc(chi2: float, size: int, parameters: int, known: bool) -> float:
    """Return AICc; infinite where the points are too few for it."""
    if not known:
        parameters += 1  # the scatter
        if chi2 <= 0:
            return math.nan
        chi2 = size * math.log(chi2 / size)
    left = size - parameters - 1
    return chi2 + 2 * parameters * (1 + (parameters + 1) / left) if left > 0 else math.inf

"""A trend of values over a covariate: rank correlation, weighted line, and probabilities from permutations."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from eisfit.errors import SeriesError
from eisfit.laws.line import by_rules, weighted_step
from eisfit.laws.permutations import orders, two_sided
from eisfit.tools.frozen import Floats
from eisfit.tools.real_arguments import real_arguments

FEWEST = 3  # values from which on there is a trend to ask for


@dataclass(frozen=True)
class Trend:
    """Values over a covariate.

    Parameters
    ----------
    points : int
        How many.
    rank_correlation, p_rank : float
        Spearman's coefficient, within groups where there are some, and the probability of one as large by chance.
    correlation, p_line : float
        Weighted correlation of the line and the probability of one as large by chance.
    slope, slope_stderr : float
        Of the weighted line; nan for the error where two points or the errors do not give one.
    slope_ci95 : (float, float)
        Its 95 % interval.
    level, centre : float
        The line is ``level + slope (x - centre)``; with groups `level` is the mean of theirs.
    scatter_ratio : float
        Factor by which the error of the slope was enlarged by the scatter; 1 where it was not, nan without errors.
    permutations : int
        Orders that were counted.
    exact : bool
        Whether these are all orders.
    least_p : float
        The smallest probability that so few values can have.
    """

    points: int
    rank_correlation: float
    p_rank: float
    correlation: float
    p_line: float
    slope: float
    slope_stderr: float
    slope_ci95: tuple[float, float]
    level: float
    centre: float
    scatter_ratio: float
    permutations: int
    exact: bool
    least_p: float

    @property
    def can_show(self) -> bool:
        """Whether so few values could show a trend at the level of 5 % at all."""
        return self.least_p < 0.05


@real_arguments(SeriesError)
def trend(
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    stderr: npt.ArrayLike | None = None,
    *,
    group: Sequence[str] | None = None,
) -> Trend:
    """Test whether values follow a covariate, and draw a weighted line.

    Parameters
    ----------
    x, y : array_like, shape (n,)
        Covariate and values; three or more.
    stderr : array_like, shape (n,), optional
        Standard errors of y; without them all weigh the same.
    group : sequence of str, length n, optional
        Values are compared within their group alone (one solid electrolyte, one salt): each group has a level of
        its own, and all one slope. Without it all are one group.

    Returns
    -------
    Trend

    Raises
    ------
    SeriesError
        If there are fewer than three values, lengths differ, a number is not finite or an error not positive, or the
        covariate is the same for all values of each group.

    Notes
    -----
    Probabilities are the part of all orders of the covariate (within groups) whose coefficient is at least as far
    from zero. No distribution is assumed, and of sets without a trend at most 5 % have a probability below 5 %. Up
    to 40320 orders (eight values) are counted one by one; beyond, 20000 random ones with the measured one. The
    errors of the line follow the rules of all lines: where values scatter more than their errors, the scatter counts.

    Source: C. Spearman, Am. J. Psychol. 15 (1904) 72, doi 10.2307/1412159; permutations: E. J. G. Pitman, J. R.
    Stat. Soc. Suppl. 4 (1937) 225, doi 10.2307/2983647.

    Examples
    --------
    >>> found = trend([15.1, 16.4, 17.2, 20.0, 29.8], [0.42, 0.45, 0.47, 0.51, 0.6], [0.01] * 5)
    >>> found.rank_correlation, round(found.p_rank, 4), found.exact, round(found.slope, 4)
    (1.0, 0.0167, True, 0.0115)
    """
    at, values, error = _points(x, y, stderr)
    names = [""] * at.size if group is None else [str(g) for g in group]
    if len(names) != at.size:
        raise SeriesError(f"{len(names)} groups were given for {at.size} values: give one for each")
    member = (np.array(names)[:, None] == np.array(list(dict.fromkeys(names)))).astype(float)
    if not any(np.unique(at[inside > 0]).size > 1 for inside in member.T):
        raise SeriesError("the covariate is the same for all values of each group: it shows no trend")
    places, exact = orders(names)
    moved = at[places]
    ranks, of_y = _ranked(at, member), _within(_ranked(values, member), member, np.ones(at.size))
    by_rank = _correlations(ranks[places], of_y, member, np.ones(at.size))
    by_line = _correlations(moved, values, member, error**-2.0)
    return Trend(
        points=at.size,
        rank_correlation=float(by_rank[0]),
        p_rank=two_sided(by_rank),
        correlation=float(by_line[0]),
        p_line=two_sided(by_line),
        **_line(at, values, error, member, known=stderr is not None),
        permutations=len(places),
        exact=exact,
        least_p=_least(ranks, places, member) if exact else 1 / len(places),
    )


def _points(
    x: npt.ArrayLike, y: npt.ArrayLike, stderr: npt.ArrayLike | None
) -> tuple[Floats, Floats, Floats]:
    at, values = np.asarray(x, float), np.asarray(y, float)
    error = np.ones(at.size) if stderr is None else np.asarray(stderr, float)
    if not at.shape == values.shape == error.shape:
        raise SeriesError(
            f"the covariate has {at.size} numbers, y {values.size}, stderr {error.size}: give one of each for all"
        )
    if at.size < FEWEST:
        raise SeriesError(f"{at.size} value(s): a trend needs {FEWEST} or more")
    if not all(np.all(np.isfinite(part)) for part in (at, values, error)):
        raise SeriesError("a covariate, value or error is not finite: leave that value out")
    if not np.all(error > 0):
        raise SeriesError("a standard error is not positive: leave that value out, or give no errors for any")
    return at, values, error


def _ranked(values: Floats, member: Floats) -> Floats:
    """Return the ranks of values within their groups; equal values share their mean rank."""
    together = member @ member.T > 0
    below = ((values[:, None] > values) & together).sum(axis=1)
    equal = ((values[:, None] == values) & together).sum(axis=1)
    found: Floats = below + (equal + 1) / 2
    return found


def _within(values: Floats, member: Floats, weight: Floats) -> Floats:
    """Return values, shape (..., n), less the weighted mean of their group."""
    total = weight @ member
    means: Floats = (values * weight) @ member / total
    found: Floats = values - means @ member.T
    return found


def _correlations(x: Floats, y: Floats, member: Floats, weight: Floats) -> Floats:
    """Return the weighted correlation within groups of each row of x, shape (m, n), with y; 0 where one is constant."""
    dx, dy = _within(x, member, weight), _within(y, member, weight)
    size = np.sqrt((dx**2 @ weight) * (dy**2 @ weight))
    found: Floats = np.divide(
        (dx * dy) @ weight, size, out=np.zeros_like(size), where=size > np.finfo(float).tiny
    )
    return found


def _least(ranks: Floats, places: npt.NDArray[np.int64], member: Floats) -> float:
    """Return the probability of values in the order of the covariate: no order is farther from zero."""
    n = np.ones(ranks.size)
    best = _correlations(ranks[places], ranks, member, n)
    return two_sided(best)


def _line(x: Floats, y: Floats, error: Floats, member: Floats, *, known: bool) -> dict[str, Any]:
    """Return the weighted line with a level for each group."""
    centre = float(np.mean(x))
    design = np.hstack([member, (x - centre)[:, None]])
    solution, covariance = weighted_step(design, y, error)
    found = by_rules(y - design @ solution, error, known, (solution, solution), covariance)
    slope, stderr = float(found.coordinates[-1]), math.sqrt(float(found.covariance[-1, -1]))
    half = found.quantile * stderr
    return {
        "slope": slope,
        "slope_stderr": stderr,
        "slope_ci95": (slope - half, slope + half),
        "level": float(np.mean(found.coordinates[:-1])),
        "centre": centre,
        "scatter_ratio": found.scatter_ratio if known else math.nan,
    }

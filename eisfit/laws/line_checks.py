"""All tests of one straight line over temperature."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from eisfit.laws.checks import (
    CheckedPoints,
    Curvature,
    Grouping,
    Hysteresis,
    LineChecks,
    OddPoint,
)
from eisfit.laws.curvature import curvature
from eisfit.laws.hysteresis import hysteresis
from eisfit.laws.line import Regression
from eisfit.laws.odd_point import odd_point
from eisfit.laws.ordinate import Ordinate, is_logarithm
from eisfit.laws.registry import TEMPERATURE, Law, Straight
from eisfit.tools.frozen import Bools, Floats

ASSUMED_ERRORS_K = (0.0, 0.1, 0.3, 1.0)  # of the temperatures, where none are stated

_Found = TypeVar("_Found", Curvature, Hysteresis, OddPoint)


@dataclass(frozen=True, eq=False)
class FittedLine:
    """A line with all its points, for its tests.

    Parameters
    ----------
    law, ordinate, centre, found
        The law, what was fitted, what was taken from its abscissa, and the regression.
    at, y : ndarray, shape (n,)
        Conditions and ordinates of all points.
    sigma : ndarray, shape (n,), or None
        Standard errors of the ordinates.
    complete : bool
        Whether these hold the errors of all temperatures.
    used : ndarray of bool, shape (n,)
        Points that were fitted.
    labels : tuple of str, length n
        Their spectra.
    grouping : Grouping or None
        Groups of all points.
    """

    law: Law
    ordinate: Ordinate
    centre: float
    found: Regression
    at: Floats
    y: Floats
    sigma: Floats | None
    complete: bool
    used: Bools
    labels: tuple[str, ...]
    grouping: Grouping | None

    def tested(self, straight: Straight) -> list[CheckedPoints]:
        """Return the used points; once for each temperature error that is assumed where it is not stated."""
        x, per_x = (part[self.used] for part in straight.abscissa(self.at))
        x, y = x - self.centre, self.y[self.used]
        level, slope = self.found.coordinates
        known = self.sigma is not None and self.complete
        sigma = np.ones_like(x) if self.sigma is None else self.sigma[self.used]
        assumed = (0.0,) if known or self.sigma is None else ASSUMED_ERRORS_K
        scatters = self.sigma is None or self.found.scatter_ratio > 1
        errors = [np.hypot(sigma, slope / per_x * kelvin) for kelvin in assumed]
        residual = y - level - slope * x
        return [
            CheckedPoints(self.at[self.used], x, y, error, residual, known, scatters)
            for error in errors
            if np.all(error > 0)
        ]


def checks_of(line: FittedLine) -> LineChecks:
    """Test a fitted line; nothing is tested of a law that is no straight line over temperature in a logarithm.

    Where temperature errors are not stated, the weights of the points are open: each test is made with several, and
    the largest of its probabilities counts, so that no weights accuse a sound line. Points that lie on a line but for
    one are not called bent.
    """
    straight = line.law.straight
    if straight is None or line.law.condition != TEMPERATURE or not is_logarithm(line.ordinate):
        return LineChecks()
    tested = line.tested(straight)
    chosen = [bool(u) for u in line.used]
    labels = tuple(label for label, used in zip(line.labels, chosen, strict=True) if used)
    groups = line.grouping
    if groups is not None:
        groups = replace(groups, of=tuple(g for g, used in zip(groups.of, chosen, strict=True) if used))
    centre, ordinate = line.centre, line.ordinate
    bend = _least_certain(tested, lambda points: curvature(points, straight, centre), Curvature())
    loop = _least_certain(tested, lambda points: hysteresis(points, groups), Hysteresis())
    odd = _least_certain(
        tested, lambda points: odd_point(points, labels, straight, centre, ordinate), OddPoint()
    )
    return LineChecks(Curvature(bend.p) if odd.label else bend, loop, odd)


def _least_certain(
    tested: Sequence[CheckedPoints], test: Callable[[CheckedPoints], _Found], untested: _Found
) -> _Found:
    """Return the result with the largest probability; where one cannot be had, none counts."""
    results = [test(points) for points in tested]
    if not results or any(math.isnan(found.p) for found in results):
        return untested
    return max(results, key=lambda found: found.p)

"""The profile likelihood of one parameter, with its intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from eisfit.errors import FitError
from eisfit.results.fit import Fit
from eisfit.results.given import one_fit
from eisfit.tools.frozen import Floats, Value, frozen_array
from eisfit.tools.keywords import known_keywords
from eisfit.tools.quotients import SMALLEST_DIVISOR

if TYPE_CHECKING:
    from eisfit.options import Weights
    from eisfit.reporting.estimate import Estimate

CURVE_POINTS = 41  # values at which the curve is drawn, besides the minimum
_BEYOND = 1.15  # length of the curve over that of the widest interval
_OPEN = 4.0  # length of the curve towards an open end, as a logarithm


@dataclass(frozen=True, eq=False)
class Profile(Value):
    """How chi-square rises with one parameter, all others minimised over.

    Parameters
    ----------
    name, unit : str
        Of the parameter.
    value : float
        At the minimum.
    levels : tuple of float
        Probabilities, such as 0.95.
    intervals : tuple of (float, float)
        Ends for each level; 0 or infinite where the data set no end, the bound where the range of the parameter
        ends first.
    values, rise : ndarray, shape (m,)
        The curve: values in their unit, and the rise of chi-square there in units of its scale.
    remarks : tuple of str
        Ends that are open, and ends that are bounds.
    """

    name: str
    unit: str
    value: float
    levels: tuple[float, ...]
    intervals: tuple[tuple[float, float], ...]
    values: Floats
    rise: Floats
    remarks: tuple[str, ...]


@known_keywords
def profile(
    fit: Fit, name: str, levels: Sequence[float] = (0.68, 0.95), *, weights: Weights | None = None
) -> Profile:
    """Return the profile likelihood of one parameter of a fit.

    Parameters
    ----------
    fit : Fit
        The fit.
    name : str
        One of its parameters.
    levels : sequence of float
        Probabilities of the intervals, between 0 and 1.
    weights : array_like, shape (n,), optional
        The standard deviations in ohm, where the fit does not hold those it was given: it comes from a file of
        version 0.1.0.

    Raises
    ------
    FitError
        If there is no such parameter, if it is fixed or was not detected, if a level is no probability, if the
        fit failed, or if its standard deviations are missing.

    Notes
    -----
    An interval ends where chi-square has risen by the squared normal quantile. Weights of a robust loss are not
    changed. Venzon & Moolgavkar, Appl. Stat. 37 (1988) 87, doi 10.2307/2347496.

    Examples
    --------
    >>> import numpy as np
    >>> import eisfit
    >>> f, rng = np.logspace(5, 0, 51), np.random.default_rng(1)
    >>> z = 10 + 100 / (1 + 2j * np.pi * f * 1e-3)
    >>> z = z + 0.005 * abs(z) * (rng.normal(size=51) + 1j * rng.normal(size=51))
    >>> found = eisfit.profile(eisfit.fit(eisfit.Spectrum(f, z), "R0-p(R1,C1)"), "R1")
    >>> [f"{low:.1f} to {high:.1f}" for low, high in found.intervals]
    ['99.9 to 100.1', '99.8 to 100.2']
    """
    fit = one_fit(fit, "profile")
    from eisfit.reporting.estimate import Estimate
    from eisfit.uncertainty.profiles import profile_ends

    column, quantiles = _checked(fit, name, levels)
    estimate = Estimate.from_fit(fit, weights)
    requests = [(0, column, side * q) for q in quantiles for side in (-1.0, 1.0)]
    sigma = np.full(len(requests), fit.parameters[column].stderr_log)
    problem, variance = estimate.problem, estimate.confidence.variance
    ends = profile_ends(problem, estimate.x, estimate.cost, variance, requests, sigma, estimate.held)
    low, high = float(problem.lower[0, column]), float(problem.upper[0, column])
    below, above = _range_that_counts(fit, column)
    pairs = [
        (-np.inf if a < low and not below else float(a), np.inf if b > high and not above else float(b))
        for a, b in ends.reshape(-1, 2)
    ]
    grid = _grid(pairs, float(estimate.x[0, column]), low, high)
    with np.errstate(over="ignore"):
        intervals = [(float(np.exp(_no_less(a, low))), float(np.exp(-_no_less(-b, -high)))) for a, b in pairs]
    parameter = fit.parameters[column]
    return Profile(
        name=name,
        unit=parameter.unit,
        value=parameter.value,
        levels=tuple(float(level) for level in levels),
        intervals=tuple(intervals),
        values=frozen_array(np.exp(grid), float),
        rise=frozen_array(_rise(estimate, column, grid), float),
        remarks=tuple(
            _remarks(levels, pairs, low, high, f" {parameter.unit}" if parameter.unit != "1" else "")
        ),
    )


def _checked(fit: Fit, name: str, levels: Sequence[float]) -> tuple[int, list[float]]:
    """Return the place of the parameter, and the normal quantile of each level."""
    from statistics import NormalDist  # imported when asked: ``import eisfit`` stays light

    names = [p.name for p in fit.parameters]
    if name not in names:
        raise FitError(f"{fit.label}: no parameter {name!r}; there are {', '.join(names) or 'none'}")
    column = names.index(name)
    if (state := fit.parameters[column].state) in ("fixed", "not detected"):
        raise FitError(f"{fit.label}: {name} has no profile: it is {state}")
    for level in levels:
        if not 0 < level < 1:
            raise FitError(f"level {level:g} is no probability: give numbers between 0 and 1, such as 0.95")
    if not levels:
        raise FitError("no level is given: give numbers between 0 and 1, such as 0.95")
    return column, [NormalDist().inv_cdf(0.5 * (1 + level)) for level in levels]


def _range_that_counts(fit: Fit, column: int) -> tuple[bool, bool]:
    """Tell for both ends of the range of a parameter whether they are physical or set by the user."""
    parameter = fit.template.circuit.parameters[column]
    setting = fit.template.settings.get(parameter.name)
    exponent = parameter.quantity.is_exponent
    low, high = (None, None) if setting is None else (setting.low, setting.high)
    return exponent or bool(low), exponent or high is not None


def _no_less(end: float, bound: float) -> float:
    """Return an end within its bound; an open one stays open."""
    return max(end, bound) if np.isfinite(end) else end


def _grid(pairs: Sequence[tuple[float, float]], centre: float, low: float, high: float) -> Floats:
    """Return the logarithms at which the curve is drawn: beyond the widest interval, within the range."""
    below, above = min(a for a, _ in pairs), max(b for _, b in pairs)
    first = centre + _BEYOND * (below - centre) if np.isfinite(below) else centre - _OPEN
    last = centre + _BEYOND * (above - centre) if np.isfinite(above) else centre + _OPEN
    return np.union1d(np.linspace(max(first, low), min(last, high), CURVE_POINTS), [centre])


def _rise(estimate: Estimate, column: int, grid: Floats) -> Floats:
    from eisfit.engine.solver import solve

    start = np.repeat(estimate.x, grid.size, axis=0)
    start[:, column] = grid
    held = np.repeat(estimate.held, grid.size, axis=0)
    held[:, column] = True
    if (ties := estimate.problem.ties) is not None:
        start[:, ties.master[column]] = grid - ties.shift[column]
        held[:, ties.group(column)] = True
    found = solve(estimate.problem, start, np.zeros(grid.size, int), held=held)
    scale = np.maximum(estimate.confidence.variance, SMALLEST_DIVISOR)
    return np.asarray(np.maximum(2 * (found.cost - estimate.cost) / scale, 0))


def _remarks(
    levels: Sequence[float], pairs: Sequence[tuple[float, float]], low: float, high: float, unit: str
) -> list[str]:
    said = []
    for level, (a, b) in zip(levels, pairs, strict=True):
        for open_, past, side, bound in (
            (not np.isfinite(a), a < low, "below", low),
            (not np.isfinite(b), b > high, "above", high),
        ):
            if open_:
                said.append(f"open {side} at {100 * level:g} %: the data set no end")
            elif past:
                said.append(f"ends {side} at its bound {np.exp(bound):.4g}{unit} at {100 * level:g} %")
    return said

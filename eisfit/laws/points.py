"""The points of a law, checked at the door: numbers, as many of each, in their unit, with errors that weigh."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from eisfit.errors import SeriesError
from eisfit.laws.registry import TEMPERATURE, Law
from eisfit.tools.frozen import Bools, Floats

COLDEST_WARMEST_K = 150.0  # a series that is nowhere warmer is one in °C
LARGEST = 1e60  # beyond it, and below its reciprocal, squares are no numbers any more
LEAST_ERROR = 1e-15  # of ln(value)
_FROM_ZERO = frozenset({TEMPERATURE, "time_h"})


@dataclass(frozen=True)
class LawPoints:
    """Checked points, arrays of shape (n,).

    Parameters
    ----------
    at, value : ndarray
        Condition (kelvin of a temperature) and value.
    stderr_log : ndarray or None
        Standard errors of ln(value); None where no used point has one.
    condition_err : ndarray
        Standard errors of the condition.
    used : ndarray of bool
        Which of them are fitted; the others may hold anything.
    """

    at: Floats
    value: Floats
    stderr_log: Floats | None
    condition_err: Floats
    used: Bools


def checked_points(
    kind: Law,
    what: str,
    condition: npt.ArrayLike,
    value: npt.ArrayLike,
    stderr_log: npt.ArrayLike | None,
    condition_err: npt.ArrayLike | None,
    used: npt.ArrayLike | None,
) -> LawPoints:
    """Return the points of a law.

    Parameters
    ----------
    kind : Law
        What is to be fitted.
    what : str
        What the points are of, for messages.
    condition, value, stderr_log, condition_err, used : array_like, shape (n,)
        As in `fit_law`.

    Raises
    ------
    SeriesError
        If something is no array of real numbers of one length, a used condition cannot be (temperatures in °C, a time
        before the start), a used value is not positive, or an error is negative, missing, or 0 beside others.
    """
    at, v = _numbers(what, kind.condition, condition), _numbers(what, "value", value)
    point = None if stderr_log is None else _numbers(what, "stderr_log", stderr_log)
    error = np.zeros(at.size) if condition_err is None else _numbers(what, "condition_err", condition_err)
    chosen = np.ones(at.size, bool) if used is None else np.asarray(used, bool)
    named = {"value": v, "stderr_log": point, "condition_err": error, "used": chosen}
    for name, numbers in named.items():
        if numbers is not None and numbers.shape != at.shape:
            raise SeriesError(
                f"{what}: {name} has {numbers.size} numbers and {kind.condition} {at.size}: give one for each point"
            )
    _check_values(kind, what, at, v, chosen)
    _check_conditions(kind, what, at[chosen])
    _check_number(kind, what, at[chosen])
    return LawPoints(at, v, _weighing(what, point, error, chosen), error, chosen)


def _numbers(what: str, name: str, given: npt.ArrayLike) -> Floats:
    """Return an array of real numbers with one axis."""
    try:
        found = np.asarray(given)
        if np.iscomplexobj(found):
            raise TypeError
        found = found.astype(float)
    except (TypeError, ValueError):
        raise SeriesError(
            f"{what}: {name} is no row of real numbers: give one number for each point"
        ) from None
    if found.ndim != 1:
        raise SeriesError(
            f"{what}: {name} has {found.ndim} axes: give one row of numbers, one for each point"
        )
    return found


def _check_number(kind: Law, what: str, at: Floats) -> None:
    there, needed = np.unique(at).size, len(kind.parameters)
    if there >= needed:
        return
    if kind.condition == TEMPERATURE and kind.straight is not None:
        raise SeriesError(f"{what}: {there} usable temperature(s); a line needs at least two with a value")
    raise SeriesError(
        f"{what}: {there} usable value(s) of {kind.condition}; {kind.name} needs at least {needed}"
    )


def _check_conditions(kind: Law, what: str, at: Floats) -> None:
    """Refuse conditions that no measurement has."""
    name = kind.condition
    if not np.isfinite(at).all():
        raise SeriesError(f"{what}: {name} is {_first(at, ~np.isfinite(at))}: leave that point out")
    if name == TEMPERATURE:
        if (at <= 0).any():
            raise SeriesError(
                f"{what}: a temperature is {at.min():g} K, at absolute zero or below: is it in °C? Add 273.15"
            )
        if at.size and at.max() < COLDEST_WARMEST_K:
            raise SeriesError(
                f"{what}: the temperatures are {at.min():g} to {at.max():g} K, colder than any cell works: are they in "
                "°C? Add 273.15"
            )
    elif ((at < 0) if name in _FROM_ZERO else (at <= 0)).any():
        least = "0 or more" if name in _FROM_ZERO else "positive"
        raise SeriesError(
            f"{what}: {name} is {at.min():g}: it must be {least}; leave that point out, or correct it"
        )
    large = (np.abs(at) > LARGEST) | ((at != 0) & (np.abs(at) < 1 / LARGEST))
    if large.any():
        raise SeriesError(
            f"{what}: {name} is {_first(at, large)}: that is no number of a measurement; correct it"
        )


def _check_values(kind: Law, what: str, at: Floats, value: Floats, chosen: Bools) -> None:
    """Refuse values that have no logarithm, with the place of the first."""
    bad = chosen & ~(np.isfinite(value) & (value > 0))
    if bad.any():
        k = int(np.flatnonzero(bad)[0])
        raise SeriesError(
            f"{what}: a value is not positive, so it has no logarithm: {value[k]:g} at {kind.condition} = {at[k]:g}; "
            "leave that point out"
        )
    far = chosen & ((value > LARGEST) | (value < 1 / LARGEST))
    if far.any():
        raise SeriesError(
            f"{what}: a value is {_first(value, far)}: that is no number of a measurement; correct it"
        )


def _weighing(what: str, point: Floats | None, condition_err: Floats, chosen: Bools) -> Floats | None:
    """Return the errors of ln(value); None where none weighs."""
    if (condition_err[chosen] < 0).any() or not np.isfinite(condition_err[chosen]).all():
        raise SeriesError(
            f"{what}: an error of the condition is negative or not finite: give 0 where it is not known"
        )
    if point is None:
        return None
    if not np.isfinite(point[chosen]).all():
        raise SeriesError(f"{what}: a point has no standard error; leave it out or fit without errors")
    if (point[chosen] < 0).any():
        raise SeriesError(
            f"{what}: a standard error is {point[chosen].min():g}: it must be positive; correct it"
        )
    whole = np.hypot(point, condition_err)[chosen]
    if not (whole > 0).any():
        return None
    without = (point[chosen] < LEAST_ERROR) & (condition_err[chosen] == 0)
    if without.any() or (point[chosen] > LARGEST).any():
        raise SeriesError(
            f"{what}: the standard error of a point is {_first(point[chosen], without | (point[chosen] > LARGEST))} "
            "beside others: it would weigh all or nothing; correct it, or fit without errors"
        )
    return point


def _first(values: Floats, where: Sequence[bool] | Bools) -> str:
    return f"{values[np.flatnonzero(where)[0]]:g}"

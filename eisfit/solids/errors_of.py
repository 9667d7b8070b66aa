"""Standard errors of what the functions of this room return, from those of what they are given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from eisfit.errors import InputError
from eisfit.tools.frozen import Floats
from eisfit.tools.nearest import did_you_mean

_STEP = 1e-4  # relative, of the differences
_VALUE = "value"


def standard_errors(
    function: Callable[..., Any], given: Mapping[str, Any], stderr: Mapping[str, npt.ArrayLike]
) -> dict[str, Floats]:
    r"""Return the standard errors of a result by the propagation of errors.

    Parameters
    ----------
    function : callable
        Of `eisfit.solids`.
    given : mapping of str to number
        What it is given, by the names of its arguments.
    stderr : mapping of str to array_like
        Standard errors of some of these, in the same unit, independent of each other.

    Returns
    -------
    dict of str to float or ndarray
        By the fields of the result that are real numbers; under ``"value"`` of a function that returns a number. nan
        where the result is.

    Raises
    ------
    InputError
        If an error is negative, or of something that is not given.

    Notes
    -----
    Derivatives are central differences over 2e-4 of the value; errors must be small beside the
    values. Source: Gauss, :math:`\sigma_y^2 = \sum_k (\partial y/\partial x_k)^2 \sigma_k^2`.

    Examples
    --------
    >>> from eisfit import solids
    >>> arc = {"resistance_ohm": 1e4, "q": 1e-9, "alpha": 1.0}
    >>> {name: f"{float(e):.1e}" for name, e in standard_errors(solids.hsu_mansfeld, arc, {"q": 2e-11}).items()}
    {'value': '2.0e-11'}
    """
    squares = {name: np.zeros(np.shape(value)) for name, value in _numbers(function(**given)).items()}
    for name, error in stderr.items():
        if name not in given or given[name] is None:
            raise InputError(
                f"stderr of {name!r}{did_you_mean(name, given)}: it is not given; give its value too"
            )
        size = np.asarray(error, float)
        if not np.all(size >= 0):
            raise InputError(
                f"stderr of {name!r} = {error!r} must be 0 or larger: give it in the unit of the value"
            )
        value = np.asarray(given[name], float)
        low, high = (_numbers(function(**{**given, name: v})) for v in _around(name, value))
        span = np.subtract(*reversed(_around(name, value)))
        for field in squares:
            squares[field] = squares[field] + ((high[field] - low[field]) / span * size) ** 2
    return {name: np.sqrt(square) for name, square in squares.items()}


def _around(name: str, value: Floats) -> tuple[Floats, Floats]:
    """Return two values close to one; an exponent of a constant-phase element does not exceed 1."""
    step = _STEP * np.where(value == 0, 1.0, np.abs(value))
    high = np.minimum(value + step, 1.0) if name == "alpha" else value + step
    return np.asarray(value - step), np.asarray(high)


def _numbers(result: Any) -> dict[str, Floats]:
    """Return the real numbers of a result by their names."""
    if not is_dataclass(result):
        return {_VALUE: np.asarray(result, float)}
    found = {field.name: getattr(result, field.name) for field in fields(result)}
    return {name: np.asarray(v, float) for name, v in found.items() if np.asarray(v).dtype.kind == "f"}

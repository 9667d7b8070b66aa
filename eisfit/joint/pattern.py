"""Where over a condition values lie above and below a law."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from eisfit.constants import ZERO_CELSIUS_K
from eisfit.engine.following import Following

_MOST = 3  # runs of equal sign that make a pattern; more are scatter
_LEAST = 4  # values from which on a pattern is looked for


def joint_condition(f: Following) -> tuple[str, float]:
    """Return the unit of the condition of a link in words, and what its values are above those people read."""
    if f.over_temperature:
        return "°C", ZERO_CELSIUS_K
    return ("", 0.0) if f.link.law is None else (f.link.law.condition, 0.0)


def pattern_of(at: Sequence[float], deviations: Sequence[float], condition: tuple[str, float]) -> str:
    """Return in words where deviations are positive and negative over a condition.

    Parameters
    ----------
    at : sequence of float
        The condition.
    deviations : sequence of float
        Values less the law.
    condition : (str, float)
        As `joint_condition` gives it.

    Examples
    --------
    >>> pattern_of([273.15, 293.15, 313.15, 333.15], [1, -1, -2, 1], ("°C", 273.15))
    'without it values lie above it at 0, below it from 20 to 40, above it at 60 °C'
    >>> pattern_of([1, 2, 3, 4, 5], [1, -1, 1, -1, 1], ("time_h", 0.0))
    'without it values scatter about it without a pattern over time_h'
    """
    unit, offset = condition
    if not unit or len(at) < _LEAST or len(set(at)) < _LEAST:
        return ""
    order = np.argsort(at, kind="stable")
    x, sign = np.array(at)[order] - offset, np.sign(np.array(deviations, float)[order])
    starts = np.flatnonzero(np.diff(sign, prepend=np.nan) != 0)
    if starts.size > _MOST:
        over = "temperature" if unit == "°C" else unit
        return f"without it values scatter about it without a pattern over {over}"
    ends = [*(starts[1:] - 1), x.size - 1]
    parts = [
        f"{'above' if sign[a] > 0 else 'below'} it "
        + (f"at {x[a]:.4g}" if a == b else f"from {x[a]:.4g} to {x[b]:.4g}")
        for a, b in zip(starts, ends, strict=True)
    ]
    return f"without it values lie {', '.join(parts)} {unit}"

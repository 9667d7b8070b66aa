"""Which measurement tells two circuits, or two templates, apart."""

from __future__ import annotations

import math

import numpy as np

from eisfit.cell.roles import role_of
from eisfit.cell.templates import Template
from eisfit.elements import Laplace
from eisfit.suggestion.mixed import Fitted, Target
from eisfit.tools.rounding import quantity

_LOWEST_HZ, _HIGHEST_HZ = 1e-5, 3e7  # that instruments reach
_FARTHEST = 3.0  # decades beyond the window
_SEEN = 4.0  # difference over noise, at one point
_NEEDED = 14.0  # deviance that decides, about the BIC of three parameters
_LEAST_NOISE_PERCENT = 0.05  # that instruments reach


def between_circuits(best: Fitted, other: Fitted, target: Target, noise: float) -> str:
    """Return the measurement that would tell two fitted circuits apart.

    Parameters
    ----------
    best, other : Fitted
        Of the same spectrum.
    target : Target
        The spectrum.
    noise : float
        Relative to the modulus.
    """
    f_min, f_max = (
        float(x) for x in (target.s.omega.min() / (2 * math.pi), target.s.omega.max() / (2 * math.pi))
    )
    steps = 10.0 ** np.arange(0.25, _FARTHEST + 0.01, 0.25)
    lower = _first_apart(best, other, f_min / steps, noise)
    higher = _first_apart(best, other, f_max * steps, noise)
    ways = []
    if lower is not None and lower >= _LOWEST_HZ:
        ways.append(f"lower frequencies, down to {quantity(lower, digits=1)} Hz")
    if higher is not None and higher <= _HIGHEST_HZ:
        ways.append(f"higher frequencies, up to {quantity(higher, digits=1)} Hz")
    if ways:
        return " or ".join(ways)
    apart = np.abs(best.impedance(target.s) - other.impedance(target.s)) / target.modulus
    total = float(np.sqrt((apart**2).sum()))
    percent = 100 * total / math.sqrt(_NEEDED)
    if 100 * noise > percent >= _LEAST_NOISE_PERCENT:
        return f"noise below {quantity(percent, digits=1)} %"
    if percent >= 100 * noise:
        return "the data: it fits worse"
    return "other temperatures, where the parts separate"


def _first_apart(best: Fitted, other: Fitted, frequency_hz: np.ndarray, noise: float) -> float | None:
    """Return the first of some frequencies at which two circuits differ by more than the noise; None if at none."""
    s = Laplace(np.asarray(frequency_hz, float))
    one, two = best.impedance(s), other.impedance(s)
    with np.errstate(invalid="ignore", over="ignore"):
        apart = np.abs(one - two) > _SEEN * noise * np.abs(one)
    return float(frequency_hz[int(np.argmax(apart))]) if apart.any() else None


def between_templates(best: Template, other: Template) -> str:
    """Return what would tell two templates apart."""
    ours, theirs = (_parts(t) for t in (best, other))
    if best.electrodes != other.electrodes:
        return "the number of electrodes, which you know"
    differ = ours ^ theirs
    if {("tail", True), ("tail", False)} & differ:
        return "lower frequencies: a blocking electrode rises without end"
    kinds = {name for kind, name in differ if kind == "role"}
    for names, sentence in _TOLD_BY:
        if kinds & names:
            return sentence
    return "what is in the cell, which you know (equal functions)"


_TOLD_BY: tuple[tuple[frozenset[str], str], ...] = (
    (
        frozenset(("pore",)),
        "higher frequencies, where a pore rises at 45 degrees, or a cell with a smooth surface",
    ),
    (
        frozenset(("interphase", "charge_transfer")),
        "time and concentration: an interphase grows, a charge transfer follows the concentration",
    ),
    (
        frozenset(("second_bulk", "second_grain_boundary")),
        "what is in the cell, or another thickness of one solid",
    ),
    (frozenset(("liquid", "polymer")), "what is in the cell, which you know"),
    (frozenset(("electrode",)), "four electrodes, or the twin cell without the solid"),
    (
        frozenset(("bulk", "grain_boundary", "interface")),
        "another thickness of the solid: its bulk and grain boundaries grow with it, interfaces stay",
    ),
)


def _parts(template: Template) -> set[tuple[str, object]]:
    found: set[tuple[str, object]] = {
        ("role", p.segment.role) for p in template.path if role_of(p.segment.role).kind
    }
    found.add(("tail", any(p.blocking for p in template.path)))
    return found

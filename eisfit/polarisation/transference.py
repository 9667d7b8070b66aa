"""Transference number of the cation from a polarised symmetric cell, after Bruce and Vincent."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from eisfit.errors import InputError
from eisfit.tools.real_arguments import real_arguments

_LARGEST_STEP_MV = 30.0


@dataclass(frozen=True)
class Transference:
    """A transference number with its standard error.

    Parameters
    ----------
    t_plus, stderr : float
        Of the cation.
    shares : dict of str to float
        Part of each input in the variance.
    remark : str
        What must be known beside it; empty if nothing.
    """

    t_plus: float
    stderr: float
    shares: dict[str, float]
    remark: str = ""

    @property
    def notes(self) -> tuple[str, ...]:
        """The remark as a tuple, empty if there is none."""
        return (self.remark,) if self.remark else ()


@real_arguments(InputError)
def transference_number(
    step_mv: float,
    initial_ua: float,
    steady_ua: float,
    initial_ohm: float,
    steady_ohm: float,
    *,
    step_stderr_mv: float = 0.0,
    initial_stderr_ua: float = 0.0,
    steady_stderr_ua: float = 0.0,
    initial_stderr_ohm: float = 0.0,
    steady_stderr_ohm: float = 0.0,
) -> Transference:
    r"""Return :math:`t_+ = I_s (\Delta V - I_0 R_0) / (I_0 (\Delta V - I_s R_s))`.

    Parameters
    ----------
    step_mv : float
        Step of potential.
    initial_ua, steady_ua : float
        Current at the beginning and at rest, in µA.
    initial_ohm, steady_ohm : float
        Resistance of both electrodes by impedance, before and at the end.
    step_stderr_mv, initial_stderr_ua, steady_stderr_ua, initial_stderr_ohm, steady_stderr_ohm : float
        Standard errors.

    Raises
    ------
    InputError
        If a value is not positive, the steady current exceeds the initial one, or the electrodes take more than the
        step (then an area or a unit is wrong).

    Notes
    -----
    Source: Bruce, Evans & Vincent, Solid State Ionics 28-30 (1988) 918, doi 10.1016/0167-2738(88)90304-9. Ideal and
    dilute solutions; steps above 30 mV are no longer small.

    Examples
    --------
    >>> found = transference_number(10.0, 20.0, 8.0, 100.0, 110.0, initial_stderr_ua=0.4, steady_stderr_ua=0.1)
    >>> f"{found.t_plus:.3f} ± {found.stderr:.3f}"
    '0.351 ± 0.010'
    """
    values = {
        "step_mv": step_mv, "initial_ua": initial_ua, "steady_ua": steady_ua,
        "initial_ohm": initial_ohm, "steady_ohm": steady_ohm,
    }  # fmt: skip
    errors = (step_stderr_mv, initial_stderr_ua, steady_stderr_ua, initial_stderr_ohm, steady_stderr_ohm)
    _check(values, errors)
    start, end = step_mv - initial_ua * initial_ohm * 1e-3, step_mv - steady_ua * steady_ohm * 1e-3
    t_plus = steady_ua * start / (initial_ua * end)
    of_log = (  # d ln t / d value
        1 / start - 1 / end,
        -1 / initial_ua - 1e-3 * initial_ohm / start,
        1 / steady_ua + 1e-3 * steady_ohm / end,
        -1e-3 * initial_ua / start,
        1e-3 * steady_ua / end,
    )
    parts = [(g * e) ** 2 for g, e in zip(of_log, errors, strict=True)]
    total = sum(parts)
    shares = {name: part / total if total else 0.0 for name, part in zip(values, parts, strict=True)}
    large = step_mv > _LARGEST_STEP_MV
    remark = f"a step of {step_mv:g} mV is not small: 10 mV is usual" if large else ""
    if t_plus > 1:
        remark = "; ".join(filter(None, [remark, "more than 1: the electrodes grew during the step"]))
    return Transference(t_plus, t_plus * math.sqrt(total), shares, remark)


def _check(values: Mapping[str, float], errors: tuple[float, ...]) -> None:
    step_mv, initial_ua, steady_ua, initial_ohm, steady_ohm = values.values()
    for name, value in values.items():
        if not (math.isfinite(value) and value > 0):
            raise InputError(
                f"{name} is {value:g}: it must be positive; give magnitudes for a step to the other side"
            )
    if not all(math.isfinite(e) and e >= 0 for e in errors):
        raise InputError("a standard error is negative or not finite")
    if steady_ua > initial_ua:
        raise InputError(
            f"the steady current, {steady_ua:g} µA, exceeds the initial one, {initial_ua:g} µA: are they exchanged?"
        )
    for name, current, ohm in (("initial", initial_ua, initial_ohm), ("steady", steady_ua, steady_ohm)):
        if (drop := current * ohm * 1e-3) >= step_mv:
            raise InputError(
                f"the {name} current times the resistance of the electrodes is {drop:.3g} mV, no less than the step of "
                f"{step_mv:g} mV: check the units (µA, ohm not ohm cm2); the resistance leaves the electrolyte out"
            )

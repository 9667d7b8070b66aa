"""A law fitted without each of its points in turn: whether one of them decides a parameter."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from eisfit.constants import BOLTZMANN_EV_PER_K
from eisfit.errors import SeriesError
from eisfit.laws.arrhenius import ENERGY, Arrhenius
from eisfit.laws.follow import fit_law
from eisfit.laws.law_fit import LawFit
from eisfit.laws.line import weighted_line
from eisfit.tools.frozen import Bools, Floats, Value, frozen_array

_LARGE = 1.0  # standard errors of the parameter by which a point that decides it moves it


@dataclass(frozen=True, eq=False)
class LeaveOneOut(Value):
    """A parameter of a law, with all points and without each.

    Parameters
    ----------
    parameter, unit : str
        Its name and unit.
    value, stderr : float
        With all points.
    labels : tuple of str, length n
        Points that were fitted.
    without : ndarray, shape (n,)
        The parameter without each point; nan where the others do not give it.
    jackknife_stderr : float
        Standard error from these values alone, which needs no error of a point.
    """

    parameter: str
    unit: str
    value: float
    stderr: float
    labels: tuple[str, ...]
    without: Floats = field(repr=False)
    jackknife_stderr: float

    @property
    def largest_shift(self) -> float:
        """By how much the point that matters most moves the parameter when it is left out."""
        shift = self.without - self.value
        return float(shift[self._most]) if np.any(np.isfinite(shift)) else math.nan

    @property
    def decisive(self) -> str:
        """The point that matters most, if leaving it out moves the parameter by more than its error; else empty."""
        shift = self.largest_shift
        return self.labels[self._most] if abs(shift) > _LARGE * self.stderr else ""

    @property
    def _most(self) -> int:
        return int(np.argmax(np.nan_to_num(np.abs(self.without - self.value), nan=-1.0)))


def leave_one_out(
    law: str,
    condition: npt.ArrayLike,
    value: npt.ArrayLike,
    stderr_log: npt.ArrayLike | None = None,
    *,
    parameter: str = "",
    **options: Any,
) -> LeaveOneOut:
    r"""Fit a law without each point in turn.

    Parameters
    ----------
    law, condition, value, stderr_log
        As in `fit_law`: name of the law, such as ``"arrhenius"``, and the points.
    parameter : str
        Which parameter to follow; the last one of the law if empty, of ``arrhenius`` the activation energy.
    **options
        As `fit_law` takes them: `condition_err`, `ordinate`, `used`, `of`.

    Returns
    -------
    LeaveOneOut

    Raises
    ------
    SeriesError
        If there are too few points for the law with one of them left out, or there is no such parameter.

    Notes
    -----
    The jackknife error is :math:`\sqrt{\frac{n-1}{n} \sum_i (p_{(i)} - \bar p)^2}` of the values :math:`p_{(i)}`
    without each point (Miller, Biometrika 61 (1974) 1, doi 10.1093/biomet/61.1.1). With few points
    it is rather too large: by half for a line through five temperatures, by a tenth through twenty.

    Examples
    --------
    >>> kelvin = np.array([273.15, 283.15, 293.15, 303.15, 313.15])
    >>> found = leave_one_out("arrhenius", kelvin, 500 * np.exp(6000 * (1 / kelvin - 1 / 298.15)) * [1, 1, 1, 1, 1.3])
    >>> found.labels[np.argmax(np.abs(found.without - found.value))], [round(float(e), 3) for e in found.without]
    ('4', [0.458, 0.48, 0.479, 0.468, 0.517])
    """
    whole = fit_law(law, condition, value, stderr_log, **options)
    name = parameter or whole.parameters[-1].name
    chosen = [p.name for p in whole.parameters]
    if name not in chosen:
        raise SeriesError(f"{law} has no parameter {name!r}; it has {', '.join(chosen)}")
    points = np.flatnonzero(whole.used)
    needed = len(chosen) + 1
    if np.unique(whole.at[whole.used]).size < needed:
        raise SeriesError(
            f"{whole.contribution or 'the points'}: {points.size} point(s); {law} needs {needed} different values of "
            f"{whole.condition} or more to be fitted without each"
        )
    without = np.array(
        [_without(whole, int(k), name, (law, condition, value, stderr_log), options) for k in points]
    )
    value_of_all = whole[name]
    labels = tuple(whole.labels[k] for k in points)
    return _made(name, (value_of_all.value, value_of_all.stderr, value_of_all.unit), labels, without)


def leave_one_out_of(line: Arrhenius) -> LeaveOneOut | None:
    """Return the activation energy of a line without each of its points, which keep their weights.

    Parameters
    ----------
    line : Arrhenius
        Points that it does not use take no part.

    Returns
    -------
    LeaveOneOut or None
        None with fewer than three different temperatures.
    """
    at, y, sigma = (part[line.used] for part in (line.at, line.ordinate_value, line.ordinate_stderr))
    if np.unique(at).size <= len(line.parameters):
        return None
    error = sigma if np.all(np.isfinite(sigma)) else np.ones(at.size)
    x = 1 / at - float(np.mean(1 / at))
    without = np.full(at.size, np.nan)
    for k in range(at.size):
        rest = np.arange(at.size) != k
        if np.unique(at[rest]).size > 1:
            without[k] = -BOLTZMANN_EV_PER_K * weighted_line(x[rest], y[rest], error[rest])[1]
    labels = tuple(label for label, used in zip(line.labels, line.used, strict=True) if used)
    all_of_it = (line.activation_energy_ev, line.activation_energy_stderr_ev, "eV")
    return _made(ENERGY, all_of_it, labels, without)


def _made(
    name: str, of_all: tuple[float, float, str], labels: tuple[str, ...], without: Floats
) -> LeaveOneOut:
    value, stderr, unit = of_all
    known = without[np.isfinite(without)]
    n = known.size
    spread = math.sqrt((n - 1) / n * float(np.sum((known - known.mean()) ** 2))) if n > 1 else math.nan
    return LeaveOneOut(name, unit, value, stderr, labels, frozen_array(without, float), spread)


def _without(whole: LawFit, k: int, name: str, points: tuple[Any, ...], options: dict[str, Any]) -> float:
    """Return the parameter without one point; nan where the others lie at too few values of the condition."""
    rest: Bools = whole.used.copy()
    rest[k] = False
    if np.unique(whole.at[rest]).size < len(whole.parameters):
        return math.nan
    law, condition, value, stderr_log = points
    return fit_law(law, condition, value, stderr_log, **{**options, "used": rest})[name].value

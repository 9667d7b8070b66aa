"""Activation energies from one ordinate to another, exactly: ordinates with and without T differ by ln T."""

from __future__ import annotations

from typing import cast

import numpy as np
import numpy.typing as npt

from eisfit.constants import BOLTZMANN_EV_PER_K
from eisfit.errors import SeriesError
from eisfit.laws.arrhenius import Arrhenius, fit_arrhenius
from eisfit.laws.law_fit import Followed
from eisfit.laws.line import weighted_line
from eisfit.laws.ordinate import ORDINATES, Ordinate
from eisfit.laws.registry import law_named
from eisfit.tools.frozen import Floats
from eisfit.tools.nearest import did_you_mean
from eisfit.tools.real_arguments import real_arguments


@real_arguments(SeriesError)
def effective_temperature_k(temperature_k: npt.ArrayLike, stderr: npt.ArrayLike | None = None) -> float:
    r"""Return :math:`T_\mathrm{eff}`, by which activation energies of ordinates with and without T differ: k T_eff.

    Parameters
    ----------
    temperature_k : array_like, shape (n,)
        Temperatures of the points of the line, in kelvin; two or more different ones.
    stderr : array_like, shape (n,), optional
        Standard errors of the ordinates, of which the ratios count; without them all points weigh the same.

    Returns
    -------
    float
        Slope of ln T over -1/T, with the weights of the line: exact for lines of the same points and weights, since
        least squares are linear in the ordinate.

    Raises
    ------
    SeriesError
        If a temperature is not positive, or there are fewer than two.

    Examples
    --------
    >>> round(effective_temperature_k([273.15, 288.15, 298.15, 313.15, 333.15]), 2)
    301.25
    """
    t = np.asarray(temperature_k, float)
    if t.ndim != 1 or not np.all(np.isfinite(t)) or not np.all(t > 0):
        raise SeriesError(
            "temperature_k holds a value that is no temperature in kelvin: give positive numbers"
        )
    if np.unique(t).size < 2:
        raise SeriesError("temperature_k holds one temperature: a line has two or more")
    error = np.ones(t.size) if stderr is None else np.asarray(stderr, float)
    if error.shape != t.shape or not np.all(np.isfinite(error)) or not np.all(error > 0):
        raise SeriesError(
            "stderr must hold a positive number for each temperature; leave it out for equal weights"
        )
    x = 1 / t
    return -weighted_line(x - x.mean(), np.log(t), error)[1]


@real_arguments(SeriesError)
def converted_energy_ev(
    energy_ev: float,
    temperature_k: npt.ArrayLike,
    stderr: npt.ArrayLike | None = None,
    *,
    ordinate: Ordinate,
    to: Ordinate,
) -> float:
    """Return an activation energy in another ordinate, such as that of a publication.

    Parameters
    ----------
    energy_ev : float
        In eV.
    temperature_k, stderr
        Points of the line, as in `effective_temperature_k`.
    ordinate, to : {"ln(1/R)", "ln(T/R)", "ln(sigma)", "ln(sigma T)"}
        That of `energy_ev`, and that of the answer. Resistance and conductivity of one cell differ by a constant
        factor, so ``ln(1/R)`` and ``ln(sigma)`` have one energy, and ``ln(T/R)`` and ``ln(sigma T)``.

    Raises
    ------
    SeriesError
        If there is no such ordinate, or as in `effective_temperature_k`.

    Examples
    --------
    >>> round(converted_energy_ev(0.474, [273.15, 298.15, 333.15], ordinate="ln(1/R)", to="ln(T/R)"), 4)
    0.5
    """
    with_t = [_has_t(each) for each in (ordinate, to)]
    shift = BOLTZMANN_EV_PER_K * effective_temperature_k(temperature_k, stderr)
    return energy_ev + (with_t[1] - with_t[0]) * shift


def in_ordinate(line: Arrhenius, to: Ordinate) -> Arrhenius:
    """Return an Arrhenius line in another ordinate of its quantity, fitted to the same points with all their errors.

    Parameters
    ----------
    line : Arrhenius
        Its temperature errors are taken from the errors of its ordinates.
    to : {"ln(1/R)", "ln(T/R)", "ln(sigma)", "ln(sigma T)"}
        ``ln(1/R)`` and ``ln(T/R)`` are of resistances and area-specific ones, the others of conductivities.

    Raises
    ------
    SeriesError
        If the ordinate is of another quantity: geometry is needed, and `Series.arrhenius` knows it.
    """
    _has_t(to)
    if ("sigma" in to) != ("sigma" in line.ordinate):
        take = " or ".join(o for o in ORDINATES if ("sigma" in o) == ("sigma" in line.ordinate))
        raise SeriesError(
            f"{line.contribution or 'the line'}: {to} is no ordinate of a {line.quantity} in {line.unit}; "
            f"take {take}, or give area and thickness"
        )
    known = bool(np.all(np.isfinite(line.value_stderr_log[line.used])))
    found = fit_arrhenius(
        line.at,
        line.value,
        line.value_stderr_log if known else None,
        temperature_err_k=_temperature_errors(line) if known else None,
        ordinate=to,
        used=line.used,
        of=_of(line),
    )
    return found


def _temperature_errors(line: Arrhenius) -> Floats:
    """Return the errors of the temperatures that are in the errors of the ordinates, in K."""
    straight = law_named(line.law).straight
    assert straight is not None
    per_kelvin = line.slope_k / straight.abscissa(line.at)[1] - (1 / line.at if "T" in line.ordinate else 0.0)
    further = np.maximum(line.ordinate_stderr**2 - line.value_stderr_log**2, 0.0)
    found: Floats = np.sqrt(further) / np.abs(per_kelvin)
    return np.where(np.isfinite(found), found, 0.0)


def _of(line: Arrhenius) -> Followed:
    return Followed(
        contribution=line.contribution,
        role=line.role,
        quantity=line.quantity,
        unit=line.unit,
        labels=line.labels,
        points_total=line.points_total,
        remarks=line.remarks,
        condition_err_known=not any("no temperature error" in text for text in line.remarks),
        estimate=line.estimate,
    )


def _has_t(ordinate: str) -> bool:
    if ordinate not in ORDINATES:
        raise SeriesError(
            f"no ordinate {ordinate!r} of an Arrhenius line{did_you_mean(ordinate, ORDINATES)}; known: "
            f"{', '.join(ORDINATES)}"
        )
    return "T" in cast(str, ordinate)

"""Electronic partial conductivity from the steady current of an ion-blocking cell, after Hebb and Wagner."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from eisfit.errors import InputError
from eisfit.laws.line import by_rules, weighted_step
from eisfit.tools.frozen import Floats
from eisfit.tools.real_arguments import real_arguments


@dataclass(frozen=True)
class ElectronicConductivity:
    """Electronic partial conductivity.

    Parameters
    ----------
    s_per_cm, stderr : float
        In S/cm.
    chi2_reduced : float
        Of the line; nan with one step, or without errors.
    ohmic : bool
        False where points scatter more about a line through zero than their errors say: the conductivity depends on
        the potential, and its slope at each potential is to be taken.
    transference, transference_stderr : float
        Electronic over total conductivity; nan where the latter is not given.
    """

    s_per_cm: float
    stderr: float
    chi2_reduced: float
    ohmic: bool
    transference: float
    transference_stderr: float


@real_arguments(InputError)
def electronic_conductivity(
    potential_v: npt.ArrayLike,
    current_a: npt.ArrayLike,
    *,
    thickness_cm: float,
    area_cm2: float,
    current_stderr_a: npt.ArrayLike | None = None,
    total_s_per_cm: float | None = None,
    total_stderr_s_per_cm: float = 0.0,
) -> ElectronicConductivity:
    r"""Return :math:`\sigma_e = I L / (A U)` of one step or the line through several.

    Parameters
    ----------
    potential_v, current_a : array_like, shape (n,)
        Steps and steady currents between electrodes that block the ions.
    thickness_cm, area_cm2 : float
        Of the solid.
    current_stderr_a : array_like, optional
        Standard errors of the currents.
    total_s_per_cm, total_stderr_s_per_cm : float
        Total conductivity by impedance, for the electronic transference number.

    Raises
    ------
    InputError
        If the geometry is not positive, a step is zero, or the conductivity is negative.

    Notes
    -----
    Source: Hebb (1952), doi 10.1063/1.1700165; Wagner (1956). The potential must stay below decomposition.

    Examples
    --------
    >>> found = electronic_conductivity(0.1, 2e-9, thickness_cm=0.1, area_cm2=0.5, current_stderr_a=1e-10)
    >>> f"{found.s_per_cm:.2g} ± {found.stderr:.1g} S/cm"
    '4e-09 ± 2e-10 S/cm'
    """
    u, i = np.atleast_1d(np.asarray(potential_v, float)), np.atleast_1d(np.asarray(current_a, float))
    if u.shape != i.shape or u.ndim != 1 or not (np.isfinite(u).all() and np.isfinite(i).all()):
        raise InputError("potential_v and current_a must hold one finite value a step")
    if not u.all():
        raise InputError("a step has no potential: leave it out")
    for name, value in (("thickness_cm", thickness_cm), ("area_cm2", area_cm2)):
        if not (math.isfinite(value) and value > 0):
            raise InputError(f"{name} is {value:g}: it must be positive")
    known = current_stderr_a is not None
    given = np.asarray(current_stderr_a if known else 1.0, float)
    if given.ndim and given.shape != i.shape:
        raise InputError(
            f"current_stderr_a has {given.size} values for {i.size} steps: give one for each, or one for all"
        )
    sigma: Floats = np.broadcast_to(given, i.shape)
    if not (np.isfinite(sigma).all() and (sigma > 0).all()):
        raise InputError("current_stderr_a must be positive")
    (slope,), covariance = weighted_step(u[:, None], i, sigma)
    at = np.array([slope])
    line = by_rules(i - slope * u, sigma, known, (at, at), covariance)
    scale = thickness_cm / area_cm2
    value = scale * float(slope)
    if value <= 0:
        raise InputError(
            f"the electronic conductivity is {value:.3g} S/cm: the sign of the current is reversed"
        )
    stderr = scale * math.sqrt(float(line.covariance[0, 0])) if u.size > 1 or known else math.nan
    t, t_stderr = math.nan, math.nan
    if total_s_per_cm is not None:
        if not total_s_per_cm > 0:
            raise InputError(f"total_s_per_cm is {total_s_per_cm:g}: it must be positive")
        t = value / total_s_per_cm
        t_stderr = t * math.hypot(stderr / value, total_stderr_s_per_cm / total_s_per_cm)
    return ElectronicConductivity(value, stderr, line.chi2_reduced, not line.scatter_ratio > 1, t, t_stderr)

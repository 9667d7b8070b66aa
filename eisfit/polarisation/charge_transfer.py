r"""Butler-Volmer kinetics at an interface, solved exactly for the overpotential."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

import numpy as np
import numpy.typing as npt

from eisfit.constants import BOLTZMANN_EV_PER_K, KJ_PER_MOL_PER_EV, ZERO_CELSIUS_K
from eisfit.errors import InputError
from eisfit.tools.frozen import Floats
from eisfit.tools.real_arguments import real_arguments

_ROUNDS = 100
_SETTLED = 1e-15


def thermal_voltage(temperature_c: float, charge: int = 1) -> float:
    """Return RT/(zF) in V.

    Raises
    ------
    InputError
        If the temperature lies below absolute zero or the charge is not positive.
    """
    if not (isfinite(temperature_c) and temperature_c > -ZERO_CELSIUS_K):
        raise InputError(f"temperature_c is {temperature_c:g}: give °C above {-ZERO_CELSIUS_K} °C")
    if charge < 1:
        raise InputError(f"charge is {charge}: give the charge number of the ion, 1 or more")
    return BOLTZMANN_EV_PER_K * (temperature_c + ZERO_CELSIUS_K) / charge


@dataclass(frozen=True)
class ChargeTransfer:
    r"""Charge transfer in series with an interphase layer.

    :math:`\Delta U = i R_{SLEI} + \eta`, :math:`i = i_0 (e^{(1-\alpha) zF\eta/RT} - e^{-\alpha zF\eta/RT})`, positive
    from solid to liquid (solvation). The branch from liquid to solid (desolvation) therefore carries alpha.

    Parameters
    ----------
    i0_a_per_cm2 : float
        Exchange current density.
    alpha : float
        Transfer coefficient, between 0 and 1.
    r_slei_ohm_cm2 : float
        Resistance of the interphase.
    temperature_c : float
        In °C.
    charge : int
        Charge number z of the ion.

    Raises
    ------
    InputError
        If a value is out of its range.

    Notes
    -----
    Source: Schleutker et al. (2017), doi 10.1039/c7cp05213h; Butler and Volmer with a resistance in series.

    Examples
    --------
    >>> law = ChargeTransfer(53.1e-6, 0.44, 300.0)
    >>> round(law.r_p_ohm_cm2), [round(float(r)) for r in law.differential_ohm_cm2([-0.05, 0.05])]
    (784, [395, 261])
    """

    i0_a_per_cm2: float
    alpha: float
    r_slei_ohm_cm2: float = 0.0
    temperature_c: float = 25.0
    charge: int = 1

    def __post_init__(self) -> None:
        if not (isfinite(self.i0_a_per_cm2) and self.i0_a_per_cm2 > 0):
            raise InputError(f"i0_a_per_cm2 is {self.i0_a_per_cm2:g}: it must be positive")
        if not 0 < self.alpha < 1:
            raise InputError(f"alpha is {self.alpha:g}: it must lie between 0 and 1")
        if not isfinite(self.r_slei_ohm_cm2):
            raise InputError(f"r_slei_ohm_cm2 is {self.r_slei_ohm_cm2:g}: give a number of ohm cm2")
        thermal_voltage(self.temperature_c, self.charge)

    @property
    def thermal_v(self) -> float:
        """RT/(zF) in V."""
        return thermal_voltage(self.temperature_c, self.charge)

    @property
    def r_ct_ohm_cm2(self) -> float:
        """RT/(zF i0), the resistance of the transfer at rest."""
        return self.thermal_v / self.i0_a_per_cm2

    @property
    def r_p_ohm_cm2(self) -> float:
        """Sum of both resistances at rest."""
        return self.r_slei_ohm_cm2 + self.r_ct_ohm_cm2

    def current_a_per_cm2(self, overpotential_v: npt.ArrayLike) -> Floats:
        """Return the current density at overpotentials of the transfer alone."""
        u = np.asarray(overpotential_v, float) / self.thermal_v
        found: Floats = self.i0_a_per_cm2 * _excess(u, self.alpha)[0]
        return found

    def differential_ohm_cm2(self, overpotential_v: npt.ArrayLike) -> Floats:
        """Return the differential resistance of the transfer alone, without the interphase."""
        u = np.asarray(overpotential_v, float) / self.thermal_v
        found: Floats = self.r_ct_ohm_cm2 / _excess(u, self.alpha)[1]
        return found

    def overpotential_v(self, current_a_per_cm2: npt.ArrayLike) -> Floats:
        """Return the overpotential of the transfer, exact to rounding."""
        i = np.asarray(current_a_per_cm2, float)
        return self.thermal_v * reduced_overpotential(i / self.i0_a_per_cm2, self.alpha)

    def drop_v(self, current_a_per_cm2: npt.ArrayLike) -> Floats:
        """Return the drop at the interface, with that of the interphase."""
        i = np.asarray(current_a_per_cm2, float)
        return i * self.r_slei_ohm_cm2 + self.overpotential_v(i)

    def derivatives(self, current_a_per_cm2: Floats) -> tuple[Floats, Floats]:
        """Return d drop / d (ln i0, alpha, R_SLEI), shape (n, 3), and d drop / d i, shape (n,)."""
        y = current_a_per_cm2 / self.i0_a_per_cm2
        u = reduced_overpotential(y, self.alpha)
        slope = _excess(u, self.alpha)[1]
        columns = (-self.thermal_v * y / slope, self.thermal_v * u * y / slope, current_a_per_cm2)
        return np.stack(columns, axis=-1), self.r_slei_ohm_cm2 + self.r_ct_ohm_cm2 / slope


def _excess(u: Floats, alpha: float) -> tuple[Floats, Floats]:
    """Return exp((1 - alpha) u) - exp(-alpha u) without cancellation, and its derivative."""
    with np.errstate(over="ignore"):
        forward, back = np.expm1((1 - alpha) * u), np.expm1(-alpha * u)
    return forward - back, (1 - alpha) * (forward + 1) + alpha * (back + 1)


def reduced_overpotential(y: npt.ArrayLike, alpha: float) -> Floats:
    """Return u with ``exp((1 - alpha) u) - exp(-alpha u) = y``, by Newton's steps within a shrinking bracket.

    Parameters
    ----------
    y : array_like
        Current over exchange current.
    alpha : float
        Between 0 and 1.
    """
    given = np.asarray(y, float)
    size, factor = np.abs(given), np.where(given < 0, alpha, 1 - alpha)  # mirrored, so that u is positive
    low, high = np.zeros_like(size), np.log1p(size) / factor
    u = np.minimum(size, high)
    for _ in range(_ROUNDS):
        forward, back = np.expm1(factor * u), np.expm1(-(1 - factor) * u)
        excess = forward - back - size
        low, high = np.where(excess < 0, u, low), np.where(excess > 0, u, high)
        step = excess / (factor * (forward + 1) + (1 - factor) * (back + 1))
        new = u - step
        new = np.where((new >= low) & (new <= high), new, 0.5 * (low + high))
        settled = np.abs(new - u) <= _SETTLED * u
        u = new
        if settled.all():
            break
    found: Floats = np.copysign(u, given)
    return found


@real_arguments(InputError)
def exchange_current_a_per_cm2(
    rate_distance_cm: float,
    liquid_rate: float,
    solid_rate: float,
    alpha: float,
    *,
    activation_energy_ev: float = 0.0,
    temperature_c: float = 25.0,
    charge: int = 1,
) -> float:
    r"""Return i0 = z F d (c_l k_f)^(1-alpha) (c_s k_b)^alpha exp(-E/kT).

    Parameters
    ----------
    rate_distance_cm : float
        Distance d of the jump.
    liquid_rate, solid_rate : float
        Products of concentration and rate constant on both sides, in mol cm-3 s-1.
    alpha : float
        Between 0 and 1.
    activation_energy_ev : float
        Of the transfer.
    temperature_c : float
        In °C.
    charge : int
        Charge number z.

    Raises
    ------
    InputError
        If a value is out of its range.

    Notes
    -----
    Often printed without z F, which has the unit of a flux. Source: Schleutker et al. (2017), doi 10.1039/c7cp05213h.

    Examples
    --------
    >>> one = exchange_current_a_per_cm2(1e-8, 1.0, 1.0, 0.44)
    >>> ten = exchange_current_a_per_cm2(1e-8, 10.0, 1.0, 0.44)
    >>> round(ten / one / 10**0.56, 6)
    1.0
    """
    if min(rate_distance_cm, liquid_rate, solid_rate) <= 0 or not 0 < alpha < 1:
        raise InputError("distance and rates must be positive, and alpha must lie between 0 and 1")
    kt = thermal_voltage(temperature_c)
    flux = rate_distance_cm * liquid_rate ** (1 - alpha) * solid_rate**alpha
    return float(charge * 1e3 * KJ_PER_MOL_PER_EV * flux * np.exp(-activation_energy_ev / kt))

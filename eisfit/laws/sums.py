"""Laws of a resistance that is a constant and a term that grows with time, or falls with concentration."""

from __future__ import annotations

import numpy as np

from eisfit.laws.amplitudes import best_amplitudes
from eisfit.laws.exchange_current import PowerOfConcentration
from eisfit.laws.growth_end import GrowthToAnEnd
from eisfit.laws.registry import OF_ORDINATE, Evaluated, LawParameter, law
from eisfit.laws.turning_point import why_no_power
from eisfit.tools.frozen import Floats

_EXPONENTS = np.linspace(0.05, 2.0, 40)  # of a concentration, with which a fit may begin
_TIMES = np.geomspace(0.02, 20.0, 40)  # time constants with which a fit may begin, over the longest time


def _start_power(concentration: Floats, y: Floats) -> tuple[float, float, float]:
    k, r0, scale = best_amplitudes(np.exp(y), concentration ** -_EXPONENTS[:, None])
    return r0, scale, float(_EXPONENTS[k])


@law(
    "power of concentration",
    LawParameter("R0", OF_ORDINATE),
    LawParameter("K", f"{OF_ORDINATE} at 1 mol/l"),
    LawParameter("n", "1"),
    ordinates=("ln(R)",),
    condition="concentration_mol_l",
    source="Newman & Thomas-Alyea, Electrochemical Systems, 3rd ed. (2004), ch. 8",
    start=_start_power,
    result=PowerOfConcentration,
    refuses=why_no_power,
)
def power_of_concentration(concentration: Floats, r0: float, k: float, n: float) -> Evaluated:
    r"""Constant and power of the concentration, :math:`R_0 + K c^{-n}`; of a charge transfer n is 1 - alpha."""
    term = k * concentration**-n
    r = r0 + term
    slopes = (r0 / r, term / r, -n * np.log(concentration) * term / r)
    return np.log(r), slopes, -n * term / (concentration * r)


def _start_parabolic(time_h: Floats, y: Floats) -> tuple[float, float]:
    _, r0, rate = best_amplitudes(np.exp(y), np.sqrt(time_h)[None])
    return r0, rate


@law(
    "parabolic growth",
    LawParameter("R0", OF_ORDINATE),
    LawParameter("k", f"{OF_ORDINATE} h^-1/2"),
    ordinates=("ln(R)",),
    condition="time_h",
    source="Wagner, Z. Phys. Chem. B 21 (1933) 25, doi 10.1515/zpch-1933-2105",
    start=_start_parabolic,
)
def parabolic_growth(time_h: Floats, r0: float, k: float) -> Evaluated:
    r"""Growth limited by transport through the grown layer, :math:`R_0 + k \sqrt{t}`."""
    root = np.sqrt(time_h)
    r = r0 + k * root
    with np.errstate(divide="ignore"):
        return np.log(r), (r0 / r, k * root / r), k / (2 * root * r)


def _start_saturating(time_h: Floats, y: Floats) -> tuple[float, float, float]:
    times = _TIMES * max(float(np.max(time_h)), 1e-300)
    k, r0, rise = best_amplitudes(np.exp(y), 1 - np.exp(-time_h / times[:, None]))
    return r0, rise, float(times[k])


@law(
    "saturating growth",
    LawParameter("R0", OF_ORDINATE),
    LawParameter("rise", OF_ORDINATE),
    LawParameter("tau", "h"),
    ordinates=("ln(R)",),
    condition="time_h",
    source="first-order kinetics",
    start=_start_saturating,
    result=GrowthToAnEnd,
)
def saturating_growth(time_h: Floats, r0: float, rise: float, tau: float) -> Evaluated:
    r"""Growth that comes to an end, :math:`R_0 + \Delta R (1 - e^{-t/\tau})`."""
    left = np.exp(-time_h / tau)
    r = r0 + rise * (1 - left)
    slopes = (r0 / r, rise * (1 - left) / r, -rise * left * time_h / (tau * r))
    return np.log(r), slopes, rise * left / (tau * r)

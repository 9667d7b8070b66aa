"""The flux that relaxation of Frenkel pairs lets across an interface."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from eisfit.constants import BOLTZMANN_EV_PER_K
from eisfit.solids.checks import FARADAY_C_PER_MOL, ROOM_K, number
from eisfit.tools.frozen import Floats, Value


@dataclass(frozen=True, eq=False)
class FrenkelRelaxation(Value):
    """What a current of one kind of defect meets that must turn into the other.

    Parameters
    ----------
    exchange_flux_mol_cm2_s : float or ndarray
        Exchange flux j0.
    asr_ohm_cm2 : float or ndarray
        Its resistance near equilibrium, RT / (z² F² j0).
    length_cm : float or ndarray
        Relaxation length L.
    bulk_s_cm : float or ndarray
        Conductivity by both defects; L over it is `asr_ohm_cm2`.
    frequency_hz : float or ndarray
        Where relaxation shows in an impedance, 1 / (2 pi tau).
    """

    exchange_flux_mol_cm2_s: Floats
    asr_ohm_cm2: Floats
    length_cm: Floats
    bulk_s_cm: Floats
    frequency_hz: Floats


def frenkel_relaxation(
    concentration_mol_cm3: npt.ArrayLike | None,
    *,
    interstitial_cm2_s: npt.ArrayLike | None,
    vacancy_cm2_s: npt.ArrayLike | None,
    relaxation_s: npt.ArrayLike | None,
    temperature_k: npt.ArrayLike = ROOM_K,
    charge: npt.ArrayLike = 1.0,
) -> FrenkelRelaxation:
    r"""Return the exchange flux that the relaxation of Frenkel pairs allows, and its resistance.

    .. math:: j_0 = \frac{c_i^0 (D_i + D_v)^{3/2}}{\sqrt{2 \tau_R D_i D_v}}

    The resistance equals that of one relaxation length :math:`L = \sqrt{2\tau_R D_i D_v/(D_i + D_v)}` of the solid.

    Parameters
    ----------
    concentration_mol_cm3 : array_like
        Of interstitials, and of vacancies, at equilibrium.
    interstitial_cm2_s, vacancy_cm2_s : array_like
        Their diffusion coefficients.
    relaxation_s : array_like
        Relaxation time of the pairs; 1e-5 s was found for alpha-AgI on beta-Ag2S, doi 10.1002/bbpc.19981020202.
    temperature_k : array_like
        In kelvin.
    charge : array_like
        Charge number of the ion.

    Raises
    ------
    InputError
        If a number is missing or out of range.

    Notes
    -----
    The impedance over frequency is that of the Gerischer element. Source: equation 5 of Weiss et al., Electrochem.
    Energy Rev. 3 (2020) 221, doi 10.1007/s41918-020-00062-7, where the flux is that of the ion A of charge z.

    Examples
    --------
    >>> found = frenkel_relaxation(1e-4, interstitial_cm2_s=1e-6, vacancy_cm2_s=1e-7, relaxation_s=1e-5)
    >>> bool(np.isclose(found.asr_ohm_cm2, found.length_cm / found.bulk_s_cm))
    True
    """
    why = "the exchange flux needs concentration, both diffusion coefficients and the relaxation time"
    c = number("concentration_mol_cm3", concentration_mol_cm3, why)
    di, dv = (
        number("interstitial_cm2_s", interstitial_cm2_s, why),
        number("vacancy_cm2_s", vacancy_cm2_s, why),
    )
    tau, z = number("relaxation_s", relaxation_s, why), number("charge", charge)
    volt = BOLTZMANN_EV_PER_K * number("temperature_k", temperature_k)
    flux = c * (di + dv) ** 1.5 / np.sqrt(2 * tau * di * dv)
    return FrenkelRelaxation(
        exchange_flux_mol_cm2_s=flux,
        asr_ohm_cm2=volt / (z**2 * FARADAY_C_PER_MOL * flux),
        length_cm=np.sqrt(2 * tau * di * dv / (di + dv)),
        bulk_s_cm=z**2 * FARADAY_C_PER_MOL * c * (di + dv) / volt,
        frequency_hz=1 / (2 * np.pi * tau),
    )

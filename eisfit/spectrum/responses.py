"""The responses of a dielectric or a conductor that follow from an impedance, by exact formulas."""

from __future__ import annotations

import numpy as np

from eisfit.spectrum.immittance import VACUUM_PERMITTIVITY_F_PER_CM
from eisfit.tools.frozen import Complexes, Floats


def admittance_s(z_ohm: Complexes) -> Complexes:
    """Return the admittance in S, :math:`Y = 1 / Z`; not finite where Z is 0."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        return np.asarray(1 / np.asarray(z_ohm, np.complex128), np.complex128)


def conductivity_s_cm(z_ohm: Complexes, area_cm2: float, thickness_cm: float) -> Floats:
    r"""Return the real part of the conductivity in S/cm, :math:`\sigma' = Y' d / A`.

    Parameters
    ----------
    z_ohm : array of complex, shape (n,)
        Impedance in ohm.
    area_cm2, thickness_cm : float
        Of the plate between the electrodes. All that lies in series counts as if it filled the plate.

    Returns
    -------
    array, shape (n,)
        A plateau is the dc conductivity of one part of the plate; a rise with a power of the frequency is its
        dispersion.

    Notes
    -----
    Source: A. K. Jonscher, Nature 267 (1977) 673.
    """
    return np.asarray(admittance_s(z_ohm).real * thickness_cm / area_cm2, float)


def capacitance_f(frequency_hz: Floats, z_ohm: Complexes) -> Complexes:
    r"""Return the complex capacitance in F, :math:`C = C' - i C'' = 1 / (i \omega Z)`.

    Parameters
    ----------
    frequency_hz : array, shape (n,)
        Frequencies in Hz.
    z_ohm : array of complex, shape (n,)
        Impedance in ohm.

    Returns
    -------
    array of complex, shape (n,)
        C' is negative where the cell is inductive; C'' is the loss, with the sign of Y'.

    Notes
    -----
    Source: K. S. Cole and R. H. Cole, J. Chem. Phys. 9 (1941) 341; P. L. Taberna, P. Simon and J. F. Fauvarque, J.
    Electrochem. Soc. 150 (2003) A292.
    """
    return np.asarray(admittance_s(z_ohm) / (2j * np.pi * np.asarray(frequency_hz)), np.complex128)


def loss_tangent(z_ohm: Complexes) -> Floats:
    r"""Return the loss tangent, :math:`\tan \delta = C'' / C' = Z' / (-Z'')`.

    Parameters
    ----------
    z_ohm : array of complex, shape (n,)
        Impedance in ohm.

    Returns
    -------
    array, shape (n,)
        Independent of the geometry; negative where the cell is inductive, infinite where it is a resistor.

    Notes
    -----
    Source: Agilent Impedance Measurement Handbook (2009), table 1-1, where it is called D.
    """
    z = np.asarray(z_ohm, np.complex128)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        return np.asarray(z.real / -z.imag, float)


def inverse_capacitance_per_f(frequency_hz: Floats, z_ohm: Complexes) -> Complexes:
    r"""Return the inverse of the complex capacitance in 1/F, :math:`1/C = i \omega Z`: the modulus without a geometry.

    Parameters
    ----------
    frequency_hz : array, shape (n,)
        Frequencies in Hz.
    z_ohm : array of complex, shape (n,)
        Impedance in ohm.

    Returns
    -------
    array of complex, shape (n,)
        Its imaginary part :math:`\omega Z'` has a peak of height 1/(2C) for a resistor beside a capacitor C: the
        arc of the smallest capacitance, most often the bulk, is the highest.
    """
    return np.asarray(2j * np.pi * np.asarray(frequency_hz) * np.asarray(z_ohm), np.complex128)


def electric_modulus(
    frequency_hz: Floats, z_ohm: Complexes, area_cm2: float, thickness_cm: float
) -> Complexes:
    r"""Return the electric modulus, :math:`M = 1 / \epsilon = i \omega C_0 Z` with :math:`C_0 = e_0 A / d`.

    Parameters
    ----------
    frequency_hz : array, shape (n,)
        Frequencies in Hz.
    z_ohm : array of complex, shape (n,)
        Impedance in ohm.
    area_cm2, thickness_cm : float
        Of the plate between the electrodes.

    Returns
    -------
    array of complex, shape (n,)
        M' + i M'', relative to the vacuum; M'' of a resistor beside a capacitor has a peak of height
        :math:`1 / (2 \epsilon_r)` where :math:`\omega R C = 1`.

    Notes
    -----
    Source: P. B. Macedo, C. T. Moynihan and R. Bose, Phys. Chem. Glasses 13 (1972) 171; I. M. Hodge, M. D. Ingram and
    A. R. West, J. Electroanal. Chem. 74 (1976) 125.
    """
    empty_f = VACUUM_PERMITTIVITY_F_PER_CM * area_cm2 / thickness_cm
    return empty_f * inverse_capacitance_per_f(frequency_hz, z_ohm)

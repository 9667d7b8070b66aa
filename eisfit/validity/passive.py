"""The nearest passive spectrum: a resistor, an inductor, a capacitor and relaxations, none of them negative."""

from __future__ import annotations

import numpy as np

from eisfit.tools.frozen import Complexes, Floats
from eisfit.validity.kk_relations import basis_of, time_constants

SIGN_LEVEL = 1e-3  # probability of a wrong sign in a sound spectrum
PER_DECADE = 5  # time constants; more than the points may be, since none is negative
BEYOND = 1.0  # decades by which time constants go on outside the window


def passive_misfit(frequency_hz: Floats, z_ohm: Complexes) -> float:
    """Return the sum of squares, relative to |Z|, that the nearest passive spectrum leaves.

    Parameters
    ----------
    frequency_hz, z_ohm : ndarray, shape (n,)
        Points in any order, none with an impedance of 0.
    """
    from scipy.optimize import lsq_linear  # imported late: few spectra need it

    omega = 2 * np.pi * frequency_hz
    decades = np.log10(omega.max() / omega.min()) + 2 * BEYOND
    basis = basis_of(omega, time_constants(omega, round(PER_DECADE * decades) + 1, BEYOND))
    weighted, wanted = basis / np.abs(z_ohm)[:, None], z_ohm / np.abs(z_ohm)
    a = np.concatenate([weighted.real, weighted.imag])
    size = np.sqrt(np.einsum("nm,nm->m", a, a))
    b = np.concatenate([wanted.real, wanted.imag])
    return 2 * float(lsq_linear(a / size, b, (0, np.inf), method="bvls").cost)


def sign_is_wrong(frequency_hz: Floats, z_ohm: Complexes) -> bool:
    """Tell whether a passive cell reproduces the spectrum only with the opposite sign of Im Z.

    Parameters
    ----------
    frequency_hz, z_ohm : ndarray, shape (n,)
        Points in any order.

    Notes
    -----
    The sums of squares of both signs are compared by an F test with n and n degrees of freedom at a level of
    0.1 %. A spectrum of a few points, or one within a lead, that both signs suit is not accused.
    """
    from scipy.special import fdtri

    if np.any(z_ohm == 0):
        return False
    limit = float(fdtri(z_ohm.size, z_ohm.size, 1 - SIGN_LEVEL))
    return passive_misfit(frequency_hz, z_ohm) > limit * passive_misfit(frequency_hz, z_ohm.conj())

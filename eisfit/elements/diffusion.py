"""Warburg impedances: diffusion into a half-space and through a layer."""

from __future__ import annotations

import numpy as np

from eisfit.elements._registry import Evaluated, Laplace, Quantity, element
from eisfit.values import Floats

_FINITE = (Quantity("R", "ohm", resistance=1), Quantity("tau", "s", time=1))


@element("W", Quantity("sigma", "ohm s^-1/2", resistance=1, time=-0.5), dc="open")
def warburg(s: Laplace, sigma: Floats) -> Evaluated:
    r"""Semi-infinite Warburg impedance, :math:`Z = \sigma \omega^{-1/2} (1 - j) = \sigma \sqrt{2/s}`.

    The phase is -45° at all frequencies.

    Source: Orazem & Tribollet, Electrochemical Impedance Spectroscopy, 2nd ed. (2017), ch. 11.
    """
    z = sigma * np.exp(-0.5 * s.log_omega) * (1 - 1j)
    return z, (z,)


@element("Ws", *_FINITE, dc="R")
def warburg_short(s: Laplace, r: Floats, tau: Floats) -> Evaluated:
    r"""Transmissive finite Warburg impedance, :math:`Z = R \tanh(x) / x` with :math:`x = \sqrt{s \tau}`.

    Low frequencies give R, high ones :math:`R / \sqrt{s \tau}`; :math:`\tau = \delta^2 / D` for a layer
    of thickness :math:`\delta`. The top of the arc is 0.4172 R at :math:`\omega \tau = 2.5407`.

    Source: Franceschetti, Macdonald & Buck, J. Electrochem. Soc. 138 (1991) 1368, doi 10.1149/1.2085788.
    """
    x = s.power(0.5, np.log(tau))
    e = np.exp(-2 * x)
    tanh = -np.expm1(-2 * x) / (1 + e)
    sech_squared = 4 * e / (1 + e) ** 2
    z = r * tanh / x
    return z, (z, 0.5 * (r * sech_squared - z))


@element("Wo", *_FINITE, dc="open")
def warburg_open(s: Laplace, r: Floats, tau: Floats) -> Evaluated:
    r"""Reflective finite Warburg impedance, :math:`Z = R \coth(x) / x` with :math:`x = \sqrt{s \tau}`.

    Low frequencies give :math:`R/3 + R/(s \tau)`, that is a capacitor of :math:`\tau / R`; high ones
    :math:`R / \sqrt{s \tau}`.

    Source: Franceschetti, Macdonald & Buck, J. Electrochem. Soc. 138 (1991) 1368, doi 10.1149/1.2085788.
    """
    x = s.power(0.5, np.log(tau))
    e = np.exp(-2 * x)
    one_minus_e = -np.expm1(-2 * x)
    z = r * (1 + e) / one_minus_e / x
    return z, (z, -0.5 * (4 * r * e / one_minus_e**2 + z))

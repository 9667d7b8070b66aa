"""Warburg impedances: diffusion into a half-space and through a layer."""

from __future__ import annotations

import numpy as np

from eisfit.elements.hyperbolic import coth_over, tanh_over
from eisfit.elements.registry import RESISTANCE_AND_TIME, Evaluated, Laplace, Quantity, element
from eisfit.tools.frozen import Floats

_POWER = Quantity("p", "1", upper=0.5, usual=(0.25, 0.5))


@element("W", Quantity("sigma", "ohm s^-1/2", resistance=1, time=-0.5), dc="open", limit_of=("CPE",))
def warburg(s: Laplace, sigma: Floats) -> Evaluated:
    r"""Semi-infinite Warburg impedance, :math:`Z = \sigma \omega^{-1/2} (1 - j) = \sigma \sqrt{2/s}`.

    The phase is -45° at all frequencies.

    Source: Orazem & Tribollet, Electrochemical Impedance Spectroscopy, 2nd ed. (2017), ch. 11.
    """
    z = sigma * np.exp(-0.5 * s.log_omega) * (1 - 1j)
    return z, (z,)


@element("Ws", *RESISTANCE_AND_TIME, dc="R", limit_of=("Wsn", "Gt"))
def warburg_short(s: Laplace, r: Floats, tau: Floats) -> Evaluated:
    r"""Transmissive finite Warburg impedance, :math:`Z = R \tanh(x) / x` with :math:`x = \sqrt{s \tau}`.

    Low frequencies give R, high ones :math:`R / \sqrt{s \tau}`; :math:`\tau = \delta^2 / D` for a layer
    of thickness :math:`\delta`. The top of the arc is 0.4172 R at :math:`\omega \tau = 2.5407`.

    Source: Franceschetti, Macdonald & Buck, J. Electrochem. Soc. 138 (1991) 1368, doi 10.1149/1.2085788.
    """
    z, by_x = tanh_over(r, s.power(0.5, np.log(tau)))
    return z, (z, 0.5 * by_x)


@element("Wo", *RESISTANCE_AND_TIME, dc="open", limit_of=("Won", "Gs"))
def warburg_open(s: Laplace, r: Floats, tau: Floats) -> Evaluated:
    r"""Reflective finite Warburg impedance, :math:`Z = R \coth(x) / x` with :math:`x = \sqrt{s \tau}`.

    Low frequencies give :math:`R/3 + R/(s \tau)`, that is a capacitor of :math:`\tau / R`; high ones
    :math:`R / \sqrt{s \tau}`.

    Source: Franceschetti, Macdonald & Buck, J. Electrochem. Soc. 138 (1991) 1368, doi 10.1149/1.2085788.
    """
    z, by_x = coth_over(r, s.power(0.5, np.log(tau)))
    return z, (z, 0.5 * by_x)


@element("Wsn", *RESISTANCE_AND_TIME, _POWER, dc="R")
def anomalous_short(s: Laplace, r: Floats, tau: Floats, p: Floats) -> Evaluated:
    r"""Transmissive finite Warburg of exponent p, :math:`Z = R \tanh(x) / x`, :math:`x = (s \tau)^p`.

    ``p = 1/2`` is Ws. Low frequencies give R, high ones :math:`R (s \tau)^{-p}`. Where the mean squared
    displacement grows as :math:`t^a`, ``p = a/2``: diffusion hindered by traps or by a fractal structure has
    ``a < 1``, free diffusion ``a = 1``, hence p ≤ 1/2. Above, the real part overshoots R; at ``p = 1`` x is
    imaginary, and tanh has poles.

    Source: Bisquert & Compte, J. Electroanal. Chem. 499 (2001) 112, doi 10.1016/S0022-0728(00)00497-6,
    on anomalous diffusion; its several models generalise Ws in different ways, of which this is one.
    """
    log_tau = np.log(tau)
    z, by_x = tanh_over(r, s.power(p, log_tau))
    by_tau = p * by_x
    return z, (z, by_tau, by_tau * (s.log + log_tau))


@element("Won", *RESISTANCE_AND_TIME, _POWER, dc="open")
def anomalous_open(s: Laplace, r: Floats, tau: Floats, p: Floats) -> Evaluated:
    r"""Reflective finite Warburg of exponent p, :math:`Z = R \coth(x) / x`, :math:`x = (s \tau)^p`.

    ``p = 1/2`` is Wo. Low frequencies give :math:`R/3 + R (s \tau)^{-2p}`, that is a constant-phase element
    of exponent 2p and no capacitor; high ones :math:`R (s \tau)^{-p}`. Where the mean squared displacement
    grows as :math:`t^a`, ``p = a/2``: diffusion hindered by traps or by a fractal structure has ``a < 1``, free
    diffusion ``a = 1``, hence p ≤ 1/2. Above, the real part turns negative at low frequencies, which no passive
    element does; at ``p = 1`` x is imaginary, and coth has poles.

    Source: Bisquert & Compte, J. Electroanal. Chem. 499 (2001) 112, doi 10.1016/S0022-0728(00)00497-6,
    on anomalous diffusion; its several models generalise Wo in different ways, of which this is one.
    """
    log_tau = np.log(tau)
    z, by_x = coth_over(r, s.power(p, log_tau))
    by_tau = p * by_x
    return z, (z, by_tau, by_tau * (s.log + log_tau))

"""Gerischer impedances: diffusion of a species that reacts on its way."""

from __future__ import annotations

import numpy as np

from eisfit.elements.registry import RESISTANCE_AND_TIME, Evaluated, Laplace, Quantity, element
from eisfit.tools.frozen import Complexes, Floats


@element("G", *RESISTANCE_AND_TIME, dc="R", limit_of=("HN", "Gf", "Gs", "Gt"))
def gerischer(s: Laplace, r: Floats, tau: Floats) -> Evaluated:
    r"""Gerischer impedance, :math:`Z = R / \sqrt{1 + s \tau}`.

    Low frequencies give R, high ones :math:`R / \sqrt{s \tau}`; :math:`1/\tau` is the rate constant of
    the reaction. The top of the arc is 0.3536 R at :math:`\omega \tau = \sqrt 3`.

    Source: Boukamp & Bouwmeester, Solid State Ionics 157 (2003) 29, doi 10.1016/S0167-2738(02)00735-X.
    """
    u = s.s * tau
    z = r / np.sqrt(1 + u)
    return z, (z, -0.5 * z * (u / (1 + u)))


@element("Gf", *RESISTANCE_AND_TIME, Quantity("alpha", "1", upper=1.0), dc="R", limit_of=("HN",))
def gerischer_fractal(s: Laplace, r: Floats, tau: Floats, alpha: Floats) -> Evaluated:
    r"""Fractal Gerischer impedance, :math:`Z = R / \sqrt{1 + (s \tau)^\alpha}`.

    ``alpha = 1`` is the Gerischer impedance; it is the skewed arc HN with ``beta = 1/2``. Low frequencies give R,
    high ones :math:`R (s \tau)^{-\alpha / 2}`.

    Source: the formula is that of Havriliak & Negami, Polymer 8 (1967) 161, doi 10.1016/0032-3861(67)90021-3, with
    ``beta = 1/2``; as Gerischer impedance Boukamp & Bouwmeester, Solid State Ionics 157 (2003) 29,
    doi 10.1016/S0167-2738(02)00735-X.
    """
    log_tau = np.log(tau)
    u = s.power(alpha, log_tau)
    z = r / np.sqrt(1 + u)
    slope = -0.5 * alpha * z * (u / (1 + u))
    return z, (z, slope, slope * (s.log + log_tau))


@element("Gt", *RESISTANCE_AND_TIME, Quantity("phi", "1", usual=(0.03, 10.0)), dc="R")
def gerischer_transmissive(s: Laplace, r: Floats, tau: Floats, phi: Floats) -> Evaluated:
    r"""Transmissive finite Gerischer impedance, :math:`Z = R \tanh(\varphi y) / (y \tanh \varphi)`.

    It has :math:`y = \sqrt{1 + s \tau}`. The layer ends at a phase in which the species is held; phi is its thickness
    over the diffusion length until reaction. Low frequencies give R, high ones
    :math:`R / (\tanh \varphi \sqrt{s \tau})`. ``phi >> 1`` is the Gerischer impedance of R and tau, in which phi is
    lost; ``phi << 1`` is the transmissive Warburg impedance Ws of R and :math:`\varphi^2 \tau`, in which only that
    product is left. The layer that ends at an impermeable wall is Gs.

    Source: Boukamp et al., Solid State Ionics 177 (2006) 2539, here with R as the resistance at dc.
    """
    u = s.s * tau
    y_squared = 1 + u
    y = np.sqrt(y_squared)
    tanh_phi = np.tanh(phi)
    z = r * np.tanh(phi * y) / (y * tanh_phi)
    by_x = z * _slope_of_log_tanh(phi * y)
    return z, (z, 0.5 * (by_x - z) * (u / y_squared), by_x - z * _slope_of_log_tanh(phi))


def _slope_of_log_tanh(x: Complexes) -> Complexes:
    """Return d(ln tanh x)/d(ln x) = 2 x / sinh(2 x), without overflow."""
    slope: Complexes = 4 * x * np.exp(-2 * x) / -np.expm1(-4 * x)
    return slope


@element("Gs", *RESISTANCE_AND_TIME, Quantity("phi", "1", usual=(0.03, 10.0)), dc="formula")
def gerischer_finite(s: Laplace, r: Floats, tau: Floats, phi: Floats) -> Evaluated:
    r"""Finite Gerischer impedance, :math:`Z = R \coth(\varphi y) / y` with :math:`y = \sqrt{1 + s \tau}`.

    The layer ends at an impermeable wall; phi is its thickness over the diffusion length until reaction.
    Low frequencies give :math:`R \coth \varphi`, high ones :math:`R / \sqrt{s \tau}`.
    ``phi >> 1`` is the Gerischer impedance of R and tau, in which phi is lost; ``phi << 1`` is a single
    relaxation of :math:`R / \varphi` and tau, in which only that quotient is left.

    Source: Green, Liu & Adler, Solid State Ionics 179 (2008) 647, doi 10.1016/j.ssi.2008.04.024.
    """
    u = s.s * tau
    y_squared = 1 + u
    y = np.sqrt(y_squared)
    coth = 1 / np.tanh(phi * y)
    z = r * coth / y
    by_thickness = r * phi * (1 - coth**2)
    return z, (z, 0.5 * (by_thickness - z) * (u / y_squared), by_thickness)

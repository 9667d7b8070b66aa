"""The arc with a skewed distribution of relaxation times."""

from __future__ import annotations

import numpy as np

from eisfit.elements.registry import Evaluated, Laplace, Quantity, element
from eisfit.tools.frozen import Floats


@element(
    "HN",
    Quantity("R", "ohm", resistance=1),
    Quantity("tau", "s", time=1),
    Quantity("alpha", "1", upper=1.0),
    Quantity("beta", "1", upper=1.0),
    dc="R",
)
def havriliak_negami(s: Laplace, r: Floats, tau: Floats, alpha: Floats, beta: Floats) -> Evaluated:
    r"""Skewed arc of Havriliak and Negami, :math:`Z = R / (1 + (s \tau)^\alpha)^\beta`.

    ``beta = 1`` is a Zarc, ``alpha = 1`` a Cole-Davidson arc, ``alpha = 1, beta = 1/2`` a Gerischer
    impedance. Low frequencies give R, high ones :math:`R (s \tau)^{-\alpha \beta}`. The top lies at
    :math:`\omega \tau = 1` only where ``beta = 1``, above it where beta is smaller.

    Source: Havriliak & Negami, Polymer 8 (1967) 161, doi 10.1016/0032-3861(67)90021-3.
    """
    log_tau = np.log(tau)
    u = s.power(alpha, log_tau)
    log_w = np.log(1 + u)
    z = r * np.exp(-beta * log_w)
    slope = -alpha * beta * z * (u / (1 + u))
    return z, (z, slope, slope * (s.log + log_tau), -beta * log_w * z)

"""Constant-phase element and the depressed arc that it makes with a resistor."""

from __future__ import annotations

import numpy as np

from eisfit.elements.registry import Evaluated, Laplace, Quantity, element
from eisfit.tools.frozen import Floats


@element(
    "CPE",
    Quantity("Q", "S s^alpha", resistance=-1, time="alpha"),
    Quantity("alpha", "1", upper=1.0),
    dc="open",
)
def constant_phase(s: Laplace, q: Floats, alpha: Floats) -> Evaluated:
    r"""Constant-phase element, :math:`Z = 1 / (Q s^\alpha)`.

    ``alpha = 1`` is a capacitor of Q farad, ``alpha -> 0`` a resistor of 1/Q ohm. Q is no
    capacitance; see the effective capacitance of a segment.

    Source: Brug et al., J. Electroanal. Chem. 176 (1984) 275, doi 10.1016/S0022-0728(84)80324-1.
    """
    z = s.power(-alpha) * (1 / q)
    return z, (-z, -alpha * s.log * z)


@element(
    "Zarc",
    Quantity("R", "ohm", resistance=1),
    Quantity("tau", "s", time=1),
    Quantity("alpha", "1", upper=1.0),
    dc="R",
    arc=("R", "tau", "alpha"),
    limit_of=("HN",),
)
def zarc(s: Laplace, r: Floats, tau: Floats, alpha: Floats) -> Evaluated:
    r"""Depressed arc, :math:`Z = R / (1 + (s \tau)^\alpha)`.

    A resistor R parallel to a constant-phase element of :math:`Q = \tau^\alpha / R`. The top of the
    arc lies at :math:`f = 1 / (2 \pi \tau)` and has :math:`-\mathrm{Im} Z = (R/2) \tan(\alpha \pi / 4)`;
    ``alpha = 1`` is R parallel to C.

    Source: Cole & Cole, J. Chem. Phys. 9 (1941) 341, doi 10.1063/1.1750906 (as impedance: Boukamp 1995).
    """
    log_tau = np.log(tau)
    u = s.power(alpha, log_tau)
    w = 1 / (1 + u)
    z = r * w
    slope = -alpha * z * (u * w)
    return z, (z, slope, slope * (s.log + log_tau))

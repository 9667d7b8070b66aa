"""Resistor, capacitor, their arc, and inductors."""

from __future__ import annotations

from eisfit.elements.registry import Evaluated, Laplace, Quantity, element
from eisfit.tools.frozen import Floats


@element(
    "R",
    Quantity("R", "ohm", resistance=1),
    dc="R",
    limit_of=("K", "Zarc", "HN", "CPE", "Ws", "G", "Gf", "Gs", "Gt"),
)
def resistor(s: Laplace, r: Floats) -> Evaluated:
    r"""Resistor, :math:`Z = R`.

    Source: Ohm's law; Orazem & Tribollet, Electrochemical Impedance Spectroscopy, 2nd ed. (2017), ch. 4.
    """
    z = r + 0j * s.omega
    return z, (z,)


@element("C", Quantity("C", "F", resistance=-1, time=1), dc="open", limit_of=("CPE",))
def capacitor(s: Laplace, c: Floats) -> Evaluated:
    r"""Capacitor, :math:`Z = 1 / (s C)`; blocks direct current.

    Source: Orazem & Tribollet, Electrochemical Impedance Spectroscopy, 2nd ed. (2017), ch. 4.
    """
    z = -1j / (c * s.omega)
    return z, (-z,)


@element(
    "K",
    Quantity("R", "ohm", resistance=1),
    Quantity("tau", "s", time=1),
    dc="R",
    arc=("R", "tau"),
    limit_of=("Zarc", "HN", "Gs"),
)
def relaxation(s: Laplace, r: Floats, tau: Floats) -> Evaluated:
    r"""Single relaxation, :math:`Z = R / (1 + s \tau)`: a resistor R parallel to a capacitor of tau / R.

    Low frequencies give R, high ones :math:`R / (s \tau)`; the top of the arc is R/2 at
    :math:`\omega \tau = 1`.

    Source: Boukamp, J. Electrochem. Soc. 142 (1995) 1885, doi 10.1149/1.2044210.
    """
    u = s.s * tau
    z = r / (1 + u)
    return z, (z, -z * (u / (1 + u)))


@element("L", Quantity("L", "H", resistance=1, time=1), dc="short", limit_of=("La",))
def inductor(s: Laplace, inductance: Floats) -> Evaluated:
    r"""Inductor, :math:`Z = s L`; the leads of a cell have 0.1 to 1 µH.

    Source: Orazem & Tribollet, Electrochemical Impedance Spectroscopy, 2nd ed. (2017), ch. 4.
    """
    z = 1j * (inductance * s.omega)
    return z, (z,)


@element(
    "La",
    Quantity("L", "ohm s^alpha", resistance=1, time="alpha"),
    Quantity("alpha", "1", upper=1.0),
    dc="short",
)
def lossy_inductor(s: Laplace, inductance: Floats, alpha: Floats) -> Evaluated:
    r"""Lossy inductor, :math:`Z = L s^\alpha`; leads and current collectors with eddy currents.

    ``alpha = 1`` is an inductor of L henry, ``alpha -> 0`` a resistor of L ohm; the phase is
    :math:`\alpha \cdot 90°`.

    impedance.py documents this formula and computes :math:`(L s)^\alpha`: its value :math:`L'` stands for
    :math:`L = L'^\alpha` here, the same number only at ``alpha = 1``.

    Source: BioLogic, EC-Lab Application Note 42 (2019).
    """
    z = inductance * s.power(alpha)
    return z, (z, alpha * s.log * z)

"""Pores: a conductor in a tube, and an interface along its wall."""

from __future__ import annotations

import numpy as np

from eisfit.elements.hyperbolic import coth_over
from eisfit.elements.registry import Evaluated, Laplace, Quantity, element
from eisfit.tools.frozen import Complexes, Floats

_RAIL = Quantity("X", "ohm", resistance=1)


@element("Pore", _RAIL, dc="formula", inner=("wall",), limit_of=("Rails", "PoreEnd"))
def pore(s: Laplace, zeta: Complexes, x: Floats) -> Evaluated:
    r"""Pore of de Levie, :math:`Z = \sqrt{X \zeta} \coth \sqrt{X / \zeta}`, with any wall :math:`\zeta`.

    X is the resistance of what fills all pores, from mouth to end, and zeta the impedance of their whole
    wall: times its true area, the specific impedance. A wall of much larger impedance than X gives
    :math:`\zeta + X/3`; one of much smaller :math:`\sqrt{X \zeta}`, and the current does not reach the
    end. A wall of resistance :math:`R_w` gives :math:`\sqrt{X R_w} \coth \sqrt{X / R_w}` at dc; a wall
    that blocks makes the pore block.

    Source: de Levie, Adv. Electrochem. Electrochem. Eng. 6 (1967) 329; Barcia et al., Electrochim. Acta 47
    (2002) 2109, doi 10.1016/S0013-4686(02)00081-6.
    """
    z, by_u = coth_over(x, np.sqrt(x / zeta))
    return z, (-0.5 * by_u, z + 0.5 * by_u)


@element("PoreEnd", _RAIL, dc="formula", inner=("wall", "end"))
def pore_with_end(s: Laplace, zeta: Complexes, z_end: Complexes, x: Floats) -> Evaluated:
    r"""Pore that ends in an impedance, :math:`Z = Z_0 \frac{Z_b + Z_0 \tanh u}{Z_0 + Z_b \tanh u}`.

    It has :math:`Z_0 = \sqrt{X \zeta}` and :math:`u = \sqrt{X / \zeta}`, with X and the wall zeta of `Pore`. The pore
    is open at its far end, where what fills it meets :math:`Z_b`: an electrode, another electrolyte.
    An end that blocks, :math:`Z_b \to \infty`, is the pore of de Levie; an end that is a short,
    :math:`Z_b \to 0`, gives :math:`\sqrt{X \zeta} \tanh \sqrt{X / \zeta}`. A wall of much larger impedance than X and
    the end gives :math:`X + Z_b`; one of much smaller :math:`\sqrt{X \zeta}`, and the current does not reach the end.
    It blocks only where both the wall and the end block.

    Source: Barcia et al., Electrochim. Acta 47 (2002) 2109, doi 10.1016/S0013-4686(02)00081-6 (the line is that of
    de Levie; the end is the load of a transmission line).
    """
    u = np.sqrt(x / zeta)
    z0 = x / u
    e = np.exp(-2 * u)
    tanh, sech_squared = -np.expm1(-2 * u) / (1 + e), 4 * e / (1 + e) ** 2
    ratio = z_end / z0
    under = 1 + ratio * tanh
    z = z0 * ((ratio + tanh) / under)
    by_end = (z_end / under) * (sech_squared / under)
    by_u = x * ((1 - ratio) / under) * ((1 + ratio) / under) * sech_squared
    by_z0 = z - by_end
    return z, (0.5 * (by_z0 - by_u), by_end, 0.5 * (by_z0 + by_u))


@element(
    "TLMQ",
    _RAIL,
    Quantity("Q", "S s^alpha", resistance=-1, time="alpha"),
    Quantity("alpha", "1", upper=1.0),
    dc="open",
)
def blocking_pore(s: Laplace, x: Floats, q: Floats, alpha: Floats) -> Evaluated:
    r"""Pore with a blocking wall, :math:`Z = X \coth(u) / u` with :math:`u = \sqrt{X Q s^\alpha}`.

    X is the resistance of what fills the pores, and the wall a constant-phase element. Low frequencies
    give :math:`X/3 + 1/(Q s^\alpha)`, high ones :math:`\sqrt{X / (Q s^\alpha)}` with a phase of
    :math:`-\alpha \cdot 45°`.

    Source: Landesfeind et al., J. Electrochem. Soc. 163 (2016) A1373, doi 10.1149/2.1141607jes.
    """
    z, by_u = coth_over(x, s.power(0.5 * alpha) * np.sqrt(x * q))
    half = 0.5 * by_u
    return z, (z + half, half, alpha * s.log * half)


@element(
    "T",
    Quantity("A", "ohm", resistance=1),
    Quantity("B", "ohm", resistance=1),
    Quantity("a", "1", usual=(1e-2, 1e2)),
    Quantity("b", "s", time=1),
    dc="formula",
)
def two_rails(s: Laplace, a_ohm: Floats, b_ohm: Floats, a: Floats, b: Floats) -> Evaluated:
    r"""Porous layer with two rails, :math:`Z = A \coth(v) / v + B / (v \sinh v)` with :math:`v^2 = a + s b`.

    With rails of resistance :math:`X_1` and :math:`X_2` through the whole layer,
    :math:`A = (X_1^2 + X_2^2) / (X_1 + X_2)` and :math:`B = 2 X_1 X_2 / (X_1 + X_2)`, thus B ≤ A; the
    resistance of both rails side by side, B/2, is not contained and stands in series. The wall has the
    impedance :math:`(X_1 + X_2) / v^2`, a resistor parallel to a capacitor. Low frequencies give
    :math:`A \coth(\sqrt a) / \sqrt a + B / (\sqrt a \sinh \sqrt a)`, high ones :math:`A / \sqrt{s b}`.

    impedance.py puts 1e10 in place of :math:`\sinh v` where Re v ≥ 100, so that B does not vanish there;
    its values A and B are for one unit of area.

    Source: Paasch, Micka & Gersdorf, Electrochim. Acta 38 (1993) 2653, doi 10.1016/0013-4686(93)85083-B.
    """
    v_squared = a + s.s * b
    v = np.sqrt(v_squared)
    e = np.exp(-v)
    one_minus = -np.expm1(-2 * v)
    coth, csch = (1 + e * e) / one_minus, 2 * e / one_minus
    first, second = a_ohm * coth / v, b_ohm * csch / v
    by_v_squared = -0.5 * (a_ohm * csch**2 + first + second * (1 + v * coth)) / v_squared
    return first + second, (first, second, by_v_squared * a, by_v_squared * (s.s * b))

"""Porous layers in which two conductors run side by side, with an interface between them."""

from __future__ import annotations

import numpy as np

from eisfit.elements.registry import Evaluated, Laplace, Quantity, element
from eisfit.tools.frozen import Complexes, Floats


@element(
    "Rails",
    Quantity("X1", "ohm", resistance=1),
    Quantity("X2", "ohm", resistance=1),
    dc="formula",
    inner=("wall",),
    exchangeable=("X1", "X2"),
)
def two_rail_line(s: Laplace, zeta: Complexes, x1: Floats, x2: Floats) -> Evaluated:
    r"""Two-rail line, :math:`Z = \frac{X_1 X_2}{S} (1 + \frac{2}{u \sinh u}) + \frac{X_1^2 + X_2^2}{S u} \coth u`.

    It has :math:`S = X_1 + X_2` and :math:`u = \sqrt{S / \zeta}`. The current enters rail 1 at one side of the layer
    and leaves rail 2 at the other: a polymer or liquid electrolyte in the pores (X1, the resistance through all
    of them) and the skeleton of a solid electrolyte (X2), both ionic, with their interface of impedance zeta
    (the whole wall: times its true area, the specific impedance) in between.

    A wall of much larger impedance than S gives :math:`\zeta + S/3`, one of much smaller
    :math:`X_1 X_2 / S`, both rails side by side; :math:`X_2 \to 0` is the pore of de Levie. A wall that
    blocks makes the line block. X1 and X2 can change places at equal Z, so that a spectrum never tells which
    rail is which: a fit has the larger first, unless one of them is fixed or has a start or a range. Where the wall
    dominates only their sum is known: fix one from the conductivity, porosity and tortuosity of its phase.
    Contacts on the same side, or a terminal impedance at an end, make another line.

    Source: Bisquert, Phys. Chem. Chem. Phys. 2 (2000) 4185, doi 10.1039/b001708f.
    """
    total = x1 + x2
    u = np.sqrt(total / zeta)
    e = np.exp(-u)
    one_minus = -np.expm1(-2 * u)
    coth, csch = (1 + e * e) / one_minus, 2 * e / one_minus
    across, along = 2 * csch / u, coth / u
    parallel = x1 * (x2 / total)
    rest = total - 2 * parallel  # (X1^2 + X2^2) / S
    z = parallel * (1 + across) + rest * along
    by_u = -parallel * across * (1 + u * coth) - rest * (csch * csch + along)

    by_rails = []
    for own, other in ((x1, x2), (x2, x1)):
        by_own = parallel * (other / total)
        by_rails.append(by_own * (1 + across) + (own - 2 * by_own) * along + 0.5 * (own / total) * by_u)
    return z, (-0.5 * by_u, *by_rails)

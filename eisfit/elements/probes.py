"""What reference electrodes of high resistance do to a four-electrode measurement."""

from __future__ import annotations

from eisfit.elements.registry import Evaluated, Laplace, Quantity, element
from eisfit.tools.frozen import Complexes, Floats


@element(
    "Probes",
    Quantity("tau1", "s", time=1),
    Quantity("tau2", "s", time=1),
    dc="formula",
    inner=("cell", "ground"),
    open_with=("cell",),
)
def reference_divider(
    s: Laplace, z_x: Complexes, z_common: Complexes, tau1: Floats, tau2: Floats
) -> Evaluated:
    r"""Circuit seen through two reference electrodes, :math:`Z = Z_x D_1 + Z_c (D_1 - D_2)`.

    It has :math:`D_i = 1 / (1 + s \tau_i)`, with :math:`\tau_i = R_i C`: the resistance of a reference electrode
    and the capacitance of the input and its cable divide the signal. 10 kohm and 100 pF make 1 µs, and
    an error of 2 % from 4 kHz on. :math:`Z_x` is the cell between the probes; :math:`Z_c` all that lies between
    the second probe and ground, which shows only where the two probes differ. Unequal probes can make the real part
    negative, and an inductive loop at high frequencies. ``tau1 = tau2 = 0`` is the cell; so is any tau at dc.

    Source: Hsieh, Ford, Mason & Pederson, Solid State Ionics 100 (1997) 297.
    """
    divided, other = 1 / (1 + s.s * tau1), 1 / (1 + s.s * tau2)
    seen, common = z_x * divided, z_common * (s.s * (tau2 - tau1) * divided * other)
    by_first = -(z_x + z_common) * (s.s * tau1 * divided * divided)
    by_second = z_common * (s.s * tau2 * other * other)
    return seen + common, (seen, common, by_first, by_second)

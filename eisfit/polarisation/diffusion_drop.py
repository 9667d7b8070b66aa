"""Drop of potential across a diffusion layer beside a solid, up to its limiting current."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from eisfit.errors import InputError
from eisfit.polarisation.charge_transfer import thermal_voltage
from eisfit.polarisation.drops_at_faces import InterfaceCurve
from eisfit.tools.frozen import Floats
from eisfit.tools.real_arguments import real_arguments


@real_arguments(InputError)
def diffusion_drop_v(
    current_a_per_cm2: npt.ArrayLike,
    limiting_a_per_cm2: float,
    *,
    temperature_c: float = 25.0,
    t_plus: float | None = None,
    charge: int = 1,
    thermodynamic_factor: float = 1.0,
) -> Floats:
    r"""Return :math:`(RT/zF) \ln(1 + i/i_{lim})`, times :math:`2 (1 - t_+)` in a binary salt.

    Parameters
    ----------
    current_a_per_cm2 : array_like, shape (n,)
        Positive from solid to liquid, where the salt gathers; negative currents deplete the layer.
    limiting_a_per_cm2 : float
        As `eisfit.elements.nernst.nernst_layer` gives it: z F D c / delta, or F D c / (delta (1 - t_plus)).
    temperature_c : float
        In °C.
    t_plus : float, optional
        Transference number of the cation in a binary salt, between reversible probes.
    charge : int
        Charge number z; 1 with `t_plus`.
    thermodynamic_factor : float
        1 + d ln gamma / d ln c.

    Raises
    ------
    InputError
        If a current reaches the limiting current, or a value is out of its range.

    Notes
    -----
    Source: Newman & Thomas-Alyea, Electrochemical Systems, 3rd ed. (2004), ch. 12. The slope at rest is the
    resistance of `nernst_layer`.

    Examples
    --------
    >>> drop = diffusion_drop_v([-0.02, 0.02], 0.0413, t_plus=0.3)
    >>> [round(float(v) * 1e3, 1) for v in drop]
    [-23.8, 14.2]
    """
    i = np.asarray(current_a_per_cm2, float)
    if not (np.isfinite(limiting_a_per_cm2) and limiting_a_per_cm2 > 0):
        raise InputError(f"limiting_a_per_cm2 is {limiting_a_per_cm2:g}: it must be positive")
    if t_plus is not None and not (0 < t_plus < 1 and charge == 1):
        raise InputError(f"t_plus is {t_plus:g}: it must lie between 0 and 1, for an ion of charge 1")
    if (i <= -limiting_a_per_cm2).any():
        raise InputError(
            f"a current of {i.min():.3g} A/cm2 into the solid reaches the limiting current of {limiting_a_per_cm2:.3g} "
            "A/cm2: no steady state exists there"
        )
    factor = thermodynamic_factor * (1.0 if t_plus is None else 2 * (1 - t_plus))
    found: Floats = factor * thermal_voltage(temperature_c, charge) * np.log1p(i / limiting_a_per_cm2)
    return found


def without_diffusion(
    curve: InterfaceCurve, limiting_a_per_cm2: float, *, t_plus: float | None = None, charge: int = 1
) -> InterfaceCurve:
    """Return a curve less the drop across a diffusion layer that is known, such as from the stirred cell.

    Parameters
    ----------
    curve : InterfaceCurve
        Drops that hold that of the layer.
    limiting_a_per_cm2, t_plus, charge
        As for `diffusion_drop_v`.

    Raises
    ------
    InputError
        If a current reaches the limiting current.
    """
    drop = diffusion_drop_v(
        curve.current_a_per_cm2,
        limiting_a_per_cm2,
        temperature_c=curve.temperature_c,
        t_plus=t_plus,
        charge=charge,
    )
    return replace(curve, drop_v=curve.drop_v - drop)

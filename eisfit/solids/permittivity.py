"""The permittivity of a layer from its geometry, and back."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from eisfit.errors import InputError
from eisfit.solids.checks import KINDS, VACUUM_F_PER_CM, number
from eisfit.tools.frozen import Floats


def relative_permittivity(
    capacitance_f: npt.ArrayLike, *, area_cm2: npt.ArrayLike | None, thickness_cm: npt.ArrayLike | None
) -> Floats:
    r"""Return the relative permittivity of a layer, :math:`\varepsilon_r = C \ell / (\varepsilon_0 A)`.

    Parameters
    ----------
    capacitance_f : array_like
        Effective capacitance of its arc in F.
    area_cm2, thickness_cm : array_like
        Of the layer.

    Raises
    ------
    InputError
        If geometry is missing, a number is out of range, or the result is below that of vacuum or above all solids.

    Notes
    -----
    Stray capacitance of the cell, often some pF, is in parallel and enlarges the result.

    Examples
    --------
    >>> round(float(relative_permittivity(8.85e-11, area_cm2=1.0, thickness_cm=0.1)), 1)
    100.0
    """
    why = "a permittivity needs the geometry of the layer"
    value = number("capacitance_f", capacitance_f) * number("thickness_cm", thickness_cm, why)
    found: Floats = value / (number("area_cm2", area_cm2, why) * VACUUM_F_PER_CM)
    if np.any(found < 1):
        raise InputError(
            f"relative permittivity {float(np.min(found)):.3g} is below 1, that of vacuum: "
            "check the units of capacitance_f, area_cm2 and thickness_cm"
        )
    if np.any(found > KINDS["permittivity"].high):
        raise InputError(
            f"relative permittivity {float(np.max(found)):.3g} is above that of any solid: "
            "the capacitance is that of a thin layer or an electrode; give its own thickness"
        )
    return found


def layer_capacitance_f_cm2(permittivity: npt.ArrayLike, thickness_cm: npt.ArrayLike) -> Floats:
    r"""Return the capacitance of a layer per area, :math:`\varepsilon_r \varepsilon_0 / \ell`, in F/cm².

    Parameters
    ----------
    permittivity : array_like
        Relative one.
    thickness_cm : array_like
        Of the layer.

    Raises
    ------
    InputError
        If a number is out of range.
    """
    found: Floats = (
        number("permittivity", permittivity) * VACUUM_F_PER_CM / number("thickness_cm", thickness_cm)
    )
    return found


def layer_thickness_cm(capacitance_f_cm2: npt.ArrayLike, permittivity: npt.ArrayLike) -> Floats:
    r"""Return the thickness of a layer from its capacitance, :math:`\varepsilon_r \varepsilon_0 / C`, in cm.

    Parameters
    ----------
    capacitance_f_cm2 : array_like
        Per area, in F/cm².
    permittivity : array_like
        Relative one.

    Raises
    ------
    InputError
        If a number is out of range.
    """
    found: Floats = (
        number("permittivity", permittivity)
        * VACUUM_F_PER_CM
        / number("capacitance_f_cm2", capacitance_f_cm2)
    )
    return found

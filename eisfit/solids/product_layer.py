"""An insulating layer of a reaction product between two conductors."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from eisfit.errors import InputError
from eisfit.solids.checks import complex_number, fraction, number
from eisfit.tools.frozen import Complexes, Floats


def product_layer_ohm_cm2(
    thickness_cm: npt.ArrayLike | None,
    conductivity_s_cm: npt.ArrayLike | None,
    *,
    covered: npt.ArrayLike = 1.0,
    bare_ohm_cm2: npt.ArrayLike | None = None,
) -> Complexes:
    r"""Return the resistance of a layer of a reaction product, :math:`d / \sigma`, in Ω cm².

    Parameters
    ----------
    thickness_cm : array_like
        Of the layer.
    conductivity_s_cm : array_like
        Of the product; a complex one, :math:`\sigma + j\omega\varepsilon`, gives the impedance.
    covered : array_like
        Share of the interface that the layer covers.
    bare_ohm_cm2 : array_like, optional
        Resistance of the interface without a layer; in series below the layer and alone where there is none. Needed
        where `covered` is below 1, since a bare interface of no resistance would carry all current.

    Returns
    -------
    float, complex or ndarray
        Resistance of layer and interface together.

    Raises
    ------
    InputError
        If a number is missing or out of range.

    Notes
    -----
    Covered and bare parts conduct side by side; the current spreads within the solids where patches are much smaller
    than these are thick. Source: Ohm's law.

    Examples
    --------
    >>> round(float(product_layer_ohm_cm2(5e-7, 1e-9)))  # 5 nm of a phosphate
    500
    """
    why = "a layer resists by thickness over conductivity"
    if conductivity_s_cm is None:
        raise InputError(f"conductivity_s_cm is missing: {why}; give that of the product in S/cm")
    layer = number("thickness_cm", thickness_cm, why) / complex_number("conductivity_s_cm", conductivity_s_cm)
    share = fraction("covered", covered)
    if bare_ohm_cm2 is None:
        if np.any(share < 1):
            raise InputError(
                "bare_ohm_cm2 is missing: covered is below 1, and the rest of the interface counts too"
            )
        return layer
    bare = number("bare_ohm_cm2", bare_ohm_cm2)
    if np.any((bare == 0) & (share < 1)):
        raise InputError(
            "bare_ohm_cm2 = 0 beside a layer that covers a part carries all current: give its resistance"
        )
    with np.errstate(divide="ignore"):
        return np.where(share == 1, layer + bare, 1 / (share / (layer + bare) + (1 - share) / bare))[()]


def thickest_product_layer_cm(
    limit_ohm_cm2: npt.ArrayLike | None, conductivity_s_cm: npt.ArrayLike | None
) -> Floats:
    r"""Return the thickness that a product may have at most where an interface resists less than a limit, in cm.

    Parameters
    ----------
    limit_ohm_cm2 : array_like
        Upper limit of the resistance of one interface.
    conductivity_s_cm : array_like
        Of the product.

    Raises
    ------
    InputError
        If a number is missing or out of range.

    Notes
    -----
    Where no interface arc is seen, a limit for a layer follows from the limit of the fit. Source: Ohm's law.
    """
    found: Floats = number("asr_ohm_cm2", limit_ohm_cm2, "the thickness follows from the limit") * number(
        "conductivity_s_cm", conductivity_s_cm, "the thickness follows from the limit"
    )
    return found

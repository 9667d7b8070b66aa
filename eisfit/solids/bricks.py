"""The brick layer: what arcs of bulk and grain boundary say of the boundaries themselves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from eisfit.errors import InputError
from eisfit.solids.checks import complex_number, fraction, number
from eisfit.tools.frozen import Complexes, Floats, Value

_THIN = 0.1  # share of the boundaries above which corrections of first order are felt


@dataclass(frozen=True, eq=False)
class BrickLayer(Value):
    """Conductivities of bulk and grain boundaries of a polycrystal.

    Parameters
    ----------
    bulk_s_cm : float or ndarray
        Conductivity of the grains.
    apparent_s_cm : float or ndarray
        Of the boundaries, by the thickness of the whole sample.
    specific_s_cm : float or ndarray
        Of the material of the boundaries: apparent times `share`.
    share : float or ndarray
        Width of a boundary over the size of a grain, from the capacitances.
    width_cm : float or ndarray
        Width of a boundary; nan without the size of the grains.
    boundaries : float or ndarray
        Number of boundaries that the current crosses; nan without the size of the grains.
    asr_per_boundary_ohm_cm2 : float or ndarray
        Area-specific resistance of one boundary; nan without the size of the grains.
    parallel_s_cm : float or ndarray
        Conductivity of the boundaries along the current, twice `share` times `specific_s_cm`.
    """

    bulk_s_cm: Floats
    apparent_s_cm: Floats
    specific_s_cm: Floats
    share: Floats
    width_cm: Floats
    boundaries: Floats
    asr_per_boundary_ohm_cm2: Floats
    parallel_s_cm: Floats

    @property
    def notes(self) -> tuple[str, ...]:
        """What limits these numbers, as sentences."""
        found = []
        if np.any(self.share > _THIN):
            found.append(
                f"boundaries fill {float(np.max(self.share)):.2g} of the length: "
                f"the model is for thin ones, below {_THIN:g}"
            )
        if np.any(self.specific_s_cm > self.bulk_s_cm):
            found.append("boundaries conduct better than grains: the path along them carries current too")
        if np.any(np.isnan(self.boundaries)):
            found.append(
                "no grain_size_cm given: width, number and resistance of single boundaries are not known"
            )
        return tuple(found)


def brick_layer(
    bulk_ohm: npt.ArrayLike,
    boundary_ohm: npt.ArrayLike,
    *,
    bulk_f: npt.ArrayLike,
    boundary_f: npt.ArrayLike,
    area_cm2: npt.ArrayLike | None,
    thickness_cm: npt.ArrayLike | None,
    grain_size_cm: npt.ArrayLike | None = None,
    permittivity_ratio: npt.ArrayLike = 1.0,
) -> BrickLayer:
    r"""Return what two arcs say of grains and boundaries.

    With cubes of size d and boundaries of width :math:`\delta \ll d`, the capacitances tell the share
    :math:`\delta / d = (C_b / C_{gb}) (\varepsilon_{gb} / \varepsilon_b)`, and the specific conductivity of the
    boundaries is :math:`\ell / (A R_{gb})` times it: no grain size is needed.

    Parameters
    ----------
    bulk_ohm, boundary_ohm : array_like
        Resistances of both arcs in Ω.
    bulk_f, boundary_f : array_like
        Their effective capacitances in F, see `effective_capacitance`.
    area_cm2, thickness_cm : array_like
        Of the sample, in cm² and cm.
    grain_size_cm : array_like, optional
        Mean size of the grains in cm.
    permittivity_ratio : array_like
        Permittivity of the boundaries over that of the grains.

    Returns
    -------
    BrickLayer
        Of the common shape of the arguments.

    Raises
    ------
    InputError
        If a number is missing, not positive or in a wrong unit, or the capacitances contradict thin boundaries.

    Notes
    -----
    Detours of the current round blocking boundaries give arcs that depend on both (Fleig and Maier, J. Eur. Ceram.
    Soc. 19 (1999) 693); grains of nanometres need the nested cube. Source: Bauerle, J. Phys. Chem. Solids 30 (1969)
    2657, doi 10.1016/0022-3697(69)90039-0; Haile et al., J. Mater. Res. 13 (1998) 1576, doi 10.1557/JMR.1998.0219.

    Examples
    --------
    >>> pellet = {"area_cm2": 0.5, "thickness_cm": 0.1, "grain_size_cm": 2e-4}
    >>> found = brick_layer(100.0, 400.0, bulk_f=1e-10, boundary_f=2e-8, **pellet)
    >>> float(found.share), float(found.boundaries), round(float(found.asr_per_boundary_ohm_cm2), 3)
    (0.005, 500.0, 0.4)
    """
    needed = "conductivities need the geometry of the sample"
    per_length = number("thickness_cm", thickness_cm, needed) / number("area_cm2", area_cm2, needed)
    thickness = number("thickness_cm", thickness_cm)
    share = (
        number("bulk_f", bulk_f)
        / number("boundary_f", boundary_f)
        * number("permittivity_ratio", permittivity_ratio)
    )
    if np.any(share >= 1):
        raise InputError(
            f"bulk_f over boundary_f gives boundaries {float(np.max(share)):.3g} times as wide as grains: "
            "they must be thinner; the two arcs may be exchanged, or their capacitances not be effective ones"
        )
    resistance = number("boundary_ohm", boundary_ohm)
    apparent = per_length / resistance
    grain = np.asarray(np.nan) if grain_size_cm is None else number("grain_size_cm", grain_size_cm)
    if np.any(grain > thickness):
        raise InputError(
            "grain_size_cm exceeds thickness_cm: there is no boundary to cross; check their units"
        )
    specific = apparent * share
    area = number("area_cm2", area_cm2)
    return BrickLayer(
        bulk_s_cm=per_length / number("bulk_ohm", bulk_ohm),
        apparent_s_cm=apparent,
        specific_s_cm=specific,
        share=share,
        width_cm=share * grain,
        boundaries=thickness / grain,
        asr_per_boundary_ohm_cm2=resistance * area * grain / thickness,
        parallel_s_cm=2 * share * specific,
    )


def brick_layer_conductivity(
    bulk_s_cm: npt.ArrayLike, boundary_s_cm: npt.ArrayLike, share: npt.ArrayLike
) -> Complexes:
    r"""Return the conductivity of a brick layer, with the path along the boundaries.

    .. math:: \sigma = \left(\frac{1}{\sigma_b} + \frac{x}{\sigma_{gb}}\right)^{-1} + 2 x \sigma_{gb}

    with the share :math:`x = \delta / d`, which must be small.

    Parameters
    ----------
    bulk_s_cm, boundary_s_cm : array_like
        Conductivity of grains and specific one of boundaries in S/cm; complex ones, with :math:`j\omega\varepsilon`,
        give the complex conductivity.
    share : array_like
        Width of a boundary over the size of a grain, 0 to 1.

    Returns
    -------
    float, complex or ndarray
        In S/cm.

    Raises
    ------
    InputError
        If a conductivity or the share is out of its range.

    Notes
    -----
    Source: Verkerk, Middelhuis and Burggraaf, Solid State Ionics 6 (1982) 159, doi 10.1016/0167-2738(82)90083-1.
    """
    bulk, boundary = complex_number("bulk_s_cm", bulk_s_cm), complex_number("boundary_s_cm", boundary_s_cm)
    x = fraction("share", share)
    return 1 / (1 / bulk + x / boundary) + 2 * x * boundary

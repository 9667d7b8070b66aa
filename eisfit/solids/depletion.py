"""Space charge beside a boundary: how wide it is, what it resists, and whether a layer is too thick to be one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from eisfit.constants import BOLTZMANN_EV_PER_K
from eisfit.solids.checks import FARADAY_C_PER_MOL, ROOM_K, VACUUM_F_PER_CM, number
from eisfit.solids.permittivity import layer_thickness_cm
from eisfit.tools.frozen import Bools, Floats, Value

LARGE_DROP = 3.0  # zF times the potential over RT, from which on the short formula is good to some 10 %
WIDEST = (
    2.0  # widths of depletion that a layer of space charge may measure by its capacitance: one on each side
)
CALCULATED_OHM_CM2 = (
    1.0  # space charge between solid electrolyte and electrode is below; doi 10.1021/acsaem.8b01141
)


@dataclass(frozen=True, eq=False)
class SpaceCharge(Value):
    """A depleted layer on one side of a boundary.

    Parameters
    ----------
    debye_length_cm : float or ndarray
        Screening length of the undisturbed material.
    width_cm : float or ndarray
        Width of the depleted layer after Mott and Schottky.
    resistance_ratio : float or ndarray
        Resistance of the layer over that of undisturbed material of its width.
    short_ratio : float or ndarray
        The same by the formula for large drops, exp(x) / (2x) with x = zF dphi / RT.
    asr_ohm_cm2 : float or ndarray
        Resistance of the layer; nan without the conductivity.
    capacitance_f_cm2 : float or ndarray
        Of the layer, permittivity over width.
    large_drop : bool or ndarray of bool
        Whether the drop is at least three times RT / zF: below that no layer is depleted, and no formula is good.
    """

    debye_length_cm: Floats
    width_cm: Floats
    resistance_ratio: Floats
    short_ratio: Floats
    asr_ohm_cm2: Floats
    capacitance_f_cm2: Floats
    large_drop: Bools

    @property
    def notes(self) -> tuple[str, ...]:
        """What limits these numbers, as sentences."""
        if np.all(self.large_drop):
            return ()
        return (
            f"a drop is below {LARGE_DROP:g} RT/zF: the layer is not depleted, and its width is uncertain",
        )


@dataclass(frozen=True, eq=False)
class ImpliedLayer(Value):
    """What resistance and capacitance of an interface make of it as a layer.

    Parameters
    ----------
    thickness_cm : float or ndarray
        Permittivity over capacitance.
    conductivity_s_cm : float or ndarray
        Thickness over resistance.
    widest_cm : float or ndarray
        Two depleted layers at the largest drop; nan without the concentration.
    too_thick : bool or ndarray of bool
        Whether it is thicker than that, so that it is no space charge.
    too_resistive : bool or ndarray of bool
        Whether its resistance exceeds 1 Ω cm², the most that was calculated for space charge.
    """

    thickness_cm: Floats
    conductivity_s_cm: Floats
    widest_cm: Floats
    too_thick: Bools
    too_resistive: Bools

    @property
    def notes(self) -> tuple[str, ...]:
        """What follows, as sentences."""
        found = []
        if np.any(self.too_thick):
            found.append(
                f"{1e7 * float(np.max(self.thickness_cm)):.3g} nm by the capacitance, and space charge reaches at most "
                f"{1e7 * float(np.min(self.widest_cm)):.3g} nm: too thick for space charge"
            )
        if np.any(self.too_resistive):
            found.append(f"more than the {CALCULATED_OHM_CM2:g} Ω cm² that was calculated for space charge")
        return tuple(found)


def debye_length_cm(
    concentration_mol_cm3: npt.ArrayLike | None,
    permittivity: npt.ArrayLike | None,
    *,
    temperature_k: npt.ArrayLike = ROOM_K,
    charge: npt.ArrayLike = 1.0,
) -> Floats:
    r"""Return the screening length, :math:`\sqrt{\varepsilon RT / (2 z^2 F^2 c)}`, in cm.

    Parameters
    ----------
    concentration_mol_cm3 : array_like
        Of the mobile defects far from the boundary, in mol/cm³.
    permittivity : array_like
        Relative one.
    temperature_k : array_like
        In kelvin.
    charge : array_like
        Charge number.

    Raises
    ------
    InputError
        If a number is missing or out of range.

    Notes
    -----
    Two kinds of defects of equal concentration screen. Source: Maier, Prog. Solid State Chem. 23 (1995) 171, doi
    10.1016/0079-6786(95)00004-E.
    """
    volt = BOLTZMANN_EV_PER_K * number("temperature_k", temperature_k)
    found: Floats = np.sqrt(
        _per_charge(concentration_mol_cm3, permittivity, charge) * volt / number("charge", charge) / 2
    )
    return found


def depletion_width_cm(
    potential_v: npt.ArrayLike | None,
    concentration_mol_cm3: npt.ArrayLike | None,
    permittivity: npt.ArrayLike | None,
    *,
    charge: npt.ArrayLike = 1.0,
) -> Floats:
    r"""Return the width of a depleted layer, :math:`\sqrt{2 \varepsilon |\Delta\varphi| / (zFc)}`, in cm.

    Parameters
    ----------
    potential_v : array_like
        Size of the drop from the boundary to the undisturbed material.
    concentration_mol_cm3, permittivity, charge : array_like
        As for `debye_length_cm`; the charge is that of an immobile dopant of constant concentration.

    Raises
    ------
    InputError
        If a number is missing or out of range.

    Notes
    -----
    Source: Mott-Schottky, as in Fleig, Rodewald and Maier, J. Appl. Phys. 87 (2000) 2372, doi 10.1063/1.372190.
    """
    drop = number("potential_v", potential_v, "a depleted layer is as wide as its drop makes it")
    found: Floats = np.sqrt(2 * drop * _per_charge(concentration_mol_cm3, permittivity, charge))
    return found


def space_charge(
    potential_v: npt.ArrayLike | None,
    *,
    concentration_mol_cm3: npt.ArrayLike | None,
    permittivity: npt.ArrayLike | None,
    bulk_s_cm: npt.ArrayLike | None = None,
    temperature_k: npt.ArrayLike = ROOM_K,
    charge: npt.ArrayLike = 1.0,
) -> SpaceCharge:
    r"""Return width, resistance and capacitance of a depleted layer on one side of a boundary.

    With :math:`x = zF\Delta\varphi / RT` and the parabolic potential of Mott and Schottky, the resistance over
    that of undisturbed material of the same width is :math:`\int_0^1 e^{x u^2} du`, which tends to
    :math:`e^x / (2x)`.

    Parameters
    ----------
    potential_v, concentration_mol_cm3, permittivity, charge : array_like
        As for `depletion_width_cm`.
    bulk_s_cm : array_like, optional
        Conductivity of the undisturbed material, for the resistance.
    temperature_k : array_like
        In kelvin.

    Raises
    ------
    InputError
        If a number is missing or out of range.

    Notes
    -----
    Both sides of a grain boundary double the resistance. Source: Fleig, Rodewald and Maier, J. Appl. Phys. 87 (2000)
    2372, doi 10.1063/1.372190.
    """
    from scipy.special import dawsn

    width = depletion_width_cm(potential_v, concentration_mol_cm3, permittivity, charge=charge)
    volt = BOLTZMANN_EV_PER_K * number("temperature_k", temperature_k)
    x = number("charge", charge) * number("potential_v", potential_v) / volt
    with np.errstate(over="ignore"):
        ratio = np.exp(x) * dawsn(np.sqrt(x)) / np.sqrt(x)
        short = np.exp(x) / (2 * x)
    bulk = np.asarray(np.nan) if bulk_s_cm is None else number("bulk_s_cm", bulk_s_cm)
    return SpaceCharge(
        debye_length_cm(concentration_mol_cm3, permittivity, temperature_k=temperature_k, charge=charge),
        width,
        ratio,
        short,
        ratio * width / bulk,
        number("permittivity", permittivity) * VACUUM_F_PER_CM / width,
        np.asarray(x >= LARGE_DROP),
    )


def implied_layer(
    asr_ohm_cm2: npt.ArrayLike,
    capacitance_f_cm2: npt.ArrayLike,
    *,
    permittivity: npt.ArrayLike | None,
    concentration_mol_cm3: npt.ArrayLike | None = None,
    largest_drop_v: npt.ArrayLike = 1.0,
    charge: npt.ArrayLike = 1.0,
) -> ImpliedLayer:
    """Return thickness and conductivity of an interface taken as a layer, and whether it may be space charge.

    Parameters
    ----------
    asr_ohm_cm2, capacitance_f_cm2 : array_like
        Of one interface.
    permittivity : array_like
        Relative one of the layer.
    concentration_mol_cm3 : array_like, optional
        Of the charge carriers of the solid; without it nothing is said of the thickness of space charge.
    largest_drop_v : array_like
        Largest drop that is thought possible.
    charge : array_like
        Charge number.

    Raises
    ------
    InputError
        If a number is missing or out of range.

    Notes
    -----
    Source for the resistance of space charge: doi 10.1021/acsaem.8b01141.

    Examples
    --------
    >>> found = implied_layer(300.0, 1e-7, permittivity=10.0, concentration_mol_cm3=1e-2)
    >>> round(1e7 * float(found.thickness_cm), 1), bool(found.too_thick)
    (88.5, True)
    """
    resistance = number("asr_ohm_cm2", asr_ohm_cm2)
    thickness = layer_thickness_cm(
        capacitance_f_cm2, number("permittivity", permittivity, "a thickness follows from it")
    )
    widest = np.asarray(np.nan)
    if concentration_mol_cm3 is not None:
        drop = number("potential_v", largest_drop_v)
        widest = WIDEST * depletion_width_cm(drop, concentration_mol_cm3, permittivity, charge=charge)
    with np.errstate(divide="ignore"):
        conductivity = thickness / resistance
    return ImpliedLayer(
        thickness,
        conductivity,
        widest,
        np.asarray(thickness > widest),
        np.asarray(resistance > CALCULATED_OHM_CM2),
    )


def _per_charge(
    concentration_mol_cm3: npt.ArrayLike | None, permittivity: npt.ArrayLike | None, charge: npt.ArrayLike
) -> Floats:
    """Return permittivity over density of charge, cm²/V."""
    density = FARADAY_C_PER_MOL * number(
        "concentration_mol_cm3", concentration_mol_cm3, "space charge is as wide as its carriers are few"
    )
    absolute = VACUUM_F_PER_CM * number("permittivity", permittivity, "space charge needs it")
    found: Floats = absolute / (density * number("charge", charge))
    return found

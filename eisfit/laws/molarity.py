"""The concentration in mol/L of a solution whose molality or ratio of ether oxygen to cations is known."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from eisfit.errors import SeriesError
from eisfit.tools.frozen import Floats
from eisfit.tools.real_arguments import real_arguments

EO_G_MOL = 44.053  # CH2CH2O, from standard atomic masses (IUPAC 2021)


@real_arguments(SeriesError)
def molarity_of_molality(
    molality_mol_kg: npt.ArrayLike, density_g_cm3: npt.ArrayLike, molar_mass_g_mol: npt.ArrayLike
) -> Floats:
    r"""Return the concentration of a salt whose amount per mass of solvent is known.

    Parameters
    ----------
    molality_mol_kg : array_like
        Salt in mol per kg of solvent.
    density_g_cm3 : array_like
        Density of the solution (not of the solvent) in g/cm³.
    molar_mass_g_mol : array_like
        Of the salt, in g/mol.

    Returns
    -------
    concentration_mol_l : array
        In mol per litre of solution, :math:`c = b \rho / (1 + b M)` with M in kg/mol and :math:`\rho` in kg/L.

    Raises
    ------
    SeriesError
        If a number is not positive or not finite.

    Notes
    -----
    Exact: it is the definition of both. Molality does not depend on temperature, concentration does, by the density.
    Source: IUPAC Green Book, 3rd ed. (2007), section 2.10.

    Examples
    --------
    >>> from eisfit.laws import molarity_of_molality
    >>> round(float(molarity_of_molality(1.0, 1.25, 151.905)), 4)
    1.0852
    """
    b, rho, mass = _positive(
        molality_mol_kg=molality_mol_kg, density_g_cm3=density_g_cm3, molar_mass_g_mol=molar_mass_g_mol
    )
    return np.asarray(b * rho / (1 + b * mass / 1000))


@real_arguments(SeriesError)
def molarity_of_eo_ratio(
    eo_per_cation: npt.ArrayLike, density_g_cm3: npt.ArrayLike, molar_mass_g_mol: npt.ArrayLike
) -> Floats:
    r"""Return the concentration of a salt in a polyether whose ratio of ether oxygen to cations is known.

    Parameters
    ----------
    eo_per_cation : array_like
        Units of CH2CH2O for each cation, such as 20 of EO:Li = 20:1.
    density_g_cm3 : array_like
        Density of the electrolyte, with its salt, in g/cm³.
    molar_mass_g_mol : array_like
        Of the salt, in g/mol.

    Returns
    -------
    concentration_mol_l : array
        In mol/L, :math:`c = \rho / (r M_{EO} + M)` with masses in kg/mol and :math:`\rho` in kg/L.

    Raises
    ------
    SeriesError
        If a number is not positive or not finite.

    Notes
    -----
    Exact where end groups weigh nothing beside the chain. Source: the masses of one cation's share.

    Examples
    --------
    >>> from eisfit.laws import molarity_of_eo_ratio
    >>> round(float(molarity_of_eo_ratio(20, 1.2, 287.09)), 4)
    1.0273
    """
    ratio, rho, mass = _positive(
        eo_per_cation=eo_per_cation, density_g_cm3=density_g_cm3, molar_mass_g_mol=molar_mass_g_mol
    )
    return np.asarray(1000 * rho / (ratio * EO_G_MOL + mass))


def _positive(**given: npt.ArrayLike) -> list[Floats]:
    found = []
    for name, values in given.items():
        numbers = np.asarray(values, float)
        if not (np.isfinite(numbers) & (numbers > 0)).all():
            bad = numbers[~(np.isfinite(numbers) & (numbers > 0))].flat[0]
            raise SeriesError(
                f"{name} is {bad:g}: it must be finite and positive; correct it, or leave that line out"
            )
        found.append(numbers)
    return found

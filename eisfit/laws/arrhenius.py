"""The Arrhenius law: straight lines over 1/T, with activation energies."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from eisfit.constants import BOLTZMANN_EV_PER_K
from eisfit.laws.follow import fit_law
from eisfit.laws.law_fit import Followed, LawFit, LawValue
from eisfit.laws.ordinate import ORDINATES, Ordinate
from eisfit.laws.registry import OF_ORDINATE, TEMPERATURE, Evaluated, LawParameter, Straight, law
from eisfit.tools.frozen import Floats

ARRHENIUS = "arrhenius"
ENERGY = "E"
SMALL_ERROR_EV = 0.05  # an error below it is stated whatever the energy
LARGE_ERROR_EV = 0.5  # an energy with a larger error is not determined


class Arrhenius(LawFit):
    """A straight line through the logarithm of a quantity over 1/T; a `LawFit` with the names of its parameters.

    Energies of different ordinates differ by kT. The line is ``level + slope (1/T - centre)``, and the covariance
    is that of level and slope.
    """

    @property
    def activation_energy_ev(self) -> float:
        """Minus slope times k, in eV."""
        return self[ENERGY].value

    @property
    def activation_energy_stderr_ev(self) -> float:
        """Standard error of the activation energy in eV."""
        return self[ENERGY].stderr

    @property
    def ci95_ev(self) -> tuple[float, float]:
        """95 % interval of the activation energy in eV."""
        return self[ENERGY].ci95

    @property
    def determined(self) -> bool:
        """Whether the error of the activation energy is below 0.5 eV and below half of it, or below 50 meV.

        Also where no error is known.
        """
        error = self.activation_energy_stderr_ev
        half = max(0.5 * abs(self.activation_energy_ev), SMALL_ERROR_EV)
        return not error > min(half, LARGE_ERROR_EV)

    def shown(self, parameter: LawValue) -> str:
        """Return a parameter with its error as text, if the energy is determined."""
        return super().shown(parameter) if self.determined else "not determined"

    @property
    def temperature_k(self) -> Floats:
        """Temperatures of the points in kelvin, shape (n,)."""
        return self.at

    @property
    def centre_per_k(self) -> float:
        """Where the level is, in 1/K."""
        return self.centre

    @property
    def level(self) -> float:
        """Ordinate at the centre."""
        return float(self.coordinates[0])

    @property
    def slope_k(self) -> float:
        """Slope over 1/T in K."""
        return float(self.coordinates[1])


def reciprocal(temperature_k: Floats) -> tuple[Floats, Floats]:
    """Return 1/T, and dT / d(1/T)."""
    return 1 / temperature_k, -(temperature_k**2)


@law(
    ARRHENIUS,
    LawParameter("A", OF_ORDINATE),
    LawParameter(ENERGY, "eV", coordinate="value"),
    ordinates=ORDINATES,
    condition=TEMPERATURE,
    source="Arrhenius, Z. Phys. Chem. 4 (1889) 226, doi 10.1515/zpch-1889-0416",
    straight=Straight(reciprocal, -BOLTZMANN_EV_PER_K),
    result=Arrhenius,
)
def arrhenius(temperature_k: Floats, a: Floats, energy_ev: Floats) -> Evaluated:
    r"""Thermally activated transport, :math:`y = \ln A - E / (k T)`."""
    inverse = 1 / (BOLTZMANN_EV_PER_K * temperature_k)
    y = np.log(a) - energy_ev * inverse
    return y, (np.ones_like(temperature_k), -inverse), energy_ev * inverse / temperature_k


def fit_arrhenius(
    temperature_k: npt.ArrayLike,
    value: npt.ArrayLike,
    stderr_log: npt.ArrayLike | None = None,
    *,
    temperature_err_k: npt.ArrayLike | None = None,
    ordinate: Ordinate = "ln(1/R)",
    used: npt.ArrayLike | None = None,
    of: Followed | None = None,
    common_stderr_log: float = 0.0,
) -> Arrhenius:
    r"""Fit :math:`y = \ln A - E / (k T)` with point errors and temperature errors.

    Parameters
    ----------
    temperature_k : array_like, shape (n,)
        In kelvin.
    value, stderr_log, used, of, common_stderr_log
        As in `fit_law`.
    temperature_err_k : array_like, shape (n,), optional
        Standard errors of the temperatures, independent from point to point.
    ordinate : {"ln(1/R)", "ln(T/R)", "ln(sigma)", "ln(sigma T)"}
        What is plotted over 1/T.

    Returns
    -------
    Arrhenius

    Raises
    ------
    SeriesError
        If fewer than two temperatures are used, or a value is not positive.
    """
    found = fit_law(
        ARRHENIUS,
        temperature_k,
        value,
        stderr_log,
        condition_err=temperature_err_k,
        ordinate=ordinate,
        used=used,
        of=of,
        common_stderr_log=common_stderr_log,
    )
    assert isinstance(found, Arrhenius)
    return found

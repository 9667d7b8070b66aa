"""Exchange current, transfer coefficient and interphase from a resistance over concentration."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from eisfit.constants import BOLTZMANN_EV_PER_K, ZERO_CELSIUS_K
from eisfit.errors import SeriesError
from eisfit.laws.law_fit import LawFit, LawValue
from eisfit.tools.frozen import Floats, Value, frozen_array

NAMES = ("i0", "alpha", "R_SLEI")
_PER_AREA = "ohm cm2"
_UNSURE = 0.5  # relative standard error of R_SLEI from which on it is said


@dataclass(frozen=True, eq=False)
class ExchangeCurrent(Value):
    r"""What a resistance over concentration says of a charge transfer beside an interphase.

    Parameters
    ----------
    i0 : LawValue
        Exchange current density at 1 mol/l in A/cm².
    alpha : LawValue
        Transfer coefficient: :math:`i_0 \propto c^{1 - \alpha}`.
    r_slei : LawValue
        Area-specific resistance of the interphase in Ω cm².
    covariance : ndarray, shape (3, 3)
        Of ln i0, alpha and ln R_SLEI.
    temperature_c : float
        For which i0 holds, in °C.
    charge : int
        Charge number of the ion.
    quantile : float
        Of the 95 % intervals.
    """

    i0: LawValue
    alpha: LawValue
    r_slei: LawValue
    covariance: Floats
    temperature_c: float
    charge: int
    quantile: float

    @property
    def values(self) -> tuple[LawValue, LawValue, LawValue]:
        """All three."""
        return self.i0, self.alpha, self.r_slei

    @property
    def correlation(self) -> Floats:
        """Correlations of ln i0, alpha and ln R_SLEI, shape (3, 3)."""
        sigma = np.sqrt(np.diag(self.covariance))
        return np.asarray(self.covariance / np.outer(sigma, sigma))

    def i0_at(self, concentration_mol_l: float) -> LawValue:
        """Return the exchange current density at a concentration, in A/cm², with its error.

        Raises
        ------
        SeriesError
            If the concentration is not positive.
        """
        if not (math.isfinite(concentration_mol_l) and concentration_mol_l > 0):
            raise SeriesError(f"concentration_mol_l is {concentration_mol_l:g}: it must be positive")
        log_c = math.log(concentration_mol_l)
        gradient = np.array([1.0, -log_c, 0.0])
        error = float(np.sqrt(max(gradient @ self.covariance @ gradient, 0.0)))
        value = self.i0.value * math.exp((1 - self.alpha.value) * log_c)
        return _positive("i0", value, error, self.quantile, "A cm-2")


class PowerOfConcentration(LawFit):
    """A constant and a power of the concentration, read as interphase and charge transfer."""

    @property
    def alpha(self) -> LawValue:
        """Transfer coefficient, 1 - n."""
        n = self["n"]
        return LawValue("alpha", 1 - n.value, n.stderr, (1 - n.ci95[1], 1 - n.ci95[0]), "1")

    @property
    def r_slei(self) -> LawValue:
        """Resistance of the interphase, the constant R0."""
        r0 = self["R0"]
        return LawValue("R_SLEI", r0.value, r0.stderr, r0.ci95, r0.unit)

    @property
    def derived(self) -> tuple[LawValue, ...]:
        """What follows from the parameters alone: alpha. The exchange current needs a temperature too."""
        return (self.alpha,)

    def exchange_current(self, temperature_c: float, charge: int = 1) -> ExchangeCurrent:
        r"""Return exchange current density, transfer coefficient and interphase, with their correlations.

        Parameters
        ----------
        temperature_c : float
            At which the resistances were measured, in °C.
        charge : int
            Charge number z of the ion.

        Raises
        ------
        SeriesError
            If the values are not area-specific, or temperature or charge cannot be.

        Notes
        -----
        :math:`R_p = R_\mathrm{SLEI} + \frac{RT}{zF i_0} c^{-(1-\alpha)}`, so that i0 = RT / (zF K). An error of the
        area, which all points share, is in i0 and R_SLEI, and correlates them. Source: Schleutker et al. (2017), doi
        10.1039/c7cp05213h, equations 2 to 4.

        Examples
        --------
        >>> import numpy as np
        >>> from eisfit.laws import Followed, fit_law
        >>> c = np.array([0.01, 0.1, 1.0, 3.0])
        >>> of = Followed(quantity="asr", unit="ohm cm2")
        >>> fit = fit_law("power of concentration", c, 300 + 484 * c**-0.56, np.full(4, 0.01), of=of)
        >>> found = fit.exchange_current(temperature_c=25)
        >>> f"{1e6 * found.i0.value:.1f} µA/cm2, alpha {found.alpha.value:.2f}, {found.r_slei.value:.0f} ohm cm2"
        '53.1 µA/cm2, alpha 0.44, 300 ohm cm2'
        """
        if self.unit != _PER_AREA:
            raise SeriesError(
                f"{self.contribution or 'the points'}: values in {self.unit} tell no exchange current density: give "
                "asr_ohm_cm2, resistance times area"
            )
        if not (math.isfinite(temperature_c) and temperature_c > -ZERO_CELSIUS_K):
            raise SeriesError(f"temperature_c is {temperature_c:g}: give °C above {-ZERO_CELSIUS_K} °C")
        if charge < 1:
            raise SeriesError(f"charge is {charge}: give the charge number of the ion, 1 or more")
        thermal_v = BOLTZMANN_EV_PER_K * (temperature_c + ZERO_CELSIUS_K) / charge
        covariance = self._of_transfer()
        k = self["K"]
        i0 = _positive("i0", thermal_v / k.value, k.stderr / k.value, self.quantile, "A cm-2")
        found = frozen_array(covariance, float)
        return ExchangeCurrent(i0, self.alpha, self.r_slei, found, temperature_c, charge, self.quantile)

    def _of_transfer(self) -> Floats:
        """Return the covariance of ln i0, alpha, ln R_SLEI, with the error that all points share."""
        r0 = self["R0"]
        shared = max((r0.stderr / r0.value) ** 2 - float(self.covariance[0, 0]), 0.0)
        of_logs = np.array(self.covariance)
        of_logs[:2, :2] += shared
        turned = np.array(
            [[0.0, -1.0, 0.0], [0.0, 0.0, -self["n"].value], [1.0, 0.0, 0.0]]
        )  # of ln R0, ln K, ln n
        return np.asarray(turned @ of_logs @ turned.T)

    def sentences(self, files: Mapping[str, str] | None = None) -> tuple[str, ...]:
        """Return what is to be said of it."""
        said, alpha, r_slei = list(super().sentences(files)), self.alpha, self.r_slei
        if not 0 < alpha.value < 1:
            said.append(
                f"alpha {self.shown(alpha)} does not lie between 0 and 1: another process than a charge transfer "
                "follows the concentration, or the range is too narrow"
            )
        if not r_slei.stderr < _UNSURE * r_slei.value:
            said.append(
                "the interphase R_SLEI is not told from the charge transfer; measure at higher concentrations"
            )
        return tuple(said)


def _positive(name: str, value: float, error: float, quantile: float, unit: str) -> LawValue:
    spread = math.exp(min(quantile * error, 700.0)) if quantile == quantile else math.nan
    return LawValue(name, value, value * error, (value / spread, value * spread), unit)

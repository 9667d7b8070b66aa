"""How the logarithm of a parameter is expected to follow temperature."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from eisfit.constants import BOLTZMANN_EV_PER_K, ZERO_CELSIUS_K
from eisfit.laws.ordinate import Ordinate
from eisfit.tools.frozen import Floats

ORIGIN_K = 25.0 + ZERO_CELSIUS_K  # temperature at which levels are given
_ORDINATES: dict[float, Ordinate] = {0.0: "ln(1/R)", 1.0: "ln(T/R)"}
_PURE = 1e-3  # difference of a power from that of a straight line


@dataclass(frozen=True)
class Rate:
    """``ln p = level + slope (1/T - 1/T0) + power ln(T/T0)`` with T0 = 25 °C.

    Parameters
    ----------
    level : float
        ln p at 25 °C.
    slope_k : float
        In K; the activation energy by k.
    power : float
        1 where the activation energy is that of T/R.
    """

    level: float
    slope_k: float = 0.0
    power: float = 0.0

    @classmethod
    def activated(
        cls, value: float, energy_ev: float = 0.0, at_c: float = 25.0, *, with_temperature: bool = False
    ) -> Rate:
        """Return the rate of what has a value at a temperature in °C, and an activation energy in eV."""
        found = cls(0.0, energy_ev / BOLTZMANN_EV_PER_K, float(with_temperature))
        at = float(found.log_values(np.array([at_c]))[0])
        return cls(float(np.log(value)) - at, found.slope_k, found.power)

    @classmethod
    def through(cls, temperatures_c: Sequence[float], log_values: Floats) -> Rate:
        """Return the rate that meets exact logarithms at some temperatures in °C best."""
        design = _terms(np.asarray(temperatures_c, float))
        wide = design[:, : min(design.shape[0], 3)]
        found = np.linalg.lstsq(wide, log_values, rcond=1e-14)[0].tolist()
        return cls(*found)

    @classmethod
    def fitted(cls, temperatures_c: Floats, log_values: Floats, weight: Floats, power: float = 0.0) -> Rate:
        """Return the line of a given power through measured logarithms; their mean at a single temperature."""
        columns = 2 if np.unique(temperatures_c).size > 1 else 1
        terms, root = _terms(temperatures_c), np.sqrt(weight)
        design = terms[:, :columns] * root[:, None]
        level, *slope = np.linalg.lstsq(design, (log_values - power * terms[:, 2]) * root, rcond=None)[
            0
        ].tolist()
        return cls(level, slope[0] if slope else 0.0, power)

    def log_values(self, temperatures_c: Floats) -> Floats:
        """Return ln p at temperatures in °C."""
        return np.asarray(_terms(temperatures_c) @ [self.level, self.slope_k, self.power])

    @property
    def ordinate(self) -> Ordinate | None:
        """The ordinate in which a resistance is a straight line over 1/T; None for a sum of several, which is none."""
        return next((o for power, o in _ORDINATES.items() if abs(self.power - power) < _PURE), None)

    def energy_ev(self, temperature_k: float) -> float:
        """Return the activation energy of a resistance; of a sum of several that of ln(1/R) at a temperature."""
        bent = 0.0 if self.ordinate is not None else self.power * temperature_k
        return BOLTZMANN_EV_PER_K * (self.slope_k - bent)

    def plus(self, other: Rate, factor: float = 1.0) -> Rate:
        """Return the rate of a product: the other one to a power."""
        return Rate(
            self.level + factor * other.level,
            self.slope_k + factor * other.slope_k,
            self.power + factor * other.power,
        )

    def scaled(self, log_factor: float) -> Rate:
        """Return the rate of what is larger by a factor."""
        return Rate(self.level + log_factor, self.slope_k, self.power)


def _terms(temperatures_c: Floats) -> Floats:
    kelvin = temperatures_c + ZERO_CELSIUS_K
    return np.stack([np.ones_like(kelvin), 1 / kelvin - 1 / ORIGIN_K, np.log(kelvin / ORIGIN_K)], axis=1)

"""Parameters of many spectra as functions of few: laws over a condition, and values shared by all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from eisfit.cell.links import Link
from eisfit.laws.law_fit import law_model, law_slope
from eisfit.laws.registry import TEMPERATURE
from eisfit.tools.frozen import Floats


@dataclass(frozen=True, eq=False)
class Following:
    """One parameter of N spectra as a function of a few common coordinates.

    Parameters
    ----------
    link : Link
        What holds of it.
    column : int
        Which parameter of the circuit it is.
    at : ndarray, shape (N,)
        The condition of each spectrum; of the temperature in kelvin.
    centre : float
        Abscissa at which a straight law has its level; it decorrelates level and slope.
    beside : int or None
        Parameter of the circuit to whose ratio the coordinates belong; it is not beside another one itself.
    offset : ndarray, shape (N,), or float
        What its logarithm lies above that of the coordinates: the geometry of another cell.
    geometry : (int, float) or None
        Common coordinate that is the logarithm of the error of that geometry, and its sign.
    """

    link: Link
    column: int
    at: Floats
    centre: float = 0.0
    beside: int | None = None
    offset: Floats | float = 0.0
    geometry: tuple[int, float] | None = None

    @classmethod
    def of(cls, link: Link, place: tuple[int, int | None], at: Floats, centre: float) -> Following:
        """Return a parameter of a circuit that follows its link at given conditions."""
        return cls(link, place[0], at, centre, place[1])

    @property
    def size(self) -> int:
        """Number of coordinates."""
        return self.link.size

    @property
    def over_temperature(self) -> bool:
        """Whether an error of the temperature moves it."""
        return self.link.law is not None and self.link.law.condition == TEMPERATURE

    def log_values(self, coordinates: Floats, at: Floats) -> tuple[Floats, Floats, Floats]:
        """Return ln p (N,), its derivatives by the coordinates (N, size), and by the condition (N,)."""
        law, n = self.link.law, at.size
        if law is None:
            return np.full(n, coordinates[0]), np.ones((n, 1)), np.zeros(n)
        if law.straight is not None:
            x, per_x = law.straight.abscissa(at)
            y, slopes = (
                coordinates[0] + coordinates[1] * (x - self.centre),
                np.stack([np.ones(n), x - self.centre], 1),
            )
            rate = coordinates[1] / per_x
        else:
            y, slopes = law_model(law, coordinates, at)
            rate = law_slope(law, coordinates, at)
        sign = -1.0 if "/R" in self.link.ordinate else 1.0
        log_t, per_t = (np.log(at), 1 / at) if "T" in self.link.ordinate else (0.0, 0.0)
        return sign * (y - log_t), sign * slopes, sign * (rate - per_t)

    def fitted(self, log_values: Floats, weight: Floats) -> Floats:
        """Return the coordinates that meet logarithms (N,) best, weighted (N,)."""
        law = self.link.law
        if law is None:
            return np.array([np.average(log_values, weights=weight)])
        sign = -1.0 if "/R" in self.link.ordinate else 1.0
        y = sign * log_values + (np.log(self.at) if "T" in self.link.ordinate else 0.0)
        if law.straight is not None:
            x = law.straight.abscissa(self.at)[0] - self.centre
            design = np.stack([np.ones_like(x), x], axis=1) * np.sqrt(weight)[:, None]
            return np.asarray(np.linalg.lstsq(design, y * np.sqrt(weight), rcond=None)[0])
        assert law.start is not None
        values = law.start(self.at[weight > 0], y[weight > 0])
        return np.array(
            [
                np.log(v) if p.coordinate == "logarithm" else v
                for p, v in zip(law.parameters, values, strict=True)
            ]
        )

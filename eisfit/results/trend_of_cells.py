"""A value of several cells over a covariate, with its trend."""

from __future__ import annotations

from dataclasses import dataclass, field

from eisfit.laws.covariate_trend import Trend
from eisfit.tools.frozen import Floats, Value


@dataclass(frozen=True, eq=False)
class TrendOfCells(Value):
    """Activation energies, or values at one temperature, of one contribution over a covariate.

    Parameters
    ----------
    contribution : str
        Of all cells.
    quantity : str
        ``activation energy``, or ``asr``, ``conductivity`` or ``resistance`` at `reference_c`.
    unit : str
        Of the values.
    ordinate : str
        In which the lines were fitted.
    reference_c : float
        Temperature of the values in °C; nan for an activation energy.
    covariate : str
        Its name.
    logarithm : bool
        Whether the line is over the logarithm of the covariate.
    cells, groups : tuple of str
        Names of the cells, and the group of each; without groups all are empty.
    x, y, stderr : ndarray, shape (n,)
        Covariate, and values with their standard errors; of other quantities than the energy the errors are of the
        logarithm.
    found : Trend
        Of the values; of other quantities than the energy of their natural logarithms.
    note : str
        Which values are extrapolated.
    """

    contribution: str
    quantity: str
    unit: str
    ordinate: str
    reference_c: float
    covariate: str
    logarithm: bool
    cells: tuple[str, ...]
    groups: tuple[str, ...]
    x: Floats = field(repr=False)
    y: Floats = field(repr=False)
    stderr: Floats = field(repr=False)
    found: Trend
    note: str = ""

    @property
    def of_energy(self) -> bool:
        """Whether the values are activation energies."""
        return self.quantity == "activation energy"

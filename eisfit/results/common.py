"""What all spectra of a joint fit have in common: the coordinates of its links, with one covariance."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from eisfit.errors import SeriesError
from eisfit.laws.ordinate import Ordinate
from eisfit.tools.frozen import Floats, Value, frozen_array
from eisfit.tools.nearest import did_you_mean


@dataclass(frozen=True)
class CommonLink:
    """One link: its name, the law it follows (empty for one value), the ordinate, and where a straight law is centred.

    Parameters
    ----------
    name, law : str
        Such as ``"grain boundary"`` and ``"arrhenius"``, or ``"grain boundary C"`` and ``""``.
    ordinate : str
        In which the law holds.
    centre : float
        Abscissa at which a straight law has its level, such as 1 / T in 1/K.
    size : int
        Number of its coordinates.
    """

    name: str
    law: str
    ordinate: Ordinate
    centre: float
    size: int


def _nothing() -> Floats:
    return frozen_array(np.empty(0), float)


@dataclass(frozen=True, eq=False)
class Common(Value):
    """The coordinates of all links of a joint fit.

    Parameters
    ----------
    links : tuple of CommonLink
        In the order of the coordinates.
    coordinates : ndarray, shape (G,)
        Level and slope of a straight law, else logarithms or values of its parameters; of one value its logarithm. A
        resistance is one segment's, in ohm.
    covariance : ndarray, shape (G, G)
        Of them, with the errors of temperatures, scaled as those of the laws.
    """

    links: tuple[CommonLink, ...] = ()
    coordinates: Floats = field(default_factory=_nothing)
    covariance: Floats = field(default_factory=lambda: frozen_array(np.empty((0, 0)), float))

    def place(self, name: str) -> tuple[CommonLink, slice]:
        """Return a link and where its coordinates stand.

        Raises
        ------
        SeriesError
            If there is none of that name; the message lists those there are.
        """
        start = 0
        for link in self.links:
            if link.name == name:
                return link, slice(start, start + link.size)
            start += link.size
        names = [link.name for link in self.links]
        there = ", ".join(map(repr, names)) or "none"
        raise SeriesError(
            f"{name!r} is no link of this joint fit{did_you_mean(name, names)}; there are {there}"
        )

"""What is known of links before a joint fit: the condition of each spectrum, and values from elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from eisfit.cell.links import Link
from eisfit.constants import ZERO_CELSIUS_K
from eisfit.errors import SeriesError
from eisfit.fitting.complement import Complement
from eisfit.laws.registry import TEMPERATURE
from eisfit.results.fit import Fit
from eisfit.tools.frozen import Floats


def conditions_of(fits: Sequence[Fit], link: Link, takes_part: Sequence[bool]) -> Floats:
    """Return the condition of the law of a link, of the temperature in kelvin; nan where a spectrum takes no part.

    Raises
    ------
    SeriesError
        If a spectrum that takes part does not know it.
    """
    if link.law is None:
        return np.zeros(len(fits))
    name = link.law.condition
    values = []
    for fit, own in zip(fits, takes_part, strict=True):
        value = fit.spectrum.conditions.number(name) if own else np.nan
        if value is None:
            raise SeriesError(
                f"law of {link.name!r}: {link.law.name} is over {name}, which {fit.label!r} does not know; state it of "
                "each spectrum, or choose a law over another condition"
            )
        values.append(value)
    found = np.array(values, float)
    return found + ZERO_CELSIUS_K if name == TEMPERATURE else found


def check_enough(fits: Sequence[Fit], link: Link, takes_part: Sequence[bool]) -> None:
    """Raise SeriesError where there are fewer values of the condition than the law has parameters."""
    if link.law is None:
        return
    found = conditions_of(fits, link, takes_part)
    there, needed = np.unique(found[np.isfinite(found)]).size, len(link.law.parameters)
    if there < needed:
        raise SeriesError(
            f"law of {link.name}: {there} value(s) of {link.law.condition}; {link.law.name} has {needed} "
            "parameters, so it needs at least as many; measure more, or take a law of fewer parameters"
        )


def centre_of(link: Link, at: Floats) -> float:
    """Return the abscissa at which a straight law has its level."""
    straight = None if link.law is None else link.law.straight
    return 0.0 if straight is None else float(straight.abscissa(at[np.isfinite(at)])[0].mean())


def prior_of(
    links: Sequence[Link], complements: Sequence[Complement], places: Sequence[tuple[float, float]] = ()
) -> Floats:
    """Return what is known of common coordinates, of the geometry of complements, of places of probes, and its errors.

    Shape (2, G); the places are in cm.
    """
    mean: list[float] = []
    sigma: list[float] = []
    for link in links:
        known = link.known
        mean += [0.0] * link.size if known is None else [float(np.log(known[0]))]
        sigma += [np.inf] * link.size if known is None else [known[1] / known[0]]
    mean += [0.0] * len(complements)
    sigma += [c.geometry_err for c in complements]
    return np.array([mean + [at for at, _ in places], sigma + [error for _, error in places]]).reshape(2, -1)

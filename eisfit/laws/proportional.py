"""Laws of one parameter: a quantity in proportion to something that is known of each spectrum."""

from __future__ import annotations

import numpy as np

from eisfit.laws.registry import OF_ORDINATE, Evaluated, LawParameter, law
from eisfit.tools.frozen import Floats

_SOURCE = "geometry"


def _start_growing(known: Floats, y: Floats) -> tuple[float]:
    return (float(np.exp(np.mean(y - np.log(known)))),)


def _start_falling(known: Floats, y: Floats) -> tuple[float]:
    return (float(np.exp(np.mean(y + np.log(known)))),)


def _growing(known: Floats, a: float) -> Evaluated:
    return np.log(a) + np.log(known), (np.ones_like(known),), 1 / known


@law(
    "proportional to thickness",
    LawParameter("per_cm", f"{OF_ORDINATE} cm^-1"),
    ordinates=("ln(R)",),
    condition="thickness_cm",
    source=_SOURCE,
    start=_start_growing,
)
def proportional_to_thickness(thickness_cm: Floats, a: float) -> Evaluated:
    """In proportion to the thickness of the solid, as the resistance of a layer."""
    return _growing(thickness_cm, a)


@law(
    "inverse to area",
    LawParameter("times_area", f"{OF_ORDINATE} cm2"),
    ordinates=("ln(R)",),
    condition="area_cm2",
    source=_SOURCE,
    start=_start_falling,
)
def inverse_to_area(area_cm2: Floats, a: float) -> Evaluated:
    """In inverse proportion to the area, as every resistance across it."""
    return np.log(a) - np.log(area_cm2), (np.ones_like(area_cm2),), -1 / area_cm2


@law(
    "proportional to count",
    LawParameter("of_one", OF_ORDINATE),
    ordinates=("ln(R)",),
    condition="count",
    source=_SOURCE,
    start=_start_growing,
)
def proportional_to_count(count: Floats, a: float) -> Evaluated:
    """In proportion to how many there are in each cell; ``count`` is a condition of one's own."""
    return _growing(count, a)


@law(
    "equal up to factor",
    LawParameter("at_1", OF_ORDINATE),
    ordinates=("ln(R)",),
    condition="factor",
    source="the factor of each spectrum is known",
    start=_start_growing,
)
def equal_up_to_factor(factor: Floats, a: float) -> Evaluated:
    """Equal in all spectra but for a known factor; ``factor`` is a condition of one's own."""
    return _growing(factor, a)

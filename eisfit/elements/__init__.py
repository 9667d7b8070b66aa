"""The shelf of elements: a formula with its derivatives, units, source."""

from eisfit.elements import (
    constant_phase,
    diffusion,
    gerischer,
    lumped,
    nernst,
    porous,
    probes,
    rails,
    skewed_arc,
)
from eisfit.elements.aliases import ALIASES
from eisfit.elements.registry import ELEMENTS, Element, Laplace, Quantity, element

__all__ = [
    "ALIASES",
    "ELEMENTS",
    "Element",
    "Laplace",
    "Quantity",
    "constant_phase",
    "diffusion",
    "element",
    "gerischer",
    "lumped",
    "nernst",
    "porous",
    "probes",
    "rails",
    "skewed_arc",
]

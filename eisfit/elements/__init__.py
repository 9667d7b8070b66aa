"""The shelf of elements; importing it fills the register."""

from eisfit.elements import constant_phase, diffusion, gerischer, lumped, porous, relaxation
from eisfit.elements._registry import ELEMENTS, Element, Laplace, Quantity, element
from eisfit.elements.aliases import ALIASES

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
    "porous",
    "relaxation",
]

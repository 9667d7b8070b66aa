"""The shelf of elements; importing it fills the register."""

from eisfit.elements import constant_phase, diffusion, lumped
from eisfit.elements._registry import ELEMENTS, Element, Laplace, Quantity, element

__all__ = ["ELEMENTS", "Element", "Laplace", "Quantity", "constant_phase", "diffusion", "element", "lumped"]

"""How a resistance follows temperature, time, concentration, bias; arrays in, arrays out."""

from eisfit.laws.arrhenius import Arrhenius, fit_arrhenius

__all__ = [
    "Arrhenius",
    "fit_arrhenius",
]

"""How a resistance follows temperature, time, concentration, bias; arrays in, arrays out."""

from eisfit.laws.arrhenius import Arrhenius, fit_arrhenius
from eisfit.laws.beyond_arrhenius import Vft, broken_arrhenius
from eisfit.laws.checks import Curvature, Grouping, Hysteresis, LineChecks, OddPoint
from eisfit.laws.follow import fit_law
from eisfit.laws.growth import GROWTH
from eisfit.laws.law_fit import Followed, LawFit, LawValue, ReferenceValue
from eisfit.laws.proportional import proportional_to_thickness
from eisfit.laws.ranking import RivalLaw, rival_laws
from eisfit.laws.registry import LAWS, Law, LawParameter, Straight, law, law_named
from eisfit.laws.sums import parabolic_growth
from eisfit.laws.turning_point import (
    ConcentrationMinimum,
    Turn,
    concentration_minimum,
    turn_of,
)

__all__ = [
    "GROWTH",
    "LAWS",
    "Arrhenius",
    "ConcentrationMinimum",
    "Curvature",
    "Followed",
    "Grouping",
    "Hysteresis",
    "Law",
    "LawFit",
    "LawParameter",
    "LawValue",
    "LineChecks",
    "OddPoint",
    "ReferenceValue",
    "RivalLaw",
    "Straight",
    "Turn",
    "Vft",
    "broken_arrhenius",
    "concentration_minimum",
    "fit_arrhenius",
    "fit_law",
    "law",
    "law_named",
    "parabolic_growth",
    "proportional_to_thickness",
    "rival_laws",
    "turn_of",
]

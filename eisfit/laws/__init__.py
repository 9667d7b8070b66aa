"""How a resistance follows temperature, time, concentration, bias; arrays in, arrays out."""

from eisfit.laws.arrhenius import Arrhenius, fit_arrhenius
from eisfit.laws.beyond_arrhenius import Vft, broken_arrhenius
from eisfit.laws.checks import Curvature, Grouping, Hysteresis, LineChecks, OddPoint
from eisfit.laws.common_slope import EqualSlope, equal_energy, equal_slope
from eisfit.laws.compensation import MeyerNeldel, meyer_neldel
from eisfit.laws.conversion import converted_energy_ev, effective_temperature_k, in_ordinate
from eisfit.laws.covariate_trend import Trend, trend
from eisfit.laws.exchange_current import ExchangeCurrent, PowerOfConcentration
from eisfit.laws.follow import fit_law
from eisfit.laws.growth import GROWTH
from eisfit.laws.growth_end import GrowthToAnEnd, time_to_share_h
from eisfit.laws.heating_cooling import HeatingCooling, heating_against_cooling
from eisfit.laws.law_fit import Followed, LawFit, LawValue, ReferenceValue
from eisfit.laws.molarity import molarity_of_eo_ratio, molarity_of_molality
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
from eisfit.laws.without_each import LeaveOneOut, leave_one_out

__all__ = [
    "GROWTH",
    "LAWS",
    "Arrhenius",
    "ConcentrationMinimum",
    "Curvature",
    "EqualSlope",
    "ExchangeCurrent",
    "Followed",
    "Grouping",
    "GrowthToAnEnd",
    "HeatingCooling",
    "Hysteresis",
    "Law",
    "LawFit",
    "LawParameter",
    "LawValue",
    "LeaveOneOut",
    "LineChecks",
    "MeyerNeldel",
    "OddPoint",
    "PowerOfConcentration",
    "ReferenceValue",
    "RivalLaw",
    "Straight",
    "Trend",
    "Turn",
    "Vft",
    "broken_arrhenius",
    "concentration_minimum",
    "converted_energy_ev",
    "effective_temperature_k",
    "equal_energy",
    "equal_slope",
    "fit_arrhenius",
    "fit_law",
    "heating_against_cooling",
    "in_ordinate",
    "law",
    "law_named",
    "leave_one_out",
    "meyer_neldel",
    "molarity_of_eo_ratio",
    "molarity_of_molality",
    "parabolic_growth",
    "proportional_to_thickness",
    "rival_laws",
    "time_to_share_h",
    "trend",
    "turn_of",
]

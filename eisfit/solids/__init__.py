"""What resistance and capacitance say of the structure of a solid; arrays in, arrays out."""

from eisfit.solids.bricks import BrickLayer, brick_layer, brick_layer_conductivity
from eisfit.solids.capacitance import (
    ARCS,
    EffectiveCapacitance,
    brug,
    effective_capacitance,
    hsu_mansfeld,
    power_law,
)
from eisfit.solids.capacitance_ranges import (
    RANGES,
    CapacitanceAssignment,
    CapacitanceRange,
    assign_by_capacitance,
)
from eisfit.solids.composite import (
    InterfaceBound,
    break_even_interface_ohm_cm2,
    break_even_radius_cm,
    bruggeman,
    hasselman_johnson,
    interface_bound,
    with_interface,
)
from eisfit.solids.depletion import (
    ImpliedLayer,
    SpaceCharge,
    debye_length_cm,
    depletion_width_cm,
    implied_layer,
    space_charge,
)
from eisfit.solids.errors_of import standard_errors
from eisfit.solids.frenkel import FrenkelRelaxation, frenkel_relaxation
from eisfit.solids.permittivity import layer_capacitance_f_cm2, layer_thickness_cm, relative_permittivity
from eisfit.solids.product_layer import product_layer_ohm_cm2, thickest_product_layer_cm
from eisfit.solids.thickening import LayerGrowth, ThickeningTest, layer_growth, thickening_test

__all__ = [
    "ARCS",
    "RANGES",
    "BrickLayer",
    "CapacitanceAssignment",
    "CapacitanceRange",
    "EffectiveCapacitance",
    "FrenkelRelaxation",
    "ImpliedLayer",
    "InterfaceBound",
    "LayerGrowth",
    "SpaceCharge",
    "ThickeningTest",
    "assign_by_capacitance",
    "break_even_interface_ohm_cm2",
    "break_even_radius_cm",
    "brick_layer",
    "brick_layer_conductivity",
    "brug",
    "bruggeman",
    "debye_length_cm",
    "depletion_width_cm",
    "effective_capacitance",
    "frenkel_relaxation",
    "hasselman_johnson",
    "hsu_mansfeld",
    "implied_layer",
    "interface_bound",
    "layer_capacitance_f_cm2",
    "layer_growth",
    "layer_thickness_cm",
    "power_law",
    "product_layer_ohm_cm2",
    "relative_permittivity",
    "space_charge",
    "standard_errors",
    "thickening_test",
    "thickest_product_layer_cm",
    "with_interface",
]

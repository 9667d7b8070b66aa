"""Currents and potentials of cells under direct current in, what limits the transfer at an interface out."""

from eisfit.polarisation.against_impedance import Agreement, DcAgainstImpedance, compare_with_impedance
from eisfit.polarisation.at_rest import less_rest
from eisfit.polarisation.both_directions import DirectionTest, compare_directions, directions
from eisfit.polarisation.charge_transfer import ChargeTransfer, exchange_current_a_per_cm2
from eisfit.polarisation.dc_data import DcData, ProbeLayout
from eisfit.polarisation.dc_reading import read_all_dc, read_dc
from eisfit.polarisation.diffusion_drop import diffusion_drop_v, without_diffusion
from eisfit.polarisation.drops_at_faces import InterfaceCurve, interface_curve
from eisfit.polarisation.electronic import ElectronicConductivity, electronic_conductivity
from eisfit.polarisation.interface_drop import InterfaceDrop, extrapolate_interface_drop
from eisfit.polarisation.interface_fit import InterfaceFit, fit_interface
from eisfit.polarisation.steady import SteadyStates, steady_states
from eisfit.polarisation.transference import Transference, transference_number
from eisfit.polarisation.whole_answer import DcAnswer, answer, point_rows, value_rows

__all__ = [
    "Agreement",
    "ChargeTransfer",
    "DcAgainstImpedance",
    "DcAnswer",
    "DcData",
    "DirectionTest",
    "ElectronicConductivity",
    "InterfaceCurve",
    "InterfaceDrop",
    "InterfaceFit",
    "ProbeLayout",
    "SteadyStates",
    "Transference",
    "answer",
    "compare_directions",
    "compare_with_impedance",
    "diffusion_drop_v",
    "directions",
    "electronic_conductivity",
    "exchange_current_a_per_cm2",
    "extrapolate_interface_drop",
    "fit_interface",
    "interface_curve",
    "less_rest",
    "point_rows",
    "read_all_dc",
    "read_dc",
    "steady_states",
    "transference_number",
    "value_rows",
    "without_diffusion",
]

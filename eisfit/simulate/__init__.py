"""Cells with a known truth."""

from eisfit.simulate.artefacts import Artefacts
from eisfit.simulate.campaign import Beside, Campaign
from eisfit.simulate.dc_texts import write_dc
from eisfit.simulate.direct_current import DcCell, DcSimulation, is_direct_current, simulate_dc
from eisfit.simulate.draws import simulate
from eisfit.simulate.many import many_blocks
from eisfit.simulate.part import Part
from eisfit.simulate.particles import Particles
from eisfit.simulate.scenario import Scenario, parameters_at
from eisfit.simulate.shelf import CAMPAIGNS, SCENARIOS
from eisfit.simulate.simulation import Simulation
from eisfit.simulate.write import write_simulation

__all__ = [
    "CAMPAIGNS",
    "SCENARIOS",
    "Artefacts",
    "Beside",
    "Campaign",
    "DcCell",
    "DcSimulation",
    "Part",
    "Particles",
    "Scenario",
    "Simulation",
    "is_direct_current",
    "many_blocks",
    "parameters_at",
    "simulate",
    "simulate_dc",
    "write_dc",
    "write_simulation",
]

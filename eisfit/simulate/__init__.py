"""Cells with a known truth."""

from eisfit.simulate.scenario import Part, Scenario, Simulation, parameters_at
from eisfit.simulate.shelf import SCENARIOS
from eisfit.simulate.simulation import simulate
from eisfit.simulate.write import write_simulation

__all__ = ["SCENARIOS", "Part", "Scenario", "Simulation", "parameters_at", "simulate", "write_simulation"]

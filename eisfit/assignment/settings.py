"""The prior knowledge by which arcs are assigned to segments, as numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

_NEVER_SEEN = MappingProxyType(
    {
        "bulk": 0.5,
        "polymer": 0.5,
        "grain_boundary": 0.3,
        "interface": 0.1,
        "interphase": 0.2,
        "charge_transfer": 0.2,
        "electrode": 0.3,
    }
)

ANY_ENERGY_EV = (0.45, 0.3)  # of an arc of no role, and of roles that are not listed
_ENERGY_EV = MappingProxyType(
    {
        "bulk": (0.4, 0.15),
        "grain_boundary": (0.45, 0.2),
        "interface": (0.55, 0.22),
        "polymer": (0.65, 0.25),
    }
)


@dataclass(frozen=True)
class AssignmentSettings:
    """What is known of arcs before a measurement, and when an assignment counts as decided.

    Parameters
    ----------
    decided : float
        Odds of the best name of an arc against all others from which it is named.
    decided_dielectrics : float
        The same of two dielectric arcs in one spectrum against each other: their capacitances have nearly one range.
    range_sigmas : float
        The ends of the expected range of a capacitance lie this many standard deviations from its middle; the
        logarithm of the capacitance is normal.
    energy_ev : mapping of str to (float, float)
        Activation energies of the contributions of each role, by ln(1/R), and their standard deviations.
    resistance_sigma : float
        Spread of ln R at one temperature.
    resistance_walk, capacitance_walk : float
        Standard deviation by which ln R leaves an Arrhenius line, and ln C stays not constant, per step of 1 in
        1/(kT eV): about 8 K at room temperature.
    resistance_jitter, capacitance_jitter : float
        Standard deviations of single values of ln R and ln C beyond those of the fit: temperature, contact.
    step_sigma : float
        Change of ln R per spectrum along another condition than temperature.
    never_seen : mapping of str to float
        Probability that a segment of a role shows no arc in a whole series, though it lies between the probes.
    unassigned : float
        Probability of one more arc that belongs to no segment.
    unassigned_capacitance, unassigned_capacitance_sigma : float
        Middle and standard deviation of the logarithm of its capacitance in F.
    stray_sigma_f : float
        Largest standard deviation of a stray capacitance of cables and holder that is not in the circuit.
    stray_share : float
        Largest one as a share of the fastest arc's capacitance in a cell whose fastest part is a dielectric.
    contact : float
        Probability of a series resistance where the cell has none.
    grain_boundary_over_bulk, grain_boundary_over_bulk_sigma : float
        Below this difference of ln C of a grain boundary and the bulk a brick layer is unlikely, and its spread.
    proportion_sigma : float
        Standard deviation of the logarithm of the ratio of the resistances of a grain boundary and its bulk.
    beam : int
        Assignments of the spectra so far that are kept.
    structures : int
        Numbers of arcs that are kept of each spectrum.
    structure_drop : float
        Score above the best from which a number of arcs is dropped.
    """

    decided: float = 20.0
    decided_dielectrics: float = 60.0
    range_sigmas: float = 2.5
    energy_ev: Mapping[str, tuple[float, float]] = field(default_factory=lambda: _ENERGY_EV)
    resistance_sigma: float = 4.0
    resistance_walk: float = 0.12
    capacitance_walk: float = 0.12
    resistance_jitter: float = 0.15
    capacitance_jitter: float = 0.05
    step_sigma: float = 0.3
    never_seen: Mapping[str, float] = field(default_factory=lambda: _NEVER_SEEN)
    unassigned: float = 0.001
    unassigned_capacitance: float = math.log(1e-6)
    unassigned_capacitance_sigma: float = 8.0
    stray_sigma_f: float = 3e-12
    stray_share: float = 0.05
    contact: float = 0.01
    grain_boundary_over_bulk: float = math.log(10.0)
    grain_boundary_over_bulk_sigma: float = 0.8
    proportion_sigma: float = 2.5
    beam: int = 32
    structures: int = 5
    structure_drop: float = 14.0


DEFAULT = AssignmentSettings()

"""Where the capacitance of an arc is expected, and what deviating from it costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from eisfit.cell.geometry import normalisation
from eisfit.cell.templates import Template
from eisfit.circuit.circuit import Placed
from eisfit.spectrum.conditions import Conditions
from eisfit.tools.frozen import Floats

PER_DECADE = 6.0  # rise of the deviance by a capacitance one decade outside its soft range (times its square)


AT_MOST = 9.0  # by one capacitance, however far outside: the ranges order and score, they never exclude


SMALL_SHARE = 0.05  # an arc with less than this share of the resistance has less say


@dataclass(frozen=True)
class ExpectedCapacitance:
    """Where the capacitance of an arc is expected.

    Parameters
    ----------
    resistance, tau : int
        Indices of the arc's parameters.
    count : int
        How often the arc lies between the probes.
    low, high : ndarray, shape (N,)
        Ends of the range as ln(C / F) of one arc in the geometry of each spectrum.
    """

    resistance: int
    tau: int
    count: int
    low: Floats
    high: Floats


def expected_capacitances(
    template: Template, conditions: Sequence[Conditions]
) -> tuple[ExpectedCapacitance, ...]:
    """Return where the capacitance of each arc is expected, under the conditions of each spectrum."""
    found = []
    for on_path in template.path:
        limits = on_path.segment.capacitance
        node = (
            on_path.node.wall
            if isinstance(on_path.node, Placed) and on_path.node.wall is not None
            else on_path.node
        )
        if limits is not None and isinstance(node, Placed) and node.element.name == "Zarc":
            scale = np.log([normalisation(on_path.segment.role, c) for c in conditions])
            low, high = (np.log(limit) - scale for limit in limits)
            found.append(ExpectedCapacitance(node.index("R"), node.index("tau"), on_path.count, low, high))
    return tuple(found)

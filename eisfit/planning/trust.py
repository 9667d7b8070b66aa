"""Where a linear prediction of an error is not to be trusted, and why."""

from __future__ import annotations

import numpy as np

from eisfit.cell.links import place_of
from eisfit.circuit.arc import Arc, arc_of
from eisfit.planning.information import variance_of
from eisfit.planning.planned_cell import PlannedCell
from eisfit.tools.frozen import Floats

LARGEST_ERROR = 0.30  # of ln R: beyond, the likelihood is not normal
LARGE = f"error > {100 * LARGEST_ERROR:.0f} %"
DOUBTED_ERROR = 0.10  # of ln R, where the top of the arc lies outside the window, or another arc is near
# standard errors of ln(tau ratio) within which two arcs can take each other's place: of any, and of one with that error
_REACHED, _REACHED_IN_DOUBT = 10.0, 20.0


def reasons(cell: PlannedCell, segment: str, x: Floats, covariance: Floats) -> list[str]:
    """Return for each spectrum why the error of a resistance is not told; empty where it is.

    Parameters
    ----------
    cell : PlannedCell
        The cell.
    segment : str
        Or a parameter.
    x : ndarray, shape (N, P)
        Logarithms of the parameters.
    covariance : ndarray, shape (N, P, P)
        Theirs.

    Notes
    -----
    The limits are measured: within them the scatter of simulated fits agrees with the linear prediction within 15 %, of
    two arcs and of arcs at both ends of the window (`benchmarks/planning.py`).
    """
    place = place_of(segment, cell.template)
    assert place is not None
    error = np.sqrt(np.maximum(covariance[:, place[0], place[0]], 0.0))
    arcs = _arcs(cell)
    own = arcs.get(segment)
    found = []
    for i in range(len(x)):
        outside = own is not None and _outside(own, cell, x[i])
        reach = _REACHED_IN_DOUBT if error[i] > DOUBTED_ERROR else _REACHED
        others = {} if own is None else {n: a for n, a in arcs.items() if a != own}
        near = [n for n, a in others.items() if own is not None and _near(own, a, x[i], covariance[i], reach)]
        if not error[i] <= LARGEST_ERROR:
            found.append(LARGE)
        elif outside and error[i] > DOUBTED_ERROR:
            found.append("top of its arc outside the window")
        elif near:
            found.append(f"time constants of {segment} and {near[0]} too near: two minima")
        else:
            found.append("")
    return found


def _arcs(cell: PlannedCell) -> dict[str, Arc]:
    """Return the arcs between the probes by segment, and by the parameter of their resistance."""
    names = cell.template.circuit.names
    found = {}
    for part in cell.template.path:
        arc = arc_of(part.node)
        if arc is not None:
            found[names[arc.resistance] if cell.template.is_circuit else part.segment.name] = arc
    return found


def _outside(arc: Arc, cell: PlannedCell, x: Floats) -> bool:
    top = float(np.exp(-arc.log_tau(x))) / (2 * np.pi)
    return not cell.frequency_hz[1] <= top <= cell.frequency_hz[0]


def _near(one: Arc, other: Arc, x: Floats, covariance: Floats, reach: float) -> bool:
    """Tell whether two time constants are so near, for what is known of them, that their arcs may change places."""
    gradient = one.log_tau_gradient(x) - other.log_tau_gradient(x)
    apart = abs(float(one.log_tau(x) - other.log_tau(x)))
    return not apart >= reach * float(np.sqrt(max(variance_of(covariance[None], gradient[None])[0], 0.0)))

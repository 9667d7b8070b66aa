"""A fitted spectrum taken apart: the curve of each segment, shifted by those that are faster."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from eisfit.arcs import dc_resistance, is_resistor, log_time_constant
from eisfit.circuit import Node, evaluate
from eisfit.elements import Laplace
from eisfit.errors import InputError
from eisfit.fitted import Fit
from eisfit.outcome import Outcome
from eisfit.plots._style import role_colours
from eisfit.values import Complexes, Floats

_STEPS = 300
_BEYOND = 1e4  # factor by which arcs are carried on beyond the window, dotted


@dataclass(frozen=True)
class Arc:
    """What one segment adds: its curve, shifted by what lies above it in frequency."""

    name: str
    role: str
    colour: str
    frequency_hz: Floats
    z_ohm: Complexes
    inside: slice
    resistance_ohm: float

    @property
    def blocking(self) -> bool:
        """Whether it blocks direct current."""
        return not np.isfinite(self.resistance_ohm)

    @property
    def shaded(self) -> bool:
        """Whether its curve ends on the real axis, so that there is an area under it."""
        return not self.blocking and self.resistance_ohm > 0 and not self.is_resistor

    @property
    def is_resistor(self) -> bool:
        """Whether its impedance is the same at all frequencies."""
        return not self.blocking and bool(np.all(self.z_ohm == self.z_ohm[0]))


def arcs(fit: Fit) -> list[Arc]:
    """Return the arcs of a fit, the fastest first; blocking parts and diffusion come last.

    Raises
    ------
    InputError
        If the fit failed.
    """
    if fit.outcome is Outcome.FAILED:
        raise InputError(f"{fit.label}: the fit failed, so there is nothing to split: {fit.sentence}")
    seen = fit.template.seen
    values = np.array([[fit.values[name] for name in fit.template.circuit.names]])
    colours = role_colours([s.segment.role for s in seen])
    dc = [s.count * float(dc_resistance(s.node, values)[0][0]) for s in seen]
    f, inside = _grid(fit)
    offset, found = 0.0, []
    for k in sorted(range(len(seen)), key=lambda k: _rank(seen[k].node, values, dc[k])):
        z = seen[k].count * evaluate(seen[k].node, Laplace(f), values)[0]
        name, role = seen[k].segment.name, seen[k].segment.role
        found.append(Arc(name, role, colours[k], f, z + offset, inside, dc[k]))
        offset += dc[k] if np.isfinite(dc[k]) else 0.0
    return found


def _rank(node: Node, values: Floats, resistance: float) -> tuple[int, float]:
    """Return where a part stands: resistors, arcs by their time constant, diffusion, what blocks."""
    if is_resistor(node) or not np.isfinite(resistance):
        return 0 if np.isfinite(resistance) else 3, 0.0
    tau = log_time_constant(node, values)
    return (2, 0.0) if tau is None else (1, float(tau[0][0]))


def _grid(fit: Fit) -> tuple[Floats, slice]:
    """Return falling frequencies in and beyond the window, and which of them lie in it."""
    f = fit.spectrum.frequency_hz[fit.spectrum.used]
    window = np.geomspace(f.max(), f.min(), _STEPS)
    above = np.geomspace(f.max() * _BEYOND, f.max(), _STEPS)[:-1]
    below = np.geomspace(f.min(), f.min() / _BEYOND, _STEPS)[1:]
    return np.concatenate([above, window, below]), slice(above.size, above.size + window.size)

"""A fitted spectrum split into the curves of its contributions, each shifted by the faster ones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from eisfit.circuit.arc import dc_resistance, is_resistor, log_time_constant
from eisfit.circuit.circuit import Node, evaluate
from eisfit.elements import Laplace
from eisfit.errors import InputError
from eisfit.results.contribution import Contribution
from eisfit.results.fit import Fit
from eisfit.results.outcome import Outcome
from eisfit.tools.frozen import Complexes, Floats

_STEPS = 300  # frequencies in the window, and on either side of it
_BEYOND = 1e4  # factor by which arcs are continued beyond the window


@dataclass(frozen=True)
class CurveOf:
    """The curve of one contribution, shifted by the faster ones, and its row of the table."""

    name: str
    role: str
    place: int
    frequency_hz: Floats
    z_ohm: Complexes
    inside: slice
    resistance_ohm: float
    row: Contribution

    @property
    def blocking(self) -> bool:
        """Whether it blocks direct current."""
        return bool(np.isinf(self.resistance_ohm))

    @property
    def detected(self) -> bool:
        """Whether it is in the fit."""
        return not np.isnan(self.resistance_ohm)

    @property
    def shaded(self) -> bool:
        """Whether its curve ends on the real axis, so that there is an area under it."""
        return not self.blocking and self.resistance_ohm > 0 and not self.is_resistor

    @property
    def is_resistor(self) -> bool:
        """Whether its impedance is the same at all frequencies."""
        return self.detected and not self.blocking and bool(np.all(self.z_ohm == self.z_ohm[0]))


def curves_of(fit: Fit) -> list[CurveOf]:
    """Return the curves of the contributions of a fit, the fastest first; diffusion and blocking parts come last.

    Segments that share a row of the table, because only their sum is determined, are one curve; `place` is its
    place in the table.

    Raises
    ------
    InputError
        If the fit failed.
    """
    if fit.outcome is Outcome.FAILED:
        raise InputError(f"{fit.label}: the fit failed, so there is nothing to split: {fit.sentence}")
    on_path = fit.template.path
    values = np.array([[fit.values[name] for name in fit.template.circuit.names]])
    dc = [s.count * float(dc_resistance(s.node, values)[0][0]) for s in on_path]
    ranks = [_rank(s.node, values, r) for s, r in zip(on_path, dc, strict=True)]
    groups = _groups(fit)
    f, inside = _grid(fit)
    offset, found = 0.0, []
    for k in sorted(range(len(groups)), key=lambda k: max(ranks[part] for part in groups[k][1])):
        row, parts = groups[k]
        there = [part for part in parts if not np.isnan(dc[part])]
        z = np.zeros(f.size, complex) if there else np.full(f.size, complex(np.nan, np.nan))
        for part in there:
            z += on_path[part].count * evaluate(on_path[part].node, Laplace(f), values)[0]
        resistance = sum(dc[part] for part in there) if there else np.nan
        found.append(CurveOf(row.name, row.role, k, f, z + offset, inside, resistance, row))
        offset += resistance if np.isfinite(resistance) else 0.0
    return found


def _groups(fit: Fit) -> list[tuple[Contribution, tuple[int, ...]]]:
    """Return the rows of the table that make up the path, with their segments: each segment in one row."""
    place = {s.segment.name: k for k, s in enumerate(fit.template.path)}
    found = [
        (row, tuple(place[name] for name in row.segments))
        for row in fit.contributions
        if row.kind in ("segment", "sum")
    ]
    joined = {part for _, parts in found if len(parts) > 1 for part in parts}
    return [(row, parts) for row, parts in found if len(parts) > 1 or parts[0] not in joined]


def _rank(node: Node, values: Floats, resistance: float) -> tuple[int, float]:
    """Return the rank of a segment: resistors, arcs by time constant, diffusion, blocking ones, undetected ones."""
    if np.isnan(resistance):
        return 4, 0.0
    if is_resistor(node) or np.isinf(resistance):
        return 3 if np.isinf(resistance) else 0, 0.0
    tau = log_time_constant(node, values)
    return (2, 0.0) if tau is None else (1, float(tau[0][0]))


def _grid(fit: Fit) -> tuple[Floats, slice]:
    """Return falling frequencies in and beyond the window, and which of them lie in it."""
    f = fit.spectrum.frequency_hz[fit.spectrum.used]
    window = np.geomspace(f.max(), f.min(), _STEPS)
    above = np.geomspace(f.max() * _BEYOND, f.max(), _STEPS)[:-1]
    below = np.geomspace(f.min(), f.min() / _BEYOND, _STEPS)[1:]
    return np.concatenate([above, window, below]), slice(above.size, above.size + window.size)

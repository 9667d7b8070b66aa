"""A fitted spectrum taken apart: the curve of each contribution, shifted by those that are faster."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from eisfit.cell.roles import role_of
from eisfit.cell.templates import Template
from eisfit.circuit.arc import dc_resistance, is_resistor, log_time_constant
from eisfit.circuit.circuit import Node, evaluate
from eisfit.elements import Laplace
from eisfit.errors import InputError
from eisfit.results.contribution import Contribution
from eisfit.results.fit import Fit
from eisfit.results.outcome import Outcome
from eisfit.tools.frozen import Complexes, Floats

_STEPS = 300
_BEYOND = 1e4  # factor by which arcs are carried on beyond the window, dotted


@dataclass(frozen=True)
class CurveOf:
    """What one contribution adds: its curve, shifted by what lies above it in frequency, and its row of the table."""

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
        """Whether the fit holds anything of it."""
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
    """Return the curves of the contributions of a fit, the fastest first; blocking parts and diffusion come last.

    Segments that the table joins, as their sum alone is known, are one curve; `place` is its place in the table.

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
    found = [(row, _parts(row.name, fit.template)) for row in fit.contributions]
    joined = [parts for _, parts in found if len(parts) > 1]
    return [
        (row, parts)
        for row, parts in found
        if parts and not (len(parts) == 1 and any(parts[0] in other for other in joined))
    ]


def _parts(name: str, template: Template) -> tuple[int, ...]:
    """Return which segments a row of the table is made of; none for the total of others, or their wall."""
    names = [s.segment.name for s in template.path]
    if template.interface_with_electrode and name == "interface + electrode":
        return tuple(k for k, s in enumerate(template.path) if role_of(s.segment.role).joined_with_electrode)
    subsets = itertools.chain.from_iterable(
        itertools.combinations(range(len(names)), size) for size in range(1, len(names) + 1)
    )
    return next((parts for parts in subsets if " + ".join(names[k] for k in parts) == name), ())


def _rank(node: Node, values: Floats, resistance: float) -> tuple[int, float]:
    """Return where a part stands: resistors, arcs by their time constant, diffusion, what blocks, nothing."""
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

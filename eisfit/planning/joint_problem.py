"""Planned cells as one joint problem, at what is expected of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from eisfit.cell.links import Link, place_of
from eisfit.constants import ZERO_CELSIUS_K
from eisfit.engine.following import Following
from eisfit.engine.joint import Block, JointProblem, State
from eisfit.engine.posing import pose
from eisfit.engine.problem import Problem
from eisfit.planning.planned_cell import PlannedCell
from eisfit.planning.same_segments import log_geometry
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.frozen import Floats


@dataclass(frozen=True, eq=False)
class Posed:
    """Cells as a joint problem.

    Parameters
    ----------
    cells : tuple of PlannedCell
        The cell, then its complements; one block each.
    joint : JointProblem
        Without bounds.
    state : State
        What is expected.
    """

    cells: tuple[PlannedCell, ...]
    joint: JointProblem
    state: State


def posed(cells: Sequence[PlannedCell], links: Sequence[Link]) -> Posed:
    """Return the joint problem of a cell and its complements.

    Parameters
    ----------
    cells : sequence of PlannedCell
        The cell, then its complements, which take part in the links of what they share.
    links : sequence of Link
        Laws and shared parameters; each is of a parameter of one of the cells.

    Raises
    ------
    InputError
        If the geometry of a shared segment is not known.
    """
    ends = np.cumsum([0, *(link.size for link in links)]).tolist()
    kelvin = [np.array(cell.temperatures_c) + ZERO_CELSIUS_K for cell in cells]
    blocks, starts, first = [], [], 0
    for k, cell in enumerate(cells):
        problem, x = _problem_of(cell)
        following, places = [], []
        for n, link in enumerate(links):
            place = place_of(link.name, cell.template)
            if place is None or (k and segment_of(link) not in cell.shares):
                continue
            f = Following.of(link, place, kelvin[k], _centre(link, np.concatenate(kelvin)))
            following.append(_in_geometry(f, cell, cells[0], ends[-1] + k - 1) if k else f)
            places.append(slice(ends[n], ends[n + 1]))
        count = len(cell.temperatures_c)
        moves = any(f.over_temperature for f in following)
        error = np.full(count, cell.temperature_err_c if moves else 0.0)
        variance, rows = np.full(count, cell.noise**2), np.arange(first, first + count)
        blocks.append(Block(problem, tuple(following), tuple(places), variance, error, rows))
        starts.append(x)
        first += count
    sigma = [np.inf] * ends[-1] + [cell.geometry_err for cell in cells[1:]]
    joint = JointProblem(tuple(blocks), np.array([np.zeros(len(sigma)), sigma]))
    return Posed(tuple(cells), joint, joint.started(starts, [np.ones_like(x) for x in starts]))


def _problem_of(cell: PlannedCell) -> tuple[Problem, Floats]:
    """Return the spectra of a cell without noise as a problem without bounds, and the logarithms (N, P)."""
    x, f = cell.log_values(), cell.grid_hz
    z = [
        cell.template.circuit.impedance(f, dict(zip(cell.template.circuit.names, p, strict=True)))
        for p in np.exp(x)
    ]
    problem = pose([Spectrum(f, each) for each in z], cell.template)
    bounds = problem.bounds
    lower, upper = (np.where(bounds.fixed, x, end) for end in (-np.inf, np.inf))
    return replace(problem, bounds=replace(bounds, lower=lower, upper=upper)), x


def segment_of(link: Link) -> str:
    """Return the segment of a link, without the word for what is linked."""
    return link.name.removesuffix(" C").removesuffix(" alpha")


def _centre(link: Link, kelvin: Floats) -> float:
    straight = None if link.law is None else link.law.straight
    return 0.0 if straight is None else float(straight.abscissa(kelvin)[0].mean())


def _in_geometry(f: Following, cell: PlannedCell, first: PlannedCell, geometry: int) -> Following:
    """Return a parameter of a complement that follows what it is in the geometry of the cell."""
    if f.link.name.endswith(" alpha"):
        return f
    sign = -1.0 if f.link.name.endswith(" C") else 1.0
    offset = log_geometry(segment_of(f.link), cell) - log_geometry(segment_of(f.link), first)
    return replace(f, offset=sign * offset, geometry=(geometry, sign))

"""What is linked in a joint fit: what is asked for, and what other cells have in common with the first."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from eisfit.cell.links import Link, links_of, place_of
from eisfit.cell.resistors_apart import with_resistors_apart
from eisfit.cell.templates import Template
from eisfit.fitting.complement import Complement, check_shared
from eisfit.fitting.complement_results import ComplementResults, check_known
from eisfit.fitting.joint_circuits import alike, segment_of
from eisfit.fitting.joint_pairs import has_pairs, templates_at_once
from eisfit.fitting.joint_starts import Cell
from eisfit.fitting.resistors_apart import laws_of_parts
from eisfit.results.fit import Fit
from eisfit.results.order import condition_value

if TYPE_CHECKING:
    from eisfit.laws.ordinate import Ordinate


def links_asked(
    cells: Sequence[Cell],
    complements: Sequence[Complement],
    finished: Sequence[ComplementResults],
    apart: Collection[str],
    share: Sequence[str],
    laws: Mapping[str, str | tuple[str, Ordinate]],
    known: Mapping[str, tuple[float, float]] | None,
    *,
    over: str,
) -> tuple[Link, ...]:
    """Return the links that are asked for, and those to other cells; pairs of probes are a joint fit without any."""
    by_cell = [templates_of(cell, apart) for cell in cells]
    templates = [t for own in by_cell for t in own]
    for complement, own in zip(complements, by_cell[1:], strict=True):
        check_shared(complement, own, by_cell[0])
    for results in finished:
        check_known(results, by_cell[0])
    at_once = any(has_pairs(cell.fits) for cell in cells)
    wanted = {
        **dict.fromkeys(shared_by(complements, ("",)), "arrhenius"),
        **{name: law for results in finished for name, law in results.laws.items()},
        **laws_of_parts(laws, templates),
    }
    if not (share or known or wanted):
        if at_once and _one_condition(cells[0].fits, over):
            return ()
        wanted = dict.fromkeys(_resistances(templates), "arrhenius")
    of_arcs = [n for n in shared_by(complements, ("C", "alpha")) if any(place_of(n, t) for t in templates)]
    of_results = [name for results in finished for name in results.values]
    return links_of(templates, (*share, *of_arcs, *of_results), wanted, known)


def _resistances(templates: Sequence[Template]) -> list[str]:
    """Return what has a resistance in any circuit: segments of a template, parameters of a bare circuit."""
    found: dict[str, None] = {}
    for t in templates:
        if t.is_circuit:
            found |= {p.name: None for p in t.circuit.parameters if p.unit == "ohm"}
        else:
            found |= {s.segment.name: None for s in t.path if place_of(s.segment.name, t) is not None}
    return list(found)


def shared_by(complements: Sequence[Complement | ComplementResults], ends: Sequence[str]) -> list[str]:
    """Return the names of what other cells share, with the given ends."""
    names = dict.fromkeys(name for c in complements for name in c.shares)
    return [f"{name} {end}".rstrip() for name in names for end in ends]


def templates_of(cell: Cell, apart: Collection[str]) -> list[Template]:
    """Return the circuits of a cell in a joint fit."""
    if has_pairs(cell.fits):
        return templates_at_once(cell.fits, apart)
    return [with_resistors_apart(fits[0].template, apart) for fits in alike(cell.fits)]


def _one_condition(fits: Sequence[Fit], over: str) -> bool:
    """Tell whether all spectra were measured under one condition, so that no law can be seen."""
    return len({condition_value(f.spectrum, over) for f in fits}) < 2


def takes_part(link: Link, cells: Sequence[Cell], complements: Sequence[Complement]) -> list[bool]:
    """Return which spectra follow a link: all of the first cell, of others where the segment is shared."""
    shared = [True, *(segment_of(link.name) in c.shares for c in complements)]
    return [own for cell, own in zip(cells, shared, strict=True) for _ in cell.fits]

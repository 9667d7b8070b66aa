"""Fits of one cell whose spectra share a circuit in a joint fit."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from eisfit.cell.links import place_of
from eisfit.circuit.arc import arc_of
from eisfit.circuit.circuit import span
from eisfit.results.fit import Fit


def alike(fits: Sequence[Fit], linked: Sequence[str] = ()) -> list[list[Fit]]:
    """Return the fits with equal circuits, in which the same segments without links were not seen.

    Parameters
    ----------
    fits : sequence of Fit
        Of one cell.
    linked : sequence of str
        Names of its links.
    """
    found: dict[object, list[Fit]] = {}
    for f in fits:
        segments = tuple(s.segment.name for s in f.template.path)
        found.setdefault((f.template.circuit.text, segments, unseen(f, linked)), []).append(f)
    return list(found.values())


def unseen(fit: Fit, linked: Sequence[str]) -> tuple[str, ...]:
    """Return the arcs of a fit of which it has no value, and which follow no link.

    Parameters
    ----------
    fit : Fit
        By itself.
    linked : sequence of str
        Names of the links.
    """
    if fit.template.is_circuit:
        return ()
    places = [place for name in linked if (place := place_of(name, fit.template)) is not None]
    follow = {column for place in places for column in place if column is not None}
    found = []
    for on_path in fit.template.path:
        columns = span(on_path.node)
        if arc_of(on_path.node) is None or follow & set(range(columns.start, columns.stop)):
            continue
        values = [fit.values[name] for name in fit.template.circuit.names[columns]]
        if not np.isfinite(values).any():
            found.append(on_path.segment.name)
    return tuple(found)


def segment_of(link: str) -> str:
    """Return the name of a link without what it links of a segment."""
    return link.removesuffix(" C").removesuffix(" alpha")


def linked_in(links: Sequence[str], shares: Sequence[Sequence[str]]) -> list[list[str]]:
    """Return the links of the first cell, and of each complement those of the segments that it shares."""
    return [list(links), *([n for n in links if segment_of(n) in shared] for shared in shares)]

"""Take the value of rows that have another one at a minimum that the data allow as well."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from eisfit.circuit.arc import dc_resistance
from eisfit.circuit.circuit import Node, leaves
from eisfit.reporting.path_values import PathValues
from eisfit.reporting.rows import Row, Rows
from eisfit.tools.frozen import Floats
from eisfit.tools.statistics import NORMAL_95

_CLOSE = 0.05  # relative difference that makes no other value


def mark_other_minima(path: PathValues, rows: Rows) -> Rows:
    """Mark the rows of one segment whose value is another one at a minimum that the data allow as well.

    Such a minimum has a chi-square less than 3.84 above the best, so that its values belong into the 95 % intervals.
    Segments of equal form may have changed places.
    """
    others = path.estimate.others
    if others is None:
        return rows
    there = ~np.isnan(others[:, :, 0])
    found = {i: others[i, there[i]] for i in np.flatnonzero(there.sum(axis=1)).tolist()}
    return tuple(_marked(path, row, found[row.spectrum]) if row.spectrum in found else row for row in rows)


def _marked(path: PathValues, row: Row, minima: Floats) -> Row:
    """Return a row, without its value where none of its like has it at one of the minima (K, P)."""
    if row.resolved not in ("yes", "top outside window") or len(row.parts) != 1 or row.kind != "segment":
        return row
    if not (np.isfinite(row.resistance) and row.resistance > 0 and np.isfinite(row.error)):
        return row
    values = path.estimate.problem.values(minima)
    own = path.segments[row.parts[0]]
    like = [s for s in path.segments if _form(s.node) == _form(own.node)]
    tried = np.stack([s.count * dc_resistance(s.node, values)[0] for s in like])
    span = max(NORMAL_95 * row.error, _CLOSE)
    low, high = row.ends if np.isfinite(row.ends[0]) else (row.resistance, row.resistance)
    low, high = min(low, row.resistance * np.exp(-span)), max(high, row.resistance * np.exp(span))
    lost = ~((tried > low) & (tried < high)).any(axis=0)
    if not lost.any():
        return row
    there = dc_resistance(own.node, values)[0][lost][0] * own.count
    return replace(row, resolved="no", cause="another minimum", joined_in=f"{there:.3g}")


def _form(node: Node) -> tuple[str, ...]:
    return tuple(leaf.element.name for leaf in leaves(node))

"""Mark rows with what limits or qualifies their value: the place of the top, the capacitance, the topology."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from eisfit.cell.roles import role_of
from eisfit.circuit.arc import is_resistor
from eisfit.engine.plausibility import ExpectedCapacitance
from eisfit.reporting.path_values import PathValues
from eisfit.reporting.rows import Row, Rows, resistance_index
from eisfit.results.contribution import Cause, Doubt, Resolved

UNEXPECTED_DECADES = 1.0  # a capacitance is doubted from this many decades outside its expected range


def mark_tops(path: PathValues, rows: Rows) -> Rows:
    """Mark determined rows that block, that have no resistance, or whose top lies outside the window."""
    return tuple(_with_top(path, row) if row.resolved == "yes" else row for row in rows)


def _with_top(path: PathValues, row: Row) -> Row:
    if not np.isfinite(row.resistance):
        return replace(row, resolved="blocking", cause="blocking")
    resolved: Resolved = "yes"
    cause: Cause = "no resistance" if row.resistance == 0 else ""
    for k in row.parts:
        if (found := _top_of(path, row.spectrum, k)) is not None:
            resolved, cause = found
    if row.kind == "total" or row.kind == "wall":
        cause = row.kind
    elif len(row.parts) > 1:
        cause = "reversible electrodes"
    elif row.rivals:
        cause = "name undecided"
    elif row.role == "unassigned":
        cause = "unassigned"
    return replace(row, resolved=resolved, cause=cause)


def _top_of(path: PathValues, i: int, k: int) -> tuple[Resolved, Cause] | None:
    """Return what is special about the top of a segment; None where it lies inside the window."""
    on_path = path.segments[k]
    if path.estimate.undetected[i, k]:
        return None
    if path.log_taus[k] is not None:
        low, high = path.top_window_hz
        outside = not low[i] <= path.top_hz(i, k) <= high[i]
        return ("top outside window", "top outside window") if outside else None
    if not is_resistor(on_path.node):
        return None
    if len(on_path.segment.roles) > 1:
        return "sum only", "resistors in series"
    if role_of(on_path.segment.role).of_solid:
        return "top outside window", "above window"
    return None


def mark_capacitances(path: PathValues, rows: Rows) -> Rows:
    """Doubt arcs in the fit whose capacitance is far outside the range that is expected of their segment."""
    return tuple(
        _doubted(row, "implausible capacitance")
        if row.resolved in ("yes", "top outside window", "no")
        and (expected := expected_capacitance(path, row)) is not None
        and decades_outside(path, row, expected) > UNEXPECTED_DECADES
        else row
        for row in rows
    )


def expected_capacitance(path: PathValues, row: Row) -> ExpectedCapacitance | None:
    """Return where the capacitance of a row is expected, if it is one arc with such a range."""
    k = None if row.rivals else resistance_index(path, row)
    return next((e for e in path.estimate.problem.expected if e.arc.resistance == k), None)


def log_capacitance(path: PathValues, row: Row, expected: ExpectedCapacitance) -> float:
    """Return the logarithm of the capacitance of an arc, tau / R, in farad."""
    return float(expected.arc.log_capacitance(path.estimate.x[row.spectrum]))


def decades_outside(path: PathValues, row: Row, expected: ExpectedCapacitance) -> float:
    """Return how many decades the capacitance of a row lies outside its expected range; 0 inside."""
    return float(expected.decades_outside(path.estimate.x[row.spectrum], row.spectrum))


def mark_topology(path: PathValues, rows: Rows) -> Rows:
    """Doubt the parts of a split interface, because the split depends on the topology of the circuit."""
    split = {(row.spectrum, k) for row in rows if row.kind == "total" for k in row.parts}
    return tuple(
        _doubted(row, "topology")
        if not row.beside
        and row.resolved in ("yes", "top outside window")
        and (row.spectrum, row.parts[0]) in split
        else row
        for row in rows
    )


def _doubted(row: Row, doubt: Doubt) -> Row:
    return replace(row, doubts=(*row.doubts, doubt))

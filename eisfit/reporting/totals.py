"""Add the rows that stand beside those of their parts: the total of a split interface, the wall of a pore."""

from __future__ import annotations

from dataclasses import replace

from eisfit.reporting.path_values import PathValues
from eisfit.reporting.rows import Row, Rows, row_of, with_rows_after


def add_totals(path: PathValues, rows: Rows) -> Rows:
    """Add the total of an interface that is split into an interphase and a charge transfer."""
    split = tuple(
        k for k, s in enumerate(path.segments) if s.segment.role in ("interphase", "charge_transfer")
    )
    if len(split) < 2 or path.with_electrode:
        return rows
    last = {row.spectrum: row for row in rows if set(row.parts) & set(split)}
    return with_rows_after(
        rows,
        {
            row: _unless_open(
                path, replace(row_of(path, i, split), kind="total", name="interface", role="interface")
            )
            for i, row in last.items()
        },
    )


def add_pore_walls(path: PathValues, rows: Rows) -> Rows:
    """Add the wall of each pore, which is the interface itself, beside the row of the pore."""
    if path.with_electrode:
        return rows
    for k in path.walls:
        last = {row.spectrum: row for row in rows if k in row.parts}
        rows = with_rows_after(rows, {row: _unless_open(path, _wall(path, i, k)) for i, row in last.items()})
    return rows


def _wall(path: PathValues, i: int, k: int) -> Row:
    """Return the row of the wall of pore k in spectrum i."""
    count = path.segments[k].count
    r, slope = (count * values for values in path.walls[k][0])
    return Row(
        spectrum=i,
        parts=(k,),
        kind="wall",
        name="interface",
        role="interface",
        count=count,
        resistance=float(r[i]),
        gradient=slope[i],
        error=path.relative_error(i, r[i], slope[i]),
    )


def _unless_open(path: PathValues, row: Row) -> Row:
    """Return the row, without a value where an arc of another segment may be a part of it."""
    inside = {path.segments[k].segment.name for k in row.parts}
    for k in row.parts:
        claim = path.estimate.claim(row.spectrum, k)
        if claim is not None and not claim.decided and not inside >= set(claim.rivals):
            return replace(row, resolved="sum only", cause="part undecided", joined_in=claim.name)
    return row

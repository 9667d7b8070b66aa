"""The rows of the contribution table while it is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from eisfit.cell.roles import joined, role_of
from eisfit.cell.segments import PathSegment
from eisfit.reporting.path_values import PathValues
from eisfit.results.contribution import Cause, Doubt, Resolved, RowKind
from eisfit.results.outcome import NAN
from eisfit.tools.frozen import Floats


@dataclass(frozen=True, eq=False)
class Row:
    """One contribution of one spectrum on its way into the table.

    A row is equal to itself alone, so that it can be found among others of the same content.

    Parameters
    ----------
    spectrum : int
        To which spectrum it belongs.
    parts : tuple of int
        The segments on the path that it is made of.
    kind, name, role, count
        As in `Contribution`.
    resistance : float
        Of the whole path, in ohm.
    gradient : ndarray, shape (P,)
        Its derivatives by the logarithms of the parameters.
    error : float
        Relative standard error.
    ends : (float, float)
        95 % interval where it does not follow from `error`, else nan.
    resolved, cause, doubts
        As in `Contribution`.
    at_least, at_most : float
        One-sided 95 % limits in ohm, in place of a value.
    joined_in : str
        Name of the sum within which alone it is known, or of what may stand in its place; empty if there is none.
    odds, rivals
    misfit_percent : float
        As in `Contribution`.
    """

    spectrum: int
    parts: tuple[int, ...]
    kind: RowKind
    name: str
    role: str
    count: float
    resistance: float
    gradient: Floats
    error: float
    ends: tuple[float, float] = (NAN, NAN)
    resolved: Resolved = "yes"
    cause: Cause = ""
    doubts: tuple[Doubt, ...] = ()
    at_least: float = NAN
    at_most: float = NAN
    joined_in: str = ""
    odds: float = NAN
    rivals: tuple[str, ...] = ()
    misfit_percent: float = NAN

    @property
    def beside(self) -> bool:
        """Whether it stands beside the rows of its parts, which make up the path without it."""
        return self.kind in ("total", "wall")

    @property
    def has_value(self) -> bool:
        """Whether the table may show a value."""
        determined = self.resolved in ("yes", "top outside window", "misfit")
        return determined or (self.resolved == "sum only" and not self.joined_in)


Rows: TypeAlias = tuple[Row, ...]  # of all spectra, one spectrum after the other


def first_rows(path: PathValues) -> Rows:
    """Return a row for each segment on the path; interface and reversible electrodes share one."""
    everything = range(len(path.segments))
    units: list[tuple[int, ...]] = [(k,) for k in everything]
    mixed: tuple[int, ...] = ()
    if path.with_electrode:
        mixed = tuple(k for k in everything if _is_mixed(path.segments[k]))
        units = [*((k,) for k in everything if k not in mixed), mixed]
    found: list[Row] = []
    for i in range(path.estimate.problem.size):
        doubtful = {k for k in mixed if _is_open(path, i, k)}
        for parts in units:
            left = tuple(k for k in parts if k not in doubtful) if parts == mixed else parts
            found += [row_of(path, i, (k,)) for k in parts if k in doubtful] if parts == mixed else []
            found += [row_of(path, i, left)] if left else []
    return tuple(found)


def _is_mixed(on_path: PathSegment) -> bool:
    """Tell whether impedance cannot part a segment from reversible electrodes in series; a blocking one it can."""
    return role_of(on_path.segment.role).joined_with_electrode and not on_path.blocking


def _is_open(path: PathValues, i: int, k: int) -> bool:
    """Tell whether the name of the arc of a segment is not decided."""
    claim = path.estimate.claim(i, k)
    return claim is not None and not claim.decided


def row_of(path: PathValues, i: int, parts: tuple[int, ...]) -> Row:
    """Return the row of some segments of spectrum i, by what the fit holds of them."""
    segments = [path.segments[k].segment for k in parts]
    names, roles = _names(path, i, parts)
    claim = path.estimate.claim(i, parts[0]) if len(parts) == 1 else None
    named = claim is None or claim.decided
    counts = {path.segments[k].count for k in parts}
    there = [k for k in parts if not (path.estimate.undetected[i, k] and path.removed(i, k))]
    resistance = float(sum(path.segments[k].count * path.resistances[k][0][i] for k in there))
    gradient = np.zeros(path.values.shape[1])
    for k in there:
        gradient += path.segments[k].count * path.resistances[k][1][i]
    several = len(parts) > 1 or len(segments[0].roles) > 1
    return Row(
        spectrum=i,
        parts=parts,
        kind="sum" if several else "segment",
        name=joined(names),
        role=joined(roles),
        count=counts.pop() if len(counts) == 1 and named else 1,
        resistance=resistance,
        gradient=gradient,
        error=path.relative_error(i, resistance, gradient),
        resolved="yes" if there else "upper limit",
        odds=NAN if claim is None else claim.odds,
        rivals=() if claim is None else claim.rivals,
    )


def _names(path: PathValues, i: int, parts: tuple[int, ...]) -> tuple[list[str], list[str]]:
    """Return the names and roles of what a row is made of.

    Arcs whose names are not decided have the names of all that they may be, but for a sum that holds all of these;
    parts that reversible electrodes cannot be told from are the interface and the electrode, unless the arc of either
    has a row of its own because its name is not decided.
    """
    segments = [path.segments[k].segment for k in parts]
    claims = [path.estimate.claim(i, k) for k in parts]
    inside = {s.name for s in segments}
    whole = all(claim is None or claim.decided or inside >= set(claim.rivals) for claim in claims)
    if not whole:
        named = {
            s.name if claim is None or claim.decided else claim.name: s.role
            if claim is None or claim.decided
            else ""
            for s, claim in zip(segments, claims, strict=True)
        }
        return list(named), [role for role in named.values() if role]
    roles = [s.role for s in segments]
    blocking = any(path.segments[k].blocking for k in parts)
    if blocking or not (path.with_electrode and "electrode" in roles):
        return [s.name for s in segments], roles
    mixed = {k for k, s in enumerate(path.segments) if _is_mixed(s)}
    if not mixed <= set(parts):
        return [s.name for s in segments], roles
    others = [s for s in segments if not role_of(s.role).joined_with_electrode]
    both = ["interface", "electrode"]
    return [*(s.name for s in others), *both], [*(s.role for s in others), *both]


def resistance_index(path: PathValues, row: Row) -> int | None:
    """Return the one free parameter that is the row's resistance, if there is just one."""
    index = np.flatnonzero(row.gradient)
    free = path.estimate.confidence.free[row.spectrum]
    return int(index[0]) if index.size == 1 and free[index[0]] else None


def by_spectrum(path: PathValues, rows: Rows) -> list[Rows]:
    """Return the rows of each spectrum, in order."""
    found: list[list[Row]] = [[] for _ in range(path.estimate.problem.size)]
    for row in rows:
        found[row.spectrum].append(row)
    return [tuple(own) for own in found]


def with_changes(rows: Rows, changed: Mapping[Row, Row]) -> Rows:
    """Return the rows with some replaced."""
    return tuple(changed.get(row, row) for row in rows)


def with_rows_after(rows: Rows, new: Mapping[Row, Row]) -> Rows:
    """Return the rows with new ones, each behind the row that it is given for."""
    return tuple(r for row in rows for r in ((row, new[row]) if row in new else (row,)))

"""Join neighbouring rows whose single resistances are not determined but whose sum is."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from eisfit.reporting.averaging import over_undetected
from eisfit.reporting.path_values import DETERMINED_BELOW, PathValues
from eisfit.reporting.rows import Row, Rows, by_spectrum, row_of

ANTICORRELATED = -0.7  # correlation of two resistances that trade with each other


def join(path: PathValues, rows: Rows) -> Rows:
    """Join neighbours whose single resistances are not determined but whose sum is.

    First the segments of which one was not detected while the data leave open which, then arcs that trade
    with each other.
    """
    found = []
    undecided = sorted(path.estimate.detected.undecided)
    for i, own in enumerate(by_spectrum(path, rows)):
        for spectrum, group in undecided:
            alike = [r for r in own if spectrum == i and not r.beside and set(r.parts) & set(group)]
            if len(alike) > 1:
                own = _with_sum(path, own, alike)
        while (trading := _joinable(path, own)) is not None:
            own = _with_sum(path, own, trading)
        while (hiding := _hiding(path, own)) is not None:
            own = _with_sum(path, own, hiding)
        found.append(own)
    return tuple(itertools.chain.from_iterable(found))


def _with_sum(path: PathValues, rows: Rows, group: Sequence[Row]) -> Rows:
    """Return the rows of a spectrum with the sum of a group behind its last row."""
    parts = tuple(sorted(k for row in group for k in row.parts))
    whole = over_undetected(path, row_of(path, group[0].spectrum, parts))
    whole = replace(whole, resolved="sum only", cause="not separable")
    last = max(rows.index(row) for row in group)
    found = []
    for place, row in enumerate(rows):
        shares = row.beside and set(row.parts) & set(parts) and set(parts) - set(row.parts)
        if row in group:
            row = replace(row, resolved="sum only", cause="in sum", joined_in=whole.name)
        elif shares:
            row = replace(row, resolved="sum only", cause="part in sum", joined_in=whole.name)
        found += [row, whole] if place == last else [row]
    return tuple(found)


def _joinable(path: PathValues, rows: Rows) -> list[Row] | None:
    """Return the smallest group of neighbours in frequency whose sum is determined, the best of its size."""
    loose = [
        r
        for r in rows
        if r.error >= DETERMINED_BELOW and r.resolved == "yes" and not (r.joined_in or r.beside)
    ]
    loose.sort(key=lambda row: _log_tau(path, row))
    best: tuple[float, list[Row]] | None = None
    for size in range(2, len(loose) + 1):
        for first in range(len(loose) - size + 1):
            group = loose[first : first + size]
            whole = row_of(path, group[0].spectrum, tuple(k for row in group for k in row.parts))
            trading = all(_trade(path, a, b) for a, b in itertools.pairwise(group))
            if whole.error < DETERMINED_BELOW and trading and (best is None or whole.error < best[0]):
                best = (whole.error, group)
        if best is not None:
            return best[1]
    return None


def _hiding(path: PathValues, rows: Rows) -> list[Row] | None:
    """Return a row that what is not detected may be a large part of, with that; their sum is determined."""
    for row in rows:
        if row.error < DETERMINED_BELOW or row.resolved != "yes" or row.joined_in or row.beside:
            continue
        for other in rows:
            removed = [k for k in other.parts if path.estimate.undetected[row.spectrum, k]]
            if other is row or other.beside or other.joined_in or removed != list(other.parts):
                continue
            whole = over_undetected(path, row_of(path, row.spectrum, (*row.parts, *other.parts)))
            if whole.error < DETERMINED_BELOW:
                return [row, other]
    return None


def _trade(path: PathValues, a: Row, b: Row) -> bool:
    """Tell whether the resistances of two rows are strongly anticorrelated."""
    covariance = np.nan_to_num(path.estimate.confidence.covariance_log[a.spectrum])
    ab = a.gradient @ covariance @ b.gradient
    norm = np.sqrt((a.gradient @ covariance @ a.gradient) * (b.gradient @ covariance @ b.gradient))
    return bool(norm > 0 and ab / norm < ANTICORRELATED)


def _log_tau(path: PathValues, row: Row) -> float:
    """Return the place of a row in frequency: a resistor before all arcs."""
    taus = [t[0][row.spectrum] for k in row.parts if (t := path.log_taus[k]) is not None]
    return float(np.mean(taus)) if taus else -np.inf

"""Average values and errors over undetected arcs (model averaging)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from eisfit.circuit.arc import dc_resistance, is_arc
from eisfit.circuit.circuit import Placed
from eisfit.reporting.path_values import DETERMINED_BELOW, PathValues
from eisfit.reporting.rows import Row, Rows, with_changes
from eisfit.tools.frozen import Floats
from eisfit.tools.statistics import NORMAL_95, mixture_ends
from eisfit.uncertainty.undetected import Undetected, undetected


def average(path: PathValues, rows: Rows) -> Rows:
    """Average values and errors over undetected arcs (model averaging).

    A sum that contains such an arc is averaged over all that the arc could be. The neighbours of an arc that is
    probably absent are averaged with the probability that it is present; their 95 % intervals allow for it in
    any case.
    """
    known = (row for row in rows if row.resolved == "yes" and np.isfinite(row.error))
    return with_changes(rows, {row: over_undetected(path, row) for row in known})


def over_undetected(path: PathValues, row: Row) -> Row:
    """Return a row averaged over the arcs that were removed from its spectrum.

    What hides in another arc is there, whatever the data say of it.
    """
    i, trials = row.spectrum, path.trials
    if not np.isfinite(row.resistance):
        return row
    hides = {k for spectrum, group in path.estimate.detected.undecided if spectrum == i for k in group}
    for part in np.flatnonzero(path.estimate.undetected[i]).tolist():
        place = trials.places.get((i, part))
        if place is not None and path.removed(i, part):
            inside = part in row.parts and row.kind != "wall"
            present = 1.0 if inside or part in hides else trials.present[i, part]
            tried = _tried(path, row, trials, path.tried_resistances, place)
            if inside and path.with_electrode:
                row = moved_sum(row, float(tried[np.argmin(trials.rise[place])]))
            row = _averaged(row, tried, trials.weight[place], present)
    return row


def moved_sum(row: Row, resistance: float) -> Row:
    """Return a sum with its value by the best trial, and the same absolute error.

    Reversible electrodes are there, seen or not: without their arc the sum is too large by one standard error.
    """
    ends = tuple(max(end + resistance - row.resistance, 0.0) for end in row.ends)
    error = row.error * row.resistance / resistance
    return replace(row, resistance=resistance, error=error, ends=(ends[0], ends[1]))


def average_beside_loose(path: PathValues, rows: Rows) -> Rows:
    """Average values over the one arc of a spectrum that is in the fit, but whose size is not determined.

    Its likelihood is far from a normal one, and so is that of what stands beside it, where capacitances are expected. A
    total that contains it gets a value thereby.
    """
    loose = _loose_arcs(path, rows)
    asked = np.zeros_like(path.estimate.undetected)
    chosen: list[tuple[Row, int]] = []
    for row in rows:
        bad = loose[row.spectrum]
        if len(bad) != 1 or row.cause == "part undecided":
            continue
        known = (
            row.resolved == "yes" and row.error < DETERMINED_BELOW and bool(path.estimate.problem.expected)
        )
        if known or (row.kind == "total" and bad[0] in row.parts):
            chosen.append((row, bad[0]))
            asked[row.spectrum, bad[0]] = True
    if not chosen:
        return rows
    trials = undetected(path.estimate.problem, path.estimate.detected, asked, limited=False)
    resistances = path.resistances_at(trials)
    changed = {}
    for row, part in chosen:
        place = trials.places.get((row.spectrum, part))
        own = _error_beside(path, row, part)
        if place is not None and np.isfinite(own):
            tried = _tried(path, row, trials, resistances, place)
            known = row.resolved == "yes" and row.error < DETERMINED_BELOW
            if known:
                changed[row] = _widened(row, tried, trials.weight[place], own * row.resistance)
                continue
            new = replace(row, error=own, resolved="yes", cause="", joined_in="")
            new = _averaged(new, tried, trials.weight[place], 1.0)
            if new.error < DETERMINED_BELOW:
                changed[row] = new
    return with_changes(rows, changed)


def _loose_arcs(path: PathValues, rows: Rows) -> list[list[int]]:
    """Return the arcs of each spectrum that are in the fit, but whose size no row knows."""
    known = {(r.spectrum, r.parts[0]) for r in rows if len(r.parts) == 1 and r.error < DETERMINED_BELOW}
    return [
        [k for k in range(len(path.segments)) if (i, k) not in known and _is_undetermined(path, i, k)]
        for i in range(path.estimate.problem.size)
    ]


def _is_undetermined(path: PathValues, i: int, k: int) -> bool:
    """Tell whether an arc is in the fit, but its resistance is not determined."""
    if path.removed(i, k) or not is_arc(path.segments[k].node):
        return False
    resistance, gradient = path.resistances[k]
    return bool(path.relative_error(i, float(resistance[i]), gradient[i]) >= DETERMINED_BELOW)


def _error_beside(path: PathValues, row: Row, part: int) -> float:
    """Return the relative error of a row if one arc in it had a known resistance and time constant."""
    i, log_tau = row.spectrum, path.log_taus[part]
    assert log_tau is not None
    normal = np.nan_to_num(path.estimate.confidence.covariance_log[i])
    known = np.stack([path.resistances[part][1][i], log_tau[1][i]])
    cross = known @ normal
    left = normal - cross.T @ np.linalg.pinv(cross @ known.T) @ cross
    return float(np.sqrt(max(row.gradient @ left @ row.gradient, 0.0)) / row.resistance)


def _tried(path: PathValues, row: Row, trials: Undetected, resistances: list[Floats], place: slice) -> Floats:
    """Return the resistance of a row at the trials of one spectrum and segment."""
    if row.kind == "wall":
        node = path.segments[row.parts[0]].node
        assert isinstance(node, Placed)
        assert node.wall is not None
        return row.count * dc_resistance(node.wall, path.estimate.problem.values(trials.x[place]))[0]
    return np.asarray(sum(path.segments[k].count * resistances[k][place] for k in row.parts))


def _widened(row: Row, tried: Floats, weight: Floats, own: float) -> Row:
    """Return a row whose error and interval also hold what it is at trials of an arc that is in the fit."""
    low, high = mixture_ends(tried, weight, own)
    normal = tuple(row.resistance * float(np.exp(side * NORMAL_95 * row.error)) for side in (-1, 1))
    outer = row.ends if np.isfinite(row.ends[0]) else normal
    with np.errstate(divide="ignore"):
        width = float(np.log(np.divide(high, max(low, 0.0)))) / (2 * NORMAL_95)
    return replace(row, error=max(row.error, width), ends=(max(min(low, outer[0]), 0.0), max(high, outer[1])))


def _averaged(row: Row, tried: Floats, weight: Floats, present: float) -> Row:
    """Widen error and interval of a row to hold trials that have a probability together.

    Its value stays that of the fit, so that it is the same in all tables. The error is the root mean square deviation
    from it, or what the farther end of the interval stands for, whichever is larger: tables, figures and lines use one
    error, and what hides beside a value is on one side of it.
    """
    own, value = row.error * row.resistance, row.resistance
    between = present * float(weight @ (tried - value) ** 2)
    low, high = mixture_ends(tried, weight, own)
    error = float(np.sqrt(own**2 + between) / value)
    with np.errstate(over="ignore"):
        ends = tuple(value * float(np.exp(side * NORMAL_95 * error)) for side in (-1, 1))
    outer = row.ends if np.isfinite(row.ends[0]) else ends
    low, high = max(min(low, outer[0]), 0.0), max(high, outer[1])
    with np.errstate(divide="ignore"):
        farther = float(max(np.log(np.divide(value, low)), np.log(np.divide(high, value)))) / NORMAL_95
    return replace(row, error=max(error, farther), ends=(low, high))

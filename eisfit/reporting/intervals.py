"""Give rows profile intervals where the covariance is not to be trusted, and one-sided limits in place of a value."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from eisfit.cell.roles import UNASSIGNED
from eisfit.reporting.estimate import Estimate
from eisfit.reporting.path_values import DETERMINED_BELOW, PathValues
from eisfit.reporting.rows import Row, Rows, resistance_index, with_changes
from eisfit.results.outcome import NAN
from eisfit.tools.frozen import Floats
from eisfit.tools.statistics import NORMAL_95, NORMAL_95_ONE_SIDED
from eisfit.uncertainty.detection import Detected
from eisfit.uncertainty.profiles import profile_ends

CORRELATED = 0.99  # correlation with another parameter beyond which the profile replaces the covariance

_NO_SIZE = 1.0  # relative standard error from which not even a sum has a value


def add_profile_intervals(path: PathValues, rows: Rows) -> Rows:
    """Replace the error of strongly correlated resistances by half their 68 % profile interval.

    Where the two sides of the 95 % interval are wider than that would make them (root mean square), the error is what
    they stand for. What a stray capacitance may shift adds to both, as independent errors do: the profile is of the
    noise alone.
    """
    chosen = []
    for row in rows:
        k = resistance_index(path, row) if row.resolved == "yes" else None
        if k is not None and path.estimate.confidence.correlation(row.spectrum, k) > CORRELATED:
            chosen.append((row, k))
    ends = _profile_ends(path, chosen, (-1.0, 1.0, -NORMAL_95, NORMAL_95))
    changed = {}
    for (row, k), (low, high, low95, high95) in zip(chosen, ends, strict=True):
        shift = _shift(path, row.spectrum, k)
        centre = float(np.log(path.values[row.spectrum, k]))
        down, up = (float(np.hypot(end - centre, NORMAL_95 * shift)) for end in (low95, high95))
        with np.errstate(over="ignore"):
            interval = (row.resistance * float(np.exp(-down)), row.resistance * float(np.exp(up)))
        wide = float(np.hypot(down, up)) / np.sqrt(2) / NORMAL_95
        error = max(float(np.hypot(0.5 * (high - low), shift)), wide)
        changed[row] = replace(row, error=error, ends=interval)
    return with_changes(rows, changed)


def _shift(path: PathValues, i: int, k: int) -> float:
    """Return what is not in the circuit may shift ln of a parameter by, as one standard deviation."""
    shifts = path.estimate.confidence.shift_log
    return 0.0 if shifts is None else float(shifts[i, k])


def shifted_ends(path: PathValues, i: int, k: int, log_ends: Floats) -> Floats:
    """Return one-sided ends of a profile with what is not in the circuit."""
    centre = float(np.log(path.values[i, k]))
    away = log_ends - centre
    return np.asarray(centre + np.sign(away) * np.hypot(away, NORMAL_95_ONE_SIDED * _shift(path, i, k)))


def add_limits(path: PathValues, rows: Rows) -> Rows:
    """Give one-sided limits: from above to what is not detected, from below to what has no value."""
    limited = tuple(_with_upper_limit(path, row) for row in rows)
    return limit_undetermined(path, _without_false_limits(limited))


def _without_false_limits(rows: Rows) -> Rows:
    """Take the limit of a segment that an arc of another name may be: one that is undecided, or of no segment."""
    others: dict[int, list[Row]] = {}
    for row in rows:
        if row.rivals or row.role == UNASSIGNED:
            others.setdefault(row.spectrum, []).append(row)
    found = []
    for row in rows:
        if row.cause == "not detected":
            for other in others.get(row.spectrum, ()):
                stranger = other.role == UNASSIGNED and other.resistance > row.at_most
                if other is not row and (row.name in other.rivals or stranger):
                    row = replace(
                        row, resolved="no", at_most=NAN, cause="part undecided", joined_in=other.name
                    )
        found.append(row)
    return tuple(found)


def _with_upper_limit(path: PathValues, row: Row) -> Row:
    """Return a row with the upper limit of its segment, if that is not detected."""
    i, part = row.spectrum, row.parts[0]
    if row.resolved == "yes" and all(path.estimate.undetected[i, k] for k in row.parts):
        row = replace(row, resolved="upper limit")
    if row.resolved != "upper limit" or (i, part) not in path.trials.limits:
        return row
    limit = limit_with_shift(path, i, part, path.trials.limits[i, part]) * path.segments[part].count
    return replace(row, at_most=limit, cause="not detected")


def limit_with_shift(path: PathValues, i: int, part: int, limit: float) -> float:
    """Return the limit of a segment with what is not in the circuit, where it is still in the fit."""
    resistance, gradient = (values[i] for values in path.resistances[part])
    index = np.flatnonzero(gradient)
    if path.removed(i, part) or index.size != 1:
        return limit
    shift = _shift(path, i, int(index[0])) * float(resistance)
    return float(resistance + np.hypot(max(limit - float(resistance), 0.0), NORMAL_95_ONE_SIDED * shift))


def limit_undetermined(path: PathValues, rows: Rows) -> Rows:
    """Give limits in place of a value to what is poorly determined: from above where the data set one."""
    loose = [
        row
        for row in rows
        if (row.resolved == "yes" and row.error >= DETERMINED_BELOW)
        or (row.resolved == "sum only" and not row.joined_in and row.error >= _NO_SIZE)
    ]
    changed = {row: replace(row, resolved="no", cause="not determined") for row in loose}
    single = [(row, k) for row in loose if (k := resistance_index(path, row)) is not None]
    log_ends = _profile_ends(path, single, (-NORMAL_95_ONE_SIDED, NORMAL_95_ONE_SIDED))
    for (row, k), log_end in zip(single, log_ends, strict=True):
        log_end = shifted_ends(path, row.spectrum, k, log_end)
        with np.errstate(over="ignore"):
            low, high = np.exp(log_end) * row.resistance / path.values[row.spectrum, k]
        high += sum(
            path.trials.limits.get((row.spectrum, part), 0.0) * path.segments[part].count
            for part in row.parts
            if path.removed(row.spectrum, part)
        )
        new = replace(changed[row], at_least=float(low), cause="size not determined")
        if np.isfinite(high) and row.kind != "total" and not _below_window(path, row):
            new = replace(new, resolved="upper limit", at_most=float(high), cause="hardly detected")
        changed[row] = new
    return with_changes(rows, changed)


def _below_window(path: PathValues, row: Row) -> bool:
    """Tell whether the top of an arc in the row lies below the window."""
    lowest = path.top_window_hz[0][row.spectrum]
    return any(path.top_hz(row.spectrum, k) < lowest for k in row.parts)


def _all_held(estimate: Estimate) -> Detected:
    """Return the solutions with all that is linked held."""
    assert estimate.linked is not None
    return replace(estimate.detected, held=estimate.held | estimate.linked)


def _profile_ends(path: PathValues, chosen: list[tuple[Row, int]], levels: tuple[float, ...]) -> Floats:
    """Return where the profiles of some parameters reach some levels, shape (len(chosen), len(levels)).

    What other spectra determine too is not profiled in one of them: its ends follow from its error.
    """
    estimate = path.estimate
    if (linked := estimate.linked) is not None:
        x = estimate.x
        ends = np.array([[x[row.spectrum, k] + q * row.error for q in levels] for row, k in chosen])
        own = [n for n, (_, k) in enumerate(chosen) if not linked[k]]
        if own:
            apart = replace(path, estimate=replace(estimate, linked=None, detected=_all_held(estimate)))
            ends[own] = _profile_ends(apart, [chosen[n] for n in own], levels)
        return ends
    requests = [(row.spectrum, k, level) for row, k in chosen for level in levels]
    sigma = np.repeat([row.error for row, _ in chosen], len(levels))
    ends = profile_ends(
        estimate.problem,
        estimate.x,
        estimate.cost,
        estimate.confidence.variance,
        requests,
        sigma,
        estimate.held,
    )
    return ends.reshape(-1, len(levels))

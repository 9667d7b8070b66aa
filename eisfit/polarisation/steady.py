"""Steady states of a record over time: the end of each step, its error, and whether it still drifts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from eisfit.errors import InputError
from eisfit.polarisation.dc_data import DcData
from eisfit.spectrum.findings import Finding
from eisfit.tools.frozen import Bools, Floats, Ints, Value

FEWEST = 8  # points at the end of a step
DRIFTS_BELOW = 0.01  # probability
MOST_DRIFT = 0.01  # of the value within the window, that counts as steady
_EXACT = 1e-9
_JUMP = 15.0  # median changes from point to point, that begin a new step
_SMALLEST = 1e-4  # of the range of what is held, that a step has at least
_HELD = 0.1  # of the range, that it may scatter within a step
_COVERED = 0.8  # of all points, that lie in steps
_FEWEST_SWEPT = 20
_GRID = 41


@dataclass(frozen=True, eq=False)
class SteadyStates(Value):
    """Steady states of a record.

    Parameters
    ----------
    data : DcData
        One point a step, with standard errors that hold scatter and drift.
    drift_percent : ndarray, shape (m,)
        Change within the window over the value, of current or potential, whichever changes more.
    p_value : ndarray, shape (m,)
        Probability of such a trend in noise; nan where the record holds steady states already.
    steady : ndarray of bool, shape (m,)
        False where the trend is significant (p < 0.01) and exceeds 1 % of the value.
    points : ndarray of int, shape (m,)
        Points of each window.
    """

    data: DcData
    drift_percent: Floats
    p_value: Floats
    steady: Bools
    points: Ints


def steady_states(data: DcData, *, window: float = 0.2) -> SteadyStates:
    """Return the steady state at the end of each step; a slow sweep to and fro gives the mean of both ways.

    Parameters
    ----------
    data : DcData
        Without times its points are steady states already.
    window : float
        Part of each step, at its end, over which is averaged.

    Raises
    ------
    InputError
        If steps cannot be told apart, or a window holds fewer than eight points.

    Notes
    -----
    Errors of means and trends count the correlation of neighbouring points: ``n (1 - r) / (1 + r)`` of n points are
    independent. A significant trend adds half its change within the window to the error.
    """
    if not 0 < window <= 1:
        raise InputError(f"window is {window:g}: it is the part of a step at its end, between 0 and 1")
    if data.time_s is None:
        nothing = np.full(len(data), np.nan)
        return SteadyStates(data, nothing, nothing, np.ones(len(data), bool), np.ones(len(data), int))
    steps = _steps(data)
    if steps is None:
        return _of_sweep(data)
    return _of_steps(data, steps, window)


def _steps(data: DcData) -> list[slice] | None:
    """Return the steps of a record; None if nothing is held in it."""
    if data.step is not None and np.unique(data.step).size > 1:
        return list(_runs(np.flatnonzero(np.diff(data.step)) + 1, len(data)))
    driven = (data.potential_v[:, 0] - data.potential_v[:, -1], data.potential_v[:, 0], data.current_a)
    found = [held for values in driven if (held := _held(values)) is not None]
    return min(found, key=lambda held: held[0])[1] if found else None


def _held(values: Floats) -> tuple[float, list[slice]] | None:
    """Return how much a quantity scatters within its steps, by its range, and the steps; None if it is not held.

    Steps count before a quantity that is noise alone, such as the potential of a probe beside the reference.
    """
    spread, largest = float(np.ptp(values)), float(np.abs(values).max())
    if not largest:
        return None
    if spread <= _EXACT * largest:
        return -1.0, [slice(0, values.size)]
    noise = float(np.median(np.abs(np.diff(values))))
    jumps = np.flatnonzero(np.abs(np.diff(values)) > _JUMP * noise + _SMALLEST * spread) + 1
    runs = [run for run in _runs(jumps, values.size) if run.stop - run.start >= FEWEST]
    if sum(run.stop - run.start for run in runs) < _COVERED * values.size:
        return None
    if len(runs) == 1:  # held once, if all its range is noise
        return (1.0, runs) if float(np.ptp(values[runs[0]])) <= _JUMP * noise else None
    scatter = max(float(np.ptp(values[run])) for run in runs) / spread
    return (scatter, runs) if scatter <= _HELD else None


def _runs(starts: np.ndarray, size: int) -> Iterator[slice]:
    ends = [0, *starts.tolist(), size]
    for first, last in pairwise(ends):
        yield slice(first, last)


def _of_steps(data: DcData, steps: list[slice], window: float) -> SteadyStates:
    rows = []
    assert data.time_s is not None
    for number, step in enumerate(steps, 1):
        time = data.time_s[step]
        inside = time >= time[-1] - window * (time[-1] - time[0])
        if (count := int(inside.sum())) < FEWEST:
            raise InputError(
                f"{data.label}: step {number} has {count} points in its last {100 * window:g} %: {FEWEST} are needed; "
                "record more often, or take a longer window"
            )
        columns = [data.current_a[step][inside], *data.potential_v[step][inside].T]
        rows.append([(*_settled(time[inside], values), count) for values in columns])
    table = np.array(rows)  # (steps, columns, (mean, error, drift, p, count))
    mean, error, drift, p = (table[..., k] for k in range(4))
    with np.errstate(invalid="ignore", divide="ignore"):
        relative = np.where(drift == 0, 0.0, np.abs(drift) / np.maximum(np.abs(mean), 1e-300))
    significant = p < DRIFTS_BELOW
    moving = significant & (relative > MOST_DRIFT)
    worst = np.argmax(np.where(significant, relative, -1.0), axis=1)
    at = np.arange(len(steps))
    steady: Bools = np.logical_not(np.any(moving, axis=1))
    settled = replace(
        data,
        current_a=mean[:, 0],
        potential_v=mean[:, 1:],
        current_stderr_a=error[:, 0],
        potential_stderr_v=error[:, 1:],
        time_s=None,
        step=None,
        findings=(*data.findings, *_said(steady)),
    )
    return SteadyStates(settled, 100 * relative[at, worst], p[at, worst], steady, table[:, 0, 4].astype(int))


def _said(steady: Bools) -> tuple[Finding, ...]:
    if steady.all():
        return ()
    names = ", ".join(str(k + 1) for k in np.flatnonzero(~steady))
    many = (~steady).sum() > 1
    text = f"step{'s' if many else ''} {names} still drift{'' if many else 's'}: hold longer"
    return (Finding("drift", text),)


def _settled(time: Floats, values: Floats) -> tuple[float, float, float, float]:
    """Return mean, standard error, change within the window and the probability of that trend in noise."""
    from scipy.special import stdtr

    n, mean = values.size, float(values.mean())
    x = time - time.mean()
    square = float(np.sum(x**2))
    slope = float(np.sum(x * values)) / square
    residual = values - mean - slope * x
    scatter = float(np.sum(residual**2))
    change = slope * float(np.ptp(time))
    if scatter <= (1e-12 * abs(mean)) ** 2 * n:  # a held value that is printed without noise
        still = abs(change) <= 1e-9 * abs(mean)
        return mean, 0.0 if still else abs(change) / 2, 0.0 if still else change, 1.0 if still else 0.0
    r = float(np.clip(np.sum(residual[1:] * residual[:-1]) / scatter + 1 / n, 0.0, 0.95))
    independent = max(n * (1 - r) / (1 + r), 3.0)
    variance = scatter / max(independent - 2, 1.0) * independent / n  # of a point
    t = slope / np.sqrt(variance / square * n / independent)
    p = 2 * float(stdtr(max(independent - 2, 1.0), -abs(t)))
    error = float(np.sqrt(variance / independent))
    return mean, float(np.hypot(error, change / 2)) if p < DRIFTS_BELOW else error, change, p


def _of_sweep(data: DcData) -> SteadyStates:
    """Return the mean of both ways of a slow sweep, which leaves the charging current out."""
    drive = data.potential_v[:, 0] - (data.potential_v[:, -1] if len(data.probes) > 1 else 0.0)
    if len(data) < _FEWEST_SWEPT:
        raise InputError(
            f"{data.label}: neither current nor potential is held in steps, and {len(data)} points are too few for a "
            f"sweep: {_FEWEST_SWEPT} are needed; leave the times out if every point is a steady state"
        )
    ways = _ways(drive)
    up = [w for w in ways if drive[w.stop - 1] > drive[w.start]]
    down = [w for w in ways if drive[w.stop - 1] < drive[w.start]]
    if not up or not down:
        raise InputError(
            f"{data.label}: the potential is swept one way only, so that the charging current cannot be told from the "
            "steady one: sweep back too, or step the potential"
        )
    grid, forward, back = _both_ways(data, drive, _last(drive, up), _last(drive, down))
    mean, half = 0.5 * (forward + back), 0.5 * (forward - back)
    smooth = half - half.mean(axis=0)
    error = np.sqrt(np.mean(smooth**2, axis=0) * grid.size / (grid.size - 1))
    charging = float(np.abs(half[:, 0].mean()) / max(float(np.abs(mean[:, 0]).max()), 1e-300))
    note = Finding(
        "charging", f"mean of both ways of a sweep; half their difference is {100 * charging:.2g} %"
    )
    settled = replace(
        data, current_a=mean[:, 0], potential_v=mean[:, 1:], time_s=None, step=None,
        current_stderr_a=np.full(grid.size, error[0]), potential_stderr_v=np.tile(error[1:], (grid.size, 1)),
        findings=(*data.findings, note),
    )  # fmt: skip
    nothing = np.full(grid.size, np.nan)
    return SteadyStates(settled, nothing, nothing, np.ones(grid.size, bool), np.full(grid.size, 2))


def _ways(drive: Floats) -> list[slice]:
    """Return the ways of a sweep between its turning points."""
    reach, turns, extreme = 0.05 * float(np.ptp(drive)), [0], 0
    rising: bool | None = None
    for k in range(1, drive.size):
        if rising is None:
            if abs(drive[k] - drive[0]) > reach:
                rising, extreme = bool(drive[k] > drive[0]), k
        elif (drive[k] > drive[extreme]) == rising and drive[k] != drive[extreme]:
            extreme = k
        elif abs(drive[k] - drive[extreme]) > reach:
            turns.append(extreme)
            rising, extreme = not rising, k
    return [slice(a, b + 1) for a, b in zip(turns, [*turns[1:], drive.size - 1], strict=True)]


def _last(drive: Floats, ways: list[slice]) -> Ints:
    """Return the points of the last way, and those of earlier ones at potentials that later ones do not reach."""
    points = np.arange(ways[-1].start, ways[-1].stop)
    for way in reversed(ways[:-1]):
        low, high = drive[points].min(), drive[points].max()
        earlier = np.arange(way.start, way.stop)
        points = np.concatenate([points, earlier[(drive[earlier] < low) | (drive[earlier] > high)]])
    return points[np.argsort(drive[points], kind="stable")]


def _both_ways(data: DcData, drive: Floats, up: Ints, down: Ints) -> tuple[Floats, Floats, Floats]:
    low = max(drive[up].min(), drive[down].min())
    high = min(drive[up].max(), drive[down].max())
    if not high > low:
        raise InputError(
            f"{data.label}: both ways of the sweep have no potential in common: sweep to and fro"
        )
    inset = 0.02 * (high - low)
    grid = np.linspace(low + inset, high - inset, min(_GRID, max(up.size // 4, 5)))
    columns = np.column_stack([data.current_a, data.potential_v])
    found = [np.column_stack([np.interp(grid, drive[way], c) for c in columns[way].T]) for way in (up, down)]
    return grid, found[0], found[1]

"""Whether a series holds spectra of several cells that nobody has told apart."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from eisfit.constants import ZERO_CELSIUS_K
from eisfit.results.series import Series
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.frozen import Bools, Floats
from eisfit.workflow.name_groups import (
    SAME_C,
    cell_pattern,
    folder_groups,
    may_be_passes,
    name_groups,
    share_temperatures,
)
from eisfit.workflow.temperature_names import name_in

APART = math.log(1.3)  # difference of ln|Z| from which on groups with names of their own are two cells
FAR = math.log(2.0)  # of two spectra at one temperature
UNNAMED = math.log(1.5)  # of groups that only their values tell apart
CLEARER = 3.0  # times by which the scatter must fall when groups are told apart
_LEAST = 3  # spectra of a group that only its values tell
_TURNS = 3  # changes of the group over rising temperature, so that no bend of one line is meant


@dataclass(frozen=True)
class _Points:
    """One point for each spectrum: name, temperature, 1000/T, mean of ln|Z| in the common window, when measured."""

    names: tuple[str, ...]
    temperature_c: tuple[float, ...]
    x: Floats
    level: Floats
    order: tuple[int, ...]


def untold_cells(series: Series) -> str:
    """Return in words what tells that a series holds several cells, with the cure; empty where nothing does.

    Parameters
    ----------
    series : Series
        Over temperature; others are not judged.

    Notes
    -----
    Only the measured |Z| is asked: the mean of its logarithm in the window that all spectra share. Groups are tried
    by folder, by name, by order (temperatures that begin anew) and, last, by the values alone. A group is a cell of
    its own where one offset of ln|Z| beside a smooth curve over 1/T takes most of the scatter away.
    """
    pairs = dict.fromkeys(f.spectrum.conditions.probe_pair for f in series)
    if len(pairs) > 1:  # of probes of one cell, which see different parts of it
        of_pairs = ([f for f in series if f.spectrum.conditions.probe_pair == pair] for pair in pairs)
        return next(
            (said for own in of_pairs if (said := untold_cells(Series(series.condition, tuple(own))))), ""
        )
    spectra = [f.spectrum for f in series if f.spectrum.conditions.temperature_c is not None]
    if series.condition != "temperature_c" or len(spectra) < 2:
        return ""
    points = _points(spectra, series.order if len(series.order) == len(spectra) else ())
    if points is None:
        return ""
    of = points.names, points.temperature_c
    for kind, groups in (
        ("folders", folder_groups(*of)),
        ("names", name_groups(*of)),
        ("order", _passes(points)),
    ):
        if groups is not None and (said := _judged(kind, groups, points)):
            return said
    return _twice(points) or _by_value(points)


def _points(spectra: Sequence[Spectrum], order: tuple[int, ...]) -> _Points | None:
    low = max(float(s.frequency_hz.min()) for s in spectra)
    high = min(float(s.frequency_hz.max()) for s in spectra)
    if not low < high:
        return None
    at = np.linspace(math.log(low), math.log(high), 40)
    levels = []
    for s in spectra:
        rising = np.argsort(s.frequency_hz)
        size = np.log(np.maximum(np.abs(s.z_ohm[rising]), 1e-300))
        levels.append(float(np.mean(np.interp(at, np.log(s.frequency_hz[rising]), size))))
    files = [Path(s.source.file if s.source else s.label) for s in spectra]
    try:
        top = Path(os.path.commonpath([f.parent for f in files]))
    except ValueError:
        top = Path()
    t = np.array([s.conditions.temperature_c for s in spectra], float)
    sweeps = [s.source.sweep if s.source else 1 for s in spectra]
    names = [name_in(f, top) + (f"#{k}" if k > 1 else "") for f, k in zip(files, sweeps, strict=True)]
    return _Points(tuple(names), tuple(t.tolist()), 1000 / (t + ZERO_CELSIUS_K), np.array(levels), order)


def _passes(points: _Points) -> list[str] | None:
    """Return the pass of each spectrum: the next begins where the temperature goes back to rise (or fall) again.

    None where the order is not known, or the passes differ in direction, as heating and cooling of one cell do.
    """
    if not points.order:
        return None
    found, count = [""] * len(points.order), 1
    before, direction, directions = None, 0.0, set()
    for k in np.argsort(points.order):
        step = (
            0.0 if before is None else float(np.sign(points.temperature_c[k] - points.temperature_c[before]))
        )
        if direction and step == -direction:
            count, direction = count + 1, 0.0
        elif step:
            direction = step
            directions.add(step)
        found[k], before = f"pass {count}", k
    alone = min(found.count(name) for name in found) < 2
    return None if alone or count == 1 or len(directions) > 1 else found


def _judged(kind: str, groups: Sequence[str], points: _Points) -> str:
    names = list(dict.fromkeys(groups))
    if may_be_passes(names) and kind != "order":
        return ""
    shared = share_temperatures(groups, points.temperature_c)
    offset, clearer = _offset(groups, points)
    if not (clearer and abs(offset) > APART) and not (kind == "folders" and shared):
        return ""
    first, second = (
        next(n for n, g in zip(points.names, groups, strict=True) if g == name) for name in names[:2]
    )
    ratio = math.exp(abs(offset))
    much = f"|Z| differs by a factor of {ratio:.2g} at equal temperatures" if abs(offset) > 0.05 else ""
    shown = (
        f"{len(names)} {'folders' if kind == 'folders' else 'groups of files'}, as {first!r} and {second!r}"
    )
    what = much or "the same temperatures stand in each"
    return f"{shown}: {what}: {_cure(groups, points)}"


def _cure(groups: Sequence[str], points: _Points) -> str:
    pattern = cell_pattern(groups, points.names)
    told = f', or cell_from_name = "{pattern}" for all (--cell-from-name)' if pattern else ""
    each = 'write cell = "A" beside each file'
    if len({name.partition("#")[0] for name in points.names}) == 1:
        each = "write cell_column, the heading of the column that names the cell, into a series.toml"
    return (
        f"if these are several cells, {each}{told}; each then has a line of its own, and one line through all means "
        "nothing"
    )


def _offset(groups: Sequence[str], points: _Points) -> tuple[float, bool]:
    """Return the largest difference of ln|Z| between groups, and whether it takes most of the scatter away."""
    kinds = list(dict.fromkeys(groups))
    columns = np.array([[g == kind for kind in kinds[1:]] for g in groups], float)
    degree = 2 if len(set(points.temperature_c)) > len(kinds) + 2 else 1
    smooth = np.vander(points.x - points.x.mean(), degree + 1)
    if len(groups) <= smooth.shape[1] + columns.shape[1]:
        return 0.0, False
    before, _ = _residual(smooth, points.level)
    after, found = _residual(np.hstack([smooth, columns]), points.level)
    levels = [0.0, *found[smooth.shape[1] :]]
    return max(levels) - min(levels), before > CLEARER * after


def _residual(columns: Floats, y: Floats) -> tuple[float, Floats]:
    """Return the root of the mean square of what is left, per degree of freedom, and the coefficients."""
    found = np.linalg.lstsq(columns, y, rcond=None)[0]
    left = y - columns @ found
    return math.sqrt(float(left @ left) / (y.size - columns.shape[1])), np.asarray(found, float)


def _twice(points: _Points) -> str:
    """Return what is said of two spectra at one temperature that differ much."""
    pairs = [
        (abs(points.level[a] - points.level[b]), a, b)
        for a in range(len(points.names))
        for b in range(a)
        if abs(points.temperature_c[a] - points.temperature_c[b]) <= SAME_C
    ]
    if not pairs or max(pairs)[0] < FAR:
        return ""
    size, a, b = max(pairs)
    at = f"{points.temperature_c[a]:.4g} °C"
    return (
        f"{points.names[b]!r} and {points.names[a]!r} stand at {at} both, and |Z| differs by a factor of "
        f'{math.exp(size):.2g}: if these are two cells, write cell = "A" beside each file; if one changes, fit each '
        "pass by itself"
    )


def _by_value(points: _Points) -> str:
    """Return what is said where only the values show two groups that lie on one curve each."""
    if len(points.names) < 2 * _LEAST:
        return ""
    smooth = np.vander(points.x - points.x.mean(), 3)
    upper = min((_refined(points.level, smooth, cut) for cut in range(1, 4)), key=lambda found: found[0])[1]
    groups = ["upper" if u else "lower" for u in upper]
    sizes = [groups.count(kind) for kind in ("upper", "lower")]
    in_order = upper[np.argsort(points.temperature_c, kind="stable")]
    turns = int(np.sum(in_order[1:] != in_order[:-1]))
    if min(sizes) < _LEAST or turns < _TURNS:
        return ""
    offset, clearer = _offset(groups, points)
    if not clearer or abs(offset) < UNNAMED:
        return ""
    rows = ", ".join(n for n, u in zip(points.names, upper, strict=True) if u)
    return (
        f"the spectra lie on two curves over temperature, |Z| apart by a factor of {math.exp(abs(offset)):.2g}; on the "
        f"upper are {rows}: {_cure(groups, points)}"
    )


def _refined(y: Floats, smooth: Floats, cut: int) -> tuple[float, Bools]:
    """Return what is left, and which points are on the upper curve, from the split at one of the largest gaps."""
    left = y - smooth @ np.linalg.lstsq(smooth, y, rcond=None)[0]
    rising = np.sort(left)
    place = np.argsort(np.diff(rising))[-cut]
    upper = left > (rising[place] + rising[place + 1]) / 2
    for _ in range(10):
        both = np.hstack([smooth, upper[:, None].astype(float)])
        found = np.linalg.lstsq(both, y, rcond=None)[0]
        left = y - smooth @ found[:-1]
        upper = left > found[-1] / 2
    both = np.hstack([smooth, upper[:, None].astype(float)])
    return _residual(both, y)[0], upper

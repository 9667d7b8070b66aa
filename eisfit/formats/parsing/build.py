"""From the columns of a file to spectra: rows checked, DC rows dropped, sweeps cut apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from eisfit.errors import FormatError, InputError, NoImpedance
from eisfit.formats.raw_file import RawFile
from eisfit.spectrum.conditions import NO_CONDITIONS, Conditions
from eisfit.spectrum.findings import Finding
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.frozen import Bools, Complexes, Floats, Ints

RESTART_RATIO = 2.0
RESTART_STEPS = 1.5
INDUCTIVE_SHARE = 0.7
LARGEST_OHM = 1e30
UNSET_AREA_CM2 = 1.0  # Gamry, Ivium, VersaStudio and ZPlot write it where nobody gave an area
UNORDERED_TURNS = 1 / 3  # a sweep turns at few of its points; rows in random order at two of three
FEWEST_UNORDERED = 8
RAGGED = 3.0
SAME_GRID = 0.2  # of the usual distance of two frequencies: closer ones are of two sweeps
AMPLITUDE_SPREAD = 0.5  # amplitudes of a sweep within this fraction of their mean are one amplitude
_AMPLITUDE_UNITS = {"amplitude_v": "V", "amplitude_a": "A"}


def build(
    raw: RawFile,
    format_name: str,
    frequency_hz: npt.ArrayLike,
    z_ohm: npt.ArrayLike,
    *,
    time_s: npt.ArrayLike | None = None,
    groups: Sequence[npt.ArrayLike] = (),
    per_point: Mapping[str, npt.ArrayLike] | None = None,
    conditions: Conditions = NO_CONDITIONS,
    findings: Sequence[Finding] = (),
    restarts: bool = True,
    first_sweep: int = 1,
) -> list[Spectrum]:
    """Return the spectra that lie in the columns of a file.

    Parameters
    ----------
    raw : RawFile
        The file, for its name and hash.
    format_name : str
        Name of the format in tables.
    frequency_hz, z_ohm : array_like, shape (n,)
        All points of the file, in file order; rows with frequency 0 are DC rows and are dropped.
    time_s : array_like, shape (n,), optional
        Left out where a value is not finite.
    groups : sequence of array_like, shape (n,)
        Columns such as the cycle number: a change of any cuts.
    per_point : mapping of str to array_like, shape (n,), optional
        Columns whose mean over a sweep is a condition (``bias_v``, ``temperature_c``).
    conditions : Conditions
        Of all sweeps.
    findings : sequence of Finding
        Of all sweeps.
    restarts : bool
        Cut where the frequency jumps back by more than a factor 2; sort rows that are in no order.
    first_sweep : int
        Number of the first sweep found here.

    Raises
    ------
    FormatError
        If a frequency is negative or a number is not finite; the message names the row.
    NoImpedance
        If no row is left.
    """
    f, z = np.asarray(frequency_hz, float), np.asarray(z_ohm, complex)
    _check_frequency(raw, f)
    keep = f > 0
    notes = tuple(findings)
    if not keep.any():
        what = f"all {f.size} rows have frequency 0 (DC)" if f.size else "it holds no points"
        raise NoImpedance(f"{raw.name}: {what}; there is no impedance in it")
    if dropped := int(np.count_nonzero(~keep)):
        notes += (Finding("dc rows", f"{dropped} DC rows (frequency 0) were left out"),)
    _check_impedance(raw, f, z, keep)
    cuts = _cuts(f[keep], [np.asarray(g)[keep] for g in groups], restarts)
    time = None if time_s is None else np.asarray(time_s, float)[keep]
    f, z = f[keep], as_complex(z[keep])
    columns = {name: np.asarray(values, float)[keep] for name, values in (per_point or {}).items()}
    spectra = []
    for number, rows in enumerate(np.split(np.arange(f.size), cuts), first_sweep):
        part, order = _ordered(f, rows) if restarts else (rows, ())
        own, reported = _averaged(conditions, {name: values[part] for name, values in columns.items()})
        spectra.append(
            Spectrum(
                f[part],
                z[part],
                time_s=_time(time, part),
                conditions=own,
                source=raw.source(format_name, number),
                findings=notes + order + reported + _inductive(z[part]),
            )
        )
    return spectra


def _ordered(f: Floats, rows: Ints) -> tuple[Ints, tuple[Finding, ...]]:
    """Return the rows of one sweep, from high to low frequency where they are in no order and all different."""
    if not _in_no_order(f[rows]):
        return rows, ()
    if np.unique(f[rows]).size < rows.size:
        text = "the rows are in no order of frequency and some frequencies occur again: sort the rows of each sweep"
        return rows, (Finding("order", text),)
    text = "the rows are in no order of frequency; they were sorted from high to low"
    return rows[np.argsort(-f[rows], kind="stable")], (Finding("order", text),)


def _in_no_order(f: Floats) -> bool:
    """Tell whether frequencies go up and down at more than every third point, in runs of unequal length."""
    if f.size < FEWEST_UNORDERED:
        return False
    step = np.sign(np.diff(f))
    turns = np.flatnonzero(step[1:] != step[:-1])
    if turns.size <= UNORDERED_TURNS * (f.size - 2):
        return _is_scattered(f)
    backward = np.flatnonzero(step == -np.sign(np.sum(step) or 1.0)) + 1
    lengths = np.diff(np.concatenate(([0], backward, [f.size])))
    return bool(np.unique(lengths[:-1]).size > 1 or lengths[-1] > lengths[0]) or _is_scattered(f)


def _is_scattered(f: Floats) -> bool:
    """Tell whether the pieces between jumps back interleave on one grid, some short, uneven, or going both ways.

    Sweeps that follow each other measure the same frequencies, or nearly so.
    """
    gaps = np.diff(np.sort(np.log(f)))
    if gaps.min() < SAME_GRID * np.median(gaps):
        return False
    pieces = np.split(f, np.flatnonzero(_restarts(f, np.zeros(f.size, bool))))
    odd = min(piece.size for piece in pieces) <= 2 or any(_is_ragged(p) or _turns(p) for p in pieces)
    if len(pieces) < 2 or not odd:
        return False
    whole = max(pieces, key=len)
    return any(((p > whole.min()) & (p < whole.max())).any() for p in pieces if p is not whole)


def _turns(f: Floats) -> bool:
    """Tell whether a piece goes both up and down."""
    step = np.diff(f)
    return bool((step > 0).any() and (step < 0).any())


def _is_ragged(f: Floats) -> bool:
    """Tell whether the steps of a piece differ by more than the steps of a sweep do."""
    step = np.abs(np.diff(np.log(f)))
    return f.size > 2 and bool(step.max() > RAGGED * step.min())


def _check_frequency(raw: RawFile, f: Floats) -> None:
    bad = np.flatnonzero(~np.isfinite(f) | (f < 0))
    if bad.size:
        raise FormatError(
            f"{raw.name}: data row {bad[0] + 1}: the frequency is {f[bad[0]]:g}: "
            "it must be finite and positive; remove that row"
        )


def _check_impedance(raw: RawFile, f: Floats, z: Complexes, keep: Bools) -> None:
    with np.errstate(invalid="ignore"):
        bad = np.flatnonzero(keep & ~(np.isfinite(z) & (np.abs(z) < LARGEST_OHM)))
    if bad.size:
        raise FormatError(
            f"{raw.name}: data row {bad[0] + 1} at {f[bad[0]]:g} Hz: the impedance is {z[bad[0]]:g}: "
            f"it must be finite and below {LARGEST_OHM:g} ohm; remove that row"
        )


def _cuts(f: Floats, groups: Sequence[npt.NDArray[np.generic]], restarts: bool) -> Ints:
    cut = np.zeros(f.size, bool)
    for group in groups:
        change = group[1:] != group[:-1]
        if not (change.size > 1 and change.all()):  # a column that differs in every row numbers no sweeps
            cut[1:] |= change
    if restarts and (not _in_no_order(f) or np.unique(f).size < f.size):
        cut |= _restarts(f, cut)
    return np.flatnonzero(cut)


def _restarts(f: Floats, cut: Bools) -> Bools:
    """Find where a new sweep begins: at a step against its direction by more than a factor 2.

    The step must be larger than those within the sweep, or a coarse sweep up and down would be cut.
    """
    step = np.diff(np.log(f))
    usual = np.median(np.abs(step[step != 0])) if step.any() else 0.0
    step[cut[1:]] = 0.0
    direction = np.sign(np.sum(np.sign(step)))
    again = np.zeros(f.size, bool)
    again[1:] = -direction * step > max(np.log(RESTART_RATIO), RESTART_STEPS * usual)
    pieces = np.diff(np.concatenate(([0], np.flatnonzero(again | cut), [f.size])))
    unordered = np.median(pieces) < 3
    return np.zeros(f.size, bool) if unordered else again


def _time(time: Floats | None, part: Ints) -> Floats | None:
    if time is None or not np.isfinite(time[part]).all() or (part.size > 1 and np.ptp(time[part]) == 0):
        return None
    return time[part]


def _averaged(
    conditions: Conditions, columns: Mapping[str, Floats]
) -> tuple[Conditions, tuple[Finding, ...]]:
    reported: tuple[Finding, ...] = ()
    for name, values in columns.items():
        if not np.isfinite(values).all():
            continue
        mean = float(np.mean(values))
        if name in _AMPLITUDE_UNITS and np.ptp(values) > AMPLITUDE_SPREAD * abs(mean):
            ends = f"{np.min(values):.3g} to {np.max(values):.3g} {_AMPLITUDE_UNITS[name]}"
            reported += (Finding("amplitude", f"it differs from point to point ({ends}): none was taken"),)
        else:
            conditions = with_plausible(conditions, **{name: mean})
    return conditions, reported


def as_complex(z: npt.ArrayLike) -> Complexes:
    """Return an array as complex128."""
    return np.asarray(z, np.complex128)


def with_plausible(conditions: Conditions, **changes: float | int | None) -> Conditions:
    """Return the conditions with all plausible changes; implausible values of a file are dropped."""
    for name, value in changes.items():
        if value is None:
            continue
        try:
            conditions = replace(conditions, **{name: value})  # type: ignore[arg-type]
        except InputError:
            continue
    return conditions


def _inductive(z: Complexes) -> tuple[Finding, ...]:
    share = float(np.mean(z.imag > 0))
    if share <= INDUCTIVE_SHARE:
        return ()
    return (
        Finding(
            "inductive",
            f"{100 * share:.0f} % of the points are inductive (Im Z > 0): "
            "if the sample is not, the sign of the imaginary part in the file is reversed",
        ),
    )

"""Sweeps of a cell that changes, interpolated in time so that all points of each are of one instant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from eisfit.errors import InputError
from eisfit.spectrum.findings import Finding
from eisfit.spectrum.given import many_spectra
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.frozen import Bools, Complexes, Floats, Value
from eisfit.tools.keywords import known_keywords
from eisfit.tools.statistics import largest_deviation
from eisfit.validity.drift_between_sweeps import DRIFT_LEVEL, DRIFT_PERCENT, FEWEST_SHARED
from eisfit.validity.times_of_points import equal_conditions, times_of_points

CORRECTED = "drift corrected"  # kind of the finding that all points are of one instant
WITHIN = "drift within sweep"  # kind of the finding that a cell has changed during one sweep
ALONE = "no sweep before and after it has this frequency, so that it has no value at the common instant"
_SAME_HZ = 1e-3  # relative difference of frequencies that count as the same
_SMOOTH = 5  # neighbouring points over which a change is averaged
_EFFICIENCY = 0.25  # degrees of freedom of the noise per second difference, when its size is their median
_NEAR = 6  # sweeps before, and after, one that can take part in its interpolation
_NODES = 4  # sweeps through which each point is interpolated


@dataclass(frozen=True, eq=False)
class AtOneInstant(Value):
    """A sweep whose points are all of one instant.

    Parameters
    ----------
    time_h : float
        The instant.
    z_ohm : ndarray of complex, shape (n,)
        Impedance then; as measured where it cannot be interpolated.
    found : ndarray of bool, shape (n,)
        Points that could be interpolated.
    error_ohm : ndarray, shape (n,)
        How far two interpolations differ, over time and over its square root.
    noise_factor : ndarray, shape (n,)
        Standard deviation of the noise over that of a measured point.
    change_factor : ndarray, shape (n,)
        That of the noise of the change by the interpolation.
    """

    time_h: float
    z_ohm: Complexes
    found: Bools
    error_ohm: Floats
    noise_factor: Floats
    change_factor: Floats


@known_keywords
def drift_corrected(
    spectra: Sequence[Spectrum], *, duration_s: float | Sequence[float] | None = None
) -> list[Spectrum]:
    r"""Return sweeps of a cell that changes as if each had been taken in an instant.

    Parameters
    ----------
    spectra : sequence of Spectrum
        Two or more sweeps of one cell under equal conditions, in any order. ``time_h`` of each is the age of the cell
        at its first point, `time_s` the time of each point; where no sweep knows its ``time_h``, `time_s` must run
        on from one to the next.
    duration_s : float or sequence of float, optional
        How long a sweep took, where `time_s` is not known. It is shared out in proportion to the period of each
        frequency, in the order measured. In its place each may know a ``duration_s`` of its own.

    Returns
    -------
    list of Spectrum
        In the order given: all points at one instant, which is its ``time_h``, and a finding that says what was
        done. A point whose frequency has no sweep on one side of that instant is masked.

    Raises
    ------
    InputError
        If there are fewer than two sweeps, their conditions differ, they share fewer than eight frequencies, a start
        or duration is not known, or two overlap in time.

    Notes
    -----
    The instant is the median time of the points of a sweep, for the first one its end and for the last its start: no
    point is extrapolated. Each is the value there of a cubic over :math:`\sqrt t` through the four nearest sweeps (or
    as many as there are), the one before and the one after among them: exact for growth in proportion to t and to its
    root. The difference to the same over t is stated as the error of the interpolation, which a fit does not know; in
    neighbouring sweeps some noise is the same.

    Source: Stoynov and Savova-Stoynov, J. Electroanal. Chem. 183 (1985) 133, there with splines over time.

    Examples
    --------
    >>> import numpy as np
    >>> import eisfit
    >>> f = np.logspace(4, -1, 21)
    >>> at = np.cumsum(3 / f)  # seconds
    >>> grows = [
    ...     eisfit.Spectrum(f, 10 + (h + at / 3600) / (1 + 2j * f), time_s=at, conditions=eisfit.Conditions(time_h=h))
    ...     for h in (1.0, 2.0, 4.0)
    ... ]
    >>> first = drift_corrected(grows)[0]
    >>> bool(np.allclose(first.z_ohm, 10 + first.conditions.time_h / (1 + 2j * f), atol=1e-3))
    True
    """
    spectra = many_spectra(spectra, "drift_corrected", "check")
    times, words = _checked_times(spectra, duration_s)
    corrected = []
    for k, (spectrum, seen) in enumerate(zip(spectra, _at_instants(spectra, times), strict=True)):
        gone = spectrum.used & ~seen.found
        moved = replace(
            spectrum,
            z_ohm=np.where(seen.found, seen.z_ohm, spectrum.z_ohm),
            time_s=None,
            conditions=spectrum.conditions.updated(time_h=seen.time_h),
            checked=None,
        )
        moved = moved.without(gone, ALONE) if gone.any() else moved
        corrected.append(moved.noting(_said(spectrum, seen, times[k], len(spectra), words)))
    return corrected


def drift_within_sweeps(spectra: Sequence[Spectrum]) -> list[Finding | None]:
    """Say of sweeps of one cell which of them has changed while it was measured.

    Parameters
    ----------
    spectra : sequence of Spectrum
        Sweeps of one cell; without times, or with other differences than these, nothing can be said.

    Returns
    -------
    list of Finding or None
        For each sweep; None where the change is below 0.3 % of the impedance, or within what noise makes of it in 0.3 %
        of cases.
    """
    try:
        times, _ = _checked_times(spectra, None)
    except InputError:
        return [None] * len(spectra)
    seen = _at_instants(spectra, times)
    return [_within(s, each, t) for s, each, t in zip(spectra, seen, times, strict=True)]


def _checked_times(
    spectra: Sequence[Spectrum], duration_s: float | Sequence[float] | None
) -> tuple[list[Floats], str]:
    if len(spectra) < 2:
        raise InputError(
            f"a drift is corrected between sweeps, and there is {len(spectra)}: give all sweeps of the cell at once"
        )
    if name := equal_conditions(spectra):
        raise InputError(
            f"the spectra differ in {name}, and a drift is corrected between sweeps under equal conditions: give those "
            "of each condition by themselves"
        )
    times, words = times_of_points(spectra, duration_s)
    first = spectra[0]
    for other in spectra[1:]:
        if np.count_nonzero(_places(first, other) >= 0) < min(FEWEST_SHARED, len(first)):
            raise InputError(
                f"{first.label or 'the first sweep'} and {other.label or 'another'} share fewer than {FEWEST_SHARED} "
                "frequencies: a drift is corrected between points of equal frequency; measure the same list"
            )
    return times, words


def _places(of: Spectrum, among: Spectrum) -> npt.NDArray[np.int64]:
    """Return where each frequency of a sweep stands among the used points of another; -1 where it does not."""
    used = np.flatnonzero(among.used)
    if used.size == 0:
        return np.full(len(of), -1)
    f = among.frequency_hz[used]
    order = np.argsort(f)
    right = np.clip(np.searchsorted(f[order], of.frequency_hz), 0, f.size - 1)
    left = np.maximum(right - 1, 0)
    ratio = [np.abs(f[order][at] / of.frequency_hz - 1) for at in (left, right)]
    near = np.where(ratio[0] < ratio[1], left, right)
    return np.where(np.minimum(*ratio) < _SAME_HZ, used[order][near], -1)


def _at_instants(spectra: Sequence[Spectrum], times: Sequence[Floats]) -> list[AtOneInstant]:
    """Return each sweep at an instant that lies between the end of the first and the start of the last one."""
    order = sorted(range(len(times)), key=lambda k: float(times[k].min()))
    earliest = min(float(t.max()) for t in times)
    latest = max(float(t.min()) for t in times)
    origin = min(0.0, float(times[order[0]].min()))
    found: dict[int, AtOneInstant] = {}
    for place, k in enumerate(order):
        at = float(np.clip(np.median(times[k]), earliest, latest))
        near = order[max(place - _NEAR, 0) : place + _NEAR + 1]
        sweeps = [(spectra[j], times[j] - origin) for j in near]
        found[k] = replace(_interpolated(near.index(k), at - origin, sweeps), time_h=at)
    return [found[k] for k in range(len(times))]


def _interpolated(itself: int, at: float, sweeps: Sequence[tuple[Spectrum, Floats]]) -> AtOneInstant:
    """Return one of several sweeps, with the times of their points, at an instant."""
    spectrum = sweeps[itself][0]
    size = len(spectrum)
    z, found = spectrum.z_ohm.copy(), np.zeros(size, bool)
    error, noise, change = np.zeros(size), np.ones(size), np.zeros(size)
    places = [_places(spectrum, other) for other, _ in sweeps]
    for k in np.flatnonzero(spectrum.used):
        there = [j for j, place in enumerate(places) if place[k] >= 0]
        t = np.array([sweeps[j][1][places[j][k]] for j in there])
        nodes = _nodes(t, at)
        if nodes is None:
            continue
        values = np.array([sweeps[there[j]][0].z_ohm[places[there[j]][k]] for j in nodes])
        root = _weights(np.sqrt(t[nodes]), float(np.sqrt(at)))
        z[k], found[k] = root @ values, True
        error[k] = abs(z[k] - _weights(t[nodes], at) @ values)
        noise[k] = float(np.sqrt(root @ root))
        own = np.array([there[j] == itself for j in nodes], float)
        change[k] = float(np.linalg.norm(root - own))
    return AtOneInstant(at, z, found, error, noise, change)


def _nodes(t: Floats, at: float) -> list[int] | None:
    """Return the sweeps before and after an instant and the nearest others; None without one on each side."""
    before, after = np.flatnonzero(t <= at), np.flatnonzero(t >= at)
    if before.size == 0 or after.size == 0:
        return None
    chosen = dict.fromkeys((int(before[np.argmax(t[before])]), int(after[np.argmin(t[after])])))
    for j in np.argsort(np.abs(t - at), kind="stable"):
        if len(chosen) == min(_NODES, t.size):
            break
        chosen[int(j)] = None
    return list(chosen)


def _weights(nodes: Floats, at: float) -> Floats:
    """Return the weights of Lagrange by which values at nodes give that of their polynomial."""
    weights = np.ones(nodes.size)
    for j in range(nodes.size):
        others = np.delete(nodes, j)
        weights[j] = np.prod((at - others) / (nodes[j] - others))
    return weights


def _said(spectrum: Spectrum, seen: AtOneInstant, time: Floats, sweeps: int, words: str) -> Finding:
    size = np.abs(spectrum.z_ohm)
    moved, error = (
        100 * float(np.max(np.where(seen.found, part / size, 0.0), initial=0.0))
        for part in (np.abs(seen.z_ohm - spectrum.z_ohm), seen.error_ohm)
    )
    text = (
        f"all points (measured from {time.min():.5g} to {time.max():.5g} h) interpolated between {sweeps} sweeps to "
        f"{seen.time_h:.5g} h, by which Z changes by up to {moved:.2g} %, with an error of the interpolation of up to "
        f"{error:.1g} % and {seen.noise_factor.min():.2f} to {seen.noise_factor.max():.2f} times the noise; {words}"
    )
    if error > max(0.5 * moved, DRIFT_PERCENT):
        text += "; the sweeps are too far apart for so fast a change: measure at shorter intervals"
    return Finding(CORRECTED, text)


def _within(spectrum: Spectrum, seen: AtOneInstant, time: Floats) -> Finding | None:
    """Return what is said of a sweep that has changed beyond the noise between its points and one instant."""
    moved = seen.found & (seen.change_factor > 0)
    f, z, after, factor = (
        part[moved] for part in (spectrum.frequency_hz, spectrum.z_ohm, seen.z_ohm, seen.change_factor)
    )
    if f.size < FEWEST_SHARED or np.any(z == 0):
        return None
    order = np.argsort(f, kind="stable")
    change, factor = ((after - z) / np.abs(z))[order], factor[order]
    parts = np.stack([change.real, change.imag]) / factor  # the same noise at all points
    curved = parts[:, 1:-1] - (parts[:, :-2] + parts[:, 2:]) / 2  # a drift is smooth, noise is not
    noise = 1.4826 * float(np.median(np.abs(curved))) / np.sqrt(1.5)
    window = np.ones(_SMOOTH) / _SMOOTH
    size = np.abs(np.convolve(change, window, mode="valid"))
    limits = noise * np.sqrt(np.convolve(factor**2, window**2, mode="valid"))
    excess = size / np.maximum(
        limits * largest_deviation(size.size, _EFFICIENCY * curved.size, DRIFT_LEVEL), 1e-300
    )
    loud = np.flatnonzero((excess > 1) & (size >= DRIFT_PERCENT / 100))
    if loud.size == 0:
        return None
    worst = int(loud[np.argmax(size[loud])])
    return Finding(
        WITHIN,
        f"the cell has changed during the sweep ({time.min():.5g} to {time.max():.5g} h): near "
        f"{f[order][worst + _SMOOTH // 2]:.3g} Hz Z differs by {100 * size[worst]:.2g} % between its start and its "
        "end, and a fit takes all points for one instant: use eisfit.drift_corrected, or drift_correction = true in "
        "the manifest",
    )

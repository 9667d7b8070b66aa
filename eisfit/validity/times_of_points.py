"""At which age of the cell each point of each sweep was taken: as recorded, or by how long the sweep took."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from eisfit.errors import InputError
from eisfit.spectrum.conditions import CONDITION_FIELDS, Conditions
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.frozen import Floats

DURATION = "duration_s"  # number of one's own by which a spectrum tells how long it took
RECORDED = "times of points as recorded"
MODELLED = "times of points from the duration of the sweep, shared out in proportion to their periods"


def times_of_points(
    spectra: Sequence[Spectrum], duration_s: float | Sequence[float] | None = None
) -> tuple[list[Floats], str]:
    """Return the age of the cell in hours at each point of each sweep, and in words where it is from.

    Parameters
    ----------
    spectra : sequence of Spectrum
        Sweeps of one cell. ``time_h`` of each is the age at its first point; where none knows it, their `time_s`
        must run on from sweep to sweep.
    duration_s : float or sequence of float, optional
        How long a sweep took, for those without `time_s`; in its place each may know a ``duration_s`` of its own.

    Raises
    ------
    InputError
        If a start or a duration is missing or not positive, or two sweeps overlap in time.
    """
    durations = _durations(spectra, duration_s)
    starts = [s.conditions.time_h for s in spectra]
    known = [start is not None for start in starts]
    if any(known) and not all(known):
        without = spectra[known.index(False)]
        raise InputError(
            f"{without.label or 'a spectrum'}: time_h is not known, and it is of other sweeps; write at which age of "
            "the cell in hours each of them began"
        )
    times = []
    for spectrum, start, duration in zip(spectra, starts, durations, strict=True):
        within = _recorded(spectrum, start)
        times.append(_modelled(spectrum, start, duration) if within is None else within)
    _check_order(spectra, times)
    modelled = [s.time_s is None for s in spectra]
    return times, MODELLED if all(modelled) else RECORDED if not any(
        modelled
    ) else f"{RECORDED}, or else {MODELLED}"


def equal_conditions(spectra: Sequence[Spectrum]) -> str:
    """Return the name of a condition in which sweeps of one cell differ, apart from when they were taken; or ''."""
    bare = [_untimed(s) for s in spectra]
    for name in CONDITION_FIELDS:
        if any(getattr(each, name) != getattr(bare[0], name) for each in bare[1:]):
            return name
    return ""


def _untimed(spectrum: Spectrum) -> Conditions:
    c = spectrum.conditions
    return replace(c, time_h=None, own={k: v for k, v in c.own.items() if k != DURATION})


def _durations(spectra: Sequence[Spectrum], given: float | Sequence[float] | None) -> list[float | None]:
    if given is None:
        found = [s.conditions.own.get(DURATION) for s in spectra]
    elif isinstance(given, int | float):
        found = [float(given)] * len(spectra)
    else:
        found = [float(d) for d in given]
        if len(found) != len(spectra):
            raise InputError(
                f"duration_s has {len(found)} values for {len(spectra)} spectra: give one for each, or one for all"
            )
    for spectrum, duration in zip(spectra, found, strict=True):
        if duration is not None and not (math.isfinite(duration) and duration > 0):
            raise InputError(
                f"{spectrum.label or 'a spectrum'}: duration_s is {duration:g}; it must be above 0 seconds"
            )
    return found


def _recorded(spectrum: Spectrum, start: float | None) -> Floats | None:
    if spectrum.time_s is None:
        return None
    if not np.all(np.isfinite(spectrum.time_s)):
        raise InputError(
            f"{spectrum.label or 'a spectrum'}: a time of a point is not finite; leave time_s out and give duration_s"
        )
    if start is None:
        return spectrum.time_s / 3600
    hours: Floats = start + (spectrum.time_s - spectrum.time_s.min()) / 3600
    return hours


def _modelled(spectrum: Spectrum, start: float | None, duration: float | None) -> Floats:
    name = spectrum.label or "a spectrum"
    if start is None:
        raise InputError(
            f"{name}: neither time_s nor time_h is known; write at which age of the cell in hours it began, as time_h"
        )
    if duration is None:
        raise InputError(
            f"{name}: no time of its points is known, nor how long the sweep took; write its duration_s in seconds"
        )
    share = 1 / spectrum.frequency_hz
    middle = np.cumsum(share) - share / 2
    hours: Floats = start + duration / 3600 * middle / share.sum()
    return hours


def _check_order(spectra: Sequence[Spectrum], times: Sequence[Floats]) -> None:
    order = sorted(range(len(times)), key=lambda k: float(times[k].min()))
    for before, after in pairwise(order):
        if times[before].max() > times[after].min():
            raise InputError(
                f"{spectra[before].label or 'a sweep'} ends at {times[before].max():.6g} h, after "
                f"{spectra[after].label or 'the next'} has begun at {times[after].min():.6g} h: sweeps of one cell "
                "cannot overlap; correct time_h, which is the age of the cell at the first point, or duration_s"
            )

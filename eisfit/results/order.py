"""The order of the spectra of a series: by a condition, and as they were measured."""

from __future__ import annotations

from collections.abc import Sequence

from eisfit.errors import SeriesError
from eisfit.spectrum.conditions import CONDITION_NUMBERS
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.nearest import did_you_mean


def measured_order(spectra: Sequence[Spectrum], condition: str) -> tuple[list[int], tuple[int, ...]]:
    """Return the places of spectra by rising condition, and when each of them, in this order, was measured.

    Parameters
    ----------
    spectra : sequence of Spectrum
        In the order in which they were measured, unless all know their ``time_h``, which then counts.
    condition : str
        Name of the condition; equal values keep the order of `spectra`.

    Raises
    ------
    SeriesError
        As `condition_value`.
    """
    values = [condition_value(s, condition) for s in spectra]
    place = sorted(range(len(values)), key=lambda k: values[k])
    times = [s.conditions.time_h for s in spectra]
    known = [t for t in times if t is not None]
    if len(known) < len(times):
        return place, tuple(place)
    rank = {k: n for n, k in enumerate(sorted(range(len(known)), key=lambda k: known[k]))}
    return place, tuple(rank[k] for k in place)


def measured_at_once(spectra: Sequence[Spectrum], condition: str) -> list[int]:
    """Return for each spectrum how many were measured with it between different pairs of probes, itself among them.

    They have one temperature, and so one error of it.

    Parameters
    ----------
    spectra : sequence of Spectrum
        Of a series.
    condition : str
        Name of the condition that tells them apart.

    Raises
    ------
    SeriesError
        As `condition_value`.
    """
    known = [(condition_value(s, condition), s.conditions.probe_pair) for s in spectra]
    pairs: dict[float, set[str | None]] = {}
    for value, pair in known:
        pairs.setdefault(value, set()).add(pair)
    return [len(pairs[value]) for value, _ in known]


def condition_value(spectrum: Spectrum, condition: str) -> float:
    """Return the value of a numeric condition.

    Raises
    ------
    SeriesError
        If the condition is unknown or the spectrum does not know it.
    """
    known = (*CONDITION_NUMBERS, *spectrum.conditions.own)
    if condition not in known:
        raise SeriesError(
            f"{spectrum.label or 'spectrum'}: unknown condition {condition!r}{did_you_mean(condition, known)}; "
            f"known: {', '.join(known)}"
        )
    value = spectrum.conditions.number(condition)
    if value is None:
        raise SeriesError(
            f"{spectrum.label or 'spectrum'}: {condition} is not known, so it has no place in the series; read the "
            f"folder by eisfit.read_series, or state it: spectrum.under({condition}=...)"
        )
    return float(value)

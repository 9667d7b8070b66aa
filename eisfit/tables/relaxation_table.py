"""Peaks and arcs of distributions of relaxation times as rows of one table."""

from __future__ import annotations

import math

from eisfit.relaxations.distribution import Distribution
from eisfit.relaxations.over_series import DistributionSeries
from eisfit.tables.columns import Row

RELAXATIONS = (
    "spectrum",
    "kind",
    "number",
    "peak",
    "tau_s",
    "tau_stderr_s",
    "frequency_hz",
    "resistance_ohm",
    "resistance_stderr_ohm",
    "capacitance_f",
    "alpha",
    "alpha_stderr",
    "stands",
    "possible_numbers",
    "reason",
)


def relaxation_rows(result: Distribution | DistributionSeries) -> list[Row]:
    """Return one row for each peak and each depressed arc, and one for each spectrum that was refused.

    Parameters
    ----------
    result : Distribution or DistributionSeries
        Of a series, the condition is a column too, and `peak` the number under which a peak was followed.
    """
    if isinstance(result, Distribution):
        return _rows(result, {}, {})
    followed = {(place, id(peak)): track.number for track in result.tracks for place, peak in track.peaks}
    rows: list[Row] = []
    for place, found in enumerate(result.distributions):
        numbers = {k: followed[place, id(peak)] for k, peak in enumerate(found.peaks)}
        rows += _rows(found, {result.over: found.spectrum.conditions.number(result.over)}, numbers)
    return rows + [
        {"spectrum": label, "kind": "refused", "reason": reason} for label, reason in result.refused
    ]


def _rows(found: Distribution, condition: Row, numbers: dict[int, int]) -> list[Row]:
    own: Row = {"spectrum": found.spectrum.label, **condition}
    peaks = [
        own
        | {
            "kind": "peak",
            "number": k + 1,
            "peak": numbers.get(k),
            "tau_s": peak.tau_s,
            "tau_stderr_s": peak.tau_stderr_s,
            "frequency_hz": peak.frequency_hz,
            "resistance_ohm": peak.resistance_ohm,
            "resistance_stderr_ohm": peak.resistance_stderr_ohm,
            "capacitance_f": peak.capacitance_f,
            "stands": peak.stands,
        }
        for k, peak in enumerate(found.peaks)
    ]
    possible = " ".join(map(str, found.count.possible))
    arcs = [
        own
        | {
            "kind": "arc",
            "number": k + 1,
            "tau_s": arc.tau_s,
            "tau_stderr_s": arc.tau_stderr_s,
            "frequency_hz": arc.frequency_hz,
            "resistance_ohm": arc.resistance_ohm,
            "resistance_stderr_ohm": arc.resistance_stderr_ohm,
            "capacitance_f": arc.capacitance_f,
            "alpha": arc.alpha,
            "alpha_stderr": arc.alpha_stderr,
            "possible_numbers": possible,
        }
        for k, arc in enumerate(found.arcs)
    ]
    return peaks + arcs


def curve_rows(result: Distribution | DistributionSeries) -> list[Row]:
    """Return the distributions as points: tau, gamma and its 95 % band."""
    found = [result] if isinstance(result, Distribution) else list(result.distributions)
    return [
        {
            "spectrum": d.spectrum.label,
            "tau_s": float(tau),
            "gamma_ohm": float(gamma),
            "gamma_low_ohm": float(low),
            "gamma_high_ohm": float(high) if math.isfinite(high) else None,
        }
        for d in found
        for tau, gamma, low, high in zip(d.tau_s, d.gamma_ohm, d.gamma_low_ohm, d.gamma_high_ohm, strict=True)
    ]

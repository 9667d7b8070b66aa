"""Peaks and arcs of distributions of relaxation times as rows of one table."""

from __future__ import annotations

import math

from eisfit.relaxations.distribution import Distribution
from eisfit.relaxations.over_series import DistributionSeries, Track, followed_as
from eisfit.relaxations.track_lines import arcs_of
from eisfit.tables.columns import RELAXATIONS, Row


def relaxation_rows(result: Distribution | DistributionSeries) -> list[Row]:
    """Return one row for each peak and each depressed arc, and one for each spectrum that was refused.

    Parameters
    ----------
    result : Distribution or DistributionSeries
        Of a series, the condition is a column too, and `peak` the number under which a peak was followed.
    """
    if isinstance(result, Distribution):
        return _rows(result, {}, {})
    followed = followed_as(result)
    rows: list[Row] = []
    for place, found in enumerate(result.distributions):
        numbers = {k: followed[place, k] for k in range(len(found.peaks))}
        condition = found.spectrum.conditions.number(result.over)
        rows += _rows(found, {condition_column(result.over): condition}, numbers)
    return rows + [
        {"spectrum": label, "kind": "refused", "reason": reason} for label, reason in result.refused
    ]


def _rows(found: Distribution, condition: Row, numbers: dict[int, int]) -> list[Row]:
    own = _own(found) | condition
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


def _own(found: Distribution) -> Row:
    spectrum = found.spectrum
    return {"spectrum": spectrum.label, "temperature_c": spectrum.conditions.temperature_c}


def condition_column(over: str) -> str:
    """Return the column of a condition: its name, unless a column of the table has it already."""
    taken = over in RELAXATIONS and over != "temperature_c"
    return f"condition_{over}" if taken else over


def relaxation_tables(result: DistributionSeries) -> dict[str, list[Row]]:
    """Return the tables ``drt``, ``drt_lines`` and ``drt_curves``."""
    return {
        "drt": relaxation_rows(result),
        "drt_lines": relaxation_line_rows(result),
        "drt_curves": curve_rows(result),
    }


def relaxation_line_rows(result: DistributionSeries) -> list[Row]:
    """Return one row for each peak that was followed: where it goes, and its apparent energy where it has one."""
    rows: list[Row] = []
    for track in result.tracks:
        peaks = [peak for _, peak in track.peaks]
        row: Row = {"peak": track.number, "seen": len(peaks), "standing": sum(p.stands for p in peaks)}
        for name, values in (
            ("frequency_{}_hz", [p.frequency_hz for p in peaks]),
            ("resistance_{}_ohm", [p.resistance_ohm for p in peaks]),
        ):
            row |= {name.format("low"): min(values), name.format("high"): max(values)}
        if (line := track.line) is not None:
            row |= {
                "ordinate": line.ordinate,
                "activation_energy_ev": line.activation_energy_ev,
                "activation_energy_stderr_ev": line.activation_energy_stderr_ev,
                "scatter_ratio": line.scatter_ratio,
                "points_used": int(line.used.sum()),
                "note": "; ".join((*_shared(result, track), *line.remarks)),
            }
        rows.append(row)
    return rows


def _shared(result: DistributionSeries, track: Track) -> list[str]:
    """Return that several depressed arcs lie under a peak that was followed, where that is so."""
    several = sum(len(arcs_of(result.distributions[place], peak)) > 1 for place, peak in track.peaks)
    if 2 * several <= len(track.peaks):
        return []
    return [
        f"several depressed arcs lie under {several} of its {len(track.peaks)} peaks: energy of their sum"
    ]


def curve_rows(result: Distribution | DistributionSeries) -> list[Row]:
    """Return the distributions as points: tau, gamma and its 95 % band."""
    found = [result] if isinstance(result, Distribution) else list(result.distributions)
    return [
        {
            **_own(d),
            "tau_s": float(tau),
            "gamma_ohm": float(gamma),
            "gamma_low_ohm": float(low),
            "gamma_high_ohm": float(high) if math.isfinite(high) else None,
        }
        for d in found
        for tau, gamma, low, high in zip(d.tau_s, d.gamma_ohm, d.gamma_low_ohm, d.gamma_high_ohm, strict=True)
    ]

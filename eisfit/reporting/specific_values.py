"""Turn a finished row into a Contribution: geometry, top frequency, effective capacitance."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from eisfit.cell.geometry import layer_thickness_cm
from eisfit.cell.roles import role_of
from eisfit.circuit.arc import (
    PEAK_FORMULA,
)
from eisfit.reporting.rows import Reporter, Row, log_error
from eisfit.results.contribution import Contribution
from eisfit.spectrum.conditions import Conditions
from eisfit.tools.statistics import NORMAL_95


def finished(table: Reporter, row: Row, conditions: Conditions) -> Contribution:
    """Turn a row into the numbers of the table."""
    result = Contribution(
        row.name,
        row.role,
        row.count,
        resolved=row.resolved,
        outcome=row.outcome,
        limit_ohm=row.limit,
        unexpected=row.unexpected,
    )
    known = row.resolved in ("yes", "top outside window") or (
        row.resolved == "sum only" and not row.joined_in
    )
    if not known or not np.isfinite(row.resistance) or row.resistance == 0:
        return result
    r, error = row.resistance, row.error
    ends = (
        row.ends
        if np.isfinite(row.ends[0])
        else (r * np.exp(-NORMAL_95 * error), r * np.exp(NORMAL_95 * error))
    )
    result = replace(
        result,
        resistance_ohm=r,
        resistance_stderr_ohm=r * error,
        stderr_log=error,
        ci95_ohm=(float(ends[0]), float(ends[1])),
        **_geometry(table, row, conditions),
    )
    return replace(result, **_arc(table, row)) if len(row.parts) == 1 else result


def _geometry(table: Reporter, row: Row, conditions: Conditions) -> dict[str, Any]:
    """Return area-specific resistance of boundaries and conductivity of layers, where the geometry is known."""
    area = conditions.true_area_cm2 if row.wall else conditions.area_cm2
    if area is None:
        return {}
    roles = {role for k in row.parts for role in table.path[k].segment.roles}
    equal_counts = len({table.path[k].count for k in row.parts}) == 1
    relative_area = 0.0 if row.wall else (conditions.area_err_cm2 or 0.0) / area
    error = float(np.hypot(row.error, relative_area))
    if all(role_of(role).per_area for role in roles) and equal_counts:
        asr = row.resistance * area / row.count
        return {"asr_ohm_cm2": asr, "asr_stderr_ohm_cm2": asr * error}
    lengths = {layer_thickness_cm(role, conditions) for role in roles}
    length = lengths.pop() if len(lengths) == 1 else None
    if length is None or not equal_counts:
        return {}
    sigma = row.count * length / (row.resistance * area)
    return {"conductivity_s_cm": sigma, "conductivity_stderr_s_cm": sigma * error}


def _arc(table: Reporter, row: Row) -> dict[str, Any]:
    """Return top frequency and effective capacitance of a single arc."""
    i, k = row.spectrum, row.parts[0]
    single, tau = table.of_wall[k] if row.wall else (table.single[k], table.taus[k])
    if tau is None:
        return {}
    log_tau, slope = tau[0][i], tau[1][i]
    r, r_slope = single[0][i], single[1][i]
    frequency = float(np.exp(-log_tau)) / (2 * np.pi)
    capacitance = float(np.exp(log_tau) / r)
    return {
        "frequency_hz": frequency,
        "frequency_stderr_hz": frequency * log_error(table, i, slope),
        "capacitance_f": capacitance,
        "capacitance_stderr_f": capacitance * log_error(table, i, slope - r_slope / r),
        "capacitance_formula": PEAK_FORMULA,
    }

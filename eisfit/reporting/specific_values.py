"""Turn a finished row into a Contribution: geometry, top frequency, effective capacitance, note."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from eisfit.cell.geometry import layer_thickness_cm
from eisfit.cell.roles import role_of
from eisfit.circuit.arc import PEAK_FORMULA
from eisfit.reporting.path_values import PathValues
from eisfit.reporting.remarks import note_of
from eisfit.reporting.rows import Row
from eisfit.results.contribution import Contribution
from eisfit.results.outcome import NAN
from eisfit.spectrum.conditions import Conditions
from eisfit.tools.statistics import NORMAL_95


def contribution_of(path: PathValues, row: Row, conditions: Conditions) -> Contribution:
    """Turn a row into the numbers and words of the table."""
    limits = {"upper limit": row.at_most, "no": row.at_least}
    result = Contribution(
        row.name,
        row.role,
        row.count,
        resolved=row.resolved,
        note=note_of(path, row),
        limit_ohm=limits.get(row.resolved, NAN),
        segments=tuple(path.segments[k].segment.name for k in row.parts),
        kind=row.kind,
        cause=row.cause,
        doubts=row.doubts,
        odds=row.odds,
        rivals=row.rivals,
        misfit_percent=row.misfit_percent,
    )
    if not row.has_value or not np.isfinite(row.resistance) or row.resistance == 0:
        return result
    r, error = row.resistance, row.error
    with np.errstate(over="ignore"):  # an error of hundreds has an open end
        around = (r * np.exp(-NORMAL_95 * error), r * np.exp(NORMAL_95 * error))
    ends = row.ends if np.isfinite(row.ends[0]) else around
    result = replace(
        result,
        resistance_ohm=r,
        resistance_stderr_ohm=r * error,
        stderr_log=error,
        ci95_ohm=(float(ends[0]), float(ends[1])),
        **_geometry(path, row, conditions),
    )
    return replace(result, **_arc(path, row)) if len(row.parts) == 1 else result


def _geometry(path: PathValues, row: Row, conditions: Conditions) -> dict[str, Any]:
    """Return area-specific resistance of boundaries and conductivity of layers, where the geometry is known."""
    area = conditions.true_area_cm2 if row.kind == "wall" else conditions.area_cm2
    if area is None or row.rivals:
        return {}
    roles = {role for k in row.parts for role in path.segments[k].segment.roles}
    equal_counts = len({path.segments[k].count for k in row.parts}) == 1
    relative_area = 0.0 if row.kind == "wall" else (conditions.area_err_cm2 or 0.0) / area
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


def _arc(path: PathValues, row: Row) -> dict[str, Any]:
    """Return top frequency and effective capacitance of a single arc."""
    i, k = row.spectrum, row.parts[0]
    single, tau = path.walls[k] if row.kind == "wall" else (path.resistances[k], path.log_taus[k])
    if tau is None:
        return {}
    log_tau, slope = tau[0][i], tau[1][i]
    r, r_slope = single[0][i], single[1][i]
    with np.errstate(over="ignore"):
        frequency = float(np.exp(-log_tau)) / (2 * np.pi)
        capacitance = float(np.exp(log_tau) / r)
    top = {"frequency_hz": frequency, "frequency_stderr_hz": frequency * path.log_error(i, slope)}
    if row.rivals:  # of how many arcs in series its capacitance is depends on the name
        return top
    return top | {
        "capacitance_f": capacitance,
        "capacitance_stderr_f": capacitance * path.log_error(i, slope - r_slope / r),
        "capacitance_formula": PEAK_FORMULA,
    }

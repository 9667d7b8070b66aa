"""Cells compared: activation energies, values at a reference temperature, and how far they differ."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from eisfit.constants import ZERO_CELSIUS_K
from eisfit.errors import InputError, SeriesError
from eisfit.laws.arrhenius import Arrhenius
from eisfit.laws.ordinate import value_of
from eisfit.results.series import Series

if TYPE_CHECKING:
    from eisfit.tables.columns import Row

COMPARISON = (
    "contribution",
    "cell",
    "role",
    "quantity",
    "unit",
    "ordinate",
    "activation_energy_ev",
    "activation_energy_stderr_ev",
    "ci95_low_ev",
    "ci95_high_ev",
    "reference_c",
    "value",
    "ci95_low",
    "ci95_high",
    "extrapolated",
    "points_used",
    "difference_ev",
    "difference_stderr_ev",
    "difference_ci95_ev",
    "difference_significant",
    "ratio",
    "ratio_ci95_low",
    "ratio_ci95_high",
    "ratio_significant",
    "note",
)


@dataclass(frozen=True)
class _Found:
    """A line of a cell and its value at the reference temperature: logarithm, and half of its 95 % interval."""

    cell: str
    line: Arrhenius
    log_value: float
    half_log: float

    @property
    def half_ev(self) -> float:
        """Half of the 95 % interval of the activation energy."""
        low, high = self.line.ci95_ev
        return (high - low) / 2


def comparison_rows(
    cells: Mapping[str, Series], *, contributions: Sequence[str] = (), at_c: float = 25.0
) -> list[Row]:
    """Return a row for each contribution and cell, with what separates it from the first cell that has it.

    Parameters
    ----------
    cells : mapping of str to Series
        The cells by their names; the others are compared with the first.
    contributions : sequence of str
        Which to compare; all that a cell has a line of if empty.
    at_c : float
        Reference temperature in °C.

    Returns
    -------
    list of dict
        With the columns `COMPARISON`. Values are in `unit`, without those of the ordinate; a ratio is theirs.
        A difference is significant where it exceeds its 95 % interval, which is the root of the sum of the squares
        of both; its error holds those of the points, of temperatures and of areas, as far as they are given.

    Raises
    ------
    InputError
        If no cell has a line of any contribution, or there is no contribution of a name.
    """
    known = list(dict.fromkeys(name for series in cells.values() for name in series.names))
    for name in contributions:
        if name not in known:
            raise InputError(
                f"no contribution {name!r} in these cells; there are {', '.join(map(repr, known))}"
            )
    rows: list[Row] = []
    for name in contributions or known:
        found: list[_Found] = []
        for cell, series in cells.items():
            line = _line(series, name, found)
            if line is None:
                continue
            found.append(_Found(cell, line, *_at(series, line, at_c)))
        if contributions and not found:
            raise InputError(
                f"{name!r} has no line in any of these cells: it needs a value at two temperatures or more"
            )
        rows += [_row(each, found[0], at_c) for each in found]
    if not rows:
        raise InputError(
            "no line to compare: no contribution of these cells has a value at two temperatures or more"
        )
    return rows


def _line(series: Series, name: str, before: Sequence[_Found]) -> Arrhenius | None:
    """Return the line of a contribution, in the ordinate of the first cell if it suits."""
    if name not in series.names or series.condition != "temperature_c":
        return None
    try:
        own = series.arrhenius(name)
        first = before[0].line if before else own
        same = own.quantity == first.quantity and own.ordinate != first.ordinate
        return series.arrhenius(name, first.ordinate) if same else own
    except SeriesError:  # too few temperatures: the cell has no row
        return None


def _at(series: Series, line: Arrhenius, at_c: float) -> tuple[float, float]:
    """Return the logarithm of the value of a line at a temperature, and half of its 95 % interval."""
    if line.checks.rejected:
        return math.nan, math.nan
    t = np.array([at_c + ZERO_CELSIUS_K])
    y, low, high = line.line(t)
    shared = 0.0
    if line.quantity != "resistance":
        known = series[0].spectrum.conditions
        shared = (known.area_err_cm2 or 0.0) / known.area_cm2 if known.area_cm2 else 0.0
    half = math.hypot(float((high - low)[0]) / 2, line.quantile * shared)
    return float(np.log(value_of(line.ordinate, y, t))[0]), half


def _row(found: _Found, first: _Found, at_c: float) -> Row:
    line = found.line
    own: dict[str, Any] = {
        "contribution": line.contribution,
        "cell": found.cell,
        "role": line.role,
        "quantity": line.quantity,
        "unit": line.unit,
        "ordinate": line.ordinate,
        "activation_energy_ev": line.activation_energy_ev,
        "activation_energy_stderr_ev": line.activation_energy_stderr_ev,
        "ci95_low_ev": line.ci95_ev[0],
        "ci95_high_ev": line.ci95_ev[1],
        "reference_c": at_c,
        "value": math.exp(found.log_value),
        "ci95_low": math.exp(found.log_value - found.half_log),
        "ci95_high": math.exp(found.log_value + found.half_log),
        "extrapolated": "" if math.isnan(found.log_value) else "yes" if _beyond(line, at_c) else "no",
        "points_used": line.points_used,
    }
    notes = list(line.notes)
    if found is first:
        return {**own, "note": "; ".join(notes)}
    if line.ordinate != first.line.ordinate:
        notes.append(f"not compared: {first.cell} is in {first.line.ordinate}, this in {line.ordinate}")
        return {**own, "note": "; ".join(notes)}
    return {**own, **_separation(found, first, notes), "note": "; ".join(notes)}


def _separation(found: _Found, first: _Found, notes: list[str]) -> dict[str, Any]:
    """Return difference of the energies and ratio of the values, each with its 95 % interval."""
    difference = found.line.activation_energy_ev - first.line.activation_energy_ev
    half = math.hypot(found.half_ev, first.half_ev)
    errors = (found.line.activation_energy_stderr_ev, first.line.activation_energy_stderr_ev)
    compared: dict[str, Any] = {
        "difference_ev": difference,
        "difference_stderr_ev": math.hypot(*errors),
        "difference_ci95_ev": half,
        "difference_significant": _significant(difference, half),
    }
    if found.line.quantity != first.line.quantity:
        notes.append(f"no ratio: {first.cell} has {first.line.quantity}, this {found.line.quantity}")
        return compared
    log_ratio = found.log_value - first.log_value
    half = math.hypot(found.half_log, first.half_log)
    return {
        **compared,
        "ratio": math.exp(log_ratio),
        "ratio_ci95_low": math.exp(log_ratio - half),
        "ratio_ci95_high": math.exp(log_ratio + half),
        "ratio_significant": _significant(log_ratio, half),
    }


def _significant(difference: float, half: float) -> str:
    """Return whether a difference exceeds its 95 % interval; empty where no error is known."""
    if not math.isfinite(half) or not math.isfinite(difference):
        return ""
    return "yes" if abs(difference) > half else "no"


def _beyond(line: Arrhenius, at_c: float) -> bool:
    used = line.at[line.used] - ZERO_CELSIUS_K
    return not float(used.min()) <= at_c <= float(used.max())

"""The exchange current behind a power of the concentration, at the temperature of its points."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from eisfit.errors import InputError
from eisfit.laws import ExchangeCurrent, LawFit, PowerOfConcentration
from eisfit.laws.exchange_current import NAMES
from eisfit.workflow.law_points import finite
from eisfit.workflow.number_table import number_table

if TYPE_CHECKING:
    from eisfit.results.series import Series

_ALIKE_K = 2.0  # within which temperatures are one
TEMPERATURE = "temperature_c"


def exchange_current_of(
    fit: LawFit, file: Path, series: Series | None, temperature_c: float | None, charge: int
) -> ExchangeCurrent | None:
    """Return the exchange current behind a fit; None of another law, and of values that are not area-specific.

    Parameters
    ----------
    fit : LawFit
        Of a file.
    file, series : Path, Series or None
        The file: a CSV, or the results of `series`.
    temperature_c : float or None
        Of all points; that of the file if None.
    charge : int
        Charge number of the ion.

    Raises
    ------
    InputError
        If no temperature is known, the points have several, or the charge cannot be.
    """
    if not isinstance(fit, PowerOfConcentration) or fit.unit != "ohm cm2":
        return None
    if temperature_c is None:
        temperature_c = _one(_temperatures(fit, file, series))
    return fit.exchange_current(temperature_c, charge)


def _one(found: Sequence[float]) -> float:
    values = np.array(found, float)
    if not values.size or not np.isfinite(values).all():
        raise InputError(
            "the exchange current needs the temperature of the points: give --temperature-c, or a column temperature_c"
        )
    if np.ptp(values) > _ALIKE_K:
        raise InputError(
            f"the points lie between {values.min():g} and {values.max():g} °C, at which exchange currents differ: take "
            "those of one temperature"
        )
    return float(values.mean())


def _temperatures(fit: LawFit, file: Path, series: Series | None) -> list[float]:
    used = {label for label, chosen in zip(fit.labels, fit.used, strict=True) if chosen}
    if series is not None:
        known = [f.spectrum.conditions.temperature_c for f in series.fits if f.label in used]
        return [float("nan") if t is None else float(t) for t in known]
    table = number_table(file)
    if TEMPERATURE not in table.columns:
        return []
    values = table.numbers(TEMPERATURE).tolist()
    return [t for line, t in zip(table.lines, values, strict=True) if f"line {line}" in used]


def exchange_data(found: ExchangeCurrent) -> dict[str, Any]:
    """Return an exchange current with its companions as JSON has it."""
    rows = [
        {
            "quantity": name, "value": finite(v.value), "stderr": finite(v.stderr), "ci95_low": finite(v.ci95[0]),
            "ci95_high": finite(v.ci95[1]), "unit": v.unit,
        }
        for name, v in zip(NAMES, found.values, strict=True)
    ]  # fmt: skip
    correlation = [[finite(float(c)) for c in row] for row in found.correlation]
    return {
        "temperature_c": found.temperature_c,
        "charge": found.charge,
        "values": rows,
        "correlation": correlation,
    }

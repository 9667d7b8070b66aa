"""A cell that was measured once, as one that is to be measured again."""

from __future__ import annotations

import math

import numpy as np

from eisfit.cell.roles import names_in, role_of
from eisfit.cell.templates import Template
from eisfit.circuit.circuit import span
from eisfit.errors import InputError
from eisfit.planning.planned_cell import PlannedCell
from eisfit.planning.rates import Rate
from eisfit.results.fit import Fit
from eisfit.results.order import condition_value
from eisfit.results.outcome import Outcome
from eisfit.results.series import Series
from eisfit.tools.frozen import Floats

_LEAST_ERROR = 0.03  # of ln p, by which points weigh
TEMPERATURE = "temperature_c"


def of_series(series: Series) -> PlannedCell:
    """Return the cell of a series over temperature, with the lines through its parameters as expected values.

    Window, density, noise and temperature error are those of the measurement.

    Raises
    ------
    InputError
        If the series is over another condition, no spectrum was fitted, or a parameter has no value anywhere.
    """
    if series.condition != TEMPERATURE:
        raise InputError(
            f"these results are over {series.condition}; a plan needs a series over {TEMPERATURE}"
        )
    fits = [f for f in series if f.outcome is not Outcome.FAILED]
    if not fits:
        raise InputError("no spectrum of these results was fitted, so nothing can be expected of the cell")
    circuits = [f.template.circuit.text for f in fits]
    usual = max(dict.fromkeys(circuits), key=circuits.count)
    own = [f for f in fits if f.template.circuit.text == usual]
    at = np.array([condition_value(f.spectrum, TEMPERATURE) for f in own])
    template = own[0].template
    powers = _powers(template)
    rates = {name: _rate(name, own, at, powers.get(name, 0.0)) for name in template.circuit.names}
    windows = [
        (f.spectrum.frequency_hz[f.spectrum.used].max(), f.spectrum.frequency_hz[f.spectrum.used].min())
        for f in own
    ]
    high, low = float(np.median([w[0] for w in windows])), float(np.median([w[1] for w in windows]))
    points = float(np.median([f.spectrum.used.sum() for f in own]))
    return PlannedCell(
        template,
        rates,
        own[0].spectrum.conditions,
        tuple(condition_value(f.spectrum, TEMPERATURE) for f in fits),
        (high, low),
        max(1, round((points - 1) / math.log10(high / low))),
        float(np.median([_noise(f) for f in own])),
    )


def _powers(template: Template) -> dict[str, float]:
    """Return the resistances and time constants whose activation energy is that of T/R, by their roles."""
    found: dict[str, float] = {}
    for part in template.path:
        own = span(part.node)
        if any(role_of(r).temperature_in_ordinate for r in names_in(part.segment.role) if r):
            inside = template.circuit.parameters[own.start : own.stop]
            found |= {p.name: 1.0 for p in inside if p.unit in ("ohm", "s")}
    return found


def _rate(name: str, fits: list[Fit], at: Floats, power: float) -> Rate:
    """Return the line through the logarithms of one parameter."""
    found = [next(p for p in f.parameters if p.name == name) for f in fits]
    value = np.array([p.value for p in found])
    known = np.isfinite(value) & (value > 0)
    if not known.any():
        raise InputError(
            f"these results have no value of {name} in any spectrum, so nothing can be expected of it; plan from "
            "expected values instead"
        )
    error = np.array([p.stderr_log for p in found])[known]
    weight = 1 / (_LEAST_ERROR**2 + np.where(np.isfinite(error), error, 1.0) ** 2)
    return Rate.fitted(at[known], np.log(value[known]), weight, power)


def _noise(fit: Fit) -> float:
    """Return the scatter of a spectrum about its fit, relative to |Z|."""
    used = fit.spectrum.used
    off = np.abs(fit.residual_percent[used]) / 100
    free = 0 if fit.statistics is None else fit.statistics.parameters_free
    freedom = max(2 * int(used.sum()) - free, 1)
    return max(float(np.sqrt(np.sum(off**2) / freedom)), 1e-6)

"""Parameters and capacitances of a series over its condition, as figures take them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from eisfit.circuit.circuit import leaves
from eisfit.results.contribution import FittedParameter
from eisfit.results.fit import Fit
from eisfit.results.order import condition_value
from eisfit.results.series import Series

CAPACITANCE = "capacitance / F"


@dataclass(frozen=True)
class Dot:
    """One value.

    Parameters
    ----------
    x : float
        The condition.
    value, stderr : float
        In the unit of the quantity; an error that is not known is nan.
    note : str
        What is to be said of it: fixed, at a bound; empty for a plain value.
    label : str
        Of the spectrum.
    """

    x: float
    value: float
    stderr: float
    note: str
    label: str


Trends = dict[str, dict[str, list[Dot]]]  # by quantity with its unit, then by what has it


def trends_of(series: Series) -> Trends:
    """Return all parameters by their quantity, then the effective capacitances of the contributions.

    Parameters
    ----------
    series : Series
        Parameters that were not detected have no value, and are left out.
    """
    found: Trends = {}
    for fit in series:
        x = condition_value(fit.spectrum, series.condition)
        for panel, name, p in _named(fit):
            note = p.note or ("" if p.state == "free" else p.state)
            _add(found, panel, name, Dot(x, p.value, p.stderr, note, fit.label))
    for fit in series:
        x = condition_value(fit.spectrum, series.condition)
        for row in fit.contributions:
            dot = Dot(x, row.capacitance_f, row.capacitance_stderr_f, "", fit.label)
            _add(found, CAPACITANCE, row.name, dot)
    return found


def _named(fit: Fit) -> Iterator[tuple[str, str, FittedParameter]]:
    """Yield each parameter with its quantity and the name of its segment; an arc without a name as its row."""
    known = {p.name: p for p in fit.template.circuit.parameters}
    parts = {leaf.name: part for part in fit.template.path for leaf in leaves(part.node)}
    rows = {name: row.name for row in fit.contributions if row.rivals for name in row.segments}
    where = {
        p.name: (parts[known[p.name].leaf].segment.name, known[p.name].quantity.name) for p in fit.parameters
    }
    times = Counter(where.values())
    for p in fit.parameters:
        segment, quantity = where[p.name]
        panel = quantity if p.unit == "1" else f"{quantity} / {p.unit}"
        name, count = rows.get(segment, segment), parts[known[p.name].leaf].count
        name = f"{name} (one of {count:g})" if count > 1 else name
        yield panel, name if times[segment, quantity] == 1 else f"{name}, {known[p.name].leaf}", p


def _add(found: Trends, panel: str, name: str, dot: Dot) -> None:
    if math.isfinite(dot.value):
        found.setdefault(panel, {}).setdefault(name, []).append(dot)

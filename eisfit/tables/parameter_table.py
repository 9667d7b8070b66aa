"""The fitted parameters of circuits as tables for a terminal."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from eisfit.results.contribution import FittedParameter
from eisfit.results.fit import Fit
from eisfit.tools.plain_text import one_line
from eisfit.tools.rounding import with_error

if TYPE_CHECKING:
    from rich.table import Table

MOST_SPECTRA = 12  # whose parameters are printed; more are a file to read
MOST_SPECTRA_SAID = (
    "parameters of {count} spectra: -o FOLDER writes them into parameters.csv, --json prints them"
)
_UNITS = {"ohm": "Ω", "1": ""}


def parameter_tables(fits: Sequence[Fit]) -> Iterator[Table | str]:
    """Yield the table of the parameters of each fit of a circuit string; where there are many, where to find them."""
    shown = [f for f in fits if f.template.is_circuit and f.parameters]
    if len(shown) > MOST_SPECTRA:
        yield MOST_SPECTRA_SAID.format(count=len(shown))
        return
    for f in shown:
        yield parameter_table(f)


def parameter_table(fit: Fit) -> Table:
    """Return the table of the parameters of one fit: value with error, unit, state, and R times the area."""
    from rich.table import Table
    from rich.text import Text

    area = fit.spectrum.conditions.area_cm2
    title = Text(one_line(f"Parameters of {fit.label}"))
    table = Table(title=title, title_justify="left", header_style="bold", pad_edge=False)
    with_area = area is not None and any(is_resistance(p, fit) for p in fit.parameters)
    headings = ["parameter", "value", "unit", *(["R·A / Ω cm²"] if with_area else []), "state"]
    for heading in headings:
        number, last = heading in ("value", "R·A / Ω cm²"), heading == "state"
        table.add_column(heading, justify="right" if number else "left", overflow="fold", no_wrap=not last)
    for p in fit.parameters:
        value, error = area_specific(p, fit)
        cells = [p.name, with_error(p.value, p.stderr), _UNITS.get(p.unit, p.unit)]
        cells += [with_error(value, error)] if with_area else []
        table.add_row(*(Text(one_line(cell)) for cell in (*cells, p.note or p.state)))
    return table


def is_resistance(parameter: FittedParameter, fit: Fit) -> bool:
    """Tell whether a parameter of a fit is a resistance."""
    quantity = next(p.quantity for p in fit.template.circuit.parameters if p.name == parameter.name)
    return quantity.resistance == 1 and quantity.time == 0


def area_specific(parameter: FittedParameter, fit: Fit) -> tuple[float, float]:
    """Return a resistance of a circuit string times the area in ohm cm², with its error; nan where it has none."""
    area = fit.spectrum.conditions.area_cm2
    if area is None or not fit.template.is_circuit or not is_resistance(parameter, fit):
        return math.nan, math.nan
    error = parameter.stderr
    if (area_error := fit.spectrum.conditions.area_err_cm2) is not None and math.isfinite(error):
        error = math.hypot(error, parameter.value * area_error / area)
    return parameter.value * area, error * area

"""Trends of activation energies and values over what sets the cells apart."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from eisfit.errors import SeriesError
from eisfit.laws.covariate_trend import FEWEST, trend
from eisfit.results.trend_of_cells import TrendOfCells
from eisfit.studies.studied_lines import StudiedLines
from eisfit.tables.columns import Row
from eisfit.tools.frozen import Floats, frozen_array

ENERGY = "activation energy"


@dataclass(frozen=True)
class Asked:
    """What trends are asked for: covariate and values, groups of the cells, whether its logarithm counts."""

    name: str
    values: Mapping[str, float]
    groups: Mapping[str, str]
    logarithm: bool


def trends_of(
    lines: StudiedLines, rows: Sequence[Row], asked: Asked
) -> tuple[tuple[TrendOfCells, ...], tuple[str, ...]]:
    """Return the trends of one contribution, and a sentence for each that cannot be had.

    Parameters
    ----------
    lines : StudiedLines
        Of the contribution.
    rows : sequence of dict
        Values at reference temperatures, as `eisfit.tables.comparison.comparison_rows` returns them.
    asked : Asked
        The covariate.
    """
    if lines.refused or not lines.lines:
        return (), ()
    cells = [cell for cell in lines.lines if math.isfinite(asked.values[cell])]
    unknown = [cell for cell in lines.lines if cell not in cells]
    said = (
        [f"{lines.contribution}: {asked.name} of {', '.join(unknown)} is not known: no part in the trend"]
        if unknown
        else []
    )
    energy = np.array([lines.lines[cell].activation_energy_ev for cell in cells])
    errors = np.array([lines.lines[cell].activation_energy_stderr_ev for cell in cells])
    made = [_made(lines, cells, (energy, errors), asked, (ENERGY, "eV", math.nan))]
    if lines.one_unit:
        made += [
            _of_values(lines, cells, rows, at_c, asked)
            for at_c in dict.fromkeys(r["reference_c"] for r in rows)
        ]
    else:
        said.append(
            f"{lines.contribution}: no trend of values, {lines.units}: give the area of all cells, or of none"
        )
    return tuple(t for t in made if isinstance(t, TrendOfCells)), (
        *said,
        *(t for t in made if isinstance(t, str)),
    )


def _of_values(
    lines: StudiedLines, cells: Sequence[str], rows: Sequence[Row], at_c: float, asked: Asked
) -> TrendOfCells | str:
    found = {
        r["cell"]: r for r in rows if (r["contribution"], r["reference_c"]) == (lines.contribution, at_c)
    }
    known = [cell for cell in cells if math.isfinite(found[cell]["value"])]
    value = np.array([found[cell]["value"] for cell in known])
    error = np.array([_error_of_log(found[cell], lines.lines[cell].quantile) for cell in known])
    beyond = [cell for cell in known if found[cell]["extrapolated"] == "yes"]
    line = next(iter(lines.lines.values()))
    note = f"extrapolated: {', '.join(beyond)}" if beyond else ""
    return _made(lines, known, (value, error), asked, (line.quantity, line.unit, at_c), note)


def _error_of_log(row: Row, quantile: float) -> float:
    return math.log(row["ci95_high"] / row["ci95_low"]) / (2 * quantile)


def _made(
    lines: StudiedLines,
    cells: Sequence[str],
    values: tuple[Floats, Floats],
    asked: Asked,
    of: tuple[str, str, float],
    note: str = "",
) -> TrendOfCells | str:
    (quantity, unit, at_c), (y, error) = of, values
    what = f"{lines.contribution}: no trend of {quantity}" + ("" if math.isnan(at_c) else f" at {at_c:g} °C")
    if len(cells) < FEWEST:
        return f"{what} over {asked.name}: {len(cells)} cell(s) have both; a trend needs {FEWEST} or more"
    known = bool(np.all(np.isfinite(error)) and np.all(error > 0))
    x = np.array([asked.values[cell] for cell in cells])
    groups = [asked.groups[cell] for cell in cells]
    try:
        found = trend(
            np.log(x) if asked.logarithm else x,
            y if quantity == ENERGY else np.log(y),
            error if known else None,
            group=groups if any(groups) else None,
        )
    except SeriesError as reason:
        return f"{what} over {asked.name}: {reason}"
    return TrendOfCells(
        contribution=lines.contribution,
        quantity=quantity,
        unit=unit,
        ordinate=lines.ordinate,
        reference_c=at_c,
        covariate=asked.name,
        logarithm=asked.logarithm,
        cells=tuple(cells),
        groups=tuple(groups),
        x=frozen_array(x, float),
        y=frozen_array(y, float),
        stderr=frozen_array(error if known else np.full(y.size, math.nan), float),
        found=found,
        note=note,
    )

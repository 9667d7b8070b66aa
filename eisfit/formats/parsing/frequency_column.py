"""Whether a column of numbers can be the frequencies of a spectrum."""

from __future__ import annotations

import numpy as np

from eisfit.errors import FormatError, NoImpedance
from eisfit.formats.parsing.groups import Columns, Table
from eisfit.formats.parsing.missing_half import require_complete
from eisfit.formats.raw_file import RawFile
from eisfit.tools.frozen import Floats

FEWEST = 4
EVEN = 1e-6


def is_swept(column: Floats) -> bool:
    """Tell whether a column runs in even steps, linear or logarithmic, as a frequency does."""
    if column.size < 5 or not np.all(column > 0):
        return False
    for values in (column, np.log(column)):
        step = np.diff(values)
        middle = np.median(step)
        if middle != 0 and np.mean(np.abs(step / middle - 1) < 0.1) > 0.8:
            return True
    return False


def counts_rows(column: Floats) -> bool:
    """Tell whether a column counts from 0 or 1 in steps of one."""
    return column.size >= FEWEST and column[0] in (0.0, 1.0) and bool(np.all(np.diff(column) == 1))


def runs_evenly(column: Floats) -> bool:
    """Tell whether a column runs in equal steps, as a time does."""
    step = np.diff(column)
    return column.size >= FEWEST and bool(step[0]) and bool(np.all(np.abs(step / step[0] - 1) < EVEN))


def runs_one_way(column: Floats) -> bool:
    """Tell whether a column only rises or only falls."""
    step = np.diff(column)
    return column.size >= FEWEST and bool(np.all(step > 0) or np.all(step < 0))


def spans_little(column: Floats) -> bool:
    """Tell whether the positive numbers of a column span less than a factor two, as a potential may."""
    positive = column[column > 0]
    return column.size >= FEWEST and (positive.size == 0 or bool(positive.max() < 2 * positive.min()))


def require_frequencies(raw: RawFile, table: Table) -> None:
    """Refuse a table whose column of frequencies is constant or counts the rows.

    Raises
    ------
    NoImpedance
        If all rows have one frequency.
    FormatError
        If it counts the rows and its heading states no unit.
    """
    values = np.asarray(table.values, float).reshape(-1, len(table.headings))
    for columns in table.groups:
        require_complete(raw, columns, table.headings)
        column = values[:, columns.place["frequency"]]
        _require(raw, columns, column[np.isfinite(column)])


def _require(raw: RawFile, columns: Columns, column: Floats) -> None:
    heading = columns.heading["frequency"]
    name = heading.text.strip()
    if column.size >= FEWEST and np.ptp(column) == 0 and column[0] > 0:
        raise NoImpedance(
            f"{raw.name}: {name!r} is {column[0]:g} in all {column.size} rows; one frequency is no spectrum"
        )
    if counts_rows(column) and heading.unit is None and not heading.log_base:
        raise FormatError(
            f"{raw.name}: {name!r} counts the rows and is no frequency; if it is one, write its unit into the heading, "
            "such as 'freq/Hz'"
        )

"""Tables as CSV files, JSON values and data frames."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from eisfit.tables.columns import Row, columns_in
from eisfit.tools.plain_text import safe_cell
from eisfit.tools.whole_files import write_together

if TYPE_CHECKING:
    import pandas as pd


def as_frame(rows: Sequence[Row], columns: Sequence[str]) -> pd.DataFrame:
    """Return rows as a DataFrame with the fixed columns."""
    import pandas as pd

    return pd.DataFrame(list(rows), columns=list(columns))


def csv_text(rows: Sequence[Row], columns: Sequence[str]) -> str:
    """Return rows as CSV; an unknown value is an empty cell, numbers keep all their digits.

    A text stands on one line, with escapes for what cannot be printed, and gets a ``'`` in front where a
    spreadsheet would take it for a formula.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([[_cell(row.get(name)) for name in columns] for row in rows])
    return out.getvalue()


def csv_files(found: Mapping[str, Sequence[Row]]) -> dict[str, bytes]:
    """Return every table as the content of a CSV file, by the name of the file."""
    return {f"{name}.csv": csv_text(rows, columns_in(name, rows)).encode() for name, rows in found.items()}


def write_tables(folder: Path, found: Mapping[str, Sequence[Row]]) -> list[Path]:
    """Write every table as CSV into a folder, all in one step, and return the paths."""
    return write_together(folder, csv_files(found))


def _cell(value: object) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(float(value))
    return safe_cell(value) if isinstance(value, str) else str(value)


def jsonable(rows: Iterable[Row], columns: Sequence[str]) -> list[Row]:
    """Return rows for JSON, with all columns and with None for unknown values."""
    return [
        {
            name: None if isinstance(v := row.get(name), float) and not math.isfinite(v) else v
            for name in columns
        }
        for row in rows
    ]

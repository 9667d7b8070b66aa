"""Tables as CSV files, JSON values and data frames."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from eisfit.tables.columns import Row, columns_in

if TYPE_CHECKING:
    import pandas as pd


def as_frame(rows: Sequence[Row], columns: Sequence[str]) -> pd.DataFrame:
    """Return rows as a DataFrame with the fixed columns."""
    import pandas as pd

    return pd.DataFrame(list(rows), columns=list(columns))


def csv_text(rows: Sequence[Row], columns: Sequence[str]) -> str:
    """Return rows as CSV; an unknown value is an empty cell, numbers keep all their digits."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([[_cell(row.get(name)) for name in columns] for row in rows])
    return out.getvalue()


def write_tables(folder: Path, found: Mapping[str, Sequence[Row]]) -> list[Path]:
    """Write every table as CSV into a folder and return the paths."""
    paths = []
    for name, rows in found.items():
        path = folder / f"{name}.csv"
        path.write_text(csv_text(rows, columns_in(name, rows)), encoding="utf-8")
        paths.append(path)
    return paths


def _cell(value: object) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(float(value)) if isinstance(value, float) else str(value)


def jsonable(rows: Iterable[Row], columns: Sequence[str]) -> list[Row]:
    """Return rows for JSON, with all columns and with None for unknown values."""
    return [
        {
            name: None if isinstance(v := row.get(name), float) and not math.isfinite(v) else v
            for name in columns
        }
        for row in rows
    ]

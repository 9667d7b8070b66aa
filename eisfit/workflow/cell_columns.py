"""Cells in a column of a table of data: which sweep of the file is of which cell."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from eisfit.errors import ManifestError
from eisfit.formats.raw_file import decoded
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.regular_file import bytes_of
from eisfit.workflow.cell_names import checked_cell

_MOST_SHOWN = 12


def cells_in_column(file: Path, column: str, sweeps: Sequence[Spectrum]) -> list[str]:
    """Return the cell of each sweep of a text table.

    Parameters
    ----------
    file : Path
        A table with a heading line; its rows are points, or each is one spectrum (lists in cells).
    column : str
        The heading of the column that names the cell.
    sweeps : sequence of Spectrum
        What was read of the file, in its order.

    Raises
    ------
    ManifestError
        If there is no such column, or a sweep has no cell or several.
    """
    names = _column(file, column)
    if len(names) == len(sweeps):
        of_sweeps = [{name} for name in names]
    elif len(names) == sum(len(s) for s in sweeps):
        ends = [sum(len(s) for s in sweeps[: k + 1]) for k in range(len(sweeps))]
        of_sweeps = [set(names[end - len(s) : end]) for end, s in zip(ends, sweeps, strict=True)]
    else:
        raise ManifestError(
            f"{file}: the column {column!r} has {len(names)} rows, and the file gave {len(sweeps)} spectra of "
            f"{sum(len(s) for s in sweeps)} points, so its cells cannot be told; write one file a cell"
        )
    for number, found in enumerate(of_sweeps, 1):
        if len(found) > 1:
            shown = ", ".join(sorted(map(repr, found)))
            raise ManifestError(
                f"{file}: sweep {number} holds rows of several cells ({shown}); write one file a cell"
            )
    return [checked_cell(found.pop(), f"{file}, column {column!r}") for found in of_sweeps]


def _column(file: Path, column: str) -> list[str]:
    try:
        text = decoded(bytes_of(file))
    except (OSError, UnicodeDecodeError) as error:
        raise ManifestError(f"{file}: cell_column needs a text table, and this is none ({error})") from None
    wanted, first = column.strip().lower(), text.partition("\n")[0]
    for delimiter in (";", "\t", ","):
        rows = _rows(text, delimiter)
        for number, row in enumerate(rows):
            headings = [cell.lower() for cell in row]
            if wanted in headings and len(row) > 1:
                place = headings.index(wanted)
                return [r[place] for r in rows[number + 1 :] if len(r) > place]
    delimiter = next((d for d in (";", "\t") if d in first), ",")
    known = ", ".join(repr(cell.strip()[:40]) for cell in first.split(delimiter)[:_MOST_SHOWN])
    raise ManifestError(f"{file}: cell_column = {column!r} is no heading of this file; there are {known}")


def _rows(text: str, delimiter: str) -> list[list[str]]:
    try:
        rows = csv.reader(io.StringIO(text), delimiter=delimiter)
        return [[cell.strip() for cell in row] for row in rows if any(cell.strip() for cell in row)]
    except csv.Error:
        return []

"""What sets cells apart: a column of a table by cell, or a condition that is the same in all spectra of a cell."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from eisfit.errors import InputError
from eisfit.results.series import Series
from eisfit.spectrum.conditions import CONDITION_NUMBERS
from eisfit.tools.nearest import did_you_mean

CELL = "cell"
_SHORT = {"concentration": "concentration_mol_l", "bias": "bias_v", "time": "time_h", "area": "area_cm2",
          "thickness": "thickness_cm", "temperature": "temperature_c"}  # fmt: skip


@dataclass(frozen=True)
class Covariates:
    """A table of numbers and words by cell.

    Parameters
    ----------
    file : str
        Where it comes from, for messages.
    columns : tuple of str
        Its columns, without that of the cells.
    of : mapping of str to mapping
        By cell the texts of its columns.
    """

    file: str = "covariates"
    columns: tuple[str, ...] = ()
    of: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @classmethod
    def given(cls, rows: Mapping[str, Mapping[str, object]]) -> Covariates:
        """Return covariates from a mapping of cells to their values, such as ``{"A": {"donor_number": 15.1}}``."""
        columns = tuple(dict.fromkeys(name for row in rows.values() for name in row))
        texts = {cell: {name: str(value) for name, value in row.items()} for cell, row in rows.items()}
        return cls(columns=columns, of=texts)

    def number(self, cell: str, column: str) -> float:
        """Return the number of a cell, nan where its field is empty or the cell has no line in the table.

        Raises
        ------
        InputError
            If it is no number.
        """
        text = self.of.get(cell, {}).get(column, "").strip()
        if not text:
            return math.nan
        try:
            value = float(text)
        except ValueError:
            comma = "; write a decimal point, not a comma" if "," in text else ""
            raise InputError(
                f"{self.file}: {column} of {cell!r} is {text!r}, which is no number{comma or '; give a number'}"
            ) from None
        if not math.isfinite(value):
            raise InputError(
                f"{self.file}: {column} of {cell!r} is {text}: it must be finite; leave it empty"
            )
        return value

    def text(self, cell: str, column: str) -> str:
        """Return the word of a cell in a column, empty where there is none."""
        return self.of.get(cell, {}).get(column, "").strip()

    def check_cells(self, cells: Sequence[str]) -> None:
        """Raise InputError if no line of the table is of one of these cells."""
        if self.of and not set(self.of) & set(cells):
            first = next(iter(self.of))
            raise InputError(
                f"{self.file}: none of its cells ({', '.join(self.of)}) is in the study{did_you_mean(first, cells)}; "
                f"there are {', '.join(cells)}"
            )


def read_covariates(file: str | Path) -> Covariates:
    """Return the table of a CSV file with a column ``cell``, separated by commas, semicolons or tabs.

    Parameters
    ----------
    file : str or Path
        Lines that begin with ``#`` are remarks.

    Raises
    ------
    InputError
        If the file cannot be read, has no column ``cell``, a column twice, or a cell twice.
    """
    path = Path(file)
    lines = [line for line in _text(path).splitlines() if line.strip() and not line.lstrip().startswith("#")]
    if len(lines) < 2:
        raise InputError(
            f"{path}: holds no line of values; its first line names the columns: {CELL},donor_number"
        )
    separator = max(",;\t", key=lines[0].count)
    rows = [
        [cell.strip() for cell in row]
        for row in csv.reader(io.StringIO("\n".join(lines)), delimiter=separator)
    ]
    head = rows[0]
    if CELL not in head:
        raise InputError(
            f"{path}: there is no column {CELL!r}{did_you_mean(CELL, head)}; its columns are {', '.join(head)}; "
            f"name the one of the cells {CELL}"
        )
    if twice := next((name for name in head if head.count(name) > 1), ""):
        raise InputError(f"{path}: the column {twice!r} stands there twice; leave one out")
    found: dict[str, dict[str, str]] = {}
    for number, row in enumerate(rows[1:], 2):
        if len(row) != len(head):
            raise InputError(
                f"{path}: row {number} has {len(row)} fields for {len(head)} columns; put a text that holds "
                f"{separator!r} in quotes"
            )
        values = dict(zip(head, row, strict=True))
        cell = values.pop(CELL)
        if cell in found:
            raise InputError(f"{path}: the cell {cell!r} stands there twice; leave one line out")
        found[cell] = values
    return Covariates(str(path), tuple(name for name in head if name != CELL), found)


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file; give a CSV file with the column {CELL}") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); give a CSV file") from None
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InputError(f"{path}: is no text in UTF-8 or Windows code page 1252; save it as CSV in UTF-8")


def covariate_of(
    cells: Mapping[str, Series], table: Covariates, name: str, *, logarithm: bool = False
) -> dict[str, float]:
    """Return a covariate of all cells, nan where a cell does not know it.

    Parameters
    ----------
    cells : mapping of str to Series
        By name.
    table : Covariates
        Its columns come first.
    name : str
        A column, a condition, or a number of one's own that is the same in all spectra of each cell.
    logarithm : bool
        Whether it must be positive.

    Raises
    ------
    InputError
        If there is no such column or condition, it is the condition of a series, it changes within a cell, or a
        logarithm of a number that is not positive is asked for.
    """
    if name in table.columns:
        found = {cell: table.number(cell, name) for cell in cells}
    else:
        key = _SHORT.get(name, name)
        _check_known(cells, table, key, name)
        found = {cell: _constant(cell, series, key) for cell, series in cells.items()}
    for cell, value in found.items():
        if logarithm and value <= 0:
            raise InputError(f"{name} of {cell!r} is {value:g}: it has no logarithm; leave --log out")
    return found


def _check_known(cells: Mapping[str, Series], table: Covariates, key: str, name: str) -> None:
    own = dict.fromkeys(k for series in cells.values() for fit in series for k in fit.spectrum.conditions.own)
    known = [
        k
        for k in (*CONDITION_NUMBERS, *own)
        if any(fit.spectrum.conditions.number(k) is not None for series in cells.values() for fit in series)
    ]
    if key not in known:
        choices = [*table.columns, *known]
        raise InputError(
            f"no covariate {name!r}{did_you_mean(name, choices)}; known: {', '.join(choices)}; "
            "or give a column of this name by --covariates"
        )


def _constant(cell: str, series: Series, key: str) -> float:
    """Return the number that all spectra of a cell have for a condition; nan where none has one."""
    values = {fit.spectrum.conditions.number(key) for fit in series} - {None}
    if len(values) > 1:
        low, high = (
            f"{end:g}"
            for end in (min(v for v in values if v is not None), max(v for v in values if v is not None))
        )
        raise InputError(
            f"{key} changes within {cell!r} ({low} to {high}): a covariate is one number for each cell; give it by "
            "--covariates"
        )
    return next((float(v) for v in values if v is not None), math.nan)

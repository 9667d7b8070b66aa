"""A CSV file of numbers under named columns, as laws and formulas take it."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from eisfit.errors import InputError
from eisfit.formats.parsing.numbers import number
from eisfit.formats.raw_file import decoded
from eisfit.tools.frozen import Floats
from eisfit.tools.nearest import did_you_mean, file_like
from eisfit.tools.regular_file import MOST_TEXT_BYTES, bytes_of


@dataclass(frozen=True)
class NumberTable:
    """The cells of a CSV file.

    Parameters
    ----------
    path : Path
        The file.
    columns : mapping of str to tuple of str
        Cells by heading.
    lines : tuple of int
        Number of the line of each row.
    comma : bool
        Whether numbers have decimal commas.
    """

    path: Path
    columns: dict[str, tuple[str, ...]]
    lines: tuple[int, ...]
    comma: bool

    def texts(self, name: str) -> tuple[str, ...]:
        """Return the cells of a column; empty texts where there is none."""
        return self.columns.get(name, ("",) * len(self.lines))

    def numbers(self, name: str) -> Floats:
        """Return a column as numbers, nan where a cell is empty.

        Raises
        ------
        InputError
            If the column is missing, or a cell is no number.
        """
        if name not in self.columns:
            near = did_you_mean(name, self.columns)
            raise InputError(
                f"{self.path}: no column {name!r}{near}; its columns are {', '.join(self.columns)}: name the column "
                f"{name}, with numbers in that unit"
            )
        found = []
        for line, cell in zip(self.lines, self.columns[name], strict=True):
            value = number(cell, self.comma) if cell else float("nan")
            if value is None:
                raise InputError(
                    f"{self.path}, line {line}: {name} is {cell!r}; it must be a number, with a decimal point"
                )
            found.append(value)
        return np.array(found)


def number_table(path: Path) -> NumberTable:
    """Read a CSV file: separated by commas, or by semicolons or tabs, then also with decimal commas.

    Raises
    ------
    InputError
        If the file cannot be read, has no rows, or two columns have the same name.
    """
    try:
        text = decoded(bytes_of(path, MOST_TEXT_BYTES)).replace("\r\n", "\n").replace("\r", "\n")
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file{file_like(path)}") from None
    except OSError as error:
        raise InputError(f"{path}: the file cannot be read ({error.strerror or error})") from None
    kept = [(k, line) for k, line in enumerate(text.split("\n"), 1) if line.strip() and line[0] != "#"]
    if len(kept) < 2:
        raise InputError(f"{path}: holds no rows; write a line of column names, then one line for each point")
    delimiter = next((d for d in (";", "\t") if d in kept[0][1]), ",")
    rows = [
        [cell.strip() for cell in next(csv.reader(io.StringIO(line), delimiter=delimiter))]
        for _, line in kept
    ]
    names = rows[0]
    if twice := [name for k, name in enumerate(names) if name and name in names[:k]]:
        raise InputError(f"{path}: two columns are named {twice[0]!r}; keep one")
    return NumberTable(path, _by_name(names, rows[1:]), tuple(k for k, _ in kept[1:]), delimiter != ",")


def _by_name(names: Sequence[str], rows: Sequence[Sequence[str]]) -> dict[str, tuple[str, ...]]:
    return {
        name: tuple(row[k] if k < len(row) else "" for row in rows) for k, name in enumerate(names) if name
    }

"""The comparison of cells on a terminal: one table, or two below each other where it is narrow."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from eisfit.tables.wide_and_narrow import Column, Form, fitting, short
from eisfit.tools.plain_text import encodable
from eisfit.tools.rounding import with_error
from eisfit.tools.statistics import NORMAL_95

if TYPE_CHECKING:
    from rich.console import Console

    from eisfit.tables.columns import Row

_UNITS = {"asr": "Ω cm²", "conductivity": "S/cm", "resistance": "Ω"}
_MARK = {"yes": " *", "no": "", "": ""}
_CAPTION = "* differs from the first cell by more than the 95 % interval"
_SHORT = 18  # letters of a word in the narrow tables


def print_comparison(console: Console, rows: Sequence[Row]) -> None:
    """Print the rows of a comparison in the widest form that fits into a terminal."""
    from rich.text import Text

    wide, *narrow = (form.spelled(console.encoding) for form in (_whole(rows), *_halves(rows)))
    for form in fitting(console.width, [wide], narrow):
        console.print(form.table())
    console.print(Text(encodable(_CAPTION, console.encoding)))


def _whole(rows: Sequence[Row]) -> Form:
    columns = (
        Column("contribution"),
        Column("cell"),
        Column("E_A / eV (95 % interval)"),
        Column(_at(rows)),
        *(Column(heading) for heading in _compared(rows, str(rows[0]["cell"]))),
    )
    lines = [(name, row["cell"], *_values(row), *_separation(row)) for name, row in _grouped(rows)]
    return Form("Cells compared", columns, lines)


def _halves(rows: Sequence[Row]) -> list[Form]:
    """Return the activation energies and the values at the reference temperature as two tables."""
    minus, over = _compared(rows, _narrow(str(rows[0]["cell"])))
    names = (Column("contribution", words=True), Column("cell", words=True))
    energies, values = [], []
    for name, row in _grouped(rows):
        both = (name, _narrow(str(row["cell"])))
        (_, value), (difference, ratio) = _values(row), _separation(row)
        energies.append((*both, _energy(row), _interval(row), difference))
        values.append((*both, value, ratio))
    own = (Column("E_A / eV", words=True), Column("95 % interval"), Column(minus, words=True))
    at = (Column(_at(rows), words=True), Column(over, words=True))
    return [
        Form("Cells compared", (*names, *own), energies),
        Form("Values of the lines", (*names, *at), values),
    ]


def _narrow(name: str) -> str:
    """Return the name of a cell, with dots in its middle where a word of it is too long for a narrow column."""
    return name if all(len(word) <= _SHORT for word in name.split()) else short(name, _SHORT)


def _at(rows: Sequence[Row]) -> str:
    return f"at {rows[0]['reference_c']:g} °C"


def _compared(rows: Sequence[Row], first: str) -> tuple[str, str]:
    return f"minus {first} / eV", f"over {first}"


def _grouped(rows: Sequence[Row]) -> list[tuple[str, Row]]:
    """Return each row with the name of its contribution, which stands once."""
    before = [None, *(row["contribution"] for row in rows)]
    return [
        ("" if row["contribution"] == last else str(row["contribution"]), row)
        for row, last in zip(rows, before, strict=False)
    ]


def _energy(row: Row) -> str:
    return f"{row['activation_energy_ev']:.3f}"


def _interval(row: Row) -> str:
    """Return the 95 % interval of the activation energy; empty where it is not known."""
    return (
        f"{row['ci95_low_ev']:.3f} to {row['ci95_high_ev']:.3f}" if math.isfinite(row["ci95_low_ev"]) else ""
    )


def _values(row: Row) -> tuple[str, str]:
    """Return the activation energy with its interval, and the value at the reference temperature."""
    interval = _interval(row)
    half = (row["ci95_high"] - row["ci95_low"]) / 2
    value = with_error(row["value"], half / NORMAL_95, _UNITS[row["quantity"]]) or "none"
    beyond = " (extrapolated)" if row["extrapolated"] == "yes" else ""
    return f"{_energy(row)} ({interval})" if interval else _energy(row), value + beyond


def _separation(row: Row) -> tuple[str, str]:
    """Return the difference of the energies and the ratio of the values; empty for the first cell."""
    if "difference_ev" not in row:
        return "", ""
    difference = with_error(row["difference_ev"], row["difference_stderr_ev"])
    ratio = ""
    if math.isfinite(row.get("ratio", math.nan)):
        ratio = f"{row['ratio']:.3g} ({row['ratio_ci95_low']:.3g} to {row['ratio_ci95_high']:.3g})"
        ratio += _MARK[row["ratio_significant"]]
    return difference + _MARK[row["difference_significant"]], ratio

"""Cells beside each other: their lines by contribution, and what separates them, as `eisfit compare` says it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from eisfit.errors import SeriesError
from eisfit.laws.arrhenius import Arrhenius
from eisfit.results.series import Series
from eisfit.tables.comparison import comparison_rows
from eisfit.tools.rounding import with_error

if TYPE_CHECKING:
    from eisfit.tables.columns import Row

HEADS = (
    "contribution",
    "cell",
    "E_A / eV",
    "at 25 °C",
    "",
    "minus the first / eV",
    "over the first",
    "remark",
)
AT_C = 25.0
_UNITS = {"S cm-1": "S/cm", "ohm cm2": "ohm cm²"}


@dataclass(frozen=True)
class Beside:
    """Cells compared.

    Parameters
    ----------
    lines : mapping of str to mapping of str to Arrhenius
        By contribution, then by cell; all of a contribution in the ordinate of its first cell.
    rows : tuple of tuple of str
        Below `HEADS`.
    """

    lines: Mapping[str, Mapping[str, Arrhenius]]
    rows: tuple[tuple[str, ...], ...]


def beside(cells: Mapping[str, Series]) -> Beside:
    """Return cells beside each other.

    Parameters
    ----------
    cells : mapping of str to Series
        By name; the others are compared with the first.

    Raises
    ------
    InputError
        If no cell has a line of any contribution.
    """
    found = comparison_rows(cells, at_c=AT_C)
    lines: dict[str, dict[str, Arrhenius]] = {}
    for row in found:
        try:
            line = cells[row["cell"]].arrhenius(row["contribution"], row["ordinate"])
        except SeriesError:  # it has a row, and no line in this ordinate
            continue
        lines.setdefault(row["contribution"], {})[row["cell"]] = line
    return Beside(lines, tuple(map(_texts, found)))


def _texts(row: Row) -> tuple[str, ...]:
    energy = with_error(row["activation_energy_ev"], row["activation_energy_stderr_ev"])
    value = "" if math.isnan(row["value"]) else f"{row['value']:.3g} {_UNITS.get(row['unit'], row['unit'])}"
    interval = f"{row['ci95_low']:.3g} to {row['ci95_high']:.3g}" if value else ""
    difference = ratio = ""
    if "difference_ev" in row:
        difference = _marked(
            f"{row['difference_ev']:+.3f} ± {row['difference_ci95_ev']:.3f}", row["difference_significant"]
        )
    if "ratio" in row and not math.isnan(row["ratio"]):
        ends = f"{row['ratio_ci95_low']:.3g} to {row['ratio_ci95_high']:.3g}"
        ratio = _marked(f"{row['ratio']:.3g} ({ends})", row["ratio_significant"])
    return (row["contribution"], row["cell"], energy, value, interval, difference, ratio, row["note"])


def _marked(text: str, significant: str) -> str:
    return f"{text} *" if significant == "yes" else text

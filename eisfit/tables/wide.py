"""Spectra side by side in one table, under rows of long names, units and comments as Origin reads them."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import TypeAlias

from eisfit.results.fit import Fit
from eisfit.results.outcome import Outcome
from eisfit.spectrum.conditions import Conditions
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.frozen import Complexes
from eisfit.tools.plain_text import one_line, safe_cell

Cell: TypeAlias = str | float | int | bool | None
HEAD_ROWS = 3  # long names, units, comments
_UNITS = {
    "temperature_c": "°C",
    "time_h": "h",
    "concentration_mol_l": "mol/L",
    "bias_v": "V",
}


def wide_rows(items: Sequence[Spectrum | Fit]) -> list[list[Cell]]:
    """Return a table with the columns f, Z' and −Z'' of each spectrum, and those of its fit.

    Parameters
    ----------
    items : sequence of Spectrum or Fit
        Spectra of different lengths leave cells empty. The model of a fit stands at the measured frequencies, in two
        further columns; a fit that failed has none. Masked points are there like all others.

    Returns
    -------
    list of list
        First the long names, the units, and the comments: label and condition. The minus of −Z'' is the
        mathematical sign, which no spreadsheet takes for a formula.
    """
    columns: list[list[Cell]] = []
    for item in items:
        spectrum = item.spectrum if isinstance(item, Fit) else item
        said = comment(spectrum)
        columns.append(["f", "Hz", said, *map(float, spectrum.frequency_hz)])
        columns += _pair(spectrum.z_ohm, said)
        if isinstance(item, Fit) and item.outcome is not Outcome.FAILED:
            columns += _pair(item.impedance(), said, " fit")
    height = max(map(len, columns), default=0)
    padded = [column + [None] * (height - len(column)) for column in columns]
    return [list(row) for row in zip(*padded, strict=True)]


def _pair(z: Complexes, said: str, what: str = "") -> list[list[Cell]]:
    return [
        [f"Z'{what}", "ohm", said, *map(float, z.real)],
        [f"−Z''{what}", "ohm", said, *map(float, -z.imag)],
    ]


def comment(spectrum: Spectrum) -> str:
    """Return the label of a spectrum and what is known of its temperature and the like."""
    return " ".join([spectrum.label or "spectrum", *_conditions(spectrum.conditions)])


def _conditions(known: Conditions) -> list[str]:
    found = [f"{v:g} {unit}" for name, unit in _UNITS.items() if (v := known.number(name)) is not None]
    return found + [f"{name} {value:g}" for name, value in known.own.items()]


def wide_csv(items: Sequence[Spectrum | Fit]) -> bytes:
    """Return the table of `wide_rows` as CSV, UTF-8 with the mark that Origin and Excel know it by."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    for row in wide_rows(items):
        writer.writerow([_text(cell) for cell in row])
    return out.getvalue().encode("utf-8-sig")


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    return repr(float(cell)) if isinstance(cell, float) else safe_cell(one_line(str(cell)))

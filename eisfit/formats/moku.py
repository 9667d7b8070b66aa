"""Moku:Go frequency response: gain and phase of a divider with a known shunt."""

from __future__ import annotations

import re

import numpy as np

from eisfit.errors import FormatError, NoImpedance
from eisfit.formats.parsing.build import as_complex, build
from eisfit.formats.parsing.rows import matrix, row_of
from eisfit.formats.raw_file import Format, RawFile
from eisfit.spectrum.findings import Finding
from eisfit.spectrum.spectrum import Spectrum

NAME = "Moku"
_SHUNT = re.compile(r"(?i)(?<![\d.])(\d+(?:\.\d+)?)\s*(k?)(?:R|ohm|Ω)[ _-]*shunt")
_PLACES = (0, 1, 2, 3, 4)  # frequency, channel A in dBm and degrees, channel B in dBm and degrees


def recognise(raw: RawFile) -> bool:
    """Look for the instrument in the first comment."""
    first = raw.head.split("\n", 1)[0]
    return "Moku" in first and "Frequency Response Analyzer" in first


def read(raw: RawFile) -> list[Spectrum]:
    """Return Z = R (B/A - 1), A being the voltage on the shunt R and B that on shunt and sample.

    Raises
    ------
    FormatError
        If the file name does not state the shunt, or a row is no row of numbers.
    NoImpedance
        If there is no row.
    """
    found = _SHUNT.search(raw.path.stem)
    if found is None:
        raise FormatError(
            f"{raw.name}: gain and phase are no impedance without the shunt; "
            "write it into the file name, such as cell_100R_shunt.csv"
        )
    shunt = float(found[1]) * (1e3 if found[2] else 1.0)
    rows = [
        row_of(raw, i, line.split(","), _PLACES)
        for i, line in enumerate(raw.lines, 1)
        if line.strip() and not line.startswith("%")
    ]
    if not rows:
        raise NoImpedance(f"{raw.name}: there is no row under the heading")
    f, a_db, a_deg, b_db, b_deg = matrix(rows, 5).T
    with np.errstate(over="ignore"):
        ratio = 10 ** ((b_db - a_db) / 20) * np.exp(1j * np.deg2rad(b_deg - a_deg))
    text = (
        f"Z was computed as {shunt:g} ohm x (B/A - 1): the shunt of the file name under channel A, "
        "shunt and sample under channel B"
    )
    return build(raw, NAME, f, as_complex(shunt * (ratio - 1)), findings=(Finding("shunt", text),))


FORMAT = Format(NAME, recognise, read)

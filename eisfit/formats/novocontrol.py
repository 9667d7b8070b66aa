"""Novocontrol WinDETA text: any of its immittances, with the geometry of the plate where one needs it."""

from __future__ import annotations

import math
import re

import numpy as np

from eisfit.constants import VACUUM_PERMITTIVITY_F_PER_M, ZERO_CELSIUS_K
from eisfit.errors import FormatError, NoImpedance
from eisfit.formats.parsing.amplitude import rms_unit, with_amplitude
from eisfit.formats.parsing.build import build, with_plausible
from eisfit.formats.parsing.groups import Columns, groups_of
from eisfit.formats.parsing.headings import Heading
from eisfit.formats.parsing.numbers import has_decimal_comma, number
from eisfit.formats.parsing.to_impedance import impedance
from eisfit.formats.raw_file import Format, RawFile
from eisfit.spectrum.conditions import Conditions
from eisfit.spectrum.findings import Finding
from eisfit.spectrum.immittance import OHM_CM
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.frozen import Floats

NAME = "Novocontrol"
LONGEST_HEADER = 1000
VACUUM_PERMITTIVITY_F_CM = VACUUM_PERMITTIVITY_F_PER_M / 100
_FREQUENCY = re.compile(r"Freq\.?\s*\[Hz\](?!\s*[,;])")
_QUANTITY = re.compile(
    r"Z[sp]?\s*'|Eps'|Sig'|Modulus'|Y[sp]?\s*'|C[sp]?\s*'|\|Eps\||Tan\(|\|Z[sp]?\||\|Sig\||Spec|Rho'|[CRL][sp]\b"
)
_GEOMETRY = re.compile(
    r"(Diameter|(?<!Electrode )Thickness|Spacer Area|Spacer Capacity)\s*\[([^\]]*)\]\s*[:=]?\s*([-+.,\deE]+)"
)
_FIXED = re.compile(r"([A-Za-z .']+?)\s*\[([^\]]*)\]\s*=\s*([-+.,\deE]+)")
_CM = {"mm": 0.1, "cm": 1.0, "um": 1e-4, "µm": 1e-4, "m": 100.0}


def recognise(raw: RawFile) -> bool:
    """Look for ``Fixed value(s) :`` or a WinDETA heading in the first lines."""
    lines = raw.head.splitlines()[:6]
    if any(line.lstrip().startswith("Fixed value(s)") for line in lines):
        return True
    return any(_FREQUENCY.search(line) and _QUANTITY.search(line) for line in lines)


def read(raw: RawFile) -> list[Spectrum]:
    """Return the spectra of a WinDETA text file, one per set temperature.

    Raises
    ------
    NoImpedance
        If it is a sweep of something else than the frequency.
    FormatError
        If no two columns give an impedance.
    """
    at = next((i for i, line in enumerate(raw.lines[:50]) if _is_heading(line)), None)
    if at is None:
        raise FormatError(f"{raw.name}: the line of column headings with 'Freq. [Hz]' is missing")
    headings = _headings(raw.lines[at])
    header = [line[:LONGEST_HEADER] for line in raw.lines[:at]]
    frequency = next((i for i, h in enumerate(headings) if _FREQUENCY.match(h)), None)
    if frequency is None:
        raise NoImpedance(
            f"{raw.name}: the swept quantity is {headings[0]!r}, not the frequency; "
            "a sweep at one frequency is no spectrum"
        )
    table = _rows(raw, at, headings)
    geometry = _geometry(header)
    conditions, reported = _conditions(header, geometry)
    columns = _columns(raw, headings, table, frequency)
    z, notes = impedance(raw, columns, table, table[:, frequency], conditions, assume_units=True)
    notes += _edge(columns, "Edge Correction On" in " ".join(header))
    set_temperature = _column(headings, table, "Temp.")
    measured = _column(headings, table, "M Temp")
    temperature = measured if measured is not None and np.all(measured > -ZERO_CELSIUS_K) else set_temperature
    return build(
        raw, NAME, table[:, frequency], z,
        time_s=_column(headings, table, "M Time"),
        groups=[] if set_temperature is None else [set_temperature],
        per_point=None if temperature is None else {"temperature_c": temperature},
        conditions=conditions,
        findings=notes + reported,
    )  # fmt: skip


def _is_heading(line: str) -> bool:
    return "=" not in line and bool(
        _FREQUENCY.search(line) or re.search(r"(Eps|Zs|Sig|Modulus|Yp|Cp)'+\s", line)
    )


def _headings(line: str) -> list[str]:
    cells = [c.strip() for c in line.split("\t") if c.strip()]
    if len(cells) < 3:
        cells = [c for c in re.split(r"\s{2,}", line.strip()) if c]
    return cells


def _rows(raw: RawFile, at: int, headings: list[str]) -> Floats:
    rows = []
    comma = has_decimal_comma(raw.lines[at + 1 : at + 11])
    for count, line in enumerate(raw.lines[at + 1 :], at + 2):
        cells = line.split()
        if not cells:
            continue
        values = [number(c, comma) for c in cells]
        if len(values) != len(headings) or None in values:
            raise FormatError(
                f"{raw.name}: line {count}: {line.strip()[:50]!r} is not {len(headings)} numbers; "
                "correct or remove that line"
            )
        rows.append([math.nan if v is None else v for v in values])
    if not rows:
        raise NoImpedance(f"{raw.name}: there is no row under the headings")
    return np.asarray(rows, float)


def _column(headings: list[str], table: Floats, name: str) -> Floats | None:
    """Return a column by the beginning of its heading; temperatures come in °C, by their unit."""
    for i, heading in enumerate(headings):
        if heading.replace("[", " [").startswith(name + " ") or heading.startswith(name):
            values = table[:, i]
            return values - ZERO_CELSIUS_K if "Temp" in name and "[K]" in heading else values
    return None


def _geometry(header: list[str]) -> dict[str, float]:
    """Return diameter and thickness in cm, where they are printed."""
    found = {}
    for name, unit, text in _GEOMETRY.findall("  ".join(header)):
        value = number(text.rstrip(",."), comma=True)
        if unit.strip() in _CM and value:
            found[name.lower()] = value * _CM[unit.strip()]
    return found


def _conditions(header: list[str], geometry: dict[str, float]) -> tuple[Conditions, tuple[Finding, ...]]:
    conditions = Conditions()
    reported: tuple[Finding, ...] = ()
    if "diameter" in geometry:
        conditions = with_plausible(conditions, area_cm2=math.pi * (geometry["diameter"] / 2) ** 2)
    if "thickness" in geometry:
        conditions = with_plausible(conditions, thickness_cm=geometry["thickness"])
    for line in header:
        if not line.lstrip().startswith("Fixed value"):
            continue
        for name, unit, text in _FIXED.findall(line.partition(":")[2]):
            value = number(text.rstrip(",."), comma=True)
            if value is not None and name.strip() == "Temp.":
                shift = ZERO_CELSIUS_K if unit.strip() == "K" else 0.0
                conditions = with_plausible(conditions, temperature_c=value - shift)
            elif value is not None and name.strip() == "DC Volt":
                conditions = with_plausible(conditions, bias_v=value)
            elif name.strip() == "AC Volt":
                conditions, reported = with_amplitude(conditions, value, rms_unit(unit), "rms")
    return conditions, reported


def _columns(raw: RawFile, headings: list[str], table: Floats, frequency: int) -> Columns:
    """Return the columns of an impedance.

    ``Sig''`` is printed with a minus and without the vacuum, -w e0 (Eps' - 1): in the table it is made sigma''.

    Raises
    ------
    FormatError
        If there is no pair of columns from which an impedance follows.
    """
    columns = groups_of(headings)[0]
    if columns.doubt or columns.route is None:
        raise FormatError(
            f"{raw.name}: no two of the columns ({', '.join(headings)}) give an impedance, such as Zs' and Zs'', Eps' "
            "and Eps'', Cp' and Tan(Delta); export the file with Zs' and Zs''"
        )
    if columns.route.needs == ("sigma_re", "sigma_im"):
        at = columns.place["sigma_im"]
        vacuum = 2 * math.pi * table[:, frequency] * VACUUM_PERMITTIVITY_F_CM
        table[:, at] = vacuum - table[:, at]
    place = {q: i for q, i in columns.place.items() if q in columns.route.needs}
    heading: dict[str, Heading] = {q: columns.heading[q] for q in place}
    return Columns({**place, "frequency": frequency}, {**heading, "frequency": columns.heading["frequency"]})


def _edge(columns: Columns, corrected: bool) -> tuple[Finding, ...]:
    """Return the finding that the permittivity was corrected for the stray field, where Z follows from it."""
    if not corrected or columns.route is None or columns.route.gives != OHM_CM:
        return ()
    text = (
        "the permittivity was corrected for the stray field: Z is that of the ideal capacitor, "
        "a few per cent from the measured one"
    )
    return (Finding("edge correction", text),)


FORMAT = Format(NAME, recognise, read)

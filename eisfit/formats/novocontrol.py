"""Novocontrol WinDETA text: impedance, or permittivity with the geometry of the plate."""

from __future__ import annotations

import math
import re

import numpy as np

from eisfit.constants import VACUUM_PERMITTIVITY_F_PER_M, ZERO_CELSIUS_K
from eisfit.errors import FormatError, NoImpedance
from eisfit.formats.parsing.amplitude import rms_unit, with_amplitude
from eisfit.formats.parsing.build import as_complex, build, with_plausible
from eisfit.formats.parsing.numbers import has_decimal_comma, number
from eisfit.formats.raw_file import Format, RawFile
from eisfit.spectrum.conditions import Conditions
from eisfit.spectrum.findings import Finding
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.frozen import Complexes, Floats

NAME = "Novocontrol"
LONGEST_HEADER = 1000
VACUUM_PERMITTIVITY_F_CM = VACUUM_PERMITTIVITY_F_PER_M / 100
_FREQUENCY = re.compile(r"Freq\.?\s*\[Hz\]")
_QUANTITY = re.compile(r"Zs'|Eps'|Sig'|Z'")
_GEOMETRY = re.compile(
    r"(Diameter|(?<!Electrode )Thickness|Spacer Area|Spacer Capacity)\s*\[([^\]]*)\]:?\s*([-+.\deE]+)"
)
_FIXED = re.compile(r"([A-Za-z .']+?)\s*\[([^\]]*)\]\s*=\s*([-+.\deE]+)")


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
        If neither Zs' nor Eps' with the geometry is there.
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
    z, notes = _impedance(
        raw, headings, table, table[:, frequency], geometry, "Edge Correction On" in " ".join(header)
    )
    conditions, reported = _conditions(header, geometry)
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
    return "=" not in line and bool(_FREQUENCY.search(line) or re.search(r"(Eps|Zs|Sig)'+\s", line))


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
        value = number(text)
        if unit == "mm" and value:
            found[name.lower()] = value / 10
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
            value = number(text)
            if value is not None and name.strip() == "Temp.":
                shift = ZERO_CELSIUS_K if unit.strip() == "K" else 0.0
                conditions = with_plausible(conditions, temperature_c=value - shift)
            elif value is not None and name.strip() == "DC Volt":
                conditions = with_plausible(conditions, bias_v=value)
            elif name.strip() == "AC Volt":
                conditions, reported = with_amplitude(conditions, value, rms_unit(unit), "rms")
    return conditions, reported


def _impedance(
    raw: RawFile,
    headings: list[str],
    table: Floats,
    frequency_hz: Floats,
    geometry: dict[str, float],
    edge: bool,
) -> tuple[Complexes, tuple[Finding, ...]]:
    zs = _pair(headings, table, "Zs")
    if zs is None:
        zs = _pair(headings, table, "Z")
    if zs is not None:
        return as_complex(zs[0] + 1j * zs[1]), ()
    omega = 2 * math.pi * frequency_hz
    eps = _pair(headings, table, "Eps")
    if eps is None:
        eps = _from_conductivity(headings, table, omega)
    if eps is None:
        raise FormatError(
            f"{raw.name}: Zs' and Zs'', or Eps' and Eps'', are missing from the columns "
            f"({', '.join(headings)}); export the file with Zs' and Zs''"
        )
    if not {"diameter", "thickness"} <= geometry.keys():
        raise FormatError(
            f"{raw.name}: it holds permittivities without diameter and thickness, from which the impedance "
            "would follow; export the file with Zs' and Zs'', or with its geometry"
        )
    c0 = VACUUM_PERMITTIVITY_F_CM * math.pi * (geometry["diameter"] / 2) ** 2 / geometry["thickness"]
    notes: tuple[Finding, ...] = (
        Finding(
            "permittivity", f"Z was computed from Eps' and Eps'' and the empty capacity {c0 * 1e12:.4g} pF"
        ),
    )
    if edge:
        notes += (
            Finding(
                "edge correction",
                "the permittivity was corrected for the stray field: Z is that of the ideal capacitor, "
                "a few per cent from the measured one",
            ),
        )
    with np.errstate(divide="ignore", invalid="ignore"):
        return as_complex(1 / (1j * omega * c0 * (eps[0] - 1j * eps[1]))), notes


def _pair(headings: list[str], table: Floats, name: str) -> tuple[Floats, Floats] | None:
    places = [
        next((i for i, h in enumerate(headings) if re.match(rf"{name}{p}(?!')", h)), None)
        for p in ("'", "''")
    ]
    if places[0] is None or places[1] is None:
        return None
    return table[:, places[0]], table[:, places[1]]


def _from_conductivity(headings: list[str], table: Floats, omega: Floats) -> tuple[Floats, Floats] | None:
    """Return Eps' and Eps'' from Sig' = w e0 Eps'' and Eps' (or Sig'' = -w e0 (Eps' - 1))."""
    real = next((i for i, h in enumerate(headings) if re.match(r"Sig'(?!')", h)), None)
    eps = next((i for i, h in enumerate(headings) if re.match(r"Eps'(?!')", h)), None)
    imag = next((i for i, h in enumerate(headings) if re.match(r"Sig''", h)), None)
    if real is None or (eps is None and imag is None):
        return None
    scale = omega * VACUUM_PERMITTIVITY_F_CM
    with np.errstate(divide="ignore", invalid="ignore"):
        loss = table[:, real] / scale
        if eps is not None:
            return table[:, eps], loss
        assert imag is not None
        return 1 - table[:, imag] / scale, loss


FORMAT = Format(NAME, recognise, read)

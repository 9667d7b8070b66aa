"""LCR meter text as a LabVIEW program writes it: modulus, phase and perhaps a temperature."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np

from eisfit.errors import FormatError, NoImpedance
from eisfit.formats.parsing.amplitude import with_amplitude
from eisfit.formats.parsing.build import as_complex, build, with_plausible
from eisfit.formats.parsing.numbers import CM, CM2, first_number, number
from eisfit.formats.parsing.rows import matrix, row_of, value_after
from eisfit.formats.raw_file import Format, RawFile
from eisfit.spectrum.conditions import NO_CONDITIONS, Conditions
from eisfit.spectrum.findings import Finding
from eisfit.spectrum.spectrum import Spectrum

NAME = "LCR meter"


def recognise(raw: RawFile) -> bool:
    """Look for ``Time: ..; Datum:`` in the first line and the heading ``F[Hz]``."""
    return bool(re.match(r"Time:.*;\s*Datum:", raw.head.lstrip())) and "F[Hz]" in raw.head


def read(raw: RawFile) -> list[Spectrum]:
    """Return the spectra; points with a phase beyond 90 degrees are masked.

    Raises
    ------
    FormatError
        If a cell is no number.
    NoImpedance
        If there is no row.
    """
    at = next((i for i, line in enumerate(raw.lines) if line.strip().startswith("F[Hz]")), None)
    if at is None:
        raise FormatError(f"{raw.name}: the heading 'F[Hz]' is missing")
    rows, warm = [], []
    for i, line in enumerate(raw.lines[at + 1 :], at + 2):
        cells = [c.strip() for c in line.split("\t") if c.strip()]
        if cells:
            rows.append(row_of(raw, i, cells, (0, 1, 2), comma=True))
            measured = number(cells[3], comma=True) if len(cells) > 3 else None
            warm.append(np.nan if measured is None else measured)
    if not rows:
        raise NoImpedance(f"{raw.name}: there is no row under the heading")
    f, modulus, phase = matrix(rows, 3).T
    conditions, reported = _conditions(raw.lines[:at])
    spectra = build(
        raw, NAME, f, as_complex(modulus * np.exp(1j * np.deg2rad(phase))),
        per_point={"temperature_c": warm}, conditions=conditions, findings=reported,
    )  # fmt: skip
    return [_without_open_meter(s) for s in spectra]


def _conditions(header: list[str]) -> tuple[Conditions, tuple[Finding, ...]]:
    """Return area and thickness, where 0 stands for unknown, and the voltage level."""
    area = first_number(value_after(header, "Sample Area [sqmm]"), comma=True)
    thickness = first_number(value_after(header, "Sample Thickness [mm]"), comma=True)
    level = first_number(value_after(header, "Voltage Level [V]"), comma=True)
    conditions = with_plausible(
        NO_CONDITIONS,
        area_cm2=None if area is None else area * CM2["mm2"],
        thickness_cm=None if thickness is None else thickness * CM["mm"],
    )
    return with_amplitude(conditions, level, "V", "rms", convention="LCR meters")


def _without_open_meter(s: Spectrum) -> Spectrum:
    """Mask points with a phase beyond 90 degrees: there the meter was open or saturated."""
    bad = s.z_ohm.real < 0
    if not bad.any():
        return s
    text = (
        f"{int(bad.sum())} points with a phase beyond 90 degrees were masked: the meter was open or saturated"
    )
    masked = s.without(bad, "phase beyond 90 degrees")
    return replace(masked, findings=(*masked.findings, Finding("phase", text)))


FORMAT = Format(NAME, recognise, read)

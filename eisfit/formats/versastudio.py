"""AMETEK VersaStudio `.par`: blocks of `key=value` lines with the data in segments."""

from __future__ import annotations

import re

import numpy as np

from eisfit.errors import NoImpedance
from eisfit.formats.parsing.amplitude import rms_unit, with_one_amplitude
from eisfit.formats.parsing.build import UNSET_AREA_CM2, as_complex, build, with_plausible
from eisfit.formats.parsing.direct_current import dc_columns
from eisfit.formats.parsing.numbers import first_number
from eisfit.formats.parsing.rows import matrix, row_of, value_after
from eisfit.formats.raw_file import Format, RawFile
from eisfit.spectrum.conditions import NO_CONDITIONS, Conditions
from eisfit.spectrum.findings import Finding
from eisfit.spectrum.spectrum import Spectrum

NAME = "VersaStudio"
_AMPLITUDE = re.compile(r"\s*Amplitude (\([^)]*\))\s*=(.{0,40})")
_NEEDED = ("Frequency(Hz)", "Z Real", "Z Imag")
_OPTIONAL = ("Elapsed Time(s)", "Segment #", "ActionId", "E(V)")


def recognise(raw: RawFile) -> bool:
    """Look for ``<Application>`` in the first line and VersaStudio below."""
    return raw.head.lstrip().startswith("<Application>") and "VersaStudio" in raw.head


def read(raw: RawFile) -> list[Spectrum]:
    """Return the spectra of all segments, cut where segment, action or the run of the frequency change.

    Raises
    ------
    NoImpedance
        If no segment holds a frequency and an impedance.
    FormatError
        If a row is no row of numbers.
    """
    lines = raw.lines
    area = first_number(value_after(lines, "Working Electrode Area (cm2)"))
    conditions = with_plausible(NO_CONDITIONS, area_cm2=None if area == UNSET_AREA_CM2 else area)
    conditions, reported = _amplitude(conditions, lines)
    spectra: list[Spectrum] = []
    others: list[str] = []
    for headings, rows in segments_of(lines):
        if not set(_NEEDED) <= set(headings):
            others += [h for h in headings if h not in others]
            continue
        names = [*_NEEDED, *(n for n in _OPTIONAL if n in headings)]
        places = [headings.index(n) for n in names]
        table = matrix(
            (row_of(raw, i, line.split(","), places, needed=len(_NEEDED)) for i, line in rows), len(names)
        )
        column = {name: table[:, k] for k, name in enumerate(names)}
        zeros = np.zeros(len(table))
        if not (column["Frequency(Hz)"] != 0).any():
            continue
        spectra += build(
            raw, NAME, column["Frequency(Hz)"], as_complex(column["Z Real"] + 1j * column["Z Imag"]),
            time_s=column.get("Elapsed Time(s)"),
            groups=[c for n in ("Segment #", "ActionId") if not np.isnan(c := column.get(n, zeros)).any()],
            per_point={"bias_v": column["E(V)"]} if "E(V)" in column and column["E(V)"].any() else None,
            conditions=conditions,
            findings=reported,
            first_sweep=len(spectra) + 1,
        )  # fmt: skip
    if spectra and _is_open(lines):
        note = Finding(
            "truncated", "the last segment has no end: the file is cut off, and points may be missing"
        )
        spectra = [s.noting(note) for s in spectra]
    if not spectra:
        what = (
            f"its columns are {', '.join(others[:12])}" if others else "it has no segment with impedance rows"
        )
        direct = "; they are of a dc measurement, see 'eisfit dc'" if dc_columns(["\t".join(others)]) else ""
        raise NoImpedance(
            f"{raw.name}: 'Frequency(Hz)' with 'Z Real' and 'Z Imag' is missing; {what}{direct}"
        )
    return spectra


def _amplitude(conditions: Conditions, lines: list[str]) -> tuple[Conditions, tuple[Finding, ...]]:
    """Take ``Amplitude (mV RMS)`` or ``Amplitude (mA RMS)`` where all actions have one."""
    found = [m for line in lines if (m := _AMPLITUDE.match(line)) and rms_unit(m[1])]
    units = {rms_unit(m[1]) for m in found}
    if len(units) != 1:
        return conditions, ()
    values = [v for m in found if (v := first_number(m[2])) is not None]
    return with_one_amplitude(conditions, values, units.pop(), "rms")


def _is_open(lines: list[str]) -> bool:
    """Tell whether a segment begins and does not end."""
    opened = [m[1] for line in lines if (m := re.match(r"\s*<(Segment\d+)>", line))]
    return bool(opened) and not any(re.match(rf"\s*</{opened[-1]}>", line) for line in lines)


def segments_of(lines: list[str]) -> list[tuple[list[str], list[tuple[int, str]]]]:
    """Return heading and numbered rows of every ``<SegmentN>``."""
    segments: list[tuple[list[str], list[tuple[int, str]]]] = []
    inside = False
    for i, line in enumerate(lines, 1):
        if re.match(r"\s*<Segment\d+>", line):
            inside = True
        elif re.match(r"\s*</", line):
            inside = False
        elif inside and line.startswith("Definition="):
            segments.append(([h.strip().replace(" (", "(") for h in line.partition("=")[2].split(",")], []))
        elif inside and segments and re.match(r"\s*[-+.\d]", line):
            segments[-1][1].append((i, line))
    return segments


FORMAT = Format(NAME, recognise, read)

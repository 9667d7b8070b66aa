"""PalmSens PSTrace CSV: titled tables whose Z'' is printed negated although no heading says so."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from eisfit.errors import NoImpedance
from eisfit.formats.parsing.groups import Columns, groups_of
from eisfit.formats.parsing.headings import Heading
from eisfit.formats.parsing.missing_half import require_complete
from eisfit.formats.parsing.named_columns import cells_to_numbers, plain, spectra_of
from eisfit.formats.raw_file import Format, RawFile
from eisfit.spectrum.spectrum import Spectrum

NAME = "PSTrace"
_MEASURED = "Eac / V"
_AMPLITUDE = Heading(_MEASURED, "amplitude_v", counted="rms by the convention of PSTrace")


def recognise(raw: RawFile) -> bool:
    """Look for a heading with ``freq / Hz`` and ``Z' / Ohm`` or ``neg. Phase``."""
    return _heading(raw.head.splitlines()[:40]) is not None


def _heading(lines: list[str], start: int = 0) -> int | None:
    for i in range(start, len(lines)):
        if re.match(r"(?i)\W*freq / Hz\s*,", lines[i]) and (
            "Z' / Ohm" in lines[i] or "neg. Phase" in lines[i]
        ):
            return i
    return None


def read(raw: RawFile) -> list[Spectrum]:
    """Return one spectrum per curve, cut further where the frequency restarts.

    Raises
    ------
    NoImpedance
        If there is no row.
    FormatError
        If a column is missing or a cell is no number.
    """
    lines = [line.strip("\ufeff \t") for line in raw.lines]
    spectra: list[Spectrum] = []
    at = _heading(lines)
    while at is not None:
        headings = [h.strip() for h in lines[at].split(",")]
        groups = [_with_amplitude(_negated(g), headings) for g in groups_of(headings)]
        require_complete(raw, groups[0], headings)
        rows: list[list[float]] = []
        for i, line in enumerate(lines[at + 1 :], at + 2):
            if not re.match(r"[-+.\d]", line):
                if line and rows:
                    break
                continue
            rows.append(cells_to_numbers(raw, groups, headings, line.split(","), i, plain(False)))
        if rows:
            spectra += spectra_of(raw, NAME, headings, rows, groups=groups, first_sweep=len(spectra) + 1)
        at = _heading(lines, at + 1)
    if not spectra:
        raise NoImpedance(f"{raw.name}: there is no row under the heading")
    return spectra


def _negated(columns: Columns) -> Columns:
    """Give Z'' the sign of ``neg. Phase``: |Z| sin(neg. Phase) is what the column holds."""
    heading = dict(columns.heading)
    if "im" in heading:
        heading["im"] = replace(heading["im"], sign=-1)
    return replace(columns, heading=heading)


def _with_amplitude(columns: Columns, headings: Sequence[str]) -> Columns:
    """Add the measured amplitude where it was exported."""
    if _MEASURED not in headings:
        return columns
    place = {**columns.place, "amplitude_v": headings.index(_MEASURED)}
    return replace(columns, place=place, heading={**columns.heading, "amplitude_v": _AMPLITUDE})


FORMAT = Format(NAME, recognise, read)

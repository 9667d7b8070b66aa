"""RelaxIS text export: groups of columns side by side, one per spectrum."""

from __future__ import annotations

import re

from eisfit.errors import FormatError
from eisfit.formats.parsing.build import with_plausible
from eisfit.formats.parsing.groups import groups_of
from eisfit.formats.parsing.named_columns import cells_to_numbers, plain, spectra_of
from eisfit.formats.parsing.numbers import has_decimal_comma, number
from eisfit.formats.raw_file import Format, RawFile
from eisfit.spectrum.conditions import NO_CONDITIONS, Conditions
from eisfit.spectrum.findings import Finding
from eisfit.spectrum.spectrum import Spectrum

NAME = "RelaxIS text"
_CONDITION = re.compile(r"(TM|DC)\s*=\s*([-+]?[\d.,]*\d(?:[eE][-+]?\d+)?)")


def recognise(raw: RawFile) -> bool:
    """Look for RelaxIS and 'Spectrum export' in the first line."""
    first = raw.head.lstrip().split("\n", 1)[0]
    return first.startswith("RelaxIS") and "Spectrum export" in first


def read(raw: RawFile) -> list[Spectrum]:
    """Return one spectrum for every 'Data: Frequency' in the heading.

    Raises
    ------
    FormatError
        If the heading is missing or a cell is no number.
    """
    lines = raw.lines
    at = next((i for i, line in enumerate(lines[:20]) if "Data: Frequency" in line), None)
    if at is None:
        raise FormatError(f"{raw.name}: the heading 'Data: Frequency' is missing; export the file again")
    headings = [h.strip() for h in lines[at].split("\t")]
    about = lines[at + 1].split("\t") if at + 1 < len(lines) else []
    comma = has_decimal_comma(lines[at + 2 : at + 12])
    groups = groups_of(headings)
    values = [
        cells_to_numbers(raw, groups, headings, line.split("\t"), i, plain(comma))
        for i, line in enumerate(lines[at + 2 :], at + 3)
        if line.strip()
    ]
    spectra: list[Spectrum] = []
    for group in groups:
        start = group.place.get("frequency", 0)
        conditions, notes = _conditions(about[start] if start < len(about) else "", comma)
        spectra += spectra_of(
            raw, NAME, headings, values, groups=[group], conditions=conditions, findings=notes,
            assume_units=True, restarts=False, first_sweep=len(spectra) + 1,
        )  # fmt: skip
    return spectra


def _conditions(text: str, comma: bool) -> tuple[Conditions, tuple[Finding, ...]]:
    found = {key: number(value, comma) for key, value in _CONDITION.findall(text)}
    conditions = with_plausible(NO_CONDITIONS, bias_v=found.get("DC"), temperature_c=found.get("TM"))
    if found.get("TM") is None:
        return conditions, ()
    note = (
        f"{found['TM']:.1f} °C is the sensor TM of the instrument, which need not be the sample's temperature"
    )
    return conditions, (Finding("temperature", note),)


FORMAT = Format(NAME, recognise, read)

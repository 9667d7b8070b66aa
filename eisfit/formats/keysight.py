"""Keysight and Agilent E4990A CSV: blocks of one channel each."""

from __future__ import annotations

from eisfit.errors import FormatError, NoImpedance
from eisfit.formats.parsing.groups import groups_of
from eisfit.formats.parsing.named_columns import cells_to_numbers, plain, spectra_of
from eisfit.formats.raw_file import Format, RawFile
from eisfit.spectrum.findings import Finding
from eisfit.spectrum.spectrum import Spectrum

NAME = "E4990A"

_CUT = Finding("truncated", "the last channel has no END: the file is cut off, and points may be missing")


def recognise(raw: RawFile) -> bool:
    """Look for the maker in the first line and a channel block below."""
    return raw.head.lstrip().startswith(("!Agilent", "!Keysight")) and "BEGIN CH" in raw.head


def read(raw: RawFile) -> list[Spectrum]:
    """Return one spectrum per channel block that holds R and X, or modulus and phase.

    Raises
    ------
    FormatError
        If a block holds another pair of quantities (Cp-D, Ls-Rs); they are named.
    NoImpedance
        If there is no row.
    """
    spectra: list[Spectrum] = []
    headings: list[str] = []
    values: list[list[float]] = []
    inside = False
    for i, line in enumerate(raw.lines, 1):
        text = line.strip()
        if text.startswith("BEGIN CH"):
            inside, headings, values = True, [], []
        elif text.startswith("END"):
            spectra += _block(raw, headings, values, len(spectra) + 1)
            inside, values = False, []
        elif inside and text and not headings:
            headings = [h.strip() for h in text.split(",")]
            _require_impedance(raw, headings)
        elif inside and text:
            values.append(
                cells_to_numbers(raw, groups_of(headings), headings, text.split(","), i, plain(False))
            )
    spectra += [s.noting(_CUT) for s in _block(raw, headings, values, len(spectra) + 1)]
    if not spectra:
        raise NoImpedance(f"{raw.name}: no channel block holds a row")
    return spectra


def _block(raw: RawFile, headings: list[str], values: list[list[float]], first_sweep: int) -> list[Spectrum]:
    if not values:
        return []
    return spectra_of(raw, NAME, headings, values, restarts=False, first_sweep=first_sweep)


def _require_impedance(raw: RawFile, headings: list[str]) -> None:
    if not groups_of(headings)[0].complete:
        raise FormatError(
            f"{raw.name}: it holds {', '.join(headings[1:])}, not R and X or |Z| and theta; "
            "save the trace with the parameters R-X or |Z|-theta"
        )


FORMAT = Format(NAME, recognise, read)

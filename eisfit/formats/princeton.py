"""Princeton Applied Research text: the exports of Parstat and PowerSuite."""

from __future__ import annotations

from eisfit.formats.delimited_text import read_as
from eisfit.formats.raw_file import Format, RawFile
from eisfit.spectrum.spectrum import Spectrum

PARSTAT = "Parstat"
POWERSUITE = "PowerSuite"


def _first(raw: RawFile) -> str:
    return raw.head.lstrip("\r\n").split("\n", 1)[0].strip()


def is_parstat(raw: RawFile) -> bool:
    """Look for the tab-separated heading with ``Zre (ohms)``."""
    return {"Frequency (Hz)", "Zre (ohms)", "Zim (ohms)"} <= {h.strip() for h in _first(raw).split("\t")}


def is_powersuite(raw: RawFile) -> bool:
    """Look for the heading ``Frequency Zre Zimg``."""
    return [h.strip() for h in _first(raw).split("\t")] == ["Frequency", "Zre", "Zimg"]


def read_parstat(raw: RawFile) -> list[Spectrum]:
    """Return the spectra; hundreds of DC rows may stand before them."""
    return read_as(raw, PARSTAT)


def read_powersuite(raw: RawFile) -> list[Spectrum]:
    """Return the spectra, in ohm and signed by convention of the program."""
    return read_as(raw, POWERSUITE, assume_units=True)


FORMATS = (
    Format(PARSTAT, is_parstat, read_parstat),
    Format(POWERSUITE, is_powersuite, read_powersuite),
)

"""EC-Lab `.mpl` and `.mps`: the log and the settings of a run, without its points."""

from __future__ import annotations

from eisfit.errors import NoImpedance
from eisfit.formats.raw_file import Format, RawFile
from eisfit.spectrum.spectrum import Spectrum

NAME = "EC-Lab settings"
_FIRST_LINES = {"EC-LAB LOG FILE": "the log", "EC-LAB SETTING FILE": "the settings"}


def recognise(raw: RawFile) -> bool:
    """Look for the first line of a log or of settings."""
    return _first_line(raw) in _FIRST_LINES


def read(raw: RawFile) -> list[Spectrum]:
    """Refuse the file, which holds no points.

    Raises
    ------
    NoImpedance
        Always, with the file that holds them.
    """
    what = _FIRST_LINES[_first_line(raw)]
    raise NoImpedance(
        f"{raw.name}: this is {what} of an EC-Lab run and holds no points; they are in the .mpr beside it"
    )


def _first_line(raw: RawFile) -> str:
    return raw.head.partition("\n")[0].strip().upper()


FORMAT = Format(NAME, recognise, read)

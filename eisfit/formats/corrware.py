"""Scribner CorrWare `.cor`: dc experiments, which hold no impedance."""

from __future__ import annotations

import re

from eisfit.errors import NoImpedance
from eisfit.formats.parsing.rows import value_after
from eisfit.formats.raw_file import Format, RawFile
from eisfit.spectrum.spectrum import Spectrum

NAME = "CorrWare"
HEADER_LINES = 200


def recognise(raw: RawFile) -> bool:
    """Look for ``CORRW ASCII`` in the first line."""
    return raw.head.lstrip().startswith("CORRW ")


def read(raw: RawFile) -> list[Spectrum]:
    """Refuse the file, naming its experiment.

    Raises
    ------
    NoImpedance
        Always.
    """
    header = [line.strip() for line in raw.lines[:HEADER_LINES]]
    named = value_after(header, "Begin Experiment")
    if not named and len(header) > 2:
        named = re.split(r"\t|\[", header[2])[0].strip()
    what = f"a CorrWare run of {named!r}" if named else "a CorrWare dc run"
    raise NoImpedance(
        f"{raw.name}: this is {what}, potential and current over time, which holds no impedance"
    )


FORMAT = Format(NAME, recognise, read)

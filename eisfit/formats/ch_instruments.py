"""CH Instruments text: the technique in the second line, then a comma-separated table."""

from __future__ import annotations

import re

from eisfit.errors import NoImpedance
from eisfit.formats.delimited_text import read_as
from eisfit.formats.parsing.amplitude import with_amplitude
from eisfit.formats.parsing.build import with_plausible
from eisfit.formats.parsing.numbers import first_number
from eisfit.formats.parsing.planned_end import ends_early
from eisfit.formats.parsing.rows import value_after
from eisfit.formats.raw_file import Format, RawFile
from eisfit.spectrum.spectrum import Spectrum

NAME = "CH Instruments"


def recognise(raw: RawFile) -> bool:
    """Look for the instrument model; the technique stands above it."""
    lines = [line.strip() for line in raw.head.splitlines()[:30]]
    impedance = "A.C. Impedance" in lines[:5] and any(re.match(r"Freq/Hz", line) for line in lines)
    return impedance or any(re.match(r"Instrument Model:\s*CHI", line) for line in lines)


def read(raw: RawFile) -> list[Spectrum]:
    """Return the spectra with the bias `Init E` and the amplitude.

    Raises
    ------
    NoImpedance
        If it is another technique, which is named.
    """
    lines = raw.lines[:60]
    technique = lines[1].strip() if len(lines) > 1 else ""
    if "Freq/Hz" not in raw.head:
        raise NoImpedance(
            f"{raw.name}: 'Freq/Hz' is missing; this is {technique!r}, which holds no impedance"
        )
    bias = first_number(value_after(lines, "Init E (V)"))
    amplitude = first_number(value_after(lines, "Amplitude (V)"))
    high, low = (first_number(value_after(lines, f"{end} Frequency (Hz)")) for end in ("High", "Low"))
    spectra = []
    for s in read_as(raw, NAME):
        conditions = with_plausible(s.conditions, bias_v=bias)
        conditions, reported = with_amplitude(conditions, amplitude, "V", "rms", convention=NAME)
        spectra.append(s.under(conditions).noting(*reported, *ends_early(s.frequency_hz, high, low)))
    return spectra


FORMAT = Format(NAME, recognise, read)

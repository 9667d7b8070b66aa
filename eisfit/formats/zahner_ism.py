"""Zahner Thales `.ism`: big-endian arrays of frequency, modulus, phase and time, then text lines."""

from __future__ import annotations

import re

import numpy as np

from eisfit.errors import FormatError
from eisfit.formats.parsing.amplitude import with_amplitude
from eisfit.formats.parsing.build import as_complex, build, with_plausible
from eisfit.formats.raw_file import Format, RawFile
from eisfit.spectrum.conditions import NO_CONDITIONS, Conditions
from eisfit.spectrum.findings import Finding
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.frozen import Floats

NAME = "Zahner ism"
START = 12
BYTES_PER_POINT = 34
LARGEST_COUNT = 100_000
OPEN_SENSOR_C = 1.0  # an open temperature input reads about 0 °C
POOR_SIGNIFICANCE = 0.9
_YEAR_S = 365.25 * 86400
_AMPLITUDE = re.compile(r"Ampl:\s*([-+\d.]+)\s*([mµunk]?[VA])")
_PREFIX = {"": 1.0, "m": 1e-3, "u": 1e-6, "µ": 1e-6, "n": 1e-9, "k": 1e3}


def recognise(raw: RawFile) -> bool:
    """Look at the first 12 bytes and whether the points fit into the file."""
    if raw.data[:5] != b"\0\0\xff\xff\xff" or raw.data[5:6] not in (b"\xfe", b"\xff"):
        return False
    return 1 <= _count(raw) <= LARGEST_COUNT


def _count(raw: RawFile) -> int:
    return int.from_bytes(raw.data[6:START], "big") + 1


def read(raw: RawFile) -> list[Spectrum]:
    """Return the one spectrum in the order of measurement, which may go up first and then down.

    Raises
    ------
    FormatError
        If the file is cut off or the numbers cannot be a spectrum.
    """
    n = _count(raw)
    if START + BYTES_PER_POINT * n > len(raw.data):
        raise FormatError(f"{raw.name}: it announces {n} points and is cut off at byte {len(raw.data)}")
    f, modulus, phase, time = np.frombuffer(raw.data, ">f8", 4 * n, START).astype(float).reshape(4, n)
    significance = np.frombuffer(raw.data, ">i2", n, START + 32 * n) / 1000
    with np.errstate(invalid="ignore"):
        if not (np.all(modulus >= 0) and np.all(np.abs(phase) <= 7)):
            raise FormatError(
                f"{raw.name}: a modulus is negative or a phase beyond 7 rad; the file is damaged"
            )
    strings = _strings(raw.data, START + BYTES_PER_POINT * n)
    conditions, notes = _conditions(strings)
    conditions, reported = _amplitude(conditions, strings)
    notes += reported
    if poor := int(np.count_nonzero(significance < POOR_SIGNIFICANCE)):
        notes += (Finding("significance", f"{poor} points have a significance below {POOR_SIGNIFICANCE}"),)
    return build(
        raw, NAME, f, as_complex(modulus * np.exp(1j * phase)),
        time_s=_seconds(time), conditions=conditions, findings=notes, restarts=False,
    )  # fmt: skip


def _seconds(time: Floats) -> Floats | None:
    """Return seconds from the first point; edited files count 0, 1, 2 ... from 1980 and hold no time."""
    if not np.isfinite(time).all() or time[0] < _YEAR_S or np.any(np.diff(time) < 0):
        return None
    seconds: Floats = time - time[0]
    return seconds


def _strings(data: bytes, at: int) -> list[str]:
    """Return the text lines, with upper and lower case swapped back."""
    found: list[str] = []
    while len(found) < 11 and at + 2 <= len(data):
        size = int.from_bytes(data[at : at + 2], "big")
        if at + 2 + size > len(data):
            break
        found.append(data[at + 2 : at + 2 + size].decode("latin-1").swapcase())
        at += 2 + size
    return found


def _conditions(strings: list[str]) -> tuple[Conditions, tuple[Finding, ...]]:
    conditions = NO_CONDITIONS
    if len(strings) > 2 and (found := re.match(r"\s*([-+]?[\d.]+)\s*([mµunk]?)V", strings[2])):
        conditions = with_plausible(conditions, bias_v=_float(found[1], _PREFIX[found[2]]))
    if len(strings) <= 4 or not (found := re.match(r"\s*([-+]?[\d.]+)(?:\+-([\d.]+))?\s*°?C", strings[4])):
        return conditions, ()
    value, spread = _float(found[1]), _float(found[2] or "")
    if value is None or abs(value) < OPEN_SENSOR_C:
        return conditions, (
            Finding(
                "temperature", f"{strings[4].strip()} ignored: it is the reading of an open sensor input"
            ),
        )
    return with_plausible(conditions, temperature_c=value, temperature_err_c=spread), ()


def _amplitude(conditions: Conditions, strings: list[str]) -> tuple[Conditions, tuple[Finding, ...]]:
    """Take the amplitude behind the potential, or of a galvanostatic run behind the current."""
    found = _AMPLITUDE.search(" ".join(strings[2:4]))
    if found is None:
        return conditions, ()
    return with_amplitude(conditions, _float(found[1]), found[2], "peak", convention="Thales")


def _float(text: str, scale: float = 1.0) -> float | None:
    try:
        return float(text) * scale
    except ValueError:
        return None


FORMAT = Format(NAME, recognise, read)

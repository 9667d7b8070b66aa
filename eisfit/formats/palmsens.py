"""PalmSens session `.pssession`: JSON in UTF-16 with one array per quantity."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from eisfit.errors import FormatError, NoImpedance
from eisfit.formats.parsing.amplitude import with_amplitude
from eisfit.formats.parsing.build import as_complex, build
from eisfit.formats.parsing.numbers import number
from eisfit.formats.raw_file import Format, RawFile
from eisfit.spectrum.conditions import NO_CONDITIONS, Conditions
from eisfit.spectrum.findings import Finding
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.frozen import Floats

NAME = "PalmSens session"
TIME, POTENTIAL, FREQUENCY, Z_REAL, MINUS_Z_IMAG = 0, 1, 5, 7, 8
_POTENTIOSTATIC = re.compile(r"(?m)^METHOD_ID=eis[ \t\r]*$")
_AMPLITUDE = re.compile(r"(?m)^AMPLITUDE=(\S+)[ \t\r]*$")
_NEEDED = {FREQUENCY, Z_REAL, MINUS_Z_IMAG}
_WANTED = _NEEDED | {TIME, POTENTIAL}


@dataclass(frozen=True)
class DataSet:
    """The arrays of one sweep by their type, and its title."""

    title: str
    arrays: dict[int, Floats]

    @property
    def is_impedance(self) -> bool:
        """Whether frequency, Z' and -Z'' are there, of one length."""
        sizes = {self.arrays[t].size for t in _NEEDED if t in self.arrays}
        return self.arrays.keys() >= _NEEDED and len(sizes) == 1 and sizes != {0}


def recognise(raw: RawFile) -> bool:
    """Look for the top-level keys of a session."""
    head = raw.head.lstrip("\ufeff \r\n\t")
    return head.startswith("{") and bool(re.search(r'"(coreversion|methodformeasurement)"', head.lower()))


def read(raw: RawFile) -> list[Spectrum]:
    """Return the spectra of all measurements, one per channel and sub-scan.

    Raises
    ------
    NoImpedance
        If no measurement is an impedance run; their titles are named.
    FormatError
        If the file is no JSON or an array holds no numbers.
    """
    session = _parsed(raw)
    measurements = session.get("measurements")
    if not isinstance(measurements, list):
        raise FormatError(f"{raw.name}: the session has no list of measurements; save it again")
    titles: list[str] = []
    spectra: list[Spectrum] = []
    for measurement in measurements:
        entry = _lower(measurement)
        titles.append(str(entry.get("title", "?")))
        for data, notes in _data_sets(raw, entry):
            conditions, reported = _amplitude(str(entry.get("method", "")))
            spectra += _spectrum(raw, data, conditions, notes + reported, len(spectra) + 1)
    if not spectra:
        raise NoImpedance(
            f"{raw.name}: no measurement is an impedance run; it holds: {', '.join(titles)[:200]}"
        )
    return spectra


def _parsed(raw: RawFile) -> dict[str, Any]:
    text = raw.text.strip("\ufeff \r\n\t\0")
    try:
        return _lower(json.loads(text))
    except (ValueError, RecursionError) as error:
        raise FormatError(f"{raw.name}: the session is damaged or cut off ({error})") from None


def _lower(entry: object) -> dict[str, Any]:
    """Return a mapping with keys in lower case; programs differ in the case of keys."""
    return {str(k).lower(): v for k, v in entry.items()} if isinstance(entry, Mapping) else {}


def _list(entry: Mapping[str, Any], key: str) -> list[Any]:
    value = entry.get(key)
    return value if isinstance(value, list) else []


def _data_sets(raw: RawFile, measurement: dict[str, Any]) -> Iterator[tuple[DataSet, tuple[Finding, ...]]]:
    """Yield the sweeps: those of channels and sub-scans where there are several, else the measurement's."""
    collected = []
    for item in _list(measurement, "eisdatalist"):
        channel = _lower(item)
        scans = [_lower(scan) for scan in _list(channel, "subscans")]
        collected += [_data_set(raw, scan) for scan in scans] or [_data_set(raw, channel)]
    collected = [data for data in collected if data.is_impedance]
    if len(collected) >= 2:
        yield from ((data, ()) for data in collected)
        return
    own = _data_set(raw, measurement)
    if own.is_impedance:
        yield own, _disagreement(own, collected)
    else:
        yield from ((data, ()) for data in collected)


def _disagreement(own: DataSet, collected: list[DataSet]) -> tuple[Finding, ...]:
    for other in collected:
        a, b = own.arrays[FREQUENCY], other.arrays[FREQUENCY]
        if a.size != b.size or not np.allclose(a, b, rtol=1e-6):
            text = (
                f"the file was edited: DataSet has {a.size} points and was read, "
                f"EISDataList has {b.size} others"
            )
            return (Finding("edited", text),)
    return ()


def _data_set(raw: RawFile, owner: dict[str, Any]) -> DataSet:
    arrays: dict[int, Floats] = {}
    for item in _list(_lower(owner.get("dataset")), "values"):
        array = _lower(item)
        kind = array.get("arraytype")
        if isinstance(kind, int) and kind in _WANTED and kind not in arrays:
            arrays[kind] = _numbers(raw, _list(array, "datavalues"))
    return DataSet(str(owner.get("title", "")), arrays)


def _numbers(raw: RawFile, values: list[Any]) -> Floats:
    try:
        return np.asarray(
            [float(v.get("V", v.get("v")) if isinstance(v, Mapping) else v) for v in values], float
        )
    except (TypeError, ValueError, OverflowError):  # also of integers with hundreds of digits
        raise FormatError(
            f"{raw.name}: an array of the session holds something that is no number, or none that fits"
        ) from None


def _amplitude(method: str) -> tuple[Conditions, tuple[Finding, ...]]:
    """Take the amplitude in V that the method of a potentiostatic run sets."""
    found = set(_AMPLITUDE.findall(method)) if _POTENTIOSTATIC.search(method) else set()
    value = number(found.pop()) if len(found) == 1 else None
    return with_amplitude(NO_CONDITIONS, value, "V", "rms", convention="PSTrace")


def _spectrum(
    raw: RawFile, data: DataSet, conditions: Conditions, notes: tuple[Finding, ...], first_sweep: int
) -> list[Spectrum]:
    arrays = data.arrays
    n = arrays[FREQUENCY].size
    fits = {kind: values for kind, values in arrays.items() if values.size == n}
    return build(
        raw, NAME, arrays[FREQUENCY], as_complex(arrays[Z_REAL] - 1j * arrays[MINUS_Z_IMAG]),
        time_s=fits.get(TIME),
        per_point={"bias_v": fits[POTENTIAL]} if POTENTIAL in fits else None,
        conditions=conditions,
        findings=notes,
        first_sweep=first_sweep,
    )  # fmt: skip


FORMAT = Format(NAME, recognise, read)

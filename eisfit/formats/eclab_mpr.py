"""BioLogic EC-Lab and BT-Lab `.mpr`: a chain of binary modules."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from eisfit.errors import FormatError, NoImpedance
from eisfit.formats.eclab_text import electrodes_seen, plausible_area, temperature_in
from eisfit.formats.parsing.amplitude import with_amplitude
from eisfit.formats.parsing.build import as_complex, build, with_plausible
from eisfit.formats.parsing.mpr_columns import (
    CHANNEL_IDS,
    CYCLE,
    EWE_IDS,
    FLAGS,
    FREQUENCY,
    MODULUS,
    PHASE,
    SEQUENCE,
    TEMPERATURE,
    TIME,
    needed_of,
    record_type,
)
from eisfit.formats.raw_file import Format, RawFile
from eisfit.spectrum.conditions import NO_CONDITIONS, Conditions
from eisfit.spectrum.findings import Finding
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.frozen import Complexes, Floats

NAME = "EC-Lab mpr"
MAGIC = b"BIO-LOGIC MODULAR FILE"
FIRST_MODULE = 52
NEW_LAYOUT = 0xFFFFFFFF
TECHNIQUES = {0x0B: "OCV", 0x18: "CA", 0x19: "CP", 0x1C: "WAIT", 0x1D: "PEIS", 0x1E: "GEIS", 0x32: "ZIR"}
_STARTS = {0: 100, 2: 405, 3: 406, 11: 1007}
_AREA_UNITS = {2: 1.0, 3: 1e-2}  # cm2, mm2
_SWEEP = struct.Struct("<fBfBIH")  # first frequency, its unit, last, its unit, points per decade, two flags
_SWEEP_BYTES = range(0x1840, 0x1890)  # where the sweep of the first sequence begins, by version
_FREQUENCY_UNITS = (1e6, 1e3, 1.0, 1e-3)
_SAME_FREQUENCY = 0.01
LARGEST_PHASE_DEG = 360.0
_MILLIAMPERE = 1


@dataclass(frozen=True)
class Module:
    """One module: its short name, version and payload."""

    name: str
    version: int
    payload: bytes


def recognise(raw: RawFile) -> bool:
    """Look for the magic words."""
    return raw.data.startswith(MAGIC)


def read(raw: RawFile) -> list[Spectrum]:
    """Return the spectra, one per loop, cycle, sequence or restart of the frequency.

    Raises
    ------
    NoImpedance
        If the records have no impedance columns, or there is no record; the technique is named.
    FormatError
        If the file is damaged, saying at which byte, or has columns of unknown size before the needed ones.
    """
    modules = list(_modules(raw))
    data = next((m for m in modules if m.name == "VMP data"), None)
    settings = next((m.payload for m in modules if m.name == "VMP Set"), b"")
    technique = TECHNIQUES.get(settings[0], "another technique") if settings else "an unknown technique"
    if data is None:
        raise NoImpedance(f"{raw.name}: it has no data module; the run of {technique} was never started")
    records, notes = _records(raw, data, technique)
    f = records[str(FREQUENCY)].astype(float)
    names = records.dtype.names or ()
    z, polar = _impedance(raw, records)
    conditions, reported = _conditions(settings)
    sequences = _column(records, SEQUENCE)
    if sequences is None or not np.ptp(sequences):
        conditions, strength = _amplitude(conditions, settings, f[f > 0])
        reported += strength
    if "101" in names:
        conditions = with_plausible(conditions, electrodes=electrodes_seen(raw))
    ewe = next((records[str(i)].astype(float) for i in EWE_IDS if str(i) in names), None)
    temperature = _column(records, TEMPERATURE)
    per_point = {name: v for name, v in (("bias_v", ewe), ("temperature_c", temperature)) if v is not None}
    groups = (_loops(modules, f.size), _column(records, CYCLE), sequences)
    return build(
        raw, NAME, f, z,
        time_s=_column(records, TIME),
        groups=[g for g in groups if g is not None],
        per_point=per_point,
        conditions=conditions,
        findings=(*notes, *polar, *reported),
    )  # fmt: skip


def dc_records(raw: RawFile) -> tuple[np.ndarray, str, Conditions]:
    """Return the records of a run without impedance, their fields named by column id, its technique and conditions.

    Raises
    ------
    FormatError
        If it holds impedance or no records, or its columns do not add up.
    """
    modules = list(_modules(raw))
    data = next((m for m in modules if m.name == "VMP data"), None)
    settings = next((m.payload for m in modules if m.name == "VMP Set"), b"")
    technique = TECHNIQUES.get(settings[0], "another technique") if settings else "an unknown technique"
    if data is None:
        raise FormatError(f"{raw.name}: it has no data module; the run of {technique} was never started")
    problems = []
    for version in dict.fromkeys((data.version, 3, 2, 11)):
        if version not in _STARTS or len(data.payload) < _STARTS[version]:
            continue
        count, ids = _ids(data.payload, version)
        if FREQUENCY in ids:
            raise FormatError(f"{raw.name}: it holds impedance, which 'eisfit fit' reads")
        size, rest = divmod(len(data.payload) - _STARTS[version], count) if count else (0, 1)
        if rest or not size:
            continue
        try:
            records = np.frombuffer(data.payload, record_type(ids, size), count, _STARTS[version])
        except ValueError as error:
            problems.append(str(error))
            continue
        return records, technique, _conditions(settings)[0]
    why = problems[0] if problems else "it holds no points"
    raise FormatError(f"{raw.name}: {why} (a run of {technique}); export the file as text from EC-Lab")


def _impedance(raw: RawFile, records: np.ndarray) -> tuple[Complexes, tuple[Finding, ...]]:
    """Return the impedance of the wanted channel, from Re and -Im, else from modulus and phase."""
    names = records.dtype.names or ()
    re_id, minus_im_id = CHANNEL_IDS[raw.channel]
    if str(re_id) in names and str(minus_im_id) in names:
        return as_complex(
            records[str(re_id)].astype(float) - 1j * records[str(minus_im_id)].astype(float)
        ), ()
    if raw.channel != "we":
        raise FormatError(
            f"{raw.name}: the columns of the channel {raw.channel!r} are missing; "
            "only files recorded with Ece have them; use the channel 'we'"
        )
    modulus, phase = records[str(MODULUS)].astype(float), records[str(PHASE)].astype(float)
    note = Finding("columns", "Re(Z) and Im(Z) are not stored: Z was computed from |Z| and phase")
    return as_complex(modulus * np.exp(1j * np.deg2rad(phase))), (note,)


def _modules(raw: RawFile) -> Iterator[Module]:
    at = FIRST_MODULE
    data = raw.data
    while at < len(data):
        if data[at : at + 6] != b"MODULE" or at + 57 > len(data):
            raise FormatError(f"{raw.name}: damaged or cut off at byte {at}: a module should begin there")
        length, version = struct.unpack_from("<II", data, at + 41)
        start = at + 57
        if length == NEW_LAYOUT:
            if at + 65 > len(data):
                raise FormatError(f"{raw.name}: cut off at byte {at}: a module header is incomplete")
            length, _, version = struct.unpack_from("<III", data, at + 45)
            start = at + 65
        if start + length > len(data):
            missing = start + length - len(data)
            raise FormatError(
                f"{raw.name}: cut off at byte {len(data)}: {missing} bytes of a module are missing"
            )
        yield Module(
            data[at + 6 : at + 16].decode("cp1252", "replace").strip(), version, data[start : start + length]
        )
        at = start + length


def _records(raw: RawFile, data: Module, technique: str) -> tuple[np.ndarray, tuple[Finding, ...]]:
    """Return the records as a structured array whose fields are named by column id."""
    payload = data.payload
    if len(payload) < 6:
        raise FormatError(f"{raw.name}: the data module has {len(payload)} bytes; the file is damaged")
    problems = []
    for version in dict.fromkeys((data.version, 3, 2, 11)):
        if version not in _STARTS or len(payload) < _STARTS[version]:
            continue
        count, ids = _ids(payload, version)
        if count == 0 and version == data.version:
            columns = "no impedance columns and " if FREQUENCY not in ids else ""
            raise NoImpedance(
                f"{raw.name}: {columns}no points; this is {technique}, stopped before the first point"
            )
        size, rest = divmod(len(payload) - _STARTS[version], count) if count else (0, 1)
        if rest or not size:
            continue
        if FREQUENCY not in ids and set(ids) & set(FLAGS | {TIME, 6}):
            raise NoImpedance(
                f"{raw.name}: 'freq/Hz' is missing from the columns; this is {technique}, not impedance"
            )
        try:
            dtype = record_type(ids, size)
        except ValueError as error:
            problems.append(str(error))
            continue
        return _checked(raw, np.frombuffer(payload, dtype, count, _STARTS[version]))
    why = problems[0] if problems else f"records of data version {data.version} do not fill the module"
    raise FormatError(f"{raw.name}: {why}; export the file as text from EC-Lab")


def _ids(payload: bytes, version: int) -> tuple[int, list[int]]:
    count = struct.unpack_from("<I", payload)[0]
    wide = version == 11
    columns = struct.unpack_from("<H" if wide else "<B", payload, 4)[0]
    first, letter = (6 if wide else 5), ("B" if version == 0 else "H")
    columns = min(columns, (_STARTS[version] - first) // (1 if version == 0 else 2))
    return count, list(struct.unpack_from(f"<{columns}{letter}", payload, first))


def _checked(raw: RawFile, records: np.ndarray) -> tuple[np.ndarray, tuple[Finding, ...]]:
    """Compare |Z| and phase with the real and imaginary part: a wrong offset fails at once."""
    names = set(records.dtype.names or ())
    if not {str(i) for i in needed_of([int(n) for n in names if n.isdigit()])} <= names:
        raise FormatError(
            f"{raw.name}: it has frequencies and neither 'Re(Z)/Ohm' with '-Im(Z)/Ohm' nor |Z| with phase; export it "
            "as text"
        )
    f = records["32"]
    if not (np.isfinite(f).all() and (f >= 0).all()):
        raise FormatError(f"{raw.name}: a frequency is not finite or negative; the file is damaged")
    if not {"37", "38"} <= names:
        sound = (records["36"] >= 0) & (np.abs(records["35"]) <= LARGEST_PHASE_DEG)
        if not sound.all():
            row = int(np.flatnonzero(~sound)[0]) + 1
            raise FormatError(
                f"{raw.name}: record {row} holds no |Z| and phase; export the file as text from EC-Lab"
            )
    elif "36" in names:
        modulus = np.hypot(records["37"].astype(float), records["38"].astype(float))
        wrong = ~(np.abs(modulus - records["36"]) <= 1e-4 * np.abs(records["36"])) & (f > 0)
        if wrong.any():
            row = int(np.flatnonzero(wrong)[0]) + 1
            raise FormatError(
                f"{raw.name}: record {row}: |Z| does not fit Re(Z) and Im(Z); the file is damaged"
            )
    return records, ()


def _column(records: np.ndarray, column: int) -> Floats | None:
    if str(column) not in (records.dtype.names or ()):
        return None
    values = records[str(column)].astype(float)
    return values if np.isfinite(values).all() else None


def _loops(modules: list[Module], count: int) -> Floats | None:
    """Return the number of the loop that each record belongs to."""
    payload = next((m.payload for m in modules if m.name == "VMP loop"), b"")
    if len(payload) < 4:
        return None
    k = struct.unpack_from("<I", payload)[0]
    if not 1 < k <= count + 1 or len(payload) < 4 + 4 * k:
        return None
    starts = np.frombuffer(payload, "<u4", k, 4)
    return np.searchsorted(starts, np.arange(count), side="right").astype(float)


def _conditions(settings: bytes) -> tuple[Conditions, tuple[Finding, ...]]:
    """Return the area, never EC-Lab's default, and a temperature that the comment names."""
    conditions = NO_CONDITIONS
    if len(settings) > 0x251:
        area = struct.unpack_from("<f", settings, 0x211)[0]
        scale = _AREA_UNITS.get(settings[0x250])
        if scale is not None and np.isfinite(area):
            conditions = with_plausible(conditions, area_cm2=plausible_area(_shortest(area) * scale))
    length = settings[7] if len(settings) > 7 else 0
    return temperature_in(conditions, settings[8 : 8 + length].decode("cp1252", "replace"))


def _amplitude(
    conditions: Conditions, settings: bytes, frequency_hz: Floats
) -> tuple[Conditions, tuple[Finding, ...]]:
    """Take Va (mV) of PEIS or Ia (mA) of GEIS, zero to peak, which follow the planned frequencies.

    Their place differs between versions, so the values are used only where the planned frequencies are those
    of the records.
    """
    found: set[tuple[float, str]] = set()
    technique = TECHNIQUES.get(settings[0]) if settings and frequency_hz.size else None
    for at in _SWEEP_BYTES if technique in ("PEIS", "GEIS") else ():
        if at + _SWEEP.size + 6 > len(settings) or not _plans(settings, at, frequency_hz):
            continue
        if technique == "PEIS":
            found.add((struct.unpack_from("<f", settings, at + _SWEEP.size)[0], "mV"))
            continue
        by_voltage, current, unit = struct.unpack_from("<BfB", settings, at + _SWEEP.size)
        if not by_voltage and unit == _MILLIAMPERE:
            found.add((current, "mA"))
    if len(found) != 1:
        return conditions, ()
    value, unit_name = found.pop()
    return with_amplitude(conditions, _shortest(value), unit_name, "peak")


def _plans(settings: bytes, at: int, frequency_hz: Floats) -> bool:
    """Tell whether the sweep planned at a byte is the measured one, up to the last measured point."""
    first, first_unit, last, last_unit, points, _ = _SWEEP.unpack_from(settings, at)
    if max(first_unit, last_unit) >= len(_FREQUENCY_UNITS) or not 0 < points < 10_000:
        return False
    first, last = first * _FREQUENCY_UNITS[first_unit], last * _FREQUENCY_UNITS[last_unit]
    if not (np.isfinite(first) and np.isfinite(last) and first > 0 and last > 0):
        return False
    low, high = sorted((first, last))
    near = 1 + _SAME_FREQUENCY
    inside = low / near <= frequency_hz.min() and frequency_hz.max() <= high * near
    return bool(inside and abs(frequency_hz[0] / first - 1) < _SAME_FREQUENCY)


def _shortest(value: float) -> float:
    """Return the shortest decimal number that is the same in single precision."""
    return float(np.format_float_positional(np.float32(value), unique=True)) if np.isfinite(value) else value


FORMAT = Format(NAME, recognise, read, channels=True)

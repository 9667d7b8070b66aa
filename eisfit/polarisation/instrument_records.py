"""The dc techniques in instrument files: potential and current over time, cut into their steps."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from eisfit.errors import FormatError
from eisfit.formats import ch_instruments, corrware, eclab_mpr, eclab_text, gamry, versastudio
from eisfit.formats.parsing.build import UNSET_AREA_CM2
from eisfit.formats.parsing.mpr_columns import EWE_IDS, SEQUENCE, TIME
from eisfit.formats.parsing.numbers import first_number, has_decimal_comma, number
from eisfit.formats.parsing.rows import value_after
from eisfit.formats.raw_file import RawFile
from eisfit.polarisation.dc_data import DcData
from eisfit.polarisation.dc_table import unit_of
from eisfit.spectrum.conditions import Conditions
from eisfit.spectrum.findings import Finding
from eisfit.tools.frozen import Floats

_ANALOG = re.compile(r"Analog IN \d+/V")
_CURRENT_IDS = (76, 11, 8)  # <I>/mA in single and double precision, I/mA
_EC_LAB = {
    "time": ("time/s",),
    "potential": ("Ewe/V", "<Ewe>/V", "Ecell/V", "Ewe-Ece/V"),
    "current": ("I/mA", "<I>/mA", "I/A", "<I>/A"),
    "step": ("Ns",),
}


@dataclass(frozen=True)
class RecordReader:
    """How one instrument format is recognised and read as dc data."""

    recognise: Callable[[RawFile], bool]
    read: Callable[[RawFile], list[DcData]]


def _record(
    raw: RawFile,
    columns: dict[str, Floats],
    technique: str,
    number: int = 1,
    conditions: Conditions | None = None,
) -> DcData:
    if not columns["current"].any():
        raise FormatError(
            f"{raw.name}: all currents are zero{_run(technique)}: there is no polarisation in it"
        )
    time = columns.get("time")
    findings: tuple[Finding, ...] = ()
    if time is not None and (np.diff(time) < 0).any():
        time = None if columns.get("step") is None else _joined(time)
        findings = (Finding("time", "the time begins anew within the file; the parts were joined"),)
        if time is None:
            time = _joined(columns["time"])
    step = columns.get("step")
    further = [name for name in columns if name.startswith("Analog IN")]
    return DcData(
        raw.path.stem if number == 1 else f"{raw.path.stem}#{number}",
        columns["current"],
        np.column_stack([columns["potential"], *(columns[name] for name in further)]),
        (("Ewe" if further else "potential"), *further),
        time_s=time,
        step=None if step is None else step.astype(int),
        area_cm2=None if conditions is None else conditions.area_cm2,
        temperature_c=None if conditions is None else conditions.temperature_c,
        technique=technique,
        findings=findings,
    )


def _joined(time: Floats) -> Floats:
    """Return times that go on where they begin anew."""
    back = np.minimum(np.diff(time), 0.0)
    return np.asarray(time - np.concatenate([[0.0], np.cumsum(back)]))


def _run(technique: str) -> str:
    return f" (a run of {technique!r})" if technique else ""


def _cells(
    raw: RawFile, lines: Sequence[tuple[int, list[str]]], places: dict[str, tuple[int, float]], comma: bool
) -> dict[str, Floats]:
    """Return the wanted columns of numbered rows; a last row that is cut off is left out."""
    rows: list[list[float]] = []
    for k, (line, cells) in enumerate(lines):
        values = [number(cells[p], comma) if p < len(cells) else None for p, _ in places.values()]
        if None in values:
            if k == len(lines) - 1:
                break
            raise FormatError(
                f"{raw.name}: line {line}: a cell of potential or current is no number; remove that line"
            )
        rows.append([float(v) for v in values if v is not None])
    if not rows:
        raise FormatError(
            f"{raw.name}: there is no row under the headings; the run was stopped before the first point"
        )
    table = np.array(rows)
    return {name: table[:, k] * factor for k, (name, (_, factor)) in enumerate(places.items())}


def _need(
    raw: RawFile, places: dict[str, tuple[int, float]], headings: Sequence[str], technique: str
) -> None:
    for name in ("potential", "current"):
        if name not in places:
            there = ", ".join(headings[:12])
            impedance = any(re.search(r"(?i)freq|zreal|re\(z", h) for h in headings)
            what = "it holds impedance, which 'eisfit fit' reads" if impedance else f"its columns are {there}"
            raise FormatError(f"{raw.name}: no column of the {name}{_run(technique)}: {what}")


def _read_ec_lab(raw: RawFile) -> list[DcData]:
    lines = raw.lines
    at = next(
        (k for k, line in enumerate(lines[:3000]) if re.search(r"(?i)\btime/s\t|\tE?we/V|<Ewe>/V\t", line)),
        None,
    )
    if at is None:
        raise FormatError(f"{raw.name}: the line of column headings is missing; export the file again")
    headings = [h.strip() for h in lines[at].split("\t")]
    header = [line.strip() for line in lines[:at]]
    technique = next((h for h in header[2:8] if h), "")
    places = {}
    for name, known in _EC_LAB.items():
        heading = next((h for h in known if h in headings), None)
        if heading is not None:
            unit = unit_of(heading.rpartition("/")[2]) if name != "step" else None
            places[name] = (headings.index(heading), unit[1] if unit else 1.0)
    further = [h for h in headings if _ANALOG.fullmatch(h)]
    places |= {h.rpartition("/")[0]: (headings.index(h), 1.0) for h in further}
    if any(h == "freq/Hz" for h in headings):
        places.pop("current", None)
    _need(raw, places, headings, technique)
    comma = has_decimal_comma(lines[at + 1 : at + 20])
    body = [(k, line.split("\t")) for k, line in enumerate(lines[at + 1 :], at + 2) if line.strip()]
    conditions, _ = eclab_text.conditions_from(header, comma)
    return [_record(raw, _cells(raw, body, places, comma), technique, 1, conditions)]


def _read_mpr(raw: RawFile) -> list[DcData]:
    records, technique, conditions = eclab_mpr.dc_records(raw)
    names = records.dtype.names or ()

    def column(*ids: int) -> Floats | None:
        found = next((records[str(i)] for i in ids if str(i) in names), None)
        return None if found is None else np.asarray(found, float)

    current, potential = column(*_CURRENT_IDS), column(*EWE_IDS)
    if current is None or potential is None:
        what = "current" if current is None else "potential"
        raise FormatError(
            f"{raw.name}: no column of the {what} (a run of {technique}); export it as text from EC-Lab with I and Ewe"
        )
    found = {"current": 1e-3 * current, "potential": potential}
    for name, values in (("time", column(TIME)), ("step", column(SEQUENCE))):
        if values is not None:
            found[name] = values
    return [_record(raw, found, technique, 1, conditions)]


def _read_gamry(raw: RawFile) -> list[DcData]:
    lines = raw.lines
    tag = value_of_tag(lines[:6])
    starts = [k for k, line in enumerate(lines) if re.match(r"CURVE\d*\s+TABLE", line)]
    if not starts:
        impedance = any(line.startswith("ZCURVE") for line in lines)
        what = (
            "it holds impedance, which 'eisfit fit' reads"
            if impedance
            else f"this is {tag or 'another experiment'}"
        )
        raise FormatError(f"{raw.name}: the table CURVE is missing: {what}")
    area = next(
        (number(line.split("\t")[2], True) for line in lines[:400] if re.match(r"AREA\t\w+\t", line)), None
    )
    area = None if area is None or area <= 0 or area == UNSET_AREA_CM2 else area
    found: dict[str, list[Floats]] = {}
    for index, at in enumerate(starts):
        headings = lines[at + 1].split() if at + 1 < len(lines) else []
        units = lines[at + 2].split("\t") if at + 2 < len(lines) else []
        places: dict[str, tuple[int, float]] = {}
        for name, heading in (("time", "T"), ("potential", "Vf"), ("current", "Im")):
            if heading in headings:
                place = headings.index(heading) + 1
                unit = unit_of(units[place]) if place < len(units) else None
                places[name] = (place, unit[1] if unit else 1.0)
        _need(raw, places, headings, tag)
        body = []
        for k, line in enumerate(lines[at + 3 :], at + 4):
            if line.strip() and line[0] not in " \t":
                break
            if line.strip():
                body.append((k, line.split("\t")))
        columns = _cells(raw, body, places, has_decimal_comma(lines[at + 3 : at + 23]))
        columns["step"] = np.full(columns["current"].size, float(index))
        for name, values in columns.items():
            found.setdefault(name, []).append(values)
    merged = {name: np.concatenate(parts) for name, parts in found.items()}
    if len(starts) == 1 or tag in ("CV", "CYCLIC", "CYCPOL"):
        merged.pop("step")
    return [_record(raw, merged, tag, 1, Conditions(area_cm2=area))]


def value_of_tag(lines: Sequence[str]) -> str:
    """Return what stands behind TAG in a Gamry file."""
    return next((line.partition("\t")[2].strip() for line in lines if line.startswith("TAG\t")), "")


def _read_ch(raw: RawFile) -> list[DcData]:
    lines = raw.lines
    technique = lines[1].strip() if len(lines) > 1 else ""
    at = next(
        (k for k, line in enumerate(lines[:400]) if re.search(r"Potential/\w+|Current/\w+", line)), None
    )
    if at is None or "Freq/Hz" in raw.head:
        what = (
            "it holds impedance, which 'eisfit fit' reads"
            if "Freq/Hz" in raw.head
            else "no heading names a current"
        )
        raise FormatError(f"{raw.name}: no column of the current{_run(technique)}: {what}")
    headings = [h.strip() for h in lines[at].split(",")]
    places: dict[str, tuple[int, float]] = {}
    for k, heading in enumerate(headings):
        name, _, text = heading.partition("/")
        unit = unit_of(text)
        if unit is not None and name in ("Time", "Potential", "Current"):
            places.setdefault(name.lower(), (k, unit[1]))
    if "current" in places and "potential" not in places:
        return [_held_potential(raw, lines, at, places, technique)]
    _need(raw, places, headings, technique)
    body = [(k, line.split(",")) for k, line in enumerate(lines[at + 1 :], at + 2) if line.strip()]
    return [_record(raw, _cells(raw, body, places, False), technique)]


def _held_potential(
    raw: RawFile, lines: list[str], at: int, places: dict[str, tuple[int, float]], technique: str
) -> DcData:
    """Return an i-t curve, whose file holds the potential in its header alone."""
    held = first_number(value_after(lines[:at], "Init E (V)"))
    if held is None:
        raise FormatError(
            f"{raw.name}: no column of the potential{_run(technique)}, and no 'Init E (V)' above it"
        )
    body = [(k, line.split(",")) for k, line in enumerate(lines[at + 1 :], at + 2) if line.strip()]
    columns = _cells(raw, body, places, False)
    return _record(raw, {**columns, "potential": np.full(columns["current"].size, held)}, technique)


def _read_corrware(raw: RawFile) -> list[DcData]:
    lines = raw.lines
    header = [line.strip() for line in lines[:400]]
    technique = value_after(header, "Begin Experiment")
    at = next((k for k, line in enumerate(header) if re.match(r"E ?\(V", line) and "(A" in line), None)
    if at is None:
        raise FormatError(
            f"{raw.name}: no line of headings such as 'E(Volts) I(A/cm2) T(Seconds)'{_run(technique)}"
        )
    headings = [h.strip() for h in re.split(r"\t|(?<=\))\s+", header[at]) if h.strip()]
    places: dict[str, tuple[int, float]] = {}
    area = first_number(value_after(header, "Surface Area"))
    area = area if area and area > 0 else None
    for k, heading in enumerate(headings):
        name = {"E": "potential", "I": "current", "T": "time"}.get(heading.partition("(")[0].strip())
        if name is not None:
            by_area = name == "current" and "cm2" in heading.lower()
            if by_area and area is None:
                raise FormatError(
                    f"{raw.name}: the current is given by area and 'Surface Area' is missing in the header"
                )
            places[name] = (k, area if by_area and area is not None else 1.0)
    _need(raw, places, headings, technique)
    body = [
        (k, line.split()) for k, line in enumerate(lines[at + 1 :], at + 2) if re.match(r"\s*[-+.\d]", line)
    ]
    return [_record(raw, _cells(raw, body, places, False), technique, 1, Conditions(area_cm2=area))]


def _read_versastudio(raw: RawFile) -> list[DcData]:
    area = first_number(value_after(raw.lines, "Working Electrode Area (cm2)"))
    area = None if area is None or area <= 0 or area == UNSET_AREA_CM2 else area
    found: dict[str, list[Floats]] = {}
    others: list[str] = []
    for headings, rows in versastudio.segments_of(raw.lines):
        names = {"potential": "E(V)", "current": "I(A)", "time": "Elapsed Time(s)", "step": "Segment #"}
        places = {name: (headings.index(h), 1.0) for name, h in names.items() if h in headings}
        swept = "Frequency(Hz)" in headings and any(
            (number(line.split(",")[headings.index("Frequency(Hz)")]) or 0) != 0 for _, line in rows[:20]
        )
        if {"potential", "current"} - places.keys() or swept or not rows:
            others += [h for h in headings if h not in others]
            continue
        columns = _cells(raw, [(k, line.split(",")) for k, line in rows], places, False)
        for name, values in columns.items():
            found.setdefault(name, []).append(values)
    if not found:
        _need(raw, {}, others, "")
    merged = {name: np.concatenate(parts) for name, parts in found.items()}
    sizes = {values.size for values in merged.values()}
    if len(sizes) > 1:
        raise FormatError(f"{raw.name}: its segments have different columns; export them one by one")
    return [_record(raw, merged, "VersaStudio run", 1, Conditions(area_cm2=area))]


READERS = (
    RecordReader(eclab_text.recognise, _read_ec_lab),
    RecordReader(eclab_mpr.recognise, _read_mpr),
    RecordReader(gamry.recognise, _read_gamry),
    RecordReader(ch_instruments.recognise, _read_ch),
    RecordReader(corrware.recognise, _read_corrware),
    RecordReader(versastudio.recognise, _read_versastudio),
)

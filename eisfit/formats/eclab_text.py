"""BioLogic EC-Lab and BT-Lab text: the `.mpt` file and the plain text export."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from eisfit.constants import ZERO_CELSIUS_K
from eisfit.errors import FormatError, NoImpedance
from eisfit.formats.delimited_text import spectra_in
from eisfit.formats.parsing import headings as _headings
from eisfit.formats.parsing.amplitude import with_one_amplitude
from eisfit.formats.parsing.build import as_complex, build, with_plausible
from eisfit.formats.parsing.dialect import Dialect
from eisfit.formats.parsing.groups import groups_of
from eisfit.formats.parsing.numbers import first_number, has_decimal_comma, number
from eisfit.formats.parsing.planned_end import ends_early
from eisfit.formats.parsing.units import unit_of
from eisfit.formats.raw_file import Format, RawFile
from eisfit.spectrum.conditions import Conditions
from eisfit.spectrum.findings import Finding
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.frozen import Complexes, Floats

NAME = "EC-Lab text"
DEFAULT_AREA_CM2 = 0.001
CHANNEL_COLUMNS = {
    "we": ("Re(Z)/Ohm", "-Im(Z)/Ohm"),
    "ce": ("Re(Zce)/Ohm", "-Im(Zce)/Ohm"),
    "we-ce": ("Re(Zwe-ce)/Ohm", "-Im(Zwe-ce)/Ohm"),
}
_FIRST = ("EC-Lab ASCII FILE", "BT-Lab ASCII FILE")
_HEADER_LENGTH = re.compile(r"header lines\s*:\s*(\d+)")
_GROUPS = ("cycle number", "Ns", "loop number")
_EWE = ("<Ewe>/V", "Ewe/V")  # BT-Lab has the latter
_OPTIONAL = ("time/s", *_EWE, *_GROUPS)
_CAPACITANCE = re.compile(r"^(Re|Im)\(C\)(?=/)")
_PLAIN = {"Re": "C'", "Im": "-C''"}  # Im(C) of a capacitor is negative
_LOOP = re.compile(r"Loop (\d+) from point number (\d+) to (\d+)")
_AMPLITUDE = re.compile(r"(Va|Ia)(?: \(([^)]*)\))?\s+([-+\d][-+\d.,eE\s]*)$")
_AMPLITUDE_UNIT = re.compile(r"unit +(Va|Ia)\s+(\S+)")
_TEMPERATURE = re.compile(r"(?<![\d.,A-Za-z])([+-]?\d+(?:[.,]\d+)?)\s*(?:°|º|deg\.?|\ufffd)\s?C(?![A-Za-z])")


def recognise(raw: RawFile) -> bool:
    """Look for the first line of EC-Lab, or for its headings where the header was cut off."""
    first = raw.head.lstrip().split("\n", 1)[0]
    return first.startswith(_FIRST) or ("freq/Hz\t" in first and "Re(Z)/Ohm\t" in first)


def read(raw: RawFile) -> list[Spectrum]:
    """Return the spectra of an EC-Lab text file, one per cycle, loop or restart of the frequency.

    Raises
    ------
    NoImpedance
        If the file has no impedance columns or no point, with the technique it holds instead.
    FormatError
        If a needed column is missing or a cell is no number.
    """
    lines = raw.lines
    at = _heading_at(raw, lines)
    headings = [h.strip() for h in lines[at].split("\t")]
    header = [line.strip() for line in lines[:at]]
    if not any(_is_impedance(h) for h in headings):
        return _other_immittance(raw, header, headings, lines[at:])
    comma = has_decimal_comma(lines[at + 1 : at + 20])
    names = _needed(raw, headings)
    table, notes = _numbers(raw, lines, at, headings, names, comma)
    conditions, reported = conditions_from(header, comma)
    conditions, strength = _amplitude(conditions, header)
    z, sign_notes = _impedance(raw, headings, table)
    ewe = next((table[name] for name in _EWE if name in table), None)
    if {"<Ece>/V", "|Ece|/V"} & set(headings):
        conditions = with_plausible(conditions, electrodes=electrodes_seen(raw))
    return build(
        raw, NAME, table["freq/Hz"], z,
        time_s=table.get("time/s"),
        groups=[_loops(header, len(z)), *(g for name in _GROUPS if (g := _whole(table, name)) is not None)],
        per_point={name: v for name, v in (("bias_v", ewe), ("temperature_c", _temperature(table))) if v is not None},
        conditions=conditions,
        findings=(*notes, *_lost(header, table["freq/Hz"], comma), *reported, *strength, *sign_notes),
    )  # fmt: skip


def _other_immittance(
    raw: RawFile, header: list[str], headings: list[str], lines: list[str]
) -> list[Spectrum]:
    """Return the spectra of an export with other quantities than the impedance: Y, C, a permittivity.

    Raises
    ------
    NoImpedance
        If no impedance follows from them.
    """
    plain = [_CAPACITANCE.sub(lambda found: _PLAIN[found[1]], h) for h in headings]
    columns = groups_of(plain)[0]
    if raw.channel != "we" or not columns.complete:
        raise NoImpedance(_no_impedance(raw, header, headings))
    comma = has_decimal_comma(lines[1:20])
    conditions, reported = conditions_from(header, comma)
    width = sum(bool(h) for h in headings)
    dialect = Dialect("\t", comma, width)
    rows = [line.rstrip("\t\r") for line in lines[1:]]
    found = spectra_in(raw, NAME, ["\t".join(plain).rstrip(), *rows], dialect)
    stated = {
        name: value
        for name in ("area_cm2", "temperature_c")
        if (value := getattr(conditions, name)) is not None
    }
    return [s.under(with_plausible(s.conditions, **stated)).noting(*reported) for s in found]


def _heading_at(raw: RawFile, lines: list[str]) -> int:
    """Return the index of the heading line: where the header says, else where freq/Hz stands."""
    for line in lines[:3]:
        if found := _HEADER_LENGTH.search(line):
            at = int(found.group(1)) - 1
            if 0 <= at < len(lines) and "\t" in lines[at]:
                return at
    for at, line in enumerate(lines[:2000]):
        if re.search(r"(?i)\bfreq/Hz\t|\ttime/s\t|\tEwe/V", line):
            return at
    raise FormatError(f"{raw.name}: the line of column headings is missing; export the file again")


def _is_impedance(heading: str) -> bool:
    return bool(re.match(r"(?i)-?(re|im)\(z[\w-]*\)/|\|z[\w-]*\|/", heading))


def _no_impedance(raw: RawFile, header: list[str], headings: list[str]) -> str:
    technique = next((h for h in header[2:8] if h), "")
    named = f"; this looks like a run of '{technique}'" if technique else ""
    if "freq/Hz" not in headings:
        run = (
            "an OCV run"
            if "Open Circuit" in technique
            else f"'{technique}'"
            if technique
            else "another technique"
        )
        missing = f"{raw.name}: 'freq/Hz' is missing from the columns"
        return f"{missing}; this looks like {run}, which holds no impedance"
    return (
        f"{raw.name}: 'Re(Z)/Ohm' is missing from the columns{named}; export the file with Re(Z) and -Im(Z)"
    )


def _needed(raw: RawFile, headings: list[str]) -> list[str]:
    if "freq/Hz" not in headings:
        raise FormatError(
            f"{raw.name}: 'freq/Hz' is missing from the columns; export the file with that column"
        )
    pair = CHANNEL_COLUMNS[raw.channel]
    if raw.channel != "we" and not set(pair) <= set(headings):
        raise FormatError(
            f"{raw.name}: {pair[0]!r} and {pair[1]!r} of the channel {raw.channel!r} are missing from the "
            "columns; only files recorded with Ece have them; use the channel 'we'"
        )
    optional = [h for h in headings if h in _OPTIONAL or _is_temperature(h)]
    polar = [h for h in ("|Z|/Ohm", "Phase(Z)/deg") if h in headings]
    parts = [h for h in headings if raw.channel == "we" and _part(h)]
    spoilt = [h for h in headings if h == "#NAME?"]
    return ["freq/Hz", *(pair if raw.channel != "we" else parts), *polar, *spoilt, *optional]


def _part(heading: str) -> str:
    """Return 're' or 'im' for a column of the working electrode's impedance in any unit of ohm."""
    found = _headings.parse(heading)
    if found is None or found.unit is None or found.unit.kind != "ohm" or "*" in heading:
        return ""
    return found.quantity if found.quantity in ("re", "im") else ""


def _numbers(
    raw: RawFile, lines: list[str], at: int, headings: list[str], names: list[str], comma: bool
) -> tuple[dict[str, Floats], tuple[Finding, ...]]:
    places = [headings.index(name) for name in names]
    width = max(places) + 1
    rows: list[list[float]] = []
    notes: tuple[Finding, ...] = ()
    last = max((i for i, line in enumerate(lines) if line.strip()), default=0)
    for i in range(at + 1, len(lines)):
        if not lines[i].strip():
            continue
        cells = lines[i].split("\t")
        if len(cells) < width and i == last:
            notes = (Finding("truncated", "the last row is cut off and was left out"),)
            break
        rows.append([_cell(raw, cells, p, i, headings, comma) for p in places])
    matrix = np.asarray(rows, float).reshape(-1, len(names))
    if not rows:
        raise NoImpedance(
            f"{raw.name}: there is no row under the headings; the run was stopped before the first point"
        )
    return {name: matrix[:, k] for k, name in enumerate(names)}, notes


def _cell(raw: RawFile, cells: list[str], place: int, line: int, headings: list[str], comma: bool) -> float:
    text = cells[place] if place < len(cells) else ""
    value = number(text, comma)
    if value is None and (
        headings[place] in _OPTIONAL or _is_temperature(headings[place])
    ):  # a time may be a date
        return float("nan")
    if value is None:
        raise FormatError(
            f"{raw.name}: line {line + 1}: {text.strip()[:40]!r} under {headings[place]!r} is not a number; "
            "correct or remove that line"
        )
    return value


def _is_temperature(heading: str) -> bool:
    found = _headings.parse(heading)
    return found is not None and found.quantity == "temperature"


def _temperature(table: dict[str, Floats]) -> Floats | None:
    """Return the first column of temperatures in °C."""
    for name, values in table.items():
        found = _headings.parse(name)
        if found is not None and found.quantity == "temperature" and found.unit is not None:
            return values - ZERO_CELSIUS_K if found.unit.kind == "K" else values
    return None


def _whole(table: dict[str, Floats], name: str) -> Floats | None:
    values = table.get(name)
    return None if values is None or np.isnan(values).any() else values


def _loops(header: list[str], count: int) -> Floats:
    """Return the loop of every row, as the header lists them; 0 throughout where it lists none."""
    loop = np.zeros(count)
    for line in header:
        if found := _LOOP.match(line):
            number_, start, stop = (int(text) for text in found.groups())
            loop[start : stop + 1] = number_
    return loop


def _lost(header: list[str], frequency_hz: Floats, comma: bool) -> tuple[Finding, ...]:
    """Return a finding where the loops have more points than there are rows, or the planned end is not reached."""
    stops = [int(found[3]) + 1 for line in header if (found := _LOOP.match(line))]
    if stops and max(stops) > frequency_hz.size:
        text = f"the header announces {max(stops)} points, and {frequency_hz.size} are there"
        return (Finding("truncated", text),)
    return ends_early(frequency_hz, _planned(header, "fi", comma), _planned(header, "ff", comma))


def _planned(header: list[str], name: str, comma: bool) -> float | None:
    """Return a planned frequency in Hz, where all sequences of the run have the same."""
    fields = {
        key: line[len(key) :].split()
        for line in header
        for key in (name, f"unit {name}")
        if line.startswith(f"{key} ")
    }
    values, units = set(fields.get(name, [])), set(fields.get(f"unit {name}", []))
    unit = unit_of(next(iter(units))) if len(units) == 1 else None
    value = number(next(iter(values)), comma) if len(values) == 1 else None
    return None if unit is None or unit.kind != "Hz" or value is None else value * unit.scale


def _impedance(
    raw: RawFile, headings: list[str], table: dict[str, Floats]
) -> tuple[Complexes, tuple[Finding, ...]]:
    if raw.channel != "we":
        re_name, im_name = CHANNEL_COLUMNS[raw.channel]
        return as_complex(table[re_name] - 1j * table[im_name]), ()
    parts = {part: h for h in reversed(headings) if (part := _part(h))}
    if "re" in parts and "im" in parts:
        (a, b) = (_headings.parse(parts[p]) for p in ("re", "im"))
        assert a is not None
        assert b is not None
        return as_complex(table[parts["re"]] * a.factor + 1j * table[parts["im"]] * b.factor), ()
    if "re" in parts and "#NAME?" in table:
        note = Finding(
            "sign", "the heading '#NAME?' (a spreadsheet took '-Im' for a formula) was read as -Im(Z)/Ohm"
        )
        return as_complex(table[parts["re"]] - 1j * table["#NAME?"]), (note,)
    if {"|Z|/Ohm", "Phase(Z)/deg"} <= table.keys():
        return as_complex(table["|Z|/Ohm"] * np.exp(1j * np.deg2rad(table["Phase(Z)/deg"]))), ()
    missing = "Re(Z)/Ohm" if "re" not in parts else "-Im(Z)/Ohm"
    raise FormatError(
        f"{raw.name}: {missing!r} is missing from the columns; export the file with that column"
    )


def conditions_from(header: list[str], comma: bool) -> tuple[Conditions, tuple[Finding, ...]]:
    """Return the conditions in the header: the area (never EC-Lab's default) and a temperature in the comment."""
    conditions = Conditions()
    notes: tuple[Finding, ...] = ()
    for line in header:
        key, _, value = line.partition(":")
        if key.strip() == "Electrode surface area":
            conditions = with_plausible(conditions, area_cm2=_area_cm2(value, comma or "," in value))
        elif key.strip() == "Comments":
            conditions, notes = temperature_in(conditions, value)
    return conditions, notes


def _amplitude(conditions: Conditions, header: list[str]) -> tuple[Conditions, tuple[Finding, ...]]:
    """Take Va or Ia of the settings, which EC-Lab counts from zero to peak; one value per sequence."""
    stated = [found for line in header if (found := _AMPLITUDE.match(line))]
    if len(stated) != 1:
        return conditions, ()
    name, unit, text = stated[0].groups()
    units = {found[2] for line in header if (found := _AMPLITUDE_UNIT.match(line)) and found[1] == name}
    values = [v for cell in text.split() if (v := number(cell, comma=True)) is not None]
    return with_one_amplitude(conditions, values, unit or (units.pop() if len(units) == 1 else ""), "peak")


def electrodes_seen(raw: RawFile) -> int:
    """Return the number of electrodes of a three-electrode run that the wanted impedance sees."""
    return 2 if raw.channel == "we-ce" else 3


def temperature_in(conditions: Conditions, comment: str) -> tuple[Conditions, tuple[Finding, ...]]:
    """Take the temperature that a comment such as ``25°C`` names, where it names exactly one."""
    found = set(_TEMPERATURE.findall(comment))
    if len(found) != 1:
        return conditions, ()
    text = found.pop()
    warm = with_plausible(conditions, temperature_c=float(text.replace(",", ".")))
    return warm, (Finding("temperature", f"{text} °C was taken from the comment {comment.strip()!r}"),)


def _area_cm2(text: str, comma: bool) -> float | None:
    value = first_number(text, comma)
    scale = 1e-2 if "mm" in text else 1.0 if "cm" in text else None
    if value is None or scale is None:
        return None
    return plausible_area(value * scale)


def plausible_area(area_cm2: float) -> float | None:
    """Return the area, or None where it is zero or EC-Lab's default of 0.001 cm2."""
    return None if area_cm2 <= 0 or abs(area_cm2 - DEFAULT_AREA_CM2) < 1e-9 else area_cm2


def write_mpt(path: str | Path, spectrum: Spectrum, *, comment: str = "") -> None:
    """Write a spectrum as EC-Lab prints it, to eight digits.

    Parameters
    ----------
    path : str or Path
        Where to; an existing file is replaced.
    spectrum : Spectrum
        Its frequency, impedance and, where known, time and area are written.
    comment : str
        For the comment line of the header.
    """
    area = spectrum.conditions.area_cm2
    columns = ["freq/Hz", "Re(Z)/Ohm", "-Im(Z)/Ohm", "|Z|/Ohm", "Phase(Z)/deg", "time/s", "cycle number"]
    header = [
        "",
        "Potentio Electrochemical Impedance Spectroscopy",
        "",
        f"Comments : {' '.join(comment.split())}",
        f"Electrode surface area : {DEFAULT_AREA_CM2 if area is None else area:.6g} cm²",
        "",
    ]
    lines = [_FIRST[0], f"Nb header lines : {len(header) + 3}", *header, "\t".join(columns) + "\t"]
    z = spectrum.z_ohm
    time = np.zeros(len(spectrum)) if spectrum.time_s is None else spectrum.time_s
    single = [spectrum.frequency_hz, z.real, -z.imag, np.abs(z), np.angle(z, deg=True)]
    for values, t in zip(zip(*single, strict=True), time, strict=True):
        lines.append("\t".join([*(f"{v:.7E}" for v in values), f"{t:.15E}", f"{1:.15E}"]))
    text = "\r\n".join(lines) + "\r\n"
    Path(path).write_bytes(text.encode("latin-1", errors="replace"))


FORMAT = Format(NAME, recognise, read, channels=True)

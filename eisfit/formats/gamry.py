"""Gamry Framework `.DTA`: the table ZCURVE."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from eisfit.errors import FormatError, NoImpedance
from eisfit.formats.parsing.amplitude import bare_unit, rms_unit, with_amplitude
from eisfit.formats.parsing.build import UNSET_AREA_CM2, as_complex, build, with_plausible
from eisfit.formats.parsing.numbers import has_decimal_comma, number
from eisfit.formats.parsing.planned_end import ends_early
from eisfit.formats.parsing.rows import matrix, row_of
from eisfit.formats.raw_file import Format, RawFile
from eisfit.spectrum.conditions import Conditions
from eisfit.spectrum.findings import Finding
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.frozen import Floats

NAME = "Gamry"
NO_SENSOR_C = -200.0
_NOTE_AREA = re.compile(r"(?<![\d.,])(\d+(?:[.,]\d+)?)\s*(cm|mm)\s*(?:2|\^2|²)")
_EXCITATION = ("VAC", "IAC", "VACREQ", "IACREQ")
_OPTIONAL = ("Time", "Vdc", "Temp")


def recognise(raw: RawFile) -> bool:
    """Look for ``EXPLAIN`` in the first line."""
    return raw.head.lstrip().split("\n", 1)[0].strip() == "EXPLAIN"


def read(raw: RawFile) -> list[Spectrum]:
    """Return the spectrum as measured; a drift-corrected twin is mentioned, see `read_drift_corrected`.

    Raises
    ------
    NoImpedance
        If the file has no ZCURVE, with the experiment it holds instead.
    FormatError
        If a column is missing or a cell is no number.
    """
    return _read(raw, "Zreal", "Zimag")


def read_drift_corrected(path: str | Path) -> list[Spectrum]:
    """Return the drift-corrected twin of a measurement with drift correction.

    Parameters
    ----------
    path : str or Path
        A ``.DTA`` file with the columns ZrealDrCor and ZimagDrCor.

    Raises
    ------
    FormatError
        If it has none.
    """
    raw = RawFile.open(Path(path))
    if not recognise(raw):
        raise FormatError(f"{raw.name}: this is no Gamry file")
    return _read(raw, "ZrealDrCor", "ZimagDrCor")


def _read(raw: RawFile, real: str, imag: str) -> list[Spectrum]:
    lines = raw.lines
    starts = [i for i, line in enumerate(lines) if re.match(r"ZCURVE\d*\s+TABLE", line)]
    if not starts:
        raise NoImpedance(_no_impedance(raw, lines))
    conditions, notes = _conditions(lines[: starts[0]])
    conditions, strength = _amplitude(conditions, lines[: starts[0]])
    notes += strength
    if any(re.match(r"EXPERIMENTABORTED\s+TOGGLE\s+T", line) for line in lines):
        notes += (Finding("aborted", "the experiment was aborted: the points up to then are here"),)
    spectra: list[Spectrum] = []
    for at in starts:
        spectra += _curve(raw, at, (real, imag), conditions, notes, len(spectra) + 1)
    return spectra


def _curve(
    raw: RawFile,
    at: int,
    parts: tuple[str, str],
    conditions: Conditions,
    notes: tuple[Finding, ...],
    first_sweep: int,
) -> list[Spectrum]:
    """Return the spectra of the ZCURVE that begins at a line."""
    lines = raw.lines
    real, imag = parts
    headings = lines[at + 1].split() if at + 1 < len(lines) else []
    missing = [name for name in ("Freq", real, imag) if name not in headings]
    if missing:
        raise FormatError(
            f"{raw.name}: {missing[0]!r} is missing from the columns of ZCURVE; export the file again"
        )
    names = ["Freq", real, imag, *(n for n in _OPTIONAL if n in headings)]
    table, cut = _table(raw, lines, at, headings, names)
    column = {name: table[:, i] for i, name in enumerate(names)}
    per_point = {"bias_v": column["Vdc"]} if "Vdc" in column else {}
    if "Temp" in column and np.all(column["Temp"] > NO_SENSOR_C):
        if np.any(column["Temp"]):
            per_point["temperature_c"] = column["Temp"]
        else:
            text = "0 °C at every point is what is printed without a sensor: none was taken"
            notes += (Finding("temperature", text),)
    if cut:
        notes += (Finding("truncated", "the last row is cut off and was left out"),)
    notes += _early(raw, column["Freq"], notes)
    if real == "Zreal" and "ZrealDrCor" in headings:
        notes += (Finding("drift correction", "as measured; drift-corrected columns are in the file too"),)
    return build(
        raw, NAME, column["Freq"], as_complex(column[real] + 1j * column[imag]),
        time_s=column.get("Time"), per_point=per_point, conditions=conditions, findings=notes,
        first_sweep=first_sweep,
    )  # fmt: skip


def _early(raw: RawFile, frequency_hz: Floats, notes: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Return a finding where the sweep ends before its planned frequency and nothing else says why."""
    if any(note.kind in ("aborted", "truncated") for note in notes):
        return ()
    planned: dict[str, float | None] = {}
    for line in raw.lines[:200]:
        cells = line.split("\t")
        if cells[0] in ("FREQINIT", "FREQFINAL") and len(cells) > 2:
            planned[cells[0]] = number(cells[2], comma=True)
    return ends_early(frequency_hz, planned.get("FREQINIT"), planned.get("FREQFINAL"))


def _table(
    raw: RawFile, lines: list[str], at: int, headings: list[str], names: list[str]
) -> tuple[Floats, bool]:
    """Return the needed columns of the table that begins at a line, and whether its last row is cut."""
    places = [headings.index(n) for n in names]
    comma = has_decimal_comma(lines[at + 3 : at + 23])
    last = max((i for i, line in enumerate(lines) if line.strip()), default=0)
    rows: list[list[float]] = []
    for i in range(at + 2, len(lines)):
        line = lines[i]
        if not line.strip():
            continue
        if line[0] not in " \t":
            break
        cells = line.split("\t")[1:]
        if len(cells) < len(headings) or not cells[0].strip():
            cells = line.split()
        if i == at + 2 and cells[0].strip() == "#":
            continue
        if i == last and len(cells) < len(headings):
            return matrix(rows, len(names)), True
        rows.append(row_of(raw, i + 1, cells, places, comma, needed=3))
    if not rows:
        raise NoImpedance(f"{raw.name}: ZCURVE has no row; the run was stopped before the first point")
    return matrix(rows, len(names)), False


def _no_impedance(raw: RawFile, lines: list[str]) -> str:
    tag = next((line.partition("\t")[2].strip() for line in lines[:5] if line.startswith("TAG\t")), "")
    title = next(
        (line.split("\t")[2].strip() for line in lines[:10] if line.startswith("TITLE\tLABEL\t")), ""
    )
    what = f"this is {tag} ({title})" if title else f"this is {tag}" if tag else "it is another experiment"
    return f"{raw.name}: the table ZCURVE is missing; {what}, which holds no impedance"


def _conditions(header: list[str]) -> tuple[Conditions, tuple[Finding, ...]]:
    """Return the area: that of the notes before that of AREA, and AREA only where it is not the default."""
    conditions = Conditions()
    area = None
    for line in header:
        cells = line.split("\t")
        if cells[0] == "AREA" and len(cells) > 2:
            area = number(cells[2], comma=True)
    area = None if area is None or area <= 0 or area == UNSET_AREA_CM2 else area
    noted = {(float(v.replace(",", ".")), unit) for v, unit in _NOTE_AREA.findall("\n".join(_notes(header)))}
    if len(noted) != 1:
        return with_plausible(conditions, area_cm2=area), ()
    value, unit = noted.pop()
    value *= 1e-2 if unit == "mm" else 1.0
    text = f"the area {value:g} cm2 was taken from the notes" + (f", not AREA {area:g}" if area else "")
    return with_plausible(conditions, area_cm2=value), (Finding("area", text),)


def _amplitude(conditions: Conditions, header: list[str]) -> tuple[Conditions, tuple[Finding, ...]]:
    """Take VAC of a potentiostatic or IAC of a galvanostatic run, in the unit that its explanation names."""
    notes: tuple[Finding, ...] = ()
    for line in header:
        cells = line.split("\t")
        if cells[0] in _EXCITATION and len(cells) > 3 and (value := number(cells[2], comma=True)) is not None:
            unit = rms_unit(cells[-1])
            said = "" if unit else NAME
            conditions, reported = with_amplitude(
                conditions, value, unit or bare_unit(cells[-1]), "rms", convention=said
            )
            notes += reported
    return conditions, notes


def _notes(header: list[str]) -> list[str]:
    for i, line in enumerate(header):
        if line.startswith("NOTES\t"):
            stop = next((k for k in range(i + 1, len(header)) if not header[k].startswith("\t")), len(header))
            return header[i + 1 : stop]
    return []


def write_dta(path: str | Path, spectrum: Spectrum, *, title: str = "Potentiostatic EIS") -> None:
    """Write a spectrum as a Gamry file, to nine digits.

    Parameters
    ----------
    path : str or Path
        Where to; an existing file is replaced.
    spectrum : Spectrum
        Its frequency, impedance and, where known, time and area are written.
    title : str
        For the line TITLE.
    """
    area = spectrum.conditions.area_cm2
    head = [
        "EXPLAIN",
        "TAG\tEISPOT",
        f"TITLE\tLABEL\t{' '.join(title.split())}\tTest &Identifier",
        f"AREA\tQUANT\t{UNSET_AREA_CM2 if area is None else area:.6E}\t&Area (cm^2)",
        "ZCURVE\tTABLE",
        "\tPt\tTime\tFreq\tZreal\tZimag\tZsig\tZmod\tZphz",
        "\t#\ts\tHz\tohm\tohm\tV\tohm\t°",
    ]
    z = spectrum.z_ohm
    time = np.zeros(len(spectrum)) if spectrum.time_s is None else spectrum.time_s
    columns = (time, spectrum.frequency_hz, z.real, z.imag, np.ones(len(z)), np.abs(z), np.angle(z, deg=True))
    rows = [
        "\t".join(["", str(i), *(f"{v:.9g}" for v in row)])
        for i, row in enumerate(zip(*columns, strict=True))
    ]
    Path(path).write_bytes(("\r\n".join([*head, *rows]) + "\r\n").encode("cp1252", errors="replace"))


FORMAT = Format(NAME, recognise, read)

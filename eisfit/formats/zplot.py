"""Scribner ZPlot and ZView: `.z` and the older Z60W family that CorrTest and others write."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from eisfit.errors import FormatError, NoImpedance
from eisfit.formats.parsing.amplitude import with_amplitude, with_one_amplitude
from eisfit.formats.parsing.build import UNSET_AREA_CM2, as_complex, build, with_plausible
from eisfit.formats.parsing.numbers import first_number, has_decimal_comma
from eisfit.formats.parsing.rows import matrix, row_of, value_after
from eisfit.formats.raw_file import Format, RawFile
from eisfit.spectrum.conditions import Conditions
from eisfit.spectrum.findings import AREA_NORMALISED, RESISTIVITY, Finding
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.frozen import Floats

NAME = "ZPlot"
_FIRST = re.compile(r'"?\s*(ZPLOT2 ASCII|Z60W Data File|ZPlotW Data File|ZView Calculated Data File)')
_HEADING = re.compile(r"(?i)freq\s*\(hz\)")
_NOT_MEASURED = re.compile(r"Saved Data, ZView|Calculated")
_PLACES = (0, 3, 4, 5, 1)  # frequency, time, Z', Z'', amplitude
_NEEDED = 4
_AMPLITUDE = re.compile(r"\bAmpl\s*\((\w+)\)")
_CONTROLLED = re.compile(r"Control (Voltage|Current)")
_AGAINST_OPEN_CIRCUIT = "1"
_LETTER = {"Voltage": "V", "Current": "A"}


def recognise(raw: RawFile) -> bool:
    """Look at the first line."""
    return bool(_FIRST.match(raw.head.lstrip()))


def read(raw: RawFile) -> list[Spectrum]:
    """Return the spectra under the heading, cut where the frequency restarts.

    Raises
    ------
    FormatError
        If the heading is missing or a row is no row of numbers.
    NoImpedance
        If there is no row.
    """
    lines = [line.replace('"', "") for line in raw.lines]
    at, heading = _start(raw, lines)
    header = lines[:at]
    body = [(i, line) for i, line in enumerate(lines[at:], at + 1) if line.strip()]
    separator = next((s for s in "\t;," if any(line.count(s) >= 5 for _, line in body[:5])), None)
    comma = separator != "," and has_decimal_comma(line for _, line in body[:20])
    rows = []
    notes = _remarks(header, heading)
    for i, line in body:
        cells = line.split(separator)
        if len(cells) < 6 and i == body[-1][0]:
            notes += (Finding("truncated", "the last row is cut off and was left out"),)
            break
        rows.append(row_of(raw, i, cells, _PLACES, comma, needed=_NEEDED))
    if not rows:
        raise NoImpedance(
            f"{raw.name}: there is no row under the heading; the run was stopped before the first point"
        )
    notes += _count_remark(header, len(rows))
    f, time, re_, im, ampl = matrix(rows, len(_PLACES)).T
    conditions, stated = _conditions(header)
    conditions, reported = _amplitude(conditions, header, heading, ampl[f > 0])
    return build(
        raw, NAME, f, as_complex(re_ + 1j * im), time_s=time, conditions=conditions, findings=notes + stated + reported
    )  # fmt: skip


def _start(raw: RawFile, lines: list[str]) -> tuple[int, str]:
    """Return the index of the first row and the heading line."""
    heading = next((i for i, line in enumerate(lines) if _HEADING.search(line)), None)
    end = next((i for i, line in enumerate(lines) if "End Comments" in line and "User" not in line), None)
    if heading is None and end is None:
        raise FormatError(
            f"{raw.name}: neither the heading 'Freq(Hz)' nor 'End Comments' is there; save it again"
        )
    text = lines[heading] if heading is not None else ""
    if end is not None:
        return end + 1, text
    assert heading is not None
    return heading + 1, text


def _remarks(header: list[str], heading: str) -> tuple[Finding, ...]:
    notes: tuple[Finding, ...] = ()
    if any(_NOT_MEASURED.search(line) for line in header[:3]):
        notes += (
            Finding("calculated", "the file was saved by ZView: a fit or an edited curve, no measurement"),
        )
    if re.search(r"(?i)(ohms?|Ω)[ .*·×_-]*cm(?![\^ ]*[2²])", heading):
        text = (
            "the values are in ohm cm, not in ohm, and kept so; a fit multiplies them by thickness over area"
        )
        notes += (Finding(RESISTIVITY, text),)
    elif re.search(r"(?i)(ohms?|Ω)[ .*·×_-]*cm", heading):
        text = "the values are in ohm cm2, not in ohm, and kept so; a fit divides them by area_cm2"
        notes += (Finding(AREA_NORMALISED, text),)
    return notes


def _count_remark(header: list[str], rows: int) -> tuple[Finding, ...]:
    counts = [int(line) for line in header if re.fullmatch(r"\s*\d{1,7}\s*", line)]
    if not counts or counts[-1] == rows:
        return ()
    return (Finding("truncated", f"the header announces {counts[-1]} points, and {rows} are there"),)


def _conditions(header: list[str]) -> tuple[Conditions, tuple[Finding, ...]]:
    area = first_number(value_after(header, "Surface Area"), comma=True)
    area = None if area is None or area == UNSET_AREA_CM2 else area
    bias, reported = _bias(header)
    return with_plausible(Conditions(), area_cm2=area, bias_v=bias), reported


def _bias(header: list[str]) -> tuple[float | None, tuple[Finding, ...]]:
    """Return the dc potential in V: as it stands, or against the open circuit and then with its potential."""
    bias = first_number(value_after(header, "Potential-DC"), comma=True)
    kind = value_after(header, "Potential-DC Type")
    if bias is None or kind == "0":
        return bias, ()
    rest = first_number(value_after(header, "Open Circuit Potential (V)"), comma=True)
    if kind == _AGAINST_OPEN_CIRCUIT and rest is not None:
        text = f"{bias:g} V is against the open circuit at {rest:g} V: the bias is {bias + rest:g} V"
        return bias + rest, (Finding("bias", text),)
    what = (
        "its open-circuit potential is not stated"
        if kind == _AGAINST_OPEN_CIRCUIT
        else f"its type is {kind!r}"
    )
    return None, (Finding("bias", f"the dc potential {bias:g} V was left out: {what}"),)


def _amplitude(
    conditions: Conditions, header: list[str], heading: str, column: Floats
) -> tuple[Conditions, tuple[Finding, ...]]:
    """Take the amplitude of what was controlled: the setting in mV, else a column with its unit.

    The unit of the setting ``Current-AC`` is not known.
    """
    controlled = _CONTROLLED.search(value_after(header, "Experiment Type") + " ".join(header[:3]))
    if controlled is None:
        return conditions, ()
    setting = first_number(value_after(header, "Potential-AC"), comma=True)
    if setting is not None and controlled[1] == "Voltage":
        return with_amplitude(conditions, setting, "mV", "rms", convention=NAME)
    unit = _AMPLITUDE.search(heading)
    if unit is None or not unit[1].endswith(_LETTER[controlled[1]]) or np.isnan(column).any():
        return conditions, ()
    return with_one_amplitude(conditions, column.tolist(), unit[1], "rms", convention=NAME)


def write_z(path: str | Path, spectrum: Spectrum) -> None:
    """Write a spectrum as a ZPlot file, to eight digits.

    Parameters
    ----------
    path : str or Path
        Where to; an existing file is replaced.
    spectrum : Spectrum
        As for `z_bytes`.
    """
    Path(path).write_bytes(z_bytes(spectrum))


def z_bytes(spectrum: Spectrum) -> bytes:
    """Return the content of a ZPlot file, which ZView opens, to nine digits.

    Parameters
    ----------
    spectrum : Spectrum
        Its frequency, impedance and, where known, time, area, bias and amplitude of a controlled voltage are written;
        what is not known stands as 0.
    """
    known = spectrum.conditions
    bias, amplitude = known.bias_v, known.amplitude_v
    settings = (
        []
        if bias is None
        else [f"    Potential-DC:             {bias:.6g}", "    Potential-DC Type:        0"]
    )
    settings += [] if amplitude is None else [f"    Potential-AC:             {1e3 * amplitude:.6g}"]
    controlled = "Current" if amplitude is None and known.amplitude_a is not None else "Voltage"
    head = [
        "ZPLOT2 ASCII",
        "  Measured Data, ZPlot:       3.2c",
        f"  Experiment Type:            Sweep Frequency, Control {controlled}",
        *settings,
        f"  Surface Area:               {UNSET_AREA_CM2 if known.area_cm2 is None else known.area_cm2!r}",
        "  Freq(Hz)\tAmpl\tBias\tTime(Sec)\tZ'(a)\tZ''(b)\tGD\tErr\tRange",
        "End Comments",
    ]
    z = spectrum.z_ohm
    time = np.zeros(len(spectrum)) if spectrum.time_s is None else spectrum.time_s
    excited = f"{amplitude or known.amplitude_a or 0.0:.4E}\t{bias or 0.0:.4E}"
    rows = [
        f"{f:.8E}\t{excited}\t{t:.6E}\t{a:.8E}\t{b:.8E}\t0.0000E+00\t0\t4"
        for f, t, a, b in zip(spectrum.frequency_hz, time, z.real, z.imag, strict=True)
    ]
    return ("\r\n".join([*head, *rows]) + "\r\n").encode("ascii")


FORMAT = Format(NAME, recognise, read)

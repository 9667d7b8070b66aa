"""A table of named columns, turned into spectra; shared by every format that prints one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import numpy as np

from eisfit.constants import ZERO_CELSIUS_K
from eisfit.errors import FormatError
from eisfit.formats.parsing.build import build, with_plausible
from eisfit.formats.parsing.dialect import Dialect
from eisfit.formats.parsing.groups import TWIN, Columns, Table, groups_of
from eisfit.formats.parsing.headings import AMPLITUDES
from eisfit.formats.parsing.labels import temperature_of
from eisfit.formats.parsing.missing_half import require_complete
from eisfit.formats.parsing.numbers import number
from eisfit.formats.parsing.to_impedance import impedance
from eisfit.formats.raw_file import RawFile
from eisfit.spectrum.conditions import NO_CONDITIONS, Conditions
from eisfit.spectrum.findings import Finding
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.frozen import Bools, Floats

_BESIDE = re.compile(
    r"[-+]?\d[\d.,]*(?:[eE][-+]?\d+)?[ _]*(?![eE][-+]?$)([^\d\s.,+-].{0,11})$"
)  # 100 kHz, 12.5k
TWINS_AGREE = 0.02  # columns of one quantity in two units agree within this fraction
Reader = Callable[[str], float | None]


def cells_to_numbers(
    raw: RawFile,
    groups: Iterable[Columns],
    headings: Sequence[str],
    row: Sequence[str],
    line: int,
    read: Reader,
) -> list[float]:
    """Turn the needed cells of one row into numbers, nan elsewhere; text in a needed cell is an error.

    Beside other spectra, one whose impedance is blank in this row has ended before.
    """
    groups = list(groups)
    values = [float("nan")] * len(headings)
    for columns in groups:
        needs = columns.route.needs if columns.route else ()
        judged = (
            [columns.place[q] for q in needs] if needs and len(groups) > 1 else list(columns.place.values())
        )
        blank = all(i >= len(row) or not row[i].strip() for i in judged)
        for quantity, i in columns.place.items():
            value = read(row[i]) if i < len(row) else None
            if value is None and not blank and quantity in ("frequency", *needs):
                cell = row[i].strip() if i < len(row) else ""
                raise FormatError(_no_number(raw, cell, headings[i], line))
            values[i] = float("nan") if value is None else value
    return values


def _no_number(raw: RawFile, cell: str, heading: str, line: int) -> str:
    """Return why a cell is no number, and the cure: a unit or a power behind a number belongs into the heading."""
    beside = _BESIDE.match(cell)
    cure = (
        f"write bare numbers, and the {beside[1].strip()!r} into the heading"
        if beside
        else "correct or remove that line"
    )
    return f"{raw.name}: line {line}: {cell[:40]!r} under {heading.strip()!r} is not a number; {cure}"


def require_plain_numbers(raw: RawFile, table: Table, lines: Sequence[str], dialect: Dialect) -> None:
    """Refuse a table whose rows hold no bare number: each has its unit beside it.

    Raises
    ------
    FormatError
        If a line below the headings has as many cells, and one of them is a number with something behind it.
    """
    places = sorted({i for columns in table.groups for i in columns.place.values()})
    for count, line in enumerate(lines[table.line :], table.line + 1):
        cells = dialect.split(line)
        for i in places:
            if len(cells) >= len(table.headings) - 1 and i < len(cells) and _BESIDE.match(cells[i]):
                raise FormatError(_no_number(raw, cells[i], table.headings[i], count))


def spectra_of(
    raw: RawFile,
    format_name: str,
    headings: Sequence[str],
    values: Sequence[Sequence[float]],
    *,
    groups: Sequence[Columns] | None = None,
    conditions: Conditions = NO_CONDITIONS,
    findings: Sequence[Finding] = (),
    assume_units: bool = False,
    restarts: bool = True,
    first_sweep: int = 1,
) -> list[Spectrum]:
    """Return the spectra of one table.

    Parameters
    ----------
    raw : RawFile
        The file.
    format_name : str
        Name of the format in tables.
    headings : sequence of str
        One per column.
    values : sequence of sequence of float
        The rows, as long as the headings.
    groups : sequence of Columns, optional
        Where they are known already.
    conditions, findings
        Of all spectra.
    assume_units : bool
        Whether the format prescribes ohm and degrees, so that headings without a unit need no finding.
    restarts : bool
        Cut where the frequency restarts.
    first_sweep : int
        Number of the first sweep.
    """
    groups = groups_of(headings) if groups is None else groups
    matrix = np.asarray(values, float).reshape(-1, len(headings))
    spectra: list[Spectrum] = []
    for columns in groups:
        require_complete(raw, columns, headings)
        part = matrix[_rows_of(columns, matrix, len(groups))]
        _require_twins(raw, columns, part)
        frequency = columns.heading["frequency"].scaled(part[:, columns.place["frequency"]])
        own, reported = _of_label(columns, conditions)
        z, notes = impedance(raw, columns, part, frequency, own, assume_units)
        found = build(
            raw,
            format_name,
            frequency,
            z,
            time_s=_scaled(columns, part, "time"),
            groups=_group_columns(columns, part, frequency),
            per_point=_per_point(columns, part),
            conditions=own,
            findings=(*findings, *columns.findings, *reported, *notes),
            restarts=restarts,
            first_sweep=first_sweep + len(spectra),
        )
        spectra += [_with_convention(s, columns) for s in found]
    return spectra


def _rows_of(columns: Columns, matrix: Floats, groups: int) -> Bools:
    """Return which rows hold the spectrum: beside others it may end earlier."""
    route = columns.route
    judged = [columns.place[q] for q in route.needs] if route and groups > 1 else list(columns.place.values())
    return np.asarray(~np.isnan(matrix[:, judged]).all(axis=1), bool)


def _require_twins(raw: RawFile, columns: Columns, part: Floats) -> None:
    """Refuse columns of one quantity in two units that hold different values: they are of different samples."""
    for name, heading in columns.heading.items():
        quantity, _, twin = name.partition(TWIN)
        if not twin:
            continue
        one, other = _scaled(columns, part, quantity), _scaled(columns, part, name)
        assert one is not None
        assert other is not None
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = np.abs(other / one)
        ratio = ratio[np.isfinite(ratio)]
        if ratio.size and abs(float(np.median(ratio)) - 1) > TWINS_AGREE:
            texts = f"{columns.heading[quantity].text.strip()!r} and {heading.text.strip()!r}"
            raise FormatError(
                f"{raw.name}: the columns {texts} hold different values: name each sample behind its columns"
            )


def _of_label(columns: Columns, conditions: Conditions) -> tuple[Conditions, tuple[Finding, ...]]:
    """Return the conditions of a labelled group, whose label may be a temperature, and a finding that names it."""
    if not columns.label:
        return conditions, ()
    named = (Finding("columns", f"the columns labelled {columns.label!r}"),)
    temperature = temperature_of(columns.label)
    if temperature is None:
        return conditions, named
    text = f"{temperature:g} °C was taken from the label {columns.label!r} of the columns"
    return with_plausible(conditions, temperature_c=temperature), (*named, Finding("temperature", text))


def _with_convention(s: Spectrum, columns: Columns) -> Spectrum:
    """Return a finding that names the convention by which the amplitudes of a column were counted."""
    reported = tuple(
        Finding("amplitude", f"the mean of {h.text!r} was taken as {h.counted}; the file does not say")
        for name, h in columns.heading.items()
        if h.counted and getattr(s.conditions, name) is not None
    )
    return replace(s, findings=s.findings + reported) if reported else s


def _scaled(columns: Columns, part: Floats, quantity: str) -> Floats | None:
    if quantity not in columns.place:
        return None
    return columns.heading[quantity].scaled(part[:, columns.place[quantity]])


def _temperature(columns: Columns, part: Floats, quantity: str = "temperature") -> Floats | None:
    values = _scaled(columns, part, quantity)
    unit = columns.heading[quantity].unit if values is not None else None
    return values - ZERO_CELSIUS_K if values is not None and unit is not None and unit.kind == "K" else values


def _group_columns(columns: Columns, part: Floats, frequency_hz: Floats) -> list[Floats]:
    """Return the columns whose changes cut sweeps: cycles, and set temperatures, which a measured one follows."""
    groups = [part[:, columns.place["cycle"]]] if "cycle" in columns.place else []
    groups = [g for g in groups if not np.isnan(g).any()]
    quantity = "set_temperature" if "set_temperature" in columns.place else "temperature"
    temperature = _temperature(columns, part, quantity)
    if temperature is not None and not np.isnan(temperature).any() and _is_set(temperature, frequency_hz):
        groups.append(temperature)
    return groups


def _is_set(temperature: Floats, frequency_hz: Floats) -> bool:
    """Tell whether a temperature changes seldom, and where the frequency turns back; a measured one drifts on."""
    changes = np.flatnonzero(np.diff(temperature))
    if changes.size == 0 or 5 * (changes.size + 1) > temperature.size:
        return False
    step = np.sign(np.diff(frequency_hz))
    direction = np.sign(np.sum(step))
    return bool(np.mean(step[changes] == direction) <= 0.5) if direction else True


def _per_point(columns: Columns, part: Floats) -> dict[str, Floats]:
    """Return what is averaged over a sweep; a measured temperature goes before a set one."""
    measured = _temperature(columns, part)
    if measured is None or np.isnan(measured).any():
        measured = _temperature(columns, part, "set_temperature")
    found = {"bias_v": _scaled(columns, part, "bias"), "temperature_c": measured}
    found |= {name: _scaled(columns, part, name) for name in AMPLITUDES}
    return {name: values for name, values in found.items() if values is not None}


def plain(comma: bool) -> Reader:
    """Return the number reader for one decimal mark."""
    return lambda cell: number(cell, comma)

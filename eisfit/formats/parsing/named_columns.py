"""A table of named columns, turned into spectra; shared by every format that prints one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from eisfit.constants import ZERO_CELSIUS_K
from eisfit.errors import FormatError, NoImpedance
from eisfit.formats.parsing import headings as _headings
from eisfit.formats.parsing.build import as_complex, build
from eisfit.formats.parsing.headings import AMPLITUDES, Heading, Unit
from eisfit.formats.parsing.numbers import number
from eisfit.formats.raw_file import RawFile
from eisfit.spectrum.conditions import NO_CONDITIONS, Conditions
from eisfit.spectrum.findings import AREA_NORMALISED, Finding
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.frozen import Complexes, Floats

Reader = Callable[[str], float | None]
EXCEL_ERROR = "#NAME?"
RIGHT_ANGLE_RAD = 1.6
_IMPEDANCE = {"re", "im", "modulus", "phase"}
OPTIONAL = frozenset({"time", "cycle", "bias", "temperature", *AMPLITUDES})
_NEEDED_IN_WORDS = "Z' and Z'' (or |Z| and phase)"


@dataclass(frozen=True)
class Columns:
    """Which column of a table holds what, one entry per quantity, for one spectrum group.

    Parameters
    ----------
    place : dict of str to int
        Index of the column by quantity.
    heading : dict of str to Heading
        Its heading by quantity.
    """

    place: dict[str, int]
    heading: dict[str, Heading]

    @property
    def complete(self) -> bool:
        """Whether a frequency and an impedance are there."""
        return "frequency" in self.place and (
            {"re", "im"} <= self.place.keys() or {"modulus", "phase"} <= self.place.keys()
        )


@dataclass
class Table:
    """Headings and the rows under them, nan in the columns that nobody needs."""

    headings: list[str]
    groups: list[Columns]
    values: list[list[float]] = field(default_factory=list)
    line: int = 1


def groups_of(headings: Sequence[str]) -> list[Columns]:
    """Find the spectra that stand side by side in a heading line: a new one at every frequency."""
    parsed = _headings.parse_all(headings)
    starts = [i for i, h in enumerate(parsed) if h is not None and h.quantity == "frequency"]
    if len(starts) <= 1:
        return [_columns(headings, parsed, 0, len(parsed))]
    ends = [*starts[1:], len(parsed)]
    groups = [_columns(headings, parsed, a, b) for a, b in zip(starts, ends, strict=True)]
    return [g for g in groups if g.place.keys() & _IMPEDANCE] or groups[:1]


def _columns(headings: Sequence[str], parsed: Sequence[Heading | None], start: int, stop: int) -> Columns:
    place: dict[str, int] = {}
    heading: dict[str, Heading] = {}
    for i in range(start, stop):
        found = parsed[i]
        if found is None:
            continue
        old = heading.get(found.quantity)
        if old is None or (old.area_normalised and not found.area_normalised):
            place[found.quantity], heading[found.quantity] = i, found
    if "resistance" in place:
        i, found = place.pop("resistance"), heading.pop("resistance")
        if "im" in place and "re" not in place:
            place["re"], heading["re"] = i, found
    spoilt = [i for i in range(start, stop) if headings[i].strip() == EXCEL_ERROR]
    if "im" not in place and "re" in place and len(spoilt) == 1 and {"modulus", "phase"} <= place.keys():
        place["im"] = spoilt[0]
        heading["im"] = Heading(EXCEL_ERROR, "im", -1, heading["re"].unit)
    return Columns(place, heading)


def require_complete(raw: RawFile, columns: Columns, headings: Sequence[str]) -> None:
    """Raise where a frequency or half of the impedance is missing, naming what is there."""
    if columns.complete:
        return
    there = ", ".join(repr(h.strip()) for h in headings[:12] if h.strip())
    have = columns.place.keys() & _IMPEDANCE
    if not have and not (columns.place.keys() & {"frequency"}):
        raise NoImpedance(f"{raw.name}: no column holds a frequency or an impedance; its columns are {there}")
    if "frequency" not in columns.place:
        raise FormatError(
            f"{raw.name}: the frequency is missing from the columns ({there}): "
            "name one of them 'freq/Hz', or add it"
        )
    if not have:
        raise NoImpedance(f"{raw.name}: {_NEEDED_IN_WORDS} are missing from the columns ({there})")
    lack = {"re": "the real part", "im": "the imaginary part", "modulus": "|Z|", "phase": "the phase"}
    pair = ("re", "im") if have & {"re", "im"} else ("modulus", "phase")
    missing = " and ".join(lack[q] for q in pair if q not in have)
    raise FormatError(f"{raw.name}: {missing} of the impedance is missing from the columns ({there})")


def cells_to_numbers(
    raw: RawFile,
    groups: Iterable[Columns],
    headings: Sequence[str],
    row: Sequence[str],
    line: int,
    read: Reader,
) -> list[float]:
    """Turn the needed cells of one row into numbers, nan elsewhere; text in a needed cell is an error."""
    values = [float("nan")] * len(headings)
    for columns in groups:
        blank = all(i >= len(row) or not row[i].strip() for i in columns.place.values())
        for quantity, i in columns.place.items():
            value = read(row[i]) if i < len(row) else None
            if value is None and not blank and quantity not in OPTIONAL:
                cell = row[i].strip() if i < len(row) else ""
                raise FormatError(
                    f"{raw.name}: line {line}: {cell[:40]!r} under {headings[i].strip()!r} is not a number; "
                    "correct or remove that line"
                )
            values[i] = float("nan") if value is None else value
    return values


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
        part = matrix[~np.isnan(matrix[:, list(columns.place.values())]).all(axis=1)]
        z, notes = impedance(raw, columns, part, assume_units)
        frequency = part[:, columns.place["frequency"]] * columns.heading["frequency"].factor
        found = build(
            raw,
            format_name,
            frequency,
            z,
            time_s=_scaled(columns, part, "time"),
            groups=_group_columns(columns, part),
            per_point=_per_point(columns, part),
            conditions=conditions,
            findings=(*findings, *notes),
            restarts=restarts,
            first_sweep=first_sweep + len(spectra),
        )
        spectra += [_with_convention(s, columns) for s in found]
    return spectra


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
    scaled: Floats = part[:, columns.place[quantity]] * columns.heading[quantity].factor
    return scaled


def _temperature(columns: Columns, part: Floats) -> Floats | None:
    values = _scaled(columns, part, "temperature")
    unit = columns.heading["temperature"].unit if values is not None else None
    return values - ZERO_CELSIUS_K if values is not None and unit is not None and unit.kind == "K" else values


def _group_columns(columns: Columns, part: Floats) -> list[Floats]:
    groups = [part[:, columns.place["cycle"]]] if "cycle" in columns.place else []
    groups = [g for g in groups if not np.isnan(g).any()]
    temperature = _temperature(columns, part)
    if temperature is not None and not np.isnan(temperature).any():
        changes = int(np.count_nonzero(np.diff(temperature)))
        set_ones = (
            changes > 0 and 5 * (changes + 1) <= temperature.size
        )  # measured ones change at every point
        if set_ones:
            groups.append(temperature)
    return groups


def _per_point(columns: Columns, part: Floats) -> dict[str, Floats]:
    found = {"bias_v": _scaled(columns, part, "bias"), "temperature_c": _temperature(columns, part)}
    found |= {name: _scaled(columns, part, name) for name in AMPLITUDES}
    return {name: values for name, values in found.items() if values is not None}


def impedance(
    raw: RawFile, columns: Columns, part: Floats, assume_units: bool
) -> tuple[Complexes, tuple[Finding, ...]]:
    """Return the impedance in ohm from Z' and Z'', else from modulus and phase, and what was assumed."""
    use = ("re", "im") if {"re", "im"} <= columns.place.keys() else ("modulus", "phase")
    first, second = (part[:, columns.place[q]] * columns.heading[q].factor for q in use)
    notes = assumptions(raw, columns, use, second, assume_units)
    if use == ("re", "im"):
        sign, reported = _sign(columns, part, second)
        return as_complex(first + 1j * sign * second), notes + reported
    with np.errstate(invalid="ignore", over="ignore"):
        return as_complex(first * np.exp(1j * np.deg2rad(second))), notes


def assumptions(
    raw: RawFile, columns: Columns, use: Iterable[str], second: Floats, assume_units: bool = False
) -> tuple[Finding, ...]:
    """Return what had to be assumed of the units of the columns in use; ohm per area is refused.

    Parameters
    ----------
    raw : RawFile
        For the message.
    columns : Columns
        The headings.
    use : iterable of str
        The quantities in use.
    second : array, shape (n,)
        The phases, where a phase is in use.
    assume_units : bool
        Whether the format prescribes ohm and degrees.
    """
    use = tuple(use)
    silent = () if assume_units else _unit_findings(columns, use, second)
    return silent + _area_findings(raw, columns, use)


def _unit_findings(columns: Columns, use: Iterable[str], second: Floats) -> tuple[Finding, ...]:
    guess = {"re": "ohm", "im": "ohm", "modulus": "ohm", "phase": "degrees"}
    silent = [q for q in use if columns.heading[q].unit is None]
    lower = [h.text.strip() for h in columns.heading.values() if re.search(r"\bm(hz|ohms?)\b", h.text)]
    milli = tuple(
        Finding("unit", f"the m of '{text}' was read as milli; mega is written M") for text in lower
    )
    if not silent:
        return milli
    text = ", ".join(f"'{columns.heading[q].text.strip()}' taken as {guess[q]}" for q in silent)
    if "phase" in silent and np.all(np.abs(second) <= RIGHT_ANGLE_RAD):
        text += "; all phases are so small that they may be radians: write the unit into the heading"
    return (Finding("unit", f"no unit in the heading: {text}"), *milli)


def _area_findings(raw: RawFile, columns: Columns, use: Iterable[str]) -> tuple[Finding, ...]:
    units = [columns.heading[q].unit or Unit("ohm") for q in use]
    texts = "', '".join(columns.heading[q].text.strip() for q in use)
    if any(u.kind == "ohm / cm2" for u in units):
        raise FormatError(
            f"{raw.name}: '{texts}' is in ohm per area, which no impedance has: it is ohm or ohm cm2; "
            "correct the heading"
        )
    if not any(u.kind == "ohm cm2" for u in units):
        return ()
    return (
        Finding(
            AREA_NORMALISED,
            f"'{texts}' is in ohm times area, not in ohm: the values are kept in ohm cm2; "
            "a fit divides them by area_cm2",
        ),
    )


def _sign(columns: Columns, part: Floats, im: Floats) -> tuple[int, tuple[Finding, ...]]:
    """Compare the imaginary part with the phase where the file has both; report a contradiction.

    Where one heading states a negated sign and the other states none, the stated sign is used.
    """
    heading = columns.heading
    if heading["im"].text == EXCEL_ERROR:
        return 1, (
            Finding(
                "sign", "the heading of a column is '#NAME?' (a spreadsheet took '-Im' for a formula): -Im(Z)"
            ),
        )
    phase = _scaled(columns, part, "phase")
    if phase is None:
        return 1, ()
    clear = np.isfinite(phase) & np.isfinite(im) & (np.abs(phase) > 1.0) & (np.abs(phase) < 90.0)
    if clear.sum() < 3 or np.mean((np.sign(phase) == np.sign(im))[clear]) > 0.5:
        return 1, ()
    reverse = heading["phase"].sign < 0 < heading["im"].sign
    names = [heading[q].text.strip() for q in (("phase", "im") if reverse else ("im", "phase"))]
    text = f"'{names[0]}' and '{names[1]}' contradict each other in sign; the sign of the former was used"
    return -1 if reverse else 1, (Finding("sign", text),)


def plain(comma: bool) -> Reader:
    """Return the number reader for one decimal mark."""
    return lambda cell: number(cell, comma)

"""A table of currents and potentials with the places of its probes, as CSV or text."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from eisfit.errors import FormatError
from eisfit.formats.parsing.numbers import CM2, has_decimal_comma, number
from eisfit.formats.raw_file import RawFile
from eisfit.polarisation.dc_data import DcData, ProbeLayout
from eisfit.tools.frozen import Floats
from eisfit.tools.nearest import did_you_mean

NAME = "dc table"
KEYS = ("area_cm2", "temperature_c", "position_mm", "solid_mm", "position_stderr_mm", "technique")
_AMPERE = {"a": 1.0, "ma": 1e-3, "ua": 1e-6, "na": 1e-9, "pa": 1e-12}
_VOLT = {"v": 1.0, "mv": 1e-3, "uv": 1e-6}
_SECOND = {"s": 1.0, "sec": 1.0, "ms": 1e-3, "min": 60.0, "h": 3600.0}
_CURRENT = re.compile(r"(i|im|current|<i>|strom)( ?density)?|j", re.I)
_TIME = re.compile(r"t|time|elapsed time|zeit", re.I)
_STEP = re.compile(r"step|ns|segment|sequence", re.I)
_ERROR = re.compile(r"(?:stderr|sigma|error|sd)[ _]*(?:\((.+)\)|of (.+)|_(.+))", re.I)


@dataclass(frozen=True)
class _Column:
    """A column: what it is, the factor to SI units, whether it is by area, and whether it holds errors."""

    kind: str
    name: str
    factor: float
    by_area: bool
    error: bool


def unit_of(text: str) -> tuple[str, float, bool] | None:
    """Return the kind of a unit (current, potential, time), its factor to A, V or s (A/cm2), and whether it is by area.

    Examples
    --------
    >>> unit_of("uA cm-2"), unit_of("mV"), unit_of("K")
    (('current', 1e-06, True), ('potential', 0.001, False), None)
    """
    plain = (
        text.strip().replace("µ", "u").replace("μ", "u").replace("²", "2").replace("⁻", "-").replace("^", "")
    )
    if found := re.fullmatch(r"([a-zA-Z]+) ?(?:/ ?(?P<per>[a-z]+2)|[ .*]?(?P<inv>[a-z]+)-2)", plain):
        area = CM2.get(found["per"] or f"{found['inv']}2")
        ampere = _AMPERE.get(found[1].lower())
        return None if area is None or ampere is None else ("current", ampere / area, True)
    name = plain.lower()
    for kind, known in (("current", _AMPERE), ("potential", _VOLT), ("time", _SECOND)):
        if name in known:
            return kind, known[name], False
    return None


def recognise(raw: RawFile) -> bool:
    """Look for a heading line with a current and a potential in their units."""
    try:
        return _heading(raw) is not None
    except FormatError:
        return False


def read(raw: RawFile) -> list[DcData]:
    """Return the data of a table.

    Raises
    ------
    FormatError
        If a heading, a unit or a key is missing or not known, or a cell is no number.
    """
    found = _heading(raw)
    if found is None:
        raise FormatError(
            f"{raw.name}: no line of headings with a current and a potential in their units, such as 'current/mA,L1/V'"
        )
    at, separator, columns = found
    keys = _keys(raw, raw.lines[:at])
    table = _rows(raw, at, separator, len(columns))
    return [_data(raw, columns, table, keys)]


def _heading(raw: RawFile) -> tuple[int, str, list[_Column]] | None:
    for at, line in enumerate(raw.lines[:200]):
        text = line.strip().strip("\ufeff")
        if not text or text.startswith("#"):
            continue
        separator = max("\t;,", key=text.count)
        cells = [c.strip().strip('"') for c in text.split(separator)]
        if len(cells) < 2 or not all(cells) or number(cells[0], True) is not None:
            return None
        columns = [_column(raw, cell) for cell in cells]
        kinds = {c.kind for c in columns if not c.error}
        return (at, separator, columns) if {"current", "potential"} <= kinds else None
    return None


def _column(raw: RawFile, cell: str) -> _Column:
    """Return what a heading such as ``L1/mV``, ``current (uA/cm2)`` or ``stderr(L1)/V`` says."""
    found = re.fullmatch(r"(.+?) ?/ ?([^()]+)", cell) or re.fullmatch(r"(.+?) ?[(\[]([^()\[\]]+)[)\]]", cell)
    if _STEP.fullmatch(cell):
        return _Column("step", cell, 1.0, False, False)
    if found is None or (unit := unit_of(found[2])) is None:
        raise FormatError(
            f"{raw.name}: the heading {cell!r} tells no unit of a current, a potential or a time: write it behind a "
            "slash, such as current/mA, L1/V, time/s"
        )
    kind, factor, by_area = unit
    name = found[1].strip()
    of = _ERROR.fullmatch(name)
    if of is not None:
        name = next(part for part in of.groups() if part).strip()
    pattern = {"current": _CURRENT, "time": _TIME}.get(kind)
    if pattern is not None and not pattern.fullmatch(name):
        raise FormatError(
            f"{raw.name}: the heading {cell!r} has the unit of a {kind} and another name: call it {kind}"
        )
    return _Column(kind, kind if pattern else name, factor, by_area, of is not None)


def _keys(raw: RawFile, lines: list[str]) -> dict[str, str]:
    found = {}
    for line in lines:
        if (
            match := re.fullmatch(r"#\s*([A-Za-z][\w ]*?)\s*[:=]\s*(.*)", line.strip().rstrip(",;\t"))
        ) is None:
            continue
        key = match[1].strip().lower()
        if key in KEYS:
            found[key] = match[2].strip()
        elif near := did_you_mean(key, KEYS):
            raise FormatError(f"{raw.name}: no key {key!r}{near}; known: {', '.join(KEYS)}")
    return found


def _rows(raw: RawFile, at: int, separator: str, width: int) -> Floats:
    below = raw.lines[at + 1 :]
    comma = separator != "," and has_decimal_comma(below[:50])
    rows = []
    for k, line in enumerate(below, at + 2):
        if not line.strip(" ,;\t") or line.lstrip().startswith("#"):
            continue
        cells = line.split(separator)
        values = [number(c, comma) for c in cells[:width]]
        if len(values) < width or None in values:
            wrong = next((c for c, v in zip(cells, values, strict=False) if v is None), "")
            what = (
                f"{wrong.strip()[:40]!r} is no number"
                if len(values) == width
                else f"{len(cells)} of {width} cells"
            )
            raise FormatError(f"{raw.name}: line {k}: {what}; correct or remove that line")
        rows.append([float(v) for v in values if v is not None])
    if not rows:
        raise FormatError(f"{raw.name}: there is no row under the headings")
    return np.array(rows)


def _data(raw: RawFile, columns: list[_Column], table: Floats, keys: dict[str, str]) -> DcData:
    area = _number_of(raw, keys, "area_cm2")
    found: dict[tuple[str, bool], Floats] = {}
    for column, values in zip(columns, table.T, strict=True):
        scaled = values * column.factor
        if column.by_area:
            if area is None:
                raise FormatError(
                    f"{raw.name}: the current is given by area and the area is missing: write '# area_cm2: 0.785' "
                    "above the headings"
                )
            scaled = scaled * area
        if (column.name, column.error) in found:
            raise FormatError(f"{raw.name}: two columns are called {column.name!r}: give each its own name")
        found[column.name, column.error] = scaled
    probes = tuple(c.name for c in columns if c.kind == "potential" and not c.error)
    for name, error in found:
        if error and (name, False) not in found:
            raise FormatError(
                f"{raw.name}: errors of {name!r} are given, which is no column{did_you_mean(name, probes)}"
            )
    given = [found.get((name, True)) for name in probes]
    errors = [e for e in given if e is not None]
    if errors and len(errors) < len(probes):
        lacking = probes[next(k for k, e in enumerate(given) if e is None)]
        raise FormatError(
            f"{raw.name}: the errors of {lacking!r} are missing: give those of all potentials or of none"
        )
    steps = next((table[:, k] for k, c in enumerate(columns) if c.kind == "step"), None)
    return DcData(
        raw.path.stem,
        found["current", False],
        np.column_stack([found[name, False] for name in probes]),
        probes,
        time_s=found.get(("time", False)),
        step=None if steps is None else steps.astype(int),
        current_stderr_a=found.get(("current", True)),
        potential_stderr_v=np.column_stack(errors) if errors else None,
        area_cm2=area,
        temperature_c=_number_of(raw, keys, "temperature_c"),
        layout=_layout(raw, keys),
        technique=keys.get("technique", ""),
    )


def _number_of(raw: RawFile, keys: dict[str, str], key: str) -> float | None:
    if key not in keys:
        return None
    value = number(keys[key])
    if value is None:
        raise FormatError(f"{raw.name}: {key} is {keys[key]!r}: write a number alone, the key tells the unit")
    return value


def _layout(raw: RawFile, keys: dict[str, str]) -> ProbeLayout | None:
    if "position_mm" not in keys and "solid_mm" not in keys:
        return None
    for key, other in (("position_mm", "solid_mm"), ("solid_mm", "position_mm")):
        if key not in keys:
            raise FormatError(f"{raw.name}: {other} is given and {key} is missing: an interface needs both")
    positions = positions_of(re.split(r"[,;]\s*|\s+(?=\w+\s*=)", keys["position_mm"]), raw.name)
    error = _number_of(raw, keys, "position_stderr_mm")
    return ProbeLayout(positions, faces_of(keys["solid_mm"], raw.name), error or 0.0)


def positions_of(texts: list[str], where: str) -> dict[str, float]:
    """Return the places of probes from texts such as ``L1=0.5``, in mm.

    Raises
    ------
    FormatError
        If a text is none such, or a probe is named twice.
    """
    found: dict[str, float] = {}
    for text in texts:
        name, _, value = (part.strip() for part in text.partition("="))
        place = number(value)
        if not name or place is None:
            raise FormatError(
                f"{where}: the position {text!r} must be a name and a number of mm, such as L1=0.5"
            )
        if name in found:
            raise FormatError(f"{where}: the position of {name!r} is given twice")
        found[name] = place
    return found


def faces_of(text: str, where: str) -> tuple[float, float]:
    """Return both faces of the solid from a text such as ``2..4``, in mm.

    Raises
    ------
    FormatError
        If the text is none such.
    """
    ends = [number(part) for part in re.split(r"\s*(?:\.\.|,|\bto\b)\s*", text.strip())]
    if len(ends) != 2 or None in ends:
        raise FormatError(f"{where}: solid_mm is {text!r}: write both faces in mm, such as 2..4")
    low, high = ends
    assert low is not None
    assert high is not None
    return low, high

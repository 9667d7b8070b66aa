"""A manifest as a table: one file a line, its conditions in columns under any usual heading."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from eisfit.constants import ZERO_CELSIUS_K
from eisfit.errors import ManifestError
from eisfit.formats.parsing.headings import tidy
from eisfit.formats.parsing.numbers import CM, CM2, number
from eisfit.spectrum.conditions import CONDITION_NUMBERS
from eisfit.workflow.given_conditions import CELL_CONSTANT, CUTS, LAB_UNITS, not_own

SUFFIXES = (".csv", ".tsv", ".txt")
TEXTS = ("file", "probe_pair", "channel", "cell")
KNOWN = (
    "file", *CONDITION_NUMBERS, "electrodes", "probe_pair", *LAB_UNITS, CELL_CONSTANT, *CUTS, "channel", "cell",
)  # fmt: skip
_CELL = frozenset({"cell", "cellid", "zelle", "zellennummer"})
_PAIR = frozenset({"pair", "probes", "pairofprobes", "probepair", "sondenpaar", "sonden"})
FIXED = "fixed_"  # and the name of a parameter: a column of values at which it is fixed
_FIXED = re.compile(r"fixed[ _.](?P<name>[A-Za-z]\w*)(\s*[/\[(].*)?", re.ASCII)
_FILE = frozenset(
    {
        "file",
        "files",
        "filename",
        "datei",
        "dateiname",
        "fichier",
        "path",
        "filepath",
        "archivo",
        "fichero",
        "bestand",
    }
    | {"plik", "soubor", "файл", "文件", "文件名", "ファイル", "ファイル名", "파일"}
)
_DECIMAL = {"h": 1.0, "hr": 1.0, "hours": 1.0, "min": 1 / 60, "s": 1 / 3600, "d": 24.0, "days": 24.0}
_MOLAR = {"mol/l": 1.0, "moll-1": 1.0, "m": 1.0, "mmol/l": 1e-3, "mm": 1e-3}
_WORDS: tuple[tuple[str, str, Mapping[str, float]], ...] = (
    (
        "temperature_c",
        r"t|temp\.?|temperature?|température|temperatur[ae]|(cell|sample|measured)[ _]?temp(erature)?",
        {"c": 1.0, "k": 1.0},
    ),
    ("area_cm2", r"(electrode[ _]?|sample[ _]?)?area|a|fläche|surface|superficie|área|elektrodenfläche", CM2),
    (
        "thickness_cm",
        r"(sample[ _]?|pellet[ _]?)?thickness|dicke|probendicke|épaisseur|espesor|spessore|d|l",
        CM,
    ),
    (
        "diameter_mm",
        r"(sample[ _]?|pellet[ _]?)?diameter|durchmesser|diamètre|diámetro|diametro",
        {k: 10 * v for k, v in CM.items()},
    ),
    ("bias_v", r"(dc[ _]?)?bias([ _]?voltage)?", {"v": 1.0, "mv": 1e-3}),
    ("time_h", r"time|age|zeit|temps|tiempo|tempo", _DECIMAL),
    ("concentration_mol_l", r"c|conc\.?|concentration|konzentration|concentración|concentrazione", _MOLAR),
)
_UNIT = re.compile(
    r"(?P<name>.*?)\s*(?:\[(?P<a>[^\]]*)\]|\((?P<b>[^)]*)\)|/\s*(?P<c>.+)|,\s*(?P<d>.+)|\bin (?P<e>.+)"
    r"|_(?P<f>[^\W_]+))\s*"
)


@dataclass(frozen=True)
class Column:
    """A column of a manifest: its key, and how its numbers become those of the key.

    Parameters
    ----------
    key : str
        A key of a manifest, or the name of a condition of one's own.
    scale, shift : float
        The value is ``scale * number + shift``.
    own : bool
        Whether it is a condition of one's own.
    """

    key: str
    scale: float = 1.0
    shift: float = 0.0
    own: bool = False


@dataclass(frozen=True)
class Line:
    """One line of a manifest: its number, and what its filled cells hold.

    Parameters
    ----------
    number : int
        Of the line in its file.
    texts, values : mapping
        Texts and numbers by key.
    own : mapping of str to float
        Numbers of one's own.
    drop : tuple of int
        Indices of points.
    fixed : mapping of str to float
        Values of parameters, from columns such as ``fixed_R0``.
    """

    number: int
    texts: Mapping[str, str]
    values: Mapping[str, float]
    own: Mapping[str, float]
    drop: tuple[int, ...]
    fixed: Mapping[str, float]


def lines_of(path: Path, text: str) -> list[Line]:
    """Return the lines of a CSV manifest.

    Parameters
    ----------
    path : Path
        For messages.
    text : str
        Its columns separated by commas, or by semicolons or tabs, then also with decimal commas.

    Raises
    ------
    ManifestError
        If no column names the files, a heading is unknown or occurs twice, or a cell is no number.
    """
    delimiter = _delimiter(text)
    rows = [
        (count, [cell.strip() for cell in row])
        for count, row in enumerate(
            csv.reader(io.StringIO(text), delimiter=delimiter, skipinitialspace=True), 1
        )
        if any(cell.strip() for cell in row)
    ]
    headings = rows[0][1] if rows else []
    if not any(_is_file(heading) for heading in headings):
        raise ManifestError(
            f"{path}: the first line must name the columns, among them 'file' and 'temperature_c'"
        )
    columns = _columns(path, headings)
    if len(rows) == 1:
        raise ManifestError(f"{path}: the manifest names no file below its heading")
    return [_line(f"{path}, line {count}", count, columns, cells, delimiter) for count, cells in rows[1:]]


def is_manifest(text: str) -> bool:
    r"""Tell whether the first line of a table names a column of files.

    Examples
    --------
    >>> is_manifest("File;T/K\na.mpt;298"), is_manifest("frequency_hz,z_real_ohm,z_imag_ohm\n1,2,3")
    (True, False)
    """
    headings = next((line for line in text.splitlines() if line.strip()), "").split(_delimiter(text))
    return any(_is_file(heading.strip().strip('"')) for heading in headings)


def _delimiter(text: str) -> str:
    first = next((line for line in text.splitlines() if line.strip()), "")
    return next((d for d in (";", "\t") if d in first), ",")


def _is_file(heading: str) -> bool:
    return re.sub(r"[ _]", "", heading.lower()) in _FILE


def _columns(path: Path, headings: list[str]) -> list[Column | None]:
    while headings and not headings[-1]:
        headings = headings[:-1]
    found = [_column(path, heading) for heading in headings]
    keys = [column.key for column in found]
    twice = next((key for key in keys if keys.count(key) > 1), None)
    if twice is not None:
        raise ManifestError(f"{path}: two columns state {twice}; keep one")
    return list(found)


def _column(path: Path, heading: str) -> Column:
    if heading in KNOWN:
        return Column(heading)
    if _is_file(heading):
        return Column("file")
    if re.sub(r"[ _-]", "", heading.lower()) in _CELL:
        return Column("cell")
    if re.sub(r"[ _-]", "", heading.lower()) in _PAIR:
        return Column("probe_pair")
    if of := _FIXED.fullmatch(heading):
        return Column(f"{FIXED}{of['name']}")
    found = _UNIT.fullmatch(tidy(heading).replace("²", "2").replace("^", ""))
    name = (found["name"] if found else heading).strip()
    unit = next((u for u in found.group("a", "b", "c", "d", "e", "f") if u), "").strip() if found else ""
    for key, words, units in _WORDS:
        if unit and re.fullmatch(words, name.lower()) and (column := _in_unit(key, unit, units)):
            return column
    own = re.sub(
        r"\W+", "_", f"{name} {unit}".strip().replace("%", " percent").lower(), flags=re.ASCII
    ).strip("_")
    reason = "it has no name" if not own else not_own(own)
    bare = next((key for key, words, _ in _WORDS if not unit and re.fullmatch(words, name.lower())), "")
    if reason and bare:
        reason = f"it has no unit: name it {bare}, or write the unit behind it in parentheses"
    if reason:
        raise ManifestError(f"{path}: unknown column {heading!r}; known: {', '.join(KNOWN)}; {reason}")
    return Column(heading if re.fullmatch(r"[A-Za-z]\w*", heading, re.ASCII) else own, own=True)


def _in_unit(key: str, unit: str, units: Mapping[str, float]) -> Column | None:
    if key == "temperature_c":
        bare = re.sub(r"^(°|deg\.?|degrees?|grad|o|')\s*", "", unit, flags=re.IGNORECASE).lower()
        if bare in ("c", "celsius"):
            return Column(key)
        return Column(key, 1.0, -ZERO_CELSIUS_K) if bare in ("k", "kelvin") else None
    scale = units.get(unit, units.get(unit.lower()))
    return None if scale is None else Column(key, scale)


def _line(where: str, count: int, columns: list[Column | None], cells: list[str], delimiter: str) -> Line:
    if any(cells[len(columns) :]):
        raise ManifestError(
            f"{where}: it has {len(cells)} cells under {len(columns)} headings; with decimal commas, separate the "
            "cells by semicolons"
        )
    texts: dict[str, str] = {}
    values: dict[str, float] = {}
    own: dict[str, float] = {}
    fixed: dict[str, float] = {}
    drop: tuple[int, ...] = ()
    for column, cell in zip(columns, cells, strict=False):
        if column is None or not cell:
            continue
        if column.key in TEXTS:
            texts[column.key] = cell
        elif column.key == "drop":
            drop = tuple(int(_number(where, "drop", k, delimiter, whole=True)) for k in cell.split())
        elif column.key.startswith(FIXED):
            fixed[column.key.removeprefix(FIXED)] = float(
                _number(where, column.key, cell, delimiter, whole=False)
            )
        else:
            value = _number(where, column.key, cell, delimiter, whole=column.key == "electrodes")
            (own if column.own else values)[column.key] = column.scale * value + column.shift
    if not texts.get("file"):
        raise ManifestError(f"{where}: the column 'file' is empty")
    return Line(count, texts, values, own, drop, fixed)


def _number(where: str, key: str, cell: str, delimiter: str, *, whole: bool) -> float:
    value = number(cell, comma=delimiter != ",")
    if value is None:
        raise ManifestError(f"{where}: {key} is {cell!r}; it must be a number")
    if whole and value != int(value):
        raise ManifestError(f"{where}: {key} is {cell!r}; it must be a whole number")
    return value

"""The manifest of a series: which file was measured under which conditions, and how to fit them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from eisfit.constants import ZERO_CELSIUS_K
from eisfit.errors import InputError, ManifestError
from eisfit.formats import Channel, channel_of, names_of, read_file
from eisfit.spectrum import CONDITION_NUMBERS, Conditions, Finding, Spectrum
from eisfit.template_files import parse_setting
from eisfit.templates import Setting
from eisfit.toml import Table

MANIFEST_NAME = "series.toml"
_CONDITIONS = tuple(f.name for f in fields(Conditions))
_CUTS = ("f_min_hz", "f_max_hz", "drop")
_WEIGHTS = ("modulus", "unit", "proportional", "noise")
_LOSSES = ("linear", "soft_l1", "cauchy", "student_t")
_AGREE = 1e-3  # relative difference of file and manifest from which they disagree; absolute beside a 0


@dataclass(frozen=True)
class Unread:
    """A file of the series that gave no spectrum, and why."""

    label: str
    file: str
    reason: str


@dataclass(frozen=True)
class Cut:
    """Which points take no part: outside a window in Hz, or by index."""

    f_min_hz: float | None = None
    f_max_hz: float | None = None
    drop: tuple[int, ...] = ()


@dataclass(frozen=True)
class Entry:
    """One file of the series, what was known when it was measured, what to cut, and which channel to take."""

    file: Path
    conditions: Conditions
    cut: Cut = Cut()
    findings: tuple[Finding, ...] = ()
    channel: Channel = "we"


@dataclass(frozen=True)
class Manifest:
    """A series as its user describes it.

    Parameters
    ----------
    path : Path
        The manifest file.
    entries : tuple of Entry
        Its files.
    template : str or None
        Template name, path of a template (relative to the manifest), or circuit string.
    settings : mapping of str to Setting
        ``[parameter.NAME]`` tables.
    over : str
        The condition that orders the series.
    weights, loss : str
        Names of the weights and of the loss.
    """

    path: Path
    entries: tuple[Entry, ...]
    template: str | None = None
    settings: Mapping[str, Setting] = field(default_factory=lambda: MappingProxyType({}))
    over: str = "temperature_c"
    weights: str = "modulus"
    loss: str = "linear"


def read_manifest(path: str | Path) -> Manifest:
    """Read the manifest of a series.

    Parameters
    ----------
    path : str or Path
        A folder with a ``series.toml``, such a file under any name, or a CSV file with the columns
        ``file, temperature_c`` and any others of `Conditions`.

    Raises
    ------
    ManifestError
        If there is none, a key is unknown, a value is wrong, a name tells no temperature, or no file matches.
    """
    path = Path(path)
    if path.is_dir():
        inside = path / MANIFEST_NAME
        if not inside.is_file():
            raise ManifestError(
                f"{path}: no {MANIFEST_NAME} in this folder; write one that names the files, their temperatures "
                "and the template, or give a CSV manifest"
            )
        path = inside
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ManifestError(f"{path}: there is no such folder or file") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ManifestError(f"{path}: the manifest cannot be read as UTF-8 text ({error})") from None
    return (
        _from_csv(path, text) if path.suffix.lower() in (".csv", ".tsv", ".txt") else _from_toml(path, text)
    )


def read_spectra(manifest: Manifest) -> tuple[list[Spectrum], list[Unread]]:
    """Read the files of a manifest.

    Parameters
    ----------
    manifest : Manifest
        What to read.

    Returns
    -------
    spectra : list of Spectrum
        With their conditions and cuts; all sweeps of a file.
    unread : list of Unread
        Files that could not be read, each with its reason.

    Raises
    ------
    ManifestError
        If a spectrum does not know the condition that orders the series.
    """
    spectra: list[Spectrum] = []
    unread: list[Unread] = []
    names = names_of([entry.file for entry in manifest.entries])
    for entry, name in zip(manifest.entries, names, strict=True):
        try:
            sweeps = [_applied(s, entry) for s in read_file(entry.file, channel=entry.channel)]
        except InputError as error:
            unread.append(Unread(name, str(entry.file), str(error)))
            continue
        spectra += [s.named(name if k == 1 else f"{name}#{k}") for k, s in enumerate(sweeps, 1)]
    for spectrum in spectra:
        if getattr(spectrum.conditions, manifest.over) is None:
            raise ManifestError(
                f"{manifest.path}: {manifest.over} of {spectrum.label!r} is missing; write it beside its file, or "
                f"let temperature_from_name tell it"
            )
    return spectra, unread


def _applied(spectrum: Spectrum, entry: Entry) -> Spectrum:
    """Return the spectrum under the manifest's conditions; where the file says otherwise, a finding says so."""
    notes = list(entry.findings)
    for name in _CONDITIONS:
        mine, its = getattr(entry.conditions, name), getattr(spectrum.conditions, name)
        if mine is not None and its is not None and name != "layers" and _differ(mine, its):
            text = f"the manifest says {name} = {_shown(mine)}, the file {_shown(its)}; the manifest counts"
            notes.append(Finding("disagreement", text))
    given = {name: getattr(entry.conditions, name) for name in _CONDITIONS if name != "layers"}
    layers = {**spectrum.conditions.layers, **entry.conditions.layers}
    merged = replace(spectrum.conditions.updated(**given), layers=layers)
    cut = entry.cut
    return (
        spectrum.under(merged).noting(*notes).cut(f_min_hz=cut.f_min_hz, f_max_hz=cut.f_max_hz, drop=cut.drop)
    )


def _differ(a: object, b: object) -> bool:
    if isinstance(a, int | float) and isinstance(b, int | float):
        scale = max(abs(a), abs(b)) if a and b else 1.0
        return abs(a - b) > _AGREE * scale
    return a != b


def _shown(value: object) -> str:
    return f"{value:g}" if isinstance(value, int | float) else f"{value}"


# series.toml


def _from_toml(path: Path, text: str) -> Manifest:
    table = Table.parse(text, str(path), ManifestError)
    template, circuit = table.take("template", None), table.take("circuit", None)
    if template is not None and circuit is not None:
        raise ManifestError(f"{path}: template and circuit are both given; keep one")
    common, cut, channel = _conditions(table), _cut(table), _channel(table) or "we"
    pattern, files = table.take("temperature_from_name", None), table.take("files", None)
    over, weights = table.string("over", "temperature_c"), table.string("weights", "modulus")
    loss = table.string("loss", "linear")
    settings = {name: parse_setting(t) for name, t in table.named_tables("parameter").items()}
    singles = [
        _single(path.parent, t, common, cut, channel, pattern) for t in table.tables("spectrum", "file")
    ]
    table.finish()
    if over not in CONDITION_NUMBERS:
        raise ManifestError(f"{path}: over = {over!r} is no condition; known: {', '.join(CONDITION_NUMBERS)}")
    for key, value, known in (("weights", weights, _WEIGHTS), ("loss", loss, _LOSSES)):
        if value not in known:
            raise ManifestError(f"{path}: {key} = {value!r} is unknown; known: {', '.join(known)}")
    matched = [] if files is None else _matched(path, files, common, cut, channel, pattern)
    entries = tuple(singles + matched)
    if not entries:
        raise ManifestError(f'{path}: no file is named; write [[spectrum]] tables, or files = "*.mpt"')
    name = circuit if circuit is not None else template
    if isinstance(template, str) and template.endswith(".toml"):
        name = str(path.parent / template)
    return Manifest(path, entries, name, MappingProxyType(settings), over, weights, loss)


def _conditions(table: Table) -> dict[str, Any]:
    """Take the conditions that a table gives; checked in full when all are together."""
    found: dict[str, Any] = {name: table.number(name) for name in CONDITION_NUMBERS}
    found["electrodes"] = table.take("electrodes", None)
    found["probe_pair"] = table.take("probe_pair", None)
    found["layers"] = table.take("layers", None)
    return {name: value for name, value in found.items() if value is not None}


def _cut(table: Table) -> Cut:
    drop = table.take("drop", [])
    if not (isinstance(drop, list) and all(isinstance(k, int) and not isinstance(k, bool) for k in drop)):
        raise ManifestError(f"{table.where}: drop is {drop!r}; write indices counted from 0, as [0, 3]")
    return Cut(table.number("f_min_hz"), table.number("f_max_hz"), tuple(drop))


def _channel(table: Table) -> Channel | None:
    given = table.take("channel", None)
    return None if given is None else _known_channel(table.where, given)


def _known_channel(where: str, text: object) -> Channel:
    try:
        return channel_of(text)
    except InputError as error:
        raise ManifestError(f"{where}: {error}") from None


def _merged(common: Cut, own: Cut) -> Cut:
    return Cut(
        common.f_min_hz if own.f_min_hz is None else own.f_min_hz,
        common.f_max_hz if own.f_max_hz is None else own.f_max_hz,
        tuple(sorted({*common.drop, *own.drop})),
    )


def _single(
    folder: Path, table: Table, common: dict[str, Any], cut: Cut, channel: Channel, pattern: str | None
) -> Entry:
    file = folder / table.string("file")
    own, own_cut, own_channel = _conditions(table), _cut(table), _channel(table)
    table.finish()
    return _entry(
        table.where, file, {**common, **own}, _merged(cut, own_cut), own_channel or channel, pattern
    )


def _matched(
    path: Path, files: object, common: dict[str, Any], cut: Cut, channel: Channel, pattern: str | None
) -> list[Entry]:
    patterns = [files] if isinstance(files, str) else files
    if not isinstance(patterns, list) or not all(isinstance(p, str) for p in patterns):
        raise ManifestError(f'{path}: files is {files!r}; write a pattern as "*.mpt", or a list of them')
    found = [f for p in patterns for f in sorted(path.parent.glob(p)) if f.is_file() and f != path]
    if not found:
        raise ManifestError(f"{path}: no file matches files = {files!r} in {path.parent}")
    return [_entry(str(path), f, common, cut, channel, pattern) for f in dict.fromkeys(found)]


def _entry(
    where: str, file: Path, values: dict[str, Any], cut: Cut, channel: Channel, pattern: str | None
) -> Entry:
    findings: tuple[Finding, ...] = ()
    if pattern is not None and "temperature_c" not in values:
        temperature, findings = temperature_from_name(file.stem, pattern, where)
        values = {**values, "temperature_c": temperature}
    try:
        conditions = Conditions(**values)
    except (InputError, TypeError, ValueError, AttributeError) as error:
        raise ManifestError(f"{where}: {error}") from None
    return Entry(file, conditions, cut, findings, channel)


# Temperatures in names

_UNIT = r"[ _]?(?P<unit>°C|degC|deg_C|deg|K|C)(?![A-Za-z0-9])"
_NUMBER = r"(?P<number>\d+(?:[.,]\d+)?)"
_PLACE = re.compile(r"\{temperature_c\}[ _]?(?:°C|degC|deg_C|deg|K|C)?")


def temperature_from_name(stem: str, pattern: str, where: str = "") -> tuple[float, tuple[Finding, ...]]:
    """Return the temperature in °C that a file name tells.

    Parameters
    ----------
    stem : str
        File name without its suffix.
    pattern : str
        Text with ``{temperature_c}`` in the place of the number; the unit behind it may be written ``C``,
        ``degC``, ``deg`` or ``K`` in any name. Text in front of it must stand in the name, ``*`` for anything.
    where : str
        Manifest, for messages.

    Returns
    -------
    temperature_c : float
    findings : tuple of Finding
        Where a ``-`` was read as a hyphen.

    Raises
    ------
    ManifestError
        If the name tells none, or several.

    Examples
    --------
    >>> [temperature_from_name(s, "{temperature_c}C")[0] for s in ("llto_25C", "m20C", "-20C", "140deg")]
    [25.0, -20.0, -20.0, 140.0]
    >>> round(temperature_from_name("cell_298K", "{temperature_c}C")[0], 2)
    24.85
    """
    place = _PLACE.search(pattern)
    at = f"{where}: " if where else ""
    if place is None:
        raise ManifestError(f"{at}temperature_from_name = {pattern!r} has no {{temperature_c}} in it")
    before = re.escape(pattern[: place.start()]).replace(r"\*", ".*")
    after = re.escape(pattern[place.end() :]).replace(r"\*", ".*")
    lead = before or r"(?<![0-9.,])"
    sign = "(?P<sign>m|[-−])?" if before else "(?P<sign>)"
    found = list(re.finditer(f"{lead}{sign}{_NUMBER}{_UNIT}{after}", stem))
    if len(found) != 1:
        what = "tells no temperature" if not found else f"tells {len(found)} temperatures"
        raise ManifestError(
            f"{at}the name {stem!r} {what} by temperature_from_name = {pattern!r}; it reads 25C, -20C, m20C, 298K, "
            "25degC, 140deg; rename the file, or write temperature_c beside it"
        )
    match = found[0]
    value = float(match["number"].replace(",", "."))
    if match["unit"] == "K":
        return value - ZERO_CELSIUS_K, ()
    if before:
        return (-value if match["sign"] else value), ()
    return _signed(value, stem, match.start(), at)


def _signed(value: float, stem: str, start: int, at: str) -> tuple[float, tuple[Finding, ...]]:
    """Apply what stands in front of the number: a minus, a hyphen after a word, an m for minus."""
    sign, earlier = stem[max(start - 1, 0) : start], stem[max(start - 2, 0) : max(start - 1, 0)]
    if sign == "m" and earlier.isalpha():
        raise ManifestError(
            f"{at}the name {stem!r} leaves open whether 'm' before {value:g} means minus; write _m{value:g} or "
            f"_{value:g}, or temperature_c beside the file"
        )
    if sign in ("-", "−") and earlier.isalnum():
        note = f"'{sign}' before {value:g} in {stem!r} was read as a hyphen; write m{value:g} for a minus"
        return value, (Finding("temperature sign", note),)
    return (-value if sign in ("-", "−", "m") else value), ()


# CSV manifest


def _from_csv(path: Path, text: str) -> Manifest:
    first = text.split("\n", 1)[0]
    delimiter = next((d for d in (";", "\t") if d in first), ",")
    rows = list(csv.reader(io.StringIO(text), delimiter=delimiter, skipinitialspace=True))
    rows = [[cell.strip() for cell in row] for row in rows if any(cell.strip() for cell in row)]
    if not rows or "file" not in rows[0]:
        raise ManifestError(
            f"{path}: the first line must name the columns, among them 'file' and 'temperature_c'"
        )
    header = rows[0]
    known = ("file", *(c for c in _CONDITIONS if c != "layers"), *_CUTS, "channel")
    for column in header:
        if column not in known:
            raise ManifestError(f"{path}: unknown column {column!r}; known: {', '.join(known)}")
    entries = tuple(
        _csv_entry(path, number, dict(zip(header, row, strict=False)), delimiter)
        for number, row in enumerate(rows[1:], 2)
    )
    if not entries:
        raise ManifestError(f"{path}: the manifest names no file below its heading")
    return Manifest(path, entries)


def _csv_entry(path: Path, line: int, cells: Mapping[str, str], delimiter: str) -> Entry:
    where = f"{path}, line {line}"
    values: dict[str, Any] = {}
    for name, cell in cells.items():
        if not cell or name == "file":
            continue
        if name in ("probe_pair", "channel"):
            values[name] = cell
            continue
        try:
            if name == "drop":
                values[name] = [int(k) for k in cell.split()]
            else:
                number = float(cell.replace(",", ".") if delimiter != "," else cell)
                values[name] = int(number) if name == "electrodes" else number
        except ValueError:
            raise ManifestError(f"{where}: {name} is {cell!r}; it must be a number") from None
    if not cells.get("file"):
        raise ManifestError(f"{where}: the column 'file' is empty")
    cut = Cut(values.pop("f_min_hz", None), values.pop("f_max_hz", None), tuple(values.pop("drop", ())))
    channel = _known_channel(where, values.pop("channel", "we"))
    return _entry(where, path.parent / cells["file"], values, cut, channel, None)


def with_template(
    manifest: Manifest, template: str | None, electrodes: int | None, channel: str | None = None
) -> Manifest:
    """Return the manifest with what the command line says instead.

    Raises
    ------
    InputError
        If the channel is unknown.
    """
    entries: Sequence[Entry] = manifest.entries
    if channel is not None:
        known = channel_of(channel)
        entries = [replace(e, channel=known) for e in entries]
    if electrodes is not None:
        entries = [replace(e, conditions=e.conditions.updated(electrodes=electrodes)) for e in entries]
    return replace(manifest, template=template or manifest.template, entries=tuple(entries))

"""The manifest of a series: which file was measured under which conditions, and how to fit them."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from eisfit.cell.segments import Setting
from eisfit.cell.template_file import parse_setting
from eisfit.errors import InputError, ManifestError
from eisfit.formats import Channel, channel_of
from eisfit.options import LOSSES, NAMED_WEIGHTS
from eisfit.spectrum.conditions import CONDITION_NUMBERS, Conditions
from eisfit.spectrum.findings import Finding
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.regular_file import text_of
from eisfit.tools.toml_table import Table, shown
from eisfit.tools.wildcards import fault_of
from eisfit.workflow.temperature_names import temperature_from_name

MANIFEST_NAME = "series.toml"
CONDITION_NAMES = tuple(f.name for f in fields(Conditions))
_CUTS = ("f_min_hz", "f_max_hz", "drop")
AGREE = 1e-3  # largest relative difference at which file and manifest agree; absolute where one of them is 0


@dataclass(frozen=True)
class Cut:
    """The points to mask before fitting: outside a window in Hz, or by index."""

    f_min_hz: float | None = None
    f_max_hz: float | None = None
    drop: tuple[int, ...] = ()

    def applied(self, spectrum: Spectrum) -> Spectrum:
        """Return a spectrum with these points masked."""
        return spectrum.cut(f_min_hz=self.f_min_hz, f_max_hz=self.f_max_hz, drop=self.drop)


NO_CUT = Cut()


@dataclass(frozen=True)
class Entry:
    """One file of the series, its conditions, the points to mask, and the channel to take."""

    file: Path
    conditions: Conditions
    cut: Cut = NO_CUT
    findings: tuple[Finding, ...] = ()
    channel: Channel = "we"


@dataclass(frozen=True)
class Manifest:
    """The description of a series by its user.

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
    keep : tuple of str
        Labels of spectra that stay in lines, as in `Series`.
    without : tuple of str
        Segments of the template that the cell does not have.
    assign : tuple of str
        Segments in the order of the frequencies of their arcs, as in `fit_series`.
    """

    path: Path
    entries: tuple[Entry, ...]
    template: str | None = None
    settings: Mapping[str, Setting] = field(default_factory=lambda: MappingProxyType({}))
    over: str = "temperature_c"
    weights: str = "modulus"
    loss: str = "linear"
    keep: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    assign: tuple[str, ...] = ()


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
        If there is none, a key is unknown, a value is wrong, a name contains no temperature, or no file matches.
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
        text = text_of(path)
    except FileNotFoundError:
        raise ManifestError(f"{path}: there is no such folder or file") from None
    except (OSError, UnicodeDecodeError) as error:
        reason = (isinstance(error, OSError) and error.strerror) or error
        raise ManifestError(f"{path}: the manifest cannot be read as UTF-8 text ({reason})") from None
    return (
        _from_csv(path, text) if path.suffix.lower() in (".csv", ".tsv", ".txt") else _from_toml(path, text)
    )


# series.toml


def _from_toml(path: Path, text: str) -> Manifest:
    table = Table.parse(text, str(path), ManifestError)
    template, circuit = table.optional_string("template"), table.optional_string("circuit")
    if template is not None and circuit is not None:
        raise ManifestError(f"{path}: template and circuit are both given; keep one")
    common, cut, channel = _conditions(table), _cut(table), _channel(table) or "we"
    pattern, files = table.optional_string("temperature_from_name"), table.take("files", None)
    over, weights = table.string("over", "temperature_c"), table.string("weights", "modulus")
    loss, keep = table.string("loss", "linear"), table.strings("keep", ())
    without, assign = table.strings("without", ()), table.strings("assign", ())
    settings = {name: parse_setting(t) for name, t in table.named_tables("parameter").items()}
    singles = [
        _single(path.parent, t, common, cut, channel, pattern) for t in table.tables("spectrum", "file")
    ]
    table.finish()
    if over not in CONDITION_NUMBERS:
        raise ManifestError(f"{path}: over = {over!r} is no condition; known: {', '.join(CONDITION_NUMBERS)}")
    for key, value, known in (("weights", weights, NAMED_WEIGHTS), ("loss", loss, LOSSES)):
        if value not in known:
            raise ManifestError(f"{path}: {key} = {value!r} is unknown; known: {', '.join(known)}")
    matched = [] if files is None else _matched(path, files, common, cut, channel, pattern)
    entries = tuple(singles + matched)
    if not entries:
        raise ManifestError(f'{path}: no file is named; write [[spectrum]] tables, or files = "*.mpt"')
    name = circuit if circuit is not None else template
    if isinstance(template, str) and template.endswith(".toml"):
        name = str(path.parent / template)
    return Manifest(
        path, entries, name, MappingProxyType(settings), over, weights, loss, keep, without, assign
    )


def _conditions(table: Table) -> dict[str, Any]:
    """Return the conditions that a table gives; they are checked after common ones are added."""
    found: dict[str, Any] = {name: table.number(name) for name in CONDITION_NUMBERS}
    found["electrodes"] = table.take("electrodes", None)
    found["probe_pair"] = table.optional_string("probe_pair")
    found["layers"] = table.take("layers", None)
    return {name: value for name, value in found.items() if value is not None}


def _cut(table: Table) -> Cut:
    drop = table.take("drop", [])
    if not (isinstance(drop, list) and all(isinstance(k, int) and not isinstance(k, bool) for k in drop)):
        raise ManifestError(f"{table.where}: drop is {shown(drop)}; write indices counted from 0, as [0, 3]")
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
        raise ManifestError(f'{path}: files is {shown(files)}; write a pattern as "*.mpt", or a list of them')
    found = [f for p in patterns for f in _files_of(path, p) if f.is_file() and f != path]
    if not found:
        raise ManifestError(f"{path}: no file matches files = {files!r} in {path.parent}")
    return [_entry(str(path), f, common, cut, channel, pattern) for f in dict.fromkeys(found)]


def _files_of(path: Path, pattern: str) -> list[Path]:
    if fault := fault_of(pattern):
        raise ManifestError(f"{path}: files = {shown(pattern)} {fault}")
    try:
        return sorted(path.parent.glob(pattern))
    except (ValueError, NotImplementedError, IndexError) as error:
        raise ManifestError(
            f"{path}: files = {shown(pattern)} is no pattern of files beside this one ({error}); write one as "
            '"*.mpt", or name each file in a [[spectrum]] table'
        ) from None


def _entry(
    where: str, file: Path, values: dict[str, Any], cut: Cut, channel: Channel, pattern: str | None
) -> Entry:
    findings: tuple[Finding, ...] = ()
    if pattern is not None and "temperature_c" not in values:
        temperature, findings = temperature_from_name(file.stem, pattern, where)
        values = {**values, "temperature_c": temperature}
    try:
        conditions = Conditions(**values)
    except (InputError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise ManifestError(f"{where}: {error}") from None
    return Entry(file, conditions, cut, findings, channel)


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
    known = ("file", *(c for c in CONDITION_NAMES if c != "layers"), *_CUTS, "channel")
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
    """Return the manifest with the choices of the caller in place of its own.

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

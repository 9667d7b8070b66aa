"""The manifest of a series: which file was measured under which conditions, and how to fit them."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from eisfit.cell.segments import Setting
from eisfit.cell.template_file import parse_settings
from eisfit.errors import InputError, ManifestError
from eisfit.formats import Channel, channel_of
from eisfit.formats.raw_file import decoded
from eisfit.formats.reading import why_none
from eisfit.options import LOSSES, NAMED_WEIGHTS
from eisfit.spectrum.conditions import NO_CONDITIONS, Conditions
from eisfit.spectrum.findings import Finding
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.nearest import did_you_mean, file_like
from eisfit.tools.regular_file import MOST_TEXT_BYTES, bytes_of
from eisfit.tools.toml_table import Table, shown
from eisfit.tools.wildcards import fault_of
from eisfit.workflow.cell_names import cell_from_name, checked_cell
from eisfit.workflow.csv_manifest import SUFFIXES, Line, lines_of
from eisfit.workflow.given_conditions import Given, given, given_in, over_among, own_in
from eisfit.workflow.joint_keys import NO_JOINT, JointKeys, joint_keys
from eisfit.workflow.pair_names import pair_from_name
from eisfit.workflow.temperature_names import name_in, temperature_from_name

MANIFEST_NAME = "series.toml"


@dataclass(frozen=True)
class Cut:
    """The points to mask before fitting: outside a window in Hz, or by index."""

    f_min_hz: float | None = None
    f_max_hz: float | None = None
    drop: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        low, high = self.f_min_hz, self.f_max_hz
        if low is not None and high is not None and low > high:
            raise InputError(
                f"f_min_hz = {low:g} lies above f_max_hz = {high:g}, so no point is left; exchange the two"
            )

    def applied(self, spectrum: Spectrum) -> Spectrum:
        """Return a spectrum with these points masked."""
        return spectrum.cut(f_min_hz=self.f_min_hz, f_max_hz=self.f_max_hz, drop=self.drop)


NO_CUT = Cut()


@dataclass(frozen=True)
class Named:
    """What names of files tell: patterns for temperature, cell and pair, and the folder from which names count."""

    folder: Path = Path()
    temperature: str | None = None
    cell: str | None = None
    pair: str | None = None


NO_NAMES = Named()


@dataclass(frozen=True)
class Entry:
    """One file of the series, its conditions, the points to mask, and the channel to take.

    Parameters
    ----------
    cell : str
        Which cell it is of; empty where there is one only.
    cell_column : str
        Heading of the column of the file that tells the cell of each sweep.
    fault : str
        Why it cannot take part; it is then named among the unread files.
    sweeps : tuple of Spectrum
        What was read of it already; if empty, it is read when asked.
    """

    file: Path
    conditions: Conditions
    cut: Cut = NO_CUT
    findings: tuple[Finding, ...] = ()
    channel: Channel = "we"
    cell: str = ""
    cell_column: str = ""
    fault: str = ""
    sweeps: tuple[Spectrum, ...] = ()


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
        ``[parameter.NAME]`` tables, ``fixed`` and ``tie``.
    over : str
        The condition that orders the series.
    over_given : bool
        Whether it was chosen; if not, spectra that all have no temperature are fitted each by itself.
    weights, loss : str
        Names of the weights and of the loss.
    keep : tuple of str
        Labels of spectra that stay in lines, as in `Series`.
    without : tuple of str
        Segments of the template that the cell does not have.
    assign : tuple of str
        Segments in the order of the frequencies of their arcs, as in `fit_series`.
    joint : JointKeys
        What is said of a joint fit.
    drift_correction : bool
        Whether all sweeps are interpolated in time, each to one instant, as by `eisfit.drift_corrected`.
    drt : bool
        Whether the distributions of relaxation times are kept beside the fits.
    suggest : bool
        Whether the circuits and templates that the spectra allow are kept beside the fits.
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
    over_given: bool = False
    joint: JointKeys = NO_JOINT
    drift_correction: bool = False
    drt: bool = False
    suggest: bool = False


def read_manifest(path: str | Path) -> Manifest:
    """Read the manifest of a series.

    Parameters
    ----------
    path : str or Path
        A folder with a ``series.toml``, such a file under any name, or a CSV file (in any encoding) with the columns
        ``file, temperature_c`` and any others of `Conditions`, also under the headings of spectra such as ``T/K``.

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
                f"{path}: no {MANIFEST_NAME} in this folder; write one by 'eisfit init {path}', or give --template "
                "NAME (see 'eisfit templates') or --circuit STRING, by which its files are fitted as they are"
            )
        path = inside
    table = path.suffix.lower() in SUFFIXES
    try:
        text = decoded(bytes_of(path, MOST_TEXT_BYTES)).replace("\r\n", "\n").replace("\r", "\n")
    except FileNotFoundError:
        raise ManifestError(f"{path}: there is no such folder or file{file_like(path)}") from None
    except OSError as error:
        raise ManifestError(f"{path}: the manifest cannot be read ({error.strerror or error})") from None
    return _from_csv(path, text) if table else _from_toml(path, text)


# series.toml


def _from_toml(path: Path, text: str) -> Manifest:
    table = Table.parse(text, str(path), ManifestError)
    template, circuit = table.optional_string("template"), table.optional_string("circuit")
    if template is not None and circuit is not None:
        raise ManifestError(f"{path}: template and circuit are both given; keep one")
    common, cut, channel = given_in(table), _cut(table), _channel(table) or "we"
    patterns = (f"{what}_from_name" for what in ("temperature", "cell", "pair"))
    named = Named(path.parent, *(table.optional_string(key) for key in patterns))
    files, cell, cell_column = table.take("files", None), _cell(table), table.string("cell_column", "")
    over, over_given = table.string("over", "temperature_c"), "over" in table.data
    weights = table.string("weights", "modulus")
    loss, named_lists = table.string("loss", "linear"), ("keep", "without", "assign")
    lists: dict[str, Any] = {key: table.strings(key, ()) for key in named_lists}
    settings, joint = parse_settings(table), joint_keys(table, path.parent)
    corrected = table.truth("drift_correction", False)
    looks: dict[str, Any] = {key: table.truth(key, False) for key in ("drt", "suggest")}
    spectra = list(table.tables("spectrum", "file"))
    common = common.then(own_in(table))
    table.finish()
    common_entry = Entry(path, NO_CONDITIONS, cut, (), channel, cell, cell_column)
    singles = [_single(t, common, common_entry, named) for t in spectra]
    for key, value, known in (("weights", weights, NAMED_WEIGHTS), ("loss", loss, LOSSES)):
        _check_word(path, key, value, known)
    matched = [] if files is None else _matched(files, common, common_entry, named)
    entries = tuple(singles + matched)
    if not entries:
        raise ManifestError(f'{path}: no file is named; write [[spectrum]] tables, or files = "*.mpt"')
    over_among(over, (entry.conditions for entry in entries), str(path))
    name = circuit if circuit is not None else template
    if isinstance(template, str) and template.endswith(".toml"):
        name = str(path.parent / template)
    own = MappingProxyType(settings)
    written = Manifest(path, entries, name, own, over, weights, loss, over_given=over_given, joint=joint)
    return replace(written, **lists, drift_correction=corrected, **looks)


def _check_word(path: Path, key: str, value: str, known: Sequence[str]) -> None:
    if value not in known:
        near = did_you_mean(value, known)
        raise ManifestError(f"{path}: {key} = {value!r} is unknown{near}; known: {', '.join(known)}")


def _cut(table: Table) -> Cut:
    drop = table.take("drop", [])
    if not (isinstance(drop, list) and all(isinstance(k, int) and not isinstance(k, bool) for k in drop)):
        raise ManifestError(f"{table.where}: drop is {shown(drop)}; write indices counted from 0, as [0, 3]")
    return _made(table.where, table.number("f_min_hz"), table.number("f_max_hz"), tuple(drop))


def _made(where: str, low: float | None, high: float | None, drop: tuple[int, ...]) -> Cut:
    try:
        return Cut(low, high, drop)
    except InputError as error:
        raise ManifestError(f"{where}: {error}") from None


def _channel(table: Table) -> Channel | None:
    given = table.take("channel", None)
    return None if given is None else _known_channel(table.where, given)


def _known_channel(where: str, text: object) -> Channel:
    try:
        return channel_of(text)
    except InputError as error:
        raise ManifestError(f"{where}: {error}") from None


def _merged(where: str, common: Cut, own: Cut) -> Cut:
    return _made(
        where,
        common.f_min_hz if own.f_min_hz is None else own.f_min_hz,
        common.f_max_hz if own.f_max_hz is None else own.f_max_hz,
        tuple(sorted({*common.drop, *own.drop})),
    )


def _cell(table: Table) -> str:
    given = table.take("cell", None)
    return "" if given is None else checked_cell(given, table.where)


def _single(table: Table, common: Given, all_have: Entry, named: Named) -> Entry:
    file = named.folder / table.string("file")
    own, own_cut, own_channel = given_in(table), _cut(table), _channel(table)
    cell, fixed = _cell(table), _fixed(table)
    found = common.then(own).then(own_in(table)).then(Given({"fixed": fixed} if fixed else {}))
    table.finish()
    entry = replace(
        all_have,
        file=file,
        cut=_merged(table.where, all_have.cut, own_cut),
        channel=own_channel or all_have.channel,
        cell=cell or all_have.cell,
    )
    return _entry(table.where, entry, found, replace(named, cell=None) if cell else named)


def _fixed(table: Table) -> dict[str, float]:
    """Return at what one spectrum fixes parameters: ``fixed``, and ``[spectrum.parameter.NAME]`` with ``fixed``."""
    found = {}
    for name, setting in parse_settings(table).items():
        if setting.fixed is None or setting != Setting(fixed=setting.fixed):
            raise ManifestError(
                f"{table.where}: {name}: only fixed may be stated of one spectrum; write ranges, starts and ties for "
                "all of them"
            )
        found[name] = setting.fixed
    return found


def _matched(files: object, common: Given, all_have: Entry, named: Named) -> list[Entry]:
    """Return the entries of the files that match patterns; a name that tells no temperature or cell is a fault."""
    path = all_have.file
    patterns = [files] if isinstance(files, str) else files
    if not isinstance(patterns, list) or not all(isinstance(p, str) for p in patterns):
        raise ManifestError(f'{path}: files is {shown(files)}; write a pattern as "*.mpt", or a list of them')
    found = [f for p in patterns for f in _files_of(path, p) if f.is_file() and f != path]
    if not found:
        why = why_none(str(path.parent / patterns[0])) if patterns else ""
        raise ManifestError(f"{path}: no file matches files = {files!r} in {path.parent}{why}")
    entries, faults = [], []
    for file in dict.fromkeys(found):
        entry = replace(all_have, file=file)
        try:
            entries.append(_entry(str(path), entry, common, named))
        except ManifestError as error:
            faults.append(error)
            entries.append(replace(entry, fault=str(error)))
    if len(faults) == len(entries):
        raise faults[0]
    return entries


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


def _entry(where: str, entry: Entry, found: Given, named: Named = NO_NAMES) -> Entry:
    """Return an entry with its conditions, and with what its name tells."""
    findings: tuple[Finding, ...] = ()
    name = name_in(entry.file, named.folder)
    if named.temperature is not None and "temperature_c" not in found.values:
        temperature, findings = temperature_from_name(name, named.temperature, where)
        found = found.then(Given({"temperature_c": temperature}))
    if named.pair is not None and "probe_pair" not in found.values:
        found = found.then(Given({"probe_pair": pair_from_name(name, named.pair, where)}))
    cell = entry.cell if named.cell is None else cell_from_name(name, named.cell, where)
    conditions, said = found.conditions(where)
    file = Path(os.path.normpath(entry.file))  # a folder beside that of the manifest without the detour
    return replace(entry, file=file, conditions=conditions, findings=findings + said, cell=cell)


# CSV manifest


def _from_csv(path: Path, text: str) -> Manifest:
    return Manifest(path, tuple(_csv_entry(path, line) for line in lines_of(path, text)))


def _csv_entry(path: Path, line: Line) -> Entry:
    where = f"{path}, line {line.number}"
    values: dict[str, Any] = dict(line.values)
    cut = _made(where, values.pop("f_min_hz", None), values.pop("f_max_hz", None), line.drop)
    if "electrodes" in values:
        values["electrodes"] = int(values["electrodes"])
    if line.fixed:
        values["fixed"] = dict(line.fixed)
    if "probe_pair" in line.texts:
        values["probe_pair"] = line.texts["probe_pair"]
    file = path.parent / line.texts["file"]
    channel = _known_channel(where, line.texts.get("channel", "we"))
    cell = checked_cell(line.texts["cell"], where) if "cell" in line.texts else ""
    return _entry(where, Entry(file, NO_CONDITIONS, cut, (), channel, cell), given(values, line.own, where))


def with_template(
    manifest: Manifest,
    template: str | None,
    electrodes: int | None,
    channel: str | None = None,
    over: str | None = None,
) -> Manifest:
    """Return the manifest with the choices of the caller in place of its own.

    Raises
    ------
    InputError
        If the channel or the condition `over` is unknown.
    """
    entries: Sequence[Entry] = manifest.entries
    if channel is not None:
        known = channel_of(channel)
        entries = [replace(e, channel=known) for e in entries]
    if electrodes is not None:
        entries = [replace(e, conditions=e.conditions.updated(electrodes=electrodes)) for e in entries]
    if over is not None:
        over_among(over, (e.conditions for e in entries), str(manifest.path))
        manifest = replace(manifest, over=over, over_given=True)
    return replace(manifest, template=template or manifest.template, entries=tuple(entries))

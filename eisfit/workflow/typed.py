"""A series as it is typed: files with their conditions and no manifest, or a manifest with what counts before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from eisfit.errors import InputError, ManifestError
from eisfit.formats import channel_of
from eisfit.spectrum.conditions import NO_CONDITIONS
from eisfit.tools.progress import Progress, silent
from eisfit.workflow.cell_names import cell_from_name
from eisfit.workflow.csv_manifest import SUFFIXES
from eisfit.workflow.given_conditions import CELL_CONSTANT, Given, given
from eisfit.workflow.manifest import MANIFEST_NAME, NO_CUT, Cut, Entry, Manifest, read_manifest, with_template
from eisfit.workflow.named_spectra import COMMAND_LINE
from eisfit.workflow.pair_names import pair_from_name
from eisfit.workflow.read import NothingReadable
from eisfit.workflow.survey import Found, Survey, is_table_manifest, span_c, survey
from eisfit.workflow.temperature_names import name_in, temperature_from_name

GEOMETRY_KEYS = (
    *("area_cm2", "area_mm2", "diameter_mm", "thickness_cm", "thickness_mm", "thickness_um"),
    CELL_CONSTANT,
)
_GEOMETRY = ("area_cm2", "thickness_cm")


@dataclass(frozen=True)
class Typed:
    """What is typed beside files or a manifest; each choice counts before the manifest.

    Parameters
    ----------
    template : str, optional
        Name or path of a template, or a circuit string.
    electrodes : int, optional
        Number of electrodes.
    over : str, optional
        The condition that orders the series.
    channel : str, optional
        Impedance of three-electrode files.
    temperature_from_name, cell_from_name, pair_from_name : str, optional
        Patterns, as in a manifest.
    without : tuple of str
        Segments of the template that the cell does not have.
    cut : Cut
        Limits of frequency in Hz.
    geometry : Given
        Area, thickness and cell constant, as `given` returns them.
    probes : mapping of str to object
        Places of probes and their error, as `typed_probes` returns them.
    suggest : bool
        Whether the data are to name the template.
    """

    template: str | None = None
    electrodes: int | None = None
    over: str | None = None
    channel: str | None = None
    temperature_from_name: str | None = None
    cell_from_name: str | None = None
    pair_from_name: str | None = None
    without: tuple[str, ...] = ()
    cut: Cut = NO_CUT
    geometry: Given = field(default_factory=Given)
    probes: Mapping[str, Any] = field(default_factory=dict)
    suggest: bool = False

    def before(self, manifest: Manifest) -> Manifest:
        """Return a manifest with these choices in place of its own.

        Raises
        ------
        InputError
            If a choice is unknown, contradicts the manifest, or no name tells a temperature or cell; a single name that
            tells none leaves out its file.
        """
        entries: list[Entry] = []
        faults: list[ManifestError] = []
        for entry in manifest.entries:
            known = self._under(entry)
            try:
                entries.append(self._named(known, manifest.path.parent))
            except ManifestError as error:
                faults.append(error)
                entries.append(replace(known, fault=str(error)))
        if faults and len(faults) == len(entries):
            raise faults[0]
        changed = replace(manifest, entries=tuple(entries), without=self.without or manifest.without)
        return with_template(changed, self.template, self.electrodes, self.channel, self.over)

    def _under(self, entry: Entry) -> Entry:
        """Return an entry with the geometry and the cuts that are typed."""
        known = {n: v for n in _GEOMETRY if (v := getattr(entry.conditions, n)) is not None}
        geometry, said = Given(known).then(self.geometry).conditions(COMMAND_LINE)
        changes: dict[str, Any] = {n: getattr(geometry, n) for n in _GEOMETRY}
        findings = entry.findings
        if self.geometry.converted:
            findings = (*(f for f in findings if f.kind != "geometry"), *said)
        own = {k: v for k in ("f_min_hz", "f_max_hz") if (v := getattr(self.cut, k)) is not None}
        changes |= self.probes
        conditions, cut = entry.conditions.updated(**changes), replace(entry.cut, **own)
        return replace(entry, conditions=conditions, cut=cut, findings=findings)

    def _named(self, entry: Entry, folder: Path) -> Entry:
        """Return an entry with what its name tells by the patterns that are typed."""
        name = name_in(entry.file, folder)
        if self.temperature_from_name is not None:
            value, notes = temperature_from_name(name, self.temperature_from_name, COMMAND_LINE)
            conditions = entry.conditions.updated(temperature_c=value)
            entry = replace(entry, conditions=conditions, findings=entry.findings + notes)
        if self.cell_from_name is not None:
            entry = replace(entry, cell=cell_from_name(name, self.cell_from_name, COMMAND_LINE))
        if self.pair_from_name is not None:
            pair = pair_from_name(name, self.pair_from_name, COMMAND_LINE)
            entry = replace(entry, conditions=entry.conditions.updated(probe_pair=pair))
        return entry


@dataclass(frozen=True)
class Described:
    """A series ready to run: its manifest, and sentences on how it came about."""

    manifest: Manifest
    said: tuple[str, ...] = ()


def described_series(arguments: Sequence[str], typed: Typed, progress: Progress = silent) -> Described:
    """Return the series that a command names.

    Parameters
    ----------
    arguments : sequence of str
        A folder with a ``series.toml``, such a file, or a table that is a manifest; or files, patterns and folders
        of data.
    typed : Typed
        What is typed beside them.
    progress : callable
        Told how many data files are read.

    Raises
    ------
    InputError
        If a manifest stands beside other arguments, no template is named, or what is typed is wrong.
    NothingReadable
        If no file holds a spectrum.
    ManifestError
        If no file nor its name tells a temperature.
    """
    manifests = [a for a in arguments if _is_manifest(a)]
    if manifests and len(arguments) > 1:
        raise InputError(
            f"{manifests[0]}: this is a manifest, and it names its files itself: give it alone, or data files only"
        )
    if manifests or _only_manifest_is_meant(arguments, typed):
        return Described(typed.before(read_manifest(arguments[0])))
    if typed.template is None and not typed.suggest:
        raise InputError(
            f"{arguments[0]}: name what to fit: --template NAME (see 'eisfit templates') or --circuit STRING; or "
            f"describe the series once: 'eisfit init FOLDER'{_if_table(arguments)}"
        )
    return _of_files(arguments, typed, progress)


def _if_table(arguments: Sequence[str]) -> str:
    """Return what a single table lacks as a manifest, as the end of a sentence."""
    if len(arguments) > 1 or Path(arguments[0]).suffix.lower() not in SUFFIXES:
        return ""
    return "; a table that is a manifest names its columns in the first line, among them 'file' and 'temperature_c'"


def _is_manifest(argument: str) -> bool:
    path = Path(argument)
    if path.is_dir():
        return (path / MANIFEST_NAME).is_file()
    return path.suffix.lower() == ".toml" or (path.is_file() and is_table_manifest(path))


def _only_manifest_is_meant(arguments: Sequence[str], typed: Typed) -> bool:
    """Tell whether a single argument is no data: nothing, or a folder that nothing is typed for."""
    path = Path(arguments[0])
    if len(arguments) > 1:
        return False
    return (path.is_dir() and typed.template is None and not typed.suggest) or (
        not path.exists() and not set("*?[") & set(arguments[0])
    )


def _of_files(arguments: Sequence[str], typed: Typed, progress: Progress) -> Described:
    """Return the series of files that no manifest describes."""
    found = survey(arguments, channel_of(typed.channel or "we"), progress)
    if not found.files and not found.unread:
        raise NothingReadable(f"{', '.join(arguments)}: there are no data files in this folder or below it")
    if not found.files:
        raise NothingReadable(f"none of the named files could be read{_if_table(arguments)}", found.unread)
    wants_temperature = typed.over in (None, "temperature_c") and typed.temperature_from_name is None
    lacking = found.lacking if wants_temperature else ()
    if wants_temperature and len(lacking) == len(found.files):
        raise ManifestError(_no_temperature(found))
    taken = {} if typed.temperature_from_name is not None else found.named_c
    without = {each.file for each in lacking}
    entries = [_entry(each, taken, each.file in without) for each in found.files]
    for unread in found.unread:
        entries.append(Entry(Path(unread.file), NO_CONDITIONS, fault=unread.reason))
    whole = [e for e in entries if not e.fault]
    manifest = typed.before(Manifest(found.folder / MANIFEST_NAME, tuple(whole)))
    left_out = tuple(e for e in entries if e.fault)
    manifest = replace(manifest, path=found.folder, entries=manifest.entries + left_out)
    return Described(manifest, tuple(_sentences(found, taken if wants_temperature else {})))


def _entry(found: Found, taken: dict[Path, float], lacks: bool) -> Entry:
    conditions = NO_CONDITIONS.updated(temperature_c=taken.get(found.file))
    fault = (
        f"{found.name}: neither the file nor its name tells a temperature; it is left out" if lacks else ""
    )
    return Entry(found.file, conditions, fault=fault, sweeps=found.sweeps)


def _no_temperature(found: Survey) -> str:
    names = found.names
    if names is not None:
        read = span_c([t for t in names.temperature_c if t is not None])
        return (
            f"no file states a temperature, and the names differ in a number that may be one ({read}): if so, give "
            f'--temperature-from-name "{names.pattern}"'
        )
    first = found.files[0].name
    return (
        f"{first!r}: neither the file nor its name tells a temperature, nor does any other; give "
        '--temperature-from-name "T{temperature_c}" as the names tell it, or write them into a series.toml '
        f"('eisfit init {found.folder}'); 'eisfit fit' fits each spectrum by itself"
    )


def _sentences(found: Survey, taken: dict[Path, float]) -> list[str]:
    said = []
    if taken and found.names is not None:
        said.append(f"temperature from names, as {found.names.pattern}: {span_c(list(taken.values()))}")
    if found.doubt:
        said.append(found.doubt)
    if found.twins:
        file, other = found.twins[0]
        more = f", and {len(found.twins) - 1} more such files" if len(found.twins) > 1 else ""
        said.append(f"{file.name} holds the data of {other.name}{more}: left out")
    return said


def typed_geometry(*numbers: float | None) -> Given:
    """Return the geometry that is typed in any unit of a lab, in the order of `GEOMETRY_KEYS`.

    Raises
    ------
    ManifestError
        If two numbers state the same quantity, or one is not positive.
    """
    pairs = zip(GEOMETRY_KEYS, numbers, strict=True)
    return given({key: value for key, value in pairs if value is not None}, {}, COMMAND_LINE)


def typed_probes(texts: Sequence[str]) -> dict[str, Any]:
    """Return the places of probes, typed as ``NAME=CM`` or ``NAME=CM ± CM``, and their standard error, as conditions.

    Raises
    ------
    InputError
        If one is not written so, a probe stands in two places, or two errors are given.

    Examples
    --------
    >>> typed_probes(["S1=0.03", "S2 = 0.07 +- 0.002"])
    {'probes_cm': {'S1': 0.03, 'S2': 0.07}, 'probe_err_cm': 0.002}
    """
    places: dict[str, float] = {}
    errors: dict[float, str] = {}
    for text in texts:
        name, _, rest = text.partition("=")
        number, sign, error = rest.replace("+-", "±").partition("±")
        try:
            place = float(number)
            errors |= {float(error): text} if sign else {}
        except ValueError:
            raise InputError(
                f"--probe-cm {text!r}: write the name of the probe and its place in cm, as S1=0.03, or with its "
                'standard error, as "S1=0.03 ± 0.002"'
            ) from None
        if places.setdefault(name.strip(), place) != place:
            raise InputError(
                f"--probe-cm {text!r}: {name.strip()} stands at {places[name.strip()]:g} cm already; give each probe "
                "one place"
            )
    if len(errors) > 1:
        raise InputError(
            f"--probe-cm: the errors {' and '.join(f'{e:g}' for e in errors)} cm differ; all places have one error, "
            "give it once"
        )
    found: dict[str, Any] = {"probes_cm": places} if places else {}
    return found | ({"probe_err_cm": next(iter(errors))} if errors else {})

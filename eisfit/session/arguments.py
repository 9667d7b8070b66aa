"""The actions that open what a user names: files, folders, a described series, results."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eisfit.cell.segments import Setting
from eisfit.errors import EisfitError, InputError
from eisfit.formats import read_file
from eisfit.session.actions import Action
from eisfit.session.file_actions import OpenFiles, OpenResults, SetCondition, whole
from eisfit.session.model_actions import (
    AssignArcs,
    ChooseOver,
    ChooseTemplate,
    KeepInLines,
    LeaveOutSegments,
    SetFitting,
    SetJoint,
    SetParameter,
)
from eisfit.session.project import File, sha256_of
from eisfit.spectrum.conditions import CONDITION_FIELDS, Conditions
from eisfit.tools.nearest import file_like
from eisfit.tools.progress import Progress, silent
from eisfit.workflow.joint_keys import JointKeys, OtherCell
from eisfit.workflow.manifest import MANIFEST_NAME, Entry, Manifest, read_manifest
from eisfit.workflow.survey import Survey, survey

_MARK = b"eisfit_format"  # stands in all that `store` has written
RESULTS_ENDINGS = (".h5", ".hdf5")
_USUAL = {"over": "temperature_c", "weights": "modulus", "loss": "linear"}


@dataclass(frozen=True)
class Opened:
    """What was found where a user pointed.

    Parameters
    ----------
    actions : tuple of Action
        That open it; none where nothing could be read.
    unread : tuple of str
        Why files could not be read, one sentence each.
    said : tuple of str
        What was noticed: twins, doubts of temperatures.
    """

    actions: tuple[Action, ...]
    unread: tuple[str, ...] = ()
    said: tuple[str, ...] = ()


def opening(arguments: Sequence[str], progress: Progress = silent) -> Opened:
    """Read what a user names, and return the actions that open it; nothing is raised for single files.

    Parameters
    ----------
    arguments : sequence of str
        Data files, patterns, folders, a described series (``series.toml``, or a folder with one), files of results.
    progress : callable
        Told how many files are read.

    Raises
    ------
    InputError
        If only one thing is named, and it does not exist, or is a wrong series.toml; of several the others are opened.
    StoreError
        If only one thing is named, and it holds results that cannot be read.
    """
    actions: list[Action] = []
    unread: list[str] = []
    said: list[str] = []
    data: list[str] = []
    for argument in arguments:
        try:
            part = _described(argument)
        except EisfitError as error:
            if len(arguments) == 1:
                raise
            unread.append(str(error))
            continue
        if part is None:
            data.append(argument)
        else:
            actions += part.actions
            unread += part.unread
    if data:
        part = _of_data(survey(data, progress=progress))
        actions, unread, said = [*part.actions, *actions], [*part.unread, *unread], [*part.said, *said]
    if not actions and not unread:
        unread.append(
            f"{', '.join(arguments)}: no file with a spectrum is there; name another file or folder"
        )
    return Opened(tuple(actions), tuple(unread), tuple(said))


def _described(argument: str) -> Opened | None:
    """Return what a file of results or a described series opens; None for data."""
    path = Path(argument)
    if not path.exists() and not set("*?[") & set(argument):
        raise InputError(f"{argument}: there is no such folder or file{file_like(path)}")
    if _is_results(path):
        return Opened((OpenResults(whole(path)),))
    if path.suffix.lower() == ".toml" or (path / MANIFEST_NAME).is_file():
        return _of_manifest(read_manifest(path))
    return None


def _is_results(path: Path) -> bool:
    """Tell whether a file holds results of eisfit; one that holds spectra only is data."""
    if path.suffix.lower() not in RESULTS_ENDINGS or not path.is_file():
        return False
    from eisfit import store
    from eisfit.results.fit import Fit
    from eisfit.results.series import Series

    try:
        found = store.load(path)
    except EisfitError:
        if _MARK in path.read_bytes():  # of a newer version, or damaged; what others wrote is data
            raise
        return False
    return isinstance(found, Series | Fit) or any(isinstance(f, Fit) for f in _items(found))


def _items(found: Any) -> Sequence[Any]:
    try:
        return list(found)
    except TypeError:
        return ()


def _of_data(found: Survey) -> Opened:
    files = []
    for each in found.files:
        temperature = found.named_c.get(each.file)
        keys = {} if temperature is None else {"temperature_c": temperature}
        points = min(len(s) for s in each.sweeps)
        files.append(File(whole(each.file), sha256_of(each.file), points, len(each.sweeps), keys))
    said = [found.doubt] if found.doubt else []
    said += [f"{a.name} holds the data of {b.name}: left out" for a, b in found.twins]
    actions = (OpenFiles(tuple(files)),) if files else ()
    return Opened(actions, tuple(u.reason for u in found.unread), tuple(said))


def _of_manifest(manifest: Manifest) -> Opened:
    """Return the actions that make a project of a manifest; files that cannot be read are told."""
    _check_expressible(manifest)
    files, unread = [], []
    common = _common([e for e in manifest.entries if not e.fault])
    for entry in manifest.entries:
        try:
            if entry.fault:
                raise InputError(entry.fault)
            files.append(_file(entry, common))
        except InputError as error:
            unread.append(str(error))
    actions: list[Action] = [OpenFiles(tuple(files))] if files else []
    if manifest.template:
        actions.append(ChooseTemplate(_whole_template(manifest.template)))
    actions += [SetCondition(key, value) for key, value in common.items()]
    actions += _of_model(manifest)
    return Opened(tuple(actions), tuple(unread))


def _of_model(manifest: Manifest) -> Iterator[Action]:
    if manifest.without:
        yield LeaveOutSegments(manifest.without)
    for name, setting in manifest.settings.items():
        yield _set(name, setting)
    if manifest.over_given:
        yield ChooseOver(manifest.over)
    if (manifest.weights, manifest.loss) != (_USUAL["weights"], _USUAL["loss"]):
        yield SetFitting(manifest.weights, manifest.loss)
    if manifest.assign:
        yield AssignArcs(manifest.assign)
    if manifest.keep:
        yield KeepInLines(manifest.keep)
    if keys := _joint(manifest.joint):
        yield SetJoint(keys)


def _check_expressible(manifest: Manifest) -> None:
    column = next((e.cell_column for e in manifest.entries if e.cell_column), "")
    if column:
        raise InputError(
            f"{manifest.path}: it tells cells by the column {column!r} of its files, which a session cannot; fit it "
            "with 'eisfit series'"
        )


def _file(entry: Entry, common: Mapping[str, Any]) -> File:
    sweeps = entry.sweeps or read_file(entry.file, channel=entry.channel)
    keys = {k: v for k, v in _stated(entry.conditions).items() if k not in common}
    cut = entry.cut
    masked = tuple((k, "left out in series.toml") for k in cut.drop)
    channel = "" if entry.channel == "we" else entry.channel
    points, path = min(len(s) for s in sweeps), whole(entry.file)
    sha256 = sha256_of(entry.file)
    window = (cut.f_min_hz, cut.f_max_hz)
    return File(path, sha256, points, len(sweeps), keys, entry.cell, channel, *window, masked)


def _stated(conditions: Conditions) -> dict[str, Any]:
    """Return the conditions that are given, by key of a manifest."""
    found: dict[str, Any] = {}
    for name in CONDITION_FIELDS:
        value = getattr(conditions, name)
        if name == "own":
            found |= dict(value)
        elif isinstance(value, Mapping):
            found |= {name: dict(value)} if value else {}
        elif value is not None:
            found[name] = value
    return found


def _common(entries: Sequence[Entry]) -> dict[str, Any]:
    """Return the conditions that are the same for all files, but for what orders a series."""
    if not entries:
        return {}
    first, *others = [_stated(e.conditions) for e in entries]
    return {
        k: v
        for k, v in first.items()
        if k not in ("temperature_c", "fixed") and all(k in o and o[k] == v for o in others)
    }


def _set(name: str, setting: Setting) -> SetParameter:
    ends = None
    if setting.low is not None or setting.high is not None:
        ends = (setting.low or 0.0, float("inf") if setting.high is None else setting.high)
    return SetParameter(name, setting.fixed, setting.start, ends, setting.tie)


def _joint(keys: JointKeys) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if keys.wanted or keys.refused:
        found["joint"] = keys.wanted
    if keys.share:
        found["share"] = list(keys.share)
    if keys.laws:
        found["law"] = {
            name: law if isinstance(law, str) else {"law": law[0], "ordinate": law[1]}
            for name, law in keys.laws.items()
        }
    if keys.known:
        found["known"] = {n: {"value": v, "stderr": e} for n, (v, e) in keys.known.items()}
    if keys.complements:
        found["complement"] = [_complement(c) for c in keys.complements]
    return found


def _complement(cell: OtherCell) -> dict[str, Any]:
    """Return another cell by key of a manifest; a tolerance is of spectra that are fitted as well."""
    place = (
        {"results": whole(cell.series)}
        if cell.finished
        else {"series": whole(cell.series), "tolerance": cell.tolerance}
    )
    own = {"name": cell.name, "shares": list(cell.shares), "geometry_err": cell.geometry_err, "use": cell.use}
    return {**place, **own}


def _whole_template(name: str) -> str:
    return whole(name) if name.endswith(".toml") else name

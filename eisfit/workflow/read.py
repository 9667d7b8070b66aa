"""Read the files of a command or a manifest; those that fail do not stop the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from eisfit.errors import EisfitError, InputError, ManifestError
from eisfit.formats import channel_of, files_of, names_of, read_file
from eisfit.formats.reading import Unread
from eisfit.spectrum.findings import Finding
from eisfit.spectrum.spectrum import Spectrum
from eisfit.workflow.manifest import AGREE, CONDITION_NAMES, Entry, Manifest


class NothingReadable(EisfitError):
    """No file of all that were named holds a spectrum; `unread` says why.

    Parameters
    ----------
    text : str
        The sentence for the user.
    unread : sequence of Unread
        The files with their reasons.
    """

    def __init__(self, text: str, unread: Sequence[Unread] = ()) -> None:
        super().__init__(text)
        self.unread = tuple(unread)


def read_files(files: Sequence[str], channel: str = "we") -> tuple[list[Spectrum], list[Unread]]:
    """Read files one by one; one that fails does not stop the others.

    Parameters
    ----------
    files : sequence of str
        Paths, folders or patterns.
    channel : {"we", "ce", "we-ce"}
        Impedance of three-electrode files.

    Returns
    -------
    spectra : list of Spectrum
        All sweeps, each under a unique label.
    unread : list of Unread
        What could not be read, each with its reason.

    Raises
    ------
    NothingReadable
        If no file gave a spectrum; its `unread` holds the reasons.
    """
    wanted = channel_of(channel)
    spectra: list[Spectrum] = []
    unread: list[Unread] = []
    paths: list[Path] = []
    for entry in files:
        try:
            paths += [p for p in files_of(entry) if p not in paths]
        except InputError as error:
            unread.append(Unread(entry, entry, str(error)))
    for path, name in zip(paths, names_of(paths), strict=True):
        try:
            sweeps = read_file(path, channel=wanted)
        except InputError as error:
            unread.append(Unread(name, str(path), str(error)))
            continue
        spectra += [s.named(name if k == 1 else f"{name}#{k}") for k, s in enumerate(sweeps, 1)]
    if not spectra:
        raise NothingReadable("no spectrum could be read from what was named", unread)
    return spectra, unread


def checked_by_file(spectra: Sequence[Spectrum], mask_outliers: bool) -> list[Spectrum]:
    """Return spectra with what a check has shown; only sweeps of one file are known to be of one cell."""
    from eisfit.validity.checks import checked

    files: dict[str, list[Spectrum]] = {}
    for s in spectra:
        files.setdefault(s.source.file if s.source else s.label, []).append(s)
    return [s for sweeps in files.values() for s in checked(sweeps, mask_outliers=mask_outliers)]


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
    for name in CONDITION_NAMES:
        mine, its = getattr(entry.conditions, name), getattr(spectrum.conditions, name)
        if mine is not None and its is not None and name != "layers" and _differ(mine, its):
            text = f"the manifest says {name} = {_shown(mine)}, the file {_shown(its)}; the manifest counts"
            notes.append(Finding("disagreement", text))
    given = {name: getattr(entry.conditions, name) for name in CONDITION_NAMES if name != "layers"}
    layers = {**spectrum.conditions.layers, **entry.conditions.layers}
    merged = replace(spectrum.conditions.updated(**given), layers=layers)
    cut = entry.cut
    return (
        spectrum.under(merged).noting(*notes).cut(f_min_hz=cut.f_min_hz, f_max_hz=cut.f_max_hz, drop=cut.drop)
    )


def _differ(a: object, b: object) -> bool:
    if isinstance(a, int | float) and isinstance(b, int | float):
        scale = max(abs(a), abs(b)) if a and b else 1.0
        return abs(a - b) > AGREE * scale
    return a != b


def _shown(value: object) -> str:
    return f"{value:g}" if isinstance(value, int | float) else f"{value}"

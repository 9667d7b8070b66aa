"""Read the files of a command or a manifest; a file that fails does not stop the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from eisfit.errors import EisfitError, InputError, ManifestError
from eisfit.formats import Channel, Unread, read_all, read_file
from eisfit.formats.reading import Done, read_each
from eisfit.spectrum.conditions import CONDITION_FIELDS
from eisfit.spectrum.findings import REVERSED, Finding
from eisfit.spectrum.normalised import in_ohm, unit_of_values
from eisfit.spectrum.spectrum import Spectrum
from eisfit.workflow.given_conditions import AGREE
from eisfit.workflow.manifest import Entry, Manifest
from eisfit.workflow.named_spectra import temperature_named
from eisfit.workflow.temperature_names import PLACE, looks_named

_SINGLE = tuple(name for name in CONDITION_FIELDS if name not in ("layers", "probes_cm", "own", "fixed"))


class NothingReadable(EisfitError):
    """None of the named files holds a spectrum; `unread` holds the reasons.

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


def read_files(
    files: Sequence[str], channel: Channel = "we", done: Done | None = None
) -> tuple[list[Spectrum], list[Unread]]:
    """Read files of which at least one holds a spectrum.

    Parameters
    ----------
    files : sequence of str
        Paths or patterns.
    channel : {"we", "ce", "we-ce"}
        Impedance of three-electrode files.
    done : callable, optional
        Called with the number of files that are done and the number of all.

    Returns
    -------
    spectra : list of Spectrum
        All sweeps, each under a unique label.
    unread : list of Unread
        The files that could not be read, each with its reason.

    Raises
    ------
    InputError
        If the channel is unknown.
    NothingReadable
        If no file gave a spectrum; its `unread` holds the reasons.
    """
    spectra, unread = read_all(files, channel, done)
    if not spectra:
        raise NothingReadable("none of the named files could be read", unread)
    return spectra, unread


def flipped(spectrum: Spectrum) -> Spectrum:
    """Return a spectrum with the opposite sign of the imaginary part, and a finding that says so."""
    note = Finding(REVERSED, "the sign of the imaginary part was reversed, as asked (--flip-sign)")
    kept = tuple(finding for finding in spectrum.findings if finding.kind != "inductive")  # of the other sign
    return replace(spectrum, z_ohm=spectrum.z_ohm.conj(), checked=None, findings=(*kept, note))


def all_in_ohm(spectra: Sequence[Spectrum]) -> tuple[list[Spectrum], list[Unread]]:
    """Return the spectra in ohm, and those that cannot be given in ohm, each with the reason, as `in_ohm`."""
    found, refused = [], []
    for spectrum in spectra:
        try:
            found.append(in_ohm(spectrum))
        except InputError as error:
            file = spectrum.source.file if spectrum.source else ""
            refused.append(Unread(spectrum.label, file, str(error)))
    return found, refused


def described(s: Spectrum, pattern: str | None = None) -> dict[str, Any]:
    """Return what is in a spectrum as one row: its file, sweep, points, window, conditions and findings.

    Parameters
    ----------
    s : Spectrum
        As it was read.
    pattern : str, optional
        By which its temperature was taken from its name.
    """
    in_name, told_by = _temperature_from(s, pattern)
    return {
        "spectrum": s.label,
        "file": s.source.file if s.source else "",
        "format": s.source.format if s.source else "",
        "sweep": s.source.sweep if s.source else 1,
        "points": len(s),
        "f_min_hz": float(s.frequency_hz.min()),
        "f_max_hz": float(s.frequency_hz.max()),
        "temperature_c": s.conditions.temperature_c,
        "amplitude_v": s.conditions.amplitude_v,
        "amplitude_a": s.conditions.amplitude_a,
        "finding": s.finding,
        "z_min_ohm": float(np.abs(s.z_ohm).min()),
        "z_max_ohm": float(np.abs(s.z_ohm).max()),
        "unit": unit_of_values(s),
        "temperature_from": told_by,
        "temperature_in_name_c": in_name,
    }


def _temperature_from(s: Spectrum, pattern: str | None) -> tuple[float | None, str]:
    """Return the temperature in the name of the file, and where the temperature stands: file, name, or nowhere."""
    named = temperature_named(s, pattern or f"{PLACE}C", folders=pattern is not None)
    if s.conditions.temperature_c is None or (pattern is not None and named is not None):
        return named, "" if named is None else "name"
    return named, "file"


def read_spectra(manifest: Manifest, done: Done | None = None) -> tuple[list[Spectrum], list[Unread]]:
    """Read the files of a manifest.

    Parameters
    ----------
    manifest : Manifest
        What to read.
    done : callable, optional
        Called with the number of files that are done and the number of all.

    Returns
    -------
    spectra : list of Spectrum
        With their conditions and cuts; all sweeps of a file.
    unread : list of Unread
        Files that could not be read, each with its reason.

    Raises
    ------
    ManifestError
        If a spectrum lacks the condition that orders the series, or the manifest names several cells.
    """
    _refuse_several_cells(manifest)
    spectra, unread = read_each(
        [(entry.file, partial(_read_entry, entry)) for entry in manifest.entries], done
    )
    for spectrum in () if is_batch(manifest, spectra) else spectra:
        if spectrum.conditions.number(manifest.over) is None:
            raise ManifestError(
                f"{manifest.path}: {manifest.over} of {spectrum.label!r} is missing; write it beside its file, or "
                "set temperature_from_name"
            )
    return spectra, unread


def _refuse_several_cells(manifest: Manifest) -> None:
    """Raise where spectra of several cells would come into one series."""
    column = next((e.cell_column for e in manifest.entries if e.cell_column), "")
    cells = sorted({e.cell for e in manifest.entries if not e.fault})
    if column or len(cells) > 1:
        names = f"cells by the column {column!r}" if column else f"the cells {', '.join(map(repr, cells))}"
        raise ManifestError(
            f"{manifest.path}: it names {names}, and a series is of one: 'eisfit series' fits each, and in Python "
            "eisfit.workflow.cells_of returns the series of each"
        )


def is_batch(manifest: Manifest, spectra: Sequence[Spectrum]) -> bool:
    """Tell whether spectra form no series: no `over`, `keep` or `assign` is given, and none has a temperature.

    Files whose names seem to contain temperatures are meant as a series that lacks ``temperature_from_name``.
    """
    of_series = manifest.over_given or bool(manifest.keep or manifest.assign)
    named = any(looks_named(entry.file.stem) for entry in manifest.entries)
    return not (of_series or named) and all(s.conditions.temperature_c is None for s in spectra)


def _read_entry(entry: Entry, file: Path) -> list[Spectrum]:
    if entry.fault:
        raise ManifestError(entry.fault)
    return [_applied(sweep, entry) for sweep in entry.sweeps or read_file(file, channel=entry.channel)]


def _applied(spectrum: Spectrum, entry: Entry) -> Spectrum:
    """Return a spectrum under the manifest's conditions; a finding names each value in which the file differs."""
    notes = list(entry.findings)
    given = {name: getattr(entry.conditions, name) for name in _SINGLE}
    for name, mine in given.items():
        its = getattr(spectrum.conditions, name)
        if mine is not None and its is not None and _differ(mine, its):
            text = f"the manifest says {name} = {_shown(mine)}, the file {_shown(its)}; the manifest's value is used"
            notes.append(Finding("disagreement", text))
    layers = {**spectrum.conditions.layers, **entry.conditions.layers}
    probes = {**spectrum.conditions.probes_cm, **entry.conditions.probes_cm}
    own = {**spectrum.conditions.own, **entry.conditions.own}
    fixed = {**spectrum.conditions.fixed, **entry.conditions.fixed}
    merged = replace(
        spectrum.conditions.updated(**given), layers=layers, probes_cm=probes, own=own, fixed=fixed
    )
    return entry.cut.applied(in_ohm(spectrum.under(merged).noting(*notes)))


def _differ(a: object, b: object) -> bool:
    if isinstance(a, int | float) and isinstance(b, int | float):
        scale = max(abs(a), abs(b)) if a and b else 1.0
        return abs(a - b) > AGREE * scale
    return a != b


def _shown(value: object) -> str:
    return f"{value:g}" if isinstance(value, int | float) else f"{value}"


def at_instants(spectra: Sequence[Spectrum], where: str) -> list[Spectrum]:
    """Return the sweeps of one cell, each at one instant."""
    from eisfit.validity.drift_correction import drift_corrected

    try:
        return drift_corrected(spectra)
    except InputError as error:
        raise InputError(f"{where}: drift correction: {error}") from None


def no_template(manifest: Path) -> str:
    """Return what to do where nothing says what to fit, as the end of a sentence."""
    cure = "give --template NAME (see 'eisfit templates') or --circuit STRING"
    written = 'write template = "le_se", or ' if manifest.suffix.lower() == ".toml" else ""
    return f"no template is named; {written}{cure}"

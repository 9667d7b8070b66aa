"""Files that nobody has described: what their data allow, and a series.toml with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from eisfit.formats import Channel
from eisfit.spectrum.spectrum import Spectrum
from eisfit.suggestion import Suggestion, suggest
from eisfit.tools.progress import Progress, silent, told_by
from eisfit.workflow.given_conditions import given
from eisfit.workflow.named_spectra import COMMAND_LINE, under_names
from eisfit.workflow.read import NothingReadable, flipped
from eisfit.workflow.starter import Chosen, Start, start_of
from eisfit.workflow.survey import Found, Survey, survey

MOST_CIRCUITS = 3  # that stand in a series.toml


@dataclass(frozen=True)
class Asked:
    """How files are looked at.

    Parameters
    ----------
    circuits : tuple of str
        To rank; empty where they are sought.
    electrodes : int, optional
        Their number.
    geometry : mapping of str to float
        Area and thickness, by keys of a manifest.
    window_hz : (float or None, float or None)
        Points beyond them are left out.
    temperature_from_name : str, optional
        Pattern by which names tell the temperature.
    channel : {"we", "ce", "we-ce"}
        Impedance of three-electrode files.
    flip_sign, despite_findings : bool
        Whether the imaginary part is reversed, and whether spectra are looked at that contradict Kramers-Kronig.
    """

    circuits: tuple[str, ...] = ()
    electrodes: int | None = None
    geometry: Mapping[str, float] = field(default_factory=dict)
    window_hz: tuple[float | None, float | None] = (None, None)
    temperature_from_name: str | None = None
    channel: Channel = "we"
    flip_sign: bool = False
    despite_findings: bool = False


def suggested_for(
    files: Sequence[str], asked: Asked, progress: Progress = silent
) -> tuple[Suggestion, Survey]:
    """Return what the spectra of files, patterns or folders allow, in the order of their temperatures.

    Raises
    ------
    NothingReadable
        If no file holds a spectrum.
    """
    found = survey(files, asked.channel, progress)
    if not found.files:
        raise NothingReadable(f"{', '.join(files)}: none of the files holds a spectrum", found.unread)
    spectra = [s for each in found.files for s in _spectra(each, found, asked)]
    spectra.sort(key=lambda s: np.inf if s.conditions.temperature_c is None else s.conditions.temperature_c)
    geometry, _ = given(asked.geometry, {}, COMMAND_LINE).conditions(COMMAND_LINE)
    told = told_by(progress)
    suggestion = suggest(
        spectra,
        circuits=asked.circuits or None,
        electrodes=asked.electrodes,
        area_cm2=geometry.area_cm2,
        thickness_cm=geometry.thickness_cm,
        despite_findings=asked.despite_findings,
        done=lambda done, total: told("looking at spectra", done, total),
    )
    return suggestion, found


def _spectra(each: Found, found: Survey, asked: Asked) -> list[Spectrum]:
    spectra = list(each.sweeps)
    if asked.temperature_from_name is not None:
        spectra = under_names(spectra, asked.temperature_from_name, COMMAND_LINE)
    elif (named := found.temperature_of(each)) is not None:
        spectra = [
            s
            if s.conditions.temperature_c is not None
            else s.under(replace(s.conditions, temperature_c=named))
            for s in spectra
        ]
    spectra = [flipped(s) for s in spectra] if asked.flip_sign else spectra
    return [_cut(s, asked) for s in spectra]


def _cut(spectrum: Spectrum, asked: Asked) -> Spectrum:
    """Mask the points outside a window."""
    f = spectrum.frequency_hz
    low, high = asked.window_hz
    outside = (f < (low or 0.0)) | (f > (high or np.inf))
    reasons = [
        "outside the window" if out and not reason else reason
        for out, reason in zip(outside, spectrum.mask_reason, strict=True)
    ]
    return replace(spectrum, mask=spectrum.mask | outside, mask_reason=tuple(reasons))


def suggested_start(suggestion: Suggestion, found: Survey, path: Path, asked: Asked) -> Start:
    """Return a series.toml that ``eisfit series`` takes, with the first template; the others of the set beside it."""
    allowed = suggestion.allowed_templates
    first = allowed[0] if allowed else None
    chosen = Chosen(
        None if first is None else first.name,
        asked.electrodes or (None if first is None else first.electrodes),
        asked.geometry,
        tuple((t.name, t.decided_by) for t in allowed[1:]),
        tuple(c.circuit for c in suggestion.members[:MOST_CIRCUITS]),
        asked.temperature_from_name,
    )
    return start_of(_resolved(found), path.resolve(), chosen)


def _resolved(found: Survey) -> Survey:
    """Return a survey with whole paths, so that files are found from wherever a manifest lies."""
    files = tuple(replace(f, file=f.file.resolve()) for f in found.files)
    return replace(found, files=files, folder=found.folder.resolve())

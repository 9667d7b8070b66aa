"""The spectra of an open file as a fit takes them: in ohm, with their conditions and masks."""

from __future__ import annotations

from typing import Any

import numpy as np

from eisfit.formats import channel_of, read_file
from eisfit.session.project import File, Project
from eisfit.spectrum.conditions import CONDITION_NUMBERS
from eisfit.spectrum.normalised import in_ohm
from eisfit.spectrum.spectrum import Spectrum


def spectra_of(project: Project, file: File) -> list[Spectrum]:
    """Return the sweeps of a file; masked points have the reason that the user gave.

    Parameters
    ----------
    project : Project
        Conditions and frequency window of all files.
    file : File
        One of its files.

    Raises
    ------
    FormatError
        If the file cannot be read any more.
    """
    known: dict[str, Any] = {
        k: v for k, v in {**project.keys, **file.keys}.items() if k in (*CONDITION_NUMBERS, "electrodes")
    }
    return [
        _masked(in_ohm(s.under(s.conditions.updated(**known))), project, file)
        for s in read_file(file.path, channel=channel_of(file.channel or "we"))
    ]


def _masked(spectrum: Spectrum, project: Project, file: File) -> Spectrum:
    by_reason: dict[str, list[int]] = {}
    for point, reason in file.masked:
        by_reason.setdefault(reason, []).append(point)
    for reason, points in by_reason.items():
        chosen = np.isin(np.arange(len(spectrum)), points)
        spectrum = spectrum.without(chosen, reason)
    low = project.f_min_hz if file.f_min_hz is None else file.f_min_hz
    high = project.f_max_hz if file.f_max_hz is None else file.f_max_hz
    return spectrum.cut(f_min_hz=low, f_max_hz=high)

"""Findings that need the other spectra: a spectrum that is there twice, or was broken off."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from eisfit.spectrum.findings import Finding
from eisfit.spectrum.spectrum import Spectrum

SHORT = 0.25  # points over the median of all spectra, below which a spectrum is called short


def among(spectra: Sequence[Spectrum]) -> list[tuple[Finding, ...]]:
    """Return the findings of each spectrum: a twin with equal numbers, or far fewer points than the others.

    Parameters
    ----------
    spectra : sequence of Spectrum
        All spectra of a series or a command.

    Notes
    -----
    Neither is a test of noise: two measurements do not agree in every digit, and numbers of points are exact.
    """
    first: dict[tuple[bytes, bytes], str] = {}
    usual = float(np.median([len(s) for s in spectra])) if spectra else 0.0
    found = []
    for k, s in enumerate(spectra, 1):
        said = []
        name, numbers = s.label or f"spectrum {k}", (s.frequency_hz.tobytes(), s.z_ohm.tobytes())
        if (twin := first.setdefault(numbers, name)) is not name:
            text = (
                f"all numbers are those of {twin}: the same measurement counts twice; leave one of them out"
            )
            said.append(Finding("twin", text))
        if len(s) < SHORT * usual:
            most = f"half of the spectra have {math.ceil(usual)} or more"
            text = f"{len(s)} points, where {most}: was the sweep broken off?"
            said.append(Finding("few points", text))
        found.append(tuple(said))
    return found

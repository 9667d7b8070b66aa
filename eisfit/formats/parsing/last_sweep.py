"""Whether the last of several sweeps is shorter than those before it: the file may be cut off between two lines."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from eisfit.spectrum.findings import Finding
from eisfit.spectrum.spectrum import Spectrum

_SAME = 1e-3  # relative difference of frequencies that two sweeps of one programme may have


def with_short_end(spectra: Sequence[Spectrum]) -> list[Spectrum]:
    """Return the sweeps of a file; the last has a finding where it stops on the way of those before it.

    Parameters
    ----------
    spectra : sequence of Spectrum
        In the order of the file. Where those before the last do not all have one number of points they tell nothing.
    """
    if len(spectra) < 2:
        return list(spectra)
    *before, last = spectra
    if any(note.kind in ("truncated", "aborted") for note in last.findings):
        return list(spectra)
    counts, shorter = {len(s) for s in before}, len(last)
    if len(counts) > 1 or not shorter < (whole := counts.pop()):
        return list(spectra)
    if not np.allclose(last.frequency_hz, before[-1].frequency_hz[:shorter], rtol=_SAME, atol=0.0):
        return list(spectra)
    others = "the one before it" if len(before) == 1 else f"each of the {len(before)} before it"
    text = (
        f"the last sweep has {shorter} points and {others} {whole}, from the same frequency on: the run or the file "
        "ends early"
    )
    return [*before, last.noting(Finding("truncated", text))]

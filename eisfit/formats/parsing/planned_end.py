"""Whether a sweep ends before the frequency to which it was planned: the file may be cut off between two lines."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from eisfit.spectrum.findings import Finding

NEAR = 2.0  # the last frequency of a whole sweep lies within this factor of the planned one


def ends_early(
    frequency_hz: npt.ArrayLike, first_hz: float | None, last_hz: float | None
) -> tuple[Finding, ...]:
    """Return a finding where the frequencies run towards the planned end and stop before it.

    Parameters
    ----------
    frequency_hz : array_like, shape (n,)
        In file order; DC rows with 0 are passed over.
    first_hz, last_hz : float or None
        Where the sweep was planned to begin and to end; None where the file does not say.
    """
    f = np.asarray(frequency_hz, float)
    f = f[np.isfinite(f) & (f > 0)]
    if first_hz is None or last_hz is None or min(first_hz, last_hz) <= 0 or not f.size:
        return ()
    down = last_hz < first_hz
    reached = f.min() < NEAR * last_hz if down else f.max() > last_hz / NEAR
    if reached or not min(first_hz, last_hz) / NEAR < f[-1] < max(first_hz, last_hz) * NEAR:
        return ()
    text = f"the sweep was planned to {last_hz:g} Hz and ends at {f[-1]:g} Hz: the run or the file ends early"
    return (Finding("truncated", text),)

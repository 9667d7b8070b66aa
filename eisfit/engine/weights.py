"""Standard deviations of the measured points."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from eisfit.options import Weights
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.frozen import Complexes, Floats
from eisfit.validity.noise import noise_level

_SMALL_PART = 1e-2  # proportional weights: a part below this fraction of |Z| counts as that fraction


def stacked(arrays: Sequence[Complexes], length: int, fill: bool | None = None) -> Complexes:
    """Return arrays as rows of one, the shorter ones padded with `fill` or their last value."""
    if all(a.size == length for a in arrays):
        return np.stack(arrays)
    ends = [a[-1] if fill is None else fill for a in arrays]
    return np.stack(
        [
            np.concatenate([a, np.full(length - a.size, end, a.dtype)])
            for a, end in zip(arrays, ends, strict=True)
        ]
    )


def standard_deviations(z: Complexes, weights: Weights) -> Floats:
    """Return the standard deviations of the real, then of the imaginary parts, shape (N, 2 F)."""
    if not isinstance(weights, str):
        return np.asarray(
            np.broadcast_to(np.tile(np.asarray(weights, float), 2), (z.shape[0], 2 * z.shape[1]))
        )
    if weights == "unit":
        return np.ones((z.shape[0], 2 * z.shape[1]))
    modulus = np.abs(z)
    modulus[modulus == 0] = 1.0  # |Z| is 0 only at masked points
    if weights == "modulus":
        return np.tile(modulus, 2)
    parts = np.concatenate([np.abs(z.real), np.abs(z.imag)], axis=1)
    return np.asarray(np.maximum(parts, np.tile(_SMALL_PART * modulus, 2)))


def noise_deviations(spectra: Sequence[Spectrum], longest: int) -> Floats:
    """Return the standard deviations that Kramers-Kronig residuals show, shape (N, 2 F), their median that of |Z|.

    Only their variation over frequency is used; their level is set to that of |Z|, for which the solver is tuned.
    """
    levels = []
    for spectrum in spectra:
        used, level = spectrum.used, np.ones(len(spectrum))
        z = spectrum.z_ohm[used]
        found = noise_level(spectrum.frequency_hz[used], z)
        level[used] = found / np.median(found / np.abs(z))
        levels.append(level)
    return np.tile(stacked(levels, longest), 2)

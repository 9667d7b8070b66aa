"""Each sweep of a cell beside the one before it, which shows changes that one sweep cannot show."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from eisfit.spectrum.findings import Finding
from eisfit.spectrum.given import many_spectra
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.statistics import largest_deviation

FEWEST_SHARED = 8  # frequencies below which two sweeps are not compared
DRIFT_LEVEL = 3e-3  # probability of a drift between equal sweeps, over all frequencies
DRIFT_PERCENT = 0.3  # change below which no drift is reported
_SAME_HZ = 1e-3  # relative difference of frequencies that count as the same
_SMOOTH = 5  # neighbouring points over which a drift is averaged
_EFFICIENCY = 0.25  # degrees of freedom of the noise per second difference, when its size is their median


def drift(spectra: Sequence[Spectrum]) -> list[Finding | None]:
    """Compare each sweep with the one before it, which finds changes that one sweep cannot show.

    Parameters
    ----------
    spectra : sequence of Spectrum
        Sweeps of one cell in the order in which they were taken.

    Returns
    -------
    list of Finding or None
        For each sweep; None for the first, for one measured under other conditions than the one before, and
        where nothing has changed beyond the noise.

    Notes
    -----
    Real and imaginary part of the relative difference are averaged over five neighbouring frequencies and
    compared with what noise leaves of such a mean; the noise is that of the differences between neighbours.
    The level of the test is 0.3 % per pair of sweeps, whatever their number of points: with few of them the
    noise is known less well, and a change must be larger to be reported. Sweeps that share fewer than eight
    frequencies are not compared.
    """
    spectra = many_spectra(spectra, "drift", "check")
    found: list[Finding | None] = [None] * len(spectra)
    for k in range(1, len(spectra)):
        before, after = spectra[k - 1], spectra[k]
        if _same_conditions(before, after):
            found[k] = _drift(before, after)
    return found


def _same_conditions(a: Spectrum, b: Spectrum) -> bool:
    return replace(a.conditions, time_h=None) == replace(b.conditions, time_h=None)


def _drift(before: Spectrum, after: Spectrum) -> Finding | None:
    f, z = before.frequency_hz[before.used], before.z_ohm[before.used]
    order = np.argsort(f, kind="stable")
    f, z = f[order], z[order]
    f_after, z_after = after.frequency_hz[after.used], after.z_ohm[after.used]
    near = np.array([np.argmin(np.abs(np.log(f_after / value))) for value in f], int)
    same = np.abs(f_after[near] / f - 1) < _SAME_HZ
    if np.count_nonzero(same) < FEWEST_SHARED or np.any(z[same] == 0):
        return None
    f = f[same]
    change = (z_after[near][same] - z[same]) / np.abs(z[same])
    parts = np.stack([change.real, change.imag])
    curved = parts[:, 1:-1] - (parts[:, :-2] + parts[:, 2:]) / 2  # a drift is smooth, noise is not
    noise = 1.4826 * float(np.median(np.abs(curved))) / math.sqrt(1.5)
    window = min(_SMOOTH, f.size)
    mean = np.stack([np.convolve(part, np.ones(window) / window, mode="valid") for part in parts])
    size = np.abs(mean[0] + 1j * mean[1])
    worst = int(np.argmax(size))
    limit = largest_deviation(size.size, _EFFICIENCY * curved.size, DRIFT_LEVEL)
    if size[worst] < max(limit * noise / math.sqrt(window), DRIFT_PERCENT / 100):
        return None
    return Finding(
        "drift",
        f"Z has changed by {100 * size[worst]:.2g} % near {f[worst + window // 2]:.3g} Hz since the sweep "
        f"before (noise {100 * noise:.2g} %): wait longer, or let the time of each point enter the fit",
    )

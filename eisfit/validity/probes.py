"""What probes and cables do to a spectrum, seen without a model."""

from __future__ import annotations

import numpy as np

from eisfit.spectrum.findings import REVERSED, Finding
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.frozen import Complexes, Floats
from eisfit.validity.passive import sign_is_wrong

MOSTLY_INDUCTIVE = 0.8  # share of points with Im Z > 0 from which on the sign is doubted
CABLE_F = (10e-12, 300e-12)  # capacitance of cables and of amplifier inputs
LOOP = 0.5  # Im Z / omega at the highest frequency over its largest value; below it, it is no lead


def artefacts(spectrum: Spectrum) -> list[Finding]:
    """Return what probes and cables do: Hsieh et al. 1997 (Solid State Ionics 100, 297), Fletcher 2001.

    A voltage probe of high resistance divides the signal with the capacitance of its cable and of the input.

    Parameters
    ----------
    spectrum : Spectrum
        Its masked points take no part.

    Notes
    -----
    No level is set here: these are signs and orders of magnitude that noise below 1 % of the modulus does not
    change; simulated sound spectra raise fewer than 0.2 % of alarms (`benchmarks.false_alarms`). The sign is
    doubted, at a level of 0.1 %, where most points are inductive and a passive cell reproduces them only after
    the sign is turned.
    """
    used = np.flatnonzero(spectrum.used)
    order = used[np.argsort(spectrum.frequency_hz[used], kind="stable")]
    f, z = spectrum.frequency_hz[order], spectrum.z_ohm[order]
    findings = []
    inductive = int(np.count_nonzero(z.imag > 0))
    if inductive > MOSTLY_INDUCTIVE * f.size and sign_is_wrong(f, z):
        findings.append(
            Finding(
                "sign",
                f"Im Z > 0 at {inductive} of {f.size} points: no cell is inductive throughout; "
                + _sign_as_read(spectrum),
            )
        )
    negative = np.flatnonzero(z.real < 0)
    if negative.size:
        places = f"{f[negative[0]]:.3g} Hz"
        if negative.size > 1:
            places = f"{negative.size} points between {places} and {f[negative[-1]]:.3g} Hz"
        findings.append(
            Finding(
                "negative real part",
                f"Re Z < 0 at {places}: no passive cell does that; voltage probes of high resistance divide "
                "the signal with the capacitance of their cables, cut with f_max_hz",
            )
        )
    if (text := _loop(f, z)) is not None:
        findings.append(Finding("inductive loop", text))
    if (spectrum.conditions.electrodes or 0) >= 4 and (text := _cable(f, z)) is not None:
        findings.append(Finding("cable capacitance", text))
    return findings


def _sign_as_read(spectrum: Spectrum) -> str:
    """Return what is likely wrong with the sign, as the end of a sentence."""
    turned = any(finding.kind == REVERSED for finding in spectrum.findings)
    return "the sign was reversed on request, and was right before" if turned else "the file may hold -Im Z"


def _loop(f: Floats, z: Complexes) -> str | None:
    """Say where +Im Z at high frequency does not grow with the frequency, as that of a lead does."""
    start = f.size
    while start > 0 and z.imag[start - 1] > 0:
        start -= 1
    if f.size - start < 4:
        return None
    inductance = z.imag[start:] / (2 * np.pi * f[start:])
    if inductance[-1] >= LOOP * inductance.max() or f.size - start > MOSTLY_INDUCTIVE * f.size:
        return None
    return (
        f"Im Z > 0 above {f[start]:.3g} Hz does not grow with the frequency as that of a lead: a loop of the "
        f"voltage probes or of shields; cut with f_max_hz = {f[start]:.3g}"
    )


def _cable(f: Floats, z: Complexes) -> str | None:
    """Say where an arc at high frequency has the capacitance of cables."""
    height = -z.imag
    tops = (
        np.flatnonzero((height[1:-1] > height[:-2]) & (height[1:-1] >= height[2:]) & (height[1:-1] > 0)) + 1
    )
    for top in tops[::-1]:
        capacitance = 1 / (2 * np.pi * f[top] * 2 * height[top])
        if CABLE_F[0] <= capacitance <= CABLE_F[1] and height[top] > 0.02 * np.abs(z[top]):
            return (
                f"the arc at {f[top]:.3g} Hz has {1e12 * capacitance:.2g} pF, as cables and inputs have: it "
                "is one of the cell only if its capacitance scales with the area and its resistance with "
                "temperature"
            )
    return None

"""What columns without headings show by themselves: whether the second and third can be Z' and Z''."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from eisfit.tools.frozen import Floats

_EQUAL = 3e-3  # relative difference of a printed modulus from that of Z' and Z'': rounding, averages
_FEWEST = 8  # points of which a slope is taken
_LARGEST_PHASE, _SMALLEST_PHASE = 90.5, 5.0  # degrees
_FOLLOWS = 6.0  # degrees: arcs and warm lines have less
_TIMES = 0.5
_MOST = 0.5  # share of rows with a negative Z' from which it is none


def has_modulus(columns: Floats) -> bool:
    """Tell whether the fourth of some columns (K, n) is the modulus of the second and third."""
    if columns.shape[0] < 4:
        return False
    return bool(np.allclose(columns[3], np.hypot(columns[1], columns[2]), rtol=_EQUAL, atol=0.0))


def is_modulus_with_phase(columns: Floats | Sequence[Floats]) -> bool:
    """Tell whether the second and third of some columns (K, n) are a modulus and its phase rather than Z' and Z''.

    The phase of a passive sample follows the slope of its modulus, 90 degrees times d ln|Z| / d ln f.

    Source: Bode, Network Analysis and Feedback Amplifier Design (1945), ch. 14: the relation of slope and phase.
    """
    f, first, second = (np.asarray(c, float) for c in columns[:3])
    keep = (f > 0) & (first > 0) & np.isfinite(second)
    order = np.argsort(f[keep], kind="stable")
    x, m, p = np.log(f[keep][order]), first[keep][order], second[keep][order]
    x, first_of = np.unique(x, return_index=True)
    m, p = m[first_of], p[first_of]
    if x.size < _FEWEST or np.abs(p).max() > _LARGEST_PHASE or np.abs(p).max() < _SMALLEST_PHASE:
        return False
    polar = _misfit(x, m, p)
    z = m + 1j * p
    return polar < _FOLLOWS and polar < _TIMES * _misfit(x, np.abs(z), np.angle(z, deg=True))


def _misfit(x: Floats, modulus: Floats, phase_deg: Floats) -> float:
    """Return the median distance in degrees of a phase, of either sign, from that of the slope of its modulus."""
    expected = 90 * np.gradient(np.log(modulus), x)
    return float(min(np.median(np.abs(expected - sign * phase_deg)) for sign in (1, -1)))


def fault_of_bare(columns: Floats) -> str:
    """Return why the second of some columns (K, n) is not Z'; or ''."""
    if is_modulus_with_phase(columns):
        return "the second and third run like |Z| and its phase"
    if np.count_nonzero(columns[1] < 0) > _MOST * columns[1].size:
        return "the second column, which would be Z', is negative in most rows"
    return ""

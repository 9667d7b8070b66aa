"""Which shipped templates may describe spectra that nobody has described."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from eisfit.cell.find import shipped, template
from eisfit.spectrum.spectrum import Spectrum

MOST, FEWEST = 2 / 3, 1 / 3  # parts of the spectra that end in a tail, of blocking and of other electrodes
RISE = 1.3  # of -Z'' over the lowest half decade, from which on a spectrum ends in a tail


@dataclass(frozen=True)
class Candidate:
    """A template with the numbers of electrodes that it knows.

    Parameters
    ----------
    name, title : str
        Of the template.
    electrodes : tuple of int
        With which it is known.
    likely : bool
        Whether the low end of the spectra agrees with it: a tail with blocking electrodes, none without.
    """

    name: str
    title: str
    electrodes: tuple[int, ...]
    likely: bool


def tail_share(spectra: Sequence[Spectrum]) -> float:
    """Return the part of the spectra whose -Z'' rises towards the lowest frequency, as over blocking electrodes."""
    return float(np.mean([_ends_in_tail(s) for s in spectra])) if spectra else 0.0


def _ends_in_tail(s: Spectrum) -> bool:
    rising = np.argsort(s.frequency_hz)
    f, minus = s.frequency_hz[rising], -s.z_ohm[rising].imag
    low = f <= f[0] * 10**0.5
    if low.sum() < 2 or minus[0] <= 0:
        return False
    last = minus[low][-1]
    return bool(minus[0] > RISE * last and minus[0] > 0.1 * abs(s.z_ohm[rising][0]))


def candidates(spectra: Sequence[Spectrum], electrodes: int | None = None) -> tuple[Candidate, ...]:
    """Return the shipped templates, those that the data speak for first.

    Parameters
    ----------
    spectra : sequence of Spectrum
        Of one series.
    electrodes : int, optional
        Number of electrodes; templates that do not know it are left out.
    """
    share = tail_share(spectra)
    found = []
    for name in shipped():
        each = template(name)
        known = tuple(c.electrodes for c in each.configurations if c.electrodes is not None)
        if electrodes is not None and electrodes not in known:
            continue
        blocks = any(s.blocking for s in each.with_electrodes(electrodes or known[0]).path)
        likely = share >= FEWEST if blocks else share <= MOST
        found.append(Candidate(name, each.title, known, likely))
    return tuple(sorted(found, key=lambda c: not c.likely))

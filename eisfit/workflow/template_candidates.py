"""Which shipped templates may describe spectra that nobody has described."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from eisfit.cell.find import shipped, template
from eisfit.cell.limits import SYSTEMS
from eisfit.spectrum.spectrum import Spectrum
from eisfit.suggestion import suggest

MOST, FEWEST = 2 / 3, 1 / 3  # parts of the spectra that end in a tail, of blocking and of other electrodes
MOST_SUGGESTED_BY = 3  # spectra of which the arcs are looked at
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
    system : str
        Which phases meet.
    counts : bool
        Whether it is a stack, whose sheets are to be counted.
    """

    name: str
    title: str
    electrodes: tuple[int, ...]
    likely: bool
    system: str = ""
    counts: bool = False


@dataclass(frozen=True)
class Kind:
    """A candidate with those that describe the same cell in more detail.

    Parameters
    ----------
    plain : Candidate
        The one of the shortest name.
    variants : tuple of Candidate
        Those whose names go on from its name, as ``le_se_slei`` does from ``le_se``, of the same system; stacks last.
    """

    plain: Candidate
    variants: tuple[Candidate, ...]


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
        found.append(Candidate(name, each.title, known, likely, each.system, bool(each.counts)))
    return tuple(sorted(found, key=lambda c: not c.likely))


def suggested(
    spectra: Sequence[Spectrum],
    electrodes: int | None = None,
    area_cm2: float | None = None,
    thickness_cm: float | None = None,
) -> tuple[str, ...]:
    """Return the templates that a few spectra of a series allow by their arcs and tails; none where none can be used.

    Parameters
    ----------
    spectra : sequence of Spectrum
        Of one series.
    electrodes : int, optional
        Number of electrodes.
    area_cm2, thickness_cm : float, optional
        In cm² and cm, in place of what the spectra state.
    """
    places = np.unique(np.linspace(0, len(spectra) - 1, MOST_SUGGESTED_BY).round().astype(int))
    found = suggest(
        [spectra[k] for k in places], electrodes=electrodes, area_cm2=area_cm2, thickness_cm=thickness_cm
    )
    return tuple(t.name for t in found.allowed_templates)


def kinds(likely: Sequence[Candidate]) -> dict[str, tuple[Kind, ...]]:
    """Return candidates by the system that they belong to, each with its variants.

    Parameters
    ----------
    likely : sequence of Candidate
        Those that are to be shown.
    """
    found: dict[str, tuple[Kind, ...]] = {}
    for system in SYSTEMS:
        names = {c.name: c for c in likely if c.system == system}
        plain = [n for n in names if not any(n.startswith(f"{other}_") for other in names)]
        found[system] = tuple(
            Kind(
                names[n],
                tuple(
                    sorted(
                        (c for c in names.values() if c.name.startswith(f"{n}_")),
                        key=lambda c: c.counts,
                    )
                ),
            )
            for n in plain
        )
    return {system: each for system, each in found.items() if each}

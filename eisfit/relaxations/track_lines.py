"""The resistance of each peak that was followed, as a line over temperature."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

import numpy as np

from eisfit.constants import ZERO_CELSIUS_K
from eisfit.errors import SeriesError
from eisfit.laws.arrhenius import Arrhenius, fit_arrhenius
from eisfit.laws.law_fit import Followed
from eisfit.relaxations.distribution import DepressedArc, Distribution, Peak
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.frozen import Floats

FEWEST_POINTS = 3  # of a line
MERGED = math.log(10.0) * 1.2  # ln tau within which a peak may hold another one that is not seen
_Places = Sequence[tuple[int, Peak]]


def condition_of(spectrum: Spectrum, over: str) -> float:
    """Return the condition of a spectrum; nan where it is not known."""
    value = spectrum.conditions.number(over)
    return math.nan if value is None else float(value)


def basin_edges(found: Distribution) -> Floats:
    """Return the valleys between and beside the peaks, in s, shape (peaks + 1,).

    A rise to the end of the window belongs to no peak.
    """
    places = [int(np.argmin(np.abs(np.log(found.tau_s / peak.tau_s)))) for peak in found.peaks]
    if not places:
        return np.array([found.tau_s[0]])
    gamma = found.gamma_ohm
    first, last = int(np.argmin(gamma[: places[0] + 1])), places[-1] + int(np.argmin(gamma[places[-1] :]))
    valleys = [a + int(np.argmin(gamma[a : b + 1])) for a, b in itertools.pairwise(places)]
    return np.asarray(found.tau_s[[first, *valleys, last]])


def arcs_of(found: Distribution, peak: Peak) -> list[DepressedArc]:
    """Return the depressed arcs whose time constants lie between the valleys beside a peak."""
    place = next(n for n, one in enumerate(found.peaks) if one is peak)
    low, high = basin_edges(found)[place : place + 2]
    return [arc for arc in found.arcs if low <= arc.tau_s <= high]


def track_lines(
    found: Sequence[Distribution], followed: Sequence[_Places], over: str
) -> tuple[Arrhenius | None, ...]:
    """Return the line of each peak that was followed, ln(1/R) over 1/T; None where it has none.

    Parameters
    ----------
    found : sequence of Distribution
        In rising order of the condition.
    followed : sequence of sequences of (int, Peak)
        Places and peaks of each.
    over : str
        The condition; only temperature has lines.

    Notes
    -----
    Where another peak is not seen at a temperature though it is expected within 1.2 decades, both may lie under one
    peak, whose resistance is their sum: that temperature is left out. Integrals between valleys share overlapping
    flanks by place. Where each peak has one depressed arc under it at all temperatures, the resistances are those of
    the arcs, which do not.
    """
    if over != "temperature_c" or any(math.isnan(condition_of(d.spectrum, over)) for d in found):
        return (None,) * len(followed)
    return tuple(
        _line(
            found, [(k, peak) for k, peak in own if peak.stands and not _merged(k, peak, n, followed)], n + 1
        )
        for n, own in enumerate(followed)
    )


def _merged(place: int, peak: Peak, own: int, followed: Sequence[_Places]) -> bool:
    """Tell whether another track that is not seen at a place is expected near a peak there."""
    for n, other in enumerate(followed):
        seen = [k for k, _ in other]
        if n == own or place in seen or len(seen) < 2:
            continue
        near = sorted(range(len(seen)), key=lambda k: abs(seen[k] - place))[:2]  # to or beyond both sides
        (a, b), (x, y) = (seen[k] for k in near), (math.log(other[k][1].tau_s) for k in near)
        expected = x + (y - x) * (place - a) / (b - a)
        if abs(expected - math.log(peak.tau_s)) < MERGED:
            return True
    return False


def _line(found: Sequence[Distribution], standing: list[tuple[int, Peak]], number: int) -> Arrhenius | None:
    kelvin = (
        np.array([condition_of(found[k].spectrum, "temperature_c") for k, _ in standing]) + ZERO_CELSIUS_K
    )
    if len(set(kelvin)) < FEWEST_POINTS:
        return None
    under = [arcs_of(found[k], peak) for k, peak in standing]
    single = all(
        len(arcs) == 1 and len(found[k].count.possible) == 1
        for arcs, (k, _) in zip(under, standing, strict=True)
    )
    of: Sequence[Peak | DepressedArc] = (
        [arcs[0] for arcs in under] if single else [peak for _, peak in standing]
    )
    resistance = np.array([x.resistance_ohm for x in of])
    error = np.array([x.resistance_stderr_ohm for x in of]) / resistance
    labels = tuple(found[k].spectrum.label for k, _ in standing)
    temperature_error = [found[k].spectrum.conditions.temperature_err_c or 0.0 for k, _ in standing]
    try:
        return fit_arrhenius(
            kelvin,
            resistance,
            error,
            temperature_err_k=temperature_error,
            of=Followed(contribution=f"peak {number}", quantity="resistance", unit="ohm", labels=labels),
        )
    except SeriesError:
        return None

"""Distributions of a series: peaks that keep their identity over the condition, each with an apparent energy."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from eisfit.constants import ZERO_CELSIUS_K
from eisfit.errors import InputError
from eisfit.laws.arrhenius import Arrhenius
from eisfit.relaxations.distribution import Distribution, Peak
from eisfit.relaxations.of_spectrum import drt
from eisfit.relaxations.track_lines import condition_of, track_lines
from eisfit.spectrum.given import many_spectra
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.display import Presentable, Sheet
from eisfit.tools.frozen import Value
from eisfit.tools.rounding import with_error
from eisfit.tools.views import Viewable

FARTHEST = math.log(10.0)  # ln tau between a peak and where its track is expected
_FAR_RESISTANCE = 2.0  # ln R that counts as much as one ln tau


@dataclass(frozen=True, eq=False)
class Track(Value):
    """A peak that was followed through a series.

    Parameters
    ----------
    number : int
        From 1, by its time constant where it is first seen.
    peaks : tuple of (int, Peak)
        The place of each distribution in the series, and its peak.
    line : Arrhenius or None
        ln(1/R) over 1/T, with R of peaks that stand, or of the depressed arcs under them where each has one; None where
        there are fewer than three temperatures. See `eisfit.relaxations.track_lines`.
    """

    number: int
    peaks: tuple[tuple[int, Peak], ...]
    line: Arrhenius | None


@dataclass(frozen=True, eq=False, repr=False)
class DistributionSeries(Presentable, Viewable, Value):
    """The distributions of the spectra of a series.

    Parameters
    ----------
    over : str
        The condition that the series is sorted by.
    distributions : tuple of Distribution
        In rising order of the condition; those that were refused are left out.
    tracks : tuple of Track
        Peaks that belong together.
    refused : tuple of (str, str)
        Label and reason of each spectrum that has no distribution.
    """

    over: str
    distributions: tuple[Distribution, ...]
    tracks: tuple[Track, ...]
    refused: tuple[tuple[str, str], ...]

    usual_figure = "drt"

    def __iter__(self) -> Iterator[Distribution]:
        """Go through the distributions."""
        return iter(self.distributions)

    def __len__(self) -> int:
        """Return the number of distributions."""
        return len(self.distributions)

    def headline(self) -> str:
        """Return the numbers of distributions and peaks in one line."""
        refused = f", {len(self.refused)} refused" if self.refused else ""
        return f"{len(self.distributions)} distributions{refused}, {len(self.tracks)} peaks followed"

    def sheets(self) -> list[Sheet]:
        """Return the followed peaks as a table."""
        rows = tuple(
            (
                str(track.number),
                str(len(track.peaks)),
                _span([peak.frequency_hz for _, peak in track.peaks]),
                _span([peak.resistance_ohm for _, peak in track.peaks]),
                "-" if track.line is None else _energy(track.line),
            )
            for track in self.tracks
        )
        notes = tuple(f"{label}: {reason}" for label, reason in self.refused)
        return [
            Sheet(
                "Peaks over the series", ("peak", "seen", "f / Hz", "R / ohm", "E_A in ln(1/R)"), rows, notes
            )
        ]


def drt_series(
    spectra: Sequence[Spectrum],
    *,
    over: str = "temperature_c",
    despite_findings: bool = False,
    seed: int = 0,
    done: Callable[[int, int], None] | None = None,
) -> DistributionSeries:
    """Return the distributions of relaxation times of a series.

    Parameters
    ----------
    spectra : sequence of Spectrum
        In any order.
    over : str
        The condition that sorts them.
    despite_findings, seed
        As for `drt`.
    done : callable, optional
        Called with the number of spectra that are done and the number of all, after each.

    Returns
    -------
    DistributionSeries
        A spectrum without a distribution is listed there with the reason.

    Raises
    ------
    InputError
        If there is no spectrum.

    Notes
    -----
    Peaks of neighbouring spectra are joined so that the sum of distances is least: of ln tau from where the track is
    expected (its last two peaks, as a line over the reciprocal temperature or the condition), and of ln R. Peaks more
    than a decade from every track begin one of their own.
    """
    spectra = many_spectra(spectra, "drt_series", "eisfit.drt")
    if not spectra:
        raise InputError("there is no spectrum: drt_series needs at least one")
    found: list[Distribution] = []
    refused: list[tuple[str, str]] = []
    for k, spectrum in enumerate(spectra):
        try:
            found.append(drt(spectrum, despite_findings=despite_findings, seed=seed))
        except InputError as error:
            reason = str(error).removeprefix(f"{spectrum.label}: ")
            refused.append((spectrum.label or f"spectrum {k + 1}", reason))
        if done is not None:
            done(k + 1, len(spectra))
    known = [condition_of(d.spectrum, over) for d in found]
    order = sorted(range(len(found)), key=lambda k: (math.isnan(known[k]), known[k]))
    in_order = tuple(found[k] for k in order)
    return DistributionSeries(over, in_order, _tracks(in_order, over), tuple(refused))


def _tracks(found: tuple[Distribution, ...], over: str) -> tuple[Track, ...]:
    """Return the peaks that belong together."""
    at = np.array([condition_of(d.spectrum, over) for d in found])
    if over == "temperature_c":
        at = -1 / (at + ZERO_CELSIUS_K)
    if np.isnan(at).any():
        at = np.arange(len(found), dtype=float)
    tracks: list[list[tuple[int, Peak]]] = []
    for place, distribution in enumerate(found):
        peaks = list(distribution.peaks)
        taken = _joined(tracks, peaks, at, place)
        for k, peak in enumerate(peaks):
            if k in taken:
                tracks[taken[k]].append((place, peak))
            else:
                tracks.append([(place, peak)])
    tracks.sort(key=lambda track: track[0][1].tau_s)
    return tracks_of(found, tracks, over)


def tracks_of(
    found: Sequence[Distribution], followed: Sequence[Sequence[tuple[int, Peak]]], over: str
) -> tuple[Track, ...]:
    """Return peaks that belong together, numbered, with the line of their resistances where there can be one.

    Parameters
    ----------
    found : sequence of Distribution
        In rising order of the condition.
    followed : sequence of sequences of (int, Peak)
        Places and peaks of each.
    over : str
        The condition.
    """
    lines = track_lines(found, followed, over)
    return tuple(Track(k + 1, tuple(own), lines[k]) for k, own in enumerate(followed))


def as_series(found: Distribution | DistributionSeries) -> DistributionSeries:
    """Return one distribution as a series of one, in which no peak is followed; a series as it is."""
    if isinstance(found, Distribution):
        return DistributionSeries("temperature_c", (found,), (), ())
    return found


def followed_as(series: DistributionSeries) -> dict[tuple[int, int], int]:
    """Return the number under which each peak was followed, by places of its distribution and of the peak in it."""
    numbers = {(place, id(peak)): track.number for track in series.tracks for place, peak in track.peaks}
    return {
        (place, n): numbers[place, id(peak)]
        for place, one in enumerate(series.distributions)
        for n, peak in enumerate(one.peaks)
        if (place, id(peak)) in numbers
    }


def _joined(
    tracks: list[list[tuple[int, Peak]]], peaks: list[Peak], at: np.ndarray, place: int
) -> dict[int, int]:
    """Return which track each peak goes on, where one is near enough."""
    from scipy.optimize import linear_sum_assignment  # imported late: importing eisfit stays light

    if not tracks or not peaks:
        return {}
    cost = np.empty((len(peaks), len(tracks)))
    for j, track in enumerate(tracks):
        log_tau, log_r = _expected(track, at, place)
        for k, peak in enumerate(peaks):
            away = abs(math.log(peak.tau_s) - log_tau)
            cost[k, j] = away + abs(math.log(peak.resistance_ohm) - log_r) / _FAR_RESISTANCE
            if away > FARTHEST:
                cost[k, j] = 1e6
    rows, columns = linear_sum_assignment(cost)
    return {int(k): int(j) for k, j in zip(rows, columns, strict=True) if cost[k, j] < 1e6}


def _expected(track: list[tuple[int, Peak]], at: np.ndarray, place: int) -> tuple[float, float]:
    """Return ln tau and ln R where a track goes on, from its last two peaks."""
    last_place, last = track[-1]
    log_tau, log_r = math.log(last.tau_s), math.log(last.resistance_ohm)
    if len(track) == 1:
        return log_tau, log_r
    before_place, before = track[-2]
    width = at[last_place] - at[before_place]
    share = float((at[place] - at[last_place]) / width) if width else 0.0
    return (
        log_tau + share * (log_tau - math.log(before.tau_s)),
        log_r + share * (log_r - math.log(before.resistance_ohm)),
    )


def _span(values: list[float]) -> str:
    low, high = min(values), max(values)
    return f"{low:.3g}" if high < 1.001 * low else f"{low:.3g} to {high:.3g}"


def _energy(line: Arrhenius) -> str:
    return f"{with_error(line.activation_energy_ev, line.activation_energy_stderr_ev)} eV"

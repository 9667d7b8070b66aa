"""Which arc of which spectrum belongs to which segment, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from eisfit.assignment.hypotheses import UNNAMED, Hypothesis, Series, hypotheses_of
from eisfit.assignment.settings import ANY_ENERGY_EV, DEFAULT, AssignmentSettings
from eisfit.assignment.sightings import Sighting, View, sightings_of, views_of
from eisfit.assignment.skeleton import Label, Skeleton
from eisfit.assignment.structures import Structure
from eisfit.assignment.tracks import Expected, TrackModel, axis_of
from eisfit.tools.frozen import Floats
from eisfit.tools.progress import Told, untold


@dataclass(frozen=True, eq=False)
class NamedArc:
    """An arc of one spectrum with the segment that it belongs to.

    Parameters
    ----------
    arcs : tuple of int
        Its place among the arcs of the structure; two where the data do not show whether it is one or two.
    label : int or None
        Place of the most probable segment among the labels of the skeleton; None for an arc that belongs to none.
    partner : int or None
        The segment of the second one of two arcs.
    track : int
        Number of the arc among those of the series without a decided name, from 1 on, the fastest first; 0 where
        there is only one.
    odds : float
        Of that name against all others.
    names : tuple of int or None
        Labels with odds of 1:20 and better, the most probable first.
    """

    arcs: tuple[int, ...]
    label: int | None
    partner: int | None
    track: int
    odds: float
    names: tuple[int | None, ...]

    @property
    def decided(self) -> bool:
        """Whether its name is decided."""
        return len(self.names) == 1


@dataclass(frozen=True, eq=False)
class Verdict:
    """What was decided for one spectrum.

    Parameters
    ----------
    spectrum : int
        Its place in the evidence.
    structure : int
        Place of its solution among the structures.
    arcs : tuple of NamedArc
        Its arcs.
    expected : mapping of int to Expected
        What is expected of the labels that are not seen here but elsewhere in the series.
    unseen : tuple of int
        Labels that are seen nowhere in the series.
    above : mapping of int to float
        Probability that a label that is not seen lies above the window.
    inside : mapping of int to bool
        Whether its top is expected in the window.
    tails : mapping of int to (float, float)
        ln Q and alpha of the arcs that are not seen here, in the nearest spectrum where they are.
    numbers : mapping of int to int
        Of the labels that are not seen here but elsewhere: the number of their track among those without a decided
        name, 0 where that is decided.
    """

    spectrum: int
    structure: int
    arcs: tuple[NamedArc, ...]
    expected: dict[int, Expected]
    unseen: tuple[int, ...]
    above: dict[int, float]
    inside: dict[int, bool]
    tails: dict[int, tuple[float, float]]
    numbers: dict[int, int]


@dataclass(frozen=True, eq=False)
class Evidence:
    """All that is compared of N spectra.

    Parameters
    ----------
    skeleton : Skeleton
        The cell.
    structures : sequence of Structure
        Their solutions.
    sightings : list of list of Sighting
        The best of them, by spectrum.
    views : list of View
        What each spectrum can show.
    settings : AssignmentSettings
        Prior knowledge.
    """

    skeleton: Skeleton
    structures: Sequence[Structure]
    sightings: list[list[Sighting]]
    views: list[View]
    settings: AssignmentSettings

    @classmethod
    def of(
        cls, skeleton: Skeleton, structures: Sequence[Structure], settings: AssignmentSettings = DEFAULT
    ) -> Evidence:
        """Return the evidence that solutions hold."""
        sightings = sightings_of(structures, settings.structures, settings.structure_drop)
        return cls(skeleton, structures, sightings, views_of(structures), settings)


def decide(
    evidence: Evidence,
    rows: Sequence[int],
    condition: str = "",
    values: Sequence[float] = (),
    *,
    assign: tuple[int, ...] = (),
    told: Told = untold,
) -> list[Verdict]:
    """Decide for all spectra of a series at once which arc belongs to which segment.

    Parameters
    ----------
    evidence : Evidence
        Of N spectra.
    rows : sequence of int
        Which of them form the series, in its order; one for a spectrum by itself.
    condition : str
        Name of the condition that orders the series; empty for one spectrum.
    values : sequence of float
        Its values.
    assign : tuple of int
        Labels whose arcs are known to follow each other in this order, the fastest first.
    told : callable
        Called with what is done, how many spectra are done, and how many there are.
    """
    series = replace(_series(evidence, rows, condition, values), assign=assign)
    found = hypotheses_of(series, told)
    order = _tracks(series, found[0])
    verdicts = [_verdict(series, found, i, int(row), order) for i, row in enumerate(rows)]
    verdicts = [
        replace(v, tails=tails_of(evidence, rows, series, found[0], i, v)) for i, v in enumerate(verdicts)
    ]
    return _numbered(verdicts, order)


def _series(evidence: Evidence, rows: Sequence[int], condition: str, values: Sequence[float]) -> Series:
    settings, index = evidence.settings, np.array(rows, int)
    sightings, views = [evidence.sightings[i] for i in rows], [evidence.views[i] for i in rows]
    n = len(rows)
    axis, over_temperature = axis_of(condition, np.array(values, float) if condition else np.zeros(n))
    log_r = float(np.mean([view.log_z.mean() for view in views]))

    def model(role: str, middle: Floats, sigma: Floats) -> TrackModel:
        energy = settings.energy_ev.get(role, ANY_ENERGY_EV)
        return TrackModel(axis, over_temperature, log_r, energy, middle, sigma, sightings, settings)

    labels = evidence.skeleton.labels
    labelled = [model(label.role.name, label.middle[index], label.sigma[index]) for label in labels]
    middle, sigma = settings.unassigned_capacitance, settings.unassigned_capacitance_sigma
    unnamed = model("", np.full(n, middle), np.full(n, sigma))
    return Series(evidence.skeleton, sightings, views, [*labelled, *[unnamed] * UNNAMED], settings)


def _tracks(series: Series, best: Hypothesis) -> dict[int, int]:
    """Return the number of each track, in order of the mean time constants."""
    mean = {
        k: float(np.mean([series.sightings[i][s].log_tau[arc] for i, s, arc in seen]))
        for k, seen in enumerate(best.seen)
        if seen
    }
    return {k: number for number, k in enumerate(sorted(mean, key=lambda k: mean[k]))}


def tails_of(
    evidence: Evidence, rows: Sequence[int], series: Series, best: Hypothesis, i: int, verdict: Verdict
) -> dict[int, tuple[float, float]]:
    """Return ln Q and alpha of the arcs that are expected but not seen, from where they are seen best nearby.

    An arc whose capacitance is not that of the others does not count as near.
    """
    found = {}
    for k in verdict.expected:
        known = [(j, s, arc) for j, s, arc in best.seen[k] if len(series.sightings[j][s].arcs[arc]) == 1]
        if not known:
            continue

        log_c = float(np.median([series.sightings[j][s].log_c[arc] for j, s, arc in known]))

        def distance(place: tuple[int, int, int], usual: float = log_c) -> float:
            j, s, arc = place
            error = float(np.sqrt(series.sightings[j][s].covariance[arc, 1, 1]))
            return abs(j - i) + 10.0 * (error + abs(float(series.sightings[j][s].log_c[arc]) - usual))

        j, s, arc = min(known, key=distance)
        sighting = series.sightings[j][s]
        structure = evidence.structures[sighting.structure]
        x, own = structure.x[rows[j]], structure.arcs[sighting.arcs[arc][0]]
        alpha = float(np.exp(own.log_alpha(x)))
        found[k] = alpha * float(own.log_tau(x)) - float(x[own.resistance]), alpha
    return found


def _numbered(verdicts: Sequence[Verdict], tracks: dict[int, int]) -> list[Verdict]:
    """Return the verdicts with numbers for the tracks whose names are not decided."""
    open_tracks = sorted({a.track for v in verdicts for a in v.arcs if not a.decided})
    number = {track: place + 1 for place, track in enumerate(open_tracks)} if len(open_tracks) > 1 else {}
    return [
        replace(
            v,
            arcs=tuple(replace(a, track=number.get(a.track, 0)) for a in v.arcs),
            numbers={k: number.get(tracks[k], 0) for k in v.expected},
        )
        for v in verdicts
    ]


def _verdict(
    series: Series, found: Sequence[Hypothesis], i: int, spectrum: int, tracks: dict[int, int]
) -> Verdict:
    sighting, chosen = found[0].choices[i]
    alike = [h for h in found if h.choices[i][0] == sighting]
    weight = np.exp([h.weight for h in alike])
    weight = weight / weight.sum()
    here_seen = series.sightings[i][sighting]
    arcs = []
    for arc, track in enumerate(chosen):
        if not here_seen.arcs[arc]:
            continue
        shares: dict[int | None, float] = {}
        for h, w in zip(alike, weight, strict=True):
            label = _label(series, h.choices[i][1][arc])
            shares[label] = shares.get(label, 0.0) + float(w)
        label = _label(series, track)
        names = sorted(
            (k for k, w in shares.items() if w >= least_probability(series, chosen, label, k)),
            key=lambda k: -shares[k],
        )
        share = shares[label]
        odds = share / max(1 - share, 1e-12)
        if label in names and names[0] != label:
            names = [label, *(k for k in names if k != label)]
        partner = _label(series, chosen[-1]) if len(here_seen.arcs[arc]) > 1 else None
        arcs.append(
            NamedArc(here_seen.arcs[arc], label, partner, tracks[track], odds, tuple(names) or (label,))
        )
    here = {a.label for a in arcs} | {a.partner for a in arcs}
    expected, above, inside = {}, {}, {}
    for k in range(series.labels):
        seen = found[0].seen[k]
        if seen and k not in here:
            expected[k] = series.models[k].expected(seen, i)
            above[k] = series.views[i].above(expected[k].log_tau, expected[k].sigma)
            inside[k] = expected[k].log_tau < series.views[i].slowest
    unseen = tuple(k for k in range(series.labels) if not found[0].seen[k])
    verdict = Verdict(spectrum, here_seen.structure, tuple(arcs), expected, unseen, above, inside, {}, {})
    return _consistent(series, here_seen, verdict)


def least_probability(series: Series, chosen: Sequence[int], label: int | None, rival: int | None) -> float:
    """Return the probability from which a rival of a name counts; two dielectric arcs may be swapped."""
    labels = series.skeleton.labels
    both = [labels[k].role.may_fade for k in (label, rival) if k is not None and k in chosen]
    odds = series.settings.decided_dielectrics if both == [True, True] else series.settings.decided
    return 1 / (1 + odds)


def _consistent(series: Series, here: Sighting, verdict: Verdict) -> Verdict:
    """Return a verdict without names that what it says of other arcs contradicts.

    Where another arc may be that segment, and where an arc of no segment is larger than all others together: then the
    template does not describe the cell, and names that follow by elimination hold no longer. Dielectrics keep theirs,
    and a tail slower than any segment, which is a diffusion, takes none.
    """
    possible = {k for a in verdict.arcs if not a.decided for k in a.names if k is not None}
    strange = _strangers_dominate(series, here, verdict)
    arcs = []
    for a in verdict.arcs:
        if a.decided and a.label is not None:
            fading = series.skeleton.labels[a.label].role.may_fade
            if a.label in possible or (strange and not fading):
                a = replace(a, names=(a.label, None), odds=min(a.odds, series.settings.decided))
        arcs.append(a)
    return replace(verdict, arcs=tuple(arcs))


def _strangers_dominate(series: Series, here: Sighting, verdict: Verdict) -> bool:
    """Tell whether arcs that belong to no segment are larger than the others together, and no slow tails."""
    place = {arcs: k for k, arcs in enumerate(here.arcs)}
    slow = max(
        (float(label.middle[verdict.spectrum] + series.settings.range_sigmas * label.sigma[verdict.spectrum]))
        for label in series.skeleton.labels
    )
    resistance = {a: float(np.exp(here.log_r[place[a.arcs]])) for a in verdict.arcs}
    strange = [a for a in verdict.arcs if None in a.names and float(here.log_c[place[a.arcs]]) < slow]
    if len(strange) < 2 and not any(a.decided for a in strange):
        return False  # one that may be a segment's
    others = sum(resistance[a] for a in verdict.arcs if a not in strange)
    return sum(resistance[a] for a in strange) > others


def _label(series: Series, k: int) -> int | None:
    return k if k < series.labels else None


def names_of(labels: Sequence[Label], arc: NamedArc) -> list[str]:
    """Return the names that an arc may have."""
    return [labels[k].name for k in arc.names if k is not None]

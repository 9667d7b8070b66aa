"""Assignments of all arcs of a series at once, each with its probability."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np

from eisfit.assignment.seen import Seen
from eisfit.assignment.settings import AssignmentSettings
from eisfit.assignment.sightings import Sighting, View
from eisfit.assignment.skeleton import Skeleton
from eisfit.assignment.tracks import TrackModel
from eisfit.tools.frozen import Bools, Floats, Ints
from eisfit.tools.progress import Told, untold

UNNAMED = 2  # tracks of arcs that belong to no segment, at most
_FEWEST_OF_LINE = 3  # temperatures from which a resistor must follow 1/T to stand for a dielectric
_LOOSE = 1.5  # by which its activation energy may differ more than that of an arc
_CONTRADICTED = -30.0  # log probability of what the user says not to be
_LEAST = 1e-12  # least probability of a contradiction
_ALIKE = 6  # assignments of equal last names that are kept


@dataclass(frozen=True, eq=False)
class Hypothesis:
    """One assignment of the arcs of the first spectra of a series.

    Parameters
    ----------
    seen : tuple of Seen
        The arcs of each label, then those of the tracks without a name.
    choices : tuple of (int, tuple of int)
        Of each spectrum: its sighting, and the label of each arc.
    weight : float
        Logarithm of its probability, up to a constant.
    contact : bool
        Whether a resistor of contacts was needed in any spectrum.
    hidden : float
        Share of `weight` by labels that are not seen where they are expected; made anew in the end.
    """

    seen: tuple[Seen, ...]
    choices: tuple[tuple[int, tuple[int, ...]], ...] = ()
    weight: float = 0.0
    contact: bool = False
    hidden: float = 0.0


@dataclass(frozen=True, eq=False)
class Maps:
    """All ways to give different labels to some arcs.

    Parameters
    ----------
    labels : ndarray of int, shape (M, K)
        The label of each arc.
    missing : ndarray of bool, shape (M, L)
        Which labels no arc has.
    complete : ndarray of bool, shape (M,)
        Where all dielectric arcs are there that together leave nothing to be the resistor.
    """

    labels: Ints
    missing: Bools
    complete: Bools

    @cached_property
    def chosen(self) -> list[tuple[int, ...]]:
        """The labels of each way as tuples."""
        return [tuple(labels) for labels in self.labels.tolist()]


@dataclass(frozen=True, eq=False)
class Series:
    """What is compared: the sightings of a series and the models of its labels.

    Parameters
    ----------
    skeleton : Skeleton
        The cell.
    sightings : list of list of Sighting
        Of each spectrum.
    views : list of View
        What each spectrum can show.
    models : list of TrackModel
        Of each label, then of the tracks without a name.
    settings : AssignmentSettings
        Prior knowledge.
    assign : tuple of int
        Labels whose arcs are known to follow each other in this order, the fastest first.
    """

    skeleton: Skeleton
    sightings: list[list[Sighting]]
    views: list[View]
    models: list[TrackModel]
    settings: AssignmentSettings
    assign: tuple[int, ...] = ()
    _maps: dict[int, Maps] = field(default_factory=dict)
    _unseen: dict[tuple[Seen, int, int, int], float] = field(default_factory=dict)

    @property
    def labels(self) -> int:
        """Number of labels with a name."""
        return len(self.skeleton.labels)

    def maps(self, arcs: int) -> Maps:
        """Return all ways to give different labels to some arcs."""
        if arcs not in self._maps:
            whole = itertools.permutations(range(self.labels + UNNAMED), arcs)
            first, second = self.labels, self.labels + 1
            kept = [m for m in whole if second not in m or (first in m and m.index(first) < m.index(second))]
            labels = np.array(kept, int).reshape(len(kept), arcs)
            missing = np.ones((len(kept), self.labels + UNNAMED), bool)
            missing[np.arange(len(kept))[:, None], labels] = False
            needed = list(self.needs_contact)
            complete = np.asarray(~missing[:, needed].any(axis=1) & bool(needed))
            self._maps[arcs] = Maps(labels, missing, complete)
        return self._maps[arcs]

    @cached_property
    def log_first(self) -> Floats:
        """Logarithm of the prior odds of each track to be seen at all."""
        never = [self.settings.never_seen.get(label.role.name, 0.3) for label in self.skeleton.labels]
        named = [np.log((1 - p) / p) for p in never]
        return np.array([*named, *[np.log(self.settings.unassigned)] * UNNAMED])

    @cached_property
    def needs_contact(self) -> tuple[int, ...]:
        """Dielectric arcs that together leave nothing to be the resistor; empty where a resistor lies in the cell."""
        if self.skeleton.resistors:
            return ()
        return tuple(k for k, label in enumerate(self.skeleton.labels) if label.role.may_fade)

    def log_unseen(self, seen: Seen, k: int, i: int, sighting: int) -> float:
        """Return the log probability that a label is not seen in a sighting of spectrum i."""
        key = (seen, k, i, sighting)
        if key not in self._unseen:
            expected, others = self.models[k].expected(seen, i), self.sightings[i][sighting].log_tau
            shown = self.views[i].detectable(expected.log_r, expected.log_tau, expected.sigma, others)
            self._unseen[key] = float(np.log(max(1 - shown, _LEAST)))
        return self._unseen[key]


def hypotheses_of(series: Series, told: Told = untold) -> list[Hypothesis]:
    """Return the most probable assignments of a series, the best first, with normalised log weights.

    Parameters
    ----------
    series : Series
        What is compared.
    told : callable
        Called with what is done, how many spectra are done, and how many there are.

    Notes
    -----
    The spectra are gone through in order; of the assignments so far the best are kept (multiple hypothesis
    tracking: Reid, IEEE Trans. Autom. Control 24 (1979) 843, doi 10.1109/TAC.1979.1102177). The probability of the
    arcs of one label is that of a Gaussian process in ln R and ln C: a line over 1/T with a normal activation
    energy, a constant capacitance with the log-normal range of the segment, counted once for the whole series, and
    random walks about both. A label that is not seen where it should be counts against an assignment.
    """
    beam = [Hypothesis((Seen(),) * len(series.models))]
    for i in range(len(series.sightings)):
        grown = [new for old in beam for new in _grown(series, old, i)]
        beam = _kept(series, grown)
        told("naming the arcs", i + 1, len(series.sightings))
    final = sorted((_completed(series, h) for h in beam), key=lambda h: -h.weight)
    weights = np.array([h.weight for h in final])
    norm = float(weights.max() + np.log(np.exp(weights - weights.max()).sum()))
    return [replace(h, weight=h.weight - norm) for h in final]


class _Step(NamedTuple):
    """One way to go on from an assignment by one more spectrum.

    Parameters
    ----------
    old : Hypothesis
        The assignment of the spectra before.
    spectrum, sighting : int
        Which arcs are added.
    chosen : tuple of int
        The label of each of them.
    weight, hidden : float
        As in `Hypothesis`, of all spectra so far.
    contact : bool
        As in `Hypothesis`.
    """

    old: Hypothesis
    spectrum: int
    sighting: int
    chosen: tuple[int, ...]
    weight: float
    hidden: float
    contact: bool

    def taken(self) -> Hypothesis:
        """Return the assignment with this step."""
        seen = list(self.old.seen)
        for arc, k in enumerate(self.chosen):
            seen[k] = seen[k].and_then((self.spectrum, self.sighting, arc))
        choices = (*self.old.choices, (self.sighting, self.chosen))
        return Hypothesis(tuple(seen), choices, self.weight, self.contact, self.hidden)


def _grown(series: Series, old: Hypothesis, i: int) -> list[_Step]:
    """Return the best continuations of an assignment by spectrum i."""
    found = []
    known = [k for k in range(series.labels) if old.seen[k]]
    first = np.array([not seen for seen in old.seen]) * series.log_first
    whole = np.array([model.log_density(old.seen[k], i) for k, model in enumerate(series.models)])
    whole += first[:, None]
    end = 0
    for s, sighting in enumerate(series.sightings[i]):
        density = whole[:, end : end + sighting.log_r.size]
        end += sighting.log_r.size
        maps = series.maps(density.shape[1])
        score = density[maps.labels, np.arange(maps.labels.shape[1])].sum(axis=1) - 0.5 * sighting.score
        unseen = np.zeros(len(series.models))
        unseen[known] = [series.log_unseen(old.seen[k], k, i, s) for k in known]
        hidden = maps.missing @ unseen
        full = maps.complete if sighting.has_resistor else np.zeros(len(score), bool)
        if not old.contact:
            score[full] += np.log(series.settings.contact)
        total = score + hidden
        for m in np.argsort(-total)[: series.settings.beam].tolist():
            weight, unshown = old.weight + float(total[m]), old.hidden + float(hidden[m])
            contact = old.contact or bool(full[m])
            found.append(_Step(old, i, s, maps.chosen[m], weight, unshown, contact))
    return found


def _kept(series: Series, grown: Sequence[_Step]) -> list[Hypothesis]:
    """Return the best assignments, of which not all may have the same last names."""
    counts: dict[tuple[int, ...], int] = {}
    kept = []
    for step in sorted(grown, key=lambda step: -step.weight):
        first = step.old.choices[0][1] if step.old.choices else step.chosen
        key = (*first, -1, *sorted(step.chosen))
        if counts.get(key, 0) < _ALIKE:
            counts[key] = counts.get(key, 0) + 1
            kept.append(step.taken())
        if len(kept) == series.settings.beam:
            break
    return kept


def _completed(series: Series, h: Hypothesis) -> Hypothesis:
    """Return an assignment weighed with all spectra known: what is not seen, and what segments are to each other."""
    weight = h.weight - h.hidden
    for i, (s, chosen) in enumerate(h.choices):
        for k in range(series.labels):
            if h.seen[k] and k not in chosen:
                weight += series.log_unseen(h.seen[k], k, i, s)
    weight += _brick_layer(series, h) + _in_order(series, h) + _dielectric_line(series, h)
    return replace(h, weight=weight, hidden=0.0)


def _dielectric_line(series: Series, h: Hypothesis) -> float:
    """Return what speaks against a resistor that stands for a dielectric, but does not follow 1/T as one."""
    axis, found = series.models[0].axis, []
    for i, (s, chosen) in enumerate(h.choices):
        sighting = series.sightings[i][s]
        if sighting.has_resistor and series.needs_contact and not set(series.needs_contact) <= set(chosen):
            found.append((float(axis[i]), sighting.log_series))
    if not series.models[0].over_temperature or len({v for v, _ in found}) < _FEWEST_OF_LINE:
        return 0.0
    v, log_r = np.array(found).T
    energy, sigma = series.settings.energy_ev["bulk"]
    slope = float(np.polyfit(v, log_r, 1)[0])
    return float(-0.5 * ((slope - energy) / (_LOOSE * sigma)) ** 2)


def _in_order(series: Series, h: Hypothesis) -> float:
    """Return what speaks against an assignment that contradicts the order which the user knows."""
    known = [h.seen[k] for k in series.assign if h.seen[k]]
    mean = [float(np.mean([series.sightings[i][s].log_tau[arc] for i, s, arc in seen])) for seen in known]
    return 0.0 if mean == sorted(mean) else _CONTRADICTED


def _brick_layer(series: Series, h: Hypothesis) -> float:
    """Return what speaks against a grain boundary beside its bulk, as a log probability."""
    roles = [label.role.name for label in series.skeleton.labels]
    if not {"bulk", "grain_boundary"} <= set(roles):
        return 0.0
    bulk, gb = (h.seen[roles.index(name)] for name in ("bulk", "grain_boundary"))
    if not gb:
        return 0.0
    s = series.settings
    ratios, capacitances = [], []
    by_spectrum = {i: (a, k) for i, a, k in bulk}
    for i, a, k in gb:
        sighting = series.sightings[i][a]
        if i in by_spectrum:
            other, arc = series.sightings[i][by_spectrum[i][0]], by_spectrum[i][1]
            ratios.append(float(sighting.log_r[k] - other.log_r[arc]))
            capacitances.append(float(sighting.log_c[k] - other.log_c[arc]))
        else:
            ratios.append(float(sighting.log_r[k] - sighting.log_series))
    found = -0.5 * (max(float(np.median(ratios)), 0.0) / s.proportion_sigma) ** 2
    if capacitances:
        short = max(s.grain_boundary_over_bulk - float(np.median(capacitances)), 0.0)
        found -= 0.5 * (short / s.grain_boundary_over_bulk_sigma) ** 2
    return found

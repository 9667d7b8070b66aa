"""Which templates agree with the arcs and tails of a series: by capacitance, shape and blocking electrodes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from eisfit.cell.find import shipped, template
from eisfit.cell.geometry import normalisation
from eisfit.cell.roles import role_of
from eisfit.cell.segments import PathSegment
from eisfit.cell.templates import Template
from eisfit.circuit.arc import arc_or_wall
from eisfit.circuit.circuit import Placed
from eisfit.spectrum.conditions import Conditions
from eisfit.suggestion.deciding import between_templates
from eisfit.suggestion.answer import RankedTemplate
from eisfit.suggestion.values import Feature

PER_DECADE = 6.0  # of a capacitance outside its range, with the square of the decades
UNEXPLAINED = 20.0  # an arc that no segment of the template may have
_FREE_DECADES = 0.15  # outside a range that cost nothing
_SMALL_SHARE = 0.03  # an arc with less than this share of the resistance has less influence
_WRONG_SHAPE = 4.0  # 45 degrees in a segment that is an arc
_PLAIN_ARC = 2.0  # an arc in a pore
_TAIL = 25.0  # a tail without a blocking electrode, or a blocking electrode without a tail
_UNSEEN = 1.0  # a segment that is seen in no spectrum
_SEGMENT = 0.5  # of each segment: the simpler cell first
_LAYER = 8.0  # a layer whose thickness is stated, and which the template does not have
_UNSTATED = 0.3  # a polymer whose thickness is not stated
_SET = 4.0  # from which difference on a template leaves the set


@dataclass(frozen=True)
class Seen:
    """What is seen in one spectrum.

    Parameters
    ----------
    features : tuple of Feature
        Arcs and tails.
    conditions : Conditions
        Of the spectrum.
    """

    features: tuple[Feature, ...]
    conditions: Conditions


@dataclass(frozen=True)
class _Score:
    """What speaks against a template, by sentence."""

    template: Template
    against: dict[str, float]

    @property
    def total(self) -> float:
        return sum(self.against.values())


def ranked_templates(seen: Sequence[Seen], electrodes: int | None) -> tuple[RankedTemplate, ...]:
    """Return the shipped templates, those that the data speak for first.

    Parameters
    ----------
    seen : sequence of Seen
        The spectra of one series.
    electrodes : int, optional
        Their number; templates that do not know it are left out. Without it each template has the number that it
        agrees with best.
    """
    scores: list[_Score] = []
    for name in shipped():
        whole = template(name)
        known = [c.electrodes for c in whole.configurations if c.electrodes is not None]
        mine = [
            _scored(whole.with_electrodes(n), seen) for n in known if electrodes is None or n == electrodes
        ]
        if mine:
            scores.append(min(mine, key=lambda s: s.total))
    if not scores:
        return ()
    scores.sort(key=lambda s: (round(s.total, 6), len(s.template.name), s.template.name))
    best = scores[0]
    return tuple(
        RankedTemplate(
            s.template.name,
            s.template.title,
            s.template.electrodes or 0,
            s.total - best.total,
            s.total - best.total < _SET,
            tuple(text for text, cost in sorted(s.against.items(), key=lambda x: -x[1]) if text and cost >= 1),
            "" if s is best else between_templates(best.template, s.template),
        )
        for s in scores
    )


def _scored(whole: Template, seen: Sequence[Seen]) -> _Score:
    against: dict[str, float] = {}
    used: set[str] = set()
    for one in seen:
        for text, cost in _of_spectrum(whole, one, used):
            against[text] = against.get(text, 0.0) + cost
    path = whole.path
    unseen = [p.segment.name for p in path if p.segment.capacitance is not None and p.segment.name not in used]
    unseen = [name for name in unseen if not _may_fade(path, name)]
    for name in unseen:
        against[f"no {name} is seen"] = _UNSEEN
    against[""] = _SEGMENT * sum(p.segment.capacitance is not None for p in path)
    for text, cost in _of_layers(whole, seen[0].conditions):
        against[text] = cost
    return _Score(whole, against)


def _may_fade(path: Sequence[PathSegment], name: str) -> bool:
    return any(role_of(p.segment.role).may_fade for p in path if p.segment.name == name)


def _of_layers(whole: Template, conditions: Conditions) -> list[tuple[str, float]]:
    """Return what the layers of known thickness say."""
    roles = {p.segment.role for p in whole.path}
    layers = {role_of(r).layer or r for r in roles}
    found = [
        (f"it has no {name}, whose thickness is stated", _LAYER)
        for name in conditions.layers
        if name not in layers
    ]
    for name in ("polymer", "second"):
        if name in layers and name not in conditions.layers:
            found.append(("", _UNSTATED))
    return found


def _of_spectrum(whole: Template, one: Seen, used: set[str]) -> list[tuple[str, float]]:
    """Return what speaks against a template in one spectrum; note which segments are seen."""
    from scipy.optimize import linear_sum_assignment  # imported late: importing eisfit stays light

    path = whole.path
    slots = [p for p in path if p.segment.capacitance is not None and arc_or_wall(p.node) is not None]
    found = []
    blocks, tails = any(p.blocking for p in path), [f for f in one.features if f.shape == "tail"]
    arcs = [f for f in one.features if f.shape != "tail"]
    if blocks and not tails:
        found.append(("no spectrum ends in the tail of a blocking electrode", _TAIL))
    if tails and not blocks:
        arcs += tails  # the begin of an arc whose resistance lies below the window
    total = sum(f.resistance_ohm for f in arcs if math.isfinite(f.resistance_ohm)) or 1.0
    if not arcs:
        return found
    costs = np.array([[_cost(f, p, one.conditions) for p in slots] for f in arcs]).reshape(len(arcs), len(slots))
    influence = np.array([_influence(f, total) for f in arcs])
    lost = np.full((len(arcs), len(arcs)), UNEXPLAINED)
    whole_costs = np.minimum(np.hstack([costs, lost]), UNEXPLAINED) * influence[:, None]
    for k, column in zip(*linear_sum_assignment(whole_costs), strict=True):
        cost = float(whole_costs[k, column])
        feature = arcs[k]
        if column < len(slots):
            name = slots[column].segment.name
            if cost < 0.5 * UNEXPLAINED:
                used.add(name)
            if cost > 0:
                found.append((_misfits(feature, name), cost))
        else:
            found.append((_no_place(feature), cost))
    return found


def _influence(feature: Feature, total: float) -> float:
    if not math.isfinite(feature.resistance_ohm):
        return 1.0
    share = feature.resistance_ohm / total
    return share / (share + _SMALL_SHARE)


def _misfits(feature: Feature, name: str) -> str:
    shape = " of 45 degrees" if feature.shape == "45 degrees" else ""
    return f"an arc{shape} of {feature.capacitance_f:.0e} F as {name}"


def _no_place(feature: Feature) -> str:
    what = "a tail" if feature.shape == "tail" else "an arc"
    return f"{what} of {feature.capacitance_f:.0e} F has no place in it"


def _cost(feature: Feature, segment: PathSegment, conditions: Conditions) -> float:
    """Return what speaks against a feature being a segment."""
    assert segment.segment.capacitance is not None
    low, high = np.log10(segment.segment.capacitance)
    log_c = math.log10(
        max(feature.capacitance_f, 1e-30) * segment.count * normalisation(segment.segment.role, conditions)
    )
    outside = max(low - log_c, log_c - high, 0.0)
    cost = PER_DECADE * max(outside - _FREE_DECADES, 0.0) ** 2
    pore = isinstance(segment.node, Placed) and bool(segment.node.element.inner)
    if feature.shape == "45 degrees" and not pore:
        cost += _WRONG_SHAPE
    if feature.shape == "arc" and pore:
        cost += _PLAIN_ARC
    return cost


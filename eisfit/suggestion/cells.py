"""Which templates agree with the arcs and tails of a series: by capacitance, shape and blocking electrodes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from eisfit.cell.find import shipped, template
from eisfit.cell.geometry import normalisation
from eisfit.cell.roles import role_of
from eisfit.cell.segments import PathSegment
from eisfit.cell.templates import Template
from eisfit.circuit.arc import arc_or_wall
from eisfit.circuit.circuit import Placed
from eisfit.spectrum.conditions import Conditions
from eisfit.suggestion.answer import RankedTemplate
from eisfit.suggestion.deciding import between_templates
from eisfit.suggestion.values import Feature

PER_DECADE = 6.0  # of a capacitance outside its range, with the square of the decades
UNEXPLAINED = 20.0  # an arc that no segment of the template may have
_FREE_DECADES = 0.15  # outside a range that cost nothing
_SMALL_SHARE = 0.03  # an arc with less than this share of the resistance has less influence
_WRONG_SHAPE = 4.0  # 45 degrees in a segment that is an arc
_PLAIN_ARC = 2.0  # an arc in a pore
_TAIL = 25.0  # a tail without a blocking electrode, or a blocking electrode without a tail
_UNSEEN = 1.0  # a segment that is seen in no spectrum
_BEGUN = 5.0  # the tail of an arc whose resistance lies below the window
_FLANK = 1.5  # decades by which the flank of a pore may lie below the range of its wall
_KEPT = 0.67  # share of the spectra that count
_VARIANT = 1.2  # of a template that describes the cell of another one in more detail, or counts sheets
_SEGMENT = 0.3  # of each segment: the simpler cell first
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
    for ways in _known_templates():
        mine = [_scored(whole, seen) for n, whole in ways if electrodes is None or n == electrodes]
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
            tuple(
                text for text, cost in sorted(s.against.items(), key=lambda x: -x[1]) if text and cost >= 1
            ),
            "" if s is best else between_templates(best.template, s.template),
        )
        for s in scores
    )


@cache
def _known_templates() -> tuple[tuple[tuple[int, Template], ...], ...]:
    """Return each shipped template with each number of electrodes that it knows, parsed once for all spectra."""
    found = []
    for name in shipped():
        whole = template(name)
        known = [c.electrodes for c in whole.configurations if c.electrodes is not None]
        found.append(tuple((n, whole.with_electrodes(n)) for n in known))
    return tuple(found)


def _scored(whole: Template, seen: Sequence[Seen]) -> _Score:
    """Return what speaks against a template; the worse third of the spectra counts no more than the others."""
    used: set[str] = set()
    each = [_of_spectrum(whole, one, used) for one in seen]
    each.sort(key=lambda found: sum(cost for _, cost in found))
    kept = each[: math.ceil(_KEPT * len(each))]
    against: dict[str, float] = {}
    for text, cost in (pair for found in kept for pair in found):
        against[text] = against.get(text, 0.0) + cost * len(each) / len(kept)
    path = whole.path
    ranged = [p.segment for p in path if p.segment.capacitance is not None]
    for segment in ranged:
        if segment.name not in used and not role_of(segment.role).may_fade:
            against[f"no {segment.name} is seen"] = _UNSEEN
    against[""] = against.get("", 0.0) + _SEGMENT * len(ranged) + _VARIANT * _is_variant(whole.name)
    against[""] += _VARIANT * bool(whole.counts)
    for text, cost in _of_layers(whole, seen[0].conditions):
        against[text] = against.get(text, 0.0) + cost
    return _Score(whole, against)


@cache
def _is_variant(name: str) -> bool:
    """Tell whether a template describes the cell of another one in more detail, as ``le_se_slei`` does ``le_se``."""
    return any(name.startswith(f"{other}_") for other in shipped())


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
    slots += 2 * [p for p in slots if _is_pore(p)]  # a pore makes a flank beside the arc of its wall
    found = []
    blocks, tails = any(p.blocking for p in path), [f for f in one.features if f.shape == "tail"]
    arcs = [f for f in one.features if f.shape != "tail"]
    total = sum(f.resistance_ohm for f in one.features) or 1.0
    if blocks and not tails:
        found.append(("no tail of a blocking electrode", _TAIL))
    if tails and not blocks:
        arcs += tails  # the beginning of an arc
        weight = max(_influence(f, total) for f in tails)
        found.append(("tails of a blocking electrode", _BEGUN * weight))
    if not arcs:
        return found
    costs = np.array([[_cost(f, p, one.conditions) for p in slots] for f in arcs]).reshape(
        len(arcs), len(slots)
    )
    influence = np.array([_influence(f, total) for f in arcs])
    lost = np.full((len(arcs), len(arcs)), UNEXPLAINED)
    whole_costs = np.minimum(np.hstack([costs, lost]), UNEXPLAINED) * influence[:, None]
    for k, column in zip(*linear_sum_assignment(whole_costs), strict=True):
        cost = float(whole_costs[k, column])
        if column >= len(slots) or cost >= UNEXPLAINED * influence[k]:
            found.append((_no_place(arcs[k]), cost))
            continue
        used.add(slots[column].segment.name)
        found.append((_misfits(arcs[k], slots[column].segment.name), cost))
    return found


def _is_pore(segment: PathSegment) -> bool:
    return isinstance(segment.node, Placed) and bool(segment.node.element.inner)


def _influence(feature: Feature, total: float) -> float:
    share = feature.resistance_ohm / total
    return share / (share + _SMALL_SHARE)


def _misfits(feature: Feature, name: str) -> str:
    shape = " of 45 degrees" if feature.shape == "45 degrees" else ""
    return f"an arc{shape} of 1e{round(math.log10(feature.capacitance_f))} F as {name}"


def _no_place(feature: Feature) -> str:
    what = "a tail" if feature.shape == "tail" else "an arc"
    return f"{what} of 1e{round(math.log10(feature.capacitance_f))} F has no place in it"


def _cost(feature: Feature, segment: PathSegment, conditions: Conditions) -> float:
    """Return what speaks against a feature being a segment."""
    assert segment.segment.capacitance is not None
    low, high = np.log10(segment.segment.capacitance)
    pore = _is_pore(segment)
    if pore:
        low -= _FLANK
    log_c = math.log10(
        max(feature.capacitance_f, 1e-30) * segment.count * normalisation(segment.segment.role, conditions)
    )
    outside = max(low - log_c, log_c - high, 0.0)
    cost = PER_DECADE * max(outside - _FREE_DECADES, 0.0) ** 2
    if feature.shape == "45 degrees" and not pore:
        cost += _WRONG_SHAPE
    if feature.shape == "arc" and pore:
        cost += _PLAIN_ARC
    return float(cost)

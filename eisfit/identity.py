"""Which arc is which: arcs are matched to segments by capacitance, and keep their match along a series."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

import numpy as np

from eisfit.arcs import log_time_constant
from eisfit.circuit import Leaf, span
from eisfit.problem import Problem
from eisfit.spectrum import Conditions
from eisfit.templates import LAYERS, Seen, Template
from eisfit.values import Floats

_SMALL_SHARE = 0.05  # an arc with less than this share of the resistance has little say


def identified(
    problem: Problem, x: Floats, conditions: Sequence[Conditions], *, along_series: bool
) -> Floats:
    """Return the solutions with equal arcs permuted to the segments where they belong.

    Parameters
    ----------
    problem : Problem
        N spectra, in the order of the series.
    x : ndarray, shape (N, P)
        Logarithms of the parameters.
    conditions : sequence of Conditions
        Geometry of each spectrum; 1 cm⁻¹ and 1 cm² are assumed where it is not known.
    along_series : bool
        Whether neighbours in the sequence are the same cell, so that capacitances go on smoothly.

    Returns
    -------
    ndarray, shape (N, P)
        The impedance is unchanged.

    Notes
    -----
    A permutation is scored by the squared distance, in decades, of each capacitance from the soft range of
    its segment (assignment by capacitance: Irvine, Sinclair & West 1990, doi 10.1002/adma.19900020304), and
    by the squared change of capacitance from one spectrum to the next. The best sequence is found by
    dynamic programming (Viterbi).
    """
    template = problem.template
    if not template.segments[0].role:
        return fastest_first(template, x)
    arcs = [s for s in template.seen if _is_zarc(s) and s.segment.capacitance is not None]
    if len(arcs) < 2:
        return x
    orders = list(itertools.permutations(range(len(arcs))))
    permuted = np.stack([_permuted(x, arcs, order) for order in orders], axis=1)  # (N, O, P)
    outside = np.any(
        (permuted < problem.lower[:, None] - 1e-9) | (permuted > problem.upper[:, None] + 1e-9), axis=2
    )
    log_c, weight = _capacitances(permuted, arcs, conditions)  # (N, O, A)
    ranges = np.log10(np.array([s.segment.capacitance for s in arcs]))
    beyond = np.maximum(ranges[:, 0] - log_c, 0) + np.maximum(log_c - ranges[:, 1], 0)
    node = np.where(
        outside, np.inf, np.sum(weight * (beyond**2 + 1e-3 * (log_c - ranges.mean(axis=1)) ** 2), axis=2)
    )
    if not along_series:
        best = np.argmin(node, axis=1)
    else:
        best = _smoothest(node, log_c, weight)
    return np.asarray(permuted[np.arange(x.shape[0]), best])


def fastest_first(template: Template, x: Floats) -> Floats:
    """Return the parameters of a bare circuit with equal arcs in order of their time constants."""
    alike: dict[str, list[slice]] = {}
    taus: dict[str, list[Floats]] = {}
    for seen in template.seen:
        if (tau := log_time_constant(seen.node, np.exp(x))) is not None:
            shape = re.sub(r"_[A-Za-z0-9_]+|[0-9]+", "", seen.segment.circuit)
            alike.setdefault(shape, []).append(span(seen.node))
            taus.setdefault(shape, []).append(tau[0])
    out = x.copy()
    for shape, places in alike.items():
        if any(p.name in template.settings for place in places for p in template.circuit.parameters[place]):
            continue
        order = np.argsort(np.stack(taus[shape], axis=1), axis=1, kind="stable")
        blocks = np.stack([x[:, place] for place in places], axis=1)
        blocks = np.take_along_axis(blocks, order[:, :, None], axis=1)
        for k, place in enumerate(places):
            out[:, place] = blocks[:, k]
    return out


def _is_zarc(seen: Seen) -> bool:
    return isinstance(seen.node, Leaf) and seen.node.element.name == "Zarc"


def _permuted(x: Floats, arcs: Sequence[Seen], order: Sequence[int]) -> Floats:
    """Return x with arc `order[k]` in the place of arc k; its resistance is shared among the new count."""
    out = x.copy()
    for target, origin in zip(arcs, (arcs[j] for j in order), strict=True):
        a, b = target.node, origin.node
        assert isinstance(a, Leaf)
        assert isinstance(b, Leaf)
        out[:, a.first : a.first + a.size] = x[:, b.first : b.first + b.size]
        out[:, a.index("R")] += np.log(origin.count / target.count)
    return out


def _capacitances(x: Floats, arcs: Sequence[Seen], conditions: Sequence[Conditions]) -> tuple[Floats, Floats]:
    """Return decadic logarithms of the normalised capacitances and the say of each arc, (N, O, A)."""
    log_c, share = [], []
    for seen in arcs:
        assert isinstance(seen.node, Leaf)
        log_r, log_tau = x[..., seen.node.index("R")], x[..., seen.node.index("tau")]
        scale = np.array([normalisation(seen.segment.role, c) for c in conditions])
        log_c.append((log_tau - log_r + np.log(scale)[:, None]) / np.log(10))
        share.append(seen.count * np.exp(log_r))
    r = np.stack(share, axis=2)
    part = r / r.sum(axis=2, keepdims=True)
    return np.stack(log_c, axis=2), part / (part + _SMALL_SHARE)


def normalisation(role: str, conditions: Conditions) -> float:
    """Return what turns a capacitance into that of a cell constant of 1 cm⁻¹ (layers) or of 1 cm²."""
    area = conditions.area_cm2 or 1.0
    if role in LAYERS:
        thickness = conditions.layers.get(role, conditions.thickness_cm)
        return thickness / area if thickness and conditions.area_cm2 else 1.0
    return 1 / area


def _smoothest(node: Floats, log_c: Floats, weight: Floats) -> np.ndarray:
    """Return the sequence of permutations with the smallest sum of node and step scores."""
    n, orders = node.shape
    total, back = node[0], np.zeros((n, orders), int)
    for i in range(1, n):
        say = np.minimum(weight[i - 1][:, None], weight[i][None])
        step = np.sum(say * (log_c[i - 1][:, None] - log_c[i][None]) ** 2, axis=2)
        reach = total[:, None] + step
        back[i] = np.argmin(reach, axis=0)
        total = reach[back[i], np.arange(orders)] + node[i]
    path = np.empty(n, int)
    path[-1] = int(np.argmin(total))
    for i in range(n - 1, 0, -1):
        path[i - 1] = back[i, path[i]]
    return path


def assumes_geometry(template: Template, conditions: Conditions) -> bool:
    """Tell whether capacitances had to be compared without knowing the geometry."""
    needs = any(s.segment.capacitance is not None for s in template.seen)
    return needs and (conditions.area_cm2 is None or conditions.thickness_cm is None)

"""The hysteresis test of a line: whether groups of points agree at equal temperatures."""

from __future__ import annotations

import numpy as np

from eisfit.laws.checks import CheckedPoints, Grouping, Hysteresis
from eisfit.tools.frozen import Floats, Ints
from eisfit.tools.statistics import nested_probability

LEVEL = 0.003  # false alarms of the test on sound lines
EQUAL_WITHIN = 2.0  # K; temperatures that count as equal, the slope of the line taken into account
_TILT = 3  # temperatures in two groups from which on their difference may change over temperature


def hysteresis(points: CheckedPoints, grouping: Grouping | None) -> Hysteresis:
    """Test whether groups of points agree at equal temperatures; no law over temperature is assumed.

    The level is 0.3 % of sound lines at most.

    Parameters
    ----------
    points : CheckedPoints
        Their errors hold those of the temperatures.
    grouping : Grouping or None
        Group of each of these points.

    Returns
    -------
    Hysteresis
        Untested where no temperature (within 2 K) occurs in two groups.

    Notes
    -----
    Deviations from the line have one level for each temperature that occurs in two groups or more, an offset for each
    group but one and, for two groups with three temperatures, a change of it over the abscissa. The test is the fall
    of chi-square by offsets and change: chi-square distributed; F where the points scatter about them too, or errors
    are not known.
    """
    if grouping is None:
        return Hysteresis()
    group = np.array(grouping.of)
    block = _blocks(points.condition, group)
    inside = block >= 0
    if not inside.any():
        return Hysteresis(kind=grouping.kind)
    levels = (block[inside, None] == np.unique(block[inside])).astype(float)
    groups = np.unique(group[inside])
    offsets = (group[inside, None] == groups[1:]).astype(float)
    if groups.size == 2 and levels.shape[1] >= _TILT:
        offsets = np.hstack([offsets, offsets * points.x[inside, None]])
    y, sigma = points.residual[inside], points.sigma[inside]
    before, rank0 = _chi2(levels, y, sigma)
    after, rank1 = _chi2(np.hstack([levels, offsets]), y, sigma)
    p = nested_probability(before, after, rank1 - rank0, y.size - rank1, points.known)
    return _described(points, grouping, block, p)


def _blocks(condition: Floats, group: Ints) -> Ints:
    """Return for each point the number of its temperature; -1 where only one group has it."""
    block = np.full(condition.size, -1)
    order = [int(k) for k in np.argsort(condition, kind="stable") if group[k] >= 0]
    while order:
        here = [k for k in order if condition[k] <= condition[order[0]] + EQUAL_WITHIN]
        order = order[len(here) :]
        if np.unique(group[here]).size > 1:
            block[here] = here[0]
    return block


def _chi2(design: Floats, y: Floats, sigma: Floats) -> tuple[float, int]:
    scale = np.sqrt(np.mean(design**2, axis=0))
    weighted = design / np.where(scale > 0, scale, 1.0) / sigma[:, None]
    solution, _, rank, _ = np.linalg.lstsq(weighted, y / sigma, rcond=1e-9)
    return float(((y / sigma - weighted @ solution) ** 2).sum()), int(rank)


def _described(points: CheckedPoints, grouping: Grouping, block: Ints, p: float) -> Hysteresis:
    """Return the result with the differences of the two groups that differ most."""
    group = np.array(grouping.of)
    pairs: dict[tuple[int, int], tuple[list[float], list[float]]] = {}
    for number in np.unique(block[block >= 0]):
        here = block == number
        means = {int(g): float(np.mean(points.residual[here & (group == g)])) for g in np.unique(group[here])}
        for a in means:
            for b in (g for g in means if g > a):
                at, by = pairs.setdefault((a, b), ([], []))
                at.append(float(np.mean(points.condition[here])))
                by.append(means[b] - means[a])
    (a, b), (at, by) = max(pairs.items(), key=lambda item: abs(sum(item[1][1])))
    names = (grouping.names[a], grouping.names[b])
    return Hysteresis(p, p < LEVEL, grouping.kind, names, tuple(at), tuple(by))

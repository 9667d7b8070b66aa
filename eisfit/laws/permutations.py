"""Orders of values within groups: all of them where they are few, else a stated number of random ones."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import permutations, product

import numpy as np

from eisfit.tools.frozen import Bools, Floats, Ints

MOST_ORDERS = math.factorial(8)  # up to which all are counted
DRAWS = 20_000  # random orders beyond
SEED = 20_200_417  # of these: the same data give the same probability
_ROUNDING = 1e-9  # relative; statistics that differ by less are equal


def orders(group: Sequence[object]) -> tuple[Ints, bool]:
    """Return orders of the places of some values in which each stays in its group.

    Parameters
    ----------
    group : sequence, length n
        Group of each value.

    Returns
    -------
    places : ndarray of int, shape (orders, n)
        The first is the order as given.
    exact : bool
        Whether these are all there are; up to 40320 (all orders of eight values) they are, beyond 20000 random ones
        follow the first.

    Examples
    --------
    >>> orders(["a", "a", "b"])[0].tolist()
    [[0, 1, 2], [1, 0, 2]]
    """
    members = [[k for k, g in enumerate(group) if g == name] for name in dict.fromkeys(group)]
    n = len(group)
    if math.prod(math.factorial(len(places)) for places in members) <= MOST_ORDERS:
        found = []
        for arranged in product(*(permutations(places) for places in members)):
            order = np.empty(n, int)
            for places, new in zip(members, arranged, strict=True):
                order[places] = new
            found.append(order)
        return np.array(found), True
    rng = np.random.default_rng(SEED)
    drawn = np.tile(np.arange(n), (DRAWS + 1, 1))
    for places in members:
        drawn[1:, places] = rng.permuted(np.tile(places, (DRAWS, 1)), axis=1)
    return drawn, False


def two_sided(statistic: Floats) -> float:
    """Return the part of orders whose statistic is at least as far from zero as that of the first, the measured one.

    Counting the measured order among random ones keeps the level (Phipson & Smyth 2010, doi 10.2202/1544-6115.1585).
    """
    size = np.abs(statistic)
    as_far: Bools = size >= size[0] * (1 - _ROUNDING) - np.finfo(float).tiny
    return float(np.mean(as_far))

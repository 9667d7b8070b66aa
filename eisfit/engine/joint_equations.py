"""The normal equations of a joint fit, family by family, and own parameters settled with the common ones held."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from eisfit.engine.at_once import Family
from eisfit.engine.backends.cpu import normal_equations
from eisfit.tools.frozen import Bools, Floats

LONGEST_STEP = 1.5  # no logarithm changes by more in one iteration
DAMPING_START, DAMPING_LEAST, DAMPING_MOST = 1e-3, 1e-12, 1e10
TINY = 1e-300
_SETTLED = 1e-7  # relative gain of a group below which it has settled


@dataclass(frozen=True, eq=False)
class Equations:
    """The normal equations of one family at a point: own parameters of each group, and common ones.

    Shapes: `costs` (G,), `own` (G, U, U), `cross` (G, U, C), `common` (C, C), gradients (G, U) and (C,), `free` (G, U);
    for each block `to_own` (N, P, P + 1) and `to_common` (N, P, C) say how its logarithms move with both.
    """

    costs: Floats
    own: Floats
    cross: Floats
    common: Floats
    own_gradient: Floats
    common_gradient: Floats
    to_own: tuple[Floats, ...]
    to_common: tuple[Floats, ...]
    free: Bools

    @property
    def cost(self) -> float:
        """Cost of all groups, without that of their temperatures."""
        return float(self.costs.sum())

    def inverse(self, damping: float | Floats) -> Floats:
        """Return the inverses of the damped normal matrices of each group; rows that are not free are 0.

        So are groups whose impedances are beyond all numbers.
        """
        sound = np.asarray(np.isfinite(self.own).all(axis=(1, 2)))
        free, diagonal = self.free & sound[:, None], np.arange(self.own.shape[1])
        a = np.where(free[:, :, None] & free[:, None, :], self.own, 0.0)
        grown = 1 + np.reshape(damping, (-1, 1))
        a[:, diagonal, diagonal] = np.where(free, a[:, diagonal, diagonal] * grown + TINY, 1.0)
        root = 1 / np.sqrt(a[:, diagonal, diagonal])
        scaled = a * root[:, :, None] * root[:, None, :]
        found = pseudo_inverses(scaled) * root[:, :, None] * root[:, None, :]
        return np.asarray(np.where(free[:, :, None] & free[:, None, :], found, 0.0))


def pseudo_inverses(matrices: Floats, smallest: float = 1e-13) -> Floats:
    """Return the pseudo-inverses of symmetric matrices (..., P, P).

    Eigenvalues below a share of the largest count as 0. `numpy.linalg.pinv` takes two to three times as long for many
    small matrices.
    """
    values, vectors = np.linalg.eigh(matrices)
    sizes = np.abs(values)
    kept = sizes > smallest * sizes.max(axis=-1, keepdims=True)
    inverse = np.divide(1.0, values, out=np.zeros_like(values), where=kept)
    return np.asarray((vectors * inverse[..., None, :]) @ vectors.swapaxes(-1, -2))


def squared(slopes: Floats, matrices: Floats) -> Floats:
    """Return the sum over n of ``slopes[n].T @ matrices[n] @ slopes[n]``, shape (G, G).

    Parameters
    ----------
    slopes : ndarray, shape (N, P, G)
    matrices : ndarray, shape (N, P, P)
        Symmetric.
    """
    n, size, width = slopes.shape
    flat = slopes.reshape(n * size, width)
    return np.asarray(flat.T @ (matrices @ slopes).reshape(n * size, width))


def equations_of(family: Family, own: Floats, common: Floats) -> Equations:
    """Return the normal equations of one family."""
    groups, width = family.shape
    found = Equations(
        np.zeros(groups),
        np.zeros((groups, width, width)),
        np.zeros((groups, width, common.size)),
        np.zeros((common.size, common.size)),
        np.zeros((groups, width)),
        np.zeros(common.size),
        (),
        (),
        family.variable,
    )
    parts = []
    for k in range(len(family.blocks)):
        to_common, to_own = _added(found, family, k, (*family.spread(own, k), common))
        parts.append((to_own, to_common))
    known, place = family.error > 0, family.shift_place
    found.own[known, place, place] += 1 / family.error[known] ** 2
    found.own_gradient[known, place] += own[known, place] / family.error[known] ** 2
    low, high = family.bounds
    outwards = ((own <= low) & (found.own_gradient > 0)) | ((own >= high) & (found.own_gradient < 0))
    free = family.variable & ~outwards
    return replace(
        found,
        cross=np.where(free[:, :, None], found.cross, 0.0),
        own_gradient=np.where(free, found.own_gradient, 0.0),
        to_own=tuple(a for a, _ in parts),
        to_common=tuple(b for _, b in parts),
        free=free,
    )


def _added(
    found: Equations, family: Family, k: int, at: tuple[Floats, Floats, Floats]
) -> tuple[Floats, Floats]:
    """Add block k of a family to its equations in place; return how its logarithms move."""
    block, (group, slots) = family.blocks[k], family.places[k]
    x, to_common, to_own = block.placed(at[0], at[2], at[1])
    cost, normal, gradient = normal_equations(block.problem, x, np.arange(x.shape[0]))
    normal, gradient = normal / block.variance[:, None, None], gradient / block.variance[:, None]
    weighted = normal @ to_own
    found.costs[group] += cost / block.variance
    found.own[group[:, None, None], slots[:, None], slots] += to_own.transpose(0, 2, 1) @ weighted
    found.own_gradient[np.ix_(group, slots)] += np.einsum("npu,np->nu", to_own, gradient)
    found.cross[np.ix_(group, slots)] += weighted.transpose(0, 2, 1) @ to_common
    found.common[...] += squared(to_common, normal)
    found.common_gradient[...] += np.einsum("npg,np->g", to_common, gradient)
    return to_common, to_own


def own_step(family: Family, own: Floats, step: Floats) -> Floats:
    """Return own parameters (G, U) after a step, no longer than allowed and within their bounds."""
    place, (low, high) = family.shift_place, family.bounds
    limited = np.clip(step, -LONGEST_STEP, LONGEST_STEP)
    limited[:, place] = step[:, place]
    return np.clip(own + limited, low, high)


def settled(
    family: Family, own: Floats, common: Floats, *, max_iterations: int = 30
) -> tuple[Floats, Floats]:
    """Return the best own parameters of each group for given common coordinates, and the cost of each group (G,).

    Parameters
    ----------
    family : Family
        Of G groups.
    own : ndarray, shape (G, U)
        From where each group is stepped, by itself.
    common : ndarray
        Common coordinates, which are held.
    max_iterations : int
        Steps at most.
    """
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        equations = equations_of(family, own, common)
        cost = _with_shifts(family, equations, own)
        damping, growth = np.full(own.shape[0], DAMPING_START), np.full(own.shape[0], 2.0)
        live = np.ones(own.shape[0], bool)
        for _ in range(max_iterations):
            gradient = np.where(np.isfinite(equations.own_gradient), equations.own_gradient, 0.0)
            step = -np.einsum("nuv,nv->nu", equations.inverse(damping), gradient)
            tried = np.where(live[:, None], own_step(family, own, step), own)
            found = equations_of(family, tried, common)
            reached = _with_shifts(family, found, tried)
            better = live & (reached <= cost)
            live &= ~(better & (cost - reached <= _SETTLED * cost)) & (damping < DAMPING_MOST)
            own = np.where(better[:, None], tried, own)
            cost = np.where(better, reached, cost)
            equations = _mixed(equations, found, better)
            damping = np.where(better, np.maximum(damping / 5, DAMPING_LEAST), damping * growth)
            damping = np.minimum(damping, DAMPING_MOST)
            growth = np.where(better, 2.0, np.minimum(growth * 2, DAMPING_MOST))
            if not live.any():
                break
    return own, cost


def _with_shifts(family: Family, equations: Equations, own: Floats) -> Floats:
    known, total = family.error > 0, equations.costs.copy()
    total[known] += 0.5 * (own[known, family.shift_place] / family.error[known]) ** 2
    return np.where(np.isfinite(total), total, np.inf)


def _mixed(one: Equations, other: Equations, which: Bools) -> Equations:
    """Return the equations of some groups from another point."""
    return replace(
        one,
        own=np.where(which[:, None, None], other.own, one.own),
        own_gradient=np.where(which[:, None], other.own_gradient, one.own_gradient),
        free=np.where(which[:, None], other.free, one.free),
    )

"""The batched Levenberg-Marquardt: hundreds of (spectrum, start) pairs stepping at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from eisfit.problem import Problem
from eisfit.values import Bools, Floats, Ints

CHUNK_NUMBERS = 400_000  # real numbers in one Jacobian: a few megabytes, which the cache of a core holds
LONGEST_STEP = 2.0  # of any logarithm in one iteration: a factor of 7.4
COST_TOLERANCE = 1e-11  # relative gain of two steps in a row below which a row has arrived
CREEPING = 1e-7  # relative gain of the last step that counts as rest at the end of all iterations
STEP_TOLERANCE = 1e-9  # largest change of a logarithm below which a row has arrived
PERFECT = 1e-28  # cost relative to that of a zero model: noise-free data are met to rounding
_DAMPING_START, _DAMPING_MIN, _DAMPING_MAX = 1e-3, 1e-14, 1e14


@dataclass(frozen=True)
class Solution:
    """Where each row of a batch ended.

    Parameters
    ----------
    x : ndarray, shape (batch, P)
        Logarithms of the parameters.
    cost : ndarray, shape (batch,)
        Half the sum of squared residuals.
    converged : ndarray of bool, shape (batch,)
        Whether the row stopped by itself.
    iterations : ndarray of int, shape (batch,)
        Steps tried.
    """

    x: Floats
    cost: Floats
    converged: Bools
    iterations: Ints

    def rows(self, index: Ints) -> Solution:
        """Return some rows."""
        return Solution(self.x[index], self.cost[index], self.converged[index], self.iterations[index])


def solve(
    problem: Problem,
    start: Floats,
    rows: Ints,
    *,
    held: Bools | None = None,
    lower: Floats | None = None,
    upper: Floats | None = None,
    max_iterations: int = 300,
    tolerance: float = COST_TOLERANCE,
) -> Solution:
    """Minimise the cost of every row from its own start.

    Parameters
    ----------
    problem : Problem
        Residuals, derivatives and bounds.
    start : ndarray, shape (batch, P)
        Logarithms to start from; values outside the bounds are moved onto them.
    rows : ndarray of int, shape (batch,)
        Which spectrum each row belongs to.
    held : ndarray of bool, shape (batch, P), optional
        Parameters held at their start, beyond those that the problem fixes.
    lower, upper : ndarray, shape (batch, P), optional
        Bounds instead of those of the problem.
    max_iterations : int
        Where to stop at the latest.
    tolerance : float
        Relative gain of two steps in a row below which a row has arrived.

    Returns
    -------
    Solution
        In the order of the rows.

    Notes
    -----
    Bounds are kept by projection with an active set: a parameter that rests on its bound and is pushed
    further out takes no part in the step. Damping follows Nielsen (1999), scaled by the largest
    diagonal seen so far (Moré 1978).
    """
    batch, size = start.shape
    lower = problem.lower[rows] if lower is None else lower
    upper = problem.upper[rows] if upper is None else upper
    still = np.broadcast_to(problem.fixed, start.shape) if held is None else held | problem.fixed
    chunk = max(1, CHUNK_NUMBERS // (size * problem.weight.shape[1]))
    parts = [
        _solve_chunk(problem, start[k], rows[k], still[k], lower[k], upper[k], max_iterations, tolerance)
        for k in (slice(i, i + chunk) for i in range(0, batch, chunk))
    ]
    return Solution(
        *(
            np.concatenate([getattr(p, name) for p in parts])
            for name in ("x", "cost", "converged", "iterations")
        )
    )


def _solve_chunk(
    problem: Problem,
    start: Floats,
    rows: Ints,
    still: Bools,
    lower: Floats,
    upper: Floats,
    max_iterations: int,
    tolerance: float,
) -> Solution:
    batch = start.shape[0]
    out_x = np.clip(start, lower, upper)
    out_cost = np.full(batch, np.inf)
    done = np.zeros(batch, bool)
    iterations = np.zeros(batch, int)

    live = np.arange(batch)
    x = out_x.copy()
    r, jac = problem.residual_and_jacobian(x, rows)
    cost = _half_square(r)
    enough = PERFECT * 0.5 * np.sum(problem._weighted(problem.z_ohm[rows], problem.weight[rows]) ** 2, axis=1)
    normal, gradient = _normal(jac, r)
    scale = np.diagonal(normal, axis1=1, axis2=2).copy()
    damping = np.full(batch, _DAMPING_START)
    growth = np.full(batch, 2.0)
    small = np.zeros(batch, int)
    creeping = np.zeros(batch, bool)

    for _ in range(max_iterations):
        if live.size == 0:
            break
        lo, hi = lower[live], upper[live]
        rest = still[live] | ((x <= lo) & (gradient > 0)) | ((x >= hi) & (gradient < 0))
        step = _step(normal, gradient, scale, damping, rest)
        x_new = np.clip(x + step, lo, hi)
        step = x_new - x
        expected = -np.einsum("bp,bp->b", gradient, step) - 0.5 * np.einsum(
            "bp,bpq,bq->b", step, normal, step
        )
        r_new, jac_new = problem.residual_and_jacobian(x_new, rows[live])
        cost_new = _half_square(r_new)
        cost_new = np.where(np.isfinite(cost_new), cost_new, np.inf)
        gain = cost - cost_new
        better = gain > 0
        iterations[live] += 1

        longest = np.abs(step).max(axis=1)
        gain_small = np.abs(gain) <= tolerance * cost
        expected_small = expected <= tolerance * cost
        small = np.where(better & gain_small & expected_small, small + 1, np.where(better, 0, small))
        creeping = np.where(better, gain <= CREEPING * cost, creeping)
        arrived = (
            (longest <= STEP_TOLERANCE)
            | (small >= 2)
            | (~better & expected_small & gain_small)
            | (np.where(better, cost_new, cost) <= enough[live])
            | (~better & (damping >= _DAMPING_MAX))
        )

        ratio = np.where(better, gain / np.maximum(expected, 1e-300), 0.0)
        shrink = np.maximum(1 / 3, 1 - (2 * np.minimum(ratio, 2.0) - 1) ** 3)
        damping = np.where(better, damping * shrink, damping * growth).clip(_DAMPING_MIN, _DAMPING_MAX)
        growth = np.where(better, 2.0, growth * 2).clip(2.0, 1e6)

        if better.any():
            x[better] = x_new[better]
            cost[better] = cost_new[better]
            n_new, g_new = _normal(jac_new[better], r_new[better])
            normal[better], gradient[better] = n_new, g_new
            scale[better] = np.maximum(scale[better], np.diagonal(n_new, axis1=1, axis2=2))
        if arrived.any():
            gone = live[arrived]
            out_x[gone], out_cost[gone], done[gone] = x[arrived], cost[arrived], True
            go = ~arrived
            live, x, cost, normal, gradient = live[go], x[go], cost[go], normal[go], gradient[go]
            scale, damping, growth, small = scale[go], damping[go], growth[go], small[go]
            creeping = creeping[go]
    out_x[live], out_cost[live], done[live] = x, cost, creeping
    return Solution(out_x, out_cost, done, iterations)


def _half_square(r: Floats) -> Floats:
    return np.asarray(0.5 * np.einsum("bf,bf->b", r, r))


def _normal(jac: Floats, r: Floats) -> tuple[Floats, Floats]:
    return jac @ jac.transpose(0, 2, 1), np.einsum("bpf,bf->bp", jac, r)


def _step(normal: Floats, gradient: Floats, scale: Floats, damping: Floats, rest: Bools) -> Floats:
    """Return the damped Gauss-Newton step of every row; parameters at rest do not move."""
    size = gradient.shape[1]
    diagonal = np.arange(size)
    free = ~rest
    a = normal * (free[:, :, None] & free[:, None, :])
    floor = 1e-30 + 1e-14 * scale.max(axis=1, keepdims=True)
    a[:, diagonal, diagonal] += damping[:, None] * np.maximum(scale, floor)
    a[:, diagonal, diagonal] = np.where(free, a[:, diagonal, diagonal], 1.0)
    # scaled to a unit diagonal before it is solved: logarithms of weak parameters stay exact
    root = 1 / np.sqrt(a[:, diagonal, diagonal])
    scaled = a * root[:, :, None] * root[:, None, :]
    right = np.where(free, -gradient, 0.0) * root
    try:
        step: Floats = np.linalg.solve(scaled, right[:, :, None])[:, :, 0] * root
    except np.linalg.LinAlgError:
        step = right * root
    step = np.where(free & np.isfinite(step), step, 0.0)
    longest = np.abs(step).max(axis=1, keepdims=True)
    return np.asarray(step * np.minimum(1.0, LONGEST_STEP / np.maximum(longest, 1e-300)))

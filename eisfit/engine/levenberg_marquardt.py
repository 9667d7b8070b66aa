"""Levenberg-Marquardt in batches: step hundreds of (spectrum, start) pairs at once."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np

from eisfit.engine.problem import Problem
from eisfit.engine.step_rules import (
    COMEBACK,
    CREEPING,
    DAMPING_MAX,
    DAMPING_MIN,
    DAMPING_START,
    EXACT_COST,
    GAUSS_NEWTON,
    LONGEST_STEP,
    SMALLEST_FACTOR,
    STEP_TOLERANCE,
)
from eisfit.engine.workspace import Workspace
from eisfit.tools.frozen import Bools, Floats, Ints
from eisfit.tools.quotients import SMALLEST_DIVISOR


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
        Whether the row met a tolerance.
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


@dataclass(frozen=True)
class Task:
    """What stays the same while rows step: the problem, which spectrum, what is held, the bounds."""

    problem: Problem
    rows: Ints
    held: Bools
    lower: Floats
    upper: Floats
    tolerance: float
    max_iterations: int

    @cached_property
    def resistive(self) -> Bools:
        """Which parameters are resistances, shape (P,)."""
        quantities = [p.quantity for p in self.problem.circuit.parameters]
        return np.array([q.resistance == 1 and q.time == 0 for q in quantities])


@dataclass
class Live:
    """The rows that are stepping now; all arrays have one entry per row."""

    index: Ints
    spectrum: Ints
    held: Bools
    lower: Floats
    upper: Floats
    x: Floats
    cost: Floats
    normal: Floats
    gradient: Floats
    damping: Floats
    growth: Floats
    small: Ints
    creeping: Bools
    age: Ints
    enough: Floats

    @classmethod
    def entered(cls, task: Task, index: Ints, start: Floats, space: Workspace) -> Live:
        """Return rows at their start."""
        problem, spectrum, x = task.problem, task.rows[index], start[index]
        cost, normal, gradient = problem.normal_equations(x, spectrum, space)
        n = index.size
        return cls(
            index,
            spectrum,
            task.held[index],
            task.lower[index],
            task.upper[index],
            x,
            cost,
            normal,
            gradient,
            np.full(n, DAMPING_START),
            np.full(n, 2.0),
            np.zeros(n, int),
            np.zeros(n, bool),
            np.zeros(n, int),
            EXACT_COST * problem.data.zero_model[spectrum],
        )

    def with_rows(self, other: Live) -> Live:
        """Return these rows and others."""
        return Live(*(np.concatenate([getattr(self, f.name), getattr(other, f.name)]) for f in fields(self)))

    def only(self, keep: Bools) -> Live:
        """Return some of the rows."""
        left = np.flatnonzero(keep)
        return Live(*(getattr(self, f.name)[left] for f in fields(self)))


def advance(task: Task, live: Live, space: Workspace) -> Bools:
    """Try one step of every row, in place, and return which rows have arrived."""
    x, gradient, cost = live.x, live.gradient, live.cost
    outwards = np.where(gradient > 0, x <= live.lower, (x >= live.upper) & (gradient < 0))
    wanted = _step(live.normal, gradient, live.damping, live.held | outwards)
    x_new = np.minimum(np.maximum(x + _limited(wanted, task.resistive), live.lower), live.upper)
    moved = x_new - x
    step = np.where(task.resistive, np.expm1(moved), moved)  # to which Z answers in proportion
    bent = (live.normal @ step[:, :, None])[:, :, 0]
    expected = -np.einsum("bp,bp->b", step, gradient + 0.5 * bent)
    cost_new, normal, gradient_new = task.problem.normal_equations(x_new, live.spectrum, space)
    cost_new[~np.isfinite(cost_new)] = np.inf
    gain = cost - cost_new
    better = gain > 0
    live.age += 1

    size, little = np.abs(gain), task.tolerance * cost
    stationary = (size <= little) & (expected <= little)
    live.small = np.where(better, np.where(stationary, live.small + 1, 0), live.small)
    live.creeping = np.where(better, gain <= CREEPING * cost, live.creeping)
    arrived = (
        (np.abs(moved).max(axis=1) <= STEP_TOLERANCE)
        | (live.small >= np.where(live.damping <= GAUSS_NEWTON, 1, 2))
        | (np.minimum(cost_new, cost) <= live.enough)
        | (~better & (stationary | (live.damping >= DAMPING_MAX)))
    )
    least = np.minimum(np.maximum(0.25 * size, SMALLEST_DIVISOR), 1e300)  # ratios beyond 4 are all the same
    ratio = np.where(better, gain / np.maximum(expected, least), 0.0)
    shrink = np.maximum(1 / 10, 1 - (2 * np.minimum(ratio, 2.0) - 1) ** 3)
    damping = live.damping * np.where(better, shrink, live.growth)
    live.damping = np.minimum(np.maximum(damping, DAMPING_MIN), DAMPING_MAX)
    live.growth = np.where(better, 2.0, np.minimum(live.growth * 2, 1e6))
    _accept(live, better, x_new, cost_new, normal, gradient_new)
    return np.asarray(arrived)


def _accept(live: Live, better: Bools, x: Floats, cost: Floats, normal: Floats, gradient: Floats) -> None:
    """Move the rows that got better to their new place."""
    if better.all():
        live.x, live.cost, live.normal, live.gradient = x, cost, normal, gradient
    else:
        which = np.flatnonzero(better)
        live.x[which], live.cost[which] = x[which], cost[which]
        live.normal[which], live.gradient[which] = normal[which], gradient[which]


def _step(normal: Floats, gradient: Floats, damping: Floats, held: Bools) -> Floats:
    """Return the damped Gauss-Newton step of every row; held parameters do not move."""
    free, scale = ~held, np.diagonal(normal, axis1=1, axis2=2)
    floor = 1e-30 + 1e-14 * scale.max(axis=1, keepdims=True)
    damped = np.where(free, scale + damping[:, None] * np.maximum(scale, floor), 1.0)
    # a unit diagonal keeps the steps of weakly determined parameters exact
    root = 1 / np.sqrt(damped)
    inner = np.where(free, root, 0.0)
    scaled = normal * (inner[:, :, None] * inner[:, None, :])
    scaled.reshape(scale.shape[0], -1)[:, :: scale.shape[1] + 1] = 1.0
    right = -gradient * inner
    step = solved_rows(scaled, right) * inner
    return np.where(np.isfinite(step), step, 0.0)


def solved_rows(scaled: Floats, right: Floats) -> Floats:
    """Return the solutions of linear equations (batch, P); the right-hand side itself where they are singular.

    Each row stands for itself: one that is singular changes none of the others.
    """
    try:
        return np.asarray(np.linalg.solve(scaled, right[:, :, None])[:, :, 0])
    except np.linalg.LinAlgError:
        if right.shape[0] == 1:
            return right
        half = right.shape[0] // 2
        return np.concatenate(
            [solved_rows(scaled[:half], right[:half]), solved_rows(scaled[half:], right[half:])]
        )


def _limited(wanted: Floats, resistive: Bools) -> Floats:
    """Return the change of each logarithm for the steps that the linear equations want.

    Each is limited by itself: a parameter without influence on the data may run without holding up the others.
    Z is linear in most resistances, so their change is the logarithm of the wanted factor, and a resistance near 0
    recovers in one step.
    """
    factor = np.log1p(np.maximum(wanted, SMALLEST_FACTOR - 1))
    longest = np.where(resistive, COMEBACK, LONGEST_STEP)
    return np.minimum(np.maximum(np.where(resistive, factor, wanted), -LONGEST_STEP), longest)

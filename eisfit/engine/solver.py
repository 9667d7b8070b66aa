"""Minimise a batch of rows, each from its own start."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace

import numpy as np

from eisfit.engine.backends import cpu
from eisfit.engine.backends.choice import Backend, backend_of
from eisfit.engine.levenberg_marquardt import Solution, Task
from eisfit.engine.problem import Problem
from eisfit.engine.step_rules import COST_TOLERANCE
from eisfit.tools.frozen import Bools, Floats, Ints

_BACKEND: ContextVar[Backend] = ContextVar("backend", default=cpu.run)


@contextmanager
def stepped_on(device: str) -> Iterator[None]:
    """Step all batches within the block on a device: ``cpu``, ``cuda`` or ``cuda:N``; see `backend_of`."""
    token = _BACKEND.set(backend_of(device))
    try:
        yield
    finally:
        _BACKEND.reset(token)


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
        Parameters held at their start, beyond those that the problem fixes; one that others follow moves on unless
        these are held as well.
    lower, upper : ndarray, shape (batch, P), optional
        Bounds instead of those of the problem.
    max_iterations : int
        Largest number of iterations.
    tolerance : float
        A row has converged when two steps in a row gain less than this fraction of its cost.

    Returns
    -------
    Solution
        In the order of the rows.

    Notes
    -----
    Bounds are kept by projection with an active set: a parameter at its bound that is pushed outwards takes no
    part in the step. Damping follows Nielsen (1999) and scales with the diagonal of the
    normal matrix (Marquardt 1963). A long batch is shared among threads, because numpy releases the
    interpreter lock.
    """
    batch = start.shape[0]
    if held is not None and problem.ties is not None:
        held = problem.ties.standing(held)
    task = Task(
        problem,
        rows,
        np.broadcast_to(problem.fixed, start.shape) if held is None else held | problem.fixed,
        problem.lower[rows] if lower is None else lower,
        problem.upper[rows] if upper is None else upper,
        tolerance,
        max_iterations,
    )
    result = Solution(
        problem.followed(np.clip(start, task.lower, task.upper)),
        np.full(batch, np.inf),
        np.zeros(batch, bool),
        np.zeros(batch, int),
    )
    _BACKEND.get()(task, result)
    return result if problem.ties is None else replace(result, x=problem.followed(result.x))

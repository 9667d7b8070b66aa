"""Run batches of rows with numpy, in chunks that fit the cache of a core."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import numpy as np

from eisfit.engine.levenberg_marquardt import Live, Solution, Task, advance
from eisfit.engine.problem import Problem
from eisfit.engine.workspace import Workspace
from eisfit.errors import InputError
from eisfit.tools.frozen import Floats, Ints

CHUNK_NUMBERS = 320_000  # real numbers in one Jacobian: a few megabytes, which fit the cache of a core
THREADED = 4  # chunks of several threads are so much larger: threads wait for each other after each operation

_VARIABLE = "EISFIT_THREADS"
_MOST: ContextVar[int | None] = ContextVar("most threads", default=None)


def run(task: Task, result: Solution) -> None:
    """Step all rows until they stop, a long batch in several threads; `result` holds their starts, then their ends."""
    batch, room = task.rows.size, memory_per_row(task.problem)
    threads = min(available_cores(), batch // (THREADED * room))
    if threads < 2:
        run_queue(task, np.arange(batch), result, room)
        return
    from concurrent.futures import ThreadPoolExecutor  # imported when needed: it is slow to import

    with ThreadPoolExecutor(threads) as pool:  # each has rows of its own, independent of all others
        queues = [np.arange(k, batch, threads) for k in range(threads)]
        list(pool.map(lambda queue: run_queue(task, queue, result, THREADED * room), queues))


def run_queue(task: Task, queue: Ints, result: Solution, room: int) -> None:
    """Step the rows of a queue until they stop, `room` at once; `result` holds their starts, then their ends."""
    with np.errstate(
        over="ignore", invalid="ignore"
    ):  # a trial beyond all numbers costs inf, and is not kept
        _run_queue(task, queue, result, room)


def _run_queue(task: Task, queue: Ints, result: Solution, room: int) -> None:
    space = Workspace()
    live = Live.entered(task, queue[:room], result.x, space)
    waiting = live.index.size
    while waiting < queue.size or live.index.size:
        if waiting < queue.size and live.index.size <= room // 2:
            # fill up, so that a batch never waits for its slowest row
            fresh = queue[waiting : waiting + room - live.index.size]
            live = live.with_rows(Live.entered(task, fresh, result.x, space))
            waiting += fresh.size
        arrived = advance(task, live, space)
        gone = arrived | (live.age >= task.max_iterations)
        if gone.any():
            out = live.index[gone]
            result.x[out], result.cost[out] = live.x[gone], live.cost[gone]
            result.converged[out] = (arrived | live.creeping)[gone]
            result.iterations[out] = live.age[gone]
            live = live.only(~gone)


def available_cores() -> int:
    """Return how many processor cores this process may use; no more than `at_most` or the variable EISFIT_THREADS says.

    Raises
    ------
    InputError
        If the variable is no number of threads.
    """
    if (most := _MOST.get()) is not None:
        return most
    if said := os.environ.get(_VARIABLE, "").strip():
        if not said.isascii() or not said.isdigit() or int(said) < 1:
            raise InputError(
                f"the variable {_VARIABLE} is {said!r}: it must be the number of threads, at least 1; without it each "
                "core has one"
            )
        return int(said)
    affinity: Callable[[int], set[int]] | None = getattr(os, "sched_getaffinity", None)  # not everywhere
    return len(affinity(0)) if affinity is not None else os.cpu_count() or 1


@contextmanager
def at_most(threads: int | None) -> Iterator[None]:
    """Step batches within the block in no more than so many threads; None for what is said elsewhere.

    Raises
    ------
    InputError
        If it is no number of at least 1.
    """
    if threads is not None and (isinstance(threads, bool) or not isinstance(threads, int) or threads < 1):
        raise InputError(f"threads is {threads!r}: give a number of threads, at least 1")
    token = _MOST.set(_MOST.get() if threads is None else threads)
    try:
        yield
    finally:
        _MOST.reset(token)


def normal_equations(problem: Problem, x: Floats, rows: Ints) -> tuple[Floats, Floats, Floats]:
    """Return costs (batch,), normal matrices (batch, P, P) and gradients (batch, P), chunk by chunk."""
    room, space = memory_per_row(problem), Workspace()
    batch, size = x.shape
    cost, normal, gradient = np.empty(batch), np.empty((batch, size, size)), np.empty((batch, size))
    for first in range(0, batch, room):
        part = slice(first, first + room)
        cost[part], normal[part], gradient[part] = problem.normal_equations(x[part], rows[part], space)
    return cost, normal, gradient


def memory_per_row(problem: Problem) -> int:
    """Return how many rows have room in a chunk."""
    return max(1, CHUNK_NUMBERS // (len(problem.names) * int(problem.weight.shape[1])))

"""Run batches of rows on a graphics processor with PyTorch: the steps of numpy, without branches, in float64."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from eisfit.engine.backends.cpu import CHUNK_NUMBERS
from eisfit.engine.backends.torch_arrays import Tensor
from eisfit.engine.backends.torch_circuit import grid_of, impedance_on
from eisfit.engine.levenberg_marquardt import Solution, Task
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
from eisfit.errors import InputError
from eisfit.tools.frozen import Ints
from eisfit.tools.quotients import SMALLEST_DIVISOR

TOGETHER = 4  # steps between two looks at which rows have arrived: each look waits for the device
_MOST_NUMBERS = 200_000_000  # real numbers in one Jacobian: 1.6 GB
_JACOBIANS = 6  # as much memory as a step needs, in Jacobians
_SHARE = 0.6  # of the free memory of a card that a batch takes


@dataclass
class Rows:
    """The rows that are stepping now; all are tensors with one entry per row."""

    index: Tensor
    z_ohm: Tensor
    weight: Tensor
    omega: Tensor
    log_omega: Tensor
    held: Tensor
    lower: Tensor
    upper: Tensor
    x: Tensor
    cost: Tensor
    normal: Tensor
    gradient: Tensor
    damping: Tensor
    growth: Tensor
    small: Tensor
    creeping: Tensor
    age: Tensor
    enough: Tensor
    arrived: Tensor

    def with_rows(self, other: Rows) -> Rows:
        """Return these rows and others."""
        import torch

        return Rows(*(torch.cat([getattr(self, f.name), getattr(other, f.name)]) for f in fields(self)))

    def only(self, left: Tensor) -> Rows:
        """Return those of some places."""
        return Rows(*(getattr(self, f.name)[left] for f in fields(self)))

    def __len__(self) -> int:
        return int(self.index.shape[0])


class OnCard:
    """A task on a device.

    Parameters
    ----------
    task : Task
        What stays the same while rows step.
    device : str
        As PyTorch names it.
    """

    def __init__(self, task: Task, device: str) -> None:
        self.task, self.device, self.root = task, device, task.problem.circuit.root
        self.resistive = self.put(task.resistive)
        self.grid = task.problem.s
        self.same_grid = self.grid.omega.ndim == 1
        self.shared = grid_of(self.put(self.grid.omega), self.put(self.grid.log_omega))
        ties = task.problem.ties
        self.places = [] if ties is None else ties.places.tolist()
        self.masters = [] if ties is None else ties.master[ties.places].tolist()
        self.shift = None if ties is None else self.put(ties.shift[ties.places])

    def put(self, values: Any) -> Tensor:
        """Return an array as a tensor on the device."""
        import torch

        return torch.as_tensor(np.ascontiguousarray(values), device=self.device)

    def entered(self, index: Ints, start: Any) -> Rows:
        """Return rows at their start."""
        problem, spectrum, n = self.task.problem, self.task.rows[index], index.size
        omega = self.grid.rows(spectrum)
        grid = np.zeros((n, 0)) if self.same_grid else omega.omega
        logs = np.zeros((n, 0)) if self.same_grid else omega.log_omega
        size = start.shape[1]
        arrays = (
            index, problem.z_ohm[spectrum], problem.data.pair_weight[spectrum], grid, logs, self.task.held[index],
            self.task.lower[index], self.task.upper[index], start[index], np.zeros(n), np.zeros((n, size, size)),
            np.zeros((n, size)), np.full(n, DAMPING_START), np.full(n, 2.0), np.zeros(n, int), np.zeros(n, bool),
            np.zeros(n, int), EXACT_COST * problem.data.zero_model[spectrum], np.zeros(n, bool),
        )  # fmt: skip
        rows = Rows(*(self.put(a) for a in arrays))
        rows.cost, rows.normal, rows.gradient = self.normal_equations(rows, rows.x)
        return rows

    def normal_equations(self, rows: Rows, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return costs (batch,), products of the derivatives (batch, P, P) and gradients (batch, P)."""
        import torch

        followed = x
        if self.places:
            followed = x.clone()
            followed[:, self.places] = x[:, self.masters] + self.shift
        dz = torch.empty((*x.shape, rows.z_ohm.shape[1]), dtype=torch.complex128, device=x.device)
        grid = self.shared if self.same_grid else grid_of(rows.omega, rows.log_omega)
        z = impedance_on(self.root, grid, followed.exp(), dz)
        for place, master in zip(self.places, self.masters, strict=True):
            dz[:, master] += dz[:, place]
            dz[:, place] = 0
        residual = torch.view_as_real(z - rows.z_ohm).flatten(-2) * rows.weight
        slopes = torch.view_as_real(dz).flatten(-2) * rows.weight[:, None]
        gradient = (slopes @ residual[:, :, None])[:, :, 0]
        return 0.5 * (residual * residual).sum(dim=1), slopes @ slopes.mT, gradient


def run(task: Task, result: Solution, *, device: str) -> None:
    """Step all rows until they stop, as many at once as the device holds; `result` holds their starts, then their ends.

    Raises
    ------
    InputError
        If the memory of the device does not suffice, or it fails.
    """
    import torch

    try:
        with torch.inference_mode():
            _run(OnCard(task, device), result)
    except torch.cuda.OutOfMemoryError as error:
        raise InputError(
            f"device {device!r}: its memory does not suffice ({_first_line(error)}): end what else uses it, or give "
            "device 'cpu'"
        ) from error
    except RuntimeError as error:  # of the card or its driver: no row is to blame
        raise InputError(
            f"device {device!r}: PyTorch cannot go on there ({_first_line(error)}): mend that, or give device 'cpu'"
        ) from error


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def _run(card: OnCard, result: Solution) -> None:
    task = card.task
    queue, room = np.arange(task.rows.size), rows_at_once(task.problem, card.device)
    rows = card.entered(queue[:room], result.x)
    waiting = len(rows)
    while waiting < queue.size or len(rows):
        if waiting < queue.size and len(rows) <= room // 2:
            fresh = queue[waiting : waiting + room - len(rows)]
            rows = rows.with_rows(card.entered(fresh, result.x))
            waiting += fresh.size
        for _ in range(TOGETHER):
            advance(card, rows)
        gone = rows.arrived | (rows.age >= task.max_iterations)
        ended = gone.nonzero()[:, 0]
        if ended.shape[0]:
            _written(rows.only(ended), result)
            rows = rows.only((~gone).nonzero()[:, 0])


def _written(rows: Rows, result: Solution) -> None:
    """Write rows that have stopped into the result."""
    out = rows.index.cpu().numpy()
    result.x[out], result.cost[out] = rows.x.cpu().numpy(), rows.cost.cpu().numpy()
    result.converged[out] = (rows.arrived | rows.creeping).cpu().numpy()
    result.iterations[out] = rows.age.cpu().numpy()


def advance(card: OnCard, rows: Rows) -> None:
    """Try one step of every row that has not stopped, in place."""
    import torch

    x, gradient, cost = rows.x, rows.gradient, rows.cost
    moving = ~rows.arrived & (rows.age < card.task.max_iterations)
    outwards = torch.where(gradient > 0, x <= rows.lower, (x >= rows.upper) & (gradient < 0))
    wanted = _step(rows.normal, gradient, rows.damping, rows.held | outwards)
    x_new = torch.minimum(torch.maximum(x + _limited(wanted, card.resistive), rows.lower), rows.upper)
    moved = x_new - x
    step = torch.where(card.resistive, torch.expm1(moved), moved)
    bent = (rows.normal @ step[:, :, None])[:, :, 0]
    expected = -(step * (gradient + 0.5 * bent)).sum(dim=1)
    cost_new, normal, gradient_new = card.normal_equations(rows, x_new)
    cost_new = torch.where(torch.isfinite(cost_new), cost_new, torch.inf)
    gain = cost - cost_new
    better = (gain > 0) & moving
    rows.age = rows.age + moving

    size, little = gain.abs(), card.task.tolerance * cost
    stationary = (size <= little) & (expected <= little)
    rows.small = torch.where(better, torch.where(stationary, rows.small + 1, 0), rows.small)
    rows.creeping = torch.where(better, gain <= CREEPING * cost, rows.creeping)
    rows.arrived = rows.arrived | moving & (
        (moved.abs().amax(dim=1) <= STEP_TOLERANCE)
        | (rows.small >= torch.where(rows.damping <= GAUSS_NEWTON, 1, 2))
        | (torch.minimum(cost_new, cost) <= rows.enough)
        | (~better & (stationary | (rows.damping >= DAMPING_MAX)))
    )
    least = (0.25 * size).clamp(SMALLEST_DIVISOR, 1e300)
    ratio = torch.where(better, gain / torch.maximum(expected, least), 0.0)
    shrink = (1 - (2 * ratio.clamp(max=2.0) - 1) ** 3).clamp(min=1 / 10)
    rows.damping = (rows.damping * torch.where(better, shrink, rows.growth)).clamp(DAMPING_MIN, DAMPING_MAX)
    rows.growth = torch.where(better, 2.0, (rows.growth * 2).clamp(max=1e6))
    rows.x = torch.where(better[:, None], x_new, x)
    rows.cost = torch.where(better, cost_new, cost)
    rows.normal = torch.where(better[:, None, None], normal, rows.normal)
    rows.gradient = torch.where(better[:, None], gradient_new, gradient)


def _step(normal: Tensor, gradient: Tensor, damping: Tensor, held: Tensor) -> Tensor:
    """Return the damped Gauss-Newton step of every row; held parameters do not move."""
    import torch

    free, scale = ~held, normal.diagonal(dim1=1, dim2=2)
    floor = 1e-30 + 1e-14 * scale.amax(dim=1, keepdim=True)
    damped = torch.where(free, scale + damping[:, None] * torch.maximum(scale, floor), 1.0)
    inner = torch.where(free, damped.rsqrt(), 0.0)
    scaled = normal * (inner[:, :, None] * inner[:, None, :])
    scaled.diagonal(dim1=1, dim2=2).fill_(1.0)
    right = -gradient * inner
    root, faults = torch.linalg.cholesky_ex(scaled)
    solution = torch.cholesky_solve(right[:, :, None], root)[:, :, 0]
    step = torch.where((faults == 0)[:, None], solution, right) * inner
    return torch.where(torch.isfinite(step), step, 0.0)


def _limited(wanted: Tensor, resistive: Tensor) -> Tensor:
    """Return the change of each logarithm for the steps that the linear equations want, each limited by itself."""
    import torch

    factor = torch.log1p(wanted.clamp(min=SMALLEST_FACTOR - 1))
    longest = torch.where(resistive, COMEBACK, LONGEST_STEP)
    return torch.minimum(torch.where(resistive, factor, wanted).clamp(min=-LONGEST_STEP), longest)


def rows_at_once(problem: Problem, device: str) -> int:
    """Return how many rows are stepped at once: as many as its memory holds; on a processor, as its cache does."""
    each = len(problem.names) * 2 * problem.data.length
    if device == "cpu":
        return max(1, CHUNK_NUMBERS // each)
    import torch

    free, _ = torch.cuda.mem_get_info(device)
    return max(1, min(_MOST_NUMBERS, int(_SHARE * free / (8 * _JACOBIANS))) // each)

"""Many spectra fitted at once: common coordinates, and parameters of each spectrum that are eliminated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from eisfit.engine.backends.cpu import normal_equations
from eisfit.engine.following import Following
from eisfit.engine.problem import Problem
from eisfit.tools.frozen import Bools, Floats, Ints

_LONGEST_STEP = 1.5  # no logarithm changes by more in one iteration
_DAMPING_START, _DAMPING_LEAST, _DAMPING_MOST = 1e-3, 1e-12, 1e10
_TINY = 1e-300
_UNKNOWN = 1e3  # standard error of a coordinate of which nothing is known


@dataclass(frozen=True, eq=False)
class Block:
    """N spectra with one circuit, of which some parameters follow common coordinates.

    Parameters
    ----------
    problem : Problem
        The spectra, each with all its parameters.
    following : tuple of Following
        The parameters that follow.
    places : tuple of slice
        Where the coordinates of each of them stand among the common ones.
    variance : ndarray, shape (N,)
        By which the sum of squares of each spectrum is divided: what its noise is in units of its weights.
    error : ndarray, shape (N,)
        Standard error of each temperature in kelvin; 0 where it is exact.
    rows : ndarray of int, shape (N,)
        Place of each spectrum in the series.
    """

    problem: Problem
    following: tuple[Following, ...]
    places: tuple[slice, ...]
    variance: Floats
    error: Floats
    rows: Ints

    @cached_property
    def linked(self) -> Bools:
        """Which parameters follow, shape (P,)."""
        found = np.zeros(len(self.problem.names), bool)
        found[[f.column for f in self.following]] = True
        return found

    def first(self, name: str) -> tuple[Following, slice]:
        """Return what follows a link, and where its coordinates stand; StopIteration where nothing does."""
        return next((f, at) for f, at in zip(self.following, self.places, strict=True) if f.link.name == name)

    def placed(self, x: Floats, common: Floats, shift: Floats) -> tuple[Floats, Floats, Floats]:
        """Return where a state puts the logarithms.

        Parameters
        ----------
        x : ndarray, shape (N, P)
            Logarithms; those that follow are replaced.
        common : ndarray, shape (G,)
            Common coordinates.
        shift : ndarray, shape (N,)
            Of the temperatures, in kelvin.

        Returns
        -------
        x : ndarray, shape (N, P)
            The logarithms; those that follow stay within their bounds.
        to_common : ndarray, shape (N, P, G)
            Their derivatives by the common coordinates.
        to_own : ndarray, shape (N, P, P + 1)
            By the parameters of each spectrum, and by its temperature.
        """
        x = x.copy()
        n, size = x.shape
        to_common, to_own = np.zeros((n, size, common.size)), np.zeros((n, size, size + 1))
        to_own[:, np.arange(size), np.arange(size)] = ~self.linked
        pairs = sorted(zip(self.following, self.places, strict=True), key=lambda p: p[0].beside is not None)
        for f, at in pairs:
            condition = f.at + shift if f.over_temperature else f.at
            x[:, f.column], to_common[:, f.column, at], rate = f.log_values(common[at], condition)
            x[:, f.column] += f.offset
            to_own[:, f.column, size] = rate if f.over_temperature else 0.0
            if f.geometry is not None:
                x[:, f.column] += f.geometry[1] * common[f.geometry[0]]
                to_common[:, f.column, f.geometry[0]] += f.geometry[1]
            if f.beside is not None:
                x[:, f.column] += x[:, f.beside]
                to_common[:, f.column] += to_common[:, f.beside]
                to_own[:, f.column] += to_own[:, f.beside]
            low, high = self.problem.lower[:, f.column], self.problem.upper[:, f.column]
            x[:, f.column] = np.clip(x[:, f.column], low, high)  # the derivatives lead back
        return x, to_common, to_own


@dataclass(frozen=True, eq=False)
class JointProblem:
    """Blocks of spectra that follow the same common coordinates.

    Parameters
    ----------
    blocks : tuple of Block
        The spectra.
    prior : ndarray, shape (2, G)
        Known coordinates and their standard errors; inf where nothing is known.
    """

    blocks: tuple[Block, ...]
    prior: Floats

    @property
    def size(self) -> int:
        """Number of common coordinates G."""
        return int(self.prior.shape[1])

    @property
    def spectra(self) -> int:
        """Number of spectra in all blocks."""
        return sum(block.problem.size for block in self.blocks)

    def prior_cost(self, state: State) -> float:
        """Return half the chi-square of the temperatures and of the known coordinates."""
        off = (state.common - self.prior[0]) / self.prior[1]
        cost = 0.5 * off @ off
        for block, shift in zip(self.blocks, state.shift, strict=True):
            moved = shift[block.error > 0] / block.error[block.error > 0]
            cost += 0.5 * moved @ moved
        return float(cost)

    def started(self, x: Sequence[Floats], weight: Sequence[Floats]) -> State:
        """Return the state that meets logarithms (N, P) of each block best, each weighted (N, P)."""
        common = self.prior[0].copy()
        found: dict[tuple[int, int], list[tuple[Following, Floats, Floats]]] = {}
        for block, own, w in zip(self.blocks, x, weight, strict=True):
            for f, at in zip(block.following, block.places, strict=True):
                value = own[:, f.column] - (0.0 if f.beside is None else own[:, f.beside]) - f.offset
                found.setdefault((at.start, at.stop), []).append((f, value, w[:, f.column]))
        for (start, stop), parts in found.items():
            conditions = np.concatenate([f.at for f, _, _ in parts])
            values = np.concatenate([value for _, value, _ in parts])
            weights = np.concatenate([w for _, _, w in parts])
            if np.any(weights > 0):
                common[start:stop] = replace(parts[0][0], at=conditions).fitted(values, weights)
        return State(tuple(x), common, tuple(np.zeros(own.shape[0]) for own in x))


@dataclass(frozen=True, eq=False)
class State:
    """Where a joint fit is.

    Parameters
    ----------
    x : tuple of ndarray, each of shape (N, P)
        Logarithms of the parameters of each block; those that follow are the values of their laws in a solution.
    common : ndarray, shape (G,)
        The common coordinates.
    shift : tuple of ndarray, each of shape (N,)
        By how much each temperature differs from the stated one, in kelvin.
    """

    x: tuple[Floats, ...]
    common: Floats
    shift: tuple[Floats, ...]


@dataclass(frozen=True, eq=False)
class JointSolution:
    """Where a joint fit ended.

    Parameters
    ----------
    state : State
        There.
    cost : float
        Half the chi-square of all spectra, temperatures and known coordinates.
    common_covariance : ndarray, shape (G, G)
        Of the coordinates.
    covariance_log : tuple of ndarray, each of shape (N, P, P)
        Of the logarithms in each spectrum.
    shift_stderr : tuple of ndarray, each of shape (N,)
        Standard error of each temperature in kelvin.
    converged : bool
        Whether the iteration came to rest.
    iterations : int
        Steps that were tried.
    """

    state: State
    cost: float
    common_covariance: Floats
    covariance_log: tuple[Floats, ...]
    shift_stderr: tuple[Floats, ...]
    converged: bool
    iterations: int


@dataclass(frozen=True, eq=False)
class _Equations:
    """The normal equations of one block at a state: own parameters (x and shift) of each spectrum, and common ones.

    Shapes: `own` (N, P + 1, P + 1), `cross` (N, P + 1, G), `common` (G, G), gradients (N, P + 1) and (G,); `to_own` and
    `to_common` say how the logarithms (N, P) move with both; `free` (N, P + 1).
    """

    cost: float
    own: Floats
    cross: Floats
    common: Floats
    own_gradient: Floats
    common_gradient: Floats
    to_own: Floats
    to_common: Floats
    free: Bools

    def inverse(self, damping: float) -> Floats:
        """Return the inverses of the damped normal matrices of each spectrum; rows that are not free are 0."""
        free, diagonal = self.free, np.arange(self.own.shape[1])
        a = np.where(free[:, :, None] & free[:, None, :], self.own, 0.0)
        a[:, diagonal, diagonal] = np.where(free, a[:, diagonal, diagonal] * (1 + damping) + _TINY, 1.0)
        root = 1 / np.sqrt(a[:, diagonal, diagonal])
        scaled = a * root[:, :, None] * root[:, None, :]
        found = np.linalg.pinv(scaled, rcond=1e-13, hermitian=True) * root[:, :, None] * root[:, None, :]
        return np.asarray(np.where(free[:, :, None] & free[:, None, :], found, 0.0))


def solve_joint(
    joint: JointProblem, start: State, *, max_iterations: int = 200, tolerance: float = 1e-9
) -> JointSolution:
    """Minimise the chi-square of all spectra at once.

    Parameters
    ----------
    joint : JointProblem
        What is minimised.
    start : State
        From where.
    max_iterations : int
        Steps at most.
    tolerance : float
        Relative gain below which two steps in a row end the iteration.

    Notes
    -----
    Levenberg-Marquardt steps with exact derivatives through every link. The parameters of each spectrum are
    eliminated from the normal equations (Schur complement: Triggs et al., Lect. Notes Comput. Sci. 1883 (2000) 298,
    doi 10.1007/3-540-44480-7_21), so that time and memory grow in proportion to the number of spectra. The temperature
    of each spectrum is one of its parameters, with its error as prior.
    """
    state, equations = start, [_equations(b, start, k) for k, b in enumerate(joint.blocks)]
    cost = _cost(joint, state, equations)
    damping, growth, small, steps = _DAMPING_START, 2.0, 0, 0
    while steps < max_iterations and small < 2 and damping < _DAMPING_MOST:
        steps += 1
        wanted = _moved(joint, state, equations, damping)
        tried = [_equations(b, wanted, k) for k, b in enumerate(joint.blocks)]
        reached = _cost(joint, wanted, tried)
        if reached <= cost:
            small = small + 1 if cost - reached <= tolerance * cost else 0
            state, equations, cost = wanted, tried, reached
            damping, growth = max(damping / 5, _DAMPING_LEAST), 2.0
        else:
            damping, growth = damping * growth, growth * 2
    return _solution(joint, state, equations, cost, (small >= 2 or damping >= _DAMPING_MOST, steps))


def _cost(joint: JointProblem, state: State, equations: Sequence[_Equations]) -> float:
    total = sum(e.cost for e in equations) + joint.prior_cost(state)
    return total if np.isfinite(total) else np.inf


def _equations(block: Block, state: State, k: int) -> _Equations:
    """Return the normal equations of block number k."""
    problem, shift = block.problem, state.shift[k]
    x, to_common, to_own = block.placed(state.x[k], state.common, shift)
    n, size = x.shape
    cost, normal, gradient = normal_equations(problem, x, np.arange(n))
    normal, gradient = normal / block.variance[:, None, None], gradient / block.variance[:, None]
    weighted = normal @ to_own
    own = to_own.transpose(0, 2, 1) @ weighted
    own_gradient = np.einsum("npu,np->nu", to_own, gradient)
    known = block.error > 0
    own[known, size, size] += 1 / block.error[known] ** 2
    own_gradient[known, size] += shift[known] / block.error[known] ** 2
    free = np.zeros((n, size + 1), bool)
    outwards = ((x <= problem.lower) & (gradient > 0)) | ((x >= problem.upper) & (gradient < 0))
    free[:, :size] = ~(block.linked | problem.fixed | outwards)
    free[:, size] = known
    cross = weighted.transpose(0, 2, 1) @ to_common
    return _Equations(
        float((cost / block.variance).sum()),
        own,
        np.where(free[:, :, None], cross, 0.0),
        np.einsum("npg,npq,nqh->gh", to_common, normal, to_common, optimize=True),
        np.where(free, own_gradient, 0.0),
        np.einsum("npg,np->g", to_common, gradient),
        to_own,
        to_common,
        free,
    )


def _schur(
    joint: JointProblem, equations: Sequence[_Equations], inverses: Sequence[Floats], damping: float
) -> Floats:
    """Return the normal matrix of the common coordinates with the own parameters eliminated."""
    found = sum((e.common for e in equations), np.diag(1 / joint.prior[1] ** 2))
    found[np.diag_indices_from(found)] *= 1 + damping
    for e, inverse in zip(equations, inverses, strict=True):
        found -= np.einsum("nug,nuv,nvh->gh", e.cross, inverse, e.cross, optimize=True)
    return np.asarray(found)


def _inverse(matrix: Floats) -> Floats:
    diagonal = np.diag(matrix)
    known = diagonal > _TINY
    root = np.where(known, 1 / np.sqrt(np.where(known, diagonal, 1.0)), _UNKNOWN)
    scaled = np.where(np.outer(known, known), matrix * np.outer(root, root), np.diag(~known).astype(float))
    return np.asarray(np.linalg.pinv(scaled, rcond=1e-13, hermitian=True) * np.outer(root, root))


def _moved(joint: JointProblem, state: State, equations: Sequence[_Equations], damping: float) -> State:
    """Return the state after one damped step."""
    inverses = [e.inverse(damping) for e in equations]
    schur = _schur(joint, equations, inverses, damping)
    right = -(state.common - joint.prior[0]) / joint.prior[1] ** 2
    carried = []
    for e, inverse in zip(equations, inverses, strict=True):
        carried.append(np.einsum("nuv,nv->nu", inverse, e.own_gradient))
        right = right - e.common_gradient + np.einsum("nug,nu->g", e.cross, carried[-1])
    common = _inverse(schur) @ right
    largest = max(float(np.max(np.abs(e.to_common @ common), initial=_TINY)) for e in equations)
    common = common * min(1.0, _LONGEST_STEP / largest)
    x, shift = [], []
    for k, (block, e, inverse) in enumerate(zip(joint.blocks, equations, inverses, strict=True)):
        own = -carried[k] - np.einsum("nuv,nv->nu", inverse, e.cross @ common)
        step = np.clip(own[:, :-1], -_LONGEST_STEP, _LONGEST_STEP)
        x.append(np.clip(state.x[k] + step, block.problem.lower, block.problem.upper))
        shift.append(state.shift[k] + own[:, -1])
    return State(tuple(x), state.common + common, tuple(shift))


def _solution(
    joint: JointProblem, state: State, equations: Sequence[_Equations], cost: float, ended: tuple[bool, int]
) -> JointSolution:
    inverses = [e.inverse(0.0) for e in equations]
    covariance = _inverse(_schur(joint, equations, inverses, 0.0))
    logs, errors, x = [], [], []
    for k, (block, e, inverse) in enumerate(zip(joint.blocks, equations, inverses, strict=True)):
        carried = inverse @ e.cross
        own = inverse + carried @ covariance @ carried.transpose(0, 2, 1)
        a, b = e.to_own, e.to_common
        crossed = -a @ carried @ covariance @ b.transpose(0, 2, 1)
        log = a @ own @ a.transpose(0, 2, 1) + b @ covariance @ b.transpose(0, 2, 1)
        log = log + crossed + crossed.transpose(0, 2, 1)
        if (ties := block.problem.ties) is not None:  # what is tied has the errors of what it follows
            log = log[:, ties.master][:, :, ties.master]
        logs.append(log)
        errors.append(np.sqrt(np.maximum(own[:, -1, -1], 0.0)))
        x.append(block.problem.followed(block.placed(state.x[k], state.common, state.shift[k])[0]))
    return JointSolution(replace(state, x=tuple(x)), cost, covariance, tuple(logs), tuple(errors), *ended)

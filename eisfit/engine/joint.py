"""Many spectra fitted at once: common coordinates, and parameters of each spectrum that are eliminated."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from eisfit.engine.backends.cpu import normal_equations
from eisfit.engine.following import Following, slices_of
from eisfit.engine.problem import Problem
from eisfit.tools.frozen import Bools, Floats

_LONGEST_STEP = 1.5  # no logarithm changes by more in one iteration
_DAMPING_START, _DAMPING_LEAST, _DAMPING_MOST = 1e-3, 1e-12, 1e10
_TINY = 1e-300


@dataclass(frozen=True, eq=False)
class JointProblem:
    """N spectra of which some parameters follow common coordinates.

    Parameters
    ----------
    problem : Problem
        The spectra, each with all its parameters.
    following : tuple of Following
        The parameters that follow.
    variance : ndarray, shape (N,)
        By which the sum of squares of each spectrum is divided: what its noise is in units of its weights.
    error : ndarray, shape (N,)
        Standard error of each temperature in kelvin; 0 where it is exact.
    prior : ndarray, shape (2, G)
        Known coordinates and their standard errors; inf where nothing is known.
    """

    problem: Problem
    following: tuple[Following, ...]
    variance: Floats
    error: Floats
    prior: Floats

    @cached_property
    def places(self) -> list[slice]:
        """Where the coordinates of each parameter stand among all."""
        return slices_of(self.following)

    @cached_property
    def linked(self) -> Bools:
        """Which parameters follow, shape (P,)."""
        found = np.zeros(len(self.problem.names), bool)
        found[[f.column for f in self.following]] = True
        return found

    @property
    def size(self) -> int:
        """Number of common coordinates G."""
        return self.prior.shape[1]

    def placed(self, state: State) -> tuple[Floats, Floats, Floats]:
        """Return where a state puts the logarithms.

        Returns
        -------
        x : ndarray, shape (N, P)
            The logarithms.
        to_common : ndarray, shape (N, P, G)
            Their derivatives by the common coordinates.
        to_own : ndarray, shape (N, P, P + 1)
            By the parameters of each spectrum, and by its temperature.
        """
        x = state.x.copy()
        n, size = x.shape
        to_common, to_own = np.zeros((n, size, self.size)), np.zeros((n, size, size + 1))
        to_own[:, np.arange(size), np.arange(size)] = ~self.linked
        for f, at in sorted(
            zip(self.following, self.places, strict=True), key=lambda pair: pair[0].beside is not None
        ):
            condition = f.at + state.shift if f.over_temperature else f.at
            x[:, f.column], to_common[:, f.column, at], rate = f.log_values(state.common[at], condition)
            to_own[:, f.column, size] = rate if f.over_temperature else 0.0
            if f.beside is not None:
                x[:, f.column] += x[:, f.beside]
                to_common[:, f.column] += to_common[:, f.beside]
                to_own[:, f.column] += to_own[:, f.beside]
        return x, to_common, to_own

    def prior_cost(self, state: State) -> float:
        """Return half the chi-square of the temperatures and of the known coordinates."""
        off = (state.common - self.prior[0]) / self.prior[1]
        moved = state.shift[self.error > 0] / self.error[self.error > 0]
        return float(0.5 * off @ off + 0.5 * moved @ moved)

    def started(self, x: Floats, weight: Floats) -> State:
        """Return the state that meets logarithms (N, P) best, each weighted (N, P)."""
        parts = [
            f.fitted(x[:, f.column] - (0.0 if f.beside is None else x[:, f.beside]), weight[:, f.column])
            for f in self.following
        ]
        return State(x.copy(), np.concatenate(parts), np.zeros(x.shape[0]))


@dataclass(frozen=True, eq=False)
class State:
    """Where a joint fit is.

    Parameters
    ----------
    x : ndarray, shape (N, P)
        Logarithms of the parameters; those that follow are the values of their laws in a solution.
    common : ndarray, shape (G,)
        The common coordinates.
    shift : ndarray, shape (N,)
        By how much each temperature differs from the stated one, in kelvin.
    """

    x: Floats
    common: Floats
    shift: Floats


@dataclass(frozen=True, eq=False)
class JointSolution:
    """Where a joint fit ended.

    Parameters
    ----------
    state : State
        There.
    cost : float
        Half the chi-square of all spectra, temperatures and known coordinates.
    spectrum_cost : ndarray, shape (N,)
        Half the weighted sum of squares of each spectrum, before its noise divides it.
    common_covariance : ndarray, shape (G, G)
        Of the coordinates.
    covariance_log : ndarray, shape (N, P, P)
        Of the logarithms in each spectrum.
    shift_stderr : ndarray, shape (N,)
        Standard error of each temperature in kelvin.
    converged : bool
        Whether the iteration came to rest.
    iterations : int
        Steps that were tried.
    """

    state: State
    cost: float
    spectrum_cost: Floats
    common_covariance: Floats
    covariance_log: Floats
    shift_stderr: Floats
    converged: bool
    iterations: int


@dataclass(frozen=True, eq=False)
class _Equations:
    """The normal equations of a joint problem at a state: own parameters (x and shift) of each spectrum, and common.

    Shapes: `own` (N, P + 1, P + 1), `cross` (N, P + 1, G), `common` (G, G), gradients (N, P + 1) and (G,); `to_own` and
    `to_common` say how the logarithms (N, P) move with both; `free` (N, P + 1).
    """

    cost: float
    spectrum_cost: Floats
    own: Floats
    cross: Floats
    common: Floats
    own_gradient: Floats
    common_gradient: Floats
    to_own: Floats
    to_common: Floats
    free: Bools


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
    equations, state = _equations(joint, start), start
    damping, growth, small, steps = _DAMPING_START, 2.0, 0, 0
    for steps in range(1, max_iterations + 1):  # noqa: B007
        wanted = _moved(joint, state, equations, damping)
        tried = _equations(joint, wanted)
        gain = equations.cost - tried.cost
        if gain >= 0:
            small = small + 1 if gain <= tolerance * equations.cost else 0
            state, equations = wanted, tried
            damping, growth = max(damping / 5, _DAMPING_LEAST), 2.0
        else:
            damping, growth = damping * growth, growth * 2
        if small >= 2 or damping > _DAMPING_MOST:
            break
    return _solution(joint, state, equations, small >= 2 or damping > _DAMPING_MOST, steps)


def _equations(joint: JointProblem, state: State) -> _Equations:
    problem, n = joint.problem, joint.problem.size
    x, to_common, to_own = joint.placed(state)
    size = x.shape[1]
    cost, normal, gradient = normal_equations(problem, x, np.arange(n))
    cost_scaled = cost / joint.variance
    normal, gradient = normal / joint.variance[:, None, None], gradient / joint.variance[:, None]
    weighted = normal @ to_own
    own = to_own.transpose(0, 2, 1) @ weighted
    own_gradient = np.einsum("npu,np->nu", to_own, gradient)
    known = joint.error > 0
    own[known, size, size] += 1 / joint.error[known] ** 2
    own_gradient[known, size] += state.shift[known] / joint.error[known] ** 2
    common = np.einsum("npg,npq,nqh->gh", to_common, normal, to_common, optimize=True)
    common_gradient = np.einsum("npg,np->g", to_common, gradient)
    weight = 1 / joint.prior[1] ** 2
    common[np.arange(joint.size), np.arange(joint.size)] += weight
    common_gradient += weight * (state.common - joint.prior[0])
    free = np.zeros((n, size + 1), bool)
    outwards = ((x <= problem.lower) & (gradient > 0)) | ((x >= problem.upper) & (gradient < 0))
    free[:, :size] = ~(joint.linked | problem.fixed | outwards)
    free[:, size] = known
    total = float(cost_scaled.sum()) + joint.prior_cost(state)
    cross = weighted.transpose(0, 2, 1) @ to_common
    return _Equations(
        total if np.isfinite(total) else np.inf,
        cost,
        own,
        np.where(free[:, :, None], cross, 0.0),
        common,
        np.where(free, own_gradient, 0.0),
        common_gradient,
        to_own,
        to_common,
        free,
    )


def _inverse_own(equations: _Equations, damping: float) -> Floats:
    """Return the inverses of the damped normal matrices of each spectrum; rows that are not free are 0."""
    free, own = equations.free, equations.own
    diagonal = np.arange(own.shape[1])
    a = np.where(free[:, :, None] & free[:, None, :], own, 0.0)
    a[:, diagonal, diagonal] = np.where(free, a[:, diagonal, diagonal] * (1 + damping) + _TINY, 1.0)
    root = 1 / np.sqrt(a[:, diagonal, diagonal])
    scaled = a * root[:, :, None] * root[:, None, :]
    inverse = np.linalg.pinv(scaled, rcond=1e-13, hermitian=True) * root[:, :, None] * root[:, None, :]
    return np.asarray(np.where(free[:, :, None] & free[:, None, :], inverse, 0.0))


def _schur(equations: _Equations, inverse: Floats, damping: float) -> Floats:
    """Return the normal matrix of the common coordinates with the own parameters eliminated."""
    common = equations.common.copy()
    common[np.diag_indices_from(common)] *= 1 + damping
    return np.asarray(
        common - np.einsum("nug,nuv,nvh->gh", equations.cross, inverse, equations.cross, optimize=True)
    )


def _inverse_common(matrix: Floats) -> Floats:
    root = 1 / np.sqrt(np.maximum(np.diag(matrix), _TINY))
    scaled = matrix * np.outer(root, root)
    return np.asarray(np.linalg.pinv(scaled, rcond=1e-13, hermitian=True) * np.outer(root, root))


def _moved(joint: JointProblem, state: State, equations: _Equations, damping: float) -> State:
    """Return the state after one damped step."""
    inverse = _inverse_own(equations, damping)
    schur = _schur(equations, inverse, damping)
    carried = np.einsum("nuv,nv->nu", inverse, equations.own_gradient)
    right = -equations.common_gradient + np.einsum("nug,nu->g", equations.cross, carried)
    common = _inverse_common(schur) @ right
    own = -carried - np.einsum("nuv,nvg,g->nu", inverse, equations.cross, common, optimize=True)
    largest = float(np.max(np.abs(np.einsum("npg,g->np", equations.to_common, common)), initial=_TINY))
    part = min(1.0, _LONGEST_STEP / largest)
    step = np.clip(own[:, :-1], -_LONGEST_STEP, _LONGEST_STEP)
    x = np.clip(state.x + step, joint.problem.lower, joint.problem.upper)
    return State(x, state.common + part * common, state.shift + own[:, -1])


def _solution(
    joint: JointProblem, state: State, equations: _Equations, converged: bool, steps: int
) -> JointSolution:
    inverse = _inverse_own(equations, 0.0)
    covariance = _inverse_common(_schur(equations, inverse, 0.0))
    carried = inverse @ equations.cross
    own = inverse + carried @ covariance @ carried.transpose(0, 2, 1)
    mixed = -carried @ covariance  # of own parameters with common coordinates
    a, b = equations.to_own, equations.to_common
    crossed = a @ mixed @ b.transpose(0, 2, 1)
    log = a @ own @ a.transpose(0, 2, 1) + b @ covariance @ b.transpose(0, 2, 1)
    log = log + crossed + crossed.transpose(0, 2, 1)
    x, _, _ = joint.placed(state)
    return JointSolution(
        replace(state, x=x),
        equations.cost,
        equations.spectrum_cost,
        covariance,
        log,
        np.sqrt(np.maximum(own[:, -1, -1], 0.0)),
        converged,
        steps,
    )

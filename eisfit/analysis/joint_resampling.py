"""The scatter of a joint fit when spectra, temperatures and what was known are drawn again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from eisfit.analysis.minimised import joint_in, minimised, readables, scale_in
from eisfit.analysis.resampling import Bootstrap
from eisfit.errors import FitError
from eisfit.results.joint import Joint
from eisfit.results.series import Series
from eisfit.tools.frozen import Floats, frozen_array
from eisfit.tools.keywords import known_keywords

if TYPE_CHECKING:
    from eisfit.engine.joint import Block, JointProblem, JointSolution, State


@known_keywords
def joint_bootstrap(result: Joint | Series, *, samples: int = 100, seed: int = 0) -> Bootstrap:
    """Fit spectra drawn again, many times, from the solution of a joint fit.

    Parameters
    ----------
    result : Joint or Series
        A joint fit that was made in this session, or the series that it is of.
    samples : int
        How many, 2 or more.
    seed : int
        Of the draw; equal seeds give equal results.

    Returns
    -------
    Bootstrap
        Of shared values (``"interface C"``) and of the slopes of straight laws (``"interface E"``).

    Raises
    ------
    FitError
        If there is no joint fit, it comes from a file, there are fewer than two samples, or fewer than two converged.

    Notes
    -----
    Noise of the size of each spectrum is added to its model; the stated temperatures, the geometry of other cells, and
    what was known are drawn from their errors about what the joint fit has found. Where spectra scatter about the links
    by more than their errors, temperatures without a stated error are drawn with the one that explains it; where none
    does, all draws are enlarged by the scatter. Each sample is solved from the minimum on;
    other minima are not sought. Source: Efron & Tibshirani, Stat. Sci. 1 (1986) 54, doi 10.1214/ss/1177013815.
    """
    from eisfit.engine.joint import solve_joint

    joint = joint_in(result, "joint_bootstrap")
    if samples < 2:
        raise FitError(f"samples = {samples}: at least 2 are needed")
    problem, solution = minimised(joint)
    scale = scale_in(joint)
    kelvin = 0.0 if scale.temperature is None else scale.temperature.stderr_k
    wanted, rng = readables(joint), np.random.default_rng(seed)
    found, converged = np.full((samples, len(wanted)), np.nan), np.zeros(samples, bool)
    for k in range(samples):
        drawn, start = _drawn(problem, solution, rng, scale.factor, kelvin)
        end = solve_joint(drawn, start)
        found[k] = [each.value(float(end.state.common[each.place])) for each in wanted.values()]
        converged[k] = end.converged
    if np.count_nonzero(converged) < 2:
        raise FitError(
            "joint_bootstrap: fewer than two samples converged; link more, or use a simpler circuit"
        )
    lost = samples - int(np.count_nonzero(converged))
    return Bootstrap(
        kind="parametric",
        names=tuple(wanted),
        samples=frozen_array(found, float),
        contributions=(),
        resistances=frozen_array(np.empty((samples, 0)), float),
        converged=frozen_array(converged, bool),
        remarks=(f"{lost} of {samples} samples did not converge and do not count",) if lost else (),
    )


def _drawn(
    problem: JointProblem, solution: JointSolution, rng: np.random.Generator, ratio: float, kelvin: float
) -> tuple[JointProblem, State]:
    """Return a joint problem of drawn spectra, and where the solution stands in it."""
    state = solution.state
    off = _temperatures(problem, rng, ratio, kelvin)
    blocks, shifts = [], []
    for k, block in enumerate(problem.blocks):
        stated = state.shift[k] + off[k]  # by how much the stated temperatures move
        following = tuple(replace(f, at=f.at + stated) if f.over_temperature else f for f in block.following)
        data = replace(block.problem.data, z_ohm=_noisy(block, state.x[k], rng, ratio))
        blocks.append(replace(block, problem=replace(block.problem, data=data), following=following))
        shifts.append(np.where(block.error > 0, -off[k], 0.0))
    prior = problem.prior.copy()
    known = problem.known
    if known.any():
        part = np.ix_(known, known)
        draw = rng.multivariate_normal(np.zeros(int(known.sum())), problem.prior_covariance[part])
        prior[0, known] = state.common[known] + ratio * draw
    return replace(problem, blocks=tuple(blocks), prior=prior), replace(state, shift=tuple(shifts))


def _temperatures(
    problem: JointProblem, rng: np.random.Generator, ratio: float, kelvin: float
) -> list[Floats]:
    """Return draws of the errors of all temperatures; spectra that were measured at once have one."""
    draws: dict[int, float] = {}
    found = []
    for block in problem.blocks:
        units = [draws.setdefault(int(k), float(rng.standard_normal())) for k in block.set_of]
        found.append(np.where(block.error > 0, ratio * block.error, kelvin) * np.array(units))
    return found


def _noisy(block: Block, x: Floats, rng: np.random.Generator, ratio: float) -> Floats:
    """Return the model of the spectra of a block with noise, shape (N, F)."""
    from eisfit.circuit.circuit import evaluate

    problem = block.problem
    z = evaluate(problem.circuit.root, problem.s.rows(np.arange(problem.size)), np.exp(problem.followed(x)))
    weight = problem.weight.reshape(problem.size, 2, -1)
    noise = ratio * np.sqrt(block.variance)[:, None, None] * rng.standard_normal(weight.shape)
    ohm = np.where(weight > 0, noise / np.where(weight > 0, weight, 1.0), 0.0)
    return np.asarray(z + ohm[:, 0] + 1j * ohm[:, 1])

"""The profile likelihood of one energy or shared value of a joint fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from eisfit.analysis.likelihood_profile import Profile
from eisfit.analysis.minimised import Readable, joint_in, minimised, readable, scale_in
from eisfit.errors import FitError
from eisfit.results.joint import Joint
from eisfit.results.series import Series
from eisfit.tools.frozen import Floats, frozen_array
from eisfit.tools.keywords import known_keywords

if TYPE_CHECKING:
    from eisfit.engine.joint import JointProblem, JointSolution, State

_TIGHT = 1e-4  # error of a coordinate that is held, in units of its standard error
_STEPS = 8  # towards one end of an interval
_MET = 0.01  # relative error of the root of the rise within which an end is met
_FARTHEST = 8.0  # standard errors from which on an end is open
_CURVE = 13  # values at which the curve is drawn, besides the minimum


@known_keywords
def joint_profile(result: Joint | Series, name: str, levels: Sequence[float] = (0.68, 0.95)) -> Profile:
    """Return the profile likelihood of one energy or shared value of a joint fit.

    Parameters
    ----------
    result : Joint or Series
        A joint fit that was made in this session, or the series that it is of.
    name : str
        A shared value such as ``"interface C"``, or the slope of a straight law such as ``"interface E"``.
    levels : sequence of float
        Probabilities of the intervals, between 0 and 1.

    Returns
    -------
    Profile
        With the rise of chi-square in units of what the scatter about the links enlarges the squared error by.

    Raises
    ------
    FitError
        If there is no joint fit, it comes from a file, it has no such value, or a level is no probability.

    Notes
    -----
    The value is held, and all else minimised over: laws, shared values, temperatures, the geometry of other cells and
    the parameters of each spectrum, from the minimum on. An interval ends where chi-square has risen by the squared
    normal quantile. Other minima are not sought. Venzon & Moolgavkar, Appl. Stat. 37 (1988) 87, doi 10.2307/2347496.

    Examples
    --------
    >>> import numpy as np
    >>> import eisfit
    >>> f, rng = np.logspace(5, 0, 31), np.random.default_rng(1)
    >>> def cell(t):
    ...     r = 1e3 * np.exp(0.5 / 8.617333262e-5 * (1 / (t + 273.15) - 1 / 298.15))
    ...     z = 20 + r / (1 + 2j * np.pi * f * r * 1e-7)
    ...     z = z * (1 + 0.005 * (rng.normal(size=31) + 1j * rng.normal(size=31)))
    ...     return eisfit.Spectrum(f, z, conditions=eisfit.Conditions(temperature_c=t), label=f"{t} degC")
    >>> series = eisfit.fit_joint([cell(t) for t in (0, 20, 40)], "R0-p(R1,C1)", laws={"R1": "arrhenius"})
    >>> found = eisfit.joint_profile(series, "R1 E", [0.68])
    >>> [f"{low:.4f} to {high:.4f} {found.unit}" for low, high in found.intervals]
    ['0.500 to 0.501 eV']
    """
    joint = joint_in(result, "joint_profile")
    wanted = readable(joint, name, "joint_profile")
    quantiles = _quantiles(levels)
    held = _Held.of(joint, wanted)
    if not held.sigma > 0:
        raise FitError(f"joint_profile: {name} has no error in the joint fit, so nothing can be followed")
    ends = [(held.end(-q), held.end(q)) for q in quantiles]
    finite = [abs(e - held.centre) for pair in ends for e in pair if np.isfinite(e)]
    reach = 1.15 * max(finite, default=_FARTHEST * held.sigma)
    grid = np.union1d(held.centre + reach * np.linspace(-1, 1, _CURVE), [held.centre])
    values = np.array([wanted.value(c) for c in grid])
    rise = np.array([held.rise(c) for c in grid])
    order = np.argsort(values)
    intervals = [sorted((_value(wanted, a), _value(wanted, b))) for a, b in ends]
    return Profile(
        name,
        wanted.unit,
        wanted.value(held.centre),
        tuple(float(level) for level in levels),
        tuple((low, high) for low, high in intervals),
        frozen_array(values[order], float),
        frozen_array(rise[order], float),
        tuple(_remarks(levels, intervals)),
    )


def _value(wanted: Readable, coordinate: float) -> float:
    with np.errstate(over="ignore"):
        return wanted.value(coordinate)


def _quantiles(levels: Sequence[float]) -> list[float]:
    from statistics import NormalDist  # imported when asked: ``import eisfit`` stays light

    for level in levels:
        if not 0 < level < 1:
            raise FitError(f"level {level:g} is no probability: give numbers between 0 and 1, such as 0.95")
    if not levels:
        raise FitError("no level is given: give numbers between 0 and 1, such as 0.95")
    return [NormalDist().inv_cdf(0.5 * (1 + level)) for level in levels]


def _remarks(levels: Sequence[float], intervals: Sequence[Sequence[float]]) -> list[str]:
    said = []
    for level, (low, high) in zip(levels, intervals, strict=True):
        for side, open_ in (("below", low == 0 or np.isinf(low)), ("above", np.isinf(high))):
            if open_:
                said.append(f"open {side} at {100 * level:g} %: the data set no end")
    return said


@dataclass(frozen=True, eq=False)
class _Held:
    """A joint problem in which one coordinate is held: where it was found, its error, and what scales chi-square."""

    problem: JointProblem
    solution: JointSolution
    place: int
    sigma: float
    scale: float

    @classmethod
    def of(cls, joint: Joint, wanted: Readable) -> _Held:
        problem, solution = minimised(joint)
        place, scaling = wanted.place, scale_in(joint)
        variance = max(float(solution.common_covariance[place, place]), 0.0)
        scale = scaling.factor**2
        if scaling.temperature is not None and variance > 0:
            scale += float(scaling.temperature.common[place, place]) / variance
        return cls(problem, solution, place, float(np.sqrt(variance)), scale)

    @property
    def centre(self) -> float:
        """The coordinate at the minimum."""
        return float(self.solution.state.common[self.place])

    def rise(self, coordinate: float) -> float:
        """Return the rise of chi-square where the coordinate is held at a value."""
        return self._held(coordinate, self.solution.state)[0]

    def _held(self, coordinate: float, start: State) -> tuple[float, State]:
        from eisfit.engine.joint import solve_joint

        problem = _with_prior(self.problem, self.place, coordinate, _TIGHT * self.sigma)
        common = start.common.copy()
        common[self.place] = coordinate
        found = solve_joint(problem, replace(start, common=common))
        off_now, off = (p.prior[0] - found.state.common for p in (problem, self.problem))
        known = 0.5 * (off @ self.problem.precision @ off - off_now @ problem.precision @ off_now)
        return max(2 * (found.cost + float(known) - self.solution.cost), 0.0) / self.scale, found.state

    def end(self, quantile: float) -> float:
        """Return the coordinate at which chi-square has risen by the square of a quantile, on its side."""
        step, state = quantile * self.sigma * float(np.sqrt(self.scale)), self.solution.state
        farthest = _FARTHEST * abs(step)
        for _ in range(_STEPS):
            rise, state = self._held(self.centre + step, state)
            ratio = abs(quantile) / max(rise, 1e-12) ** 0.5
            if abs(ratio - 1) < _MET:
                return self.centre + step
            step *= min(max(ratio, 0.3), 3.0)
            if abs(step) > farthest:
                return float(np.copysign(np.inf, step))
        return self.centre + step


def _with_prior(problem: JointProblem, place: int, value: float, error: float) -> JointProblem:
    """Return a joint problem of which one common coordinate is known as well, and nothing else is changed."""
    precision: Floats = problem.precision.copy()
    precision[place, place] += error**-2
    known = problem.known.copy()
    known[place] = True
    right = problem.precision @ problem.prior[0]
    right[place] += value / error**2
    part = np.ix_(known, known)
    size = 1 / np.sqrt(np.diag(precision)[known])
    covariance = np.linalg.inv(precision[part] * np.outer(size, size)) * np.outer(size, size)
    prior, correlation = problem.prior.copy(), np.eye(problem.size)
    sigma = np.sqrt(np.diag(covariance))
    prior[:, known] = covariance @ right[known], sigma
    correlation[part] = covariance / np.outer(sigma, sigma)
    return replace(problem, prior=prior, correlation=correlation)

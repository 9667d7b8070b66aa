"""The scatter of a fit when its data are drawn again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from eisfit.circuit.arc import dc_resistance
from eisfit.circuit.circuit import Node, Placed
from eisfit.engine.parameter_bounds import ON_BOUND
from eisfit.errors import FitError
from eisfit.results.contribution import Contribution
from eisfit.results.fit import Fit
from eisfit.results.given import one_fit
from eisfit.tools.frozen import Bools, Complexes, Floats, Value, frozen_array
from eisfit.tools.keywords import known_keywords
from eisfit.tools.nearest import did_you_mean

if TYPE_CHECKING:
    from eisfit.engine.levenberg_marquardt import Solution
    from eisfit.engine.problem import Problem
    from eisfit.options import Weights
    from eisfit.reporting.estimate import Estimate

Kind: TypeAlias = Literal["parametric", "residual"]
KINDS: tuple[Kind, ...] = ("parametric", "residual")


@dataclass(frozen=True, eq=False)
class Bootstrap(Value):
    """Parameters and resistances of many fits to data drawn again.

    Parameters
    ----------
    kind : {"parametric", "residual"}
        How they were drawn.
    names : tuple of str
        Of the parameters.
    samples : ndarray, shape (samples, P)
        Their values in their units; nan for segments that were not detected.
    contributions : tuple of str
        Those that have a resistance in the fit.
    resistances : ndarray, shape (samples, C)
        Their resistances in ohm.
    converged : ndarray of bool, shape (samples,)
        Which fits converged; only these count.
    remarks : tuple of str
        How many did not converge, and how often each parameter rests on a bound.
    """

    kind: Kind
    names: tuple[str, ...]
    samples: Floats
    contributions: tuple[str, ...]
    resistances: Floats
    converged: Bools
    remarks: tuple[str, ...]

    def column(self, name: str) -> Floats:
        """Return the values of a parameter, or the resistances of a contribution, of the converged fits.

        Raises
        ------
        KeyError
            If there is none of that name; the message lists those there are.
        """
        if name in self.names:
            return np.asarray(self.samples[self.converged, self.names.index(name)])
        if name in self.contributions:
            return np.asarray(self.resistances[self.converged, self.contributions.index(name)])
        raise KeyError(
            f"no {name!r} in the bootstrap; there are {', '.join(self.names + self.contributions)}"
        )

    @property
    def stderr(self) -> dict[str, float]:
        """Standard deviations of all parameters and resistances; nan where nothing varies."""
        spread = {name: float(np.std(self.column(name), ddof=1)) for name in self.contributions + self.names}
        return {name: value if value > 0 else float("nan") for name, value in spread.items()}

    def interval(self, name: str, level: float = 0.95) -> tuple[float, float]:
        """Return the interval between two percentiles of a parameter or resistance.

        Raises
        ------
        KeyError
            As `column`.
        FitError
            If the level is no probability.
        """
        if not 0 < level < 1:
            raise FitError(f"level {level:g} is no probability: give a number between 0 and 1, such as 0.95")
        low, high = np.quantile(self.column(name), [0.5 - 0.5 * level, 0.5 + 0.5 * level])
        return float(low), float(high)


@known_keywords
def bootstrap(
    fit: Fit,
    kind: Kind = "parametric",
    *,
    samples: int = 200,
    seed: int = 0,
    weights: Weights | None = None,
) -> Bootstrap:
    """Fit data drawn again, many times, from the solution of a fit.

    Parameters
    ----------
    fit : Fit
        The fit.
    kind : {"parametric", "residual"}
        Noise of the estimated size added to the model, or the residuals of the fit drawn with replacement.
    samples : int
        How many, 2 or more.
    seed : int
        Of the draw; equal seeds give equal results.
    weights : array_like, shape (n,), optional
        The standard deviations in ohm, where the fit does not hold those it was given: it comes from a file of
        version 0.1.0.

    Raises
    ------
    FitError
        If the kind is not known, there are fewer than two samples, the fit failed, its standard deviations are
        missing, it has as many free parameters as numbers, or fewer than two samples converged.

    Notes
    -----
    The noise is normal, under the loss ``student_t`` Student's. Residuals are drawn point by point, Re and Im
    together, in units of their weights, centred, and widened by sqrt(n / (n - p)). All samples are solved as one
    batch, with the fit's own loss. Segments that were not detected stay out of the fit.

    Source: Efron & Tibshirani, Stat. Sci. 1 (1986) 54, doi 10.1214/ss/1177013815.

    Examples
    --------
    >>> import numpy as np
    >>> import eisfit
    >>> f, rng = np.logspace(5, 0, 51), np.random.default_rng(1)
    >>> z = 10 + 100 / (1 + 2j * np.pi * f * 1e-3)
    >>> z = z + 0.005 * abs(z) * (rng.normal(size=51) + 1j * rng.normal(size=51))
    >>> found = eisfit.bootstrap(eisfit.fit(eisfit.Spectrum(f, z), "R0-p(R1,C1)"), samples=100)
    >>> 0.1 < found.stderr["R1"] < 0.2
    True
    """
    fit = one_fit(fit, "bootstrap")
    from eisfit.reporting.estimate import Estimate

    if kind not in KINDS:
        raise FitError(
            f"unknown kind {kind!r} of bootstrap{did_you_mean(kind, KINDS)}; known: {', '.join(KINDS)}"
        )
    if samples < 2:
        raise FitError(f"samples = {samples}: at least 2 are needed")
    estimate = Estimate.from_fit(fit, weights)
    if not np.isfinite(estimate.confidence.variance[0]):
        raise FitError(
            f"{fit.label}: as many free parameters as numbers leave no noise to draw; use a simpler circuit"
        )
    draw = _parametric if kind == "parametric" else _residual
    z = draw(fit, estimate, np.random.default_rng(seed), samples)
    problem = _posed(estimate, z)
    found = _solved(problem, fit.loss, np.repeat(estimate.x, samples, axis=0))
    if np.count_nonzero(found.converged) < 2:
        raise FitError(f"{fit.label}: fewer than two bootstrap fits converged; use a simpler circuit")
    values = np.where(estimate.held, np.nan, problem.values(found.x))
    names, resistances = _resistances(fit, values)
    return Bootstrap(
        kind=kind,
        names=problem.names,
        samples=frozen_array(values, float),
        contributions=names,
        resistances=frozen_array(resistances, float),
        converged=frozen_array(found.converged, bool),
        remarks=tuple(_remarks(problem, found)),
    )


def _parametric(fit: Fit, estimate: Estimate, rng: np.random.Generator, samples: int) -> Complexes:
    """Return the model with noise, shape (samples, F)."""
    from eisfit.engine.robust_loss import NU

    weight = _halves(estimate.plain.weight[0])
    noise = rng.standard_normal((samples, *weight.shape))
    if fit.loss == "student_t":
        noise *= np.sqrt(NU / rng.chisquare(NU, (samples, 1, weight.shape[1])))
    return _with_noise(fit, noise * float(np.sqrt(estimate.confidence.variance[0])), weight)


def _residual(fit: Fit, estimate: Estimate, rng: np.random.Generator, samples: int) -> Complexes:
    """Return the model with the residuals of other points, shape (samples, F)."""
    weight = _halves(estimate.plain.weight[0])
    residual = -_halves(estimate.plain.residual(estimate.x, np.arange(1))[0])
    used = np.flatnonzero(weight[0] > 0)
    centre = np.average(residual[:, used], axis=1, weights=fit.point_weights[used], keepdims=True)
    pool = residual[:, used] - centre
    numbers = 2 * used.size
    pool *= np.sqrt(numbers / max(numbers - int(estimate.confidence.count[0]), 1))
    noise = pool[:, rng.integers(used.size, size=(samples, weight.shape[1]))]
    return _with_noise(fit, noise.transpose(1, 0, 2), weight)


def _halves(numbers: Floats) -> Floats:
    """Return the real and the imaginary parts as two rows."""
    return numbers.reshape(2, -1)


def _with_noise(fit: Fit, noise: Floats, weight: Floats) -> Complexes:
    """Return the model with weighted noise (samples, 2, F) added to the points that are not masked."""
    ohm = np.where(weight > 0, noise / np.where(weight > 0, weight, 1.0), 0.0)
    return np.asarray(fit.impedance() + ohm[:, 0] + 1j * ohm[:, 1])


def _posed(estimate: Estimate, z: Complexes) -> Problem:
    """Return the problem of fitting all samples, with the weights of the data."""
    plain, size = estimate.plain, z.shape[0]
    data = replace(plain.data, z_ohm=z, weight=np.repeat(plain.weight, size, axis=0))
    bounds = plain.bounds.fixed_at(estimate.x, estimate.held[0]).repeated(size)
    return replace(plain, data=data, bounds=bounds, expected=())


def _solved(problem: Problem, loss: str, start: Floats) -> Solution:
    from eisfit.engine.robust_loss import reweighted
    from eisfit.engine.solver import solve

    if loss == "linear":
        return solve(problem, start, np.arange(problem.size))
    return reweighted(problem, loss, start)[1]


def _resistances(fit: Fit, values: Floats) -> tuple[tuple[str, ...], Floats]:
    """Return the names of the contributions that have a value, and their resistances (samples, C)."""
    found: dict[str, Floats] = {}
    for row in fit.contributions:
        if np.isfinite(row.resistance_ohm) and row.name not in found:
            found[row.name] = _sum(_parts(fit, row), values)
    columns = np.array(list(found.values())).reshape(len(found), values.shape[0])
    return tuple(found), columns.T


def _parts(fit: Fit, row: Contribution) -> list[tuple[float, Node]]:
    """Return the parts of the circuit that a contribution is made of, each with its count."""
    parts = [s for s in fit.template.path if s.segment.name in row.segments]
    if row.kind != "wall":
        return [(s.count, s.node) for s in parts]
    return [(s.count, s.node.wall) for s in parts if isinstance(s.node, Placed) and s.node.wall is not None]


def _sum(parts: Sequence[tuple[float, Node]], values: Floats) -> Floats:
    total = np.zeros(values.shape[0])
    for count, node in parts:
        total += count * dc_resistance(node, values)[0]
    return total


def _remarks(problem: Problem, found: Solution) -> list[str]:
    size, said = problem.size, []
    if lost := size - int(np.count_nonzero(found.converged)):
        said.append(f"{lost} of {size} samples did not converge and do not count")
    on_bound = (found.x <= problem.lower + ON_BOUND) | (found.x >= problem.upper - ON_BOUND)
    counts = np.count_nonzero(on_bound & found.converged[:, None], axis=0)
    for name, count, fixed in zip(problem.names, counts, problem.fixed, strict=True):
        if count and not fixed:
            said.append(f"{name} rests on a bound in {count} of {size} samples")
    return said

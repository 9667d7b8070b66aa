"""How a fit scatters when its data are drawn again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from eisfit.cell.roles import role_of
from eisfit.cell.templates import Template
from eisfit.circuit.arc import dc_resistance
from eisfit.circuit.circuit import Node, Placed
from eisfit.errors import FitError
from eisfit.results.fit import Fit
from eisfit.tools.frozen import Bools, Complexes, Floats, Value, frozen_array

if TYPE_CHECKING:
    from eisfit.engine.levenberg_marquardt import Solution
    from eisfit.engine.problem import Problem
    from eisfit.engine.weights import Weights
    from eisfit.reporting.estimate import Resumed

Kind: TypeAlias = Literal["parametric", "residual"]
KINDS = ("parametric", "residual")
_ON_BOUND = 1e-9
_NEGLIGIBLE = 1e-30  # stands for the parameters of a part that is not there


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
        Their values in their units; nan for parts that are not seen.
    contributions : tuple of str
        Those that have a resistance in the fit.
    resistances : ndarray, shape (samples, C)
        Their resistances in ohm.
    at_rest : ndarray of bool, shape (samples,)
        Which fits came to rest; only these count.
    remarks : tuple of str
        How many did not, and which parameters rest on a bound how often.
    """

    kind: Kind
    names: tuple[str, ...]
    samples: Floats
    contributions: tuple[str, ...]
    resistances: Floats
    at_rest: Bools
    remarks: tuple[str, ...]

    def column(self, name: str) -> Floats:
        """Return the values of a parameter, or the resistances of a contribution, of the fits at rest.

        Raises
        ------
        KeyError
            If there is none of that name; the message lists those there are.
        """
        if name in self.names:
            return np.asarray(self.samples[self.at_rest, self.names.index(name)])
        if name in self.contributions:
            return np.asarray(self.resistances[self.at_rest, self.contributions.index(name)])
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
        Noise of the estimated size added to the model, or the residuals of the fit dealt out anew.
    samples : int
        How many, 2 or more.
    seed : int
        Of the draw; equal seeds give equal results.
    weights : array_like, shape (n,), optional
        The standard deviations in ohm, where they were given to the fit.

    Raises
    ------
    FitError
        If the kind is not known, there are fewer than two samples, the fit failed, its standard deviations are
        missing, it has as many parameters as numbers, or hardly a sample came to rest.

    Notes
    -----
    The noise is normal, under the loss ``student_t`` Student's. Residuals are dealt out point by point, Re and
    Im together, in units of their weights, centred, and widened by sqrt(n / (n - p)). All samples are solved as
    one batch, with the fit's own loss. Parts that are not seen stay away.

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
    from eisfit.reporting.estimate import resumed

    if kind not in KINDS:
        raise FitError(f"unknown kind {kind!r} of bootstrap; known: {', '.join(KINDS)}")
    if samples < 2:
        raise FitError(f"{samples} samples have no scatter: take 2 or more")
    again = resumed(fit, weights)
    if not np.isfinite(again.confidence.variance[0]):
        raise FitError(
            f"{fit.label}: as many parameters as numbers leave no noise to draw: take a smaller circuit"
        )
    draw = _parametric if kind == "parametric" else _residual
    z = draw(fit, again, np.random.default_rng(seed), samples)
    problem = _posed(again, z)
    found = _solved(problem, fit.loss, np.repeat(again.x, samples, axis=0))
    if np.count_nonzero(found.converged) < 2:
        raise FitError(f"{fit.label}: hardly a sample came to rest; take a smaller circuit")
    values = np.exp(found.x)
    for k, parameter in enumerate(fit.parameters):
        if problem.fixed[k]:
            values[:, k] = parameter.value
    names, resistances = _resistances(fit, values)
    return Bootstrap(
        kind=kind,
        names=problem.names,
        samples=frozen_array(values, float),
        contributions=names,
        resistances=frozen_array(resistances, float),
        at_rest=frozen_array(found.converged, bool),
        remarks=tuple(_remarks(problem, found)),
    )


def _parametric(fit: Fit, again: Resumed, rng: np.random.Generator, samples: int) -> Complexes:
    """Return the model with noise, shape (samples, F)."""
    from eisfit.engine.robust_loss import NU

    weight = _halves(again.plain.weight[0])
    noise = rng.standard_normal((samples, *weight.shape))
    if fit.loss == "student_t":
        noise *= np.sqrt(NU / rng.chisquare(NU, (samples, 1, weight.shape[1])))
    return _with_noise(fit, noise * float(np.sqrt(again.confidence.variance[0])), weight)


def _residual(fit: Fit, again: Resumed, rng: np.random.Generator, samples: int) -> Complexes:
    """Return the model with the residuals of other points, shape (samples, F)."""
    weight = _halves(again.plain.weight[0])
    residual = -_halves(again.plain.residual(again.x, np.arange(1))[0])
    used = np.flatnonzero(weight[0] > 0)
    centre = np.average(residual[:, used], axis=1, weights=fit.point_weights[used], keepdims=True)
    pool = residual[:, used] - centre
    numbers = 2 * used.size
    pool *= np.sqrt(numbers / max(numbers - int(again.confidence.free[0].sum()), 1))
    noise = pool[:, rng.integers(used.size, size=(samples, weight.shape[1]))]
    return _with_noise(fit, noise.transpose(1, 0, 2), weight)


def _halves(numbers: Floats) -> Floats:
    """Return the real and the imaginary parts as two rows."""
    return numbers.reshape(2, -1)


def _with_noise(fit: Fit, noise: Floats, weight: Floats) -> Complexes:
    """Return the model with weighted noise (samples, 2, F) added to the points that take part."""
    ohm = np.where(weight > 0, noise / np.where(weight > 0, weight, 1.0), 0.0)
    return np.asarray(fit.impedance() + ohm[:, 0] + 1j * ohm[:, 1])


def _posed(again: Resumed, z: Complexes) -> Problem:
    """Return the problem of fitting all samples, with the weights of the data."""
    plain, size = again.plain, z.shape[0]
    absent = again.absent[0]
    lower, upper = (np.where(absent, again.x, bound) for bound in (plain.lower, plain.upper))
    return replace(
        plain,
        z_ohm=z,
        weight=np.repeat(plain.weight, size, axis=0),
        lower=np.repeat(lower, size, axis=0),
        upper=np.repeat(upper, size, axis=0),
        fixed=plain.fixed | absent,
        soft=(),
    )


def _solved(problem: Problem, loss: str, start: Floats) -> Solution:
    from eisfit.engine.robust_loss import reweighted
    from eisfit.engine.solver import solve

    if loss == "linear":
        return solve(problem, start, np.arange(problem.size))
    return reweighted(problem, loss, start)[1]


def _resistances(fit: Fit, values: Floats) -> tuple[tuple[str, ...], Floats]:
    """Return the names of the contributions that have a value, and their resistances (samples, C)."""
    fitted = np.nan_to_num(np.array([[p.value for p in fit.parameters]]), nan=_NEGLIGIBLE)
    found: dict[str, Floats] = {}
    for row in fit.contributions:
        if np.isfinite(row.resistance_ohm) and row.name not in found:
            # where an arc is not seen, the value is an average over what it could be, near that of the parts
            off = [
                abs(_sum(nodes, fitted)[0] / row.resistance_ohm - 1)
                for nodes in _parts(fit.template, row.name)
            ]
            found[row.name] = _sum(_parts(fit.template, row.name)[int(np.argmin(off))], values)
    columns = np.array(list(found.values())).reshape(len(found), values.shape[0])
    return tuple(found), columns.T


def _parts(template: Template, name: str) -> list[list[tuple[int, Node]]]:
    """Return what a contribution of this name may consist of: parts of the circuit, each with its count."""
    names = set(name.split(" + "))
    whole = [s for s in template.path if set(s.segment.name.split(" + ")) <= names]
    with_electrode = [s for s in template.path if s in whole or role_of(s.segment.role).joined_with_electrode]
    split = [s for s in template.path if role_of(s.segment.role).part_of_interface]
    walls = [
        (s.count, s.node.wall)
        for s in template.path
        if isinstance(s.node, Placed) and s.node.wall is not None
    ]
    return [*([(s.count, s.node) for s in parts] for parts in (whole, with_electrode, split)), walls]


def _sum(parts: Sequence[tuple[int, Node]], values: Floats) -> Floats:
    total = np.zeros(values.shape[0])
    for count, node in parts:
        total += count * dc_resistance(node, values)[0]
    return total


def _remarks(problem: Problem, found: Solution) -> list[str]:
    size, said = problem.size, []
    if lost := size - int(np.count_nonzero(found.converged)):
        said.append(f"{lost} of {size} samples did not come to rest and do not count")
    on_bound = (found.x <= problem.lower + _ON_BOUND) | (found.x >= problem.upper - _ON_BOUND)
    counts = np.count_nonzero(on_bound & found.converged[:, None], axis=0)
    for name, count, fixed in zip(problem.names, counts, problem.fixed, strict=True):
        if count and not fixed:
            said.append(f"{name} rests on a bound in {count} of {size} samples")
    return said

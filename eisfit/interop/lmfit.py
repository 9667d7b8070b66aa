"""The same problem through lmfit: Parameters in and out, a Minimizer over our residual and Jacobian."""

from __future__ import annotations

import importlib.util
import math
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import lmfit
import numpy as np
import numpy.typing as npt

from eisfit.cell.find import resolve_template
from eisfit.cell.segments import Setting
from eisfit.cell.templates import Template, check_settings
from eisfit.engine.posing import pose
from eisfit.engine.problem import Problem
from eisfit.errors import FitError
from eisfit.options import Weights
from eisfit.results.fit import NEGLIGIBLE, Fit
from eisfit.search.assignment import fastest_first
from eisfit.search.minima import minima_from_data
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.frozen import Complexes, Floats
from eisfit.tools.statistics import chi2_reduced_limit_95

TOLERANCE = 1e-13  # of cost, step and gradient
ON_BOUND = 1e-6  # distance of a logarithm from its bound, which an interior method never quite reaches
_STEP = 1e-5  # of a free variable, in the derivative of constraint expressions
_LOG = "ln_"  # name of a logarithm: this and the name of the parameter
_LOG_NOISE = "__lnsigma"  # what lmfit calls the logarithm of the noise level


def parameters(source: Template | Fit) -> lmfit.Parameters:
    """Return the parameters of a template or a fit for lmfit, in their units.

    Parameters
    ----------
    source : Template or Fit
        A template gives its starts, fixed values and ranges; a fit its values and standard errors as well.

    Returns
    -------
    lmfit.Parameters
        A value of 0 stands for a start that is to be found from the data; a standard error of None for one
        that is not known.

    Examples
    --------
    >>> from eisfit.templates import Template
    >>> made = parameters(Template.from_circuit("R0-p(R1,CPE1)"))
    >>> made["CPE1_alpha"].max
    1.0
    """
    template = source if isinstance(source, Template) else source.template
    fitted = {} if isinstance(source, Template) else {p.name: p for p in source.parameters}
    made = lmfit.Parameters()
    for p in template.circuit.parameters:
        setting = template.settings.get(p.name, Setting())
        high = p.quantity.upper if setting.high is None else setting.high
        value, vary, stderr = setting.fixed or setting.start or 0.0, setting.fixed is None, math.nan
        if p.name in fitted:
            value, stderr = fitted[p.name].value, fitted[p.name].stderr
            if math.isnan(value):  # a part that the data do not show
                value, vary = NEGLIGIBLE, False
        low = min(setting.low or 0.0, value)
        made.add(p.name, value=value, min=low, max=max(high, value), vary=vary)
        made[p.name].stderr = None if math.isnan(stderr) else stderr
    return made


def with_parameters(template: Template, params: lmfit.Parameters) -> Template:
    """Return a template with the starts, fixed values and ranges of lmfit parameters instead of its own.

    Parameters
    ----------
    template : Template
        With its configuration chosen.
    params : lmfit.Parameters
        One for each parameter of the circuit.

    Raises
    ------
    FitError
        If one is missing, or is given by an expression, which a template cannot hold.
    """
    for name in template.circuit.names:
        if name in params and params[name].expr:
            raise FitError(
                f"{name} = {params[name].expr}: a template holds no expressions; fit with fit_lmfit"
            )
    return _settled(template, params)


def _settled(template: Template, params: lmfit.Parameters) -> Template:
    settings = {}
    for p in template.circuit.parameters:
        if p.name not in params:
            known = ", ".join(params)
            raise FitError(f"params: {p.name!r} is missing; given are {known or 'none'}")
        given = params[p.name]
        if given.expr:
            continue
        low = given.min if given.min > 0 else None
        high = given.max if given.max < p.quantity.upper else None
        if not given.vary:
            settings[p.name] = Setting(fixed=float(given.value))
        else:
            start = float(given.value) if _is_start(given) else None
            settings[p.name] = Setting(start=start, low=low, high=high)
    changed = replace(template, settings=MappingProxyType(settings))
    check_settings(changed)
    return changed


def _is_start(parameter: lmfit.Parameter) -> bool:
    return math.isfinite(parameter.value) and parameter.value > 0


@dataclass(frozen=True, eq=False)
class LmfitFit:
    """What lmfit found.

    Parameters
    ----------
    spectrum : Spectrum
        What was fitted.
    template : Template
        As it was fitted, with the settings of the parameters.
    params : lmfit.Parameters
        In their units, as they were given, with the values found. The standard error is None where it is
        not known: of what is fixed or rests on a bound.
    cost : float
        Half the sum of squares.
    covariance_log : ndarray, shape (P, P)
        Of the natural logarithms of the circuit's parameters; nan where not known.
    result : lmfit.minimizer.MinimizerResult
        Of lmfit itself; its variables are the logarithms, named ``ln_<parameter>``.
    minimizer : lmfit.Minimizer
        For further use of lmfit.
    absolute : bool
        Whether the weights were standard deviations.
    """

    spectrum: Spectrum
    template: Template
    params: lmfit.Parameters
    cost: float
    covariance_log: Floats
    result: lmfit.minimizer.MinimizerResult
    minimizer: lmfit.Minimizer
    absolute: bool

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the parameters of the circuit."""
        return self.template.circuit.names

    @property
    def values(self) -> dict[str, float]:
        """Values by name, in their units."""
        return {name: float(self.params[name].value) for name in self.names}

    @property
    def stderr(self) -> dict[str, float]:
        """Standard errors by name, in their units; nan where not known."""
        sigma = np.sqrt(np.diagonal(self.covariance_log))
        return {name: value * float(s) for (name, value), s in zip(self.values.items(), sigma, strict=True)}

    @property
    def converged(self) -> bool:
        """Whether lmfit stopped by itself."""
        return bool(self.result.success)

    def impedance(self, frequency_hz: npt.ArrayLike | None = None) -> Complexes:
        """Return the model impedance in ohm, at the frequencies of the spectrum if none are given."""
        f = self.spectrum.frequency_hz if frequency_hz is None else frequency_hz
        return self.template.circuit.impedance(f, self.values)

    def conf_interval(
        self, names: Sequence[str] | None = None, sigmas: Sequence[float] = (1.0, 1.959963984540054)
    ) -> dict[str, list[tuple[float, float]]]:
        """Return profile intervals by the F-test of lmfit.

        Parameters
        ----------
        names : sequence of str, optional
            Free parameters; all that have a standard error if not given.
        sigmas : sequence of float
            Widths in standard deviations of a normal distribution.

        Returns
        -------
        dict
            By name, (probability, value) from the lowest to the highest end; 0 or infinite where the profile
            does not rise so far within the bounds.

        Raises
        ------
        FitError
            If a parameter is not free or rests on a bound.
        """
        free = [n for n in self.params if (_LOG + n) in self.result.var_names and self.params[n].stderr]
        for name in names or ():
            if name not in free:
                raise FitError(f"{name!r} has no interval: it is not free or rests on a bound; free: {free}")
        with _quiet():
            found = lmfit.conf_interval(
                self.minimizer,
                self.result,
                p_names=[_LOG + name for name in names or free],
                sigmas=list(sigmas),
            )
        return {
            name.removeprefix(_LOG): [(float(p), math.exp(v)) for p, v in ends]
            for name, ends in found.items()
        }

    def emcee(self, *, steps: int = 1000, seed: int = 0, **options: Any) -> dict[str, Floats]:
        """Return samples of the posterior, drawn by emcee through lmfit.

        Parameters
        ----------
        steps : int
            Of each walker.
        seed : int
            Of the draws.
        **options
            For ``lmfit.Minimizer.emcee``: ``nwalkers``, ``burn``, ``thin``, ``workers`` and others.

        Returns
        -------
        dict
            Samples by name in units of the circuit's parameters. The prior is uniform in the logarithms
            within their bounds; the noise level is sampled too unless the weights are standard deviations.

        Raises
        ------
        FitError
            If the package emcee is not installed.
        """
        if importlib.util.find_spec("emcee") is None:
            raise FitError("sampling needs the package emcee, which is not installed: pip install emcee")
        start = self.result.params.copy()
        if not self.absolute:
            scatter = math.sqrt(max(2 * self.cost / self.result.residual.size, 1e-300))
            start.add(_LOG_NOISE, value=math.log(scatter))
        free = {name: p for name, p in start.items() if p.vary}
        walkers = int(options.setdefault("nwalkers", 4 * len(free)))
        drawn = np.random.default_rng(seed).standard_normal((walkers, len(free)))
        position = np.column_stack(
            [
                np.clip(p.value + (p.stderr or 1e-2) * drawn[:, k], p.min, p.max)
                for k, p in enumerate(free.values())
            ]
        )
        options = {"is_weighted": self.absolute, "progress": False, "pos": position, **options}
        with _quiet():
            chain = self.minimizer.emcee(start, steps=steps, seed=seed, **options).flatchain
        tied = [name for name in self.names if self.params[name].expr]
        if not tied:
            known = {name: chain[_LOG + name] for name in self.names if _LOG + name in chain}
            still = np.ones(len(chain))
            return {
                name: np.exp(np.asarray(known[name])) if name in known else value * still
                for name, value in self.values.items()
            }
        samples = []
        for _, row in chain.iterrows():
            for name in self.result.var_names:
                start[name].value = float(row[name])
            start.update_constraints()
            samples.append([start[name].value for name in self.names])
        return dict(zip(self.names, np.array(samples).T, strict=True))


def fit_lmfit(
    spectrum: Spectrum,
    template: str | Path | Template,
    params: lmfit.Parameters | None = None,
    *,
    weights: Weights = "modulus",
    seed: int = 0,
) -> LmfitFit:
    """Fit one spectrum through lmfit; its parameters may be tied by expressions.

    Parameters
    ----------
    spectrum : Spectrum
        Its masked points take no part.
    template : str, Path or Template
        A template, its name or path, or a circuit string.
    params : lmfit.Parameters, optional
        As made by `parameters`, then changed: values, ranges, ``vary``, ``expr``. It may hold further
        parameters that expressions name. It is not changed here.
    weights, seed
        As in `eisfit.fit`.

    Returns
    -------
    LmfitFit
        Values, errors, and lmfit's own result.

    Raises
    ------
    FitError
        If a parameter is missing, or a further one has no start.

    Notes
    -----
    The variables are logarithms and the derivatives exact: with the absolute finite differences that lmfit
    and scipy take by default, capacitances of picofarads come out wrong by factors. The trust-region
    reflective method of scipy keeps within the bounds.

    Source: Branch, Coleman & Li, SIAM J. Sci. Comput. 21 (1999) 1, doi 10.1137/S1064827595289108.

    Examples
    --------
    >>> import numpy as np
    >>> import eisfit
    >>> from eisfit.lmfit_solver import fit_lmfit, parameters
    >>> circuit = eisfit.Template.from_circuit("R0-p(R1,C1)-p(R2,C2)")
    >>> f = np.logspace(6, 0, 61)
    >>> z = circuit.circuit.impedance(f, [20.0, 100.0, 1e-8, 200.0, 1e-6])
    >>> tied = parameters(circuit)
    >>> tied["R2"].expr = "2 * R1"
    >>> round(fit_lmfit(eisfit.Spectrum(f, z), circuit, tied).values["R2"], 6)
    200.0
    """
    resolved = resolve_template(template, [spectrum])
    given = parameters(resolved) if params is None else params
    resolved = _settled(resolved, given)
    problem = pose([spectrum], resolved, weights)
    inner = _logarithms(problem, given, seed)
    bridge = _Bridge(problem, tuple(name for name in problem.names if given[name].expr))
    minimizer = _Bounded(bridge.residual, inner, nan_policy="propagate", Dfun=bridge.jacobian)
    with _quiet():
        result = minimizer.least_squares()
    cost = 0.5 * float(np.sum(result.residual**2))
    covariance = _add_errors(bridge, result, cost)
    found = given.copy()
    for name in found:
        found[name].value = result.params[name].value
    for k, name in enumerate(problem.names):
        error = covariance[k, k]
        found[name].stderr = None if math.isnan(error) else abs(found[name].value) * math.sqrt(error)
    return LmfitFit(spectrum, resolved, found, cost, covariance, result, minimizer, problem.absolute)


class _Bounded(lmfit.Minimizer):  # type: ignore[misc]
    """A Minimizer that keeps bounds by a trust region throughout, also within `lmfit.conf_interval`."""

    def least_squares(self, params: Any = None, max_nfev: int | None = None, **options: Any) -> Any:
        tight = {"ftol": TOLERANCE, "xtol": TOLERANCE, "gtol": TOLERANCE, "x_scale": "jac"}
        return super().least_squares(params, max_nfev, **{**tight, **options})

    def leastsq(self, params: Any = None, max_nfev: int | None = None, **options: Any) -> Any:
        return self.least_squares(params, max_nfev, **options)


@dataclass(frozen=True)
class _Bridge:
    """Our residual and Jacobian, seen by lmfit."""

    problem: Problem
    tied: tuple[str, ...]

    def logs(self, params: lmfit.Parameters) -> Floats:
        """Return ln p of the circuit's parameters; nan where an expression is not positive."""
        values = []
        for name in self.problem.names:
            if _LOG + name in params:
                values.append(params[_LOG + name].value)
            else:
                value = params[name].value
                values.append(math.log(value) if value > 0 else math.nan)
        return np.array(values, float)

    def residual(self, params: lmfit.Parameters) -> Floats:
        return np.asarray(self.problem.residual(self.logs(params)[None], np.array([0]))[0])

    def chain(self, params: lmfit.Parameters) -> Floats:
        """Return d(ln p)/d(variable), shape (P, V)."""
        variables = [name for name, p in params.items() if p.vary]
        names = self.problem.names
        slopes = np.zeros((len(names), len(variables)))
        for j, variable in enumerate(variables):
            if variable.removeprefix(_LOG) in names:
                slopes[names.index(variable.removeprefix(_LOG)), j] = 1.0
        if not self.tied:
            return slopes
        rows = [names.index(name) for name in self.tied]
        for j, variable in enumerate(variables):
            centre = params[variable].value
            step = _STEP * (1.0 if variable.startswith(_LOG) else max(abs(centre), 1e-12))
            low, high = max(centre - step, params[variable].min), min(centre + step, params[variable].max)
            ends = []
            for value in (low, high):
                params[variable].value = value
                params.update_constraints()
                ends.append(self.logs(params)[rows])
            params[variable].value = centre
            slopes[rows, j] = (ends[1] - ends[0]) / (high - low)
        params.update_constraints()
        return slopes

    def jacobian(self, params: lmfit.Parameters) -> Floats:
        x = self.logs(params)[None]
        slopes = self.problem.residual_and_jacobian(x, np.array([0]))[1][0]
        return np.asarray(slopes.T @ self.chain(params))


def _in_order(problem: Problem, x: Floats) -> Floats:
    """Return starts with equal arcs of a bare circuit in order of their time constants, where the bounds allow."""
    template = problem.template
    if not template.is_circuit:
        return x
    ordered = fastest_first(replace(template, settings={}), x)
    inside = np.all((ordered >= problem.lower) & (ordered <= problem.upper), axis=1, keepdims=True)
    return np.where(inside, ordered, x)


def _logarithms(problem: Problem, given: lmfit.Parameters, seed: int) -> lmfit.Parameters:
    """Return parameters whose variables are logarithms, from which all others follow by expressions."""
    found = None
    if any(given[n].vary and not given[n].expr and not _is_start(given[n]) for n in problem.names):
        found = _in_order(problem, minima_from_data(problem, seed=seed).x[:, 0])[0]
    inner = lmfit.Parameters()
    ties: list[lmfit.Parameter] = []
    for k, name in enumerate(problem.names):
        p = given[name]
        if p.expr:
            ties.append(p)
        elif p.vary:
            x = math.log(p.value) if found is None or _is_start(p) else float(found[k])
            low, high = float(problem.lower[0, k]), float(problem.upper[0, k])
            inner.add(_LOG + name, value=min(max(x, low), high), min=low, max=high)
            inner.add(name, expr=f"exp({_LOG}{name})")
        else:
            inner.add(_LOG + name, value=math.log(p.value), vary=False)
            inner.add(name, value=p.value, vary=False)
    for name in given:
        p = given[name]
        if name in problem.names:
            continue
        if p.expr:
            ties.append(p)
        elif p.vary and p.min >= 0:
            if not _is_start(p):
                raise FitError(f"params: {name!r} is no parameter of the circuit; give it a start above 0")
            low, high = (
                math.log(b) if 0 < b < math.inf else s * math.inf for b, s in ((p.min, -1), (p.max, 1))
            )
            inner.add(_LOG + name, value=math.log(p.value), min=low, max=high)
            inner.add(name, expr=f"exp({_LOG}{name})")
        else:
            inner.add(name, value=p.value, min=p.min, max=p.max, vary=p.vary)
    for p in ties:  # last, because what an expression names must be there
        inner.add(p.name, value=1.0)
    for p in ties:
        inner[p.name].expr = p.expr
    return inner


def _add_errors(bridge: _Bridge, result: lmfit.minimizer.MinimizerResult, cost: float) -> Floats:
    """Set the standard errors of the result from the exact Jacobian; return the covariance of all ln p."""
    problem, params = bridge.problem, result.params
    chain = bridge.chain(params)
    slopes = problem.residual_and_jacobian(bridge.logs(params)[None], np.array([0]))[1][0].T @ chain
    variables = [name for name, p in params.items() if p.vary]
    inside = np.array([
        params[v].min + ON_BOUND < params[v].value < params[v].max - ON_BOUND for v in variables
    ], bool)  # fmt: skip
    freedom = int(problem.residuals_used[0]) - int(inside.sum())
    variance = 2 * cost / freedom if freedom > 0 else math.nan
    if problem.absolute and not variance > float(chi2_reduced_limit_95(np.array(freedom))):
        variance = 1.0
    covariance = np.full((len(variables), len(variables)), np.nan)
    if inside.any():
        normal = slopes[:, inside].T @ slopes[:, inside]
        root = 1 / np.sqrt(np.maximum(np.diagonal(normal), 1e-300))
        inverse = np.linalg.pinv(normal * root[:, None] * root, rcond=1e-15, hermitian=True)
        covariance[np.ix_(inside, inside)] = inverse * root[:, None] * root * variance
    for p in params.values():
        p.stderr = None
    for j, name in enumerate(variables):
        params[name].stderr = None if np.isnan(covariance[j, j]) else float(np.sqrt(covariance[j, j]))
    known = chain[:, inside] @ covariance[np.ix_(inside, inside)] @ chain[:, inside].T
    rests = (chain[:, ~inside] != 0).any(axis=1) | ~(chain != 0).any(axis=1)
    known[rests] = known[:, rests] = np.nan
    return np.asarray(known)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep back what lmfit warns of: errors that it cannot form, and which are formed here."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield

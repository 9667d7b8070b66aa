"""Fit a spectrum through lmfit."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import fields, replace
from pathlib import Path

import lmfit
import numpy as np

from eisfit.cell.find import resolve_template
from eisfit.cell.known_values import of_one_spectrum, with_known_values
from eisfit.cell.templates import Template
from eisfit.engine.levenberg_marquardt import Solution
from eisfit.engine.posing import pose
from eisfit.engine.problem import Problem
from eisfit.engine.robust_loss import Reweighting, reweighted
from eisfit.interop.lmfit_fit import LmfitFit
from eisfit.interop.lmfit_minimizer import Minimised, add_errors, minimised
from eisfit.interop.lmfit_parameters import parameters, settled, tie_of, with_parameters
from eisfit.interop.lmfit_variables import logarithms, started
from eisfit.options import FitOptions, Weights
from eisfit.reporting.estimate import Estimate
from eisfit.reporting.fit_report import fits_of
from eisfit.results.fit import Fit
from eisfit.spectrum.given import one_spectrum
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.frozen import Floats, Ints
from eisfit.uncertainty.covariance import covariance_of
from eisfit.uncertainty.detection import Detected

__all__ = ["LmfitFit", "fit_lmfit", "parameters", "with_parameters"]


def fit_lmfit(
    spectrum: Spectrum,
    template: str | Path | Template,
    params: lmfit.Parameters | None = None,
    *,
    weights: Weights = "modulus",
    loss: str = "linear",
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
    weights, loss, seed
        As in `eisfit.fit`.

    Returns
    -------
    LmfitFit
        A fit like any other, with lmfit's own result beside it. No segment is removed from it, even if the data
        do not show it, and arcs stay arcs.

    Raises
    ------
    FitError
        If a parameter is missing, or a further one has no start.

    Notes
    -----
    The variables are logarithms and the derivatives exact: with the absolute finite differences that lmfit
    and scipy take by default, capacitances of picofarads come out wrong by factors. The trust-region
    reflective method of scipy keeps within the bounds. A tie, a factor times one other parameter, also stands in the
    template of the fit; other expressions stand in lmfit alone. Under a robust loss lmfit solves each round of
    reweighting; its own result is that of the last round. One-sided limits of what the data hardly determine do
    not know the expressions.

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
    spectrum = one_spectrum(spectrum, "fit_lmfit")
    options = FitOptions(weights, loss, seed)
    known = resolve_template(template, [spectrum])
    resolved = of_one_spectrum(with_known_values(known, [spectrum]), spectrum.conditions.fixed)
    given = parameters(resolved) if params is None else params
    plain = pose([spectrum], settled(resolved, given), options.weights)
    made, reweighting = _minimised(plain, logarithms(plain, given, seed), loss)
    covariance = add_errors(made)
    (fit,) = fits_of(_estimate(plain, made, reweighting, covariance), [spectrum], options)
    found = given.copy()
    for name in found:
        found[name].value = made.result.params[name].value
    for k, name in enumerate(plain.names):
        error = covariance[k, k]
        found[name].stderr = None if math.isnan(error) else abs(found[name].value) * math.sqrt(error)
    parts = {f.name: getattr(fit, f.name) for f in fields(Fit)} | {
        "parameters": tuple(replace(p, value=float(found[p.name].value)) for p in fit.parameters),
        "remarks": (*fit.remarks, *_expressions(found, plain.names)),
    }
    return LmfitFit(**parts, params=found, cost=made.cost, result=made.result, minimizer=made.minimizer)


def _minimised(
    plain: Problem, variables: lmfit.Parameters, loss: str
) -> tuple[Minimised, Reweighting | None]:
    """Solve a problem with lmfit; under a robust loss until the weights of the points have settled."""
    first = minimised(plain, variables)
    if loss == "linear":
        return first, None

    def again(problem: Problem, start: Floats, rows: Ints, **_: object) -> Solution:
        return minimised(problem, started(first.result.params, plain.names, start[0])).solution

    reweighting, solution = reweighted(plain, loss, first.solution.x, again)
    problem = reweighting.applied(plain)
    return minimised(problem, started(first.result.params, plain.names, solution.x[0])), reweighting


def _estimate(
    plain: Problem, made: Minimised, reweighting: Reweighting | None, covariance: Floats
) -> Estimate:
    """Return what lmfit has found as an estimate: no segment is removed, and the covariance is that of lmfit."""
    problem, solution = made.problem, made.solution
    near = made.near_bound()
    lower, upper = problem.lower[0], problem.upper[0]
    x = np.where(near, np.where(solution.x - lower < upper - solution.x, lower, upper), solution.x)
    known = np.isfinite(np.diagonal(covariance))
    confidence = replace(
        covariance_of(problem, x, solution.cost),
        covariance_log=covariance[None],
        free=known[None],
        on_bound=near[None],
        variance=np.array([made.variance]),
        chi2_reduced=np.array([made.chi2_reduced]),
        variables=np.array([made.inside.sum()]) if made.bridge.tied else None,
    )
    nothing = np.zeros((1, len(problem.template.path)), bool)
    held, yes = np.zeros(x.shape, bool), np.ones(1, bool)
    detected = Detected(x, solution.cost, nothing, held, frozenset(), confidence, yes)
    return Estimate(plain, solution, detected, reweighting, problem)


def _expressions(found: lmfit.Parameters, names: Sequence[str]) -> list[str]:
    """Return sentences of the expressions that the template of a fit does not hold."""
    return [
        f"{name} = {p.expr}: tied in lmfit, and nowhere else"
        for name, p in found.items()
        if p.expr and (name not in names or tie_of(p.expr, names) is None)
    ]

"""Turn estimates into fits: parameters, contributions, statistics, outcome and its likely cause."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from eisfit.cell.equal_arcs import equal_arcs
from eisfit.cell.geometry import missing_thicknesses
from eisfit.cell.known_values import of_one_spectrum
from eisfit.cell.segments import Setting
from eisfit.cell.templates import Template
from eisfit.cell.ties import parse_tie, roots_of
from eisfit.engine.problem import Problem
from eisfit.options import FitOptions
from eisfit.reporting.contributions import contributions
from eisfit.reporting.estimate import Estimate
from eisfit.reporting.misfit import NOISE_FREE_PERCENT, Misfit, misfit, noise_step, residual_parts
from eisfit.reporting.parameters import fitted_parameters
from eisfit.reporting.remarks import (
    NO_AREA,
    far_off_remark,
    kept_order_remark,
    lost_tie_remark,
    misfit_remark,
    no_thickness_remark,
    noise_remark,
    order_remark,
)
from eisfit.results.contribution import Contribution, FittedParameter, Statistics
from eisfit.results.fit import Fit
from eisfit.results.fits import FitColumns
from eisfit.results.outcome import NAN, Outcome
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.frozen import Floats, frozen_array
from eisfit.tools.statistics import residual_noise, runs_probability
from eisfit.uncertainty.at_bounds import one_sided

MUCH_BETTER = (
    0.25  # cost of another order of equal arcs, relative to that of the order kept, from which it is named
)
FAR_OFF = 0.25  # weight of a point below which it is named; of normal noise less than one in a hundred


def fits_of(estimate: Estimate, spectra: Sequence[Spectrum], options: FitOptions) -> list[Fit]:
    """Return the fits of the spectra of an estimate.

    Parameters
    ----------
    estimate : Estimate
        Of N spectra.
    spectra : sequence of Spectrum, length N
        Those of its problem.
    options : FitOptions
        How they were fitted.
    """
    rows = contributions(estimate, [s.conditions for s in spectra])
    limits = one_sided(estimate.problem, estimate.detected)
    residual = estimate.problem.residual(estimate.x, np.arange(estimate.problem.size))
    return [
        _fit(
            estimate,
            i,
            spectrum,
            fitted_parameters(estimate, i, limits, rows[i], spectrum.conditions.fixed),
            rows[i],
            residual[i],
            options,
        )
        for i, spectrum in enumerate(spectra)
    ]


def columns_of(estimate: Estimate) -> FitColumns:
    """Return the numbers of the fits of an estimate, without making them."""
    known, problem = estimate.confidence.known, estimate.problem
    values = np.where(estimate.held, np.nan, problem.values(estimate.x))
    variance = np.diagonal(estimate.confidence.covariance_log, axis1=1, axis2=2)
    stderrs = np.where(known, values * np.sqrt(variance), np.nan)
    return FitColumns(problem.names, values, stderrs, estimate.confidence.chi2_reduced, estimate.converged)


def _fit(
    estimate: Estimate,
    i: int,
    spectrum: Spectrum,
    parameters: tuple[FittedParameter, ...],
    rows: tuple[Contribution, ...],
    residual: Floats,
    options: FitOptions,
) -> Fit:
    statistics = _statistics(estimate, i, spectrum, residual)
    point_weights = _point_weights(estimate, i, spectrum)
    missed = any(row.resolved == "misfit" for row in rows)
    relative = options.loss == "linear" and options.weights_name != "noise"
    plain = relative and statistics.rms_percent > NOISE_FREE_PERCENT
    found = misfit(estimate, i, spectrum, statistics, residual, missed=missed)
    template = of_one_spectrum(estimate.problem.template, spectrum.conditions.fixed)
    step = noise_step(estimate.problem, i, spectrum, residual) if plain else None
    return Fit(
        spectrum=spectrum,
        template=template,
        parameters=parameters,
        covariance_log=frozen_array(estimate.confidence.covariance_log[i], float),
        contributions=rows,
        outcome=_outcome(parameters, rows, found, converged=bool(estimate.converged[i])),
        remarks=(
            *_far_off(spectrum, point_weights, options.loss),
            *_order(estimate, i),
            *_lost_ties(estimate.problem.template),
            *([misfit_remark(found)] if found else [noise_remark(step)] if step else []),
            *_geometry(estimate.problem, spectrum, rows),
        ),
        statistics=statistics,
        options=options,
        point_weights=frozen_array(point_weights, float),
    )


def _outcome(
    parameters: Sequence[FittedParameter],
    rows: Sequence[Contribution],
    found: Misfit | None,
    *,
    converged: bool,
) -> Outcome:
    """Return how a fit ended; of several outcomes the one furthest down the list of `Outcome`."""
    outcome = Outcome.GOOD
    if any(p.state in ("lower bound", "upper bound") for p in parameters):
        outcome = Outcome.AT_BOUND
    if any(row.cause == "not separable" for row in rows):
        outcome = Outcome.NOT_SEPARABLE
    if any(row.cause == "another minimum" for row in rows):
        outcome = Outcome.AMBIGUOUS
    if any(row.rivals for row in rows):
        outcome = Outcome.UNDECIDED
    if any(row.unexpected or row.role == "unassigned" for row in rows):
        outcome = Outcome.UNEXPECTED
    if found is not None:
        outcome = Outcome.MISFIT
    return outcome if converged else Outcome.NOT_CONVERGED


def _geometry(problem: Problem, spectrum: Spectrum, rows: Sequence[Contribution]) -> list[str]:
    """Return what a missing area or thickness means for the rows."""
    if rows and spectrum.conditions.area_cm2 is None and not problem.template.is_circuit:
        return [NO_AREA]
    missing = missing_thicknesses(problem.template, spectrum.conditions)
    return [no_thickness_remark(missing)] if missing else []


def _point_weights(estimate: Estimate, i: int, spectrum: Spectrum) -> Floats:
    """Return the weights of the points of a spectrum."""
    if estimate.reweighting is None:
        return np.where(spectrum.used, 1.0, 0.0)
    return estimate.reweighting.point_weight[i, : len(spectrum)]


def _far_off(spectrum: Spectrum, point_weights: Floats, loss: str) -> list[str]:
    """Name the points that a robust loss finds far off."""
    far = np.sort(spectrum.frequency_hz[spectrum.used & (point_weights < FAR_OFF)])
    return [far_off_remark(far, int(spectrum.used.sum()), loss)] if far.size else []


def _order(estimate: Estimate, i: int) -> list[str]:
    """Say where equal arcs of a circuit are not in the order of their time constants, or would rather not be."""
    template, x = estimate.problem.template, estimate.x[i]
    if not template.is_circuit or not template.effective_settings:
        return []
    groups = [group for group in equal_arcs(template) if any(group.set_apart)]
    said = [order_remark(*pair) for group in groups if (pair := group.out_of_order(x)) is not None]
    if estimate.otherwise is not None and estimate.otherwise[i] < MUCH_BETTER * estimate.cost[i]:
        said += [kept_order_remark(group.names) for group in groups if not group.sized]
    return said


def _lost_ties(template: Template) -> list[str]:
    """Name the ties to parameters that are not in the fit."""
    settings = (template.asked or template).settings
    if all(setting.tie is None for setting in settings.values()):
        return []
    now, names = template.effective_settings, template.circuit.names
    followed = {parse_tie(setting.tie).name for setting in now.values() if setting.tie is not None}
    lost = []
    for name, tie in roots_of(settings).items():
        left = now.get(name, Setting())
        if name in names and tie.name not in names and name not in followed and not (left.tie or left.fixed):
            lost.append(lost_tie_remark(name, tie.text, tie.name))
    return lost


def _statistics(estimate: Estimate, i: int, spectrum: Spectrum, residual: Floats) -> Statistics:
    problem, confidence = estimate.problem, estimate.confidence
    n, k = float(problem.residuals_used[i]), int(confidence.count[i])
    parts, relative = residual_parts(problem, i, spectrum, residual)
    aic = float(problem.deviance(estimate.cost[i : i + 1], np.array([i]))[0]) + 2 * k
    return Statistics(
        points=int(np.count_nonzero(problem.weight[i])) // 2,
        parameters_free=k,
        chi2_reduced=float(confidence.chi2_reduced[i]),
        rms_percent=100 * float(np.sqrt(np.mean(relative**2))),
        noise_percent=100 * residual_noise(relative),
        runs_p=runs_probability(parts),
        aicc=aic + 2 * k * (k + 1) / (n - k - 1) if n > k + 1 else NAN,
        bic=aic - 2 * k + k * float(np.log(n)),
        condition=float(confidence.condition[i]),
        iterations=int(estimate.solution.iterations[i]),
    )

"""From a solution to what is said of it: parameters, statistics, outcome and its likely cause."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from eisfit.cell.geometry import missing_thicknesses
from eisfit.engine.levenberg_marquardt import Solution
from eisfit.engine.problem import Problem
from eisfit.engine.robust_loss import Reweighting
from eisfit.reporting.contributions import contributions
from eisfit.reporting.misfit import misfit_cause, residual_parts
from eisfit.results.contribution import Contribution, FittedParameter, Statistics
from eisfit.results.fit import Fit
from eisfit.results.fits import FitColumns
from eisfit.results.outcome import NAN, Outcome
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.frozen import Bools, Floats, frozen_array
from eisfit.tools.statistics import residual_noise, runs_probability
from eisfit.uncertainty.at_bounds import one_sided
from eisfit.uncertainty.detection import Detected, detect

PHYSICAL = "a physical limit"  # a bound that no wider range would move
FAR_OFF = 0.25  # weight of a point below which it is named; of normal noise less than one in a hundred
_NAMED = 5  # points that are named one by one


@dataclass(frozen=True)
class Solved:
    """One variant of a template, solved for some spectra.

    Parameters
    ----------
    problem : Problem
        N spectra.
    solution : Solution
        The minimum of each.
    reweighting : Reweighting, optional
        How much each point weighs in the problem, under a robust loss.
    """

    problem: Problem
    solution: Solution
    reweighting: Reweighting | None = None

    @cached_property
    def state(self) -> Detected:
        """The solutions without the parts that are not there, and their confidence."""
        return detect(self.problem, self.solution.x, self.solution.cost)

    def fits(self, spectra: Sequence[Spectrum], weights: str) -> list[Fit]:
        """Return the fits of the spectra, which are those of the problem; `weights` is a name."""
        problem, state = self.problem, self.state
        rows = contributions(problem, state, [s.conditions for s in spectra])
        residual = problem.residual(state.x, np.arange(problem.size))
        return [
            _report(self, i, spectrum, rows[i], residual[i], weights) for i, spectrum in enumerate(spectra)
        ]

    @cached_property
    def one_sided(self) -> dict[tuple[int, int], str]:
        """What is said of parameters on a bound, by (spectrum, parameter)."""
        return one_sided(self.problem, self.state)

    def columns(self) -> FitColumns:
        """Return the numbers of the fits, without making them."""
        state = self.state
        known = state.confidence.known
        values = np.where(state.absent, np.nan, self.problem.values(state.x))
        variance = np.diagonal(state.confidence.covariance_log, axis1=1, axis2=2)
        stderrs = np.where(known, values * np.sqrt(variance), np.nan)
        return FitColumns(self.problem.names, values, stderrs, state.confidence.chi2_reduced, self.at_rest)

    @cached_property
    def at_rest(self) -> Bools:
        """Which solutions came to rest, shape (N,)."""
        reduced = self.state.absent.any(axis=1)
        return np.where(reduced, self.state.at_rest, self.solution.converged)


def _report(
    solved: Solved,
    i: int,
    spectrum: Spectrum,
    rows: tuple[Contribution, ...],
    residual: Floats,
    weights: str,
) -> Fit:
    problem, state = solved.problem, solved.state
    statistics = _statistics(solved, i, spectrum, residual)
    parameters = _parameters(solved, i)
    point_weights, loss = _point_weights(solved, i, spectrum)
    remarks = _far_off(spectrum, point_weights, loss)
    outcome = Outcome.GOOD
    if any(p.outcome.startswith("rests") and PHYSICAL not in p.outcome for p in parameters):
        outcome = Outcome.AT_BOUND
    if any(row.resolved == "sum only" and row.outcome == Outcome.NOT_SEPARABLE.value for row in rows):
        outcome = Outcome.NOT_SEPARABLE
    if any(row.unexpected for row in rows):
        outcome = Outcome.UNEXPECTED
    if (cause := misfit_cause(problem, i, spectrum, statistics, residual)) is not None:
        outcome = Outcome.MISFIT
        remarks.append(cause)
    if not solved.at_rest[i]:
        outcome = Outcome.NOT_CONVERGED
    if rows and spectrum.conditions.area_cm2 is None and not problem.template.is_circuit:
        remarks.append("no area_cm2 given: resistances only")
    elif missing := missing_thicknesses(problem.template, spectrum.conditions):
        remarks.append(f"no {' and '.join(missing)} given: arcs were told apart by capacitances for 1 cm^-1")
    return Fit(
        spectrum=spectrum,
        template=problem.template,
        parameters=parameters,
        covariance_log=frozen_array(state.confidence.covariance_log[i], float),
        contributions=rows,
        outcome=outcome,
        remarks=tuple(remarks),
        statistics=statistics,
        weights=weights,
        loss=loss,
        point_weights=frozen_array(point_weights, float),
    )


def _point_weights(solved: Solved, i: int, spectrum: Spectrum) -> tuple[Floats, str]:
    """Return the weights of the points of a spectrum, and the loss that they follow from."""
    if solved.reweighting is None:
        return np.where(spectrum.used, 1.0, 0.0), "linear"
    return solved.reweighting.point_weight[i, : len(spectrum)], solved.reweighting.loss


def _far_off(spectrum: Spectrum, point_weights: Floats, loss: str) -> list[str]:
    """Name the points that a robust loss finds far off."""
    far = np.sort(spectrum.frequency_hz[spectrum.used & (point_weights < FAR_OFF)])
    if not far.size:
        return []
    places = f"at {', '.join(f'{f:.3g}' for f in far)} Hz"
    if far.size > _NAMED:
        places = f"between {far[0]:.3g} and {far[-1]:.3g} Hz"
    return [f"{far.size} of {int(spectrum.used.sum())} points count less than a quarter ({loss}): {places}"]


def _parameters(solved: Solved, i: int) -> tuple[FittedParameter, ...]:
    problem, state = solved.problem, solved.state
    x, confidence = state.x[i], state.confidence
    values = problem.values(x[None])[0]
    sigma = np.sqrt(np.diagonal(confidence.covariance_log[i]))
    found = []
    for k, p in enumerate(problem.template.circuit.parameters):
        value, text = float(values[k]), ""
        if state.absent[i, k]:
            value, text = NAN, "not seen"
        elif problem.fixed[k]:
            text = "fixed"
        elif confidence.on_bound[i, k]:
            high = x[k] >= problem.upper[i, k] - 1e-9
            bound = float(np.exp(problem.upper[i, k] if high else problem.lower[i, k]))
            text = f"rests on its {'upper' if high else 'lower'} bound {bound:.4g}"
            if high and p.quantity.upper == bound:
                text += f", {PHYSICAL}"
            if not high and p.quantity.resistance == 1 and p.quantity.time == 0:
                text = f"rests at nothing, {PHYSICAL}"
            text += f"; {solved.one_sided[i, k]}"
        error = float(sigma[k]) if not text else NAN
        found.append(FittedParameter(p.name, p.unit, value, value * error, error, text))
    return tuple(found)


def _statistics(solved: Solved, i: int, spectrum: Spectrum, residual: Floats) -> Statistics:
    problem, state = solved.problem, solved.state
    confidence = state.confidence
    n, k = float(problem.residuals_used[i]), int(confidence.free[i].sum())
    parts, relative = residual_parts(problem, i, spectrum, residual)
    aic = float(problem.deviance(state.cost[i : i + 1], np.array([i]))[0]) + 2 * k
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
        iterations=int(solved.solution.iterations[i]),
    )

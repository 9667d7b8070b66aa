"""From a solution to what is said of it: parameters, statistics, outcome and its likely cause."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from eisfit.absence import Simplified, simplified
from eisfit.bounds import one_sided
from eisfit.confidence import residual_noise
from eisfit.contributions import contributions
from eisfit.fitted import Fit, FitColumns
from eisfit.identity import assumes_geometry
from eisfit.outcome import NAN, Contribution, FittedParameter, Outcome, Statistics
from eisfit.problem import Problem
from eisfit.quantiles import chi2_reduced_limit_95, runs_probability
from eisfit.robust import Reweighting
from eisfit.solve import Solution
from eisfit.spectrum import Spectrum
from eisfit.values import Bools, Floats, frozen_array

RUNS_TOO_FEW = 0.01  # probability of so few runs that counts as not random
MISFIT_RATIO = 1.5  # scatter over random noise from which a misfit is said
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
    def state(self) -> Simplified:
        """The solutions without the parts that are not there, and their confidence."""
        return simplified(self.problem, self.solution.x, self.solution.cost)

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
    if (cause := _misfit(problem, i, spectrum, statistics, residual)) is not None:
        outcome = Outcome.MISFIT
        remarks.append(cause)
    if not solved.at_rest[i]:
        outcome = Outcome.NOT_CONVERGED
    faded = [
        row.name
        for row in rows
        if "arc lies above the window" in row.outcome or len(row.role.split(" + ")) > 1
    ]
    if rows and spectrum.conditions.area_cm2 is None and problem.template.segments[0].role:
        remarks.append("no area_cm2 given: resistances only")
    elif not faded and assumes_geometry(problem.template, spectrum.conditions):
        remarks.append("no thickness_cm given: arcs were told apart by capacitances for 1 cm^-1")
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
    parts, relative = _parts(problem, i, spectrum, residual)
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


def _parts(problem: Problem, i: int, spectrum: Spectrum, residual: Floats) -> tuple[Floats, Floats]:
    """Return used residuals ordered by frequency, (2, n): weighted, and relative to |Z|."""
    length = problem.z_ohm.shape[1]
    used = np.flatnonzero(problem.weight[i, :length] > 0)
    order = used[np.argsort(spectrum.frequency_hz[used], kind="stable")]
    weighted = np.stack([residual[order], residual[length + order]])
    weight = np.stack([problem.weight[i, order], problem.weight[i, length + order]])
    return weighted, weighted / weight / np.abs(problem.z_ohm[i, order])


def _misfit(
    problem: Problem,
    i: int,
    spectrum: Spectrum,
    statistics: Statistics,
    residual: Floats,
) -> str | None:
    """Say where data and model disagree, if they do beyond the noise."""
    _, relative = _parts(problem, i, spectrum, residual)
    systematic = statistics.rms_percent > MISFIT_RATIO * statistics.noise_percent
    few_runs = statistics.runs_p < RUNS_TOO_FEW
    freedom = 2 * statistics.points - statistics.parameters_free
    too_large = problem.absolute and statistics.chi2_reduced > float(chi2_reduced_limit_95(np.array(freedom)))
    noise_free = statistics.rms_percent < 1e-6
    if noise_free or not ((systematic and few_runs) or too_large):
        return None
    f = np.sort(spectrum.frequency_hz[spectrum.used])
    smooth = np.abs(_smoothed(relative[0]) + 1j * _smoothed(relative[1]))
    worst = int(np.argmax(smooth))
    place = worst / max(f.size - 1, 1)
    cause = "another arc, or a spread of time constants that one exponent does not describe"
    if place > 0.85:
        cause = "lead inductance or an instrument limit at the high-frequency end (cut with f_max_hz)"
    elif place < 0.15:
        cause = "drift or diffusion at the low-frequency end (cut with f_min_hz)"
    return (
        f"up to {100 * smooth[worst]:.2g} % of |Z| near {f[worst]:.3g} Hz "
        f"(noise {statistics.noise_percent:.2g} %); likely {cause}"
    )


def _smoothed(values: Floats) -> Floats:
    kernel = np.ones(min(3, values.size)) / min(3, values.size)
    result: Floats = np.convolve(values, kernel, mode="same")
    return result

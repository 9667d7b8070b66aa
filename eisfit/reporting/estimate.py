"""Where fits ended, and how well that is known: problem, solution, what was detected, confidence."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from eisfit.assignment.plan import Claim, Placement
from eisfit.circuit.circuit import span
from eisfit.engine.levenberg_marquardt import Solution
from eisfit.engine.posing import pose
from eisfit.engine.problem import Problem
from eisfit.engine.robust_loss import Reweighting, weights_at
from eisfit.errors import FitError
from eisfit.options import Weights
from eisfit.reporting.disagreement import Disagreement, disagreement
from eisfit.results.fit import Fit
from eisfit.results.outcome import Outcome
from eisfit.tools.frozen import Bools, Floats
from eisfit.uncertainty.covariance import Confidence, covariance_of
from eisfit.uncertainty.detection import Detected, detect, with_detected
from eisfit.uncertainty.undetected import Undetected


@dataclass(frozen=True, eq=False)
class Estimate:
    """The fits of N spectra with one template, as the solver left them.

    Parameters
    ----------
    plain : Problem
        With the weights of the noise alone.
    solution : Solution
        Where the solver ended with all segments in the fit.
    detected : Detected
        The solutions without the segments that the data do not support, and their confidence.
    reweighting : Reweighting, optional
        How much each point weighs besides, under a robust loss.
    problem : Problem
        With the weights that were used: `plain`, reweighted.
    placement : Placement, optional
        What was decided about the arcs of a template.
    others : ndarray, shape (N, K, P), optional
        Other minima that the data allow as well; nan where there are fewer.
    otherwise : ndarray, shape (N,), optional
        Lowest cost of a minimum with equal arcs in another order, where that order is kept.
    trials : Undetected, optional
        What undetected segments may be, where that is known already.
    linked : ndarray of bool, shape (P,), optional
        Of spectra that were fitted at once: parameters that other spectra determine too.
    apart : frozenset of str
        Segments that another measurement sets apart from what lies in series with them.
    """

    plain: Problem
    solution: Solution
    detected: Detected
    reweighting: Reweighting | None
    problem: Problem
    placement: Placement | None = None
    others: Floats | None = None
    otherwise: Floats | None = None
    trials: Undetected | None = None
    linked: Bools | None = None
    apart: frozenset[str] = frozenset()

    @classmethod
    def from_solution(
        cls,
        plain: Problem,
        solution: Solution,
        reweighting: Reweighting | None = None,
        placement: Placement | None = None,
    ) -> Estimate:
        """Return the estimate at minima of a problem; segments that the data do not support are removed.

        Parameters
        ----------
        plain : Problem
            N spectra, with the weights of the noise alone.
        solution : Solution
            The minimum of each.
        reweighting : Reweighting, optional
            The weights of the points at which it is the minimum.
        placement : Placement, optional
            What was decided about the arcs; without it, segments are removed one by one.
        """
        problem = plain if reweighting is None else reweighting.applied(plain)
        if placement is None:
            detected = detect(problem, solution.x, solution.cost)
        else:
            detected = with_detected(
                problem,
                solution,
                placement.held,
                placement.sums,
                placement.stray_sigma_f,
                placement.hidden,
                placement.common,
            )
        return cls(plain, solution, detected, reweighting, problem, placement)

    @classmethod
    def from_fit(cls, fit: Fit, weights: Weights | None = None) -> Estimate:
        """Return the estimate behind one fit, made from what the fit holds.

        Parameters
        ----------
        fit : Fit
            Of any origin, also read from a file.
        weights : array_like, shape (n,), optional
            The standard deviations in ohm, where they were given to a fit from a file of version 0.1.0, which does
            not hold them.

        Raises
        ------
        FitError
            If the fit failed, or its standard deviations are not known.
        """
        if fit.outcome is Outcome.FAILED:
            raise FitError(f"{fit.label}: the fit failed, so it cannot be profiled or bootstrapped")
        if weights is None:
            fit.check_weights_known()
        plain = pose([fit.spectrum], fit.template, fit.options.weights if weights is None else weights)
        values = np.array([[fit.values[name] for name in plain.names]])
        held = np.isnan(values)
        x = np.where(held, plain.lower, np.log(np.where(held, 1.0, values)))
        if plain.ties is not None:
            x = plain.ties.recovered(x[0], ~held[0])[None]
        x = np.clip(x, plain.lower, plain.upper)
        reweighting = (
            None if fit.loss == "linear" else weights_at(plain, fit.loss, x, fit.point_weights[None])
        )
        problem = plain if reweighting is None else reweighting.applied(plain)
        cost = 0.5 * np.sum(problem.residual(x, np.arange(1)) ** 2, axis=1)
        converged = np.array([fit.outcome is not Outcome.NOT_CONVERGED])
        iterations = np.array([0 if fit.statistics is None else fit.statistics.iterations])
        confidence = covariance_of(problem, x, cost, held)
        undetected = _undetected(fit, held[0])[None]
        detected = Detected(x, cost, undetected, held, frozenset(), confidence, converged)
        return cls(plain, Solution(x, cost, converged, iterations), detected, reweighting, problem)

    @property
    def x(self) -> Floats:
        """Logarithms of the parameters, shape (N, P)."""
        return self.detected.x

    @property
    def cost(self) -> Floats:
        """Half the sum of squares there, shape (N,)."""
        return self.detected.cost

    @property
    def undetected(self) -> Bools:
        """Segments on the path that the data do not support, shape (N, S)."""
        return self.detected.undetected

    @property
    def held(self) -> Bools:
        """Parameters of removed segments, which stay where they are, shape (N, P)."""
        return self.detected.held

    @property
    def confidence(self) -> Confidence:
        """How well the other parameters are known."""
        return self.detected.confidence

    def claim(self, i: int, k: int) -> Claim | None:
        """Return what the arc of segment k of spectrum i is called; None for what is no arc of a template."""
        return None if self.placement is None else self.placement.claims.get((i, k))

    @cached_property
    def disagreements(self) -> tuple[Disagreement, ...]:
        """How far each spectrum is off its model, length N; all points count, whatever a robust loss leaves of them."""
        residual = self.plain.residual(self.x, np.arange(self.plain.size))
        return tuple(disagreement(self.plain, i, part) for i, part in enumerate(residual))

    @property
    def converged(self) -> Bools:
        """Which solutions converged, shape (N,)."""
        reduced = self.held.any(axis=1)
        return np.where(reduced, self.detected.converged, self.solution.converged)


def _undetected(fit: Fit, held: Bools) -> Bools:
    """Return which segments on the path of a fit were not detected, shape (S,)."""
    named = {name for c in fit.contributions if c.cause == "not detected" for name in c.segments}
    return np.array([s.segment.name in named or bool(held[span(s.node)].all()) for s in fit.template.path])

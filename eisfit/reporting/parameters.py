"""The fitted parameters, each with its error or the reason why it has none."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from eisfit.elements import Quantity
from eisfit.engine.parameter_bounds import ON_BOUND
from eisfit.reporting.estimate import Estimate
from eisfit.reporting.remarks import parameter_note
from eisfit.results.contribution import FittedParameter, ParameterState
from eisfit.results.outcome import NAN


def fitted_parameters(
    estimate: Estimate, i: int, limits: Mapping[tuple[int, int], float]
) -> tuple[FittedParameter, ...]:
    """Return the parameters of one fit.

    Parameters
    ----------
    estimate : Estimate
        Of N spectra.
    i : int
        Which of them.
    limits : mapping of (int, int) to float
        How far parameters may lie from the bound on which they rest, by (spectrum, parameter).
    """
    problem = estimate.problem
    values = problem.values(estimate.x[i][None])[0]
    sigma = np.sqrt(np.diagonal(estimate.confidence.covariance_log[i]))
    found = []
    for k, p in enumerate(problem.template.circuit.parameters):
        upper = bool(estimate.x[i, k] >= problem.upper[i, k] - ON_BOUND)
        bound = float(np.exp(problem.upper[i, k] if upper else problem.lower[i, k]))
        state = _state(estimate, i, k, p.quantity, upper, bound)
        value = NAN if state == "not detected" else float(values[k])
        error = float(sigma[k]) if state == "free" else NAN
        note = parameter_note(state, upper, bound, limits.get((i, k), NAN))
        found.append(FittedParameter(p.name, p.unit, value, value * error, error, note, state))
    return tuple(found)


def _state(
    estimate: Estimate, i: int, k: int, quantity: Quantity, upper: bool, bound: float
) -> ParameterState:
    """Return what the fit has made of a parameter; `upper` and `bound` are those of its nearer bound."""
    if estimate.held[i, k]:
        return "not detected"
    if estimate.problem.fixed[k]:
        return "fixed"
    if not estimate.confidence.on_bound[i, k]:
        return "free"
    at_nothing = quantity.resistance == 1 and quantity.time == 0
    if (upper and quantity.upper == bound) or (not upper and at_nothing):
        return "physical limit"
    return "upper bound" if upper else "lower bound"

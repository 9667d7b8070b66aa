"""The fitted parameters, each with its error or the reason why it has none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from eisfit.circuit.arc import dc_resistance
from eisfit.circuit.circuit import span
from eisfit.elements import Quantity
from eisfit.engine.parameter_bounds import ON_BOUND
from eisfit.reporting.estimate import Estimate
from eisfit.reporting.remarks import parameter_note
from eisfit.results.contribution import Contribution, FittedParameter, ParameterState
from eisfit.results.outcome import NAN
from eisfit.tools.frozen import Floats


def fitted_parameters(
    estimate: Estimate,
    i: int,
    limits: Mapping[tuple[int, int], float],
    rows: Sequence[Contribution] = (),
    known: Mapping[str, float] | None = None,
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
    rows : sequence of Contribution
        Its rows in the table of contributions. A resistance that is a parameter has the error of its row, which
        may be that of a profile, or hold what an undetected arc leaves open.
    known : mapping of str to float, optional
        At what this spectrum fixes parameters.
    """
    problem = estimate.problem
    values = problem.values(estimate.x[i][None])[0]
    sigma = np.sqrt(np.diagonal(estimate.confidence.covariance_log[i]))
    for k, error in _errors_of_rows(estimate, i, values, rows).items():
        if not np.isclose(sigma[k], error, rtol=1e-9, atol=0.0):
            sigma[k] = error
    found, settings = [], problem.template.effective_settings
    for k, p in enumerate(problem.template.circuit.parameters):
        upper = bool(estimate.x[i, k] >= problem.upper[i, k] - ON_BOUND)
        bound = float(np.exp(problem.upper[i, k] if upper else problem.lower[i, k]))
        setting = settings.get(p.name)
        raised = setting is not None and (setting.low or 0.0) > 0
        state = _state(estimate, i, k, p.quantity, upper, bound, raised)
        value = NAN if state == "not detected" else float(values[k])
        if state == "fixed" and setting is not None and setting.each is not None:
            value = setting.fixed_in(known or {}) or value  # to the last digit
        error = float(sigma[k]) if state in ("free", "tied") and estimate.confidence.known[i, k] else NAN
        if state == "tied":
            note = f"tied: {settings[p.name].tie}"
        else:
            note = parameter_note(state, upper, bound, limits.get((i, k), NAN))
        found.append(FittedParameter(p.name, p.unit, value, value * error, error, note, state))
    return tuple(found)


def _errors_of_rows(
    estimate: Estimate, i: int, values: Floats, rows: Sequence[Contribution]
) -> dict[int, float]:
    """Return relative errors of rows whose resistance is that of one parameter, by the index of the parameter."""
    nodes = {s.segment.name: s.node for s in estimate.problem.template.path}
    found = {}
    for row in rows:
        if row.kind not in ("segment", "sum") or not np.isfinite(row.stderr_log):
            continue
        there = [nodes[name] for name in row.segments if not estimate.held[i, span(nodes[name])].all()]
        gradients = [dc_resistance(node, values[None])[1][0] for node in there]
        index = np.flatnonzero(sum(gradients, np.zeros(values.size)))
        if index.size == 1:
            found[int(index[0])] = row.stderr_log
    return found


def _state(
    estimate: Estimate, i: int, k: int, quantity: Quantity, upper: bool, bound: float, raised: bool
) -> ParameterState:
    """Return what the fit has made of a parameter; `upper` and `bound` are those of its nearer bound.

    A lower bound that was set (`raised`) is no physical one.
    """
    if estimate.held[i, k]:
        return "not detected"
    if (ties := estimate.problem.ties) is not None and ties.tied[k]:
        return "tied"
    if estimate.problem.fixed[k]:
        return "fixed"
    if not estimate.confidence.on_bound[i, k]:
        return "free"
    at_nothing = quantity.resistance == 1 and quantity.time == 0 and not raised
    if (upper and quantity.upper == bound) or (not upper and at_nothing):
        return "physical limit"
    return "upper bound" if upper else "lower bound"

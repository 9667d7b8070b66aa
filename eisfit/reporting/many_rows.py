"""What is reported of very many fits at once, as columns."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from eisfit.circuit.arc import arc_or_wall, is_resistor
from eisfit.circuit.circuit import span
from eisfit.engine.parameter_bounds import ON_BOUND
from eisfit.engine.problem import Problem
from eisfit.reporting.disagreement import FAR_OFF, GENERALLY_OFF, NOTHING, disagreement
from eisfit.reporting.estimate import Estimate
from eisfit.reporting.fit_report import columns_of
from eisfit.reporting.misfit import MISFIT_RATIO, NOISE_FREE_PERCENT, RUNS_TOO_FEW
from eisfit.results.fit import Fit
from eisfit.results.many_fits import OUTCOMES, PER_CONTRIBUTION, ManyFits
from eisfit.results.outcome import NAN, Outcome
from eisfit.tools.frozen import Bools, Floats, Ints
from eisfit.tools.statistics import chi2_reduced_limit_95, normal_cdf

AT_ONCE = 512  # rows whose residuals fit the cache of a core; larger arrays are fresh memory each time


def many_of(estimate: Estimate, row: Ints) -> ManyFits:
    """Return the columns of the fits of an estimate, whose spectra have the same points and none masked.

    Notes
    -----
    The rules are those of a single `Fit` as far as they need no profile and no second minimum: whether data and model
    disagree, whether a parameter rests on its bound, whether the fit converged. A contribution that is not detected,
    or of which only a sum is known, has no value.
    """
    problem, numbers = estimate.problem, columns_of(estimate)
    rms, misfits, missed = _misfits(estimate)
    on_bound = _at_set_bound(estimate).any(axis=1)
    outcome = np.where(on_bound, OUTCOMES.index(Outcome.AT_BOUND), OUTCOMES.index(Outcome.GOOD))
    outcome[misfits | missed] = OUTCOMES.index(Outcome.MISFIT)
    outcome[~estimate.converged] = OUTCOMES.index(Outcome.NOT_CONVERGED)
    names, (r, error, capacitance, top) = _contributions(estimate)
    found = (numbers.values, numbers.stderrs, numbers.chi2_reduced, rms, outcome, missed)
    return ManyFits(problem.names, *found, names, r, error, capacitance, top, row)


def _at_set_bound(estimate: Estimate) -> Bools:
    """Return which parameters rest on a bound that is no physical one, shape (N, P)."""
    problem, settings = estimate.problem, estimate.problem.template.effective_settings
    found = estimate.confidence.on_bound & ~estimate.held & ~problem.fixed
    for k, p in enumerate(problem.template.circuit.parameters):
        setting, quantity = settings.get(p.name), p.quantity
        upper = estimate.x[:, k] >= problem.upper[:, k] - ON_BOUND
        full = upper & (np.exp(problem.upper[:, k]) == quantity.upper)
        raised = setting is not None and (setting.low or 0.0) > 0
        at_nothing = quantity.resistance == 1 and quantity.time == 0 and not raised
        found[:, k] &= ~(full | (~upper & at_nothing))
    return found


def many_of_fits(fits: Sequence[Fit], names: Sequence[str], row: Ints) -> ManyFits:
    """Return the columns of fits that were reported one by one.

    Parameters
    ----------
    fits : sequence of Fit
        None of them failed.
    names : sequence of str
        Of the parameters of their circuit.
    row : ndarray of int, shape (N,)
        Their numbers.
    """
    contributions = tuple(dict.fromkeys(c.name for fit in fits for c in fit.contributions))
    out = ManyFits.empty(row, names, contributions, {})
    for k, fit in enumerate(fits):
        found = {p.name: p for p in fit.parameters}
        out.values[k] = [found[n].value if n in found else NAN for n in names]
        out.stderrs[k] = [found[n].stderr if n in found else NAN for n in names]
        assert fit.statistics is not None
        out.chi2_reduced[k], out.rms_percent[k] = fit.statistics.chi2_reduced, fit.statistics.rms_percent
        out.outcome[k], out.missed[k] = OUTCOMES.index(fit.outcome), fit.missed
        for c in fit.contributions:
            for what in PER_CONTRIBUTION:
                getattr(out, what)[k, contributions.index(c.name)] = getattr(c, what)
    return out


def _contributions(estimate: Estimate) -> tuple[tuple[str, ...], list[Floats]]:
    """Return the names of arcs and resistors on the path, and their columns (N, C) as `PER_CONTRIBUTION` lists them."""
    problem, x = estimate.problem, estimate.x
    variance = np.diagonal(estimate.confidence.covariance_log, axis1=1, axis2=2)
    names: list[str] = []
    columns: list[list[Floats]] = []
    for number, on_path in enumerate(problem.template.path):
        arc = arc_or_wall(on_path.node)
        if arc is None and not is_resistor(on_path.node):
            continue
        k = span(on_path.node).start if arc is None else arc.resistance
        r = on_path.count * np.exp(x[:, k])
        known = estimate.confidence.known[:, k]
        nothing = np.full(x.shape[0], np.nan)
        error = np.where(known, r * np.sqrt(np.where(known, variance[:, k], 0.0)), np.nan)
        with np.errstate(over="ignore"):
            c = nothing if arc is None else np.exp(arc.log_capacitance(x))
            f = nothing if arc is None else np.exp(-arc.log_tau(x)) / (2 * np.pi)
        gone = estimate.undetected[:, number].copy()
        gone[[i for i, group in estimate.detected.undecided if number in group]] = True
        names.append(on_path.segment.name)
        columns.append([np.where(gone, np.nan, values) for values in (r, error, c, f)])
    shape = x.shape[0], 0
    return tuple(names), [
        np.stack([own[j] for own in columns], axis=1) if columns else np.empty(shape)
        for j in range(len(PER_CONTRIBUTION))
    ]


def _misfits(estimate: Estimate) -> tuple[Floats, Bools, Bools]:
    """Return the scatter in percent, and which models disagree with their data, and which miss them altogether."""
    every = np.arange(estimate.problem.size)
    parts = [_misfits_of(estimate, every[k : k + AT_ONCE]) for k in range(0, every.size, AT_ONCE)]
    rms, disagree, missed = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    return rms, disagree, missed


def _misfits_of(estimate: Estimate, rows: Ints) -> tuple[Floats, Bools, Bools]:
    """Return `_misfits` of some rows."""
    problem = estimate.problem
    relative = _relative(problem, problem.residual(estimate.x[rows], rows), rows)
    n = relative.shape[2]
    rms = 100 * np.sqrt(np.mean(relative.reshape(len(relative), -1) ** 2, axis=1))
    steps = np.diff(relative, axis=2).reshape(len(relative), -1)
    noise = 100 * np.sqrt(np.mean(steps**2, axis=1) / 2) if n > 1 else np.full(len(relative), np.nan)
    above = relative > 0
    same_sign = np.all(above.all(axis=2) | ~above.any(axis=2), axis=1)
    with np.errstate(invalid="ignore"):
        disagree = (rms > MISFIT_RATIO * noise) & ((_runs_probability(above) < RUNS_TOO_FEW) | same_sign)
        if problem.absolute:
            freedom = (problem.residuals_used - estimate.confidence.count)[rows]
            disagree |= estimate.confidence.chi2_reduced[rows] > chi2_reduced_limit_95(freedom)
    missed = np.zeros(len(relative), bool)
    for k in np.flatnonzero(_may_miss(relative)).tolist():
        i = int(rows[k])
        own = estimate.plain.residual(estimate.x[i : i + 1], np.array([i]))[0]
        missed[k] = disagreement(estimate.plain, i, own).percent > 0
    noise_free = rms < NOISE_FREE_PERCENT
    return rms, disagree & ~noise_free, missed & ~noise_free


def _relative(problem: Problem, residual: Floats, rows: Ints) -> Floats:
    """Return the residuals of some rows relative to |Z|, ordered by frequency, shape (rows, 2, F)."""
    n, length = rows.size, problem.z_ohm.shape[1]
    order = np.argsort(problem.data.frequency_hz[0], kind="stable")
    with np.errstate(divide="ignore", invalid="ignore"):
        found = residual / problem.weight[rows] / np.tile(np.abs(problem.z_ohm[rows]), 2)
    return np.ascontiguousarray(found.reshape(n, 2, length)[:, :, order])


def _runs_probability(above: Bools) -> Floats:
    """Return `runs_probability` of the signs (N, 2, F) of many residuals; nan where it is undefined."""
    n = above.shape[2]
    up = above.sum(axis=2)
    product = 2.0 * up * (n - up)
    observed = 2 + np.count_nonzero(above[:, :, 1:] != above[:, :, :-1], axis=(1, 2))
    expected = np.sum(1 + product / n, axis=1)
    variance = np.sum(product * (product - n), axis=1) / (n**2 * max(n - 1, 1))
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.where(variance > 0, (observed + 0.5 - expected) / np.sqrt(variance), np.nan)
    return np.array([normal_cdf(each) for each in z.tolist()])


def _may_miss(relative: Floats) -> Bools:
    """Return which models may miss their data, whatever the noise is, shape (N,); `Disagreement` decides."""
    if relative.shape[2] < 3:
        return np.ones(len(relative), bool)
    largest = np.einsum("nij,nij->nj", relative, relative).max(axis=1)
    found = ~(2 * largest < GENERALLY_OFF**2)  # a median of neighbours is no larger than they are
    found[found] = _far_off(relative[found])
    return np.asarray(found)


def _far_off(relative: Floats) -> Bools:
    size = np.hypot(relative[:, 0], relative[:, 1])
    low, middle, high = relative[:, :, :-2], relative[:, :, 1:-1], relative[:, :, 2:]
    inner = np.maximum(np.minimum(low, middle), np.minimum(np.maximum(low, middle), high))
    smooth = np.hypot(inner[:, 0], inner[:, 1])
    ends = size[:, [0, 1, -2, -1]].max(axis=1)
    generally = np.count_nonzero(smooth > GENERALLY_OFF, axis=1) * 2 > smooth.shape[1] - 2
    far = (smooth > FAR_OFF).any(axis=1) | (ends > FAR_OFF)
    return np.asarray(far | generally | (np.median(size, axis=1) > NOTHING))

"""Estimates of spectra that were fitted at once, as the reporting table takes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from eisfit.assignment.plan import Claim, Placement
from eisfit.circuit.circuit import span
from eisfit.engine.levenberg_marquardt import Solution
from eisfit.engine.problem import Problem
from eisfit.reporting.contributions import contributions
from eisfit.reporting.estimate import Estimate
from eisfit.results.contribution import Contribution
from eisfit.spectrum.conditions import Conditions
from eisfit.tools.frozen import Bools, Floats
from eisfit.uncertainty.covariance import Confidence
from eisfit.uncertainty.detection import Detected
from eisfit.uncertainty.undetected import Undetected


@dataclass(frozen=True, eq=False)
class AtOnce:
    """Where a joint fit has put N spectra with one circuit.

    Parameters
    ----------
    problem : Problem
        Of the spectra.
    x : ndarray, shape (N, P)
        Logarithms of the parameters.
    covariance_log : ndarray, shape (N, P, P)
        Theirs by all spectra, errors of temperatures and geometry included; 0 for what is not free.
    linked : ndarray of bool, shape (P,)
        Parameters that other spectra determine too.
    variance : ndarray, shape (N,)
        By which the sum of squares of each spectrum is divided.
    absent : ndarray of bool, shape (S,)
        Segments on the path that all spectra together do not support.
    trials : Undetected
        What all spectra together allow them to be.
    claims : mapping of str to Claim
        What arcs are called, by segment.
    apart : frozenset of str
        Segments that another measurement sets apart from what lies in series with them.
    converged : bool
        Whether the joint fit did.
    """

    problem: Problem
    x: Floats
    covariance_log: Floats
    linked: Bools
    variance: Floats
    absent: Bools
    trials: Undetected
    claims: Mapping[str, Claim]
    apart: frozenset[str]
    converged: bool


def joint_contributions(found: AtOnce, conditions: Sequence[Conditions]) -> list[tuple[Contribution, ...]]:
    """Return the contributions of N spectra that were fitted at once, by the rules of the reporting table.

    Parameters
    ----------
    found : AtOnce
        Where the joint fit has put them.
    conditions : sequence of Conditions, length N
        Geometry of each.

    Notes
    -----
    Words and limits are those of single fits; errors are those of the joint fit. The lower limit of a linked
    resistance whose size is not determined follows from its error, that of a parameter of one spectrum from its profile
    with all that is linked held.
    """
    return contributions(_estimate(found), conditions)


def _estimate(found: AtOnce) -> Estimate:
    problem, n = found.problem, found.problem.size
    rows = np.arange(n)
    cost = 0.5 * np.sum(problem.residual(found.x, rows) ** 2, axis=1)
    held = np.zeros(found.x.shape, bool)
    undetected = np.tile(found.absent, (n, 1))
    for k in np.flatnonzero(found.absent):
        held[:, span(problem.template.path[k].node)] = True
    confidence = _confidence(found, cost, held)
    converged = np.full(n, found.converged)
    detected = Detected(found.x, cost, undetected, held, frozenset(), confidence, converged)
    places = {s.segment.name: k for k, s in enumerate(problem.template.path)}
    claims = {
        (i, places[name]): claim for i in range(n) for name, claim in found.claims.items() if name in places
    }
    return Estimate(
        problem,
        Solution(found.x, cost, converged, np.zeros(n, int)),
        detected,
        None,
        problem,
        Placement(held, frozenset(), claims),
        trials=found.trials,
        linked=found.linked,
        apart=found.apart,
    )


def _confidence(found: AtOnce, cost: Floats, held: Bools) -> Confidence:
    """Return the confidence by all spectra together."""
    problem, diagonal = found.problem, np.diagonal(found.covariance_log, axis1=1, axis2=2)
    free = (diagonal > 0) & ~held
    at_end = (found.x <= problem.lower) | (found.x >= problem.upper)
    covariance = np.where(free[:, :, None] & free[:, None, :], found.covariance_log, np.nan)
    freedom = problem.residuals_used - free.sum(axis=1)
    chi2 = np.where(freedom > 0, 2 * cost / np.maximum(freedom, 1), np.nan)
    return Confidence(
        covariance,
        free,
        at_end & ~problem.fixed & ~found.linked,
        found.variance,
        chi2,
        np.full(problem.size, np.nan),
    )

"""Where a joint fit starts: the independent minima of all spectra, block by block."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np

from eisfit.cell.resistors_apart import with_resistors_apart
from eisfit.cell.templates import Template
from eisfit.circuit.circuit import span
from eisfit.engine.at_once import AtOnce
from eisfit.engine.posing import pose
from eisfit.engine.problem import Problem
from eisfit.engine.solver import solve
from eisfit.fitting.joint_circuits import alike, unseen
from eisfit.fitting.joint_noise import as_robust, noise_of
from eisfit.fitting.resistors_apart import values_apart
from eisfit.joint.without import columns_of_segment, without_resistance
from eisfit.options import Weights
from eisfit.results.fit import Fit
from eisfit.tools.frozen import Bools, Floats

_LEAST_ERROR = 0.03  # of ln p, by which points weigh for the first lines


@dataclass(frozen=True, eq=False)
class Cell:
    """The fits of one cell by themselves, and its name; that of the first is empty."""

    name: str
    fits: list[Fit]


@dataclass(frozen=True, eq=False)
class Start:
    """The spectra of one cell with one circuit: their places, the minimum of each, and how well that is known."""

    cell: int
    fits: list[Fit]
    rows: list[int]
    problem: Problem
    independent: tuple[Floats, Floats]
    x: Floats
    weight: Floats
    variance: Floats
    at_once: AtOnce | None = None


def starts_by_circuit(
    number: int, cell: Cell, first: int, linked: Sequence[str], weights: Weights, apart: Collection[str]
) -> list[Start]:
    """Return the independent minima of the spectra of a cell by circuit.

    Parameters
    ----------
    number : int
        Of the cell.
    cell : Cell
        Its fits.
    first : int
        Place of its first spectrum among all.
    linked : sequence of str
        Names of its links. A segment that was not seen and follows none has no resistance: it would stand for a part of
        another arc.
    weights : str or array
        Of the points.
    apart : collection of str
        Segments that are known from elsewhere, and stand apart from resistors in series with them.
    """
    found = []
    for fits in alike(cell.fits, linked):
        rows = [first + next(n for n, g in enumerate(cell.fits) if g is f) for f in fits]
        template, gone = with_resistors_apart(fits[0].template, apart), unseen(fits[0], linked)
        found.append(start_of(number, fits, rows, weights, template, gone=gone))
    return found


def start_of(
    cell: int,
    own: list[Fit],
    rows: list[int],
    weights: Weights,
    template: Template,
    filled: tuple[Floats, Floats] | None = None,
    gone: Sequence[str] = (),
) -> Start:
    """Return the independent minima of some spectra; where an arc was not seen, its values are those of the others.

    Parameters
    ----------
    cell : int
        Number of their cell.
    own : list of Fit
        By themselves.
    rows : list of int
        Their places among all.
    weights : str or array
        Of the points.
    template : Template
        Of the joint fit.
    filled : (ndarray, ndarray), each of shape (N, P), optional
        Of several pairs of probes: logarithms that follow from other spectra, where a fit by itself has none, and their
        errors; nan where there is none. Values of segments without a row of their own then count little.
    gone : sequence of str
        Segments without resistance.
    """
    problem = pose([f.spectrum for f in own], template, weights)
    for name in gone:
        problem = without_resistance(problem, columns_of_segment(problem, name))
    values, error, known = _values(own, template, filled)
    log = np.log(np.where(known, values, 1.0))
    alone = np.where(known, log, np.nan), error
    middle = 0.5 * (problem.lower + problem.upper)
    usual = [
        np.median(column[seen]) if seen.any() else np.nan for column, seen in zip(log.T, known.T, strict=True)
    ]
    independent = np.where(known, log, np.where(np.isfinite(usual), usual, middle))
    independent = np.clip(independent, problem.lower, problem.upper)
    problem = as_robust(problem, own, independent)
    free = solve(problem, independent, np.arange(problem.size))
    weight = np.where(
        np.isfinite(error), 1 / (_LEAST_ERROR**2 + np.where(np.isfinite(error), error, 0.0) ** 2), 1.0
    )
    return Start(
        cell, own, rows, problem, alone, free.x, np.where(known, weight, 0.0), noise_of(problem, free)
    )


def _values(
    own: Sequence[Fit], template: Template, filled: tuple[Floats, Floats] | None
) -> tuple[Floats, Floats, Bools]:
    """Return values of parameters, errors of their logarithms, and which are known, each of shape (N, P)."""
    if filled is None:
        values, error = values_apart(own, template)
        return values, error, np.isfinite(values) & (values > 0)
    names = template.circuit.names
    values = np.array([[f.values.get(name, np.nan) for name in names] for f in own])
    errors = [{p.name: p.stderr_log for p in f.parameters} for f in own]
    error = np.array([[of.get(name, np.nan) for name in names] for of in errors])
    known = np.isfinite(values) & (values > 0)
    also = np.isfinite(filled[0]) & ~known
    values, error = np.where(also, np.exp(filled[0]), values), np.where(also, filled[1], error)
    error = np.where(also | np.array([_reported(f, template) for f in own]), error, np.nan)
    return values, error, known | also


def _reported(fit: Fit, template: Template) -> Bools:
    """Return which parameters (P,) belong to a segment that a fit has a value of."""
    rows = {c.name for c in fit.contributions if np.isfinite(c.resistance_ohm)}
    found = np.zeros(len(template.circuit.names), bool)
    for on_path in template.path:
        found[span(on_path.node)] = on_path.segment.name in rows
    return found


def with_one_noise(starts: Sequence[Start]) -> list[Start]:
    """Return the spectra with the mean noise of all, weighted by their degrees of freedom."""
    freedom = [s.problem.residuals_used - np.count_nonzero(~s.problem.fixed) for s in starts]
    pairs = list(zip(starts, freedom, strict=True))
    mean = sum(float(s.variance @ own) for s, own in pairs) / sum(float(own.sum()) for own in freedom)
    return [replace(s, variance=np.full(s.variance.size, mean)) for s in starts]

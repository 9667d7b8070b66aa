"""Minima found so far, and which of them are the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from eisfit.engine.problem import Problem
from eisfit.tools.frozen import Bools, Floats, Ints

HOPELESS = 50.0  # deviance above the best from which a start is dropped between rounds


SAME = 0.02  # difference of deviance, and of the score, within which two starts have come to the same minimum


PERFECT = 1e-11  # cost, relative to that of a zero model, at which nothing better is looked for


MINIMA = 4  # kept of each spectrum


_PER_E_FOLD = 0.01  # price of a resistance beyond the largest |Z|, as deviance


@dataclass(frozen=True)
class Minima:
    """Several minima per spectrum, the most likely first.

    Parameters
    ----------
    x : ndarray, shape (N, K, P)
        Logarithms of the parameters.
    cost : ndarray, shape (N, K)
        Half the sum of squares.
    """

    x: Floats
    cost: Floats


@dataclass(frozen=True)
class Trials:
    """Solutions, any number per spectrum: in the order of the spectra, of each the most likely first."""

    problem: Problem
    rows: Ints
    x: Floats
    cost: Floats
    deviance: Floats
    score: Floats

    @classmethod
    def of(cls, problem: Problem, rows: Ints, x: Floats, cost: Floats) -> Trials:
        """Return solutions in order."""
        deviance = problem.deviance(cost, rows)
        score = deviance + problem.bounded_penalty(x, rows) + resistance_penalty(problem, x, rows)
        return cls(problem, rows, x, cost, deviance, score).taken(np.lexsort((score, rows)))

    @classmethod
    def gathered(cls, parts: Sequence[Trials]) -> Trials:
        """Return the solutions of all parts in order."""
        rows, x, cost = (np.concatenate([getattr(p, name) for p in parts]) for name in ("rows", "x", "cost"))
        return cls.of(parts[0].problem, rows, x, cost)

    def taken(self, index: Ints | slice) -> Trials:
        """Return some of the solutions."""
        return Trials(
            self.problem,
            self.rows[index],
            self.x[index],
            self.cost[index],
            self.deviance[index],
            self.score[index],
        )

    def distinct(self) -> Trials:
        """Return one of those that have come to the same minimum."""
        same = (np.diff(self.rows) == 0) & _same(self.taken(slice(1, None)), self.taken(slice(-1)))
        return self.taken(np.flatnonzero(np.concatenate([[True], ~same])))

    def best(self, keep: int) -> Trials:
        """Return the first of each spectrum."""
        rank = np.arange(self.rows.size) - np.searchsorted(self.rows, self.rows)
        return self.taken(np.flatnonzero(rank < keep))

    def promising(self, least: int, known: Trials | None = None) -> Trials:
        """Return those that may yet become the best of their spectrum, and the first few in any case.

        Where minima are `known` already, those that have come to the best of them are left out.
        """
        first = np.searchsorted(self.rows, self.rows)
        few = (np.arange(self.rows.size) - first < least) & ~perfect(self, self.rows)
        if known is None:
            return self.taken(np.flatnonzero((self.score - self.score[first] < HOPELESS) | few))
        best = known.first(self.rows)
        return self.taken(np.flatnonzero(((self.score - best.score < HOPELESS) | few) & ~_same(self, best)))

    def first(self, spectra: Ints) -> Trials:
        """Return the best solution of each of some spectra."""
        return self.taken(np.searchsorted(self.rows, spectra))

    def minima(self, keep: int) -> Minima:
        """Return so many of each spectrum, the best repeated where there are fewer."""
        spectra = np.arange(self.problem.size)
        first, end = (np.searchsorted(self.rows, spectra, side=side) for side in ("left", "right"))
        rank = np.arange(keep)
        index = first[:, None] + np.where(rank < (end - first)[:, None], rank, 0)
        return Minima(self.x[index], self.cost[index])


def _same(a: Trials, b: Trials) -> Bools:
    """Tell which trials have come to the same minimum as their counterparts."""
    return (np.abs(a.score - b.score) < SAME) & (np.abs(a.deviance - b.deviance) < SAME)


def resistance_penalty(problem: Problem, x: Floats, rows: Ints) -> Floats:
    """Return a faint price on resistances beyond the largest |Z|: where any will do, the least is taken."""
    quantities = [p.quantity for p in problem.template.circuit.parameters]
    columns = [k for k, q in enumerate(quantities) if q.resistance == 1 and q.time == 0]
    largest = np.log(np.abs(problem.z_ohm[rows]).max(axis=1, keepdims=True))
    return np.asarray(_PER_E_FOLD * np.sum(np.maximum(x[:, columns] - largest, 0.0), axis=1))


def perfect(trials: Trials, spectra: Ints) -> Bools:
    """Tell which spectra are met to rounding."""
    return np.asarray(trials.first(spectra).cost < PERFECT * trials.problem.zero_model[spectra])

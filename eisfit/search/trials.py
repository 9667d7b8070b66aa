"""Minima found so far, and which of them are the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from eisfit.engine.problem import Problem
from eisfit.search.settings import DEFAULT, SearchSettings
from eisfit.tools.frozen import Bools, Floats, Ints


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
    """Solutions, any number per spectrum: in the order of the spectra, of each the most likely first.

    Parameters
    ----------
    problem : Problem
        N spectra.
    settings : SearchSettings
        When two solutions are the same, and which are dropped.
    rows : ndarray of int, shape (M,)
        Which spectrum each solution belongs to.
    x : ndarray, shape (M, P)
        Logarithms of the parameters.
    cost, deviance, score : ndarray, shape (M,)
        Half the sum of squares; -2 ln L; the deviance with all penalties, by which solutions are ordered.
    """

    problem: Problem
    settings: SearchSettings
    rows: Ints
    x: Floats
    cost: Floats
    deviance: Floats
    score: Floats

    @classmethod
    def of(
        cls, problem: Problem, rows: Ints, x: Floats, cost: Floats, settings: SearchSettings = DEFAULT
    ) -> Trials:
        """Return solutions in order."""
        deviance = problem.deviance(cost, rows)
        penalty = problem.bounded_penalty(x, rows)
        score = deviance + penalty + resistance_penalty(problem, x, rows, settings.per_e_fold)
        return cls(problem, settings, rows, x, cost, deviance, score).taken(np.lexsort((score, rows)))

    @classmethod
    def gathered(cls, parts: Sequence[Trials]) -> Trials:
        """Return the solutions of all parts in order."""
        rows, x, cost = (np.concatenate([getattr(p, name) for p in parts]) for name in ("rows", "x", "cost"))
        return cls.of(parts[0].problem, rows, x, cost, parts[0].settings)

    def taken(self, index: Ints | slice) -> Trials:
        """Return some of the solutions."""
        return replace(
            self,
            rows=self.rows[index],
            x=self.x[index],
            cost=self.cost[index],
            deviance=self.deviance[index],
            score=self.score[index],
        )

    def distinct(self) -> Trials:
        """Return one solution of each minimum."""
        same = (np.diff(self.rows) == 0) & self.taken(slice(1, None)).same_as(self.taken(slice(-1)))
        return self.taken(np.flatnonzero(np.concatenate([[True], ~same])))

    def same_as(self, other: Trials) -> Bools:
        """Tell which have come to the same minimum as their counterparts in other trials, shape (M,)."""
        limit = self.settings.same
        return (np.abs(self.score - other.score) < limit) & (np.abs(self.deviance - other.deviance) < limit)

    def best(self, keep: int) -> Trials:
        """Return the first of each spectrum."""
        rank = np.arange(self.rows.size) - np.searchsorted(self.rows, self.rows)
        return self.taken(np.flatnonzero(rank < keep))

    def promising(self, least: int, known: Trials | None = None) -> Trials:
        """Return those that may still become the best of their spectrum, and the first `least` in any case.

        Solutions at the best of the minima that are `known` already are left out.
        """
        hopeless, first = self.settings.hopeless, np.searchsorted(self.rows, self.rows)
        few = (np.arange(self.rows.size) - first < least) & ~self.met(self.rows)
        if known is None:
            return self.taken(np.flatnonzero((self.score - self.score[first] < hopeless) | few))
        best = known.first(self.rows)
        near = self.score - best.score < hopeless
        return self.taken(np.flatnonzero((near | few) & ~self.same_as(best)))

    def first(self, spectra: Ints) -> Trials:
        """Return the best solution of each of some spectra."""
        return self.taken(np.searchsorted(self.rows, spectra))

    def met(self, spectra: Ints) -> Bools:
        """Tell which spectra are fitted so well that their search ends."""
        level = self.settings.met * self.problem.data.zero_model[spectra]
        return np.asarray(self.first(spectra).cost < level)

    def minima(self, keep: int) -> Minima:
        """Return `keep` minima of each spectrum, the best repeated where there are fewer."""
        spectra = np.arange(self.problem.size)
        first, end = (np.searchsorted(self.rows, spectra, side=side) for side in ("left", "right"))
        rank = np.arange(keep)
        index = first[:, None] + np.where(rank < (end - first)[:, None], rank, 0)
        return Minima(self.x[index], self.cost[index])


def resistance_penalty(problem: Problem, x: Floats, rows: Ints, per_e_fold: float) -> Floats:
    """Penalise resistances above the largest |Z| weakly, so that equal minima resolve to the smallest."""
    quantities = [p.quantity for p in problem.circuit.parameters]
    columns = [k for k, q in enumerate(quantities) if q.resistance == 1 and q.time == 0]
    largest = np.log(np.abs(problem.z_ohm[rows]).max(axis=1, keepdims=True))
    return np.asarray(per_e_fold * np.sum(np.maximum(x[:, columns] - largest, 0.0), axis=1))

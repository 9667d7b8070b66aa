"""Equal arcs of a bare circuit in the order of their time constants, also where parameters of them are set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from eisfit.cell.segments import Setting
from eisfit.cell.templates import Template
from eisfit.cell.ties import resolved, taking_part
from eisfit.circuit.arc import Arc, arc_of
from eisfit.engine.parameter_bounds import ON_BOUND
from eisfit.engine.problem import Problem
from eisfit.engine.solver import solve
from eisfit.search.minima import minima_from_data
from eisfit.search.trials import Minima
from eisfit.tools.frozen import Bools, Floats, Ints


@dataclass(frozen=True)
class EqualArcs:
    """Two and more arcs of a circuit that differ in their labels only.

    Parameters
    ----------
    names : tuple of str
        Their segments, in the order of the circuit.
    arcs : tuple of Arc
        The arcs.
    set_apart : tuple of bool
        Which of them have a parameter that is fixed, has a range, or takes part in a tie.
    sized : bool
        Whether a resistance, capacitance or time constant of one of them is fixed or has a range: it then belongs to
        the arc of that size, wherever that lies.
    """

    names: tuple[str, ...]
    arcs: tuple[Arc, ...]
    set_apart: tuple[bool, ...]
    sized: bool

    def in_order(self, x: Floats) -> Bools:
        """Tell in which solutions (..., P) they follow each other by their time constants, the fastest first."""
        return np.asarray(np.all(np.diff(self._log_tau(x), axis=-1) >= 0, axis=-1))

    def sorted(self, x: Floats, which: Sequence[bool] | None = None) -> Floats:
        """Return solutions (M, P) with these arcs, or those of them in `which`, in order of their time constants."""
        arcs = [arc for k, arc in enumerate(self.arcs) if which is None or which[k]]
        out = x.copy()
        if len(arcs) < 2:
            return out
        order = np.argsort(np.stack([arc.log_tau(x) for arc in arcs], axis=1), axis=1, kind="stable")
        for place, arc in enumerate(arcs):
            for origin, other in enumerate(arcs):
                rows = order[:, place] == origin
                out[rows] = arc.with_values_of(out[rows], other, x[rows])
        return out

    def out_of_order(self, x: Floats) -> tuple[str, str] | None:
        """Return the first two that do not follow each other by their time constants in a solution (P,)."""
        log_tau = self._log_tau(x)
        for k in range(len(self.arcs) - 1):
            if log_tau[k] > log_tau[k + 1]:
                return self.names[k], self.names[k + 1]
        return None

    def _log_tau(self, x: Floats) -> Floats:
        return np.stack([arc.log_tau(x) for arc in self.arcs], axis=-1)


def equal_arcs(template: Template) -> list[EqualArcs]:
    """Return the groups of equal arcs of a bare circuit; an ideal arc is not equal to a depressed one."""
    names, settings = template.circuit.names, template.effective_settings
    tied = taking_part(settings)
    set_names = {name for name, setting in settings.items() if setting.constrains} | tied
    alike: dict[bool, list[tuple[str, Arc]]] = {}
    for on_path in template.path:
        if (arc := arc_of(on_path.node)) is not None:
            alike.setdefault(arc.exponent is None, []).append((on_path.segment.name, arc))
    found = []
    for group in alike.values():
        arcs = tuple(arc for _, arc in group)
        sizes = (names[k] for arc in arcs for k in (arc.resistance, arc.storage))
        sized = any(_has_size(settings.get(name, Setting())) for name in sizes)
        apart = tuple(any(names[k] in set_names for k in arc.columns) for arc in arcs)
        if len(arcs) > 1:
            found.append(EqualArcs(tuple(name for name, _ in group), arcs, apart, sized))
    return found


def _has_size(setting: Setting) -> bool:
    return (setting.fixed, setting.low, setting.high) != (None, None, None)


def fastest_first(problem: Problem, x: Floats, rows: Ints) -> Floats:
    """Return solutions (M, P) with equal arcs in order of their time constants, as far as what is set allows.

    Parameters
    ----------
    problem : Problem
        Of a bare circuit.
    x : ndarray, shape (M, P)
        Logarithms of the parameters.
    rows : ndarray of int, shape (M,)
        Which spectrum each belongs to.
    """
    for group in equal_arcs(problem.template):
        done = group.sorted(x)
        if any(group.set_apart):
            others = group.sorted(x, [not apart for apart in group.set_apart])
            done = np.where(_allowed(problem, done, rows)[:, None], done, others)
        x = done
    return x


def _allowed(problem: Problem, x: Floats, rows: Ints) -> Bools:
    """Tell which solutions (M, P) lie within the bounds and keep the ties."""
    inside = (x >= problem.lower[rows] - ON_BOUND) & (x <= problem.upper[rows] + ON_BOUND)
    kept = np.abs(problem.followed(x) - x) <= ON_BOUND
    return np.asarray((inside & kept).all(axis=1))


def with_order_kept(problem: Problem, minima: Minima, seed: int) -> Minima:
    """Return minima with those in which set parameters stay with the arcs that they name.

    What is set of an exponent, or tied, must not decide which arc is which. Where the best minimum has equal arcs in
    another order than that of their time constants, the problem is also solved from the minimum that it would have if
    nothing were set of these arcs, with the arcs in order.
    """
    groups = _to_keep(problem.template)
    n = problem.size
    if not groups:
        return minima
    best = fastest_first(problem, minima.x[:, 0], np.arange(n))
    if all(group.in_order(best).all() for group in groups):
        return minima
    names = problem.names
    loose = {names[k] for group in groups for arc in group.arcs for k in arc.columns}
    settings = {name: s for name, s in problem.template.effective_settings.items() if name not in loose}
    bare = replace(problem.template, settings=MappingProxyType(resolved(settings, names)))
    free = problem.with_circuit(bare)
    start = fastest_first(free, minima_from_data(free, seed=seed).x[:, 0], np.arange(n))
    found = solve(problem, start, np.arange(n), max_iterations=100)
    return Minima(
        np.concatenate([minima.x, found.x[:, None]], axis=1),
        np.concatenate([minima.cost, found.cost[:, None]], axis=1),
    )


def best_in_order(problem: Problem, minima: Minima) -> tuple[Floats, Floats]:
    """Return the best minimum of each spectrum, (N, P) and (N,); one with the arcs in order where it must be kept."""
    n, k, size = minima.x.shape
    groups = _to_keep(problem.template)
    if not groups:
        return fastest_first(problem, minima.x[:, 0], np.arange(n)), minima.cost[:, 0]
    x = fastest_first(problem, minima.x.reshape(-1, size), np.repeat(np.arange(n), k)).reshape(n, k, size)
    kept = np.ones((n, k), bool)
    for group in groups:
        kept &= group.in_order(x)
    first = np.zeros(n, int)
    if not kept[:, 0].all():
        rank = np.where(kept, minima.cost, np.inf)
        first = np.where(kept.any(axis=1), np.argmin(rank, axis=1), 0)
    rows = np.arange(n)
    return x[rows, first], minima.cost[rows, first]


def keeps_order(template: Template) -> bool:
    """Tell whether equal arcs of a circuit stay in order although parameters of them are set."""
    return template.is_circuit and bool(_to_keep(template))


def _to_keep(template: Template) -> list[EqualArcs]:
    """Return the groups whose order what is set must not change."""
    return [group for group in equal_arcs(template) if any(group.set_apart) and not group.sized]

"""A relaxed circuit: ideal arcs become depressed ones, so that arcs of both kinds can change places."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from eisfit.cell.templates import Template
from eisfit.circuit.arc import resistor_and_capacitance
from eisfit.circuit.circuit import InSeries, Node, written
from eisfit.engine.problem import Problem
from eisfit.tools.frozen import Floats

_ASSIGNMENTS = 6  # choices of which relaxed arcs are the ideal ones that are tried, the likeliest first


@dataclass(frozen=True)
class RelaxedCircuit:
    """A problem in which every arc is a depressed one.

    Between two unlike arcs in the wrong order of time lies a barrier that few starts overcome; between
    like arcs there is none. The relaxed problem is solved, and its arcs are given back to the places of the
    circuit, those with the largest exponents to the ideal arcs.

    Parameters
    ----------
    problem : Problem
        The relaxed one.
    original : Problem
        Whose circuit is to be fitted.
    """

    problem: Problem
    original: Problem

    @classmethod
    def of(cls, problem: Problem) -> RelaxedCircuit | None:
        """Return the relaxation of a problem; None where it would change nothing."""
        template = problem.template
        if not template.is_circuit or template.settings:
            return None
        kinds = [_kind(node) for node in _terms(template)]
        if not {"C", "CPE"} <= set(kinds):
            return None
        parts = [
            f"Zarc_relaxed{k}" if kind in ("C", "CPE") else written(node)
            for k, (node, kind) in enumerate(zip(_terms(template), kinds, strict=True))
        ]
        return cls(problem.with_circuit(Template.from_circuit("-".join(parts))), problem)

    def given_back(self, relaxed: Floats) -> Floats:
        """Return starts of the original problem (K, P) from parameters of the relaxed one."""
        names = self.problem.names
        base = np.array([relaxed[names.index(n)] if n in names else 0.0 for n in self.original.names])
        terms = _terms(self.original.template)
        arcs = [k for k, node in enumerate(terms) if _kind(node) in ("C", "CPE")]
        ideal = [k for k in arcs if _kind(terms[k]) == "C"]
        found = {k: self._arc(relaxed, k) for k in arcs}
        choices = sorted(
            itertools.combinations(arcs, len(ideal)), key=lambda choice: -sum(found[k][2] for k in choice)
        )
        starts = []
        for choice in choices[:_ASSIGNMENTS]:
            row = base.copy()
            rest = [k for k in arcs if k not in choice]
            for place, origin in zip(ideal, choice, strict=True):
                _put(row, terms[place], *found[origin])
            for place, origin in zip([k for k in arcs if k not in ideal], rest, strict=True):
                _put(row, terms[place], *found[origin])
            starts.append(row)
        return np.array(starts)

    def _arc(self, relaxed: Floats, k: int) -> tuple[float, float, float]:
        """Return ln R, ln tau and alpha of a relaxed arc."""
        r, log_tau, log_alpha = (
            float(relaxed[self.problem.names.index(f"Zarc_relaxed{k}_{name}")])
            for name in ("R", "tau", "alpha")
        )
        return r, log_tau, float(np.exp(log_alpha))


def _terms(template: Template) -> list[Node]:
    found: list[Node] = []
    for on_path in template.path:
        found += list(on_path.node.parts) if isinstance(on_path.node, InSeries) else [on_path.node]
    return found


def _kind(node: Node) -> str:
    """Return ``C`` or ``CPE`` for an arc of a resistor with that, else nothing."""
    pair = resistor_and_capacitance(node)
    return pair[1].element.name if pair is not None else ""


def _put(x: Floats, node: Node, log_r: float, log_tau: float, alpha: float) -> None:
    pair = resistor_and_capacitance(node)
    assert pair is not None
    r, c = pair
    x[r.first] = log_r
    if c.element.name == "CPE":
        x[c.first], x[c.first + 1] = alpha * log_tau - log_r, np.log(alpha)
    else:
        x[c.first] = log_tau - log_r

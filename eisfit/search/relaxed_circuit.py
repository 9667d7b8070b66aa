"""A relaxed circuit: ideal arcs become depressed ones, so that arcs of both kinds can change places."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from eisfit.cell.templates import Template
from eisfit.circuit.arc import Arc, arc_of
from eisfit.circuit.circuit import written
from eisfit.engine.problem import Problem
from eisfit.search.settings import SearchSettings
from eisfit.search.terms import terms_of
from eisfit.tools.frozen import Floats


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
    pairs : tuple of (Arc, Arc)
        Arcs of the original circuit, each with its arc of the relaxed one.
    choices : int
        How many choices of which relaxed arcs are the ideal ones are tried, the likeliest first.
    """

    problem: Problem
    original: Problem
    pairs: tuple[tuple[Arc, Arc], ...]
    choices: int

    @classmethod
    def of(cls, problem: Problem, settings: SearchSettings) -> RelaxedCircuit | None:
        """Return the relaxation of a problem; None unless it has ideal and depressed arcs."""
        template = problem.template
        if not template.is_circuit or template.settings:
            return None
        nodes = [node for node, _ in terms_of(template)]
        arcs = {k: arc for k, node in enumerate(nodes) if (arc := arc_of(node)) is not None}
        if len({arc.exponent is None for arc in arcs.values()}) < 2:
            return None
        parts = [f"Zarc_relaxed{k}" if k in arcs else written(node) for k, node in enumerate(nodes)]
        relaxed = Template.from_circuit("-".join(parts))
        theirs = [arc_of(node) for node, _ in terms_of(relaxed)]
        pairs = tuple((arc, other) for k, arc in arcs.items() if (other := theirs[k]) is not None)
        return cls(problem.with_circuit(relaxed), problem, pairs, settings.choices)

    def given_back(self, relaxed: Floats) -> Floats:
        """Return starts of the original problem (K, P) from parameters of the relaxed one."""
        names = self.problem.names
        base = np.array([relaxed[names.index(n)] if n in names else 0.0 for n in self.original.names])
        numbers = range(len(self.pairs))
        ideal = [k for k in numbers if self.pairs[k][0].exponent is None]
        depressed = [k for k in numbers if k not in ideal]
        alpha = [float(np.exp(arc.log_alpha(relaxed))) for _, arc in self.pairs]
        choices = sorted(
            itertools.combinations(numbers, len(ideal)), key=lambda choice: -sum(alpha[k] for k in choice)
        )
        starts = []
        for choice in choices[: self.choices]:
            row = base
            origins = [*choice, *(k for k in numbers if k not in choice)]
            for place, origin in zip([*ideal, *depressed], origins, strict=True):
                row = self.pairs[place][0].with_values_of(row, self.pairs[origin][1], relaxed)
            starts.append(row)
        return np.array(starts)

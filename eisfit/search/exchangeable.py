"""Quantities of one element that can change places at the same impedance, in a settled order."""

from __future__ import annotations

import numpy as np

from eisfit.cell.ties import taking_part
from eisfit.circuit.circuit import leaves
from eisfit.engine.problem import Problem
from eisfit.tools.frozen import Floats


def larger_first(problem: Problem, x: Floats) -> Floats:
    """Return solutions (..., P) in which the larger of two exchangeable quantities comes first.

    They stay where they are if anything is set of one of them: a value, a start, a range or a tie then says which is
    which.
    """
    set_apart = {*problem.template.effective_settings, *taking_part(problem.template.effective_settings)}
    for leaf in leaves(problem.circuit.root):
        columns = [leaf.index(name) for name in leaf.element.exchangeable]
        if columns and set_apart.isdisjoint(problem.names[k] for k in columns):
            x = x.copy()
            x[..., columns] = -np.sort(-x[..., columns], axis=-1)
    return x

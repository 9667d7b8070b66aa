"""The variables of lmfit: logarithms, from which all parameters follow by expressions."""

from __future__ import annotations

import math
from collections.abc import Sequence

import lmfit
import numpy as np

from eisfit.engine.problem import Problem
from eisfit.errors import FitError
from eisfit.interop.lmfit_parameters import is_start
from eisfit.search.arc_order import best_in_order, with_order_kept
from eisfit.search.minima import minima_from_data
from eisfit.tools.frozen import Floats

LOG = "ln_"  # name of a logarithm: this and the name of the parameter


def logarithms(problem: Problem, given: lmfit.Parameters, seed: int) -> lmfit.Parameters:
    """Return parameters whose variables are logarithms, from which all others follow by expressions."""
    found = None
    if any(given[n].vary and not given[n].expr and not is_start(given[n]) for n in problem.names):
        found = _searched(problem, seed)
    inner = lmfit.Parameters()
    ties: list[lmfit.Parameter] = []
    for k, name in enumerate(problem.names):
        p = given[name]
        if p.expr:
            ties.append(p)
        elif p.vary:
            x = math.log(p.value) if found is None or is_start(p) else float(found[k])
            low, high = float(problem.lower[0, k]), float(problem.upper[0, k])
            inner.add(LOG + name, value=min(max(x, low), high), min=low, max=high)
            inner.add(name, expr=f"exp({LOG}{name})")
        else:
            inner.add(LOG + name, value=math.log(p.value), vary=False)
            inner.add(name, value=p.value, vary=False)
    for name in given:
        p = given[name]
        if name in problem.names:
            continue
        if p.expr:
            ties.append(p)
        elif p.vary and p.min >= 0:
            if not is_start(p):
                raise FitError(f"params: {name!r} is no parameter of the circuit; give it a start above 0")
            low, high = (
                math.log(b) if 0 < b < math.inf else s * math.inf for b, s in ((p.min, -1), (p.max, 1))
            )
            inner.add(LOG + name, value=math.log(p.value), min=low, max=high)
            inner.add(name, expr=f"exp({LOG}{name})")
        else:
            inner.add(name, value=p.value, min=p.min, max=p.max, vary=p.vary)
    for p in ties:  # last, because what an expression names must be there
        inner.add(p.name, value=1.0)
    for p in ties:
        inner[p.name].expr = p.expr
    return inner


def _searched(problem: Problem, seed: int) -> Floats:
    """Return starts (P,) from the data; equal arcs of a bare circuit are in order of their time constants."""
    minima = minima_from_data(problem, seed=seed)
    if not problem.template.is_circuit:
        return np.asarray(minima.x[0, 0])
    return np.asarray(best_in_order(problem, with_order_kept(problem, minima, seed))[0][0])


def started(variables: lmfit.Parameters, names: Sequence[str], x: Floats) -> lmfit.Parameters:
    """Return variables whose logarithms of the circuit's parameters start at x, shape (P,)."""
    moved = variables.copy()
    for name, value in zip(names, x, strict=True):
        if LOG + name in moved and moved[LOG + name].vary:
            moved[LOG + name].value = float(value)
    moved.update_constraints()
    return moved

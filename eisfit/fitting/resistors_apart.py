"""Values and laws of resistors in series that other cells tell apart, from fits that know their sum."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

import numpy as np

from eisfit.cell.roles import names_in
from eisfit.cell.templates import Template
from eisfit.circuit.circuit import span
from eisfit.results.fit import Fit
from eisfit.tools.frozen import Floats

_UNSURE = 1.0  # error of the logarithm of a part of a sum

Wanted = TypeVar("Wanted")


def values_apart(fits: Sequence[Fit], template: Template) -> tuple[Floats, Floats]:
    """Return values and errors of ln p, each of shape (N, P), of a template; parts of a sum have equal shares.

    Parameters
    ----------
    fits : sequence of Fit
        Of N spectra.
    template : Template
        As theirs, with resistors that were one apart.
    """
    names = template.circuit.names
    values, errors = np.full((len(fits), len(names)), np.nan), np.full((len(fits), len(names)), np.nan)
    for row, fit in enumerate(fits):
        known = {p.name: p for p in fit.parameters}
        shares = {}
        for whole in fit.template.path:
            parts = [
                s for s in template.path if set(names_in(s.segment.name)) < set(names_in(whole.segment.name))
            ]
            of_whole = fit.template.circuit.names[span(whole.node).start]
            for s in parts:
                shares[names[span(s.node).start]] = fit.values[of_whole] / len(parts) / s.count
        for k, name in enumerate(names):
            if name in known:
                values[row, k], errors[row, k] = fit.values[name], known[name].stderr_log
            elif name in shares:
                values[row, k], errors[row, k] = shares[name], _UNSURE
    return values, errors


def laws_of_parts(laws: Mapping[str, Wanted], templates: Sequence[Template]) -> dict[str, Wanted]:
    """Return laws in which that of a sum is that of each of its parts, where no circuit has the sum."""
    there = {s.segment.name for t in templates for s in t.path}
    found: dict[str, Wanted] = {}
    for name, law in laws.items():
        parts = [s for s in there if set(names_in(s)) < set(names_in(name))]
        if name in there or not parts:
            found[name] = law
        else:
            found |= {part: law for part in sorted(parts) if part not in laws}
    return found

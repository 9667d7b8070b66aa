"""Arcs of a bare circuit that differ in their labels only, and what is set of their parameters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from eisfit.cell.segments import Setting
from eisfit.cell.templates import Template
from eisfit.cell.ties import taking_part
from eisfit.circuit.arc import Arc, arc_of
from eisfit.tools.frozen import Bools, Floats


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


def kept_in_order(template: Template) -> list[EqualArcs]:
    """Return the groups whose order what is set must not change; none of a template, whose arcs have names."""
    if not template.is_circuit:
        return []
    return [group for group in equal_arcs(template) if any(group.set_apart) and not group.sized]

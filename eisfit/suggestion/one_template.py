"""Whether the set of templates holds one answer only."""

from __future__ import annotations

from typing import Any

from eisfit.cell.find import template
from eisfit.suggestion.answer import RankedTemplate, Suggestion


def answers(found: Suggestion) -> tuple[RankedTemplate, ...]:
    """Return the allowed templates that report different contributions, the best first.

    Parameters
    ----------
    found : Suggestion
        What the data allow.

    Notes
    -----
    Templates count as one if the current crosses segments of the same names, roles, counts, circuits and expected
    capacitances between the probes: they then report the same rows. Templates that are equal as functions alone do not,
    because they give one arc to different processes.
    """
    by_report: dict[Any, RankedTemplate] = {}
    for allowed in found.allowed_templates:
        by_report.setdefault(_reported(allowed), allowed)
    return tuple(by_report.values())


def next_of(found: Suggestion) -> RankedTemplate | None:
    """Return the best template that reports other contributions than the first; None where none was compared."""
    first = _reported(found.templates[0])
    return next((t for t in found.templates[1:] if _reported(t) != first), None)


def _reported(ranked: RankedTemplate) -> Any:
    """Return what decides which rows a template reports."""
    whole = template(ranked.name)
    whole = whole.with_electrodes(ranked.electrodes) if ranked.electrodes else whole
    path = [
        (p.segment.name, p.segment.role, p.count, p.segment.circuit, p.segment.capacitance)
        for p in whole.path
    ]
    return frozenset(path), whole.stray, ranked.electrodes

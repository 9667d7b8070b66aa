"""How a template shows itself: a line, and tables of its segments and settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eisfit.cell.description import capacitance, thickness, to_give
from eisfit.cell.roles import role_of
from eisfit.tools.display import Sheet

if TYPE_CHECKING:
    from eisfit.cell.templates import Template


def headline_of(template: Template) -> str:
    """Return name, title and the circuit between the probes."""
    if template.title == template.name:
        return template.name
    only = template.configurations[0].name if len(template.configurations) == 1 else ""
    chosen = template.chosen or only
    path = f"; {chosen}: {template.circuit.text}" if chosen else ""
    return f"{template.name}: {template.title}{path}"


def sheets_of(template: Template) -> list[Sheet]:
    """Return the tables of segments, of what is to be given, and of settings where there are any."""
    found = [_segments(template)]
    if not template.is_circuit:
        found.append(to_give(template))
    if template.settings:
        found.append(_settings(template))
    return found


def _segments(template: Template) -> Sheet:
    counts = {c.name: dict(c.segments) for c in template.configurations}
    rows = tuple(
        (
            s.name,
            s.role,
            s.circuit,
            capacitance(s),
            thickness(role_of(s.role)),
            *(str(counts[c].get(s.name, "")) for c in counts),
        )
        for s in template.segments
    )
    return Sheet("Segments", ("segment", "role", "circuit", "expected capacitance", "by", *counts), rows)


def _settings(template: Template) -> Sheet:
    rows = tuple(
        (name, *("" if v is None else f"{v:g}" for v in (s.start, s.fixed, s.low, s.high)), s.tie or "")
        for name, s in template.settings.items()
    )
    return Sheet("Settings", ("parameter", "start", "fixed", "from", "to", "tied to"), rows)

"""Circuits and templates of a suggestion as rows."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from eisfit.tables.columns import SUGGESTED_CIRCUITS, SUGGESTED_TEMPLATES, Row

if TYPE_CHECKING:
    from eisfit.suggestion import Suggestion


def circuit_rows(found: Suggestion) -> list[Row]:
    """Return a row for each circuit, the best first; those of one curve have the number of their member of the set."""
    numbers = {c.circuit: k for k, c in enumerate(found.members, 1)}
    return [
        {name: getattr(c, name) for name in SUGGESTED_CIRCUITS if name != "member"}
        | {
            "same_function": "; ".join(c.same_function),
            "member": numbers.get(c.same_curve_as or c.circuit),
            "noise_ratio": c.noise_ratio if math.isfinite(c.noise_ratio) else None,
        }
        for c in found.circuits
    ]


def template_rows(found: Suggestion) -> list[Row]:
    """Return a row for each template, the best first."""
    return [
        {name: getattr(t, name) for name in SUGGESTED_TEMPLATES[1:]}
        | {"template": t.name, "against": "; ".join(t.against)}
        for t in found.templates
    ]


def value_rows(found: Suggestion) -> list[Row]:
    """Return a row for each parameter of each circuit of the set in each spectrum, in the units of the elements."""
    return [
        {"circuit": c.circuit, "spectrum": spectrum.label, "parameter": name, "value": value}
        for c in found.allowed_circuits
        for spectrum, values in zip(found.spectra, c.values, strict=True)
        for name, value in values.items()
    ]


def suggestion_tables(found: Suggestion) -> dict[str, list[Row]]:
    """Return the tables ``suggested_circuits``, ``suggested_templates`` and ``suggested_values``."""
    return {
        "suggested_circuits": circuit_rows(found),
        "suggested_templates": template_rows(found),
        "suggested_values": value_rows(found),
    }

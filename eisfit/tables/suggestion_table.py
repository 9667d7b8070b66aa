"""Circuits and templates of a suggestion as rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from eisfit.suggestion import Suggestion

CIRCUITS = (
    "circuit",
    "allowed",
    "fits_as_well",
    "bic_difference",
    "parameters",
    "misfit_percent",
    "noise_ratio",
    "same_function",
    "decided_by",
)
TEMPLATES = ("template", "title", "electrodes", "allowed", "difference", "against", "decided_by")


def circuit_rows(found: Suggestion) -> list[dict[str, Any]]:
    """Return a row for each circuit, the best first."""
    return [
        {name: getattr(c, name) for name in CIRCUITS} | {"same_function": "; ".join(c.same_function)}
        for c in found.circuits
    ]


def template_rows(found: Suggestion) -> list[dict[str, Any]]:
    """Return a row for each template, the best first."""
    return [
        {name: getattr(t, name) for name in TEMPLATES[1:]}
        | {"template": t.name, "against": "; ".join(t.against)}
        for t in found.templates
    ]

"""A suggestion as it is kept in a session: templates and circuits, the best first."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.progress import Progress, told_by

if TYPE_CHECKING:
    from eisfit.suggestion import Suggestion

SUGGESTED = "suggestion.json"  # in the folder of its recipe


@dataclass(frozen=True)
class Choice:
    """A template or a circuit that was looked at.

    Parameters
    ----------
    name : str
        Of the template, or the circuit string.
    title : str
        Of a template; empty for a circuit.
    electrodes : int or None
        With which a template was compared.
    allowed : bool
        Whether it is one of the set that the data allow.
    difference : float
        To the best, in units of BIC.
    why : str
        What speaks against it; of a circuit, its misfit.
    decided_by : str
        The measurement that would tell it from the best; empty for the best.
    """

    name: str
    title: str
    electrodes: int | None
    allowed: bool
    difference: float
    why: str
    decided_by: str


@dataclass(frozen=True)
class Suggested:
    """What the data allow.

    Parameters
    ----------
    headline : str
        The sizes of both sets.
    templates, circuits : tuple of Choice
        The best first.
    remarks : tuple of str
        What the reader should know, and spectra that could not be used.
    """

    headline: str
    templates: tuple[Choice, ...]
    circuits: tuple[Choice, ...]
    remarks: tuple[str, ...]


def suggested(spectra: Sequence[Spectrum], progress: Progress) -> Suggested:
    """Return what spectra allow.

    Parameters
    ----------
    spectra : sequence of Spectrum
        Of one cell.
    progress : callable
        Told how many are done.
    """
    from eisfit.suggestion import suggest

    told = told_by(progress)
    found = suggest(spectra, done=lambda done, total: told("looking at spectra", done, total))
    return _kept(found)


def as_json(found: Suggested) -> bytes:
    """Return it as a file holds it."""
    return json.dumps(asdict(found)).encode()


def read_suggested(path: Path) -> Suggested:
    """Return what a file holds."""
    record = json.loads(path.read_text("utf-8"))
    both = {key: tuple(Choice(**c) for c in record[key]) for key in ("templates", "circuits")}
    return Suggested(record["headline"], both["templates"], both["circuits"], tuple(record["remarks"]))


def _kept(found: Suggestion) -> Suggested:
    templates = tuple(
        Choice(t.name, t.title, t.electrodes, t.allowed, t.difference, "; ".join(t.against[:2]), t.decided_by)
        for t in found.templates
    )
    circuits = tuple(
        Choice(
            c.circuit,
            "",
            None,
            c.allowed,
            c.bic_difference,
            f"misses the data by {c.misfit_percent:.2g} %",
            c.decided_by,
        )
        for c in found.circuits
    )
    refused = (f"{label}: not used: {reason}" for label, reason in found.refused)
    return Suggested(found.headline(), templates, circuits, (*found.remarks, *refused))

"""The template of a series that names none, where its data allow one only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from eisfit.errors import InputError
from eisfit.spectrum.spectrum import Spectrum
from eisfit.suggestion import RankedTemplate, Suggestion, suggest
from eisfit.suggestion.of_series import DIFFERENCE
from eisfit.suggestion.one_template import answers, next_of
from eisfit.tools.progress import Progress, silent, told_by
from eisfit.workflow.cells import ONE, cells_of
from eisfit.workflow.manifest import Manifest, with_template
from eisfit.workflow.read import NothingReadable, all_in_ohm, flipped, read_spectra
from eisfit.workflow.typed import Described


class SeveralTemplates(InputError):
    """The data do not name one template.

    Parameters
    ----------
    text : str
        The sentence with the cure.
    members : tuple of str
        A sentence for each template of the set, with the measurement that tells it from the first.
    """

    def __init__(self, text: str, members: tuple[str, ...] = ()) -> None:
        super().__init__(text)
        self.members = members


def with_suggested(described: Described, flip_sign: bool = False, progress: Progress = silent) -> Described:
    """Return a series with the one template that its data allow, and a sentence that says so.

    Parameters
    ----------
    described : Described
        Without a template.
    flip_sign : bool
        Whether the sign of all imaginary parts is reversed.
    progress : callable
        Told how many spectra are done.

    Raises
    ------
    SeveralTemplates
        If several templates cannot be told apart, in a cell or among cells.
    InputError
        If the manifest names a template, or no template or spectrum can be used.
    NothingReadable
        If no file gave a spectrum.
    """
    manifest = described.manifest
    if manifest.template is not None:
        raise InputError(
            f"{manifest.path}: it names the template {manifest.template!r}; leave out --suggest, or that line"
        )
    cells = cells_of(manifest)
    chosen = {cell: _of_cell(cell, each, flip_sign, progress) for cell, each in cells.items()}
    names = {best.name for best, _ in chosen.values()}
    if len(names) > 1:
        each = "; ".join(f"cell {cell}: {best.name}" for cell, (best, _) in chosen.items())
        raise SeveralTemplates(
            f"the cells allow different templates ({each}); fit them one by one, each with its --template NAME"
        )
    said = tuple(text for _, text in chosen.values())
    return replace(
        described, manifest=with_template(manifest, names.pop(), None), said=(*described.said, *said)
    )


def _of_cell(
    cell: str, manifest: Manifest, flip_sign: bool, progress: Progress
) -> tuple[RankedTemplate, str]:
    """Return the one template that the spectra of a cell allow, and the sentence that says so."""
    of = "" if cell == ONE else f"cell {cell}: "
    read, unread = read_spectra(manifest)
    spectra, _ = all_in_ohm([flipped(s) for s in read] if flip_sign else read)
    if not spectra:
        raise NothingReadable(f"{manifest.path}: {of}no file gave an impedance in ohm", unread)
    found = _looked_at(spectra, progress)
    several = answers(found)
    if not several:
        reasons = "; ".join(f"{label}: {reason}" for label, reason in found.refused[:2])
        raise InputError(
            f"{of}nothing can be suggested{': ' if reasons else ''}{reasons}; give --template NAME"
        )
    if len(several) > 1:
        raise _undecided(of, found)
    if next_of(found) is None:
        name = several[0].name
        raise SeveralTemplates(
            f"{of}{name} is the only template that was compared, as no other one has {several[0].electrodes} "
            f"electrodes, so the data choose nothing; if it is your cell: --template {name}"
        )
    return several[0], f"{of}{_said(several[0], found)}"


def _looked_at(spectra: Sequence[Spectrum], progress: Progress) -> Suggestion:
    """Return what spectra allow, in the order of their temperatures as `eisfit suggest` takes them."""
    told = told_by(progress)

    def temperature(spectrum: Spectrum) -> float:
        celsius = spectrum.conditions.temperature_c
        return np.inf if celsius is None else celsius

    return suggest(
        sorted(spectra, key=temperature),
        done=lambda done, total: told("what the data allow", done, total),
    )


def _undecided(of: str, found: Suggestion) -> SeveralTemplates:
    """Return the error that lists a set, each member with the measurement that tells it from the first."""
    first, *others = found.allowed_templates
    members = [f"{of}{_named(first)}: the first of the set"]
    members += [f"{of}{_named(t)}: told from {first.name} by: {t.decided_by}" for t in others]
    names = ", ".join(t.name for t in found.allowed_templates)
    return SeveralTemplates(
        f"{of}nothing is fitted: the data allow {1 + len(others)} templates ({names}) and cannot tell them apart; "
        "name the one that your cell is: --template NAME",
        tuple(members),
    )


def _named(ranked: RankedTemplate) -> str:
    return f"{ranked.name} with {ranked.electrodes} electrodes" if ranked.electrodes else ranked.name


def _said(best: RankedTemplate, found: Suggestion) -> str:
    """Return the sentence on the one template: how far the next is, and what speaks against it."""
    rival = next_of(found)
    assert rival is not None
    against = f"; against it: {', '.join(best.against[:2])}" if best.against else ""
    return (
        f"template {_named(best)}, suggested by the data: the next, {_named(rival)}, is {rival.difference:.1f} of BIC "
        f"behind, and it takes {DIFFERENCE:g} to exclude it{against}"
    )

"""Cuts that leave no point of a spectrum, said before anything is fitted."""

from __future__ import annotations

from collections.abc import Sequence

from eisfit.cell.templates import Template
from eisfit.errors import InputError
from eisfit.spectrum.spectrum import Spectrum


def refuse_empty(spectra: Sequence[Spectrum], template: Template, where: str = "") -> None:
    """Raise InputError where a cut leaves no spectrum enough points; the sentence names it and the window of the data.

    Where some spectra keep enough, the others fail by themselves, each with its reason.

    Parameters
    ----------
    spectra : sequence of Spectrum
        With the points masked that take no part.
    template : Template
        With its configuration chosen.
    where : str
        The manifest, for the message.
    """
    free = sum(p.name not in _fixed(template) for p in template.circuit.parameters)
    left = max((int(s.used.sum()) for s in spectra), default=free)
    if 2 * left >= free or not all(s.mask.any() for s in spectra):
        return
    cuts = dict.fromkeys(reason for s in spectra for reason in s.mask_reason if reason)
    low = min(float(s.frequency_hz.min()) for s in spectra)
    high = max(float(s.frequency_hz.max()) for s in spectra)
    whose = spectra[0].label if len(spectra) == 1 else f"all {len(spectra)} spectra"
    few = "no point" if left == 0 else f"only {left} point{'s' if left > 1 else ''}"
    at, verb = f"{where}: " if where else "", "are" if left > 1 else "is"
    raise InputError(
        f"{at}{few} of {whose} {verb} left for {free} free parameters: the points are cut {' or '.join(cuts)}, and the "
        f"data go from {low:.4g} to {high:.4g} Hz; widen the cut"
    )


def _fixed(template: Template) -> set[str]:
    return {name for name, setting in template.settings.items() if setting.fixed is not None}

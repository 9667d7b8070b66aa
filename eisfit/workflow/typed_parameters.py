"""What the caller sets of parameters: in the template, in the spectra, in the record of a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from eisfit.cell.segments import Setting
    from eisfit.cell.templates import Template
    from eisfit.spectrum.spectrum import Spectrum


def without_values_of(spectrum: Spectrum, parameters: Mapping[str, Setting]) -> Spectrum:
    """Return a spectrum that knows no values of parameters that the caller sets."""
    known = spectrum.conditions.fixed
    if known.keys().isdisjoint(parameters):
        return spectrum
    left = {name: value for name, value in known.items() if name not in parameters}
    return spectrum.under(replace(spectrum.conditions, fixed=left))


def with_set(template: Template, parameters: Mapping[str, Setting]) -> Template:
    """Return a template with what the caller sets of its parameters between the probes."""
    from eisfit.cell.setting_checks import check_between_probes

    found = template.setting(parameters)
    check_between_probes(found, parameters)
    return found


def said_of(parameters: Mapping[str, Setting]) -> dict[str, Any]:
    """Return settings of parameters for the record of a run."""
    said = {name: {k: v for k, v in asdict(s).items() if v is not None} for name, s in parameters.items()}
    return {"parameters": said} if said else {}

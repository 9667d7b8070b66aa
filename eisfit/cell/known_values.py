"""Parameters that are fixed at a value of their own in each spectrum, known from another measurement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from eisfit.cell.segments import Setting
from eisfit.cell.setting_checks import check_between_probes
from eisfit.cell.templates import Template
from eisfit.errors import TemplateError
from eisfit.spectrum.spectrum import Spectrum


def known_names(template: Template, spectrum: Spectrum) -> frozenset[str]:
    """Return the parameters that are fixed for a spectrum, and not for all by the template."""
    of_all = template.settings
    return frozenset(n for n in spectrum.conditions.fixed if of_all.get(n, Setting()).fixed is None)


def with_known_values(template: Template, spectra: Sequence[Spectrum]) -> Template:
    """Return a template for spectra that know values of its parameters, each its own.

    Parameters
    ----------
    template : Template
        Of all.
    spectra : sequence of Spectrum
        All with the same `known_names`.

    Raises
    ------
    TemplateError
        If a parameter is unknown or not between the probes, a value lies outside its range, or one is missing that
        the template says must be given.
    """
    _refuse_missing(template, spectra)
    first: dict[str, float] = {}
    for spectrum in spectra:
        for name, value in spectrum.conditions.fixed.items():
            first.setdefault(name, value)
    known = {}
    for name, value in first.items():
        of_all = template.settings.get(name, Setting()).fixed
        known[name] = Setting(fixed=value if of_all is None else of_all, each=name)
    if not known:
        return template
    found = template.setting(known)
    check_between_probes(found, known)
    return found


def _refuse_missing(template: Template, spectra: Sequence[Spectrum]) -> None:
    """Refuse spectra without a value that they cannot determine themselves."""
    for name, meaning in template.given:
        if name not in template.circuit.names or template.settings.get(name, Setting()).fixed is not None:
            continue
        without = [s for s in spectra if name not in s.conditions.fixed]
        if without:
            raise TemplateError(
                f"template {template.name!r} needs {name}: {meaning}; spectra do not determine it. Write "
                f"fixed = {{ {name} = 100 }}, with its own value, in series.toml (of all, or of each [[spectrum]])"
            )


def of_one_spectrum(template: Template, fixed: Mapping[str, float]) -> Template:
    """Return a template with the values of one spectrum: it holds without the spectrum.

    Parameters
    ----------
    template : Template
        As `with_known_values` makes it.
    fixed : mapping of str to float
        What the spectrum knows.
    """
    if all(setting.each is None for setting in template.settings.values()):
        return template
    settings = {
        name: setting if setting.each is None else replace(setting, fixed=setting.fixed_in(fixed), each=None)
        for name, setting in template.settings.items()
    }
    asked = None if template.asked is None else of_one_spectrum(template.asked, fixed)
    return replace(template, settings=MappingProxyType(settings), asked=asked)

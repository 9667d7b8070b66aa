"""Spectra whose values are per area or length, and how they become impedances in ohm."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from eisfit.errors import InputError
from eisfit.spectrum.findings import AREA_NORMALISED, RESISTIVITY, Finding

if TYPE_CHECKING:
    from eisfit.spectrum.spectrum import Spectrum

UNITS = {AREA_NORMALISED: "ohm cm2", RESISTIVITY: "ohm cm"}  # by the kind of the finding


def unit_of_values(spectrum: Spectrum) -> str:
    """Return ``ohm``, or the unit in which a finding says that the values are: ``ohm cm2`` or ``ohm cm``."""
    kinds = {finding.kind for finding in spectrum.findings}
    return next((unit for kind, unit in UNITS.items() if kind in kinds), "ohm")


def check_in_ohm(spectrum: Spectrum, error: type[InputError] = InputError) -> None:
    """Raise an error where the values of a spectrum are not in ohm."""
    unit = unit_of_values(spectrum)
    if unit == "ohm":
        return
    known = spectrum.conditions
    given = {"area_cm2": known.area_cm2} | ({"thickness_cm": known.thickness_cm} if unit == "ohm cm" else {})
    missing = ", ".join(f"{name}=..." for name, value in given.items() if value is None)
    raise error(
        f"{spectrum.label or 'spectrum'}: the values are in {unit}, and a fit takes ohm; "
        f"convert them: spectrum.in_ohm({missing})"
    )


def in_ohm(spectrum: Spectrum) -> Spectrum:
    """Return a spectrum in ohm: values in ohm cm2 or ohm cm are scaled by the geometry, with a finding.

    Parameters
    ----------
    spectrum : Spectrum
        Under the conditions that hold for it.

    Raises
    ------
    InputError
        If its values are in ohm cm2 and its area is unknown, or in ohm cm and area or thickness is unknown.
    """
    unit = unit_of_values(spectrum)
    if unit == "ohm":
        return spectrum
    factor, text = _per_geometry(spectrum, unit)
    said = Finding("unit", text)
    findings = (said if finding.kind in UNITS else finding for finding in spectrum.findings)
    return replace(spectrum, z_ohm=spectrum.z_ohm * factor, findings=tuple(findings), checked=None)


def _per_geometry(spectrum: Spectrum, unit: str) -> tuple[float, str]:
    """Return what values in a unit are multiplied by to reach ohm, and the sentence about it."""
    area, thickness = spectrum.conditions.area_cm2, spectrum.conditions.thickness_cm
    named = {"area_cm2": area} | ({"thickness_cm": thickness} if unit == "ohm cm" else {})
    missing = [name for name, value in named.items() if value is None]
    if area is None or missing:
        options = " and ".join("--" + name.replace("_", "-") for name in missing)
        words = " and the ".join(name.partition("_")[0] for name in missing)
        raise InputError(
            f"{spectrum.label or 'the spectrum'}: the values are in {unit} and the {words} "
            f"{'is' if len(missing) == 1 else 'are'} unknown, so no resistance in ohm follows; write "
            f"{' and '.join(missing)} into the manifest, or give {options}; "
            f"in Python spectrum.in_ohm({', '.join(f'{name}=...' for name in missing)})"
        )
    if unit == "ohm cm2" or thickness is None:
        return 1 / area, f"the values in ohm cm2 were divided by area_cm2 = {area:g}: they are in ohm"
    by = f"thickness_cm = {thickness:g} over area_cm2 = {area:g}"
    return thickness / area, f"the values in ohm cm were multiplied by {by}: they are in ohm"

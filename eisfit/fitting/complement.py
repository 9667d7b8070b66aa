"""Other cells that share contributions with the one that is fitted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from eisfit.cell.geometry import layer_thickness_cm
from eisfit.cell.links import place_of
from eisfit.cell.roles import role_of
from eisfit.cell.templates import Template
from eisfit.errors import SeriesError
from eisfit.results.fit import Fit
from eisfit.spectrum.conditions import Conditions
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.frozen import Floats
from eisfit.tools.nearest import did_you_mean


@dataclass(frozen=True, eq=False)
class Complement:
    """Another cell, measured to tell apart what the first one cannot.

    Parameters
    ----------
    spectra : sequence of Spectrum
        Its spectra over the same condition; each knows its area, and the thickness of the layers that are shared.
    template : str, Path or Template
        Its template.
    shares : tuple of str
        Segments that it has in common with the first cell, such as ``("grain boundary",)``: conductivity or
        area-specific resistance, capacitance in its geometry, and exponent are the same in both.
    geometry_err : float
        Relative standard error of thickness / area of this cell against the first; it is a parameter of the joint fit.
    name : str
        For sentences.
    tolerance : float
        By how much, as a relative difference, what is shared may differ in this cell before it is said not to be
        transferable.
    use : bool
        Whether it takes part; otherwise it is left out, and that is said.
    """

    spectra: Sequence[Spectrum]
    template: str | Path | Template
    shares: tuple[str, ...]
    geometry_err: float = 0.02
    name: str = "complement"
    tolerance: float = 0.0
    use: bool = True


def check_shared(complement: Complement, own: Sequence[Template], first: Sequence[Template]) -> None:
    """Raise SeriesError where what another cell shares is not in both cells.

    Parameters
    ----------
    complement : Complement
        The other cell.
    own, first : sequence of Template
        Its circuits, and those of the first cell.
    """
    if not complement.shares:
        raise SeriesError(
            f"complement {complement.name!r} shares nothing; name in shares what it has in common with the first cell"
        )
    for name in complement.shares:
        for templates, cell in ((first, "the first cell"), (own, repr(complement.name))):
            if not any(place_of(name, t) is not None for t in templates):
                there = list(
                    dict.fromkeys(
                        s.segment.name
                        for t in templates
                        for s in t.path
                        if place_of(s.segment.name, t) is not None
                    )
                )
                raise SeriesError(
                    f"complement {complement.name!r} shares {name!r}, which {cell} does not have"
                    f"{did_you_mean(name, there)}; {cell} has {', '.join(there) or 'no segments'}"
                )


def log_geometry(segment: str, role: str, fits: Sequence[Fit], cell: str) -> Floats:
    """Return ln of the factor by which geometry turns a specific resistance into ohm, shape (N,).

    It is thickness / area of a layer, and 1 / area of a boundary.

    Raises
    ------
    SeriesError
        If a spectrum does not know its area, or the thickness of the layer.
    """
    return np.array([_log_factor(segment, role, f.spectrum.conditions, f"{cell}, {f.label}") for f in fits])


def _log_factor(segment: str, role: str, conditions: Conditions, where: str) -> float:
    if conditions.area_cm2 is None:
        raise SeriesError(
            f"{where}: area_cm2 is not known, so {segment!r} cannot be shared; give it in both cells"
        )
    if role_of(role).kind != "layer":
        return -float(np.log(conditions.area_cm2))
    thickness = layer_thickness_cm(role, conditions)
    if thickness is None:
        missing = role_of(role).thickness_key
        raise SeriesError(
            f"{where}: {missing} is not known, so {segment!r} cannot be shared; give it in both cells"
        )
    return float(np.log(thickness / conditions.area_cm2))

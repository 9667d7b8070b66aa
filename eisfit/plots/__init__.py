"""Figures: they draw what they are handed, and compute nothing."""

from __future__ import annotations

from typing import Any

from matplotlib.figure import Figure

from eisfit.errors import InputError
from eisfit.plots._kind import Kind
from eisfit.plots._save import save, save_data
from eisfit.plots._style import SCALE, WIDTH_CM, Style, Width
from eisfit.plots.arrhenius import KIND as _ARRHENIUS
from eisfit.plots.arrhenius import arrhenius
from eisfit.plots.bode import KIND as _BODE
from eisfit.plots.bode import bode
from eisfit.plots.capacitances import KIND as _CAPACITANCES
from eisfit.plots.capacitances import capacitances
from eisfit.plots.circuit import KIND as _CIRCUIT
from eisfit.plots.circuit import circuit
from eisfit.plots.contributions import KIND as _CONTRIBUTIONS
from eisfit.plots.contributions import contributions
from eisfit.plots.nyquist import KIND as _NYQUIST
from eisfit.plots.nyquist import nyquist
from eisfit.plots.nyquist_grid import KIND as _NYQUIST_GRID
from eisfit.plots.nyquist_grid import nyquist_grid
from eisfit.plots.nyquist_inset import KIND as _NYQUIST_INSET
from eisfit.plots.nyquist_inset import nyquist_inset
from eisfit.plots.parameters import KIND as _PARAMETERS
from eisfit.plots.parameters import parameters
from eisfit.plots.real_imaginary import KIND as _REAL_IMAGINARY
from eisfit.plots.real_imaginary import real_imaginary
from eisfit.plots.residuals import KIND as _RESIDUALS
from eisfit.plots.residuals import residuals

KINDS: dict[str, Kind] = {
    "nyquist": _NYQUIST,
    "nyquist_grid": _NYQUIST_GRID,
    "nyquist_inset": _NYQUIST_INSET,
    "bode": _BODE,
    "real_imaginary": _REAL_IMAGINARY,
    "residuals": _RESIDUALS,
    "contributions": _CONTRIBUTIONS,
    "parameters": _PARAMETERS,
    "capacitances": _CAPACITANCES,
    "arrhenius": _ARRHENIUS,
    "circuit": _CIRCUIT,
}

__all__ = [
    "KINDS",
    "Kind",
    "arrhenius",
    "bode",
    "capacitances",
    "circuit",
    "contributions",
    "figure",
    "nyquist",
    "nyquist_grid",
    "nyquist_inset",
    "parameters",
    "real_imaginary",
    "residuals",
    "save",
    "save_data",
]


def figure(kind: str, result: Any, *, style: Style = "paper", width: Width = "single") -> Figure:
    """Return a figure of a result.

    Parameters
    ----------
    kind : str
        A key of `KINDS`.
    result : Series, Fit, Spectrum or Template
        What to draw.
    style : {"paper", "talk"}
        Black on white at journal size; or twice as large, without a background, for slides.
    width : {"single", "double"}
        Of the journal column, 8.3 or 17.1 cm; twice that for a talk.

    Raises
    ------
    InputError
        If there is no such kind, style or width, or the result holds nothing to draw.
    """
    for what, given, known in (("kind", kind, KINDS), ("style", style, SCALE), ("width", width, WIDTH_CM)):
        if given not in known:
            raise InputError(f"no figure {what} {given!r}; known: {', '.join(known)}")
    return KINDS[kind].draw(result, style=style, width=width)

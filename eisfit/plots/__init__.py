"""Figures: they draw what they are handed, and compute nothing."""

from __future__ import annotations

from typing import Any

from matplotlib.figure import Figure

from eisfit.errors import InputError
from eisfit.plots import arrhenius as _arrhenius
from eisfit.plots import nyquist as _nyquist
from eisfit.plots._kind import Kind
from eisfit.plots._save import save
from eisfit.plots._style import SCALE, WIDTH_CM, Style, Width

KINDS: dict[str, Kind] = {
    "nyquist": Kind("impedance in the complex plane, with fits", _nyquist.paint, _nyquist.data),
    "arrhenius": Kind("activation energies of all contributions", _arrhenius.paint, _arrhenius.data),
}

nyquist = _nyquist.nyquist
arrhenius = _arrhenius.arrhenius

__all__ = ["KINDS", "Kind", "arrhenius", "figure", "nyquist", "save"]


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

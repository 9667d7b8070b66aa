"""Figures of spectra, fits, series and templates; they evaluate fitted models and fit nothing."""

from __future__ import annotations

from eisfit.plots.canvas import quick_import as _quick_import  # noqa: F401  # isort: skip  # before Matplotlib's figures

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from matplotlib.figure import Figure

from eisfit.errors import InputError
from eisfit.plots.canvas.choice import Choice, check_taken
from eisfit.plots.canvas.style import SCALE, WIDTH_CM, Style, Width
from eisfit.plots.kind import Kind
from eisfit.plots.kinds.arrhenius import KIND as _ARRHENIUS
from eisfit.plots.kinds.arrhenius import arrhenius
from eisfit.plots.kinds.arrhenius_of_cells import arrhenius_of_cells
from eisfit.plots.kinds.bode import KIND as _BODE
from eisfit.plots.kinds.bode import bode
from eisfit.plots.kinds.capacitance_spectrum import KIND as _CAPACITANCE_SPECTRUM
from eisfit.plots.kinds.capacitance_spectrum import capacitance_spectrum
from eisfit.plots.kinds.capacitances import KIND as _CAPACITANCES
from eisfit.plots.kinds.capacitances import capacitances
from eisfit.plots.kinds.circuit import KIND as _CIRCUIT
from eisfit.plots.kinds.circuit import circuit
from eisfit.plots.kinds.column_map import column_map
from eisfit.plots.kinds.conductivity import KIND as _CONDUCTIVITY
from eisfit.plots.kinds.conductivity import conductivity
from eisfit.plots.kinds.contributions import KIND as _CONTRIBUTIONS
from eisfit.plots.kinds.contributions import contributions
from eisfit.plots.kinds.current_overpotential import current_overpotential
from eisfit.plots.kinds.drt import KIND as _DRT
from eisfit.plots.kinds.drt import drt
from eisfit.plots.kinds.literature import KIND as _LITERATURE
from eisfit.plots.kinds.literature import literature_comparison
from eisfit.plots.kinds.loss_tangent import KIND as _LOSS_TANGENT
from eisfit.plots.kinds.loss_tangent import loss_tangent
from eisfit.plots.kinds.modulus import KIND as _MODULUS
from eisfit.plots.kinds.modulus import modulus
from eisfit.plots.kinds.nyquist import KIND as _NYQUIST
from eisfit.plots.kinds.nyquist import nyquist
from eisfit.plots.kinds.nyquist_grid import KIND as _NYQUIST_GRID
from eisfit.plots.kinds.nyquist_grid import nyquist_grid
from eisfit.plots.kinds.nyquist_inset import KIND as _NYQUIST_INSET
from eisfit.plots.kinds.nyquist_inset import nyquist_inset
from eisfit.plots.kinds.page import KIND as _PAGE
from eisfit.plots.kinds.page import page, pages
from eisfit.plots.kinds.parameters import KIND as _PARAMETERS
from eisfit.plots.kinds.parameters import parameters
from eisfit.plots.kinds.plan import KIND as _PLAN
from eisfit.plots.kinds.plan import plan
from eisfit.plots.kinds.real_imaginary import KIND as _REAL_IMAGINARY
from eisfit.plots.kinds.real_imaginary import real_imaginary
from eisfit.plots.kinds.residuals import KIND as _RESIDUALS
from eisfit.plots.kinds.residuals import residuals
from eisfit.plots.kinds.suggestion import KIND as _SUGGESTION
from eisfit.plots.kinds.suggestion import suggestion
from eisfit.plots.kinds.trend import trend, trend_pages
from eisfit.plots.saving import as_files, data_as_file, save, save_data
from eisfit.tools.nearest import did_you_mean

if TYPE_CHECKING:
    from eisfit.plots.document import About, report_pdf

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
    "conductivity": _CONDUCTIVITY,
    "modulus": _MODULUS,
    "loss_tangent": _LOSS_TANGENT,
    "capacitance_spectrum": _CAPACITANCE_SPECTRUM,
    "drt": _DRT,
    "suggestion": _SUGGESTION,
    "page": _PAGE,
    "plan": _PLAN,
    "literature": _LITERATURE,
}

__all__ = [
    "KINDS",
    "About",
    "Choice",
    "Kind",
    "arrhenius",
    "arrhenius_of_cells",
    "as_files",
    "bode",
    "capacitance_spectrum",
    "capacitances",
    "circuit",
    "column_map",
    "conductivity",
    "contributions",
    "current_overpotential",
    "data_as_file",
    "drt",
    "figure",
    "figures",
    "literature_comparison",
    "loss_tangent",
    "modulus",
    "nyquist",
    "nyquist_grid",
    "nyquist_inset",
    "page",
    "pages",
    "parameters",
    "plan",
    "real_imaginary",
    "report_pdf",
    "residuals",
    "save",
    "save_data",
    "suggestion",
    "trend",
    "trend_pages",
]


def __getattr__(name: str) -> Any:
    """Return a name of the report: what writes PDF pages is imported with the first."""
    if name not in ("About", "report_pdf"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from eisfit.plots import document

    return getattr(document, name)


def figure(
    kind: str, result: Any, *, style: Style = "paper", width: Width = "single", **choice: Any
) -> Figure:
    """Return a figure of a result; where it fills several pages, one with evenly spread panels that says so.

    Parameters
    ----------
    kind : str
        A key of `KINDS`.
    result : Series, Fit, Spectrum or Template, or a list of series
        What to draw; several series are cells that are compared.
    style : {"paper", "talk"}
        Black on white at journal size; or twice as large, without a background, for slides.
    width : {"single", "double"}
        Of the journal column, 8.3 or 17.1 cm; twice that for a talk.
    **choice
        Fields of `Choice`: ``labels``, ``quantity``, ``xlim``, ``ylim``, ``ordinate``, ``contributions``,
        ``energy_unit``, ``names``.

    Raises
    ------
    InputError
        If there is no such kind, style or width, the kind does not take what is chosen, or the result holds nothing
        to draw.
    """
    found, chosen = _asked(kind, style, width, choice)
    return found.draw(result, style=style, width=width, choice=chosen)


def figures(
    kind: str, result: Any, *, style: Style = "paper", width: Width = "single", **choice: Any
) -> list[Figure]:
    """Return the figures of a result, one a page, that together show all of it; none is taller than 23 cm.

    Parameters
    ----------
    kind, result, style, width, **choice
        As for `figure`.

    Raises
    ------
    InputError
        As `figure`.
    """
    found, chosen = _asked(kind, style, width, choice)
    return found.draw_pages(result, style=style, width=width, choice=chosen)


def _asked(kind: str, style: str, width: str, choice: Mapping[str, Any]) -> tuple[Kind, Choice | None]:
    if not isinstance(kind, str):
        raise InputError(
            f"the kind of figure comes first, then the result: figure('nyquist', {type(kind).__name__})"
        )
    for what, given, known in (("kind", kind, KINDS), ("style", style, SCALE), ("width", width, WIDTH_CM)):
        if given not in known:
            raise InputError(
                f"no figure {what} {given!r}{did_you_mean(given, known)}; known: {', '.join(known)}"
            )
    chosen = Choice.of(choice)
    check_taken(kind, chosen, {name: each.takes for name, each in KINDS.items()})
    return KINDS[kind], chosen if chosen.asked else None

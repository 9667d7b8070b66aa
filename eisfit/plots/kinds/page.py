"""One page for a spectrum: plots, residuals, circuit with values, tables, outcome and findings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from eisfit.cell.segments import PathSegment
from eisfit.errors import InputError
from eisfit.plots.canvas.choice import Choice
from eisfit.plots.canvas.curves import MOST_DRAWN, Curve, Result, condition_text, curves
from eisfit.plots.canvas.fit_words import (
    conditions_of,
    contributions_of,
    measured_in,
    notes_of,
    outcome_of,
    parameters_of,
    quality_of,
    remarks_of,
    unit_of,
)
from eisfit.plots.canvas.grid import spread
from eisfit.plots.canvas.legends import root
from eisfit.plots.canvas.paper import SMALL, TEXT, TITLE, Paper, PaperSize, line_cm, shortened
from eisfit.plots.canvas.style import GREY, blank, em, styled
from eisfit.plots.canvas.text_table import Column, printed, table
from eisfit.plots.canvas.units import with_prefix
from eisfit.plots.kind import Kind
from eisfit.plots.kinds.bode import bode
from eisfit.plots.kinds.circuit import circuit
from eisfit.plots.kinds.nyquist import nyquist
from eisfit.plots.kinds.residuals import residuals
from eisfit.results.fit import Fit
from eisfit.results.outcome import Outcome
from eisfit.tools.keywords import known_keywords
from eisfit.version import __version__

_LOWEST_CM, _HIGHEST_CM = 5.2, 6.8  # of the Nyquist plot
_LABELS_CM, _BELOW_CM = 1.45, 0.95  # room for the labels at the left of axes and below them
_UNIT_CM, _MOST_CIRCUIT_CM = 0.86, 5.0  # of the drawing of a circuit: one unit, and its height


@known_keywords
def page(fit: Fit, *, paper: PaperSize = "a4") -> Figure:
    """Return a page that shows one fitted spectrum.

    Parameters
    ----------
    fit : Fit
        What to show; of one that failed, the data and the reason.
    paper : {"a4", "letter"}
        Size of the page.

    Returns
    -------
    Figure
        Nyquist plot with decade marks, modulus, phase and residuals with the band of the noise; the circuit with the
        values of its segments; tables of contributions and parameters; conditions, outcome, findings.

    Raises
    ------
    InputError
        If it is no fit.
    """
    return next(pages([fit], paper=paper))


@known_keywords
def pages(result: Result, *, paper: PaperSize = "a4") -> Iterator[Figure]:
    """Yield a page for each fit of a result, drawn when it is asked for.

    Parameters
    ----------
    result : Fit, Series, or an iterable of them
        What to show.
    paper : {"a4", "letter"}
        Size of the pages.

    Raises
    ------
    InputError
        If there is no fit.
    """
    shown = _fits(result)
    for k, curve in enumerate(shown):
        with styled("paper"):
            figure = blank()
            _paint(Paper(figure, paper), curve, _over(result), f"{k + 1} of {len(shown)}")
        yield figure


def paint(figure: Figure, result: Result | tuple[Result, int]) -> None:
    """Draw on a whole figure; of several fits the first, and the foot says how many there are.

    Parameters
    ----------
    figure : Figure
        Empty.
    result : Fit, Series, an iterable of them, or such a result with the place of one of its fits
        What to show.
    """
    place = 0
    if isinstance(result, tuple) and len(result) == 2 and isinstance(result[1], int):
        result, place = result
    shown = _fits(result)
    which = f"{place + 1} of {len(shown)} spectra" if len(shown) > 1 else ""
    which += f", {MOST_DRAWN} of them with a page" if len(shown) > MOST_DRAWN else ""
    _paint(Paper(figure), shown[place], _over(result), which)


def _divided(_: Figure, result: Result, __: Choice) -> list[tuple[Result, int]]:
    """Return what each page shows: the result with the place of one fit; of many fits some, evenly spread."""
    return [(result, place) for place in spread(len(_fits(result)), MOST_DRAWN)]


def _over(result: Result) -> str:
    return curves(result).over


def _fits(result: Result) -> list[Curve]:
    found = [curve for curve in curves(result).curves if curve.fit is not None]
    if not found:
        raise InputError(
            "there is no page to draw: nothing was fitted; fit the spectra by eisfit.fit or eisfit.fit_series"
        )
    return found


def _paint(paper: Paper, curve: Curve, over: str, which: str) -> None:
    assert curve.fit is not None
    paint_page(paper, curve.fit, condition_text(curve, over) if curve.condition is not None else "", over)
    paper.foot(f"eisfit {__version__}  ·  {curve.label}", which)


def paint_page(paper: Paper, fit: Fit, condition: str, over: str = "temperature_c") -> None:
    """Draw all of a page but its foot.

    Parameters
    ----------
    paper : Paper
        Empty.
    fit : Fit
        What to show.
    condition : str
        What tells it from the others, at the right end of the title.
    over : str
        Name of that condition.
    """
    _head(paper, fit, condition, over)
    _circuit(paper, fit)
    _plots(paper, fit)
    if fit.outcome is not Outcome.FAILED:
        _residuals(paper, fit)
    _tables(paper, fit)
    _remarks(paper, fit)


def _head(paper: Paper, fit: Fit, condition: str, over: str) -> None:
    room = paper.width_cm - 4.0
    paper.write(shortened(fit.label, room * SMALL / TITLE), size=TITLE, bold=True)
    paper.write(condition, paper.width_cm, size=TITLE, bold=True, side="right")
    paper.skip(line_cm(TITLE) + 0.05)
    known = conditions_of(fit.spectrum, leave_out=[over] if condition else [])
    title = fit.template.title if fit.template.title != fit.template.name else ""
    for text in (
        measured_in(fit.spectrum),
        "  ·  ".join(known),
        f"{title}: {fit.template.circuit.text}" if title else fit.template.circuit.text,
    ):
        if text:
            paper.paragraph(text, colour=_soft())
    paper.rule(paper.at_cm + 0.08, points=0.35)
    paper.skip(0.2)


def _soft() -> str:
    return "#505050"


def _circuit(paper: Paper, fit: Fit) -> None:
    """Draw the circuit in the middle, with the values of its segments below their names."""
    ax = paper.axes(0, paper.width_cm, 1.0)
    circuit(fit, ax=ax)
    (x0, x1), (y0, y1) = ax.get_xlim(), ax.get_ylim()
    below = _values_below(ax, fit)
    unit = min(_UNIT_CM, paper.width_cm / (x1 - x0), _MOST_CIRCUIT_CM / (y1 - y0))
    width, height = unit * (x1 - x0), unit * (y1 - y0)
    ax.set_position(paper.frame((paper.width_cm - width) / 2, width, height))
    ax.set(xticks=[], yticks=[])
    for x, y, lines, text in below:
        ax.annotate(
            text,
            (x, y),
            (0, -(lines * em() * 72 + 2)),
            textcoords="offset points",
            ha="center",
            va="top",
            fontsize=72 * em(),
            linespacing=1.15,
        )
    paper.skip(height + (2 * line_cm(SMALL) if below else 0.0))
    if not below and fit.parameters:
        values = (f"{p.name} = {p.value:.4g} {unit_of(p.unit)}".strip() for p in fit.parameters)
        paper.paragraph(printed(",  ".join(values)))
    paper.skip(0.2)


def _values_below(ax: Axes, fit: Fit) -> list[tuple[float, float, int, str]]:
    """Return where the values of named segments stand: below the lines of their names, and what they say."""
    named = [part for part in fit.template.path if part.segment.role or part.count > 1]
    bars = [line for line in ax.lines if line.get_gid() == "segment"]
    found = []
    for part, bar in zip(named, bars, strict=True):
        x = float(np.mean(np.asarray(bar.get_xdata(), float)))
        names = [
            t for t in ax.texts if t.get_verticalalignment() == "top" and abs(t.get_position()[0] - x) < 1e-6
        ]
        text = _value_of(fit, part)
        if text and names:
            found.append((x, float(names[-1].get_position()[1]), names[-1].get_text().count("\n") + 1, text))
    return found


def _value_of(fit: Fit, part: PathSegment) -> str:
    """Return resistance and capacitance of one segment, where it has a row of its own."""
    row = next(
        (r for r in fit.contributions if r.segments == (part.segment.name,) and r.kind in ("segment", "sum")),
        None,
    )
    if row is None:
        return ""
    lines = []
    if np.isfinite(row.resistance_ohm):
        lines.append(with_prefix(row.resistance_ohm / row.count, "Ω"))
    elif np.isfinite(row.limit_ohm):
        lines.append(
            f"{'<' if row.resolved == 'upper limit' else '>'} {with_prefix(row.limit_ohm / row.count, 'Ω')}"
        )
    if np.isfinite(row.capacitance_f):
        lines.append(with_prefix(row.capacitance_f, "F"))
    return "\n".join(lines)


def _plots(paper: Paper, fit: Fit) -> None:
    """Draw the Nyquist plot at the left; modulus and phase at the right, as high as it is."""
    left_cm = 0.55 * paper.width_cm
    width = left_cm - _LABELS_CM - 0.2
    ax = paper.axes(_LABELS_CM, width, _HIGHEST_CM)
    nyquist(fit, ax=ax)
    (x0, x1), (y0, y1) = ax.get_xlim(), ax.get_ylim()
    own = width * (y1 - y0) / (x1 - x0)
    height = min(max(own, _LOWEST_CM), _HIGHEST_CM)
    ax.set_position(paper.frame(_LABELS_CM, width, height))
    one = (height - 0.2) / 2
    at, narrow = left_cm + _LABELS_CM + 0.1, paper.width_cm - left_cm - _LABELS_CM - 0.1
    above = paper.axes(at, narrow, one)
    below = paper.axes(at, narrow, one, below_cm=one + 0.2)
    bode(fit, axes=[above, below])
    below.set_xlim(above.get_xlim())
    above.tick_params(labelbottom=False)
    _aligned([above, below])
    paper.skip(height + _BELOW_CM)


def _aligned(axes: list[Axes]) -> None:
    """Put the names of the y axes at the same distance."""
    for ax in axes:
        ax.yaxis.set_label_coords(-1.05 / _width_cm(ax), 0.5)


def _width_cm(ax: Axes) -> float:
    return float(ax.get_position().width * root(ax).get_figwidth() * 2.54)


def _residuals(paper: Paper, fit: Fit) -> None:
    """Draw the residuals of real and imaginary part side by side."""
    half, height = paper.width_cm / 2, 2.8
    real = paper.axes(_LABELS_CM, half - _LABELS_CM - 0.3, height)
    imaginary = paper.axes(half + _LABELS_CM + 0.2, half - _LABELS_CM - 0.2, height)
    residuals(fit, axes=[real, imaginary])
    real.set_xlabel(imaginary.get_xlabel())
    _aligned([real, imaginary])
    paper.skip(height + _BELOW_CM)


def _tables(paper: Paper, fit: Fit) -> None:
    for title, (columns, rows) in (
        ("Contributions", contributions_of(fit)),
        ("Parameters of the circuit", parameters_of(fit)),
    ):
        if rows:
            paper.heading(title)
            _as_far_as_there_is_room(paper, columns, rows)
            if title == "Contributions":
                paper.skip(0.1)
                for note in notes_of(fit):
                    paper.paragraph(note, colour=_soft())


def _as_far_as_there_is_room(paper: Paper, columns: list[Column], rows: list[list[str]]) -> None:
    written = table(paper, columns, rows)
    if written < len(rows):
        paper.paragraph(f"and {len(rows) - written} more rows: see the tables of the results", colour=GREY)


def _remarks(paper: Paper, fit: Fit) -> None:
    """Write the outcome and the findings as far as there is room; the last line counts what is missing."""
    paper.heading(f"Outcome: {outcome_of(fit)}", TEXT)
    if quality := quality_of(fit):
        paper.paragraph(quality)
    said = remarks_of(fit)
    for k, text in enumerate(said):
        left = len(said) - k
        last = f"and {left} more remarks: see spectra.csv of the results"
        enough = paper.room_cm > 4 * line_cm() or left == 1
        if not (enough and paper.paragraph(text, hang="•  ")):
            paper.paragraph(last, colour=_soft())
            return


def data(result: Result) -> list[dict[str, Any]]:
    """Return the plotted numbers of all pages: points with their residuals, and the fitted curves."""
    over = _over(result)
    return [row for curve in _fits(result) for row in _rows(curve, over)]


def _rows(curve: Curve, over: str) -> list[dict[str, Any]]:
    assert curve.fit is not None
    s, n = curve.spectrum, len(curve.spectrum)
    failed = curve.fit.outcome is Outcome.FAILED
    residual = np.full(n, np.nan + 0j) if failed else curve.fit.residual_percent
    grid, fitted = curve.dense()
    kinds = ["masked" if masked else "measured" for masked in s.mask] + ["fitted"] * grid.size
    f, z = np.concatenate([s.frequency_hz, grid]), np.concatenate([s.z_ohm, fitted])
    return [
        {
            "spectrum": curve.label,
            over: curve.condition,
            "kind": kind,
            "frequency_hz": float(f[k]),
            "z_real_ohm": float(z[k].real),
            "minus_z_imag_ohm": float(-z[k].imag),
            "z_modulus_ohm": float(np.abs(z[k])),
            "minus_phase_deg": float(-np.angle(z[k], deg=True)),
            "residual_real_percent": float(residual[k].real) if k < n else None,
            "residual_imag_percent": float(residual[k].imag) if k < n else None,
        }
        for k, kind in enumerate(kinds)
    ]


KIND = Kind(
    "one page for each spectrum: plots, residuals, circuit, values", paint, data, pages=_divided, printed=True
)

"""The circuit diagram of a template: the segments on the path of the current, in order, with their counts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from eisfit.cell.segments import PathSegment
from eisfit.cell.templates import Template
from eisfit.circuit.circuit import leaves
from eisfit.errors import InputError
from eisfit.plots.canvas.choice import BY_DEFAULT, Choice
from eisfit.plots.canvas.curves import as_drawn, value_text
from eisfit.plots.canvas.diagram import BRANCH, LEAF, draw_node, size
from eisfit.plots.canvas.style import blank, em, ink, role_colours, styled
from eisfit.plots.canvas.symbols import HALF
from eisfit.plots.canvas.units import SYMBOLS, UNITS, scientific, with_prefix
from eisfit.plots.kind import Kind
from eisfit.results.contribution import FittedParameter
from eisfit.results.fit import Fit
from eisfit.results.outcome import Outcome
from eisfit.results.series import Series
from eisfit.tools.keywords import known_keywords

Drawable: TypeAlias = Template | Fit | Series

UNIT_EM = 3.5  # least size of a unit
_ABOVE, _BELOW, _BARE = 0.75, 1.05, 0.45  # room for the labels of elements and of segments
_END = 0.055  # radius of a terminal
_MARGIN = 0.35
_LINE_EM = 1.45
_NARROW_EM = 30.0
_LETTER_EM = 0.58  # mean width of a letter
_PREFIXED = ("Ω", "s", "F", "H")
_SYMBOLS_SAID = {
    "Zarc": "Zarc (box with an arc): $R$ ∥ CPE, $τ$ = ($R$$Q$)$^{1/α}$",
    "K": "K (box with an arc): $R$ ∥ $C$, $τ$ = $R$$C$",
    "CPE": "CPE (arrow heads): $Z$ = 1/($Q$(j$ω$)$^{α}$)",
}


def template_of(result: Drawable) -> Template:
    """Return a template, or the template of a fit or series.

    Raises
    ------
    InputError
        If it has none.
    """
    if isinstance(result, Series):
        result = result[0]
    found = result.template if isinstance(result, Fit) else result
    if isinstance(found, tuple | list) and found and all(isinstance(each, Series | Fit) for each in found):
        raise InputError(
            f"a figure of a circuit shows that of one cell, and these are {len(found)} results: draw each alone"
        )
    if not isinstance(found, Template):
        raise InputError(
            f"cannot draw the circuit of {type(result).__name__}: give a Template, a Fit or a Series"
        )
    return found


@known_keywords
def circuit(template: Drawable, *, ax: Axes | None = None) -> Axes:
    """Draw the circuit that the chosen electrodes see.

    Parameters
    ----------
    template : Template, Fit or Series
        What to draw; of a fit the template as it was fitted.
    ax : Axes, optional
        Where; on a new figure of one column if not given.

    Returns
    -------
    Axes
        Without frame and ticks. A segment that is crossed more than once carries its count.
    """
    if ax is None:
        with styled("paper"):
            return paint(blank(), template)
    return _draw(ax, _rows(template_of(template).path, 12.0))


def paint(figure: Figure, template: Drawable, choice: Choice = BY_DEFAULT) -> Axes:
    """Draw on a whole figure and give it the height that the rows need; of a fit with its values below."""
    figure.set_layout_engine("none")
    ax = figure.add_axes((0, 0, 1, 1))
    drawn = template_of(template)
    room = figure.get_figwidth() / em() / UNIT_EM - 2 * _MARGIN
    _draw(ax, _rows(drawn.path, room))
    (x0, x1), (y0, y1) = ax.get_xlim(), ax.get_ylim()
    scale = min(figure.get_figwidth() / (x1 - x0), 1.4 * UNIT_EM * em())
    spare = figure.get_figwidth() / scale - (x1 - x0)
    ax.set_xlim(x0 - spare / 2, x1 + spare / 2)
    wide = figure.get_figwidth() / em()
    said = [*values_of(template, 2 if wide < _NARROW_EM else 3, int(wide / _LETTER_EM)), *_explained(drawn)]
    below = (_LINE_EM * len(said) + 0.5) * em() if said else 0.0
    whole = (y1 - y0) * scale + below
    figure.set_figheight(whole)
    ax.set_position((0, below / whole, 1, 1 - below / whole))
    for k, text in enumerate(said):
        y = (below - (k + 0.5) * _LINE_EM * em()) / whole
        figure.text(0.04, y, text, ha="left", va="center")
    return ax


def values_of(result: Drawable, in_line: int = 3, letters: int = 100) -> list[str]:
    """Return the fitted values of each segment, at most so many and so many letters in a line.

    Those of a series are at the temperature nearest to 25 °C.
    """
    fit = _fit_of(result)
    if fit is None or not fit.parameters:
        return []
    where = fit.spectrum.conditions.temperature_c
    at = "" if where is None else f" at {value_text(where, 'temperature_c')}"
    found = [f"values of one segment each{at}:"]
    by_name = {p.name: p for p in fit.parameters}
    known = {p.name: p for p in fit.template.circuit.parameters}
    for part in fit.template.path:
        names = {leaf.name for leaf in leaves(part.node)}
        said = [_value(by_name[n], known[n].quantity.name) for n in by_name if known[n].leaf in names]
        found += _lines(as_drawn(part.segment.name), said, in_line, letters)
    return found


def _lines(name: str, said: Sequence[str], in_line: int, letters: int) -> list[str]:
    """Return the values of a segment on as many lines as they need; a long name stands alone."""
    rows, indent = [f"{name}: "], "    "
    count = 0
    for text in said:
        joined = f"{rows[-1]}{', ' if count else ''}{text}"
        if count < in_line and (_length(joined) <= letters or rows[-1] == indent):
            rows[-1], count = joined, count + 1
        else:
            rows, count = [*rows, f"{indent}{text}"], 1
    return [row.rstrip() for row in rows]


def _length(text: str) -> int:
    """Return how many letters of a text are drawn."""
    return len(re.sub(r"\$([^$]*)\$", lambda found: re.sub(r"[{}_^\\]", "", found[1]), text))


def _fit_of(result: Drawable) -> Fit | None:
    if isinstance(result, Series):
        good = [f for f in result if f.parameters and f.outcome is not Outcome.FAILED]
        at = [f.spectrum.conditions.temperature_c for f in good]
        return min(
            zip(good, at, strict=True), key=lambda pair: abs((pair[1] or 0.0) - 25), default=(None, None)
        )[0]
    return result if isinstance(result, Fit) else None


def _value(fitted: FittedParameter, quantity: str) -> str:
    symbol = SYMBOLS.get(quantity, f"${quantity}$")
    nothing = fitted.unit != "1" and fitted.state in ("physical limit", "lower bound")
    if nothing or not np.isfinite(fitted.value):
        return f"{symbol} not seen"
    unit = UNITS.get(fitted.unit, fitted.unit)
    if unit in _PREFIXED:
        shown = with_prefix(fitted.value, unit)
    elif 1e-3 <= fitted.value < 1e4:
        shown = f"{fitted.value:.3g} {unit}".strip()
    else:
        shown = f"{scientific(fitted.value)} {unit}".strip()
    mark = {"fixed": " (fixed)", "upper bound": " (at its bound)"}.get(fitted.state, "")
    return f"{symbol} = {shown}{mark}"


def _explained(drawn: Template) -> list[str]:
    """Return what symbols stand for that not everybody knows."""
    kinds = {leaf.element.name for part in drawn.path for leaf in leaves(part.node)}
    return [text for kind, text in _SYMBOLS_SAID.items() if kind in kinds]


def _rows(on_path: Sequence[PathSegment], room: float) -> list[list[PathSegment]]:
    """Break the segments into as few rows as the room allows, of much the same width."""
    rows = _broken(on_path, room)
    while room > 1 and len(narrower := _broken(on_path, room - LEAF / 4)) == len(rows):
        rows, room = narrower, room - LEAF / 4
    return rows


def _broken(on_path: Sequence[PathSegment], room: float) -> list[list[PathSegment]]:
    rows: list[list[PathSegment]] = [[]]
    for part in on_path:
        if rows[-1] and sum(size(s.node)[0] for s in (*rows[-1], part)) > room:
            rows.append([])
        rows[-1].append(part)
    return rows


def _draw(ax: Axes, rows: list[list[PathSegment]]) -> Axes:
    parts = [s for row in rows for s in row]
    colours = dict(zip(map(id, parts), role_colours([s.segment.role for s in parts]), strict=True))
    widest = max(sum(size(s.node)[0] for s in row) for row in rows)
    y, x = 0.0, 0.0
    for k, row in enumerate(rows):
        high = max(size(s.node)[1] for s in row)
        y -= high / 2 + _ABOVE - BRANCH / 2
        x = 0.0
        _end(ax, -_END, y, open_=k == 0)
        for part in row:
            x = _segment(ax, part, x, y, high, colours[id(part)])
        _end(ax, x + _END, y, open_=k == len(rows) - 1)
        y -= high / 2 - BRANCH / 2 + (_BELOW if any(s.segment.role for s in row) else _BARE)
    ax.set_xlim(-_MARGIN, widest + _MARGIN)
    ax.set_ylim(y - 0.05, 0.05)
    ax.set_aspect("equal")
    ax.set_axis_off()
    return ax


def _end(ax: Axes, x: float, y: float, open_: bool) -> None:
    """Mark an end of a row: a terminal, or an arrow where the next row goes on."""
    marker, face = ("o", "none") if open_ else (">", ink())
    ax.plot([x], [y], marker, color=ink(), markerfacecolor=face, markersize=0.45 * 72 * em(), clip_on=False)


def _segment(ax: Axes, part: PathSegment, x: float, y: float, high: float, colour: str) -> float:
    """Draw a segment with its name below; return where it ends."""
    width = size(part.node)[0]
    draw_node(ax, part.node, x, y, colour)
    names = []
    if part.segment.role:
        names.append(_wrapped(as_drawn(part.segment.name), width))
    if part.count > 1:
        names.append(f"× {part.count}")
    if names:
        below = y - high / 2 + BRANCH / 2 - HALF - 0.12
        ax.plot([x + 0.12, x + width - 0.12], [below] * 2, color=colour, gid="segment")
        ax.text(
            x + width / 2,
            below - 0.08,
            "\n".join(names),
            color=colour,
            ha="center",
            va="top",
            linespacing=1.0,
        )
    return x + width


def _wrapped(name: str, width: float) -> str:
    """Break a name at its spaces so that it stays above its segment."""
    lines = [""]
    for word in name.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and len(longer) > 7 * width:
            lines.append(word)
        else:
            lines[-1] = longer
    return "\n".join(lines)


def data(template: Drawable, choice: Choice = BY_DEFAULT) -> list[dict[str, Any]]:
    """Return the elements to draw in order, each with its segment."""
    return [
        {
            "segment": part.segment.name,
            "role": part.segment.role,
            "count": part.count,
            "circuit": part.segment.circuit,
            "element": leaf.name,
        }
        for part in template_of(template).path
        for leaf in leaves(part.node)
    ]


KIND = Kind("the equivalent circuit", paint, data)

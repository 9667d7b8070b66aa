"""The circuit diagram of a template: the segments on the path of the current, in order, with their counts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from eisfit.cell.segments import PathSegment
from eisfit.cell.templates import Template
from eisfit.circuit.circuit import leaves
from eisfit.errors import InputError
from eisfit.plots.canvas.curves import as_drawn
from eisfit.plots.canvas.diagram import BRANCH, LEAF, draw_node, size
from eisfit.plots.canvas.style import blank, em, ink, role_colours, styled
from eisfit.plots.canvas.symbols import HALF
from eisfit.plots.kind import Kind
from eisfit.results.fit import Fit
from eisfit.results.series import Series

Drawable: TypeAlias = Template | Fit | Series

UNIT_EM = 3.5  # least size of a unit
_ABOVE, _BELOW, _BARE = 0.75, 1.05, 0.45  # room for the labels of elements and of segments
_END = 0.055  # radius of a terminal
_MARGIN = 0.35


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
    if not isinstance(found, Template):
        raise InputError(
            f"cannot draw the circuit of {type(result).__name__}: give a Template, a Fit or a Series"
        )
    return found


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


def paint(figure: Figure, template: Drawable) -> Axes:
    """Draw on a whole figure and give it the height that the rows need."""
    figure.set_layout_engine("none")
    ax = figure.add_axes((0, 0, 1, 1))
    room = figure.get_figwidth() / em() / UNIT_EM - 2 * _MARGIN
    _draw(ax, _rows(template_of(template).path, room))
    (x0, x1), (y0, y1) = ax.get_xlim(), ax.get_ylim()
    scale = min(figure.get_figwidth() / (x1 - x0), 1.4 * UNIT_EM * em())
    spare = figure.get_figwidth() / scale - (x1 - x0)
    ax.set_xlim(x0 - spare / 2, x1 + spare / 2)
    figure.set_figheight((y1 - y0) * scale)
    return ax


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


def data(template: Drawable) -> list[dict[str, Any]]:
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

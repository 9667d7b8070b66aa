"""The circuit of a template as SVG in the colours of the page, without what figures need."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from math import ceil

from eisfit.app.figures import COLOURS
from eisfit.cell.segments import PathSegment
from eisfit.cell.templates import Template
from eisfit.circuit.circuit import InParallel, Node, Placed
from eisfit.elements import ELEMENTS

LEAF, BRANCH, SIDE = (
    52.0,
    42.0,
    10.0,
)  # an element with its wires, from branch to branch, a wire beside these; pixels
ROOM = 560.0  # of a row
_BOX, _HALF = 28.0, 8.0
_NAME, _SEGMENT = 11.0, 13.0  # letters of elements and of segments
_LETTER = 0.56  # mean width of a letter, in its height
_WIRE = "currentColor"


def circuit_svg(cell: Template) -> str:
    """Return the segments on the path of the current, in order, each with its name and count.

    Parameters
    ----------
    cell : Template
        With its configuration chosen. A row that would be too long goes on in the next.

    Returns
    -------
    str
        Wires and letters take the colour of the text around.
    """
    rows, colours = _rows(cell.path), COLOURS[:-1]
    parts: list[str] = []
    y, number = 0.0, 0
    for row in rows:
        high = max(_size(part.node)[1] for part in row)
        x, middle = SIDE, y + 8 + high / 2
        parts.append(_terminal(x - 4, middle))
        for part in row:
            parts.append(_segment(part, x, middle, high, colours[number % len(colours)]))
            x, number = x + _wide(part), number + 1
        parts.append(_terminal(x + 4, middle))
        y += high + 8 + 2.2 * _SEGMENT
    width = max(sum(map(_wide, row)) for row in rows) + 2 * SIDE
    said = escape(", ".join(f"{p.segment.name}: {p.segment.circuit}" for row in rows for p in row))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="circuit: {said}" fill="none" '
        f'viewBox="0 0 {width:.0f} {y:.0f}" style="width: {width:.0f}px; max-width: 100%" '
        f'stroke-width="1.6" font-family="sans-serif">{"".join(parts)}</svg>'
    )


def _rows(path: Sequence[PathSegment]) -> list[list[PathSegment]]:
    """Break segments into as few rows as there is room for."""
    rows: list[list[PathSegment]] = [[]]
    for part in path:
        if rows[-1] and sum(map(_wide, (*rows[-1], part))) > ROOM:
            rows.append([])
        rows[-1].append(part)
    return rows


def _said(part: PathSegment) -> str:
    count = f" × {part.count}" if part.count > 1 else ""
    return (part.segment.name if part.segment.role else "") + count


def _wide(part: PathSegment) -> float:
    """Return how much room a segment takes with its name."""
    return max(_size(part.node)[0], ceil(_LETTER * _SEGMENT * len(_said(part))) + 8)


def _size(node: Node) -> tuple[float, float]:
    if isinstance(node, Placed):
        if not node.inner:
            return LEAF, BRANCH
        inner = [_size(part) for part in node.inner]
        return sum(w for w, _ in inner) + SIDE * (len(inner) + 1), max(h for _, h in inner) + 2 * SIDE
    inner = [_size(part) for part in node.parts]
    if isinstance(node, InParallel):
        return max(w for w, _ in inner) + 2 * SIDE, sum(h for _, h in inner)
    return sum(w for w, _ in inner), max(h for _, h in inner)


def _segment(part: PathSegment, x: float, y: float, high: float, colour: str) -> str:
    """Draw a segment whose wire comes in at (x, y), with its name below."""
    own, wide, foot = _size(part.node)[0], _wide(part), y + high / 2 + 2
    start = x + (wide - own) / 2
    drawn = _line(x, y, start, y) + _node(part.node, start, y, colour) + _line(start + own, y, x + wide, y)
    if said := _said(part):
        drawn += _line(x + 4, foot, x + wide - 4, foot, colour)
        drawn += _text(x + wide / 2, foot + _SEGMENT + 1, said, _SEGMENT)
    return drawn


def _node(node: Node, x: float, y: float, colour: str) -> str:
    if isinstance(node, Placed):
        return _framed(node, x, y, colour) if node.inner else _element(node, x, y, colour)
    if isinstance(node, InParallel):
        return _parallel(node, x, y, colour)
    drawn = ""
    for part in node.parts:
        drawn += _node(part, x, y, colour)
        x += _size(part)[0]
    return drawn


def _parallel(node: InParallel, x: float, y: float, colour: str) -> str:
    width, height = _size(node)
    left, right, top = x + SIDE, x + width - SIDE, y - height / 2
    drawn, centres = _line(x, y, left, y) + _line(right, y, x + width, y), []
    for part in node.parts:
        w, h = _size(part)
        centre, start = top + h / 2, (left + right - w) / 2
        drawn += _line(left, centre, start, centre) + _line(start + w, centre, right, centre)
        drawn += _node(part, start, centre, colour)
        centres.append(centre)
        top += h
    return drawn + "".join(_line(edge, centres[0], edge, centres[-1]) for edge in (left, right))


def _framed(node: Placed, x: float, y: float, colour: str) -> str:
    """Draw an element that holds circuits as a frame around these."""
    width, height = _size(node)
    top = y - height / 2 + SIDE
    drawn = _box(x + SIDE / 2, top, width - SIDE, height - SIDE, colour, ' stroke-dasharray="4 3"')
    drawn += _text(x + width / 2, top - 3, node.name, _NAME)
    at = x
    for part in node.inner:
        drawn += _line(at, y, at + SIDE, y) + _node(part, at + SIDE, y, colour)
        at += _size(part)[0] + SIDE
    return drawn + _line(at, y, at + SIDE, y)


def _element(leaf: Placed, x: float, y: float, colour: str) -> str:
    kind, middle = leaf.element.name, x + LEAF / 2
    is_arc = kind in ELEMENTS and bool(ELEMENTS[kind].arc)
    draw, inner = _SYMBOLS.get(kind, (_arc if is_arc else _named(kind), _BOX))
    wires = _line(x, y, middle - inner / 2, y) + _line(middle + inner / 2, y, x + LEAF, y)
    return wires + draw(middle, y, colour) + _text(middle, y - _HALF - 3, leaf.name, _NAME)


def _resistor(x: float, y: float, colour: str) -> str:
    return _box(x - _BOX / 2, y - 0.7 * _HALF, _BOX, 1.4 * _HALF, colour)


def _capacitor(x: float, y: float, colour: str) -> str:
    return "".join(_line(x + side, y - _HALF, x + side, y + _HALF, colour) for side in (-3, 3))


def _constant_phase(x: float, y: float, colour: str) -> str:
    return "".join(
        _way(f"M{x + start:.1f} {y - _HALF:.1f}l6 {_HALF}l-6 {_HALF}", colour) for start in (-9, -3)
    )


def _inductor(x: float, y: float, colour: str) -> str:
    return _way(f"M{x - _BOX / 2:.1f} {y:.1f}" + "a3.5 3.5 0 0 1 7 0" * 4, colour)


def _arc(x: float, y: float, colour: str) -> str:
    """Draw a box with a depressed arc: a resistor beside a constant-phase element."""
    arc = _way(f"M{x - 10:.1f} {y + 5:.1f}a11 11 0 0 1 20 0m2 0h-24", colour)
    return _box(x - _BOX / 2, y - _HALF, _BOX, 2 * _HALF, colour) + arc


def _named(kind: str) -> Callable[[float, float, str], str]:
    def draw(x: float, y: float, colour: str) -> str:
        return _box(x - _BOX / 2, y - _HALF, _BOX, 2 * _HALF, colour) + _text(x, y + 3.5, kind, 9.0)

    return draw


_SYMBOLS: dict[str, tuple[Callable[[float, float, str], str], float]] = {
    "R": (_resistor, _BOX),
    "C": (_capacitor, 6.0),
    "CPE": (_constant_phase, 6.0),
    "L": (_inductor, _BOX),
}


def _line(x: float, y: float, to_x: float, to_y: float, colour: str = _WIRE) -> str:
    return _way(f"M{x:.1f} {y:.1f}L{to_x:.1f} {to_y:.1f}", colour)


def _way(points: str, colour: str) -> str:
    return f'<path d="{points}" stroke="{colour}"/>'


def _box(x: float, y: float, width: float, height: float, colour: str, dashed: str = "") -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"'
    return f'<rect {place} stroke="{colour}" fill="{colour}" fill-opacity="0.15"{dashed}/>'


def _terminal(x: float, y: float) -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" stroke="{_WIRE}"/>'


def _text(x: float, y: float, said: str, size: float) -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="middle" font-size="{size}"'
    return f'<text {place} fill="{_WIRE}">{escape(said)}</text>'

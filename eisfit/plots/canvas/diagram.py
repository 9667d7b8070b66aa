"""The tree of a circuit as a diagram: parts in a row, parts side by side, parts within parts."""

from __future__ import annotations

import re

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from eisfit.circuit.circuit import InParallel, Node, Placed
from eisfit.plots.canvas.style import ink
from eisfit.plots.canvas.symbols import HALF, symbol

LEAF = 1.75  # width of an element with its wires, in units of the drawing
BRANCH = 1.15  # distance of parallel branches
SIDE = 0.25  # wire beside a parallel part


def size(node: Node) -> tuple[float, float]:
    """Return width and height of a part in units of the drawing."""
    if isinstance(node, Placed):
        if not node.inner:
            return LEAF, BRANCH
        sizes = [size(part) for part in node.inner]
        width = sum(w for w, _ in sizes) + 2 * SIDE * (len(sizes) + 1)
        return width, max(h for _, h in sizes) + 4 * SIDE
    sizes = [size(part) for part in node.parts]
    if isinstance(node, InParallel):
        return max(w for w, _ in sizes) + 2 * SIDE, sum(h for _, h in sizes)
    return sum(w for w, _ in sizes), max(h for _, h in sizes)


def draw_node(ax: Axes, node: Node, x: float, y: float, colour: str) -> None:
    """Draw a part whose wire comes in at (x, y)."""
    if isinstance(node, Placed) and node.inner:
        _framed(ax, node, x, y, colour)
    elif isinstance(node, Placed):
        symbol(ax, node.element.name, x, y, LEAF, colour)
        ax.text(x + LEAF / 2, y + HALF + 0.08, label(node), ha="center", va="bottom")
    elif isinstance(node, InParallel):
        _parallel(ax, node, x, y, colour)
    else:
        for part in node.parts:
            draw_node(ax, part, x, y, colour)
            x += size(part)[0]


def _framed(ax: Axes, node: Placed, x: float, y: float, colour: str) -> None:
    """Draw an element that holds circuits as a frame around these, each of several with what it is."""
    width, high = size(node)[0], max(size(part)[1] for part in node.inner)
    low, top = y - high / 2 + SIDE / 2, y + high / 2 + SIDE
    for start in (x, x + width - SIDE):
        ax.plot([start, start + SIDE], [y] * 2, color=ink())
    frame = Rectangle(
        (x + SIDE, low),
        width - 2 * SIDE,
        top - low,
        facecolor=(colour, 0.06),
        edgecolor=colour,
        linestyle="--",
    )
    ax.add_patch(frame)
    at = x + 2 * SIDE
    for part, word in zip(node.inner, node.element.inner, strict=True):
        draw_node(ax, part, at, y, colour)
        inner = size(part)[0]
        if len(node.inner) > 1:
            ax.text(at + inner / 2, low - 0.08, word, ha="center", va="top", color=colour)
        at += inner + 2 * SIDE
    ax.text(x + width / 2, top + 0.08, label(node), ha="center", va="bottom")


def _parallel(ax: Axes, node: InParallel, x: float, y: float, colour: str) -> None:
    width, height = size(node)
    left, right, top = x + SIDE, x + width - SIDE, y + height / 2
    centres = []
    for part in node.parts:
        w, h = size(part)
        centre = top - h / 2
        start = (left + right - w) / 2
        ax.plot([left, start], [centre] * 2, color=ink())
        ax.plot([start + w, right], [centre] * 2, color=ink())
        draw_node(ax, part, start, centre, colour)
        centres.append(centre)
        top -= h
    for edge, end in ((left, x), (right, x + width)):
        ax.plot([edge] * 2, [min(centres), max(centres)], color=ink())
        ax.plot([end, edge], [y] * 2, color=ink())


def label(leaf: Placed) -> str:
    """Return the name of an element with its label as a subscript."""
    kind = leaf.element.name
    rest = re.sub(r"[^A-Za-z0-9]+", ",", leaf.name.removeprefix(kind).strip("_"))
    style = f"${kind}$" if len(kind) == 1 else kind
    return f"{style}$_{{\\mathrm{{{rest}}}}}$" if rest else style

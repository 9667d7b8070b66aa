"""The circuit between the probes drawn in characters, one block a segment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from eisfit.circuit.circuit import InParallel, InSeries, Node, Placed, written

if TYPE_CHECKING:
    from eisfit.cell.templates import Template

WIDTH = 79  # of a terminal, less one
_ARCS = {"Zarc": ("R", "CPE"), "K": ("R", "C")}  # elements that are two parts side by side
_PLAIN = str.maketrans("─│┌┐└┘├┤┼", "-|+++++++")


@dataclass(frozen=True)
class Block:
    """Lines of equal length; the wire runs along one of them."""

    lines: tuple[str, ...]
    wire: int

    @property
    def width(self) -> int:
        """Number of characters of a line."""
        return len(self.lines[0])


def drawing(template: Template, width: int = WIDTH) -> str:
    """Return the circuit between the probes, with the name of each segment above it.

    Parameters
    ----------
    template : Template
        With its configuration chosen.
    width : int
        Characters of a line; a longer circuit goes on in the next row.

    Examples
    --------
    >>> import eisfit
    >>> from eisfit.cell.drawing import drawing
    >>> print(drawing(eisfit.template("le")))
       liquid  electrode
    o──[R_le]──[CPE_el]───o
    """
    parts = [_segment(p.segment.name, p.count, p.node, template.is_circuit) for p in template.path]
    rows: list[list[Block]] = [[]]
    for part in parts:
        if rows[-1] and _length([*rows[-1], part]) > width:
            rows.append([])
        rows[-1].append(part)
    return "\n\n".join(_row(row, k == 0, k == len(rows) - 1) for k, row in enumerate(rows))


def plain(text: str) -> str:
    """Return a drawing without the characters that some terminals do not know.

    Examples
    --------
    >>> print(plain("┌──[R]──┐"))
    +--[R]--+
    """
    return text.translate(_PLAIN)


def _length(row: Sequence[Block]) -> int:
    return sum(block.width for block in row) + 2 * (len(row) + 1) + 2


def _row(row: Sequence[Block], first: bool, last: bool) -> str:
    ends = "o" if first else "─", "o" if last else "─"
    joined = _in_series([Block((ends[0],), 0), *row, Block((ends[1],), 0)])
    return "\n".join(line.rstrip() for line in joined.lines)


def _segment(name: str, count: float, node: Node, bare: bool) -> Block:
    """Return the block of a segment under its name; a part of a bare circuit has none beside its elements."""
    block = _block(node)
    if bare:
        return block
    label = f"{count} x {name}" if count > 1 else name
    wide = _widened(block, max(len(label), block.width))
    return Block((label.center(wide.width), *wide.lines), wide.wire + 1)


def _block(node: Node) -> Block:
    if isinstance(node, InParallel):
        return _side_by_side([_block(part) for part in node.parts])
    if isinstance(node, InSeries):
        return _in_series([_block(part) for part in node.parts])
    if isinstance(node, Placed) and not node.inner and node.element.name in _ARCS:
        return _side_by_side([Block((f"[{part}]",), 0) for part in _ARCS[node.element.name]], node.name)
    return Block((f"[{written(node)}]",), 0)


def _widened(block: Block, width: int) -> Block:
    """Return a block in the middle of more wire."""
    left = (width - block.width) // 2
    right = width - block.width - left
    lines = tuple(
        fill * left + line + fill * right
        for k, line in enumerate(block.lines)
        for fill in ("─" if k == block.wire else " ",)
    )
    return Block(lines, block.wire)


def _in_series(blocks: Sequence[Block]) -> Block:
    above = max(b.wire for b in blocks)
    below = max(len(b.lines) - b.wire for b in blocks)
    lines = []
    for k in range(above + below):
        cells = [_line(b, k - above + b.wire) for b in blocks]
        lines.append(("──" if k == above else "  ").join(cells))
    return Block(tuple(lines), above)


def _line(block: Block, k: int) -> str:
    return block.lines[k] if 0 <= k < len(block.lines) else " " * block.width


def _side_by_side(blocks: Sequence[Block], name: str = "") -> Block:
    """Return blocks below each other between two posts; the wire enters half way, where the name stands."""
    width = max(*(b.width for b in blocks), len(name)) + 2
    wide = [_widened(b, width) for b in blocks]
    half = (len(wide) + 1) // 2
    wires, lines = [], []
    for n, block in enumerate(wide):
        if n == half:
            lines.append(name.center(width))
        wires.append(len(lines) + block.wire)
        lines += block.lines
    middle = wires[half - 1] + len(wide[half - 1].lines) - wide[half - 1].wire
    posts = [_posts(k, wires, middle) for k in range(len(lines))]
    return Block(tuple(a + line + b for (a, b), line in zip(posts, lines, strict=True)), middle)


def _posts(k: int, wires: Sequence[int], middle: int) -> tuple[str, str]:
    """Return what stands left and right of a line of parallel branches."""
    if k == wires[0]:
        return "┌", "┐"
    if k == wires[-1]:
        return "└", "┘"
    if k == middle:
        return "┤", "├"
    if not wires[0] < k < wires[-1]:
        return " ", " "
    return ("├", "┤") if k in wires else ("│", "│")

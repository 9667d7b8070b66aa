"""The grammar of circuit strings: text to tree, and tree to text."""

from __future__ import annotations

import re

from eisfit.circuit.dialects import hint, in_our_grammar
from eisfit.circuit.tree import InParallel, InSeries, Node, Placed, series
from eisfit.elements.aliases import ALIASES
from eisfit.elements.registry import ELEMENTS
from eisfit.errors import CircuitError
from eisfit.tools.nearest import did_you_mean

LONGEST, DEEPEST = 5_000, 25  # characters of a circuit string, and parentheses within each other
_NAME = re.compile(r"([A-Za-z]+)(_[A-Za-z0-9_]+|[0-9][A-Za-z0-9_]*)?")
_TWO = re.compile(r"((?:CPE|[RCLW])\d+)((?:CPE|[RCLW])\d+)")


def tree_of(text: str) -> Node:
    """Read a circuit string of our grammar into a tree; see `eisfit.circuit.parse`."""
    return _Parser(text).circuit()


def understood(text: str) -> tuple[str, Node]:
    """Return a circuit string in our grammar, and its tree; that of another program is turned into it.

    Raises
    ------
    CircuitError
        If it is neither; what it may mean stands at the end of the message.
    """
    try:
        return text, tree_of(text)
    except CircuitError as error:
        if len(text) > LONGEST:
            raise
        ours = in_our_grammar(text)
        if ours is None or ours == text:
            raise CircuitError(f"{error}{_hint(text)}") from None
    try:
        return ours, tree_of(ours)
    except CircuitError as error:
        raise CircuitError(f"circuit {text!r} was read as another: {error}") from None


def _hint(text: str) -> str:
    """Return what a string may mean, where that is a circuit."""
    said, meant = hint(text)
    try:
        tree_of(meant)
    except CircuitError:
        return ""
    return said


def written(node: Node) -> str:
    """Return a tree as a circuit string, without the counts of its parts."""
    if isinstance(node, Placed):
        return f"{node.name}({','.join(map(written, node.inner))})" if node.inner else node.name
    inner = [written(part) for part in node.parts]
    return "-".join(inner) if isinstance(node, InSeries) else f"p({','.join(inner)})"


class _Parser:
    """Recursive descent over a circuit string."""

    def __init__(self, text: str, outer: tuple[_Parser, int] | None = None) -> None:
        if len(text) > LONGEST:
            raise CircuitError(
                f"circuit {text[:60]!r}...: it has {len(text)} characters; {LONGEST} are the most"
            )
        self.text, self.at, self.first, self.depth = text, 0, 0, 0
        self.names_taken: set[str] = set()
        self.outer = outer

    def circuit(self) -> Node:
        node = self.row()
        if self.at < len(self.text):
            raise self.expected("'-' or the end")
        return node

    def row(self) -> Node:
        self.depth += 1
        if self.depth > DEEPEST + 1:
            raise CircuitError(
                f"circuit {self.text[:60]!r}...: more than {DEEPEST} parentheses lie within each other at column "
                f"{self.at + 1}; use fewer"
            )
        parts = self.part()
        while self.take("-"):
            parts += self.part()
        self.depth -= 1
        return parts[0] if len(parts) == 1 else series(parts)

    def part(self) -> list[Node]:
        self.blanks()
        if re.match(r"p\s*\(", self.text[self.at :]):
            return [self.side_by_side()]
        match = _NAME.match(self.text, self.at)
        if match is None and not self.text.strip():
            raise self.error("there is no element in it; write one such as R0-p(R1,CPE1)")
        if match is None:
            raise self.expected("an element or 'p('")
        kind, label = match.group(1), match.group(2) or ""
        if kind not in ALIASES and kind not in ELEMENTS:
            known = sorted({*ELEMENTS, *ALIASES})
            short = next(
                (
                    k
                    for k in sorted(ELEMENTS, key=len, reverse=True)
                    if kind.startswith(k) and kind[len(k) :].islower()
                ),
                "",
            )
            near = did_you_mean(kind, known) or (
                short and f" (a label stands behind _, as in {short}_{kind[len(short) :]})"
            )
            raise self.error(
                f"unknown element {kind!r} at column {self.at + 1}{near}; known: {', '.join(known)}"
            )
        if two := _TWO.fullmatch(match.group()):
            raise self.error(
                f"{match.group()!r} at column {self.at + 1} may be one element or two; write {two[1]}-{two[2]} in "
                f"series, p({two[1]},{two[2]}) in parallel, or {kind}_{label} for one"
            )
        column, self.at = self.at + 1, match.end()
        parts = (
            self.meant(ALIASES[kind].format(label), column)
            if kind in ALIASES
            else [self.element(kind, match.group(), column)]
        )
        if self.next_is("("):
            none = ("no", "no second", "no further")[
                min(len(ELEMENTS[kind].inner), 2) if kind in ELEMENTS else 0
            ]
            raise self.error(
                f"{match.group()!r} takes {none} sub-circuit, but has a '(' at column {self.at + 1}"
            )
        return parts

    def meant(self, text: str, column: int) -> list[Node]:
        """Read what an alias at a column stands for."""
        inner = _Parser(text, outer=(self, column))
        inner.first, inner.names_taken = self.first, self.names_taken
        node = inner.row()
        self.first = inner.first
        return list(node.parts) if isinstance(node, InSeries) else [node]

    def element(self, kind: str, name: str, column: int) -> Node:
        if self.outer is not None:
            column = self.outer[1]
        if name in self.names_taken:
            raise self.error(f"{name!r} stands a second time at column {column}; number or label it anew")
        self.names_taken.add(name)
        element, first = ELEMENTS[kind], self.first
        self.first += len(element.quantities)
        return Placed(name, element, first, self.inner(name, element.inner))

    def inner(self, name: str, words: tuple[str, ...]) -> tuple[Node, ...]:
        if not words:
            return ()
        what = f"the circuit of its {words[0]} in parentheses"
        if len(words) > 1:
            what = f"the circuits of its {' and its '.join(words)} in parentheses, {name}({','.join(words)}),"
        if not self.take("("):
            raise self.error(f"{name!r} needs {what} at column {self.at + 1}")
        parts = [self.row()]
        while len(parts) < len(words):
            if not self.take(","):
                raise self.error(f"{name!r} needs {what} but has {len(parts)} at column {self.at + 1}")
            parts.append(self.row())
        if not self.take(")"):
            raise self.expected("'-' or ')'")
        return tuple(parts)

    def side_by_side(self) -> Node:
        self.at = self.text.index("(", self.at) + 1
        parts = [self.row()]
        while self.take(","):
            parts.append(self.row())
        if not self.take(")"):
            raise self.expected("',' or ')'")
        if len(parts) == 1:
            raise self.error(f"p(...) with a single part before column {self.at + 1}; it needs two or more")
        return InParallel(tuple(parts))

    def take(self, sign: str) -> bool:
        if not self.next_is(sign):
            return False
        self.at += len(sign)
        self.blanks()
        return True

    def next_is(self, sign: str) -> bool:
        self.blanks()
        return self.text.startswith(sign, self.at)

    def blanks(self) -> None:
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1

    def expected(self, what: str) -> CircuitError:
        return self.error(f"expected {what} at column {self.at + 1}")

    def error(self, what: str) -> CircuitError:
        if self.outer is not None:
            return self.outer[0].error(what)
        return CircuitError(f"circuit {self.text!r}: {what}")

"""A circuit string, read once into a tree and evaluated as plain arrays."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from eisfit.elements import ELEMENTS, Element, Laplace, Quantity
from eisfit.errors import CircuitError
from eisfit.values import Complexes, Floats

_NAME = re.compile(r"([A-Za-z]+)(_[A-Za-z0-9_]+|[0-9][A-Za-z0-9_]*)?")


@dataclass(frozen=True)
class Leaf:
    """An element in its place; `first` is the index of its first parameter."""

    name: str
    element: Element
    first: int

    @property
    def size(self) -> int:
        """Number of its parameters."""
        return len(self.element.quantities)

    def index(self, quantity: str) -> int:
        """Index of one of its quantities among the circuit's parameters."""
        return self.first + [q.name for q in self.element.quantities].index(quantity)


@dataclass(frozen=True)
class Series:
    """Parts in a row; part k counts `counts[k]` times."""

    parts: tuple[Node, ...]
    counts: tuple[float, ...]


@dataclass(frozen=True)
class Parallel:
    """Parts side by side."""

    parts: tuple[Node, ...]


Node: TypeAlias = Leaf | Series | Parallel


def series(parts: Sequence[Node], counts: Sequence[float] | None = None) -> Series:
    """Join parts in a row, `counts` times each (once if not given)."""
    return Series(tuple(parts), tuple(counts) if counts is not None else (1.0,) * len(parts))


@dataclass(frozen=True)
class Parameter:
    """A parameter of a circuit: its name, its quantity, and the element it belongs to."""

    name: str
    quantity: Quantity
    leaf: str

    @property
    def unit(self) -> str:
        """Unit in text."""
        return self.quantity.unit


@dataclass(frozen=True)
class Circuit:
    """An equivalent circuit.

    Parameters
    ----------
    text : str
        The circuit string.
    root : Leaf, Series or Parallel
        The tree.

    Examples
    --------
    >>> from eisfit.circuit import parse
    >>> circuit = parse("R0-p(R1,CPE1)")
    >>> circuit.names
    ('R0', 'R1', 'CPE1_Q', 'CPE1_alpha')
    >>> circuit.impedance([1.0], [10.0, 100.0, 1e-6, 0.9]).real.round(2)
    array([110.])
    """

    text: str
    root: Node

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """Parameters in order of appearance."""
        return tuple(
            Parameter(leaf.name if leaf.size == 1 else f"{leaf.name}_{q.name}", q, leaf.name)
            for leaf in sorted(leaves(self.root), key=lambda leaf: leaf.first)
            for q in leaf.element.quantities
        )

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the parameters: ``<element>_<quantity>``, a lone quantity by its element."""
        return tuple(p.name for p in self.parameters)

    def impedance(
        self, frequency_hz: npt.ArrayLike, values: npt.ArrayLike | Mapping[str, float]
    ) -> Complexes:
        """Return the impedance.

        Parameters
        ----------
        frequency_hz : array_like, shape (F,)
            Frequencies in Hz.
        values : array_like, shape (P,) or (batch, P), or mapping
            Parameters in the order of `names` and in their units, or by name.

        Returns
        -------
        ndarray of complex, shape (F,) or (batch, F)
            Impedance in ohm.

        Raises
        ------
        CircuitError
            If the number or the names of the parameters do not fit.
        """
        if isinstance(values, Mapping):
            if set(values) != set(self.names):
                odd = ", ".join(sorted(set(values) ^ set(self.names)))
                raise CircuitError(f"circuit {self.text!r}: values and parameters differ in {odd}")
            values = [values[name] for name in self.names]
        p = np.asarray(values, float)
        if p.shape[-1:] != (len(self.parameters),):
            raise CircuitError(
                f"circuit {self.text!r} has {len(self.parameters)} parameters ({', '.join(self.names)}), "
                f"but {p.shape[-1] if p.ndim else 1} values were given"
            )
        z = evaluate(self.root, Laplace(np.asarray(frequency_hz, float)), np.atleast_2d(p))
        return z[0] if p.ndim == 1 else z

    def impedance_and_jacobian(self, s: Laplace, values: Floats) -> tuple[Complexes, Complexes]:
        """Return the impedance and its derivatives by the logarithms of the parameters.

        Parameters
        ----------
        s : Laplace
            Grid of shape (F,) or (batch, F).
        values : ndarray, shape (batch, P)
            Parameters in their units.

        Returns
        -------
        z : ndarray of complex, shape (batch, F)
        dz : ndarray of complex, shape (batch, P, F)
            dZ/d(ln p), in ohm.
        """
        dz = np.empty((*values.shape, s.omega.shape[-1]), complex)
        return evaluate(self.root, s, values, dz), dz


def leaves(node: Node) -> Iterator[Leaf]:
    """Go through all elements of a tree from left to right."""
    if isinstance(node, Leaf):
        yield node
    else:
        for part in node.parts:
            yield from leaves(part)


def span(node: Node) -> slice:
    """Return the range of parameter indices below a node."""
    found = list(leaves(node))
    return slice(min(leaf.first for leaf in found), max(leaf.first + leaf.size for leaf in found))


def evaluate(node: Node, s: Laplace, values: Floats, dz: Complexes | None = None) -> Complexes:
    """Return the impedance of a tree, shape (batch, F), and write dZ/d(ln p) into `dz` (batch, P, F)."""
    if isinstance(node, Leaf):
        columns = (values[:, k : k + 1] for k in range(node.first, node.first + node.size))
        z, slopes = node.element.formula(s, *columns)
        if dz is not None:
            for k, slope in enumerate(slopes, node.first):
                dz[:, k] = slope
        return z
    if isinstance(node, Series):
        total: Complexes | None = None
        for part, count in zip(node.parts, node.counts, strict=True):
            z = evaluate(part, s, values, dz)
            if count != 1:
                z = count * z
                if dz is not None:
                    dz[:, span(part)] *= count
            total = z if total is None else total + z
        assert total is not None
        return total
    parts = [evaluate(part, s, values, dz) for part in node.parts]
    whole: Complexes = 1 / np.sum([1 / z for z in parts], axis=0)
    if dz is not None:
        for part, z in zip(node.parts, parts, strict=True):
            dz[:, span(part)] *= ((whole / z) ** 2)[:, None]
    return whole


def parse(text: str) -> Circuit:
    """Read a circuit string: elements joined by ``-``, parallel parts as ``p(a,b)``.

    Parameters
    ----------
    text : str
        Such as ``"R0-p(R1,CPE1)-W1"``; an element is a known name with a number or a label
        (``R_gb``, ``Zarc_int``).

    Raises
    ------
    CircuitError
        If the string does not parse; the message names the column, counted from 1.
    """
    return Circuit(text, _Parser(text).circuit())


class _Parser:
    """Recursive descent over a circuit string."""

    def __init__(self, text: str, first: int = 0) -> None:
        self.text, self.at, self.first = text, 0, first
        self.seen: set[str] = set()

    def circuit(self) -> Node:
        node = self.row()
        if self.at < len(self.text):
            raise self.expected("'-' or the end")
        return node

    def row(self) -> Node:
        parts = [self.part()]
        while self.take("-"):
            parts.append(self.part())
        return parts[0] if len(parts) == 1 else series(parts)

    def part(self) -> Node:
        self.blanks()
        if re.match(r"p\s*\(", self.text[self.at :]):
            return self.side_by_side()
        match = _NAME.match(self.text, self.at)
        if match is None:
            raise self.expected("an element or 'p('")
        name, kind = match.group(), match.group(1)
        if kind not in ELEMENTS:
            known = ", ".join(sorted(ELEMENTS))
            raise self.error(f"unknown element {kind!r} at column {self.at + 1}; known: {known}")
        if name in self.seen:
            raise self.error(
                f"{name!r} stands a second time at column {self.at + 1}; number or label it anew"
            )
        self.seen.add(name)
        self.at = match.end()
        leaf = Leaf(name, ELEMENTS[kind], self.first)
        self.first += leaf.size
        return leaf

    def side_by_side(self) -> Node:
        self.at = self.text.index("(", self.at) + 1
        parts = [self.row()]
        while self.take(","):
            parts.append(self.row())
        if not self.take(")"):
            raise self.expected("',' or ')'")
        if len(parts) == 1:
            raise self.error(f"p(...) with a single part before column {self.at + 1}; it needs two or more")
        return Parallel(tuple(parts))

    def take(self, sign: str) -> bool:
        self.blanks()
        if not self.text.startswith(sign, self.at):
            return False
        self.at += len(sign)
        self.blanks()
        return True

    def blanks(self) -> None:
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1

    def expected(self, what: str) -> CircuitError:
        return self.error(f"expected {what} at column {self.at + 1}")

    def error(self, what: str) -> CircuitError:
        return CircuitError(f"circuit {self.text!r}: {what}")


def shifted(node: Node, by: int) -> Node:
    """Return a tree whose parameter indices are moved by `by`."""
    if isinstance(node, Leaf):
        return Leaf(node.name, node.element, node.first + by)
    parts = tuple(shifted(part, by) for part in node.parts)
    return Series(parts, node.counts) if isinstance(node, Series) else Parallel(parts)

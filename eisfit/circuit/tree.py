"""Elements in series and in parallel as a tree, evaluated with its derivatives."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np

from eisfit.elements.registry import Element, Laplace
from eisfit.tools.frozen import Complexes, Floats

_LARGEST_LOG = 350.0  # cap on ln|R Q s^alpha|: its square stays finite, and the arc is negligible long before


@dataclass(frozen=True)
class Placed:
    """An element in its place.

    Parameters
    ----------
    name : str
        Name and label, such as ``"Zarc_int"``.
    element : Element
        What it is.
    first : int
        Index of its first parameter among those of the circuit; the parameters below a node of a tree are
        consecutive.
    inner : tuple of Placed, InSeries or InParallel
        The sub-circuits of an element that takes some; their parameters follow the element's own.
    """

    name: str
    element: Element
    first: int
    inner: tuple[Node, ...] = ()

    @property
    def wall(self) -> Node | None:
        """The circuit of the wall of a pore; None for elements without one."""
        return self.inner[0] if self.element.inner[:1] == ("wall",) else None

    @property
    def size(self) -> int:
        """Number of its own parameters."""
        return len(self.element.quantities)

    def index(self, quantity: str) -> int:
        """Index of one of its own quantities among the circuit's parameters."""
        return self.first + [q.name for q in self.element.quantities].index(quantity)


@dataclass(frozen=True)
class InSeries:
    """Parts in series; part k counts `counts[k]` times."""

    parts: tuple[Node, ...]
    counts: tuple[float, ...]


@dataclass(frozen=True)
class InParallel:
    """Parts in parallel."""

    parts: tuple[Node, ...]

    @cached_property
    def resistor_and_storage(self) -> tuple[Placed, Placed] | None:
        """The resistor and the capacitor or constant-phase element, where these are the two parts."""
        names = {part.element.name: part for part in self.parts if isinstance(part, Placed)}
        storage = names.get("C") or names.get("CPE")
        return (names["R"], storage) if len(self.parts) == 2 and "R" in names and storage else None


Node: TypeAlias = Placed | InSeries | InParallel


def series(parts: Sequence[Node], counts: Sequence[float] | None = None) -> InSeries:
    """Join parts in series, `counts` times each (once if not given)."""
    return InSeries(tuple(parts), tuple(counts) if counts is not None else (1.0,) * len(parts))


def leaves(node: Node) -> Iterator[Placed]:
    """Go through all elements of a tree from left to right; inner circuits follow the element that they belong to."""
    if isinstance(node, Placed):
        yield node
        for part in node.inner:
            yield from leaves(part)
    else:
        for part in node.parts:
            yield from leaves(part)


def span(node: Node) -> slice:
    """Return the range of parameter indices below a node."""
    found = list(leaves(node))
    return slice(min(leaf.first for leaf in found), max(leaf.first + leaf.size for leaf in found))


def shifted(node: Node, by: int) -> Node:
    """Return a tree whose parameter indices are moved by `by`."""
    if isinstance(node, Placed):
        inner = tuple(shifted(part, by) for part in node.inner)
        return Placed(node.name, node.element, node.first + by, inner)
    parts = tuple(shifted(part, by) for part in node.parts)
    return InSeries(parts, node.counts) if isinstance(node, InSeries) else InParallel(parts)


def evaluate(node: Node, s: Laplace, values: Floats, dz: Complexes | None = None) -> Complexes:
    """Return the impedance of a tree.

    Parameters
    ----------
    node : Placed, InSeries or InParallel
        The tree.
    s : Laplace
        Grid of shape (F,) or (batch, F).
    values : ndarray, shape (batch, P)
        Parameters of the whole circuit, in their units.
    dz : ndarray of complex, shape (batch, P, F), optional
        Where dZ/d(ln p) in ohm is written for the parameters below the node.

    Returns
    -------
    ndarray of complex, shape (batch, F)
        In ohm.
    """
    if isinstance(node, Placed):
        return _element(node, s, values, dz)
    if isinstance(node, InSeries):
        return _series(node, s, values, dz)
    if node.resistor_and_storage is not None:
        return _arc(*node.resistor_and_storage, s, values, dz)
    parts = [1 / evaluate(part, s, values, dz) for part in node.parts]
    z: Complexes = 1 / sum(parts[1:], start=parts[0])
    if dz is not None:
        for part, y in zip(node.parts, parts, strict=True):
            dz[:, span(part)] *= ((z * y) ** 2)[:, None]
    return z


def _arc(resistor: Placed, storage: Placed, s: Laplace, values: Floats, dz: Complexes | None) -> Complexes:
    """Return R / (1 + R Q s^alpha), the commonest pair of parts, in real numbers and few passes."""
    r, q = values[:, resistor.first, None], values[:, storage.first, None]
    alpha = values[:, storage.first + 1, None] if storage.size > 1 else np.ones_like(r)
    angle = 0.5 * np.pi * alpha
    size = np.exp(np.minimum(alpha * s.log_omega + np.log(r * q), _LARGEST_LOG))
    real, imag = size * np.cos(angle), size * np.sin(angle)
    real += 1
    scale = real * real
    scale += imag * imag
    np.divide(r, scale, out=scale)
    z = np.empty(scale.shape, complex)
    np.multiply(real, scale, out=z.real)
    np.multiply(imag, scale, out=z.imag)
    np.negative(z.imag, out=z.imag)
    if dz is not None:
        by_r, by_q = dz[:, resistor.first], dz[:, storage.first]
        np.multiply(z, z, out=by_r)
        by_r.view(float)[...] /= r
        np.subtract(by_r, z, out=by_q)
        if storage.size > 1:
            by_alpha = dz[:, storage.first + 1]
            np.multiply(by_q, s.log, out=by_alpha)
            by_alpha.view(float)[...] *= alpha
    return z


def _element(leaf: Placed, s: Laplace, values: Floats, dz: Complexes | None) -> Complexes:
    columns: list[Complexes] = [values[:, k : k + 1] for k in range(leaf.first, leaf.first + leaf.size)]
    if leaf.inner:
        columns = [*(evaluate(part, s, values, dz) for part in leaf.inner), *columns]
    z, slopes = leaf.element.formula(s, *columns)
    if dz is not None:
        for part, slope, zeta in zip(leaf.inner, slopes, columns, strict=False):
            dz[:, span(part)] *= (slope / zeta)[:, None]  # dZ/dln zeta * dln zeta/dzeta
        for k, slope in enumerate(slopes[len(leaf.inner) :], leaf.first):
            dz[:, k] = slope
    return z


def _series(node: InSeries, s: Laplace, values: Floats, dz: Complexes | None) -> Complexes:
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

"""The terms in series of a circuit, and what scales each of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from eisfit.cell.templates import Template
from eisfit.circuit.circuit import InSeries, Node, Placed, leaves
from eisfit.tools.frozen import Floats


def terms_of(template: Template) -> list[tuple[Node, float]]:
    """Return the parts in series, each with its count; their impedances add up linearly."""
    found: list[tuple[Node, float]] = []
    for on_path in template.path:
        parts = on_path.node.parts if isinstance(on_path.node, InSeries) else (on_path.node,)
        found += [(part, float(on_path.count)) for part in parts]
    return found


def scaling(template: Template, terms: Sequence[tuple[Node, float]]) -> Floats:
    """Return how the logarithm of a term's impedance enters the logarithms of the parameters, (T, P)."""
    matrix = np.zeros((len(terms), len(template.circuit.parameters)))
    for k, (node, _) in enumerate(terms):
        for leaf in leaves(node):
            for j, quantity in enumerate(leaf.element.quantities, leaf.first):
                matrix[k, j] = quantity.resistance
    return matrix


def term_kind(node: Node) -> str:
    """Return the elements of a term and how they are joined, without labels."""
    if isinstance(node, Placed):
        inner = ",".join(map(term_kind, node.inner))
        return f"{node.element.name}({inner})" if inner else node.element.name
    inner = ",".join(term_kind(part) for part in node.parts)
    return f"{type(node).__name__}({inner})"

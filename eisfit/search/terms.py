"""The terms in series of a circuit, and what scales each of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from eisfit.cell.templates import Template
from eisfit.circuit.circuit import InSeries, Node, Placed, leaves
from eisfit.tools.frozen import Bools, Floats


def terms_of(template: Template) -> list[tuple[Node, float]]:
    """Return the parts in series, each with its count; their impedances add up linearly."""
    found: list[tuple[Node, float]] = []
    for on_path in template.path:
        parts = on_path.node.parts if isinstance(on_path.node, InSeries) else (on_path.node,)
        found += [(part, float(on_path.count)) for part in parts]
    return found


def scaling(template: Template, terms: Sequence[tuple[Node, float]], fixed: Bools) -> Floats:
    """Return how the logarithm of a term's impedance enters the logarithms of the parameters, (T, P).

    `fixed` (P,) tells which parameters are no variables.
    """
    matrix = np.zeros((len(terms), len(template.circuit.parameters)))
    for k, (node, _) in enumerate(terms):
        for leaf in leaves(node):
            matrix[k, leaf.first : leaf.first + leaf.size] = scaling_of(leaf, fixed)
    return matrix


def scaling_of(leaf: Placed, fixed: Bools) -> list[float]:
    """Return how the logarithm of an element's impedance enters its parameters.

    Of an element with more parameters than a spectrum determines, those that scale it together must be free
    together; else a free factor scales it, or nothing does.
    """
    own = [q.resistance for q in leaf.element.quantities]
    known = fixed[leaf.first : leaf.first + leaf.size]
    if leaf.element.determined is None or not np.any(known & (np.array(own) != 0)):
        return own
    factors = [
        0.0 if is_known else q.factor for q, is_known in zip(leaf.element.quantities, known, strict=True)
    ]
    first = next((k for k, factor in enumerate(factors) if factor), len(factors))
    return [factor if k == first else 0.0 for k, factor in enumerate(factors)]


def term_kind(node: Node) -> str:
    """Return the elements of a term and how they are joined, without labels."""
    if isinstance(node, Placed):
        inner = ",".join(map(term_kind, node.inner))
        return f"{node.element.name}({inner})" if inner else node.element.name
    inner = ",".join(term_kind(part) for part in node.parts)
    return f"{type(node).__name__}({inner})"

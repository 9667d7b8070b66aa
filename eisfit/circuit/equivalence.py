"""Circuits with the same impedance at all frequencies, and special cases of others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from eisfit.circuit.circuit import Circuit, InSeries, Node, Placed, parse
from eisfit.circuit.ladder import in_series, is_ladder, ladder_from_voigt, ladder_values, voigt_from_ladder
from eisfit.elements import ELEMENTS
from eisfit.tools.frozen import Floats


@dataclass(frozen=True)
class Equivalent:
    """Another circuit that is the same function, with the values that make it so.

    Parameters
    ----------
    circuit : str
        Voigt elements in series, or a ladder.
    values : tuple of (str, float)
        By parameter name, in ohm and farad.
    """

    circuit: str
    values: tuple[tuple[str, float], ...]


def same_function(a: str | Circuit, b: str | Circuit) -> bool:
    """Tell whether two circuits are the same function: for all values of one, the other has equivalent values.

    Parameters
    ----------
    a, b : str or Circuit
        Circuit strings, or circuits.

    Notes
    -----
    Parts may stand in another order; a depressed arc may be written as Zarc or as p(R,CPE); and a network of
    resistors and capacitors that makes k relaxations may be k arcs in series (Voigt, Foster) or a ladder
    (Cauer).

    Examples
    --------
    >>> same_function("R0-p(R1,C1)-p(R2,C2)", "p(C1,R1-p(R2,C2))-R0")
    True
    >>> same_function("R0-Zarc1", "R0-p(R1,C1)")
    False
    """
    first, second = (parse(c) if isinstance(c, str) else c for c in (a, b))
    return tuple(sorted(kinds_of_terms(first.root))) == tuple(sorted(kinds_of_terms(second.root)))


def kinds_of_terms(node: Node) -> Iterator[str]:
    """Go through the kinds of the parts in series; resistors in series are one."""
    resistors = 0
    for part in in_series(node):
        if (relaxations := _ladder_order(part)) is not None:
            yield from ["K"] * relaxations
        elif isinstance(part, Placed) and part.element.name == "R":
            resistors += 1
        else:
            yield _kind(part)
    if resistors:
        yield "R"


def _kind(node: Node) -> str:
    if isinstance(node, Placed):
        inner = ",".join("-".join(sorted(kinds_of_terms(part))) for part in node.inner)
        return f"{node.element.name}({inner})" if inner else node.element.name
    if isinstance(node, InSeries):
        return "-".join(sorted(kinds_of_terms(node)))
    beside = sorted(_kind(part) for part in node.parts)
    return "Zarc" if beside == ["CPE", "R"] else f"p({','.join(beside)})"


def _ladder_order(node: Node) -> int | None:
    """Return how many relaxations a part makes: 1 for R parallel to C, more for a ladder; None for others."""
    ladder = is_ladder(node)
    return None if ladder is None else len(ladder)


def is_special_case(simpler: tuple[str, ...], fuller: tuple[str, ...]) -> bool:
    """Tell whether each part of `simpler` is a part of `fuller`, or a special case of one; the others vanish."""
    if any(" = " in word for word in (*simpler, *fuller)) or len(simpler) > len(fuller) or simpler == fuller:
        return False
    if not simpler:
        return True
    first, rest = simpler[0], simpler[1:]
    return any(
        (first == word or word in _limits(first))
        and (is_special_case(rest, fuller[:k] + fuller[k + 1 :]) or rest == fuller[:k] + fuller[k + 1 :])
        for k, word in enumerate(fuller)
    )


def _limits(word: str) -> tuple[str, ...]:
    """Return the kinds of parts of which a kind is a special case or a limit."""
    return ELEMENTS[word].limit_of if word in ELEMENTS else ()


def equivalents(circuit: str | Circuit, values: dict[str, float]) -> list[Equivalent]:
    """Return the same function as Voigt elements in series and as ladders, with the values that make it so.

    Parameters
    ----------
    circuit : str or Circuit
        Ideal arcs or ladders in series, with resistors.
    values : dict
        By parameter name.

    Returns
    -------
    list of Equivalent
        Empty for circuits that have other parts, or fewer than two relaxations.

    Notes
    -----
    Review of the topologies of a film and a charge transfer: with ideal capacitors the series of two arcs and
    the nested circuit are one function, so that a chi-square can never choose between them.

    Examples
    --------
    >>> found = equivalents("p(R1,C1)-p(R2,C2)", {"R1": 300.0, "C1": 0.354e-6, "R2": 484.0, "C2": 10e-6})
    >>> [(e.circuit, [f"{v:.3g}" for _, v in e.values]) for e in found]
    [('p(C1,R1-p(C2,R2))', ['3.42e-07', '321', '1.01e-05', '463'])]
    """
    root = (parse(circuit) if isinstance(circuit, str) else circuit).root
    names = (parse(circuit) if isinstance(circuit, str) else circuit).names
    return list(equivalents_of(root, np.array([values[name] for name in names])))


def equivalents_of(root: Node, values: Floats) -> Iterator[Equivalent]:
    """Yield the equivalent circuits of a circuit with these values."""
    resistor, arcs, has_ladder = 0.0, [], False
    for part, count in _counted(root, 1.0):
        ladder = is_ladder(part)
        if isinstance(part, Placed) and part.element.name == "R":
            resistor += count * float(values[part.first])
        elif ladder is None:
            return
        else:
            has_ladder |= len(ladder) > 1
            r, c = voigt_from_ladder(*ladder_values(ladder, values))
            arcs += [(count * float(a), float(b) / count) for a, b in zip(r, c, strict=True)]
    rates = [1 / (r * c) for r, c in arcs]
    if len(arcs) < 2 or min(abs(a / b - 1) for k, a in enumerate(rates) for b in rates[:k]) < 1e-9:
        return
    arcs.sort(key=lambda arc: arc[0] * arc[1])
    front = [("R0", resistor)] if resistor else []
    if has_ladder:
        text = "-".join(["R0"] * bool(front) + [f"p(R{k},C{k})" for k in range(1, len(arcs) + 1)])
        inner = [pair for k, (r, c) in enumerate(arcs, 1) for pair in ((f"R{k}", r), (f"C{k}", c))]
        yield Equivalent(text, (*front, *inner))
    whole = len(list(in_series(root))) - bool(front)
    if not has_ladder or whole > 1:
        r, c = ladder_from_voigt(np.array([a for a, _ in arcs]), np.array([b for _, b in arcs]))
        text = f"R{len(arcs)}"
        for k in range(len(arcs), 0, -1):
            text = f"p(C{k},{text})" if k == len(arcs) else f"p(C{k},R{k}-{text})"
        inner = [
            pair for k in range(r.size) for pair in ((f"C{k + 1}", float(c[k])), (f"R{k + 1}", float(r[k])))
        ]
        yield Equivalent(f"R0-{text}" if front else text, (*front, *inner))


def _counted(node: Node, count: float) -> Iterator[tuple[Node, float]]:
    if isinstance(node, InSeries):
        for part, k in zip(node.parts, node.counts, strict=True):
            yield from _counted(part, count * k)
    else:
        yield node, count

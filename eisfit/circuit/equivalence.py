"""Circuits with the same impedance at all frequencies, and special cases of others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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
        if node.element.name == "TLMQ":
            return "Pore(CPE)"
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
        (first == word or is_limit(first, word))
        and (is_special_case(rest, fuller[:k] + fuller[k + 1 :]) or rest == fuller[:k] + fuller[k + 1 :])
        for k, word in enumerate(fuller)
    )


def is_limit(simpler: str, fuller: str) -> bool:
    """Tell whether a kind of part is a special case or a limit of another.

    Examples
    --------
    >>> is_limit("K", "Zarc"), is_limit("Pore(K)", "Rails(Zarc)"), is_limit("Pore(Zarc)", "Pore(K)")
    (True, True, False)
    """
    (name, inner), (other, others) = _taken_apart(simpler), _taken_apart(fuller)
    if name not in ELEMENTS or len(inner) > len(others) or simpler == fuller:
        return False
    if name != other and other not in ELEMENTS[name].limit_of:
        return False
    pairs = [(_split(a, "-"), _split(b, "-")) for a, b in zip(inner, others, strict=False)]
    return all(a == b or is_special_case(a, b) for a, b in pairs)


def _taken_apart(word: str) -> tuple[str, tuple[str, ...]]:
    """Return the name of a kind and its inner circuits: ``Rails(R-Zarc)`` is Rails and (``R-Zarc``,)."""
    name, _, rest = word.partition("(")
    return name, _split(rest[:-1], ",") if rest else ()


def _split(text: str, sign: str) -> tuple[str, ...]:
    """Split a text at a sign that stands in no parentheses."""
    parts, depth = [""], 0
    for letter in text:
        depth += (letter == "(") - (letter == ")")
        if letter == sign and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return tuple(parts)


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
    relaxations = _relaxations(root, values)
    if relaxations is None:
        return
    resistor, arcs, has_ladder = relaxations
    rates = [1 / (r * c) for r, c in arcs]
    if len(arcs) < 2 or min(abs(a / b - 1) for k, a in enumerate(rates) for b in rates[:k]) < 1e-9:
        return
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


@dataclass(frozen=True)
class TopologyFree:
    """What circuits of the same function have in common.

    Parameters
    ----------
    series_ohm : float
        Resistance at the highest frequencies.
    total_ohm : float
        Resistance of all relaxations at dc, without `series_ohm`.
    time_constants_s : tuple of float
        Of the relaxations, the fastest first.
    """

    series_ohm: float
    total_ohm: float
    time_constants_s: tuple[float, ...]


def topology_free(circuit: str | Circuit, values: Mapping[str, float]) -> TopologyFree | None:
    """Return what a circuit of resistors and capacitors says whatever its topology is.

    Parameters
    ----------
    circuit : str or Circuit
        Ideal arcs or ladders in series, with resistors.
    values : mapping
        By parameter name.

    Returns
    -------
    TopologyFree or None
        None for circuits that have other parts.

    Examples
    --------
    >>> found = topology_free("p(C1,R1-p(C2,R2))", {"C1": 3.42e-7, "R1": 321.0, "C2": 1.01e-5, "R2": 463.0})
    >>> round(found.total_ohm), [f"{tau:.2g}" for tau in found.time_constants_s]
    (784, ['0.00011', '0.0048'])
    """
    parsed = parse(circuit) if isinstance(circuit, str) else circuit
    relaxations = _relaxations(parsed.root, np.array([values[name] for name in parsed.names]))
    if relaxations is None:
        return None
    resistor, arcs, _ = relaxations
    total = float(sum(r for r, _ in arcs))
    return TopologyFree(resistor, total, tuple(r * c for r, c in arcs))


def _relaxations(root: Node, values: Floats) -> tuple[float, list[tuple[float, float]], bool] | None:
    """Return the resistors in series, R and C of each relaxation, the fastest first, and whether ladders make some."""
    resistor, arcs, has_ladder = 0.0, [], False
    for part, count in _counted(root, 1.0):
        ladder = is_ladder(part)
        if isinstance(part, Placed) and part.element.name == "R":
            resistor += count * float(values[part.first])
        elif ladder is None:
            return None
        else:
            has_ladder |= len(ladder) > 1
            r, c = voigt_from_ladder(*ladder_values(ladder, values))
            arcs += [(count * float(a), float(b) / count) for a, b in zip(r, c, strict=True)]
    return resistor, sorted(arcs, key=lambda arc: arc[0] * arc[1]), has_ladder


def _counted(node: Node, count: float) -> Iterator[tuple[Node, float]]:
    if isinstance(node, InSeries):
        for part, k in zip(node.parts, node.counts, strict=True):
            yield from _counted(part, count * k)
    else:
        yield node, count

"""Circuit description codes with values in braces, as pyimpspec and DearEIS write them, in and out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

from eisfit.cell.segments import Setting
from eisfit.cell.setting_checks import check_settings
from eisfit.cell.templates import Template
from eisfit.circuit.circuit import Circuit, InParallel, Node, Placed, leaves, parse
from eisfit.circuit.dialects import Joined, Leaf, numbered
from eisfit.errors import CircuitError
from eisfit.interop.code_elements import TO_THEIRS, CodeElement, counted_limits, element_of
from eisfit.interop.code_text import CodePart, Given, Nested, read_code
from eisfit.results.fit import Fit


def from_cdc(text: str) -> tuple[Template, dict[str, float]]:
    """Return a template and the values of a circuit description code.

    Parameters
    ----------
    text : str
        Elements in series side by side or in brackets, in parallel in parentheses; in braces values, ``F`` behind one
        that is fixed, a lower and an upper limit behind strokes (a number, ``50%`` of the value, ``inf`` or nothing for
        none), and a label behind a colon: ``[R{R=20F:s}(R{R=100/50/200:ct}Q{Y=1e-5,n=0.9})]``. R, C, L, La, Q, K, Zarc,
        Ha, W, Ws, Wo, G and Ga are read.

    Returns
    -------
    template : Template
        Fixed values are fixed, other ones are starts, limits are ranges.
    values : dict
        By parameter name, in the formula of eisfit; those that the code does not give are left out.

    Raises
    ------
    CircuitError
        If it is no such code, or an element, a parameter or a limit of it has no counterpart.

    Notes
    -----
    The exponent n of W, Ws, Wo, G and Ga is 0.5 and fixed where it is not given. Where W, Ws or Wo have another one, or
    a free one, they become a constant-phase element, Wsn or Won. The finite elements are
    ``tanh((B s)^n) / (Y s)^n`` and ``coth((B s)^n) / (Y s)^n``: R is ``(B/Y)^n``, tau is B.

    Source: pyimpspec 5, pages "Equivalent circuits" (extended syntax) and "Elements",
    https://vyrjana.github.io/pyimpspec; it follows B. A. Boukamp, "The circuit description code explained".

    Examples
    --------
    >>> from eisfit.interop import from_cdc
    >>> template, values = from_cdc("[R{R=20}(R{R=100F}Q{Y=1e-5,n=0.9})]")
    >>> template.circuit.text, values["R1"], template.settings["R1"].fixed
    ('R0-p(R1,CPE1)', 100.0, 100.0)
    """
    nested = read_code(text)
    parts = list(_parts(nested))
    elements = [element_of(p.symbol, _exponent(p), text) for p in parts]
    circuit = parse(numbered(_joined(nested, iter(elements))))
    values: dict[str, float] = {}
    settings: dict[str, Setting] = {}
    for leaf, part, element in zip(leaves(circuit.root), parts, elements, strict=True):
        if part.values:
            names = circuit.names[leaf.first : leaf.first + leaf.size]
            own = _settings(leaf, part, element, text)
            values |= dict(zip(names, (value for value, _ in own), strict=True))
            settings |= dict(zip(names, (setting for _, setting in own), strict=True))
    template = replace(Template.from_circuit(circuit.text), settings=MappingProxyType(settings))
    check_settings(template)
    return template, values


def _exponent(part: CodePart) -> tuple[float, bool] | None:
    given = part.values.get("n")
    return None if given is None else (given.value, given.fixed)


def _parts(nested: Nested) -> list[CodePart]:
    if isinstance(nested, CodePart):
        return [nested]
    return [part for inner in nested[1] for part in _parts(inner)]


def _joined(nested: Nested, elements: Iterator[CodeElement]) -> Leaf | Joined:
    """Return nested parts with our elements; a connection of one part is that part."""
    if isinstance(nested, CodePart):
        return Leaf(next(elements).ours, nested.label)
    parts = [_joined(part, elements) for part in nested[1]]
    return parts[0] if len(parts) == 1 else Joined(nested[0], parts)


def _settings(leaf: Placed, part: CodePart, element: CodeElement, text: str) -> list[tuple[float, Setting]]:
    """Return the value and setting of each of our parameters of an element."""
    given = part.values
    missing = [n for n in element.names if n not in given and (n != "n" or leaf.size == len(element.names))]
    if missing:
        raise CircuitError(f"circuit code {text!r}: {leaf.name} has no value of {', '.join(missing)}")
    try:
        ours = element.to_ours({n: g.value for n, g in given.items()})
    except (ArithmeticError, ValueError):
        raise CircuitError(f"circuit code {text!r}: the values of {leaf.name} must be positive") from None
    if any(isinstance(value, complex) for value in ours):
        raise CircuitError(f"circuit code {text!r}: the values of {leaf.name} must be positive")
    followed = {name for name, _ in element.sources if name}
    for name in element.names:
        lost = counted_limits(part.symbol, name, given[name].limits) if name in given else (None, None)
        if name not in followed and name != "n" and lost != (None, None):
            raise CircuitError(
                f"circuit code {text!r}: the limits of {name} of {leaf.name} have no counterpart, as the resistance "
                "here follows several parameters; leave them out"
            )
    all_fixed = all(g.fixed for n, g in given.items() if n != "n")
    found = []
    for value, (name, sense) in zip(ours, element.sources, strict=True):
        fixed = given[name].fixed if name else all_fixed
        found.append((value, _setting(value, fixed, part.symbol, name, sense, given, element)))
    return found


def _setting(
    value: float,
    fixed: bool,
    symbol: str,
    name: str,
    sense: int,
    given: Mapping[str, Given],
    element: CodeElement,
) -> Setting:
    """Return the setting of one of our parameters, which follows one of the code alone if it has limits."""
    if fixed:
        return Setting(fixed=value)
    if not name:
        return Setting(start=value)
    low, high = counted_limits(symbol, name, given[name].limits)

    def ours(limit: float | None) -> float | None:
        if limit is None:
            return None
        known = {n: g.value for n, g in given.items()} | {name: limit}
        k = [n for n, _ in element.sources].index(name)
        return element.to_ours(known)[k]

    ends = (ours(low), ours(high)) if sense > 0 else (ours(high), ours(low))
    return Setting(start=value, low=ends[0], high=ends[1])


def to_cdc(source: Fit | Template | Circuit | str, values: Mapping[str, float] | None = None) -> str:
    """Return a circuit as a circuit description code with values in braces.

    Parameters
    ----------
    source : Fit, Template, Circuit or str
        A fit brings its values, fixed ones with an ``F`` behind them; of anything else values are written if given.
    values : mapping of str to float, optional
        By parameter name, all or none.

    Raises
    ------
    CircuitError
        If an element has no counterpart there, or values are missing.

    Examples
    --------
    >>> from eisfit.interop import to_cdc
    >>> to_cdc("R0-p(R1,CPE1)"), to_cdc("R_s-C_dl", {"R_s": 20.0, "C_dl": 1e-6})
    ('[R(RQ)]', '[R{R=20.0:s}C{C=1e-06:dl}]')
    """
    circuit = _circuit_of(source)
    known = dict(source.values) if isinstance(source, Fit) else dict(values or {})
    if known and (missing := [name for name in circuit.names if name not in known]):
        raise CircuitError(f"circuit {circuit.text!r}: values are missing for {', '.join(missing)}")
    fixed = {p.name for p in source.parameters if p.state == "fixed"} if isinstance(source, Fit) else set()
    body = _code(circuit.root, circuit, known, fixed)
    return body if body.startswith("[") else f"[{body}]"


def _circuit_of(source: Fit | Template | Circuit | str) -> Circuit:
    if isinstance(source, str):
        return parse(source)
    if isinstance(source, Circuit):
        return source
    return source.template.circuit if isinstance(source, Fit) else source.circuit


def _code(node: Node, circuit: Circuit, known: Mapping[str, float], fixed: set[str]) -> str:
    if not isinstance(node, Placed):
        inner = "".join(_code(part, circuit, known, fixed) for part in node.parts)
        return f"({inner})" if isinstance(node, InParallel) else f"[{inner}]"
    kind = node.element.name
    if kind not in TO_THEIRS:
        raise CircuitError(
            f"circuit {circuit.text!r}: {node.name} has no counterpart in a circuit code; these have: "
            f"{', '.join(TO_THEIRS)}"
        )
    label = node.name.removeprefix(kind)
    told = f":{label[1:]}" if label.startswith("_") else ""
    symbol, element = TO_THEIRS[kind]
    if not known:
        return symbol + (f"{{{told}}}" if told else "")
    mine = circuit.names[node.first : node.first + node.size]
    theirs = element.to_theirs(tuple(float(known[name]) for name in mine))
    held = [name in fixed for name in mine]
    shown = []
    for name, value in zip(element.names, theirs, strict=True):
        of = [k for k, (source, _) in enumerate(element.sources) if source == name]
        mark = held[of[0]] if of else (name == "n" or all(held))
        shown.append(f"{name}={value!r}{'F' if mark else ''}")
    return f"{symbol}{{{','.join(shown)}{told}}}"

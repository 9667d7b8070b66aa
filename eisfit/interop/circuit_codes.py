"""Circuit description codes with values in braces, as pyimpspec and DearEIS write them, in and out."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from eisfit.cell.segments import Setting
from eisfit.cell.setting_checks import check_settings
from eisfit.cell.templates import Template
from eisfit.circuit.circuit import Circuit, InParallel, Node, Placed, leaves, parse
from eisfit.circuit.dialects import in_our_grammar
from eisfit.errors import CircuitError
from eisfit.results.fit import Fit
from eisfit.tools.nearest import did_you_mean

_ELEMENT = re.compile(r"(?P<kind>[A-Za-z]+)(?P<label>\d+)?\s*(?:\{(?P<inner>[^{}]*)\})?")
_VERSION = re.compile(r"^\s*![Vv]\s*=\s*\d+!\s*")
_VALUE = re.compile(
    r"(?P<name>[A-Za-z]\w*)\s*=\s*(?P<value>[-+0-9.eE]+)\s*(?P<fixed>[Ff])?(?P<limits>(?:/[^/]*)*)"
)
_LABEL = re.compile(r"\w+")
_THEIRS = {"CPE": "Q"}  # what an element of ours is called there
_ROOT = 0.5  # exponent of diffusion that is the only one here


def _same(values: Mapping[str, float]) -> tuple[float, ...]:
    return tuple(values.values())


def _square_root_only(values: Mapping[str, float], kind: str) -> None:
    if values.get("n", _ROOT) != _ROOT:
        raise CircuitError(
            f"element {kind} with n = {values['n']:g}: only n = 0.5 has the formula of {kind} here; for another "
            f"exponent write {kind}n in a circuit of eisfit"
        )


def _to_ours(kind: str, values: Mapping[str, float]) -> tuple[float, ...]:
    """Return values of an element in our formula, in the order of its quantities."""
    if kind == "W":  # Z = 1/(Y sqrt(s)) there, sigma sqrt(2/s) here
        _square_root_only(values, kind)
        return (1 / (values["Y"] * math.sqrt(2)),)
    if kind in ("Ws", "Wo"):  # Z = tanh(B sqrt(s))/(Y sqrt(s)) there, R tanh(x)/x with x = sqrt(s tau) here
        _square_root_only(values, kind)
        return values["B"] / values["Y"], values["B"] ** 2
    if kind == "G":  # Z = 1/(Y sqrt(k + s)) there, R/sqrt(1 + s tau) here
        _square_root_only(values, kind)
        return 1 / (values["Y"] * math.sqrt(values["k"])), 1 / values["k"]
    return _same(values)


def _to_theirs(kind: str, values: tuple[float, ...]) -> dict[str, float]:
    if kind in ("R", "C", "L"):
        return {kind: values[0]}
    if kind == "CPE":
        return {"Y": values[0], "n": values[1]}
    if kind == "W":
        return {"Y": 1 / (values[0] * math.sqrt(2)), "n": _ROOT}
    r, tau = values
    if kind == "G":
        return {"Y": math.sqrt(tau) / r, "k": 1 / tau, "n": _ROOT}
    return {"Y": math.sqrt(tau) / r, "B": math.sqrt(tau), "n": _ROOT}


_NAMES = {
    "R": ("R",),
    "C": ("C",),
    "L": ("L",),
    "CPE": ("Y", "n"),
    "W": ("Y", "n"),
    "Ws": ("Y", "B", "n"),
    "Wo": ("Y", "B", "n"),
    "G": ("Y", "k", "n"),
}
_MAY_LACK = {"n"}


def from_cdc(text: str) -> tuple[Template, dict[str, float]]:
    """Return a template and the values of a circuit description code.

    Parameters
    ----------
    text : str
        Elements in series side by side or in brackets, in parallel in parentheses; in braces values, ``F`` behind one
        that is fixed, limits behind strokes, and a label behind a colon: ``[R{R=20}(R{R=100F:ct}Q{Y=1e-5,n=0.9})]``.
        R, C, L, Q, W, Ws, Wo and G are read.

    Returns
    -------
    template : Template
        Fixed values are fixed, other ones are starts.
    values : dict
        By parameter name, in the formula of eisfit; those that the code does not give are left out.

    Raises
    ------
    CircuitError
        If it is no such code, or an element or a parameter of it has no counterpart.

    Examples
    --------
    >>> from eisfit.interop import from_cdc
    >>> template, values = from_cdc("[R{R=20}(R{R=100F}Q{Y=1e-5,n=0.9})]")
    >>> template.circuit.text, values["R1"], template.settings["R1"].fixed
    ('R0-p(R1,CPE1)', 100.0, 100.0)
    """
    bare = _VERSION.sub("", text)
    known: list[tuple[str, dict[str, tuple[float, bool]]]] = []

    def plain(found: re.Match[str]) -> str:
        kind = "CPE" if found["kind"] == "Q" else found["kind"]
        if found["inner"] is None and kind not in _NAMES:  # several elements side by side
            pieces = re.findall(r"Ws|Wo|CPE|[RCLQWG]", found["kind"])
            if "".join(pieces) != found["kind"]:
                raise _unknown(text, found["kind"])
            known.extend(("CPE" if p == "Q" else p, {}) for p in pieces)
            return found[0]
        head = re.fullmatch(r"((?:Ws|Wo|[RCLQWG])*?)(CPE|Ws|Wo|[RCLQWG])", found["kind"])
        if head is None:
            raise _unknown(text, found["kind"])
        before = re.findall(r"Ws|Wo|[RCLQWG]", head[1])
        known.extend(("CPE" if p == "Q" else p, {}) for p in before)
        kind = "CPE" if head[2] == "Q" else head[2]
        values, label = _inner(text, kind, found["inner"])
        known.append((kind, values))
        number = f"_{label}" if label else found["label"] or ""
        return f"{head[1]}{kind}{number} "  # a label ends at the space

    joined = _ELEMENT.sub(plain, bare)
    circuit = parse(in_our_grammar(joined) or joined)
    placed = list(leaves(circuit.root))
    if [leaf.element.name for leaf in placed] != [kind for kind, _ in known]:
        raise CircuitError(f"circuit code {text!r}: write one sign for each element, such as R{{R=100}}")
    return _with_values(circuit, placed, known, text)


def _with_values(
    circuit: Circuit,
    placed: list[Placed],
    known: list[tuple[str, dict[str, tuple[float, bool]]]],
    text: str,
) -> tuple[Template, dict[str, float]]:
    values: dict[str, float] = {}
    settings: dict[str, Setting] = {}
    for leaf, (kind, given) in zip(placed, known, strict=True):
        if not given:
            continue
        missing = [n for n in _NAMES[kind] if n not in given and not (n in _MAY_LACK and kind != "CPE")]
        if missing:
            raise CircuitError(f"circuit code {text!r}: {leaf.name} has no value of {', '.join(missing)}")
        ours = _to_ours(kind, {n: given[n][0] for n in _NAMES[kind] if n in given})
        fixed = all(is_fixed for n, (_, is_fixed) in given.items() if n != "n" or kind == "CPE")
        names = circuit.names[leaf.first : leaf.first + leaf.size]
        one_each = kind in ("R", "C", "L", "CPE")
        for k, (name, value) in enumerate(zip(names, ours, strict=True)):
            held = given[_NAMES[kind][k]][1] if one_each else fixed
            values[name] = value
            settings[name] = Setting(fixed=value) if held else Setting(start=value)
    template = replace(Template.from_circuit(circuit.text), settings=MappingProxyType(settings))
    check_settings(template)
    return template, values


def _inner(text: str, kind: str, inner: str | None) -> tuple[dict[str, tuple[float, bool]], str]:
    """Return the values of an element, each with whether it is fixed, and its label."""
    before, colon, label = (inner or "").partition(":")
    label = label.strip()
    if colon and not _LABEL.fullmatch(label):
        raise CircuitError(
            f"circuit code {text!r}: the label {label!r} of {kind} may hold letters, digits and _ alone"
        )
    values: dict[str, tuple[float, bool]] = {}
    for part in filter(None, (p.strip() for p in before.split(","))):
        found = _VALUE.fullmatch(part)
        if found is None:
            raise CircuitError(f"circuit code {text!r}: {part!r} of {kind} is no NAME=VALUE, such as R=100")
        name = found["name"]
        if name not in _NAMES[kind]:
            known = _NAMES[kind]
            raise CircuitError(
                f"circuit code {text!r}: {kind} has no parameter {name!r}{did_you_mean(name, known)}; it has "
                f"{', '.join(known)}"
            )
        try:
            values[name] = (float(found["value"]), bool(found["fixed"]))
        except ValueError:
            raise CircuitError(f"circuit code {text!r}: {found['value']!r} of {kind} is no number") from None
    return values, label


def _unknown(text: str, kind: str) -> CircuitError:
    known = ("R", "C", "L", "Q", "W", "Ws", "Wo", "G")
    return CircuitError(
        f"circuit code {text!r}: element {kind!r} has no counterpart here{did_you_mean(kind, known)}; these are read: "
        f"{', '.join(known)}"
    )


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
    if kind not in _NAMES:
        raise CircuitError(
            f"circuit {circuit.text!r}: {node.name} has no counterpart in a circuit code; these have: "
            f"{', '.join(_NAMES)}"
        )
    label = node.name.removeprefix(kind)
    told = f":{label[1:]}" if label.startswith("_") else ""
    theirs = _THEIRS.get(kind, kind)
    if not known:
        return theirs + (f"{{{told}}}" if told else "")
    mine = circuit.names[node.first : node.first + node.size]
    values = _to_theirs(kind, tuple(float(known[name]) for name in mine))
    held = [name in fixed for name in mine]
    marks = held if len(held) == len(values) else [all(held)] * len(values)
    shown = ",".join(f"{n}={v!r}{'F' if m else ''}" for (n, v), m in zip(values.items(), marks, strict=True))
    return f"{theirs}{{{shown}{told}}}"

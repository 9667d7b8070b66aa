"""The text of a circuit description code, read into elements and nested connections."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import TypeAlias

from eisfit.circuit.dialects import DEEPEST
from eisfit.errors import CircuitError
from eisfit.interop.code_elements import PLAIN
from eisfit.tools.nearest import did_you_mean

_VERSION = re.compile(r"\s*![Vv]\s*=\s*\d+!\s*")
_SYMBOL = re.compile(rf"({'|'.join(sorted(PLAIN, key=len, reverse=True))})(?![a-z])(\d+|_\w+)?")
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9]*")
_VALUE = re.compile(
    r"(?P<name>[A-Za-z]\w*)\s*=\s*(?P<value>[-+0-9.eE]+)\s*(?P<fixed>[Ff])?\s*(?P<limits>(/.*)?)"
)
_LABEL = re.compile(r"\w+")
_BRACES = re.compile(r"\s*\{([^{}]*)(\})?")


@dataclass(frozen=True)
class Given:
    """The value of a parameter in a code, whether it is fixed, and its limits."""

    value: float
    fixed: bool
    limits: tuple[float, float] = (-math.inf, math.inf)


@dataclass(frozen=True)
class CodePart:
    """An element of a code with its values by name."""

    symbol: str
    label: str
    values: dict[str, Given] = field(default_factory=dict)


Nested: TypeAlias = "CodePart | tuple[bool, list[Nested]]"


def read_code(text: str) -> Nested:
    """Return the elements of a code, nested as (whether in parallel, parts).

    Raises
    ------
    CircuitError
        If it is no code; the message points at the column.
    """
    at = found.end() if (found := _VERSION.match(text)) else 0
    stack: list[tuple[str, list[Nested]]] = [("", [])]
    while at < len(text):
        sign = text[at]
        if sign in "([":
            if len(stack) > DEEPEST:
                raise _fault(text, at, f"brackets nest deeper than {DEEPEST}")
            stack.append((sign, []))
        elif sign in ")]":
            bracket, parts = stack[-1]
            if {"(": ")", "[": "]", "": ""}[bracket] != sign:
                raise _fault(text, at, f"{sign!r} closes nothing")
            if len(parts) < 1 + (bracket == "("):
                raise _fault(text, at, "parentheses hold two or more parts, brackets one or more")
            stack.pop()
            stack[-1][1].append((bracket == "(", parts))
        elif not sign.isspace():
            part, at = _part(text, at)
            stack[-1][1].append(part)
            continue
        at += 1
    if len(stack) > 1 or not stack[0][1]:
        raise _fault(
            text, len(text), f"{stack[-1][0]!r} is not closed" if len(stack) > 1 else "it holds no element"
        )
    return False, stack[0][1]


def _part(text: str, at: int) -> tuple[CodePart, int]:
    """Return the element that begins at a column, and where it ends."""
    found = _SYMBOL.match(text, at)
    if found is None:
        word = _WORD.match(text, at)
        if word is None:
            raise _fault(text, at, f"{text[at]!r} is no sign of a code: parts stand side by side")
        raise CircuitError(
            f"circuit code {text!r}: element {word[0]!r} has no counterpart here{did_you_mean(word[0], PLAIN)}; these "
            f"are read: {', '.join(PLAIN)}"
        )
    symbol, label, end = found[1], found[2] or "", found.end()
    opened = _BRACES.match(text, end)
    if opened is None:
        return CodePart(symbol, label), end
    if opened[2] is None:
        raise _fault(text, opened.end(), "'}' is missing")
    values, named = _inner(text, symbol, opened[1])
    return CodePart(symbol, f"_{named}" if named else label, values), opened.end()


def _inner(text: str, symbol: str, inner: str) -> tuple[dict[str, Given], str]:
    """Return the values of an element and its label."""
    before, colon, label = inner.partition(":")
    label = label.strip()
    if colon and not _LABEL.fullmatch(label):
        raise CircuitError(
            f"circuit code {text!r}: the label {label!r} of {symbol} may hold letters, digits and _ alone"
        )
    values: dict[str, Given] = {}
    for part in filter(None, (p.strip() for p in before.split(","))):
        found = _VALUE.fullmatch(part)
        if found is None:
            raise CircuitError(f"circuit code {text!r}: {part!r} of {symbol} is no NAME=VALUE, such as R=100")
        name, known = found["name"], PLAIN[symbol].names
        if name not in known:
            raise CircuitError(
                f"circuit code {text!r}: {symbol} has no parameter {name!r}{did_you_mean(name, known)}; it has "
                f"{', '.join(known)}"
            )
        value = _number(text, symbol, found["value"])
        limits = [piece.strip() for piece in found["limits"].split("/")[1:]]
        if len(limits) > 2:
            raise CircuitError(
                f"circuit code {text!r}: {part!r} of {symbol} has more than two limits: VALUE/LOW/HIGH"
            )
        ends = [_limit(text, symbol, piece, value) for piece in [*limits, "", ""][:2]]
        low, high = -math.inf if ends[0] is None else ends[0], math.inf if ends[1] is None else ends[1]
        values[name] = Given(value, bool(found["fixed"]), (low, high))
    return values, label


def _limit(text: str, symbol: str, piece: str, value: float) -> float | None:
    """Return a limit, in percent of the value where it is so written; None where there is none."""
    if piece.lower() in ("", "inf", "+inf", "-inf"):
        return None
    if piece.endswith("%"):
        return _number(text, symbol, piece[:-1]) / 100 * value
    return _number(text, symbol, piece)


def _number(text: str, symbol: str, piece: str) -> float:
    try:
        return float(piece)
    except ValueError:
        raise CircuitError(f"circuit code {text!r}: {piece!r} of {symbol} is no number") from None


def _fault(text: str, at: int, what: str) -> CircuitError:
    return CircuitError(f"circuit code {text!r}: {what}, at column {at + 1}")

"""Circuit strings as other programs write them, turned into the grammar of eisfit where they mean one thing only."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from eisfit.elements.aliases import ALIASES
from eisfit.elements.registry import ELEMENTS

DEEPEST = 25
_SIGNS = str.maketrans({"–": "-", "−": "-", "—": "-", "‐": "-", "∥": "|", "‖": "|"})
_NAME = re.compile(r"([A-Za-z]+)(_[A-Za-z0-9_]+|[0-9][A-Za-z0-9_]*)?")
_HOLDERS = "|".join(n for n, e in ELEMENTS.items() if e.inner)
_HOLDING = re.compile(  # what stands before parentheses in our own grammar
    rf"(?<![A-Za-z0-9_])(?:p|(?:{_HOLDERS})(?:_[A-Za-z0-9_]+|[0-9][A-Za-z0-9_]*)?)\s*\(", re.IGNORECASE
)
_OPEN_TO_READING = ("T", "O")  # of other programs: tanh here, coth there, so neither is read
_OTHER_NAMES = {"Q": "CPE", "Warburg": "W", "Gerischer": "G"}
_PLAIN = {n: n for n, e in ELEMENTS.items() if not e.inner and n not in _OPEN_TO_READING} | _OTHER_NAMES
_BRACES = re.compile(r"\{[^{}]*\}")  # values behind an element
_P = re.compile(
    r"(?<![A-Za-z0-9_])P(?=\d)"
)  # a constant-phase element, where parallel parts stand in brackets
_TOKEN = re.compile(
    rf"\s*(?:(?P<kind>{'|'.join(sorted(_PLAIN, key=len, reverse=True))})(?P<label>\d+|_[A-Za-z0-9]+)?"
    r"|(?P<open>[(\[])|(?P<close>[)\]])|(?P<series>[-+])|(?P<parallel>\|\|?|//?)|(?P<comma>,))"
)


def in_our_grammar(text: str) -> str | None:
    """Return a circuit string of ZView, Boukamp or EC-Lab in the grammar of eisfit; None where it is none of them.

    Parameters
    ----------
    text : str
        Parallel parts in parentheses, without or with a sign between them: ``R1-(R2CPE2)``, ``R(RQ)(RQ)``,
        ``R(C[RW])``, ``R1+C2/(R2+W2)``, ``R1-(R2|CPE2)``, or in brackets with commas: ``R1-[R2,P3]``. Q is the
        constant-phase element, and so is P there.

    Notes
    -----
    Source: parentheses are parallel, brackets series, as in the circuit description code of B. A. Boukamp, Solid State
    Ionics 20 (1986) 31, which pyimpspec documents too.

    Examples
    --------
    >>> in_our_grammar("R(RQ)(RQ)"), in_our_grammar("R1+Q2/(R2+W2)")
    ('R0-p(R1,CPE1)-p(R2,CPE2)', 'R1-p(CPE2,R2-W2)')
    >>> in_our_grammar("R0-p(R1,Q1)")
    'R0-p(R1,CPE1)'
    """
    plain = text.translate(_SIGNS)
    if "[" in plain and "," in plain:
        plain = _P.sub("CPE", plain)
    if _HOLDING.search(plain):
        return _renamed(plain, text)
    renamed = _renamed(plain, text)
    if renamed is not None and not re.search(r"[()\[\]|/+,]", plain):
        return renamed
    items = _items(renamed or plain)
    return None if items is None else _text_of(items, guess=False)


def hint(text: str) -> tuple[str, str]:
    """Return the end of a message that says what a circuit string may mean in the grammar of eisfit, and that circuit.

    Both are empty where nothing is near.

    Examples
    --------
    >>> hint("R-RQ-RQ")[0]
    "; did you mean 'R0-p(R1,CPE1)-p(R2,CPE2)'? Parallel parts stand as p(a,b)"
    """
    plain = text.translate(_SIGNS)
    if _BRACES.search(plain):
        return _without_values(plain)
    known, bare = re.sub(r"[TO](?!LMQ)", "Ws", plain), re.sub(r"(?<![A-Za-z0-9_])[pP]\(", "(", plain)
    if re.search(r"\s", plain) and (bare != plain or "(" not in plain):
        return "", ""
    if bare == plain:
        bare = known + ")" * (known.count("(") - known.count(")"))
    items = _items(bare)
    meant = None if items is None else _text_of(items, guess=True)
    if meant is None:
        return "", ""
    if known != plain and "p(" not in plain:
        return (
            "; T and O are finite diffusion with tanh in some programs and coth in others, so they are not read: "
            f"write Ws (tanh) or Wo (coth), as {meant!r}"
        ), meant
    return f"; did you mean {meant!r}? Parallel parts stand as p(a,b)", meant


def _without_values(plain: str) -> tuple[str, str]:
    """Return what a circuit code with values in braces is without them, as `hint` does."""
    bare = _BRACES.sub("", plain)
    meant = in_our_grammar(bare) or bare
    said = f"; a circuit string holds no values in braces: did you mean {meant!r}? eisfit.interop.from_cdc reads both"
    return said, meant


def _renamed(plain: str, text: str) -> str | None:
    """Return a string of our own signs with the names of elements as eisfit has them; None where nothing changes."""
    by_case: dict[str, list[str]] = {}
    for name in (*ELEMENTS, *ALIASES, *_OTHER_NAMES):
        by_case.setdefault(name.lower(), []).append(name)

    def name_of(found: re.Match[str]) -> str:
        kind, label = found[1], found[2] or ""
        if plain[found.end() :].lstrip().startswith("(") and kind in ("p", "P"):
            return "p" + label
        if kind not in ELEMENTS and kind not in ALIASES and len(by_case.get(kind.lower(), ())) == 1:
            kind = by_case[kind.lower()][0]
        return _OTHER_NAMES.get(kind, kind) + label

    renamed = _NAME.sub(name_of, plain)
    return None if renamed == text else renamed


@dataclass(frozen=True)
class Leaf:
    """An element with its number or ``_label``; empty where it has none."""

    kind: str
    label: str


@dataclass(frozen=True)
class _Group:
    """What stands between two parentheses, or the whole: items, each with the sign in front of it."""

    bracket: str
    items: list[tuple[str, _Item]] = field(default_factory=list)

    @property
    def signs(self) -> set[str]:
        return {sign for sign, _ in self.items[1:]}


_Item: TypeAlias = Leaf | _Group


@dataclass(frozen=True)
class Joined:
    """Parts in series or in parallel."""

    parallel: bool
    parts: list[Leaf | Joined]


class _Unclear(Exception):
    """The string may mean several circuits, or none."""


def _items(text: str) -> _Group | None:
    """Cut a string into elements, signs and nested groups; None where it is no such string."""
    stack, sign, at = [_Group("")], "", 0
    while at < len(text.rstrip()):
        found = _TOKEN.match(text, at)
        if found is None:
            return None
        at, group = found.end(), stack[-1]
        if found["kind"]:
            group.items.append((sign, Leaf(_PLAIN[found["kind"]], found["label"] or "")))
        elif found["open"]:
            stack.append(_Group(found["open"]))
            group.items.append((sign, stack[-1]))
            if len(stack) > DEEPEST:
                return None
        elif found["close"]:
            if {"(": ")", "[": "]", "": ""}[group.bracket] != found["close"] or sign or not group.items:
                return None
            stack.pop()
        elif sign or not group.items:
            return None
        sign = "" if found["kind"] or found["open"] or found["close"] else _sign(found)
    return stack[0] if len(stack) == 1 and stack[0].items and not sign else None


def _sign(found: re.Match[str]) -> str:
    return "-" if found["series"] else "|" if found["parallel"] else ","


def _text_of(whole: _Group, *, guess: bool) -> str | None:
    try:
        joined = _read(whole, parallel=False, guess=guess, top=True)
    except _Unclear:
        return None
    return None if isinstance(joined, Leaf) else numbered(joined)


def numbered(joined: Leaf | Joined) -> str:
    """Return the circuit string of nested parts, with a number behind each element that has no label.

    Examples
    --------
    >>> numbered(Joined(False, [Leaf("R", ""), Joined(True, [Leaf("R", "_ct"), Leaf("C", "")])]))
    'R0-p(R_ct,C1)'
    """
    return _written(joined, _Numbers(list(_leaves(joined))))


def _read(group: _Group, *, parallel: bool, guess: bool, top: bool = False) -> Leaf | Joined:
    """Give a group its meaning: in series, or side by side where it stands in parentheses within a row."""
    signs = group.signs
    if "," in signs:
        if not parallel or "|" in signs:
            raise _Unclear
        return Joined(True, [_row(part, guess) for part in _split(group, ",")])
    if "|" in signs:
        if "" in signs:
            raise _Unclear
        rows = [_side_by_side(part, guess) for part in _split(group, "-")]
        return rows[0] if len(rows) == 1 else Joined(False, rows)
    if not parallel:
        return _row(group, guess, top=top)
    if ("-" in signs and not guess) or len(group.items) < 2:
        raise _Unclear
    return Joined(True, [_nested(item, parallel=False, guess=guess) for _, item in group.items])


def _row(group: _Group, guess: bool, *, top: bool = False) -> Leaf | Joined:
    """Return parts in series; elements side by side without a sign are so only where nothing else has a sign."""
    items, signs = group.items, group.signs
    grouped = any(isinstance(item, _Group) for _, item in items)
    pairs = itertools.pairwise(items)
    bare = any(sign == "" and isinstance(a, Leaf) and isinstance(b, Leaf) for (_, a), (sign, b) in pairs)
    if bare and ("-" in signs or (top and not grouped)):
        if not guess:
            raise _Unclear
        words = _split(group, "-")
        parts = [_beside(word, guess) for word in words]
        return Joined(False, parts)
    parts = [_nested(item, parallel=True, guess=guess) for _, item in items]
    return parts[0] if len(parts) == 1 else Joined(False, parts)


def _beside(word: _Group, guess: bool) -> Leaf | Joined:
    parts = [_nested(item, parallel=True, guess=guess) for _, item in word.items]
    return parts[0] if len(parts) == 1 else Joined(True, parts)


def _side_by_side(group: _Group, guess: bool) -> Leaf | Joined:
    parts = [_operand(item, guess) for _, item in group.items]
    return parts[0] if len(parts) == 1 else Joined(True, parts)


def _operand(item: _Item, guess: bool) -> Leaf | Joined:
    """Return what stands beside a sign for parallel: its parentheses hold a row together."""
    if isinstance(item, Leaf):
        return item
    if "" in item.signs:
        raise _Unclear
    return _read(item, parallel=False, guess=guess)


def _nested(item: _Item, *, parallel: bool, guess: bool) -> Leaf | Joined:
    if isinstance(item, Leaf):
        return item
    beside = parallel and item.bracket == "("
    return _read(item, parallel=beside or (item.bracket == "[" and "," in item.signs), guess=guess)


def _split(group: _Group, sign: str) -> list[_Group]:
    parts = [_Group("")]
    for number, (its, item) in enumerate(group.items):
        if number and its == sign:
            parts.append(_Group(""))
        parts[-1].items.append((its, item))
    return parts


def _leaves(joined: Leaf | Joined) -> Iterator[Leaf]:
    if isinstance(joined, Leaf):
        yield joined
    else:
        for part in joined.parts:
            yield from _leaves(part)


class _Numbers:
    """Labels of elements: their own, else the number of the group of parallel parts that they stand in."""

    def __init__(self, leaves: Sequence[Leaf]) -> None:
        self.taken = {leaf.kind + leaf.label for leaf in leaves if leaf.label}
        self.group = 0

    def name(self, leaf: Leaf, within: int) -> str:
        """Return the name of an element in a group, 0 outside of all."""
        if leaf.label:
            return leaf.kind + leaf.label
        number = within or (0 if leaf.kind in ("R", "L") else 1)
        while f"{leaf.kind}{number}" in self.taken:
            number += 1
        self.taken.add(f"{leaf.kind}{number}")
        return f"{leaf.kind}{number}"


def _written(joined: Leaf | Joined, numbers: _Numbers, within: int = 0, parallel: bool = False) -> str:
    if isinstance(joined, Leaf):
        return numbers.name(joined, within)
    if joined.parallel and not within:
        numbers.group += 1
        within = numbers.group
        inner = [_written(part, numbers, within, True) for part in joined.parts]
    else:
        inner = [_written(part, numbers, within, joined.parallel) for part in joined.parts]
    return f"p({','.join(inner)})" if joined.parallel else "-".join(inner)

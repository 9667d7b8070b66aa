"""The page of messages: each is still one of eisfit, and they are in order."""

from __future__ import annotations

import ast
import re
from functools import cache

import pytest

from support.docs_pages import DOCS
from support.paths import ROOT

PAGE = (DOCS / "troubleshooting.md").read_text(encoding="utf-8")
QUOTED = re.findall(r"^`([^`\n]+)`\n: ", PAGE, re.M)


@cache
def sentences() -> tuple[str, ...]:
    """Return all texts of the package, with ``...`` in place of what is filled in."""
    found = []
    for path in sorted((ROOT / "eisfit").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr):
                found.append("".join(_text(part) for part in node.values))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.append(node.value)
    return tuple(found)


def _text(part: ast.expr) -> str:
    return part.value if isinstance(part, ast.Constant) and isinstance(part.value, str) else "..."


def is_said(quoted: str) -> bool:
    """Return whether one sentence holds all pieces of a quoted message, in their order."""
    pieces = [re.escape(piece.strip(" :;,")) for piece in quoted.split("...")]
    wanted = re.compile(".*".join(piece for piece in pieces if piece), re.S)
    return any(wanted.search(sentence) for sentence in sentences())


@pytest.mark.parametrize("quoted", QUOTED)
def test_every_message_of_the_page_is_one_of_eisfit(quoted: str) -> None:
    assert is_said(quoted)


def test_a_message_that_is_gone_would_be_noticed() -> None:
    assert not is_said("the flux capacitor of ... is empty")
    assert not is_said("known: ...; no template")


def test_the_page_holds_what_is_asked_most_and_in_order() -> None:
    assert len(QUOTED) >= 50
    for part in PAGE.split("\n## ")[1:]:
        quoted = re.findall(r"^`([^`\n]+)`\n: ", part, re.M)
        assert quoted
        assert sorted(quoted, key=_words) == quoted


def _words(message: str) -> list[str]:
    return re.sub(r"[^a-z0-9 ]", "", message.lower()).split()

"""Small pieces of Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

_DOI = re.compile(r"\b(10\.\d{4,9}/\S+)")


def cell(text: object) -> str:
    """Return text that may stand in a cell of a table."""
    return str(text).replace("|", "\\|").replace("\n", " ")


def table(heading: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table."""
    lines = [heading, ["---"] * len(heading), *rows]
    return "\n".join("| " + " | ".join(cell(c) for c in line) + " |" for line in lines) + "\n"


def code(text: object) -> str:
    """Return text as code; empty text stays empty."""
    return f"`{text}`" if str(text) else ""


def doi(identifier: str) -> str:
    """Return a DOI as a link."""
    return f"[doi {identifier}](https://doi.org/{identifier})"


def with_doi_links(text: str) -> str:
    """Return reStructuredText in which every DOI is a link."""

    def link(match: re.Match[str]) -> str:
        found = match.group(1)
        identifier = found.rstrip(".,;:")
        while identifier.endswith(")") and identifier.count(")") > identifier.count("("):
            identifier = identifier[:-1]
        return f"`{identifier} <https://doi.org/{identifier}>`__{found[len(identifier) :]}"

    return _DOI.sub(link, text)


def number(value: float) -> str:
    """Return a number as a person writes it."""
    if value == int(value) and abs(value) < 1e5:
        return f"{value:.0f}"
    mantissa, _, exponent = f"{value:.12g}".partition("e")
    power = f"10{_raised(int(exponent))}" if exponent else ""
    return power if power and mantissa == "1" else f"{mantissa} · {power}" if power else mantissa


def _raised(exponent: int) -> str:
    return str(exponent).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


def span(low: float, high: float) -> str:
    """Return a range; infinity is a limit that is not there."""
    return f"{number(low)} to {number(high)}" if high < float("inf") else f"above {number(low)}"


def write(path: Path, text: str) -> None:
    """Write a page, if it changed: an unchanged one is not built again."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")

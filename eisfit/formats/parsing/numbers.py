"""Numbers as instruments print them: decimal commas, SI suffixes, blanks."""

from __future__ import annotations

import re
from collections.abc import Iterable

CM = {"cm": 1.0, "mm": 0.1, "um": 1e-4, "µm": 1e-4, "μm": 1e-4, "dm": 10.0, "m": 100.0}  # cm in each
CM2 = {f"{length}2": cm * cm for length, cm in CM.items()}  # cm2 in each
SI = {
    "p": 1e-12,
    "n": 1e-9,
    "u": 1e-6,
    "µ": 1e-6,
    "μ": 1e-6,
    "m": 1e-3,
    "k": 1e3,
    "M": 1e6,
    "G": 1e9,
    "T": 1e12,
}
# digits are taken as they come and never given back, so that a cell with thousands of them takes no time
_PLAIN = re.compile(r"[+-]?(\d++\.?+\d*+|\.\d++)([eEdD][+-]?\d++)?+")
_COMMA = re.compile(r"[+-]?(\d++[,.]?+\d*+|[,.]\d++)([eEdD][+-]?\d++)?+")
_WORDS = {"nan", "inf", "+inf", "-inf", "-nan", "+nan", "infinity", "-infinity"}
_DECIMAL_COMMA = re.compile(r"(?<![\d,.])[+-]?\d+,\d+([eE][+-]?\d+)?(?![\d,.])")


def number(text: str, comma: bool = False) -> float | None:
    """Turn one cell into a number, or None where it is none; `comma` allows a decimal comma."""
    text = text.strip().strip('"').strip().replace("−", "-")
    if (_COMMA if comma else _PLAIN).fullmatch(text):
        return float(text.replace(",", ".").replace("d", "e").replace("D", "e"))
    return float(text) if text.lower() in _WORDS else None


def si_number(text: str, comma: bool = False) -> float | None:
    """Turn a cell such as ``1.462k`` or ``735.948m`` into a number, or None."""
    text = text.strip()
    scale = SI.get(text[-1:])
    if scale is None:
        return number(text, comma)
    value = number(text[:-1], comma)
    return None if value is None else value * scale


def has_decimal_comma(lines: Iterable[str]) -> bool:
    """Tell whether numbers in these lines are written with a decimal comma.

    Only for text whose cells are separated by something else than a comma.
    """
    return any(_DECIMAL_COMMA.search(line) for line in lines)


def first_number(text: str, comma: bool = False) -> float | None:
    """Return the first number in a text such as ``1.130 cm2``, or None."""
    found = (_COMMA if comma else _PLAIN).search(text)
    return number(found.group(), comma) if found else None

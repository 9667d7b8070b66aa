"""Whether the last number of a text file is cut off: there is no end of line, and all numbers above it are longer."""

from __future__ import annotations

import re

from eisfit.spectrum.findings import Finding

_SEPARATORS = re.compile(r"[\s;,|]+")
_NUMBER = re.compile(r"[+-]?(?P<digits>\d*\.?\d*)(?:[eE](?P<exponent>[+-]?\d*))?\D{0,2}")
_LOOK_BACK = 60  # rows above that are looked at
_LINE = 10_000  # characters of a line beyond which it is none of a table
_FEWEST = 5  # of them that tell how long the numbers are
CUT_ROW = Finding(
    "truncated",
    "the file ends within a line, and its last number is shorter than all above it: the last row is cut off and was "
    "left out",
)


def whole_rows(data: bytes) -> bytes | None:
    """Return a text file without its last row where that is cut off within its last number, else None."""
    end = max(data.rfind(b"\n"), data.rfind(b"\r")) + 1
    if not 0 < end < len(data) or b"\0" in data[end:] or len(data) - end > _LINE:
        return None
    tail = data[max(0, end - _LOOK_BACK * _LINE) : end]
    above = [line for line in tail.splitlines() if line.strip()][-_LOOK_BACK:]
    last = _cells(data[end:])
    alike = [cells for line in above if len(line) < _LINE and len(cells := _cells(line)) == len(last)]
    if len(last) < 2 or len(alike) < _FEWEST:
        return None
    *before, at_end = [_is_shorter(cell, [row[k] for row in alike]) for k, cell in enumerate(last)]
    return (
        data[:end] if at_end and not any(before) else None
    )  # else the whole row is written with fewer digits


def _is_shorter(cell: str, above: list[str]) -> bool:
    """Tell whether a number has fewer digits, or a shorter exponent, than all others in its column."""
    own, others = _length(cell), [length for other in above if (length := _length(other)) is not None]
    if own is None or len(others) < max(_FEWEST, len(above) / 2):
        return False
    exponents = [length for _, length in others if length or not own[1]]
    return own[0] < min(digits for digits, _ in others) or own[1] < min(exponents, default=0)


def _cells(line: bytes) -> list[str]:
    return _SEPARATORS.split(line.decode("latin-1").strip())


def _length(cell: str) -> tuple[int, int] | None:
    """Return how many digits a number has, and how many characters its exponent; None for what is no number."""
    found = _NUMBER.fullmatch(cell)
    if found is None or not any(map(str.isdigit, cell)):
        return None
    return sum(map(str.isdigit, found["digits"])), len(found["exponent"] or "")

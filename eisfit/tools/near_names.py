"""The known name that a wrong one was meant to be."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

_ALIKE = 0.6  # similarity from which a known name is offered


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return the question whether a known name was meant, or '' where none is like it.

    Parameters
    ----------
    name : str
        What was given.
    known : iterable of str
        What there is.

    Examples
    --------
    >>> did_you_mean("r1", ["R0", "R1", "CPE1_alpha"])
    "did you mean 'R1'?"
    >>> did_you_mean("bulk", ["R0", "R1"])
    ''
    """
    by_lower: dict[str, str] = {}
    for one in known:
        by_lower.setdefault(_plain(one), one)
    near = get_close_matches(_plain(name), by_lower, 1, _ALIKE)
    return f"did you mean {by_lower[near[0]]!r}?" if near else ""


def _plain(name: str) -> str:
    return name.lower().replace("-", "_").replace(".", "_").replace(" ", "_")

"""The known name that a misspelt one may mean."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

_SHORTEST = 3  # letters of a beginning that tells a name
_ALIKE = 0.6  # least similarity of two names, as difflib measures it


def did_you_mean(name: object, known: Iterable[str]) -> str:
    """Return the question whether a near name was meant, as the end of a clause; empty where none is near.

    Parameters
    ----------
    name : object
        What was given; what is no text is near to nothing.
    known : iterable of str
        The names there are. One that begins with the given name, as ``temperature_c`` with ``temperature``, is nearer
        than any other.

    Examples
    --------
    >>> did_you_mean("temperature", ["temperature_err_c", "temperature_c"])
    '; did you mean temperature_c?'
    >>> did_you_mean("LE-SE", ["le", "le_se"]), did_you_mean("nothing", ["le_se"])
    ('; did you mean le_se?', '')
    """
    if not isinstance(name, str):
        return ""
    by_plain: dict[str, str] = {}
    for each in known:
        by_plain.setdefault(_plain(each), each)
    given = _plain(name)
    longer = [p for p in by_plain if len(given) >= _SHORTEST and p.startswith(given)]
    longer.sort(key=lambda p: (not p.startswith(f"{given}_"), len(p)))
    near = [given] if given in by_plain else longer or get_close_matches(given, by_plain, 1, _ALIKE)
    return f"; did you mean {by_plain[near[0]]}?" if near else ""


def _plain(name: str) -> str:
    return name.strip().lower().replace("-", "_").replace(" ", "_")

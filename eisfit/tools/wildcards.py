"""Limits of patterns with wildcards, whose search would otherwise not end."""

from __future__ import annotations

MOST_STARS = 8
MOST_FOLDER_STARS = 1


def fault_of(pattern: str) -> str:
    """Return what is wrong with a pattern of file names, as the end of a sentence; empty if nothing is.

    Parameters
    ----------
    pattern : str
        With ``*`` for anything in a name, and ``**`` for all folders below.

    Examples
    --------
    >>> fault_of("lab/**/*.mpt")
    ''
    >>> fault_of("**/**/*.mpt")
    "has 2 times '**'; keep one, which goes through all folders below"
    """
    folders = pattern.count("**")
    if folders > MOST_FOLDER_STARS:
        return f"has {folders} times '**'; keep one, which goes through all folders below"
    stars = pattern.count("*")
    if stars > MOST_STARS:
        return f"has {stars} times '*'; keep at most {MOST_STARS}"
    return ""

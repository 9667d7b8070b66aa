"""Pairs of voltage probes in the names of files and folders."""

from __future__ import annotations

import re

from eisfit.errors import ManifestError
from eisfit.workflow.temperature_names import PLACE as TEMPERATURE

PLACE = "{pair}"
MOST_STARS = 2
_NUMBER = r"(?:[^/]*?\d+(?:[.,]\d+)?)"


def pair_from_name(name: str, pattern: str, where: str) -> str:
    """Return the pair of probes that a name tells.

    Parameters
    ----------
    name : str
        File name without its suffix, with the folders that lead to it, as `name_in` returns it.
    pattern : str
        Text with ``{pair}`` in the place of the pair, from the beginning of the name or of a folder on. ``*`` is
        anything, ``/`` the border of a folder, ``{temperature_c}`` a number.
    where : str
        Manifest, for messages.

    Raises
    ------
    ManifestError
        If the pattern has no place for the pair, or the name does not follow it.

    Examples
    --------
    >>> pair_from_name("llto_L2-S1_25C", "*_{pair}_", "x"), pair_from_name("L2S1/25C", "{pair}/", "x")
    ('L2-S1', 'L2S1')
    >>> pair_from_name("25C_L2-S1", "{temperature_c}C_{pair}", "x")
    'L2-S1'
    """
    found = re.search(_expression(pattern, where), name)
    if found is None:
        raise ManifestError(
            f"{where}: the name {name!r} tells no pair of probes for pair_from_name = {pattern!r}; rename the file, or "
            'write pair = "L2-S1" beside it'
        )
    return found["pair"].strip()


def _expression(pattern: str, where: str) -> str:
    if pattern.count(PLACE) != 1:
        raise ManifestError(
            f"{where}: pair_from_name = {pattern[:80]!r} must have {PLACE} in it once, as '*_{PLACE}_'"
        )
    if pattern.count("*") > MOST_STARS:
        raise ManifestError(
            f"{where}: pair_from_name = {pattern[:80]!r}: keep at most {MOST_STARS} times '*'"
        )
    known = {PLACE: "(?P<pair>[^/]+?)", "*": "[^/]*?", TEMPERATURE: _NUMBER}
    pieces = re.split(r"(\{pair\}|\*|\{temperature_c\})", pattern)
    text = "".join(known.get(piece, re.escape(piece)) for piece in pieces)
    return f"(?:^|(?<=/)){text}" + ("(?:/|$)" if pattern.endswith(PLACE) else "")

"""A text in the names of files and folders, found by a pattern with a place for it."""

from __future__ import annotations

import re

from eisfit.errors import ManifestError
from eisfit.workflow.temperature_names import PLACE as TEMPERATURE

MOST_STARS = 2
_NUMBER = r"(?:[^/]*?\d+(?:[.,]\d+)?)"


def text_in_place(name: str, pattern: str, key: str, what: str, example: str, where: str) -> str | None:
    """Return what stands in the place of a pattern, as it is written; None where the name does not follow it.

    Parameters
    ----------
    name : str
        File name without its suffix, with the folders that lead to it, as `name_in` returns it.
    pattern : str
        Text with ``{what}`` in the place, from the beginning of the name or of a folder on. ``*`` is anything, ``/``
        the border of a folder, ``{temperature_c}`` a number.
    key, what, example : str
        Key of the pattern, word in its place, and a pattern for the message.
    where : str
        Manifest, for messages.

    Raises
    ------
    ManifestError
        If the pattern has no place, several, or too many stars.
    """
    place = f"{{{what}}}"
    if pattern.count(place) != 1:
        raise ManifestError(f"{where}: {key} = {pattern[:80]!r} must have {place} in it once, as {example}")
    if pattern.count("*") > MOST_STARS:
        raise ManifestError(f"{where}: {key} = {pattern[:80]!r}: keep at most {MOST_STARS} times '*'")
    known = {place: "([^/]+?)", "*": "[^/]*?", TEMPERATURE: _NUMBER}
    pieces = re.split("|".join(f"({re.escape(piece)})" for piece in known), pattern)
    text = "".join(known.get(piece, re.escape(piece)) for piece in pieces if piece)
    found = re.search(f"(?:^|(?<=/)){text}" + ("(?:/|$)" if pattern.endswith(place) else ""), name)
    return None if found is None else found[1].strip()

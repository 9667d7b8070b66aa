"""Pairs of voltage probes in the names of files and folders."""

from __future__ import annotations

from eisfit.errors import ManifestError
from eisfit.workflow.name_places import text_in_place

PLACE = "{pair}"


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
    found = text_in_place(name, pattern, "pair_from_name", "pair", f"'*_{PLACE}_'", where)
    if found is None:
        raise ManifestError(
            f"{where}: the name {name!r} tells no pair of probes for pair_from_name = {pattern!r}; rename the file, or "
            'write pair = "L2-S1" beside it'
        )
    return found

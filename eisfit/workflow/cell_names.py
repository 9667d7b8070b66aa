"""Cells in the names of files and folders."""

from __future__ import annotations

import re

from eisfit.errors import ManifestError
from eisfit.tools.toml_table import shown
from eisfit.workflow.name_places import text_in_place

PLACE = "{cell}"
LONGEST = 80  # characters of the name of a cell
_NO_FOLDER = re.compile(r'[\x00-\x1f/\\:*?"<>|]')


def cell_from_name(name: str, pattern: str, where: str) -> str:
    """Return the cell that a name tells.

    Parameters
    ----------
    name : str
        File name without its suffix, with the folders that lead to it, as `name_in` returns it.
    pattern : str
        Text with ``{cell}`` in the place of the cell, from the beginning of the name or of a folder on. ``*`` is
        anything, ``/`` the border of a folder, ``{temperature_c}`` a number.
    where : str
        Manifest, for messages.

    Raises
    ------
    ManifestError
        If the pattern has no place for the cell, or the name does not follow it.

    Examples
    --------
    >>> cell_from_name("A7/25C", "{cell}/", "x"), cell_from_name("LLZO3_25C", "{cell}_", "x")
    ('A7', 'LLZO3')
    >>> cell_from_name("2024_cellB_25C", "*cell{cell}_{temperature_c}C", "x")
    'B'
    """
    found = text_in_place(name, pattern, "cell_from_name", "cell", f"'{PLACE}/' or '{PLACE}_'", where)
    if found is None:
        raise ManifestError(
            f"{where}: the name {name!r} tells no cell for cell_from_name = {pattern!r}; rename the file, or write "
            "cell beside it"
        )
    return checked_cell(found, where)


def checked_cell(text: object, where: str) -> str:
    """Return the name of a cell, which is that of the folder of its results too.

    Raises
    ------
    ManifestError
        If it is no text or no name for a folder.
    """
    name = str(text) if isinstance(text, int) and not isinstance(text, bool) else text
    if not isinstance(name, str):
        raise ManifestError(f"{where}: cell is {shown(text)}; it must be a text in quotes")
    plain = name.strip() == name and not name.startswith(".") and not _NO_FOLDER.search(name)
    if not plain or not 0 < len(name) <= LONGEST:
        raise ManifestError(
            f"{where}: cell is {shown(name)}; it names a folder of results: write at most {LONGEST} letters, digits, "
            "'-' and '_'"
        )
    return name

"""The known name nearest to one that is not known, for messages."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable
from pathlib import Path

_ALIKE = 0.7  # from this similarity on, a name is taken for another with a slip of the pen
_MOST_FILES = 5_000
_SPELT_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "µ": "u", "μ": "u"})


def nearest(name: str, known: Iterable[str], alike: float = _ALIKE) -> str | None:
    """Return the known name that was probably meant, or None.

    Case, blanks, hyphens, underscores and umlauts spelt out do not count.

    Parameters
    ----------
    name : str
        What was written.
    known : iterable of str
        What there is.
    alike : float
        Least similarity, from 0 to 1.

    Examples
    --------
    >>> nearest("LE_SE", ["le_se", "pe_se"]), nearest("lese", ["le_se", "le"]), nearest("electrode", ["electrodes"])
    ('le_se', 'le_se', 'electrodes')
    >>> nearest("gamma", ["le_se"]) is None
    True
    """
    by_plain: dict[str, str] = {}
    for each in known:
        by_plain.setdefault(_plain(each), each)
    wanted = _plain(name)
    if wanted in by_plain:
        return by_plain[wanted]
    found = difflib.get_close_matches(wanted, by_plain, 1, alike)
    return by_plain[found[0]] if found else None


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return `` (did you mean 'x'?)`` to stand in a message, or an empty text where nothing is near.

    Examples
    --------
    >>> "no template 'lese'" + did_you_mean("lese", ["le_se", "pe_se"])
    "no template 'lese' (did you mean 'le_se'?)"
    """
    near = nearest(name, known)
    return "" if near is None or near == name else f" (did you mean {near!r}?)"


def file_like(path: Path) -> str:
    """Return `` (did you mean 'x'?)`` with a file of the same folder whose name is near, or the nearest folder above.

    Parameters
    ----------
    path : Path
        A file that does not exist.
    """
    folder = path.parent
    missing = path
    while not folder.is_dir() and folder != folder.parent:
        folder, missing = folder.parent, folder
    try:
        entries = [entry.name for entry, _ in zip(folder.iterdir(), range(_MOST_FILES), strict=False)]
    except OSError:
        return ""
    near = nearest(missing.name, (e for e in entries if not e.startswith(".")), 0.8)
    if near is None or near == missing.name or not _same_numbers(near, missing.name):
        return ""
    return f" (did you mean {str(folder / near)!r}?)"


def _same_numbers(one: str, other: str) -> bool:
    """Tell whether two names hold the same digits: of a series, cell_25C is not meant by cell_26C."""
    return [c for c in one if c.isdigit()] == [c for c in other if c.isdigit()]


def _plain(text: str) -> str:
    spelt = unicodedata.normalize("NFC", text).casefold().translate(_SPELT_OUT)
    bare = "".join(c for c in unicodedata.normalize("NFKD", spelt) if not unicodedata.combining(c))
    return "".join(c for c in bare if c not in " -_")

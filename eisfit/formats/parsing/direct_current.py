"""Whether a text without an impedance holds current and potential: a dc measurement, to be named as such."""

from __future__ import annotations

import re
from collections.abc import Iterable

FIRST_LINES = 200
_MOST_QUOTED = 6
_LONGEST = 2000
_CURRENT = re.compile(
    r"(?i)(?:^|[^a-z])current(?:[^a-z]|$)|^<?i>?[\s/_(\[]+[munµ]?a\b|^[munµ]?a$|^i$|strom|courant|电流"
)
_POTENTIAL = re.compile(
    r"(?i)potential|voltage|(?:^|[^a-z])(?:working electrode|ewe|vf)(?:[^a-z]|$)|^<?[eu]>?(?:we)?[\s/_(\[]+m?v\b"
    r"|^m?v$|spannung|tension|电压"
)
_FREQUENCY = re.compile(r"(?i)freq|hz|频率")


def dc_columns(lines: Iterable[str]) -> str:
    """Return the headings of a table of current and potential, quoted; '' where no line names both.

    Parameters
    ----------
    lines : iterable of str
        The text.

    Examples
    --------
    >>> from eisfit.formats.parsing.direct_current import dc_columns
    >>> dc_columns(["Time (s);WE(1).Current (A);WE(1).Potential (V)"])
    "'Time (s)', 'WE(1).Current (A)', 'WE(1).Potential (V)'"
    """
    for count, line in enumerate(lines):
        if count == FIRST_LINES:
            break
        for cells in (re.split(mark, line[:_LONGEST]) for mark in ("\t", ";", ",", r"\s{2,}")):
            cells = [cell.strip(' "\r\n#%') for cell in cells if cell.strip()]
            named = any(map(_CURRENT.search, cells)) and any(map(_POTENTIAL.search, cells))
            apart = len(cells) > 1 and not any(re.match(r"[-+]?\d", cell) for cell in cells)
            if named and apart and not any(map(_FREQUENCY.search, cells)):
                return ", ".join(repr(cell) for cell in cells[:_MOST_QUOTED])
    return ""


def dc_said(columns: str) -> str:
    """Return the sentence that names a dc measurement by its columns."""
    return (
        f"its columns {columns} are current and potential of a dc measurement, which holds no impedance; for dc data "
        "see 'eisfit dc'"
    )

"""Groups of files by their folders and names, the temperatures apart: cells, or passes of one cell."""

from __future__ import annotations

import re
from collections.abc import Sequence

from eisfit.constants import ZERO_CELSIUS_K
from eisfit.errors import ManifestError
from eisfit.workflow.cell_names import PLACE, cell_from_name

SAME_C = 1.0  # °C; temperatures that count as equal
PATTERNS = (f"{PLACE}/", f"{PLACE}_", f"{PLACE}-", f"{PLACE} ")
_CLOSE = 0.06  # °C; a number in a name is the temperature within rounding
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_ONE_CELL = re.compile(  # words of the passes of one cell
    r"(?i)heat|cool|aufheiz|abk[uü]hl|hinweg|r[uü]ckweg"
    r"|(?<![a-z])(?:up|down|run|pass|cycle|zyklus|repeat|wdh|auf|ab)(?![a-z])"
)


def folder_groups(names: Sequence[str], temperature_c: Sequence[float]) -> list[str] | None:
    """Return the folder of each name, the temperature left out; None where there are no groups of two or more.

    Examples
    --------
    >>> folder_groups(["A/25C", "A/40C", "B/25C", "B/40C"], [25, 40, 25, 40])
    ['A', 'A', 'B', 'B']
    >>> folder_groups(["25C/a", "25C/b", "40C/a", "40C/b"], [25, 25, 40, 40]) is None
    True
    """
    folders = [n.rpartition("/")[0] for n in names]
    return _kinds([without_temperature(f, t) for f, t in zip(folders, temperature_c, strict=True)])


def name_groups(names: Sequence[str], temperature_c: Sequence[float]) -> list[str] | None:
    """Return each name without folder and temperature, or else also without its numbers; None as in `folder_groups`.

    Examples
    --------
    >>> name_groups(["A_25C", "A_40C", "B_25C", "B_40C"], [25, 40, 25, 40])
    ['A_*', 'A_*', 'B_*', 'B_*']
    """
    stems = [n.rpartition("/")[2].partition("#")[0] for n in names]
    rest = [without_temperature(stem, t) for stem, t in zip(stems, temperature_c, strict=True)]
    return _kinds(rest) or _kinds([_NUMBER.sub("", r) for r in rest])


def without_temperature(name: str, temperature_c: float) -> str:
    """Return a name with ``*`` for the number that is its temperature, with the sign and unit beside it."""
    for match in reversed(list(_NUMBER.finditer(name))):
        value = float(match.group().replace(",", "."))
        if min(abs(value - abs(temperature_c)), abs(value - temperature_c - ZERO_CELSIUS_K)) <= _CLOSE:
            before = re.sub(r"(?:(?<![A-Za-z])(?:m|minus|neg|min|T)[ _]?|[-−–+])$", "", name[: match.start()])
            behind = re.sub(r"^[ _]?(?:°C|degC|deg|°|C|K)(?![A-Za-z])", "", name[match.end() :])
            return f"{before}*{behind}"
    return name


def _kinds(groups: Sequence[str]) -> list[str] | None:
    kinds = set(groups)
    return list(groups) if len(kinds) > 1 and min(groups.count(kind) for kind in kinds) > 1 else None


def may_be_passes(groups: Sequence[str]) -> bool:
    """Tell whether names of groups say that they are passes of one cell: heating, cooling, run 2."""
    return any(_ONE_CELL.search(group) for group in groups)


def share_temperatures(groups: Sequence[str], temperature_c: Sequence[float]) -> bool:
    """Tell whether at least half of the files have their temperature in another group too."""
    rows = list(zip(groups, temperature_c, strict=True))
    met = [any(g != h and abs(t - u) <= SAME_C for h, u in rows) for g, t in rows]
    return sum(met) >= 0.5 * len(rows)


def cell_pattern(groups: Sequence[str], names: Sequence[str]) -> str:
    """Return the pattern ``cell_from_name`` that tells just these groups apart; empty if there is none."""
    for pattern in PATTERNS:
        try:
            cells = [cell_from_name(name, pattern, "") for name in names]
        except ManifestError:
            continue
        if len(set(zip(groups, cells, strict=True))) == len(set(groups)) == len(set(cells)):
            return pattern
    return ""

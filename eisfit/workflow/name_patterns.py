"""The pattern by which names of files tell their temperatures, found from the names."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from eisfit.errors import ManifestError
from eisfit.workflow.temperature_names import PLACE, temperature_from_name

COLDEST_C, HOTTEST_C = -200.0, 1500.0
LARGEST_RATE = 5.0  # numbers before a C that do not exceed it may be rates of charge: C/10, 0.5C, 2C
_ENOUGH = 0.5  # of the names, which a pattern must read
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_SIGN = r"(?:[-−–—‒‐‑﹣－]|(?<![A-Za-z])(?:m|min|neg|minus|negative)[ _-]?)?"
_UNIT = re.compile(r"[ _]?(?:°|º|˚|deg|Grad|grad|℃|oC|C(?![A-Za-z0-9])|K(?![A-Za-z0-9])|Celsius|Kelvin)")
_WORD_OF_TEMPERATURE = re.compile(r"(?:^|(?<=[^A-Za-z]))(?:[Tt]emp(?:erature)?|T)[ _=:]?$")
_OTHER = re.compile(  # a unit behind a number that is none of temperature
    r"[ _-]?(?:(?i:mv)\w*|[mµunkMG]?(?:V|A|Hz|Ohm|F|bar|Pa|M|m|g|mol|L|l)|hr?|hours?|min|s|sec|d|days?|cyc\w*|SOC|soc"
    r"|%|ppm|x|st|nd|rd|th|um|nm|cm|mm)(?![A-Za-z])"
)
_OTHER_WORD = re.compile(  # what stands before a number that counts or measures something else
    r"(?i)(?<![a-z])(?:soc|cyc\w*|run|ch|channel|kanal|no|nr|loop|scan|part|day|tag|week|v|rev|ver|pt|point|step)"
    r"[ _=#.-]*$"
)


@dataclass(frozen=True)
class NamePattern:
    """A pattern with the temperatures that it reads.

    Parameters
    ----------
    pattern : str
        As ``temperature_from_name`` of a manifest.
    temperature_c : tuple of float or None
        One for each name, in °C; None where the name holds none.
    sure : bool
        Whether a unit or a word beside the number says that it is a temperature; a bare number may be anything.
    """

    pattern: str
    temperature_c: tuple[float | None, ...]
    sure: bool

    @property
    def differ(self) -> bool:
        """Whether the names tell different temperatures."""
        return len({t for t in self.temperature_c if t is not None}) > 1

    @property
    def complete(self) -> bool:
        """Whether every name tells one."""
        return None not in self.temperature_c


def pattern_of_names(names: Sequence[str]) -> NamePattern | None:
    """Return the pattern by which names tell their temperatures.

    Parameters
    ----------
    names : sequence of str
        Of files, without suffix, with the folders that lead to them, as `name_in` returns them.

    Returns
    -------
    NamePattern or None
        Of all patterns that read at least half of the names, the one that a unit or word marks as a temperature, that
        differs between names and that reads most of them. None where numbers are absent, or are no temperatures.

    Examples
    --------
    >>> pattern_of_names(["llto_25C", "llto_-10C"])
    NamePattern(pattern='{temperature_c}C', temperature_c=(25.0, -10.0), sure=True)
    >>> pattern_of_names(["T25_a", "T40_a"]).pattern, pattern_of_names(["25 °C/EIS", "40 °C/EIS"]).temperature_c
    ('T{temperature_c}', (25.0, 40.0))
    >>> pattern_of_names(["cell_20", "cell_40"])
    NamePattern(pattern='cell_{temperature_c}', temperature_c=(20.0, 40.0), sure=False)
    >>> pattern_of_names(["cell_1", "cell_2", "cell_3"]) is None
    True
    """
    best: tuple[tuple[float, ...], NamePattern] | None = None
    for rank, pattern in dict.fromkeys(_candidates(names)):
        read = tuple(_temperature(name, pattern) for name in names)
        found = NamePattern(pattern, read, rank < 2)
        known = [t for t in read if t is not None]
        if len(known) < _ENOUGH * len(names) or not known or not _plausible(known, pattern, rank):
            continue
        if rank == 2 and not (found.differ and found.complete):
            continue
        score = (found.differ, -rank, len(known), -pattern.count("/"), -len(pattern))
        if best is None or score > best[0]:
            best = score, found
    return best[1] if best else None


def _temperature(name: str, pattern: str) -> float | None:
    try:
        return temperature_from_name(name, pattern)[0]
    except ManifestError:
        return None


def _candidates(names: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Go through patterns with their rank: 0 with a unit, 1 behind a word for temperature, 2 a bare number."""
    yield 0, f"{PLACE}C"
    yield 0, f"{PLACE}C/"
    yield 0, f"{PLACE}C*/"
    for name in list(names[:3]) + list(names[-1:]):
        for match in _NUMBER.finditer(name):
            before, after = _around(name, match)
            if unit := _UNIT.match(name, match.end()):
                rest = name[unit.end() :].partition("/")[0]
                behind = re.match(r"(?:[ _-]?C)?([^0-9*{}]*)", rest)
                yield from ((0, f"{left}{PLACE}C") for left in _endings(before))
                if behind and behind[1]:
                    yield 0, f"{PLACE}C{behind[1]}"
            elif word := _WORD_OF_TEMPERATURE.search(before):
                yield 1, f"{word.group()}{PLACE}"
                yield 1, f"{before}{PLACE}"
                yield from ((1, f"{word.group()}{PLACE}{right}") for right in (after[:1],) if right)
            elif not (_OTHER.match(name, match.end()) or _OTHER_WORD.search(before)):
                yield 2, f"{before or '/'}{PLACE}{after}"


def _around(name: str, match: re.Match[str]) -> tuple[str, str]:
    """Return the texts before and behind a number, up to the next number or border of a folder; no sign."""
    front = re.sub(rf"{_SIGN}$", "", name[: match.start()])
    before = re.split(r"[\d/*{}]", front)[-1]
    after = re.split(r"[\d/*{}]", name[match.end() :])[0]
    return before, after


def _endings(text: str) -> list[str]:
    """Return a text from its last separator on, and the whole of it."""
    cut = max(text.rstrip("_- ").rfind(separator) for separator in "_- ")
    return [part for part in dict.fromkeys((text[-1:], text[cut + 1 :], text)) if part]


def _plausible(known: Sequence[float], pattern: str, rank: int) -> bool:
    """Tell whether numbers may be temperatures of a series: no rates of charge, no running numbers."""
    if not all(COLDEST_C <= t <= HOTTEST_C for t in known):
        return False
    different = sorted(set(known))
    if rank == 0 and max(map(abs, known)) <= LARGEST_RATE:
        return len(different) == 1 and different[0] == round(different[0]) and different[0] not in (1.0, 2.0)
    if rank < 2:
        return True
    steps = [b - a for a, b in itertools.pairwise(different)]
    return all(t == round(t) for t in known) and min(steps, default=0.0) >= LARGEST_RATE and max(known) <= 400

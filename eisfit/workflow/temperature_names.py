"""Temperatures in file names."""

from __future__ import annotations

import re
from collections.abc import Sequence

from eisfit.constants import ZERO_CELSIUS_K
from eisfit.errors import ManifestError
from eisfit.spectrum.findings import Finding
from eisfit.tools.wildcards import fault_of

_UNIT = r"[ _]?(?P<unit>°C|degC|deg_C|deg|K|C)(?![A-Za-z0-9])"


_NUMBER = r"(?P<number>\d+(?:[.,]\d+)?)"


_MINUTES = re.compile(r"\d[ _-]*min[ _-]*$", re.IGNORECASE)
_MINUS = "-−–"  # hyphen, minus sign, en dash
_WORD = re.compile(r"(?P<before>.?)(?:(?P<sure>minus|negative)|(?P<open>min|neg))[ _-]*$", re.IGNORECASE)


_PLACE = re.compile(r"\{temperature_c\}[ _]?(?:°C|degC|deg_C|deg|K|C)?")


def temperature_from_name(stem: str, pattern: str, where: str = "") -> tuple[float, tuple[Finding, ...]]:
    """Return the temperature in °C that a file name contains.

    Parameters
    ----------
    stem : str
        File name without its suffix.
    pattern : str
        Text with ``{temperature_c}`` in the place of the number; the unit behind it may be written ``C``,
        ``degC``, ``deg`` or ``K`` in any name. Text in front of it must stand in the name, ``*`` for anything.
    where : str
        Manifest, for messages.

    Returns
    -------
    temperature_c : float
    findings : tuple of Finding
        Where a ``-`` was read as a hyphen. The words ``minus``, ``negative``, ``min`` and ``neg`` mean minus.

    Raises
    ------
    ManifestError
        If the name contains none, or several, or leaves the sign open.

    Examples
    --------
    >>> [temperature_from_name(s, "{temperature_c}C")[0] for s in ("llto_25C", "m20C", "-20C", "140deg")]
    [25.0, -20.0, -20.0, 140.0]
    >>> round(temperature_from_name("cell_298K", "{temperature_c}C")[0], 2)
    24.85
    """
    place = _PLACE.search(pattern)
    at = f"{where}: " if where else ""
    if place is None:
        raise ManifestError(f"{at}temperature_from_name = {pattern!r} has no {{temperature_c}} in it")
    if fault := fault_of(pattern):
        raise ManifestError(f"{at}temperature_from_name = {pattern[:80]!r} {fault}")
    *first, last = pattern[: place.start()].split("*")
    before = f"{_in_order(first)}.*{re.escape(last)}" if first else re.escape(last)
    if first and not last:  # a star must not take the sign or a part of the number
        before += f"(?<![{_MINUS}0-9.,])"
    after = _in_order(pattern[place.end() :].split("*"))
    lead = before or r"(?<![0-9.,])"
    sign = f"(?P<sign>(?i:minus|min|neg)[ _]?|m|[{_MINUS}])?" if before else "(?P<sign>)"
    found = list(re.finditer(f"{lead}{sign}{_NUMBER}{_UNIT}{after}", stem))
    if len(found) != 1:
        what = "contains no temperature" if not found else f"contains {len(found)} temperatures"
        raise ManifestError(
            f"{at}the name {stem!r} {what} for temperature_from_name = {pattern!r}; it may be written 25C, "
            "-20C, m20C, 298K, 25degC, 140deg; rename the file, or write temperature_c beside it"
        )
    match = found[0]
    value = float(match["number"].replace(",", "."))
    if match["unit"] == "K":
        return value - ZERO_CELSIUS_K, ()
    if before:
        return (-value if match["sign"] else value), ()
    return _signed(value, stem, match.start(), at)


def _in_order(pieces: Sequence[str]) -> str:
    """Return a pattern of texts in this order with anything between, whose search takes no second choice."""
    first, *others = pieces
    return re.escape(first) + "".join(f"(?>.*?{re.escape(piece)})" for piece in others)


def _signed(value: float, stem: str, start: int, at: str) -> tuple[float, tuple[Finding, ...]]:
    """Apply the sign in front of the number: a minus, a hyphen after a word, an m or a word for minus."""
    if (word := _WORD.search(stem[:start])) is not None:
        return (-value if _is_minus(word, value, stem, at) else value), ()
    sign, earlier = stem[max(start - 1, 0) : start], stem[max(start - 2, 0) : max(start - 1, 0)]
    if (sign == "m" and earlier.isalpha()) or (sign == "–" and earlier.isalnum()):
        raise _left_open(sign, value, stem, at)
    if sign == "-" and earlier.isalnum():
        note = f"'{sign}' before {value:g} in {stem!r} was read as a hyphen; write m{value:g} for a minus"
        return value, (Finding("temperature sign", note),)
    return (-value if sign and sign in f"{_MINUS}m" else value), ()


def _is_minus(word: re.Match[str], value: float, stem: str, at: str) -> bool:
    """Tell whether a word means minus; ``10min20C`` holds minutes, and what may be either is refused."""
    minutes = word["before"].isdigit() and (word["open"] or "").lower() == "min"
    if word["open"] and not minutes and (word["before"].isalnum() or _MINUTES.search(stem[: word.end()])):
        raise _left_open(word["open"], value, stem, at)
    return not minutes


def _left_open(sign: str, value: float, stem: str, at: str) -> ManifestError:
    return ManifestError(
        f"{at}the name {stem!r} leaves open whether {sign!r} before {value:g} means minus; write _m{value:g} or "
        f"_{value:g}, or temperature_c beside the file"
    )

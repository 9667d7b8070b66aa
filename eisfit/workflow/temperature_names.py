"""Temperatures in the names of files and folders."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from eisfit.constants import ZERO_CELSIUS_K
from eisfit.errors import ManifestError
from eisfit.spectrum.findings import Finding
from eisfit.tools.wildcards import fault_of

PLACE = "{temperature_c}"
_CELSIUS = r"(?:°|deg(?:rees?|s)?\.?|[Gg]rad)(?:[ _]?C(?:elsius)?)?|[Cc]elsius|oC|C"
_UNITS = rf"(?P<unit>{_CELSIUS}|[Kk]elvin|K)(?![A-Za-z0-9])"
_PLUS = r"(?:(?<![0-9])\+)?"
_NUMBER = r"(?P<number>\d+(?:[.,]\d+)?)(?![\d])"
_UNIT_OF_PATTERN = re.compile(rf"[ _]?(?:{_CELSIUS}|[Kk]elvin|K)(?![A-Za-z0-9])")
_SAME = str.maketrans("º˚℃K", "°°°K")  # ordinal, ring above; the sign of °C is written out below

_MINUTES = re.compile(r"\d[ _-]*min[ _-]*$", re.IGNORECASE)
_MINUS = "-−–—‒‐‑﹣－"  # hyphen, minus, dashes: what names hold where a minus is meant
_DASHES = "–—‒‐‑"  # between words they are no minus, and before a number they may be
_WORD = re.compile(
    r"(?P<before>.?)(?:(?P<sure>minus|negative|moins|menos)|(?P<open>min|neg)|"
    r"(?P<below>sub|below|under|unter|sous))[ _-]*$",
    re.IGNORECASE,
)
_POINT = re.compile(r"\dp$")  # 25p5: a point, or a plus
_SEPARATED = re.compile(rf"(?P<before>[^/]?)(?P<sign>[{_MINUS}])[ _]+$")
_SIGN = rf"(?P<sign>(?i:minus|negative|moins|menos|min|neg)[ _]?|m|[{_MINUS}])?"


@dataclass(frozen=True)
class _Pattern:
    """A pattern, cut at the place of the number."""

    text: str
    before: str
    after: str
    unit: bool

    @property
    def free(self) -> bool:
        """Whether nothing stands right in front of the number."""
        return not self.before or self.before.endswith(("*", "/"))

    def search(self, name: str) -> list[re.Match[str]]:
        """Return where the pattern stands in a name."""
        front = r"(?:(?<=/)|^)" if self.before.startswith("/") else ""
        *first, last = self.before.lstrip("/").split("*")
        lead = front + (f"{_in_order(first)}[^/]*{re.escape(last)}" if first else re.escape(last))
        lead += "" if last else r"(?<![0-9.,])"  # a star takes no part of the number
        sign = "(?P<sign>)" if not self.before or self.before.endswith("*") else _SIGN
        unit = rf"[ _]?{_UNITS}" if self.unit else rf"(?:[ _]?{_UNITS})?"
        return list(
            re.finditer(f"{lead}{sign}{_PLUS}{_NUMBER}{unit}{_in_order(self.after.split('*'))}", name)
        )


def name_in(file: Path, folder: Path) -> str:
    """Return the name of a file with the folders that lead to it from `folder`, without its suffix.

    Examples
    --------
    >>> name_in(Path("lab/25 °C/EIS.mpt"), Path("lab")), name_in(Path("lab/cell_25.5C"), Path("lab"))
    ('25 °C/EIS', 'cell_25.5C')
    """
    inside = file.relative_to(folder) if file.is_relative_to(folder) else Path(file.name)
    suffix = file.suffix if re.fullmatch(r"\.[A-Za-z]\w*", file.suffix) else ""
    return inside.as_posix().removesuffix(suffix)


def temperature_from_name(stem: str, pattern: str, where: str = "") -> tuple[float, tuple[Finding, ...]]:
    """Return the temperature in °C that a name contains.

    Parameters
    ----------
    stem : str
        File name without its suffix; the folders that lead to it may stand in front, with ``/``.
    pattern : str
        Text with ``{temperature_c}`` in the place of the number. Text in front of it and behind it must stand in
        the name, ``*`` for anything, ``/`` for the border of a folder. A unit behind it may be written ``C``,
        ``°C``, ``deg``, ``degC``, ``Grad``, ``Celsius``, ``K`` or ``Kelvin`` in any name, and must be there; without
        a unit in the pattern the text around it tells the place, and a unit in the name is read.
    where : str
        Manifest, for messages.

    Returns
    -------
    temperature_c : float
    findings : tuple of Finding
        Where a ``-`` was read as a hyphen, or the temperature is that of a folder although the pattern has no ``/``.
        The words ``minus``, ``negative``, ``moins``, ``menos``, ``min`` and ``neg``, an ``m`` and any dash before
        the number mean minus.

    Raises
    ------
    ManifestError
        If the name contains none, or several, or leaves the sign open.

    Examples
    --------
    >>> names = "llto_25C", "m20C", "-20C", "140deg", "25,5 Grad", "minus10C", "warm/25 °C/cell7"
    >>> [temperature_from_name(s, "{temperature_c}C")[0] for s in names]
    [25.0, -20.0, -20.0, 140.0, 25.5, -10.0, 25.0]
    >>> temperature_from_name("T-10_cell7", "T{temperature_c}_")[0]
    -10.0
    >>> round(temperature_from_name("cell_298K", "{temperature_c}C")[0], 2)
    24.85
    """
    at = f"{where}: " if where else ""
    known = _parsed(pattern, at)
    name = stem.replace("℃", "°C").translate(_SAME)
    parts = [name] if "/" in pattern else list(reversed(name.split("/")))
    found: list[re.Match[str]] = []
    for part in parts:
        if found := known.search(part):
            break
    read = [_read(match, known, at) for match in found]
    if len({value for value, _ in read}) != 1:
        what = "contains no temperature" if not read else f"contains {len(read)} temperatures"
        raise ManifestError(
            f"{at}the name {stem!r} {what} for temperature_from_name = {pattern!r}; it may be written 25C, -20C, m20C, "
            "298K, 25degC, 140deg, or as T{temperature_c}_ and the like tell; rename the file, or write temperature_c "
            "beside it"
        )
    value, findings = read[0]
    if part is not parts[0]:
        findings += (Finding("temperature", f"{value:g} °C was taken from the folder {part!r}"),)
    return value, findings


def looks_named(name: str) -> bool:
    """Tell whether a name seems to contain a temperature with its unit.

    Examples
    --------
    >>> looks_named("cell_25C"), looks_named("cell_SOC10")
    (True, False)
    """
    return bool(_parsed("{temperature_c}C", "").search(name))


def _parsed(pattern: str, at: str) -> _Pattern:
    text = pattern.replace("℃", "°C").translate(_SAME)
    before, place, after = text.partition(PLACE)
    if not place:
        raise ManifestError(
            f"{at}temperature_from_name = {pattern!r} has no {PLACE} in it; "
            f'write it in place of the number, as in "{PLACE}C"'
        )
    if PLACE in after:
        raise ManifestError(f"{at}temperature_from_name = {pattern!r} has {PLACE} twice; keep one")
    if fault := fault_of(pattern):
        raise ManifestError(f"{at}temperature_from_name = {pattern[:80]!r} {fault}")
    unit = _UNIT_OF_PATTERN.match(after)
    after = after[unit.end() :] if unit else after
    bare = not re.search(r"[^*]", before + after)
    return _Pattern(pattern, before, after, unit is not None or bare)


def _in_order(pieces: Sequence[str]) -> str:
    """Return a pattern of texts in this order with anything between, whose search takes no second choice."""
    first, *others = pieces
    return re.escape(first) + "".join(f"(?>[^/]*?{re.escape(piece)})" for piece in others if piece)


def _read(match: re.Match[str], pattern: _Pattern, at: str) -> tuple[float, tuple[Finding, ...]]:
    """Return the temperature in °C at one place, and what is to be said of its sign."""
    name, start = match.string, match.start("number")
    value = float(match["number"].replace(",", "."))
    if (match["unit"] or "").lower() in ("k", "kelvin"):
        return value - ZERO_CELSIUS_K, ()
    if match["sign"]:
        return 0.0 - value, ()
    if pattern.free:
        return _signed(value, name, start, at)
    word = _WORD.search(name[:start])
    if word is not None and not _WORD.search(pattern.before):
        return (0.0 - value if _is_minus(word, value, name, at) else value), ()
    if name[start - 1 : start] in tuple(_MINUS):  # it stands in the pattern
        return value, (_hyphen(name[start - 1], value, name),)
    return _apart(value, name, start)


def _signed(value: float, name: str, start: int, at: str) -> tuple[float, tuple[Finding, ...]]:
    """Apply the sign in front of a number that nothing else precedes: a minus, a hyphen, an m or a word for minus."""
    if _POINT.search(name[:start]):
        raise _left_open("p", value, name, at)
    if (word := _WORD.search(name[:start])) is not None:
        return (0.0 - value if _is_minus(word, value, name, at) else value), ()
    sign, earlier = name[max(start - 1, 0) : start], name[max(start - 2, 0) : max(start - 1, 0)]
    if (sign == "m" and earlier.isalpha()) or (sign and sign in "MNn" and not earlier.isalpha()):
        raise _left_open(sign, value, name, at)
    if sign and sign in _MINUS and earlier.isalnum():
        if sign in _DASHES:
            raise _left_open(sign, value, name, at)
        return (value, (_hyphen(sign, value, name),)) if sign == "-" else (0.0 - value, ())
    if sign and sign in f"{_MINUS}m":
        return 0.0 - value, ()
    return _apart(value, name, start)


def _apart(value: float, name: str, start: int) -> tuple[float, tuple[Finding, ...]]:
    """Apply a dash that stands before the number with a blank between: behind something else it parts the two."""
    found = _SEPARATED.search(name[:start])
    if found is None:
        return value, ()
    minus = found["sign"] == "−" or not found["before"]
    return (0.0 - value, ()) if minus else (value, (_hyphen(found["sign"], value, name),))


def _hyphen(sign: str, value: float, name: str) -> Finding:
    note = f"'{sign}' before {value:g} in {name!r} was read as a hyphen; write m{value:g} for a minus"
    return Finding("temperature sign", note)


def _is_minus(word: re.Match[str], value: float, stem: str, at: str) -> bool:
    """Tell whether a word means minus; ``10min20C`` holds minutes, and what may be either is refused."""
    if word["below"]:
        if word["before"].isalpha():
            return False  # of a longer word
        raise _left_open(word["below"], value, stem, at)
    minutes = word["before"].isdigit() and (word["open"] or "").lower() == "min"
    if word["open"] and not minutes and (word["before"].isalnum() or _MINUTES.search(stem[: word.end()])):
        raise _left_open(word["open"], value, stem, at)
    return not minutes


def _left_open(sign: str, value: float, stem: str, at: str) -> ManifestError:
    if sign == "p":
        return ManifestError(
            f"{at}the name {stem!r} leaves open whether 'p' before {value:g} is a decimal point; write it as a point, "
            "or temperature_c beside the file"
        )
    return ManifestError(
        f"{at}the name {stem!r} leaves open whether {sign!r} before {value:g} means minus; write _m{value:g} or "
        f"_{value:g}, or temperature_c beside the file"
    )

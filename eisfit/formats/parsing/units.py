"""The unit in a column heading: its kind, and the factor to that kind."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache

from eisfit.formats.parsing.numbers import CM, CM2, SI

_PREFIX = r"(?P<prefix>[pnuµμmkKMG]|milli|kilo|mega|micro)?"
_AREA = r"(?P<area>[ .·*×x_-]*(?P<length>cm|mm|dm|[uµμ]m|m)(\^|\*\*)?2|[ *·]*area)"
_OVER = r"(?P<over>[ ]*/[ ]*\(?(cm|mm|dm|[uµμ]m|m)\^?2\)?|[ .·*-]*(cm|mm|dm|[uµμ]m|m)\^?\(?-2\)?)"
_TIMES_LENGTH = r"[ .·*×x_-]*(?P<path>cm|mm|dm|[uµμ]m|m)"
_OHM = re.compile(rf"{_PREFIX}[ ]?(ohms?|Ohms?|OHMS?|Ω)({_AREA}|{_OVER}|{_TIMES_LENGTH})?")
_HZ = re.compile(rf"{_PREFIX}(hz|Hz|HZ|hertz|Hertz)")
_PER_LENGTH = r"(?P<per>[ ]*/[ ]*(?P<path>cm|mm|dm|[uµμ]m|m)|[ .·*]*(?P<path_2>cm|mm|dm|[uµμ]m|m)\^?\(?-1\)?)"
_PER_AREA = (
    r"(?P<over>[ ]*/[ ]*(?P<length>cm|mm|dm|[uµμ]m|m)\^?2|[ .·*]*(?P<length_2>cm|mm|dm|[uµμ]m|m)\^?\(?-2\)?)"
)
_SIEMENS = re.compile(
    rf"({_PREFIX}(S|[Ss]iemens|mhos?|℧)|1/(?P<of>[mkM]?)([Oo]hms?|Ω)|(?P<of_2>[mkM]?)([Oo]hms?|Ω)\^?\(?-1\)?)"
    rf"({_PER_AREA}|{_PER_LENGTH})?"
)
_PER_OHM_LENGTH = re.compile(
    r"1/\((?P<of>[mkM]?)([Oo]hms?|Ω)[ .·*]*(?P<path>cm|mm|dm|[uµμ]m|m)\)"
    r"|\((?P<of_2>[mkM]?)([Oo]hms?|Ω)[ .·*]*(?P<path_2>cm|mm|dm|[uµμ]m|m)\)\^?-1"
)
_FARAD = re.compile(rf"{_PREFIX}(F|[Ff]arads?)({_PER_AREA})?")
_HENRY = re.compile(rf"{_PREFIX}(H|[Hh]enr(y|ies))")
_WORD_PREFIX = {"milli": 1e-3, "micro": 1e-6, "kilo": 1e3, "mega": 1e6, "K": 1e3, "": 1.0}
_PLAIN_UNITS: dict[str, tuple[str, float]] = {
    "rad/s": ("rad/s", 1.0), "rads-1": ("rad/s", 1.0), "rads^-1": ("rad/s", 1.0), "s^-1": ("1/s", 1.0),
    "1/s": ("1/s", 1.0), "s-1": ("1/s", 1.0),
    "deg": ("deg", 1.0), "°": ("deg", 1.0), "degree": ("deg", 1.0), "degrees": ("deg", 1.0),
    "deg.": ("deg", 1.0), "'": ("deg", 1.0), "grad": ("deg", 1.0),
    "rad": ("deg", 180 / math.pi), "rad.": ("deg", 180 / math.pi), "radian": ("deg", 180 / math.pi),
    "radians": ("deg", 180 / math.pi), "mrad": ("deg", 0.18 / math.pi),
    "s": ("s", 1.0), "sec": ("s", 1.0), "secs": ("s", 1.0), "second": ("s", 1.0), "seconds": ("s", 1.0),
    "ms": ("s", 1e-3), "min": ("s", 60.0), "h": ("s", 3600.0), "hr": ("s", 3600.0), "hours": ("s", 3600.0),
    "V": ("V", 1.0), "v": ("V", 1.0), "mV": ("V", 1e-3), "volt": ("V", 1.0), "volts": ("V", 1.0),
    "°C": ("C", 1.0), "degC": ("C", 1.0), "C": ("C", 1.0), "c": ("C", 1.0), "degc": ("C", 1.0),
    "'C": ("C", 1.0), "oC": ("C", 1.0),
    "Celsius": ("C", 1.0), "celsius": ("C", 1.0), "K": ("K", 1.0), "k": ("K", 1.0), "kelvin": ("K", 1.0),
    "-": ("1", 1.0), "1": ("1", 1.0),
}  # fmt: skip
_LENGTH = r"(?:cm|mm|dm|[uµμ]m|m)"
_SPELT = (  # other spellings of areas and of one over them, and the length before the ohm
    (re.compile(r"\*\*(?=-?[123])|\^\{(?=-?[123]\})"), "^"),
    (re.compile(r"(?<=\^[123])\}|(?<=\^-[123])\}"), ""),
    (re.compile(rf"[ _]per[ _](?=(?:sq\.?|square)?[ _]*{_LENGTH}(?![A-Za-z]))"), "/"),
    (re.compile(r"(?<=\d)[ ]*deg\.?[ ]*C(?![A-Za-z])"), " °C"),
    (re.compile(rf"/[ ]*\(({_LENGTH}\^?[23]?)\)"), r"/\g<1>"),
    (re.compile(rf"(?i)\b(?:sq\.?|square)[ _-]*({_LENGTH})\b"), r"\g<1>2"),
    (re.compile(rf"\b({_LENGTH})[ _-]*(?:squared|\^?\{{2\}}|\^\(2\)|<sup>2</sup>)"), r"\g<1>2"),
    (
        re.compile(r"(?<![\w.])((?:cm|mm|dm|[uµμ]m)(?:\^?2)?|m\^?2)[ *·.×]+([kMm]?(?:[Oo]hms?|OHMS?|Ω))\b"),
        r"\g<2> \g<1>",
    ),
)
_BARE_LENGTH = re.compile(
    r"(?i)(sq\.?|square|squared|area|(cm|mm|dm|[uµμn]m|in|inch(es)?)([*^]*-?[123])?|m[*^]*[23]|m[*^(]*-[123]\)?)"
)
_OTHER = re.compile(
    r"(?i)[munpk]?(A|F|S|W|H|C|mol|dB|dBm)(rms)?(/cm2?)?|%|S/cm|mS/cm|.*ohm.?cm|ohm-1|1/ohm|V/A"
)


@dataclass(frozen=True)
class Unit:
    """A unit: its kind (``ohm``, ``Hz``, ``deg``, ``s`` ...) and the factor to that kind."""

    kind: str
    scale: float = 1.0


@lru_cache(maxsize=1024)
def unit_of(text: str) -> Unit | None:
    """Read a unit such as ``kOhm``, ``Ω cm2``, ``mS``, ``S/cm``, ``pF`` or ``°``; None where it is none we know."""
    text = text.strip()
    if found := _OHM.fullmatch(text):
        scale = _scale(found["prefix"])
        if found["over"]:
            return Unit("ohm / cm2", scale)
        if found["area"]:
            return Unit("ohm cm2", scale * CM2.get(f"{found['length'] or 'cm'}2", 1.0))
        if found["path"]:
            return Unit("ohm cm", scale * CM[found["path"]])
        return Unit("ohm", scale)
    if found := _HZ.fullmatch(text):
        return Unit("Hz", _scale(found["prefix"]))
    if unit := _conductance(text):
        return unit
    if found := _FARAD.fullmatch(text):
        return _over_area("F", _scale(found["prefix"]), found)
    if found := _HENRY.fullmatch(text):
        return Unit("H", _scale(found["prefix"]))
    text = text.replace(" ", "")
    plain = _PLAIN_UNITS.get(text) or (_PLAIN_UNITS.get(text.lower()) if len(text) > 2 else None)
    return Unit(*plain) if plain else None


def _conductance(text: str) -> Unit | None:
    if found := _PER_OHM_LENGTH.fullmatch(text):
        return Unit("S/cm", 1 / _scale(found["of"] or found["of_2"]) / CM[found["path"] or found["path_2"]])
    found = _SIEMENS.fullmatch(text)
    if found is None:
        return None
    scale = _scale(found["prefix"]) / _scale(found["of"] or found["of_2"])
    if found["per"]:
        return Unit("S/cm", scale / CM[found["path"] or found["path_2"]])
    return _over_area("S", scale, found)


def _over_area(kind: str, scale: float, found: re.Match[str]) -> Unit:
    if not found["over"]:
        return Unit(kind, scale)
    return Unit(f"{kind} / cm2", scale / CM2[f"{found['length'] or found['length_2']}2"])


def _scale(prefix: str | None) -> float:
    return SI.get(prefix or "", _WORD_PREFIX.get(prefix or "", 1.0))


def spelt_plainly(text: str) -> str:
    """Return a heading with areas as ``cm2``, and lengths behind the ohm."""
    for pattern, plain in _SPELT:
        text = pattern.sub(plain, text)
    return text


def is_bare_length(label: str) -> bool:
    """Tell whether a label has a unit of length or area without its number, which belongs to the unit before it."""
    words = re.findall(r"[^\s()\[\]{}:;,_]+", label)
    number_before = [False, *(bool(re.fullmatch(r"(?:[^\W\d_]+=)?[-+]?[\d.,]+", word)) for word in words)]
    return any(_BARE_LENGTH.fullmatch(w) and not n for w, n in zip(words, number_before, strict=False))


def split_unit(text: str) -> tuple[str, Unit | None]:
    """Cut the unit off a heading: in brackets, behind a slash, a comma, an underscore or a blank."""
    for found in re.finditer(r"\[([^\[\]]*)\]|\(((?:[^()]|\([^()]*\))*)\)", text):
        inner = found.group(1) if found.group(1) is not None else found.group(2)
        if re.fullmatch(r"\s*-?\s*[zZyY].{0,6}|\s*|[ab]|\s*-\s*", inner) and not (
            inner == "-" and "[" in found[0]
        ):
            continue  # Re[Z], Z'(a), Z''(b), (-)Z''
        unit = unit_of(inner) or (Unit("other") if found.group(1) or _is_other(inner) else None)
        if unit:
            return (text[: found.start()] + text[found.end() :]).rstrip(" /"), unit
    for mark in (",", " in ", "_", " "):  # rad/s, S/cm
        at = text.rfind(mark)
        if at > 0 and "/" in text[at:] and (unit := unit_of(text[at + len(mark) :])):
            return text[:at].rstrip(" /"), unit
    for mark in ("/", ",", " in ", "_", " "):
        at = text.find(mark) if mark == "/" else text.rfind(mark)
        if at > 0 and (unit := unit_of(text[at + len(mark) :])):
            return text[:at], unit
        if at > 0 and mark == "/" and text[at + 1 :].strip():
            return text[:at], Unit("other")
    squared = re.fullmatch(r"(.*?)[_ ](\w*(?:[Oo]hms?|OHMS?|Ω)[ _.*·]?(?:cm|mm|dm|[uµμ]m|m)(?:\^?2)?)", text)
    if squared and (unit := unit_of(squared[2])):
        return squared[1], unit
    return text, None


def _is_other(text: str) -> bool:
    return bool(_OTHER.fullmatch(text.strip()))

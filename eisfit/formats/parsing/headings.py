"""The meaning of a column heading: which quantity, in which unit, with which sign."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from eisfit.formats.parsing.numbers import CM2, SI

_PREFIX = r"(?P<prefix>[pnuµμmkKMG]|milli|kilo|mega|micro)?"
_AREA = r"(?P<area>[ .·*×x_-]*(?P<length>cm|mm|m)(\^|\*\*)?2|[ *·]*area)"
_OVER = r"(?P<over>[ ]*/[ ]*\(?(cm|mm|m)\^?2\)?|[ .·*-]*(cm|mm|m)\^?\(?-2\)?)"
_OHM = re.compile(rf"{_PREFIX}[ ]?(ohms?|Ohms?|OHMS?|Ω)({_AREA}|{_OVER})?")
_HZ = re.compile(rf"{_PREFIX}(hz|Hz|HZ|hertz|Hertz)")
_WORD_PREFIX = {"milli": 1e-3, "micro": 1e-6, "kilo": 1e3, "mega": 1e6, "K": 1e3, "": 1.0}
_PLAIN_UNITS: dict[str, tuple[str, float]] = {
    "rad/s": ("rad/s", 1.0), "rads-1": ("rad/s", 1.0), "rads^-1": ("rad/s", 1.0), "s^-1": ("1/s", 1.0),
    "1/s": ("1/s", 1.0), "s-1": ("1/s", 1.0),
    "deg": ("deg", 1.0), "°": ("deg", 1.0), "degree": ("deg", 1.0), "degrees": ("deg", 1.0),
    "deg.": ("deg", 1.0), "º": ("deg", 1.0),
    "rad": ("deg", 180 / math.pi), "radian": ("deg", 180 / math.pi), "radians": ("deg", 180 / math.pi),
    "mrad": ("deg", 0.18 / math.pi),
    "s": ("s", 1.0), "sec": ("s", 1.0), "secs": ("s", 1.0), "second": ("s", 1.0), "seconds": ("s", 1.0),
    "ms": ("s", 1e-3), "min": ("s", 60.0), "h": ("s", 3600.0), "hr": ("s", 3600.0), "hours": ("s", 3600.0),
    "V": ("V", 1.0), "v": ("V", 1.0), "mV": ("V", 1e-3), "volt": ("V", 1.0), "volts": ("V", 1.0),
    "°C": ("C", 1.0), "degC": ("C", 1.0), "C": ("C", 1.0), "c": ("C", 1.0), "degc": ("C", 1.0),
    "Celsius": ("C", 1.0), "celsius": ("C", 1.0), "K": ("K", 1.0), "k": ("K", 1.0), "kelvin": ("K", 1.0),
}  # fmt: skip
_OTHER = re.compile(
    r"(?i)[munpk]?(A|F|S|W|H|C|mol|dB|dBm)(rms)?(/cm2?)?|%|S/cm|mS/cm|.*ohm.?cm|ohm-1|1/ohm|V/A"
)


@dataclass(frozen=True)
class Unit:
    """A unit: its kind (``ohm``, ``Hz``, ``deg``, ``s`` ...) and the factor to that kind."""

    kind: str
    scale: float = 1.0


@dataclass(frozen=True)
class Heading:
    """What a column holds.

    Parameters
    ----------
    text : str
        The heading as it stands in the file.
    quantity : str
        ``frequency``, ``re``, ``im``, ``modulus``, ``phase``, ``time``, ``cycle``, ``bias``, ``temperature``;
        ``amplitude_v``, ``amplitude_a``, as eisfit writes them; ``resistance``, which is the real part only
        beside a reactance.
    sign : int
        -1 where the heading says that the negative is printed.
    unit : Unit or None
        None where the heading gives none.
    counted : str
        How an amplitude is counted, and by which convention, where the file does not state it.
    """

    text: str
    quantity: str
    sign: int = 1
    unit: Unit | None = None
    counted: str = ""

    @property
    def factor(self) -> float:
        """What a number of the column is multiplied by to reach Hz, ohm, degree, s, V."""
        return self.sign * (self.unit.scale if self.unit else 1.0)

    @property
    def area_normalised(self) -> bool:
        """Whether the column holds ohm times area."""
        return self.unit is not None and self.unit.kind == "ohm cm2"


def tidy(text: str) -> str:
    """Return a heading with one spelling of primes, minus signs, ohm and squares."""
    text = text.strip().strip('"').replace('""', '"').replace("\ufffd", "").replace("\ufeff", "")
    text = unicodedata.normalize("NFKC", text.replace("´", "'")).replace("″", "''").replace('"', "''")
    for old in "′’‘`":
        text = text.replace(old, "'")
    for old in "−–—":
        text = text.replace(old, "-")
    return text.replace("“", "''").replace("”", "''").strip()


def unit_of(text: str) -> Unit | None:
    """Read a unit such as ``kOhm``, ``Ω cm2``, ``rad/s`` or ``°``; None where it is no unit we know."""
    text = text.strip()
    if found := _OHM.fullmatch(text):
        scale = _scale(found["prefix"])
        if found["over"]:
            return Unit("ohm / cm2", scale)
        if found["area"]:
            return Unit("ohm cm2", scale * CM2.get(f"{found['length'] or 'cm'}2", 1.0))
        return Unit("ohm", scale)
    if found := _HZ.fullmatch(text):
        return Unit("Hz", _scale(found["prefix"]))
    text = text.replace(" ", "")
    plain = _PLAIN_UNITS.get(text) or (_PLAIN_UNITS.get(text.lower()) if len(text) > 2 else None)
    return Unit(*plain) if plain else None


def _scale(prefix: str | None) -> float:
    return SI.get(prefix or "", _WORD_PREFIX.get(prefix or "", 1.0))


def _split_unit(text: str) -> tuple[str, Unit | None]:
    """Cut the unit off a heading: in brackets, behind a slash, a comma, an underscore or a blank."""
    for found in re.finditer(r"\[([^\[\]]*)\]|\(([^()]*)\)", text):
        inner = found.group(1) if found.group(1) is not None else found.group(2)
        if re.fullmatch(r"\s*[zZ].{0,6}|\s*|[ab]", inner):  # Re[Z], Z'(a), Z''(b)
            continue
        unit = unit_of(inner) or (Unit("other") if found.group(1) or _is_other(inner) else None)
        if unit:
            return text[: found.start()] + text[found.end() :], unit
    for mark in ("/", ",", " in ", "_", " "):
        at = text.find(mark) if mark == "/" else text.rfind(mark)
        if at > 0 and (unit := unit_of(text[at + len(mark) :])):
            return text[:at], unit
        if at > 0 and mark == "/" and text[at + 1 :].strip():
            return text[:at], Unit("other")
    squared = re.fullmatch(r"(.*?)[_ ](\w*(?:ohm|Ohm|Ω)[ _.*·]?(?:cm|mm|m)\^?2)", text)
    if squared and (unit := unit_of(squared[2])):
        return squared[1], unit
    return text, None


def _is_other(text: str) -> bool:
    return bool(_OTHER.fullmatch(text.strip()))


_SIGN = re.compile(r"(?i)(-\s*1\s*\*|-|minus|negative|neg\.?)[\s_]*")
_IMPEDANCE = r"(z|zs|impedance|z')?"
_RE_NAMES = (
    r"(z|zs)'(re|real|a)?", r"z1", rf"(re|real)(part)?(of)?(the)?{_IMPEDANCE}", r"zs?(re|real|r)(part)?",
    r"impedance(re|real)(part)?", r"z?prime", r"realimpedancez'", r"real'", r"re'", r"realteil(z|vonz)?",
)  # fmt: skip
_IM_NAMES = (
    r"(z|zs)''(im|imag|b)?", r"z2", r"(im|img|imag|imaginary)(part)?(of)?(the)?(z|zs|impedance|z'')?",
    r"zs?(im|img|imag|imaginary|i)(part)?", r"impedance(im|img|imag|imaginary)(part)?", r"z?doubleprime",
    r"zbis", r"imaginaryimpedancez''", r"imag''", r"im''", r"imaginärteil(z|vonz)?",
)  # fmt: skip
_MODULUS_NAMES = (
    r"\|z\|", r"\|impedance\|", r"z", r"impedance", r"mag", r"magnitude", r"modulus", r"z(mod|abs|mag)",
    r"(mod|abs|mag)z", r"z(modulus|magnitude)", r"impedance(modulus|magnitude)",
    r"(modulus|magnitude|absolute)(of)?(z|impedance)", r"betrag(z)?", r"impedanz",
)  # fmt: skip
_PHASE_NAMES = (
    r"phase", r"(phase|theta|arg|phi|φ|ϕ|θ)z?", r"z(phz|phase|phi|theta)", r"angle",
    r"phaseangle(z|theta|phi)?", r"phaz", r"phaseofz", r"phaseshift", r"phasenwinkel",
)  # fmt: skip
_FREQUENCY_NAMES = (
    r"f",
    r"freqs?",
    r"frequency",
    r"frequencies",
    r"frequenz",
    r"frequence",
    r"frecuencia",
    r"频率",
)
_NAMES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("frequency", _FREQUENCY_NAMES),
    ("omega", (r"w", r"omega", r"ω", r"ang(ular)?freq(uency)?")),
    ("re", _RE_NAMES),
    ("im", _IM_NAMES),
    ("modulus", _MODULUS_NAMES),
    ("phase", _PHASE_NAMES),
    ("time", (r"times?", r"t", r"elapsedtime", r"zeit")),
    ("cycle", (r"cycle", r"cycle(number|nr)", r"sweep", r"loop", r"scan", r"spectrum")),
    ("bias", (r"<ewe>", r"bias", r"edc", r"vdc", r"dc(bias|pot|potential|voltage)", r"biasvoltage")),
    ("temperature", (r"t", r"m?temp", r"(cell|sample)?temperature?")),
)
_COMPILED = tuple((quantity, re.compile("|".join(names))) for quantity, names in _NAMES)
_OHMS = {"ohm", "ohm cm2", "ohm / cm2"}
_UNITS_ALLOWED: dict[str, set[str]] = {
    "frequency": {"Hz", "rad/s", "1/s"}, "omega": {"rad/s", "1/s", "Hz"}, "re": _OHMS,
    "im": _OHMS, "modulus": _OHMS, "phase": {"deg"},
    "time": {"s"}, "cycle": set(), "bias": {"V"}, "temperature": {"C", "K"},
}  # fmt: skip
_UNIT_NEEDED = {"bias", "temperature"}
AMPLITUDES = ("amplitude_v", "amplitude_a")  # headings that are rms by definition; others leave it open
_SERIES_NAMES = {"r": "re", "rs": "re", "x": "im", "xs": "im", "reactance": "im", "resistance": "resistance"}

_VAC = "|Vac| (V)"
_OF_PROGRAMS = {  # a heading that only this program prints, and what others mean beside it
    "imagz": {
        "drive": Heading(
            "drive", "amplitude_v", 1, Unit("V", 1 / math.sqrt(2)), "peak by the convention of LabOne"
        ),
        "bias": Heading("bias", "bias", 1, Unit("V")),
    },
    "Zre (ohms)": {_VAC: Heading(_VAC, "amplitude_v", 1, Unit("V"), "rms by the convention of VersaStudio")},
}


def parse_all(texts: Sequence[str]) -> list[Heading | None]:
    """Read the headings of one table; a few mean something only beside those of the same program.

    Parameters
    ----------
    texts : sequence of str
        As they stand in the file.
    """
    stripped = [text.strip() for text in texts]
    known: dict[str, Heading] = {}
    for mark, meanings in _OF_PROGRAMS.items():
        known |= meanings if mark in stripped else {}
    return [known.get(short) or parse(text) for text, short in zip(texts, stripped, strict=True)]


@lru_cache(maxsize=4096)
def parse(text: str) -> Heading | None:
    """Read a column heading.

    Parameters
    ----------
    text : str
        Such as ``-Im(Z)/Ohm``, ``Z'' [kOhm]``, ``neg. Phase / °``, ``frequency_hz``.

    Returns
    -------
    Heading or None
        None where the column is nothing a spectrum needs.
    """
    if len(text) > 200:
        return None
    if text.strip() == "phasez":  # LabOne, which prints radians
        return Heading(text, "phase", 1, Unit("deg", 180 / math.pi))
    if text.strip() in AMPLITUDES:
        return Heading(text, text.strip())
    name, unit = _split_unit(re.sub(r"(?i)^data:\s*|-data$", "", tidy(text)))
    name, sign = _split_sign(name)
    core = re.sub(r"[\s_.(){}\[\]:,\-*]", "", name.lower())
    if (core in ("t", "w") and unit is None) or (core == "ω" and "Ω" in name):
        return None
    if core in _SERIES_NAMES and unit is not None and unit.kind.startswith("ohm"):
        return Heading(text, _SERIES_NAMES[core], sign, unit)
    for quantity, pattern in _COMPILED:
        if pattern.fullmatch(core) and _unit_fits(quantity, unit):
            if quantity == "omega" or (unit is not None and unit.kind == "rad/s"):
                return Heading(text, "frequency", sign, _angular(unit))
            return Heading(text, quantity, sign, unit)
    return None


def _angular(unit: Unit | None) -> Unit:
    """Return the factor to Hz of an angular frequency; where it is given in Hz after all, none is needed."""
    if unit is not None and unit.kind == "Hz":
        return unit
    return Unit("rad/s", (unit.scale if unit else 1.0) / (2 * math.pi))


def _unit_fits(quantity: str, unit: Unit | None) -> bool:
    if unit is None:
        return quantity not in _UNIT_NEEDED
    return unit.kind in _UNITS_ALLOWED[quantity]


def _split_sign(name: str) -> tuple[str, int]:
    name = name.strip()
    if found := _SIGN.match(name):
        return name[found.end() :], -1
    if found := re.search(r"(?i)[\s_(]+(neg|negative|minus|negated)\.?\)?$", name):
        return name[: found.start()], -1
    return name, 1

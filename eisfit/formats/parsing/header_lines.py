"""Temperature, area, thickness, bias and amplitude that the lines above a table state with their unit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from eisfit.constants import ZERO_CELSIUS_K
from eisfit.formats.parsing.amplitude import RMS_PER
from eisfit.formats.parsing.build import with_plausible
from eisfit.formats.parsing.numbers import CM, CM2, number
from eisfit.spectrum.conditions import NO_CONDITIONS, Conditions
from eisfit.spectrum.findings import Finding

MOST_LINES = 100
_V = {"V": 1.0, "mV": 1e-3}
_RMS = {"rms": RMS_PER["rms"], "RMS": RMS_PER["rms"], "peak": RMS_PER["peak"]}
_SMALL = {**_V, "uV": 1e-6, "µV": 1e-6, "μV": 1e-6}
_V_AC = {
    f"{unit}{gap}{kind}": v * k for unit, v in _SMALL.items() for gap in ("", " ") for kind, k in _RMS.items()
}
_A_AC = {unit.replace("V", "A"): scale for unit, scale in _V_AC.items()}
_AMPLITUDE = r"(?:ac |sine |excitation )?amplitude"
_FACTS: tuple[tuple[str, str, dict[str, float]], ...] = (
    ("area_cm2", r"(?:electrode |sample |surface |electrode surface )?area", CM2),
    ("thickness_cm", r"(?:sample |pellet |electrolyte )?thickness", CM),
    ("amplitude_v", rf"{_AMPLITUDE}|ac (?:voltage|potential)", _V_AC),
    ("amplitude_a", rf"{_AMPLITUDE}|ac current", _A_AC),
    ("bias_v", r"(?:dc )?bias(?: voltage)?|dc (?:voltage|potential)", _V),
)
_LINE = re.compile(
    r"[\s#%;!/\"]*([^\W\d][^\W\d.]*?[^\d:=,;\t\[(]*?)\s*(?:[\[(]([^\])]*)[\])])?\s*[:=,;\t]\s*([-+−\d.,eE]+)\s*"
    r"(\S*(?: (?:rms|RMS|peak|C|Celsius)\b)?)"
)
_SLASHED = re.compile(
    r"^([\s#%;!\"]*[^\W\d][^:=,;\t\[\](){}/]*?)\s*/\s*([^\s:=,;\t\d]+\d?)\s*(?=[:=,;\t])"
)  # T / K = 300
_NEXT_FACT = re.compile(r"[;|]\s*(?=[^\W\d][^;|:=]*[:=])")  # T_set: 30 °C; T_sample: 28 °C
_MINUS = re.compile(r"(?<=[:=;\t ])[–—‒](?=[\d.])")
_SET, _SURROUNDING, _MEASURED = range(3)  # ranks of a temperature: a measured one goes before a set one
_RANKS = {
    **dict.fromkeys(
        ("set", "setpoint", "setting", "target", "nominal", "programmed", "desired", "soll"), _SET
    ),
    **dict.fromkeys(
        ("furnace", "chamber", "oven", "bath", "cryostat", "stage", "holder", "ofen", "kammer"), _SURROUNDING
    ),
    **dict.fromkeys(
        ("measured", "actual", "sample", "specimen", "pellet", "cell", "probe", "proben"), _MEASURED
    ),
    **dict.fromkeys(("thermocouple", "ist", "mess", "measurement", "process"), _MEASURED),
}
_PARTS_OF_NAMES = ("climate", "climatic", "test", "point", "of", "the", "value", "wert", "in", "at", "tube")
_TEMPERATURES = ("temp", "temperature", "temperatur", "température", "temperatura", "temperatuur", "t")
_COMPOUND = re.compile(r"(soll|ist|ofen|kammer|proben|mess)(?=temp)|(?<=temp)(?=set|soll|ist)")
_DEGREES = re.compile(
    r"(?:°|deg(?:rees?)?\.?|grad|o|')?\s*(?P<c>c(?:elsius)?)|(?P<k>k(?:elvin)?)|(?P<bare>°|deg|grad)"
)
NEAR_C = 0.5  # temperatures that differ by less are one


def conditions_in(lines: Iterable[str]) -> tuple[Conditions, tuple[Finding, ...]]:
    """Return the conditions that lines such as ``Temperature: 25 °C`` or ``Area [mm2] = 78.5`` state.

    Parameters
    ----------
    lines : iterable of str
        The lines above the table.

    Returns
    -------
    conditions : Conditions
        Of several temperatures the measured one (``sample``, ``cell``, ``measured``) goes before that of the
        surroundings (``furnace``, ``chamber``, ``oven``), and this before a set one.
    findings : tuple of Finding
        Where temperatures differ.
    """
    conditions = NO_CONDITIONS
    warm: list[tuple[int, float]] = []
    for fact in (fact for line in lines for fact in _NEXT_FACT.split(line[:200])):
        plain = _MINUS.sub("-", re.sub(r"[^\S\t]+", " ", tidied(fact).strip()))
        found = _LINE.match(_SLASHED.sub(r"\1 [\2]", plain))
        value = number(found[3].rstrip(",."), comma=True) if found else None
        if found is None or value is None:
            continue
        if (temperature := _temperature(found, value)) is not None:
            warm.append(temperature)
            continue
        unit = (found[2] or found[4]).strip().replace("²", "2").replace("^", "").strip(',;.)"')
        for name, words, scales in _FACTS:
            if unit in scales and re.fullmatch(f"(?i){words}", found[1].strip()):
                conditions = with_plausible(conditions, **{name: value * scales[unit]})
    return _warm(conditions, warm)


def tidied(line: str) -> str:
    """Return a line with one spelling of the degree sign."""
    return line.replace("℃", "°C").replace("º", "°").replace("˚", "°").replace("\ufffdC", "°C")


def _temperature(found: re.Match[str], value: float) -> tuple[int, float] | None:
    """Return the rank of a temperature and its value in °C, or None where the line states none with its unit."""
    inside, behind = (found[2] or "").strip(), found[4].strip(',;)"')
    degrees = _DEGREES.fullmatch((inside or behind).lower().strip("."))
    name = found[1]
    if not inside + behind and (suffixed := re.fullmatch(r"(?i)(.*temp(?:erature)?.*)_(c|k)", name)):
        name, degrees = suffixed[1], _DEGREES.fullmatch(suffixed[2].lower())
    if degrees is None:
        degrees, name = _DEGREES.fullmatch(behind.lower().strip(".")), f"{name} {inside}"
    if degrees is None:
        return None
    rank = _rank(name, clear=len(degrees[0]) > 1)
    if rank is None:
        return None
    return rank, value - ZERO_CELSIUS_K if degrees["k"] else value


def _rank(name: str, *, clear: bool) -> int | None:
    """Return the rank of a temperature by its name; None where it is none, or that of something else.

    Where the unit is `clear`, as °C is and C is not, the place alone names it: ``Oven: 30 °C``.
    """
    words = re.findall(r"[^\W\d_]+", _COMPOUND.sub(r"\1 ", name.lower()))
    rest = [word for word in words if word not in _TEMPERATURES]
    ranks = [_RANKS[word] for word in rest if word in _RANKS]
    named = len(rest) == len(words) - 1 or (clear and bool(ranks) and len(rest) == len(words))
    if not named or not all(word in _RANKS or word in _PARTS_OF_NAMES for word in rest):
        return None
    return _SET if _SET in ranks else max(ranks, default=_SURROUNDING)


def _warm(
    conditions: Conditions, found: Sequence[tuple[int, float]]
) -> tuple[Conditions, tuple[Finding, ...]]:
    """Return the conditions with the temperature of the highest rank, and a finding where temperatures differ."""
    plausible = [(rank, value) for rank, value in found if value > -ZERO_CELSIUS_K]
    if not plausible:
        return conditions, ()
    values = [value for _, value in plausible]
    best = [value for rank, value in plausible if rank == max(rank for rank, _ in plausible)]
    said = " and ".join(f"{value:g}" for value in dict.fromkeys(values))
    if max(best) - min(best) > NEAR_C:
        return conditions, (
            Finding("temperature", f"the lines above the table state {said} °C: none was taken"),
        )
    findings: tuple[Finding, ...] = ()
    if max(values) - min(values) > NEAR_C:
        text = f"the lines above the table state {said} °C: {best[-1]:g} °C, nearest to the sample, was taken"
        findings = (Finding("temperature", text),)
    return with_plausible(conditions, temperature_c=best[-1]), findings

"""Temperature, area, thickness, bias and amplitude that the lines above a table state with their unit."""

from __future__ import annotations

import re
from collections.abc import Iterable

from eisfit.constants import ZERO_CELSIUS_K
from eisfit.formats.parsing.amplitude import RMS_PER
from eisfit.formats.parsing.build import with_plausible
from eisfit.formats.parsing.numbers import CM, CM2, number
from eisfit.spectrum.conditions import NO_CONDITIONS, Conditions

MOST_LINES = 100
_V = {"V": 1.0, "mV": 1e-3}
_RMS = {"rms": RMS_PER["rms"], "RMS": RMS_PER["rms"], "peak": RMS_PER["peak"]}
_SMALL = {**_V, "uV": 1e-6, "µV": 1e-6, "μV": 1e-6}
_V_AC = {
    f"{unit}{gap}{kind}": v * k for unit, v in _SMALL.items() for gap in ("", " ") for kind, k in _RMS.items()
}
_A_AC = {unit.replace("V", "A"): scale for unit, scale in _V_AC.items()}
_AMPLITUDE = r"(?:ac |sine |excitation )?amplitude"
_C = {"C": 0.0, "degC": 0.0, "°C": 0.0, "K": -ZERO_CELSIUS_K}
_FACTS: tuple[tuple[str, str, dict[str, float]], ...] = (
    (
        "temperature_c",
        r"(?:sample |cell |set |chamber |furnace |oven |measured )?temp(?:erature|eratur|\.)?",
        _C,
    ),
    ("area_cm2", r"(?:electrode |sample |surface |electrode surface )?area", CM2),
    ("thickness_cm", r"(?:sample |pellet |electrolyte )?thickness", CM),
    ("amplitude_v", rf"{_AMPLITUDE}|ac (?:voltage|potential)", _V_AC),
    ("amplitude_a", rf"{_AMPLITUDE}|ac current", _A_AC),
    ("bias_v", r"(?:dc )?bias(?: voltage)?|dc (?:voltage|potential)", _V),
)
_LINE = re.compile(
    r"[\s#%;!/\"]*([A-Za-z. ]+?)\s*(?:[\[(]([^\])]*)[\])])?\s*[:=,;\t]\s*([-+\d.,eE]+)\s*(\S*(?: (?:rms|RMS|peak)\b)?)"
)


def conditions_in(lines: Iterable[str]) -> Conditions:
    """Return the conditions that lines such as ``Temperature: 25 °C`` or ``Area [mm2] = 78.5`` state.

    Parameters
    ----------
    lines : iterable of str
        The lines above the table.
    """
    conditions = NO_CONDITIONS
    for line in lines:
        found = _LINE.match(" ".join(line[:200].split()))
        if found is None:
            continue
        unit = (found[2] or found[4]).strip().replace("²", "2").replace("^", "").strip(',;.)"')
        value = number(found[3].rstrip(",."), comma=True)
        for name, words, scales in _FACTS:
            if value is not None and unit in scales and re.fullmatch(f"(?i){words}", found[1].strip()):
                scale = scales[unit]
                true = value + scale if name == "temperature_c" else value * scale
                conditions = with_plausible(conditions, **{name: true})
    return conditions

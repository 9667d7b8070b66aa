"""Numbers as figures print them: units with a prefix, powers of ten, true minus signs."""

from __future__ import annotations

import math
from typing import Any

from matplotlib.ticker import Formatter

PREFIXES = {
    -15: "f",
    -12: "p",
    -9: "n",
    -6: "µ",
    -3: "m",
    0: "",
    3: "k",
    6: "M",
    9: "G",
    12: "T",
}
UNITS = {
    "ohm": "Ω",
    "ohm cm2": "Ω cm²",
    "S cm-1": "S cm⁻¹",
    "S s^alpha": "S s$^{α}$",
    "ohm s^-1/2": "Ω s$^{-1/2}$",
    "um": "µm",
    "cm2": "cm²",
    "cm2 s^-1": "cm² s⁻¹",
    "mol L^-1": "mol L⁻¹",
    "1": "",
}
_GREEK = {"tau": "τ", "alpha": "α", "beta": "β", "sigma": "σ", "phi": "φ", "delta": "δ"}
SYMBOLS = {
    **{name: f"${letter}$" for name, letter in _GREEK.items()},
    "tau1": "$τ_1$",
    "tau2": "$τ_2$",
    "X1": "$X_1$",
    "X2": "$X_2$",
    "t_plus": "$t_+$",
}  # of quantities that are no letter
_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def prefix(largest: float) -> tuple[float, str]:
    """Return the factor and the letter of the prefix that suits a range.

    Examples
    --------
    >>> prefix(2.1e6), prefix(1300.0)
    ((1000000.0, 'M'), (1.0, ''))
    """
    if not largest > 0 or 0.5 <= largest < 5000:
        return 1.0, ""
    power = 3 * math.floor(math.log10(largest) / 3 + 1e-9)
    power = min(max(power, min(PREFIXES)), max(PREFIXES))
    return 10.0**power, PREFIXES[power]


class _Scaled(Formatter):
    """Ticks divided by a factor, all with as many decimals as the finest needs."""

    def __init__(self, factor: float) -> None:
        self.factor = factor

    def __call__(self, x: float, pos: int | None = None) -> str:
        """Return the label of one tick."""
        return plain(x / self.factor)

    def format_ticks(self, values: Any) -> list[str]:
        """Return the labels of all ticks."""
        shown = [float(f"{value / self.factor:.9g}") for value in values]
        decimals = max((len(plain(v).partition(".")[2]) for v in shown if "e" not in plain(v)), default=0)
        return [
            plain(v) if v == 0 and not decimals else f"{v + 0.0:.{decimals}f}".replace("-", "−")
            for v in shown
        ]


def scaled(factor: float) -> Formatter:
    """Return a formatter that divides the ticks by a factor: data stay in their unit."""
    return _Scaled(factor)


def plain(value: float) -> str:
    """Return a number with a true minus sign and no more digits than it needs."""
    text = f"{value:.6g}"
    return text.replace("-", "−") if float(text) != 0 else "0"


def with_prefix(value: float, unit: str, digits: int = 3) -> str:
    """Return a value with three digits and a prefixed unit.

    Examples
    --------
    >>> with_prefix(2012222.2, "Ω")
    '2.01 MΩ'
    """
    if not math.isfinite(value) or value == 0:
        return f"{value:g} {unit}"
    rounded = float(f"{value:.{digits - 1}e}")
    power = min(max(3 * math.floor(math.log10(abs(rounded)) / 3 + 1e-9), min(PREFIXES)), max(PREFIXES))
    shown = rounded / 10.0**power
    decimals = max(digits - 1 - math.floor(math.log10(abs(shown)) + 1e-9), 0)
    return f"{shown:.{decimals}f} {PREFIXES[power]}{unit}"


def power_of_ten(exponent: int) -> str:
    """Return a power of ten as text.

    Examples
    --------
    >>> power_of_ten(-2)
    '10⁻²'
    """
    return "10" + str(exponent).translate(_SUPERSCRIPT)


def scientific(value: float, digits: int = 3) -> str:
    """Return a number as a power of ten with its factor of at most so many digits.

    Examples
    --------
    >>> scientific(2e-4), scientific(1e5), scientific(50.0)
    ('2×10⁻⁴', '10⁵', '5×10¹')
    """
    if not value > 0:
        return ""
    exponent = math.floor(math.log10(value) + 1e-9)
    factor = plain(float(f"{value / 10.0**exponent:.{digits}g}"))
    return power_of_ten(exponent) if factor == "1" else f"{factor}×{power_of_ten(exponent)}"

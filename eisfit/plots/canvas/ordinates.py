"""Ordinates of an Arrhenius plot: which line is fitted, and in which form its axis shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from eisfit.errors import InputError
from eisfit.laws.law_fit import LawFit
from eisfit.laws.ordinate import Ordinate
from eisfit.tools.frozen import Floats
from eisfit.tools.nearest import did_you_mean

Form: TypeAlias = Literal["", "ln", "log10"]

QUANTITIES = {
    ("ln(sigma T)", "conductivity"): ("σT", "S K cm⁻¹"),
    ("ln(sigma)", "conductivity"): ("σ", "S cm⁻¹"),
    ("ln(1/R)", "asr"): ("1/ASR", "Ω⁻¹ cm⁻²"),
    ("ln(T/R)", "asr"): ("T/ASR", "K Ω⁻¹ cm⁻²"),
    ("ln(1/R)", "resistance"): ("1/R", "Ω⁻¹"),
    ("ln(T/R)", "resistance"): ("T/R", "K Ω⁻¹"),
    ("ln(R)", "asr"): ("ASR", "Ω cm²"),
    ("ln(R)", "resistance"): ("R", "Ω"),
}
_FITTED: dict[
    str, tuple[Ordinate, tuple[str, ...], bool]
] = {  # what is fitted, of which quantities, inverted
    "sigma": ("ln(sigma)", ("conductivity",), False),
    "sigma T": ("ln(sigma T)", ("conductivity",), False),
    "1/R": ("ln(1/R)", ("asr", "resistance"), False),
    "T/R": ("ln(T/R)", ("asr", "resistance"), False),
    "R": ("ln(1/R)", ("asr", "resistance"), True),
    "1/asr": ("ln(1/R)", ("asr",), False),
    "T/asr": ("ln(T/R)", ("asr",), False),
    "asr": ("ln(1/R)", ("asr",), True),
}
_FORMS: tuple[Form, ...] = ("", "ln", "log10")
ORDINATE_NAMES = tuple(f"{form}({what})" if form else what for what in _FITTED for form in _FORMS)


@dataclass(frozen=True)
class Shown:
    """How an axis shows the ordinate of a line.

    Parameters
    ----------
    form : {"", "ln", "log10"}
        The value itself on a logarithmic axis, or a logarithm on a linear one.
    inverted : bool
        Whether it shows the reciprocal of what is in the fitted logarithm.
    """

    form: Form = ""
    inverted: bool = False

    def of(self, ordinate_value: Floats) -> Floats:
        """Return what the axis shows of values of the fitted ordinate."""
        y = -ordinate_value if self.inverted else ordinate_value
        if not self.form:
            return np.exp(y)
        return y / np.log(10.0) if self.form == "log10" else y

    def ordered(self, low: Floats, high: Floats) -> tuple[Floats, Floats]:
        """Return the lower and the upper limit of the axis's values from those of the fitted ordinate."""
        return (self.of(high), self.of(low)) if self.inverted else (self.of(low), self.of(high))

    def symbol(self, line: LawFit) -> tuple[str, str]:
        """Return symbol and unit of what stands on the axis, or in its logarithm."""
        ordinate = line.ordinate
        if self.inverted:
            return QUANTITIES["ln(R)", line.quantity]
        return QUANTITIES[ordinate, line.quantity]

    def axis_title(self, line: LawFit) -> str:
        """Return the title of the axis: symbol and unit; of a logarithm the number in it."""
        symbol, unit = self.symbol(line)
        if not self.form:
            return f"{italic(symbol)} / {unit}"
        name = "log$_{10}$" if self.form == "log10" else "ln"
        return f"{name}({italic(symbol)} / {unit})"


@dataclass(frozen=True)
class Asked:
    """An ordinate that a user asks for."""

    name: str
    fitted: Ordinate
    quantities: tuple[str, ...]
    shown: Shown


def ordinate_named(name: str) -> Asked:
    """Return an ordinate by its name, such as ``log10(sigma)``, ``ln(sigma T)``, ``sigma`` or ``asr``.

    Raises
    ------
    InputError
        If there is none of that name.
    """
    plain = _plain(name)
    for known in ORDINATE_NAMES:
        if _plain(known) == plain:
            written, _, inner = known.rpartition("(")
            fitted, quantities, inverted = _FITTED[inner.rstrip(")")]
            form = next(form for form in _FORMS if form == written)
            return Asked(known, fitted, quantities, Shown(form, inverted))
    if plain.startswith("log("):
        raise InputError(f"ordinate {name!r}: write log10 or ln, as log10{plain[3:]}")
    raise InputError(
        f"no ordinate {name!r}{did_you_mean(name, ORDINATE_NAMES)}; known: {', '.join(_FITTED)}, "
        "each also in ln() or log10()"
    )


def _plain(name: str) -> str:
    text = name.lower().replace("σ", "sigma").replace("lg(", "log10(")
    return "".join(text.replace("*", "").replace("·", "").split())


def italic(symbol: str) -> str:
    """Set the symbols of quantities in italics."""
    return symbol.replace("σ", "$\\sigma$").replace("T", "$T$").replace("R", "$R$").replace("AS$R$", "ASR")

"""The elements of circuit description codes: their parameters, and the same formula in ours."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from eisfit.errors import CircuitError

Values = Mapping[str, float]
Numbers = tuple[float, ...]
ROOT = 0.5  # exponent of diffusion where a code gives none; it is fixed then


@dataclass(frozen=True)
class CodeElement:
    """How an element of a code is written here.

    Parameters
    ----------
    ours : str
        The element here; it has the same impedance at all frequencies.
    names : tuple of str
        Parameters in the code.
    to_ours, to_theirs : callable
        Values of the code as ours in the order of our quantities, and back, in the order of `names`.
    sources : tuple of (str, int)
        For each of our quantities the one parameter of the code that it follows, and whether it grows (1) or falls (-1)
        with it; an empty name where it follows several.
    """

    ours: str
    names: tuple[str, ...]
    to_ours: Callable[[Values], Numbers]
    to_theirs: Callable[[Numbers], Numbers]
    sources: tuple[tuple[str, int], ...]


def _same(ours: str, *names: str) -> CodeElement:
    """Return an element with the same parameters in the same formula."""
    return CodeElement(
        ours,
        names,
        lambda v: tuple(v[name] for name in names),
        lambda ours_values: ours_values,
        tuple((name, 1) for name in names),
    )


def _finite(ours: str, free: bool) -> CodeElement:
    """Return finite diffusion: f((B s)^n) / (Y s)^n there, R f((s tau)^p) / (s tau)^p here, with f tanh or coth."""

    def to_ours(v: Values) -> Numbers:
        n = v.get("n", ROOT)
        return ((v["B"] / v["Y"]) ** n, v["B"], n)[: 2 + free]

    def to_theirs(values: Numbers) -> Numbers:
        r, tau = values[:2]
        n = values[2] if free else ROOT
        return tau / r ** (1 / n), tau, n

    return CodeElement(ours, ("Y", "B", "n"), to_ours, to_theirs, (("", 0), ("B", 1), ("n", 1))[: 2 + free])


PLAIN: Mapping[str, CodeElement] = {  # n of a half, fixed, where there is one
    "R": _same("R", "R"),
    "C": _same("C", "C"),
    "L": _same("L", "L"),
    "La": _same("La", "L", "n"),
    "Q": _same("CPE", "Y", "n"),
    "K": _same("K", "R", "tau"),
    "Zarc": _same("Zarc", "R", "tau", "n"),
    "Ha": _same("HN", "R", "tau", "a", "b"),
    "Ga": CodeElement(
        "G",
        ("R", "tau", "n"),
        lambda v: (v["R"], v["tau"]),
        lambda values: (*values, ROOT),
        (("R", 1), ("tau", 1)),
    ),
    "W": CodeElement(  # 1/(Y s^n) there, sigma sqrt(2/s) here
        "W",
        ("Y", "n"),
        lambda v: (1 / (v["Y"] * math.sqrt(2)),),
        lambda values: (1 / (values[0] * math.sqrt(2)), ROOT),
        (("Y", -1),),
    ),
    "Ws": _finite("Ws", False),
    "Wo": _finite("Wo", False),
    "G": CodeElement(  # 1/(Y (k + s)^n) there, R/sqrt(1 + s tau) here
        "G",
        ("Y", "k", "n"),
        lambda v: (1 / (v["Y"] * math.sqrt(v["k"])), 1 / v["k"]),
        lambda values: (math.sqrt(values[1]) / values[0], 1 / values[1], ROOT),
        (("", 0), ("k", -1)),
    ),
}
GENERAL: Mapping[str, CodeElement] = {  # n that is free, or another number than a half
    "W": _same("CPE", "Y", "n"),
    "Ws": _finite("Wsn", True),
    "Wo": _finite("Won", True),
}
TO_THEIRS: Mapping[str, tuple[str, CodeElement]] = {
    e.ours: (symbol, e)
    for table in (GENERAL, PLAIN)
    for symbol, e in table.items()
    if (symbol, e.ours) not in (("W", "CPE"), ("Ga", "G"))
}
_UPPER = {"C": 1e3, "L": 1e3, "Q": 1e6, "La": 1e3}  # that pyimpspec writes where nothing is said
_LEAST = 1e-24  # likewise, as a lower limit


def element_of(symbol: str, exponent: tuple[float, bool] | None, text: str) -> CodeElement:
    """Return the element of a symbol.

    Parameters
    ----------
    symbol : str
        One of `PLAIN`.
    exponent : (float, bool), optional
        Value of n and whether it is fixed, where the code gives it.
    text : str
        The code, for the message.

    Raises
    ------
    CircuitError
        If the exponent has no counterpart here.
    """
    if "n" not in PLAIN[symbol].names or symbol in ("Q", "La", "Zarc"):
        return PLAIN[symbol]
    if exponent is None or exponent == (ROOT, True):
        return PLAIN[symbol]
    if symbol in GENERAL:
        return GENERAL[symbol]
    raise CircuitError(
        f"circuit code {text!r}: {symbol} with n = {exponent[0]:g}{'' if exponent[1] else ' and free'} has no "
        "counterpart here: n=0.5F has, which counts where n is left out, and Ha with a=1F"
    )


def counted_limits(symbol: str, name: str, limits: tuple[float, float]) -> tuple[float | None, float | None]:
    """Return the limits of a parameter that say more than what holds without them; None where there is none."""
    low, high = limits
    top = 1.0 if name in ("n", "a", "b") else _UPPER.get(symbol, math.inf)
    return (low if low > _LEAST else None), (high if high < top else None)

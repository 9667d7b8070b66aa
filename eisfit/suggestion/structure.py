"""Terms in series as a short word that is fitted, written as a circuit, and compared with others."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from eisfit.elements import ELEMENTS, Laplace
from eisfit.elements.registry import Evaluated
from eisfit.tools.frozen import Floats

Kind: TypeAlias = Literal["K", "Zarc", "G", "Ws", "Wsn", "W", "CPE", "Wo", "Won"]
Linear: TypeAlias = Literal["R", "L", "C"]
LINEAR: tuple[Linear, ...] = ("R", "L", "C")


@dataclass(frozen=True)
class Term:
    """What a kind of term is.

    Parameters
    ----------
    element : str
        Whose formula it has; each takes a resistance, a time and, where there is one, an exponent.
    parameters : int
        Number of free ones.
    exponents : (float, float)
        Bounds of the exponent; equal where it is no parameter.
    tail : bool
        Whether it goes on towards low frequencies, as over a blocking electrode.
    """

    element: str
    parameters: int
    exponents: tuple[float, float]
    tail: bool = False


TERMS: dict[Kind, Term] = {
    "K": Term("Zarc", 2, (1.0, 1.0)),
    "Zarc": Term("Zarc", 3, (0.25, 1.0)),
    "G": Term("G", 2, (1.0, 1.0)),
    "Ws": Term("Ws", 2, (1.0, 1.0)),
    "Wsn": Term("Wsn", 3, (0.2, 0.5)),
    "W": Term("W", 1, (0.5, 0.5), tail=True),
    "CPE": Term("CPE", 2, (0.2, 1.0), tail=True),
    "Wo": Term("Wo", 2, (1.0, 1.0), tail=True),
    "Won": Term("Won", 3, (0.2, 0.5), tail=True),
}
_ODDS: dict[str, float] = {
    "G": 3.0,
    "Ws": 3.0,
    "Wsn": 3.5,
    "W": 1.5,
    "CPE": 1.0,
    "Wo": 3.0,
    "Won": 4.0,
    "L": 2.0,
    "C": 3.0,
}
ORDER: tuple[Kind, ...] = tuple(TERMS)


@dataclass(frozen=True, order=True)
class Structure:
    """Terms in series.

    Parameters
    ----------
    linear : tuple of str
        Of ``R, L, C``: resistor, inductor, capacitor.
    kinds : tuple of str
        Sorted as `ORDER`.
    """

    linear: tuple[Linear, ...]
    kinds: tuple[Kind, ...]

    @classmethod
    def of(cls, linear: frozenset[Linear], kinds: tuple[Kind, ...]) -> Structure:
        """Return a structure in settled order."""
        return cls(tuple(x for x in LINEAR if x in linear), tuple(sorted(kinds, key=ORDER.index)))

    @property
    def parameters(self) -> int:
        """Number of parameters."""
        return len(self.linear) + sum(TERMS[k].parameters for k in self.kinds)

    @property
    def odds(self) -> float:
        """What speaks against it before the data, in units of BIC."""
        return sum(_ODDS.get(k, 0.0) for k in (*self.linear, *self.kinds))

    @property
    def is_open(self) -> bool:
        """Whether it blocks direct current."""
        return "C" in self.linear or any(TERMS[k].tail for k in self.kinds)

    @property
    def circuit(self) -> str:
        """The circuit string."""
        return "-".join(self._parts()) or "R0"

    def _parts(self) -> Iterator[str]:
        if "L" in self.linear:
            yield "L0"
        if "R" in self.linear:
            yield "R0"
        arcs = 0
        for kind in self.kinds:
            if TERMS[kind].tail:
                continue
            arcs += 1
            yield {"K": f"p(R{arcs},C{arcs})", "Zarc": f"p(R{arcs},CPE{arcs})"}.get(kind, f"{kind}{arcs}")
        tails: list[str] = [k for k in self.kinds if TERMS[k].tail]
        tails += ["C"] if "C" in self.linear else []
        yield from (f"{name}{k}" for k, name in enumerate(tails, arcs + 1))


def evaluated(kind: Kind, s: Laplace, log_p: Floats) -> Evaluated:
    """Return impedances (b, n) of a term at logarithms of resistance, time and exponent (b, 3), with derivatives.

    A constant-phase element has its resistance where omega times its time is 1, a time that is held.
    """
    r, tau, exponent = (np.exp(log_p[:, k, None]) for k in range(3))
    if kind in ("CPE", "W"):
        log_tau = log_p[:, 1, None]
        z = r * s.power(-exponent, log_tau)
        return z, (z, -exponent * z, -exponent * (s.log + log_tau) * z)
    formula = ELEMENTS[TERMS[kind].element].formula
    if TERMS[kind].element in ("Zarc", "Wsn", "Won"):
        return formula(s, r, tau, exponent)
    z, (by_r, by_tau) = formula(s, r, tau)
    return z, (by_r, by_tau, np.zeros_like(z))


def held(kind: Kind) -> tuple[bool, bool, bool]:
    """Tell which of resistance, time and exponent are no parameters."""
    low, high = TERMS[kind].exponents
    return False, kind in ("CPE", "W"), low == high


def bounds(kind: Kind) -> tuple[float, float]:
    """Return the logarithms between which the exponent lies."""
    low, high = TERMS[kind].exponents
    return math.log(low), math.log(high)


_LIMITS: dict[str, frozenset[str]] = {  # of each term, the terms that it can be indistinguishable from
    "R": frozenset(("K", "Zarc", "G", "Ws", "Wsn")),
    "L": frozenset(),
    "C": frozenset(("K", "Zarc", "CPE", "Wo", "Won")),
    "K": frozenset(("Zarc",)),
    "Ws": frozenset(("Wsn",)),
    "Wo": frozenset(("Won",)),
    "W": frozenset(("CPE", "Zarc", "G", "Ws", "Wsn", "Wo", "Won")),
    "CPE": frozenset(("Zarc", "Wsn", "Won")),
}


def is_limit(simpler: Structure, fuller: Structure) -> bool:
    """Tell whether a structure is another one with parts that vanish, or that are a special case or limit there.

    Examples
    --------
    >>> is_limit(Structure(("R",), ("Zarc",)), Structure((), ("Zarc", "Zarc")))
    True
    >>> is_limit(Structure((), ("G",)), Structure(("R",), ("Zarc", "Zarc")))
    False
    """
    if simpler == fuller:
        return False
    return _placed((*simpler.linear, *simpler.kinds), (*fuller.linear, *fuller.kinds))


def _placed(simpler: tuple[str, ...], fuller: tuple[str, ...]) -> bool:
    """Tell whether each term finds a place of its own among those of a fuller structure."""
    if not simpler:
        return True
    first, rest = simpler[0], simpler[1:]
    return any(
        (word == first or word in _LIMITS.get(first, ())) and _placed(rest, fuller[:k] + fuller[k + 1 :])
        for k, word in enumerate(fuller)
    )

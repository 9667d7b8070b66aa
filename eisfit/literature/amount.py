"""A published amount as it is printed, read as numbers: a value, a range or a limit."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["value", "about", "range", "upper limit", "lower limit", "text"]

_NUMBER = r"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?"
_ABOUT = re.compile(r"^(?:about|around|ca\.|circa|roughly|approximately|order of|≈|~)\s*", re.I)
_ASIDE = re.compile(r"\s*\([^()]*\)$")
_RANGE = re.compile(rf"({_NUMBER})\s*(?:->|-|–|to)\s*({_NUMBER})")


@dataclass(frozen=True)
class Amount:
    """A number as a source gives it.

    Parameters
    ----------
    kind : {"value", "about", "range", "upper limit", "lower limit", "text"}
        How it was printed: a text is no number.
    low, high : float
        Its ends: equal for a value; one is nan for a limit, both for a text.
    """

    kind: Kind
    low: float = math.nan
    high: float = math.nan

    @property
    def middle(self) -> float:
        """The value, the geometric mean of a positive range (the mean of another), or the limit itself."""
        if math.isnan(self.low) or math.isnan(self.high):
            return self.high if math.isnan(self.low) else self.low
        return (
            math.sqrt(self.low * self.high) if self.low > 0 and self.high > 0 else (self.low + self.high) / 2
        )

    def times(self, factor: float) -> Amount:
        """Return the amount in another unit."""
        return Amount(self.kind, self.low * factor, self.high * factor)


def amount(text: str) -> Amount:
    """Read an amount.

    Parameters
    ----------
    text : str
        As printed, such as ``300``, ``about 300``, ``250 - 25000`` or ``< 1``.

    Examples
    --------
    >>> amount("about 300"), amount("< 1").kind, amount("250 - 25000").middle
    (Amount(kind='about', low=300.0, high=300.0), 'upper limit', 2500.0)
    """
    bare = _ASIDE.sub("", text.strip().strip('"“”').strip())
    if found := re.fullmatch(rf"([<>≤≥])\s*({_NUMBER})", bare):
        limit = float(found[2])
        return Amount("upper limit", high=limit) if found[1] in "<≤" else Amount("lower limit", low=limit)
    plain = _ABOUT.sub("", bare)
    if found := _RANGE.fullmatch(plain):
        ends = sorted((float(found[1]), float(found[2])))
        return Amount("range", *ends)
    if re.fullmatch(_NUMBER, plain):
        value = float(plain)
        return Amount("value" if plain == bare else "about", value, value)
    return Amount("text")

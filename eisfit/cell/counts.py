"""Numbers of equal parts that a template leaves open: how many sheets a stack has, how many interfaces follow."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from eisfit.errors import FitError, TemplateError
from eisfit.tools.nearest import did_you_mean

_TERM = re.compile(r"(?:(\d{1,6})\s*\*\s*)?([A-Za-z][A-Za-z0-9_]*)\s*(?:([+-])\s*(\d{1,6}))?")
LARGEST = 100_000  # of any number; more sheets are a slip of the pen


@dataclass(frozen=True)
class Count:
    """A number that the user gives, and from which a template counts its segments.

    Parameters
    ----------
    name : str
        Under which a manifest, or `Conditions.own`, holds it, such as ``sheets``.
    meaning : str
        What is counted.
    least : int
        The smallest possible one; drawings show the cell with it until a number is given.
    given : int, optional
        The number, once it is known.
    """

    name: str
    meaning: str
    least: int = 1
    given: int | None = None

    @property
    def shown(self) -> int:
        """The number, or the smallest one where none is given."""
        return self.least if self.given is None else self.given

    def checked(self, value: float, where: str) -> int:
        """Return a given number as a whole one.

        Raises
        ------
        TemplateError
            If it is not whole, or outside its range.
        """
        if isinstance(value, bool) or not self.least <= value <= LARGEST or value != int(value):
            raise TemplateError(
                f"{where}: {self.name} = {value:g}: it must be a whole number from {self.least} to {LARGEST} "
                f"({self.meaning})"
            )
        return int(value)


@dataclass(frozen=True)
class CountTerm:
    """How often a segment lies between the probes: ``factor * name + shift``."""

    name: str
    factor: int = 1
    shift: int = 0

    def of(self, value: int) -> int:
        """Return the count that follows from a number."""
        return self.factor * value + self.shift


def parse_count(text: str, counts: Mapping[str, Count], where: str) -> CountTerm:
    """Read how a count follows from a number, such as ``sheets``, ``sheets - 1`` or ``2*sheets + 1``.

    Raises
    ------
    TemplateError
        If the text is none, the number is unknown, or the count would fall below 1.
    """
    found = _TERM.fullmatch(text.strip())
    if found is None:
        raise TemplateError(f"{where}: {text!r} is no count; write sheets, sheets - 1, or 2*sheets + 1")
    factor, name, sign, shift = found.groups()
    if name not in counts:
        known = f"known: {', '.join(counts)}" if counts else f"there is no [count.{name}]"
        raise TemplateError(f"{where}: {text!r} counts by {name!r}{did_you_mean(name, counts)}; {known}")
    term = CountTerm(name, int(factor or 1), int(f"{sign or '+'}{shift or 0}"))
    least = counts[name].least
    if term.of(least) < 1:
        raise TemplateError(
            f"{where}: {text!r} is {term.of(least)} for {name} = {least}; it must be 1 or more from its least on"
        )
    return term


def given_numbers(
    counts: Iterable[Count], owns: Iterable[Mapping[str, float]], where: str
) -> dict[str, float]:
    """Return the numbers that spectra state, each by its name.

    Parameters
    ----------
    counts : iterable of Count
        Of a template.
    owns : iterable of mapping
        ``conditions.own`` of each spectrum.
    where : str
        What messages call the template.

    Raises
    ------
    TemplateError
        If a number is given nowhere, or the spectra contradict the template.
    FitError
        If the spectra have different ones.
    """
    stated, found = [dict(own) for own in owns], {}
    for count in counts:
        values = sorted({own[count.name] for own in stated if count.name in own})
        if len(values) > 1:
            raise FitError(
                f"the spectra have {count.name} = {', '.join(f'{v:g}' for v in values)}: fit each number by itself, "
                "or name each cell (cell = ...)"
            )
        if count.given is not None and values and values[0] != count.given:
            raise TemplateError(
                f"{where} was chosen with {count.name} = {count.given}, but the spectra say {values[0]:g}; keep one"
            )
        if count.given is None and not values:
            raise TemplateError(
                f"{where} needs {count.name}: {count.meaning}; write {count.name} = {count.least} in series.toml, or "
                f"counts={{{count.name!r}: {count.least}}} in eisfit.template"
            )
        if values:
            found[count.name] = values[0]
    return found

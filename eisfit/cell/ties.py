"""Ties: a parameter that is a factor times another one of the same spectrum."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from eisfit.errors import TemplateError

if TYPE_CHECKING:
    from eisfit.cell.segments import Setting

LARGEST_FACTOR = 1e9  # of a tie; the smallest one is its reciprocal
_NUMBER = r"\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?"
_NAME = r"[A-Za-z][A-Za-z0-9_]*"
_TIE = re.compile(
    rf"(?:(?P<before>{_NUMBER})\s*[*·×]?\s*)?(?P<name>{_NAME})(?:\s*(?P<sign>[*/·×])\s*(?P<after>{_NUMBER}))?"
)
_POSSIBLE = "a tie is a factor times one other parameter, such as '2*R1', 'R1/2' or 'CPE1_alpha'"


@dataclass(frozen=True)
class Tie:
    """What a parameter follows: ``factor`` times the parameter ``name``."""

    factor: float
    name: str

    @property
    def text(self) -> str:
        """As it is written, ``2*R1``."""
        number = repr(self.factor).removesuffix(".0")
        return self.name if self.factor == 1 else f"{number}*{self.name}"


@lru_cache(maxsize=256)
def parse_tie(text: str) -> Tie:
    """Read the right-hand side of a tie.

    Parameters
    ----------
    text : str
        ``2*R1``, ``2 R1``, ``R1/2`` or ``R1``.

    Raises
    ------
    TemplateError
        If it is anything else, or the factor is not a positive number from 1e-9 to 1e9.
    """
    text = text.strip()
    found = _TIE.fullmatch(text)
    if found is None:
        comma = "; write a decimal point, not a comma" if re.search(r"\d,\d", text) else ""
        raise TemplateError(f"tie {text!r} cannot be used: {_POSSIBLE}{comma}")
    factor = float(found["before"] or 1)
    if found["after"]:
        other = float(found["after"])
        if other == 0 and found["sign"] == "/":
            raise TemplateError(f"tie {text!r} divides by zero: {_POSSIBLE}")
        factor = factor / other if found["sign"] == "/" else factor * other
    if not 1 / LARGEST_FACTOR <= factor <= LARGEST_FACTOR:
        raise TemplateError(
            f"tie {text!r} has the factor {factor:g}: it must be positive, from "
            f"{1 / LARGEST_FACTOR:g} to {LARGEST_FACTOR:g}"
        )
    return Tie(factor, found["name"])


def named_tie(text: str) -> tuple[str, str]:
    """Return the tied parameter and its tie from a text such as ``R2 = 2*R1``.

    Raises
    ------
    TemplateError
        If it is none.
    """
    left, equals, right = text.partition("=")
    if not equals or not re.fullmatch(_NAME, left.strip()):
        raise TemplateError(f"tie {text!r} cannot be used: write 'R2 = 2*R1'; {_POSSIBLE}")
    try:
        return left.strip(), parse_tie(right).text
    except TemplateError as error:
        raise TemplateError(f"{error} (in {text.strip()!r})") from None


def roots_of(settings: Mapping[str, Setting]) -> dict[str, Tie]:
    """Return what each tied parameter follows in the end: a factor times a parameter that is not tied.

    Raises
    ------
    TemplateError
        If parameters are tied in a circle.
    """
    found = {}
    for name, setting in settings.items():
        if setting.tie is None:
            continue
        factor, way = 1.0, [name]
        at: Setting | None = setting
        while at is not None and at.tie is not None:
            tie = parse_tie(at.tie)
            factor *= tie.factor
            if tie.name in way:
                circle = " -> ".join([*way[way.index(tie.name) :], tie.name])
                raise TemplateError(f"parameters are tied in a circle: {circle}; leave one of them free")
            way.append(tie.name)
            at = settings.get(tie.name)
        found[name] = Tie(factor, way[-1])
    return found


def taking_part(settings: Mapping[str, Setting]) -> set[str]:
    """Return the parameters that are tied, and those that they follow."""
    roots = roots_of(settings)
    return {*roots, *(tie.name for tie in roots.values())}


def resolved(settings: Mapping[str, Setting], names: Collection[str]) -> dict[str, Setting]:
    """Return the settings of some parameters with every tie to a parameter among them, that is itself not tied.

    Parameters
    ----------
    settings : mapping of str to Setting
        Of all parameters of a template.
    names : collection of str
        Those that are left, in order.

    Notes
    -----
    What follows a fixed parameter is fixed itself. Where the parameter that others follow is not among those left,
    the first of the others takes its place, and its range with it.
    """
    roots = roots_of(settings)
    found = {name: setting for name, setting in settings.items() if name in names}
    for root in dict.fromkeys(tie.name for tie in roots.values()):
        group = {name: roots[name].factor for name in names if name in roots and roots[name].name == root}
        found |= _group(settings, root, group, root in names)
    return found


def _group(
    settings: Mapping[str, Setting], root: str, group: Mapping[str, float], root_is_left: bool
) -> dict[str, Setting]:
    """Return the settings of the parameters that follow one root, by their factors to it."""
    at = settings.get(root)
    if at is not None and at.fixed is not None:
        return {
            name: replace(
                settings[name], tie=None, fixed=f * at.fixed, each=_times(at.each, f), low=None, high=None
            )
            for name, f in group.items()
        }
    if root_is_left or not group:
        return {name: replace(settings[name], tie=Tie(f, root).text) for name, f in group.items()}
    heir, *others = group
    scale = group[heir]
    own = settings[heir]
    low = _largest((own.low, None if at is None or at.low is None else at.low * scale))
    high = _smallest((own.high, None if at is None or at.high is None else at.high * scale))
    changed = {heir: replace(own, tie=None, low=low, high=high)}
    return changed | {
        name: replace(settings[name], tie=Tie(group[name] / scale, heir).text) for name in others
    }


def _times(each: str | None, factor: float) -> str | None:
    if each is None:
        return None
    of = parse_tie(each)
    return Tie(of.factor * factor, of.name).text


def _largest(values: Iterable[float | None]) -> float | None:
    return max((v for v in values if v is not None), default=None)


def _smallest(values: Iterable[float | None]) -> float | None:
    return min((v for v in values if v is not None), default=None)

"""Headings that are every quantity beside every sample, whatever the samples are called."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from eisfit.formats.parsing.headings import Heading, parse, tidy
from eisfit.formats.parsing.labels import (
    FIT,
    is_physics,
    labelled,
    names_quantity,
    part_of,
    temperature_of,
)
from eisfit.formats.parsing.units import is_bare_length, unit_of
from eisfit.spectrum.immittance import QUANTITIES, route_of

MOST_HEADINGS = 240
MOST_GLUED = 24  # headings that are cut within words too
MOST_GLUED_BESIDE = 8  # the same, where some headings are a whole impedance by themselves
MOST_CUTS = 6_000  # of one heading line
MOST_TRIED = 30_000  # places of a label in one heading line, cut or not
LONGEST = 60
_DOUBT = "can be read in more than one way"
_NEVER_NEGATED = {"re", "modulus", "y_re", "y_modulus"}
_BEFORE, _BEHIND = r"[\s_:;,@/|.\-([{]*", r"[\s_:;,@/|.\-)\]}]*"
_LABEL = re.compile(rf"(?P<lead>{_BEFORE})(?P<core>[-+]|[^\W_](?:.*[^\W_])?[%°)\]]*?)(?P<trail>{_BEHIND})")
_MARKS = ":;,@/_. "
_NUMBERED = re.compile(r"(?i)\s*z[ _]?[12](?![\d'])")  # Z' and Z'', or the moduli of two samples
_WORD = re.compile(r"[^\W_]+")
Key = tuple[str, str, frozenset[str]]


@dataclass(frozen=True)
class Crossing:
    """Headings taken apart into quantities and labels, each label beside each quantity.

    Parameters
    ----------
    headings : dict of int to Heading
        By column.
    seams : int
        How many letters stand glued to a label.
    """

    headings: dict[int, Heading]
    seams: int

    @property
    def labels(self) -> frozenset[str]:
        """The names of the samples."""
        return frozenset(h.label for h in self.headings.values())

    @property
    def of_signs_or_halves(self) -> bool:
        """Whether a label is a sign, or all are names of halves, so that nobody knows what is the label."""
        return bool(self.labels & {"+", "-"}) or all(map(names_quantity, self.labels))

    @property
    def samples(self) -> frozenset[tuple[int, str, int, int]]:
        """Which column is which quantity of which sample, whatever its name."""
        first: dict[str, int] = {}
        for i in sorted(self.headings):
            first.setdefault(self.headings[i].label, i)
        return frozenset((i, h.quantity, h.sign, first[h.label]) for i, h in self.headings.items())

    @property
    def units(self) -> frozenset[tuple[int, str, float]]:
        """The units of the columns that have one."""
        return frozenset(
            (i, h.unit.kind, h.unit.scale) for i, h in self.headings.items() if h.unit is not None
        )

    @property
    def temperatures(self) -> frozenset[tuple[int, float]]:
        """The temperatures that labels are, in °C."""
        warm = {i: temperature_of(h.label) for i, h in self.headings.items()}
        return frozenset((i, t) for i, t in warm.items() if t is not None)

    @property
    def order(self) -> tuple[bool, int]:
        """First where the labels are temperatures, then where they are short."""
        return any(temperature_of(text) is None for text in self.labels), sum(map(len, self.labels))


def crossed(headings: Sequence[str], exact: Sequence[Heading | None]) -> tuple[list[Heading | None], str]:
    """Read the headings of several samples together: what differs from one to the next in all quantities is the label.

    Parameters
    ----------
    headings : sequence of str
        As they stand in the file.
    exact : sequence of Heading or None
        What each means by itself.

    Returns
    -------
    headings : list of Heading or None
        With labels, where the columns are every quantity beside every label; else as they came.
    doubt : str
        Why they can be read in two ways; empty where they cannot.
    """
    open_ = [
        i
        for i, (text, h) in enumerate(zip(headings, exact, strict=True))
        if text.strip() and (h is None or h.quantity in QUANTITIES)
    ]
    as_before = list(exact)
    if not 4 <= len(open_) <= MOST_HEADINGS or all(exact[i] for i in open_):
        return as_before, ""
    alone = {h.quantity for i in open_ if (h := exact[i]) is not None and not _NUMBERED.match(headings[i])}
    whole = route_of(alone) is not None
    if any(h is not None and h.sign < 0 and h.quantity in _NEVER_NEGATED for h in (exact[i] for i in open_)):
        return as_before, _DOUBT
    texts = {i: tidy(headings[i]) for i in open_}
    for glued in (False, True) if len(open_) <= (MOST_GLUED_BESIDE if whole else MOST_GLUED) else (False,):
        found = [c for c in _crossings(texts, glued) if _covers(c, headings, exact, open_)]
        found = [c for c in found if not (whole and any(re.match("(?i)z|imp", core) for core in c.labels))]
        if not found:
            continue
        fewest = min(c.seams for c in found)
        best = sorted(
            (c for c in found if c.seams == fewest and not c.of_signs_or_halves), key=lambda c: c.order
        )
        if whole and best and _other_is_fit(best[0], exact):
            return as_before, ""
        halves = [c for c in found if c.seams == fewest and c.of_signs_or_halves]
        if best and any(_within(c.labels, best[0].labels) for c in halves):
            return as_before, _DOUBT
        if whole or not best or any(_contradicts(best[0], c) for c in best[1:]):
            return as_before, _DOUBT
        merged = {i: replace(h, text=headings[i]) for i, h in best[0].headings.items()}
        return [merged.get(i, h) for i, h in enumerate(exact)], ""
    return as_before, ""


def trials(headings: Sequence[str]) -> int:
    """Return how many places of a label are tried in a heading line at most."""
    if not 4 <= len(headings) <= MOST_HEADINGS or all(map(parse, headings)):
        return 0
    words = [len(_WORD.findall(text)) for text in headings if len(text) <= LONGEST]
    apart = min(sum(2 * (n + 1) ** 2 for n in words), MOST_TRIED)
    glued = sum(len(text) ** 2 // 2 for text in headings if len(text) <= LONGEST // 2)
    return apart + (min(glued, MOST_TRIED) if len(headings) <= MOST_GLUED else 0)


def _crossings(texts: dict[int, str], glued: bool) -> Iterator[Crossing]:
    """Yield the ways in which quantities and labels make up the headings."""
    rests: dict[tuple[str, str, str], dict[str, tuple[int, int]]] = {}
    left, tried = MOST_CUTS, 0
    for i, text in texts.items():
        places = places_of(text, glued)
        for rest, lead, core, trail, seams in _cuts(text, places):
            rests.setdefault((rest, lead, trail), {})[core] = (i, seams)
            left -= 1
        tried += len(places) ** 2 // 2
        if left < 0 or tried > MOST_TRIED:
            return
    several = {
        key: cores for key, cores in rests.items() if len({i for i, _ in cores.values()}) == len(cores) > 1
    }
    families: dict[Key, dict[str, Heading]] = {}
    for (rest, lead, trail), columns in several.items():
        heading = _of_rest(rest)
        if heading is not None:
            families.setdefault((lead, trail, frozenset(columns)), {})[rest] = heading
    for (lead, trail, cores), members in families.items():
        if route_of({h.quantity for h in members.values()}) is None or not _are_samples(cores, members):
            continue
        headings: dict[int, Heading] = {}
        worst = 0
        for rest, heading in members.items():
            for core, (i, seams) in several[rest, lead, trail].items():
                headings[i] = replace(heading, label=core)
                worst = max(worst, seams)
        if len(headings) == len(members) * len(cores):
            yield Crossing(headings, worst)


def places_of(text: str, glued: bool) -> dict[int, int]:
    """Return where a heading may be cut, and how many letters each place splits."""
    if len(text) > LONGEST or (glued and len(text) > LONGEST // 2):
        return {}
    seams = [_seam(text, k) for k in range(len(text) + 1)]
    whole = {
        k for word in _WORD.finditer(text) if unit_of(word[0]) for k in range(word.start() + 1, word.end())
    }
    return {k: seam for k, seam in enumerate(seams) if not seam or (glued and k not in whole)}


def _cuts(text: str, seams: dict[int, int]) -> Iterator[tuple[str, str, str, str, int]]:
    """Yield what remains of a heading, the label cut from it with the marks around, and how many letters it splits."""
    for a in seams:
        for b in seams:
            if (
                a < b
                and b - a < len(text)
                and (found := _LABEL.fullmatch(text, a, b))
                and _balanced(found[0])
                and _balanced(found["core"])
            ):
                rest = " ".join((text[:a] + text[b:]).split())
                lead, core, trail = found["lead"], found["core"], found["trail"]
                yield rest, lead, core, trail, seams[a] + seams[b]
                if lead.endswith(("-", "+")) and core[0].isdigit():  # a mark or a sign
                    yield rest, lead[:-1], lead[-1] + core, trail, seams[a] + seams[b]


def _seam(text: str, at: int) -> int:
    """Return 1 between two letters, 2 between two digits or at a decimal mark, 0 elsewhere."""
    if not 0 < at < len(text):
        return 0
    left, right = text[at - 1], text[at]
    if re.match(r"\d\d|\d[.,]\d|[.,]\d", text[at - 1 : at + 2]) and (
        left.isdigit() or text[at - 2 : at - 1].isdigit()
    ):
        return 2
    return int(left.isalpha() and right.isalpha())


def _balanced(label: str) -> bool:
    return all(label.count(a) == label.count(b) for a, b in ("()", "[]", "{}"))


def _of_rest(rest: str) -> Heading | None:
    heading = parse(rest)
    if (
        heading is None
        or _NUMBERED.match(rest)
        or rest.count("|") % 2
        or rest[0] in _MARKS
        or rest[-1] in _MARKS
    ):
        return None
    return None if heading.sign < 0 and heading.quantity not in ("im", "phase", "y_im", "c_im") else heading


def _are_samples(cores: frozenset[str], members: dict[str, Heading]) -> bool:
    """Tell whether labels can be samples: they differ in more than signs, and name no units and no other quantities."""
    if cores & {"+", "-"}:
        return True
    if len({re.sub(r"[-+\s_]", "", core) for core in cores}) < len(cores):
        return False
    words = [w for core in cores for w in re.findall(r"[^\s()\[\]{}:;,@_]+", core) if len(w) > 1]
    kinds = {u.kind for word in words if (u := unit_of(word)) is not None}
    if any(map(is_bare_length, cores)) or kinds & {"ohm", "deg", "S", "F", "H", "ohm cm", "ohm cm2", "S/cm"}:
        return False
    bare = all(not re.search(r"(?i)z|imp|['|]", rest) for rest in members)
    return not bare or all(map(names_quantity, cores)) or not all(map(_is_quantity, cores))


def _is_quantity(core: str) -> bool:
    """Tell whether a label makes another quantity of a bare ``real``, as a potential does; ``1 V`` is a sample's."""
    words = re.findall(r"[^\W_]+", core)
    return names_quantity(core) or (not re.search(r"\d", core) and all(map(is_physics, words)))


def _covers(
    c: Crossing, headings: Sequence[str], exact: Sequence[Heading | None], open_: Sequence[int]
) -> bool:
    """Tell whether no other column may be part of an impedance."""
    others = [i for i in open_ if i not in c.headings]
    return not any(
        (h := exact[i] or labelled(headings[i])) is not None and h.quantity in QUANTITIES for i in others
    )


def _within(short: frozenset[str], long: frozenset[str]) -> bool:
    """Tell whether each of some labels ends or begins with one of others: ``sre`` may be s and the half ``re``."""
    return all(any(a.endswith(b) or a.startswith(b) for b in short) for a in long)


def _other_is_fit(c: Crossing, exact: Sequence[Heading | None]) -> bool:
    """Tell whether what is labelled beside a whole impedance is its fit, whose columns are left out later."""
    others = {h.label for i, h in c.headings.items() if exact[i] is None}
    return bool(others) and all(part_of(label)[1] == FIT for label in others)


def _contradicts(one: Crossing, other: Crossing) -> bool:
    if one.samples != other.samples or (other.temperatures and one.temperatures != other.temperatures):
        return True
    units = {i: (kind, scale) for i, kind, scale in one.units}
    return one.order[0] == other.order[0] and any(
        units.get(i, (kind, scale)) != (kind, scale) for i, kind, scale in other.units
    )

"""Voltage probes along a cell: which segments lie between two of them, and how much of each layer."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from eisfit.cell.roles import role_of
from eisfit.cell.segments import Configuration, Segment
from eisfit.errors import TemplateError
from eisfit.spectrum.conditions import Conditions
from eisfit.tools.nearest import did_you_mean

_BETWEEN = re.compile(r"(?:\bversus\b|\bvs\b\.?|\band\b|\bto\b|[^0-9a-z])+")


@dataclass(frozen=True)
class Stretch:
    """A layer between two probes, or a part of it.

    Parameters
    ----------
    segments : tuple of str
        The segments of the layer, such as bulk and grain boundary of the solid.
    low, high : str
        The probe at its left and at its right end; empty where that end is a face of the layer.
    ends_cm : (float, float)
        Where both ends lie; nan where that is not known.
    whole_cm : float
        Length of the whole layer; nan where that is not known.
    """

    segments: tuple[str, ...]
    low: str
    high: str
    ends_cm: tuple[float, float]
    whole_cm: float

    @property
    def length_cm(self) -> float:
        """Length between its ends; nan where that is not known."""
        return self.ends_cm[1] - self.ends_cm[0]


def part_of(stretch: Stretch) -> float:
    """Return which part of its layer a stretch is; 1 where the lengths beside the solid are not known."""
    part = stretch.length_cm / stretch.whole_cm
    return 1.0 if part != part or not (stretch.low or stretch.high) else round(part, 12)


def canonical_pair(configuration: Configuration, text: str, where: str) -> tuple[str, str]:
    """Return two probes in the order of the current.

    Parameters
    ----------
    configuration : Configuration
        With probes.
    text : str
        Two names of them in any order and case, with anything or nothing between them, or a name of the pair.
    where : str
        For messages.

    Raises
    ------
    TemplateError
        If it does not name two of the probes.
    """
    probes = [name for name, _ in configuration.probes]
    named = dict(configuration.pairs)
    plain = _BETWEEN.sub("", text.casefold())
    wanted = next((pair for name, pair in named.items() if name.casefold() == text.strip().casefold()), None)
    if wanted is not None:
        plain = _BETWEEN.sub("", wanted.casefold())
    for a, b in itertools.combinations(probes, 2):
        if plain in (f"{a}{b}".casefold(), f"{b}{a}".casefold()):
            return a, b
    pairs = [f"{a}-{b}" for a, b in itertools.combinations(probes, 2)]
    near = did_you_mean(text, [*pairs, *named])
    words = f", or {', '.join(named)}" if named else ""
    raise TemplateError(
        f"{where}: pair {text!r} names no two of the probes {', '.join(probes)}{near}; write two of them, as "
        f"{next(iter(named.values()), pairs[0])}{words}"
    )


def between(
    configuration: Configuration, segments: Sequence[Segment], pair: tuple[str, str]
) -> tuple[str, ...]:
    """Return the segments between two probes in the order of the current, those in which they stand among them."""
    order = [s.name for s in segments if s.name in dict(configuration.segments)]
    bodies = dict(configuration.probes)
    first, last = order.index(bodies[pair[0]][0]), order.index(bodies[pair[1]][-1])
    return tuple(order[first : last + 1])


def stretches(
    configuration: Configuration, segments: Sequence[Segment], pair: tuple[str, str], conditions: Conditions
) -> tuple[tuple[str, ...], tuple[Stretch, ...]]:
    """Return what lies between two probes.

    Parameters
    ----------
    configuration : Configuration
        With probes.
    segments : sequence of Segment
        Of the cell, in the order of the current.
    pair : (str, str)
        Two probes in the order of the current.
    conditions : Conditions
        Where probes stand, and how thick the solid is.

    Returns
    -------
    names : tuple of str
        The segments between them.
    layers : tuple of Stretch
        The layers in which a probe of the cell stands, as far as they lie between the two.

    Raises
    ------
    TemplateError
        If a probe does not stand in its layer, or that in the solid is not known.
    """
    order = [s.name for s in segments]
    bodies = dict(configuration.probes)
    names = between(configuration, segments, pair)
    roles = {s.name: s.role for s in segments}
    _check_places(configuration, roles, conditions)
    found = []
    for body in dict.fromkeys(bodies.values()):
        if names.count(body[0]):
            low = pair[0] if bodies[pair[0]] == body else ""
            high = pair[1] if bodies[pair[1]] == body else ""
            found.append(_stretch(configuration, body, (low, high), (order, roles), conditions))
    return names, tuple(found)


def _stretch(
    configuration: Configuration,
    body: tuple[str, ...],
    ends: tuple[str, str],
    cell: tuple[Sequence[str], Mapping[str, str]],
    conditions: Conditions,
) -> Stretch:
    """Return the part of a layer between two ends, each a probe or a face."""
    order, roles = cell
    nan = float("nan")
    at, own = conditions.probes_cm, [name for name, b in configuration.probes if b == body]
    if role_of(roles[body[0]]).of_solid:
        faces = (0.0, nan if conditions.thickness_cm is None else conditions.thickness_cm)
        _check_known(ends, body, conditions)
    else:
        solid = min(order.index(name) for name in order if role_of(roles[name]).of_solid)
        left = order.index(body[0]) < solid
        thick = nan if conditions.thickness_cm is None else conditions.thickness_cm
        faces = (at.get(own[0], nan), 0.0) if left else (thick, at.get(own[-1], nan))
    places = tuple(at.get(probe, nan) if probe else face for probe, face in zip(ends, faces, strict=True))
    return Stretch(body, *ends, (places[0], places[1]), faces[1] - faces[0])


def _check_known(ends: tuple[str, str], body: Sequence[str], conditions: Conditions) -> None:
    """Raise where it is not known which part of the solid lies between two ends."""
    for probe in filter(None, ends):
        if probe not in conditions.probes_cm:
            raise TemplateError(
                f"probe {probe!r} stands in {' and '.join(body)}, and where is not known; write probes_cm = "
                f"{{ {probe} = 0.03 }} (--probe-cm {probe}=0.03), in cm from the left face of the solid"
            )
        if conditions.thickness_cm is None:
            raise TemplateError(
                f"probe {probe!r} stands in {' and '.join(body)}, whose thickness_cm is not known; write it"
            )


def _check_places(configuration: Configuration, roles: Mapping[str, str], conditions: Conditions) -> None:
    """Raise where a probe is not placed in its layer, is none, or does not follow the one before it."""
    bodies, at, thickness = dict(configuration.probes), conditions.probes_cm, conditions.thickness_cm
    for name in at:
        if name not in bodies:
            raise TemplateError(
                f"probes_cm places {name!r}, which is no probe of this cell{did_you_mean(name, bodies)}; its probes "
                f"are {', '.join(bodies)}"
            )
    solid = [role_of(roles[body[0]]).of_solid for body in bodies.values()]
    first = solid.index(True) if True in solid else 0
    for k, (probe, inside) in enumerate(zip(bodies, solid, strict=True)):
        place = at.get(probe)
        if place is None:
            continue
        if inside and thickness is not None and not 0 < place < thickness:
            raise TemplateError(
                f"probe {probe!r} stands at {place:g} cm, and the solid goes from 0 to {thickness:g} cm "
                "(thickness_cm); it must stand within it"
            )
        if not inside and k < first and place >= 0:
            raise TemplateError(
                f"probe {probe!r} stands at {place:g} cm, and left of the solid places are negative: its left face "
                "is 0"
            )
        if not inside and k > first and thickness is not None and place <= thickness:
            raise TemplateError(
                f"probe {probe!r} stands at {place:g} cm, and the solid ends at {thickness:g} cm (thickness_cm); it "
                "must stand beyond it"
            )
    _check_rising([name for name in bodies if name in at], conditions)


def _check_rising(known: Sequence[str], conditions: Conditions) -> None:
    for a, b in itertools.pairwise(known):
        if conditions.probes_cm[a] >= conditions.probes_cm[b]:
            raise TemplateError(
                f"probes {a!r} at {conditions.probes_cm[a]:g} cm and {b!r} at {conditions.probes_cm[b]:g} cm do not "
                "follow each other in the order of the current; exchange them, or count from the left face of the solid"
            )

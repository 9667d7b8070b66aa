"""The tables of a template file that say where the voltage probes of a cell stand."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from dataclasses import replace

from eisfit.cell.probes import canonical_pair
from eisfit.cell.roles import role_of
from eisfit.cell.segments import Configuration, Segment
from eisfit.errors import TemplateError
from eisfit.tools.nearest import did_you_mean
from eisfit.tools.toml_table import shown


def with_probes(
    configuration: Configuration, segments: tuple[Segment, ...], probes: object, pairs: object, where: str
) -> Configuration:
    """Return a configuration with its probes and the names of their pairs.

    Raises
    ------
    TemplateError
        If a probe stands in no layer between the outermost ones, probes do not follow the current, or a pair is none.
    """
    if not isinstance(probes, Mapping) or len(probes) < 2:
        raise TemplateError(
            f"{where}: probe is {shown(probes)}; write each with the segments in which it stands, as "
            '{ L2 = ["liquid left"], S1 = ["bulk", "grain boundary"] }'
        )
    for name in probes:
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9]*", name):
            raise TemplateError(f"{where}: probe {name!r}: call it by letters and digits, as L2")
    known = [s for s in segments if s.name in dict(configuration.segments)]
    placed = tuple((name, _standing(name, value, known, where)) for name, value in probes.items())
    order = [s.name for s in known]
    for (a, one), (b, other) in itertools.pairwise(placed):
        if one != other and not order.index(one[-1]) < order.index(other[0]):
            raise TemplateError(
                f"{where}: probes {a!r} and {b!r} do not follow the current: write them in its order, and in one "
                "layer with the same segments"
            )
    solids = [s for s in known if role_of(s.role).of_solid]
    if not solids:
        raise TemplateError(
            f"{where}: probes need a solid electrolyte, from whose left face their places count"
        )
    found = replace(configuration, probes=placed)
    if not isinstance(pairs, Mapping) or not all(isinstance(text, str) for text in pairs.values()):
        raise TemplateError(f'{where}: pair is {shown(pairs)}; write names of pairs, as {{ left = "L2-S1" }}')
    named = tuple((str(name), "-".join(canonical_pair(found, text, where))) for name, text in pairs.items())
    return replace(found, pairs=named)


def _standing(name: str, value: object, known: list[Segment], where: str) -> tuple[str, ...]:
    """Return the segments in which a probe stands."""
    names = [s.name for s in known]
    if not (isinstance(value, list) and value and all(isinstance(v, str) for v in value)):
        raise TemplateError(
            f'{where}: probe {name!r} is {shown(value)}; write the segments in which it stands, as ["liquid left"]'
        )
    for segment in value:
        if segment not in names:
            raise TemplateError(
                f"{where}: probe {name!r} stands in the unknown segment {segment!r}{did_you_mean(segment, names)}; "
                f"known: {', '.join(names)}"
            )
    found = tuple(n for n in names if n in value)
    if any(role_of(s.role).kind != "layer" for s in known if s.name in found):
        raise TemplateError(
            f"{where}: probe {name!r} stands in {', '.join(found)}; a probe stands in a layer"
        )
    first = names.index(found[0])
    if names[first : first + len(found)] != list(found):
        raise TemplateError(
            f"{where}: probe {name!r} stands in {', '.join(found)}, between which other segments lie; name those too"
        )
    return found

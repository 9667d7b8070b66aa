"""What the role of a segment implies, one row a role."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["", "lead", "layer", "boundary", "electrode"]


@dataclass(frozen=True)
class Role:
    """What is known of a segment from its role alone.

    Parameters
    ----------
    name : str
        The word in templates and tables.
    kind : str
        ``layer`` has a conductivity by its thickness, ``boundary`` and ``electrode`` an area-specific resistance,
        ``lead`` neither.
    thickness : str
        Whose thickness a layer has: that of the whole ``solid``, or its ``own``.
    temperature_in_ordinate : bool
        Whether T stands in the default ordinate of its Arrhenius line, as in ln(T/R).
    may_fade : bool
        Whether its arc may lie above the window at all temperatures of a measurement: a dielectric arc.
    joined_with_electrode : bool
        Whether impedance cannot separate it from a reversible electrode in series.
    part_of_interface : bool
        Whether it is a part of an interface that is split into several arcs.
    has_wall : bool
        Whether an interface of its own lines it.
    apparent : bool
        Whether its conductivity is an apparent one: by the thickness of the whole layer, of which it fills a small
        part (Haile et al., J. Mater. Res. 13 (1998) 1576, doi 10.1557/JMR.1998.0219).
    layer : str
        Under which name `Conditions.layers` holds the thickness of a layer; the role's own name where it is empty.
    colour : str
        Its colour in figures, a word of the palette of `eisfit.plots`.
    """

    name: str
    kind: Kind = ""
    thickness: Literal["", "solid", "own"] = ""
    temperature_in_ordinate: bool = True
    may_fade: bool = False
    joined_with_electrode: bool = False
    part_of_interface: bool = False
    has_wall: bool = False
    apparent: bool = False
    layer: str = ""
    colour: str = ""

    @property
    def per_area(self) -> bool:
        """Whether its resistance is given per area."""
        return self.kind in ("boundary", "electrode")

    @property
    def of_solid(self) -> bool:
        """Whether it is a layer of the solid electrolyte."""
        return self.thickness == "solid"

    @property
    def thickness_key(self) -> str:
        """Under which key a manifest gives the thickness of a layer."""
        return "thickness_cm" if self.of_solid else f"layers.{self.layer or self.name}"


SECOND_SOLID = "second"  # whose thickness in `Conditions.layers` its bulk and grain boundaries share


def _table(*rows: Role) -> Mapping[str, Role]:
    return MappingProxyType({role.name: role for role in rows})


ROLES = _table(
    Role("lead", "lead", colour="brown"),
    Role("liquid", "layer", thickness="own", colour="sky blue"),
    Role("polymer", "layer", thickness="own", may_fade=True, colour="violet"),
    Role("bulk", "layer", thickness="solid", may_fade=True, colour="blue"),
    Role("grain_boundary", "layer", thickness="solid", apparent=True, colour="green"),
    Role(
        "second_bulk", "layer", thickness="own", may_fade=True, layer=SECOND_SOLID, colour="sky blue"
    ),  # of another solid in the same cell
    Role(
        "second_grain_boundary", "layer", thickness="own", apparent=True, layer=SECOND_SOLID, colour="violet"
    ),
    Role(
        "interphase",
        "boundary",
        temperature_in_ordinate=False,
        joined_with_electrode=True,
        part_of_interface=True,
        colour="ochre",
    ),
    Role("charge_transfer", "boundary", joined_with_electrode=True, part_of_interface=True, colour="magenta"),
    Role(
        "interface",
        "boundary",
        temperature_in_ordinate=False,
        joined_with_electrode=True,
        colour="vermilion",
    ),
    Role(
        "pore",
        "boundary",
        temperature_in_ordinate=False,
        joined_with_electrode=True,
        has_wall=True,
        colour="raspberry",
    ),
    Role("electrode", "electrode", joined_with_electrode=True, colour="grey"),
    Role("unassigned", colour="grey"),
)

UNASSIGNED = "unassigned"  # role, and name in tables, of an arc that belongs to no segment
JOINT = " + "  # between the names, and between the roles, of segments that are one row
NO_ROLE = Role("")  # of a part of a bare circuit, and of resistors joined from several segments


def role_of(name: str) -> Role:
    """Return what the role of one segment implies; `NO_ROLE` for an empty one and for several joined by `` + ``."""
    return ROLES.get(name, NO_ROLE)


def roles_of(names: str) -> tuple[Role, ...]:
    """Return what each of several roles joined by `` + `` implies."""
    return tuple(role_of(name) for name in names_in(names))


def joined(names: Iterable[str]) -> str:
    """Return the name of a sum of segments, or its role, from those of its parts."""
    return JOINT.join(names)


def names_in(text: str) -> tuple[str, ...]:
    """Return the names, or the roles, that are joined in those of a sum."""
    return tuple(text.split(JOINT))

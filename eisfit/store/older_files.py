"""What files of version 0.1.0 do not hold as values, from the words that they hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from eisfit.cell.roles import JOINT, role_of
from eisfit.cell.templates import Template
from eisfit.results.contribution import Cause, Doubt, ParameterState, RowKind

# how the sentences of 0.1.0 begin
_CAUSES: Mapping[str, Cause] = MappingProxyType(
    {
        "passes direct current": "no resistance",
        "blocks direct current": "blocking",
        "top at": "top outside window",
        "its arc lies above": "above window",
        "resistors in series": "resistors in series",
        "reversible electrodes": "reversible electrodes",
        "contributions say the same": "not separable",
        "only known within": "in sum",
        "not known: a part": "part in sum",
        "not seen": "not detected",
        "hardly seen": "hardly detected",
        "seen, but": "size not determined",
        "not determined": "not determined",
        "total of the split": "total",
        "wall of the pores": "wall",
    }
)
_TOPOLOGY = "the split depends on topology"


def states(notes: Sequence[Sequence[str]]) -> list[list[ParameterState]]:
    """Return the states of the parameters of fits from what is said of each."""
    return [[_state(note) for note in row] for row in notes]


def _state(note: str) -> ParameterState:
    if note == "fixed":
        return "fixed"
    if note == "not seen":
        return "not detected"
    if ", a physical limit" in note:
        return "physical limit"
    if note.startswith("rests on its upper"):
        return "upper bound"
    return "lower bound" if note.startswith("rests on") else "free"


def origin_and_cause(row: Mapping[str, Any], template: Template) -> dict[str, Any]:
    """Return the fields ``segments``, ``kind``, ``cause`` and ``doubts`` of a contribution.

    Parameters
    ----------
    row : mapping
        Its row in the table ``contributions``.
    template : Template
        That of its fit.
    """
    segments, kind = _origin(row["contribution"], row["outcome"], template)
    cause = next((word for start, word in _CAUSES.items() if row["outcome"].startswith(start)), "")
    doubts: list[Doubt] = ["implausible capacitance"] if row["unexpected"] else []
    if row["outcome"].endswith(_TOPOLOGY):
        doubts.append("topology")
    return {"segments": segments, "kind": kind, "cause": cause, "doubts": tuple(doubts)}


def _origin(name: str, note: str, template: Template) -> tuple[tuple[str, ...], RowKind]:
    """Return of which segments a row is made, and what kind of row it is."""
    path = [s.segment for s in template.path]
    if template.interface_with_electrode and name == "interface + electrode":
        return tuple(s.name for s in path if role_of(s.role).joined_with_electrode), "sum"
    for segment in path:
        if segment.name == name:
            return (name,), "segment" if len(segment.roles) == 1 else "sum"
    if name == "interface":
        split = tuple(s.name for s in path if s.role in ("interphase", "charge_transfer"))
        pores = tuple(s.name for s in path if s.role == "pore")
        is_wall = pores and (len(split) < 2 or note.startswith("wall"))
        return (pores, "wall") if is_wall else (split, "total")
    return _parts_of_sum(name, [s.name for s in path]), "sum"


def _parts_of_sum(name: str, names: Sequence[str]) -> tuple[str, ...]:
    """Return which names, in their order, are joined in the name of a sum."""
    found, rest = [], name
    for one in names:
        if rest == one or rest.startswith(f"{one}{JOINT}"):
            found.append(one)
            rest = rest.removeprefix(one).removeprefix(JOINT)
    return tuple(found)

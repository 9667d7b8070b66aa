"""Actions: each is one frozen value that says what a user did, and what a project is after it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, ClassVar

from eisfit.errors import InputError
from eisfit.session.project import Project
from eisfit.tools.nearest import did_you_mean

KINDS: dict[str, type[Action]] = {}


@dataclass(frozen=True)
class Action:
    """What a user did; a subclass is a kind of action, known by its `kind` in a journal."""

    kind: ClassVar[str] = ""

    def __init_subclass__(cls, kind: str) -> None:
        cls.kind = kind
        KINDS[kind] = cls

    def after(self, project: Project) -> Project:
        """Return the project after this action.

        Raises
        ------
        InputError
            If it cannot be done; the sentence says why, and what to do.
        """
        return project

    def seen(self) -> Action:
        """Return this action with what it must know of the disk, before it is journalled."""
        return self

    def as_record(self) -> dict[str, Any]:
        """Return its values as JSON holds them."""
        return asdict(self)


@dataclass(frozen=True)
class Undo(Action, kind="undo"):
    """Take back the last action that still counts."""


@dataclass(frozen=True)
class Redo(Action, kind="redo"):
    """Do again what was taken back last."""


def action_of(kind: str, record: Mapping[str, Any]) -> Action:
    """Return the action that a record of a journal holds.

    Raises
    ------
    InputError
        If the kind or a value is unknown, as in a journal of a newer version.
    """
    found = KINDS.get(kind)
    if found is None:
        raise InputError(
            f"the action {kind!r} is unknown{did_you_mean(kind, KINDS)}; it may be of a newer eisfit: update eisfit"
        )
    known = {f.name for f in fields(found)}
    if unknown := sorted(set(record) - known):
        raise InputError(
            f"the action {kind!r} has the unknown value {unknown[0]!r}; it may be of a newer eisfit: update eisfit"
        )
    try:
        return found(**{name: _value(value) for name, value in record.items()})
    except TypeError as error:
        raise InputError(f"the action {kind!r} lacks a value ({error}); the journal is damaged") from None


def _value(value: Any) -> Any:
    """Return a value as actions hold it: tuples in place of lists."""
    if isinstance(value, list):
        return tuple(map(_value, value))
    if isinstance(value, Mapping):
        return {key: _value(inner) for key, inner in value.items()}
    return value

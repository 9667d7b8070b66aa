"""Find an item of a sequence by its name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar

from eisfit.tools.nearest import did_you_mean


class Named(Protocol):
    """Anything with a name."""

    @property
    def name(self) -> str:
        """What it is found by."""


Item = TypeVar("Item", bound=Named)


def item_named(items: Iterable[Item], name: str, owner: str, kind: str, none: str = "none") -> Item:
    """Return the item of a name.

    Parameters
    ----------
    items : iterable
        Where to look.
    name : str
        What to look for.
    owner, kind : str
        Whose items they are, and what one of them is, for the message.
    none : str
        What the message says where there are no items.

    Raises
    ------
    KeyError
        If there is none of that name; the message lists those there are.

    Examples
    --------
    >>> from types import SimpleNamespace as Part
    >>> item_named([Part(name="bulk")], "interface", "cell", "contribution")
    Traceback (most recent call last):
        ...
    KeyError: "cell: no contribution 'interface'; there are 'bulk'"
    """
    names = []
    for item in items:
        if item.name == name:
            return item
        names.append(item.name)
    near = did_you_mean(str(name), names)
    raise KeyError(f"{owner}: no {kind} {name!r}{near}; there are {', '.join(map(repr, names)) or none}")

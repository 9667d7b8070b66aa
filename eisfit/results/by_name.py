"""A tuple whose items are found by their names too."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from eisfit.tools.named import Named, item_named

Item = TypeVar("Item", bound=Named)


class ByName(tuple[Item, ...]):
    """Items in their order; ``items["R1"]`` is the one of that name.

    Parameters
    ----------
    items : iterable
        Each with a name.
    kind : str
        What one of them is, for the message where there is none of a name.
    """

    kind: str

    def __new__(cls, items: Iterable[Item], kind: str = "item") -> ByName[Item]:
        """Return the items as a tuple."""
        made = super().__new__(cls, tuple(items))
        made.kind = kind
        return made

    def __getnewargs__(self) -> tuple[tuple[Item, ...], str]:
        """Return what a copy is made of."""
        return tuple(self), self.kind

    def __getitem__(self, place: Any) -> Any:  # type: ignore[override, unused-ignore]
        """Return an item by its place or its name.

        Raises
        ------
        KeyError
            If there is none of a name; the message lists those there are.
        """
        if isinstance(place, str):
            return item_named(self, place, "fit", self.kind)
        return super().__getitem__(place)

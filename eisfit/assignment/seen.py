"""The arcs that one segment has had in the spectra so far."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from weakref import WeakValueDictionary

Place = tuple[int, int, int]  # spectrum, sighting, arc


class Seen:
    """The arcs of one segment: each history is one object that knows the history before its last arc.

    Many assignments of a series share their histories. As each is there once, it is compared and looked up by what it
    is and not by its length, and an arc more takes no copy of the arcs before.

    Parameters
    ----------
    before : Seen, optional
        The history without the last arc; the empty one has none.
    last : tuple of (int, int, int), optional
        Spectrum, sighting and arc.
    """

    def __init__(self, before: Seen | None = None, last: Place | None = None) -> None:
        self.before, self.last = before, last
        self.length: int = 0 if before is None else before.length + 1
        self._after: WeakValueDictionary[Place, Seen] = WeakValueDictionary()

    def __len__(self) -> int:
        return self.length

    def __iter__(self) -> Iterator[Place]:
        return iter(self.places)

    def and_then(self, place: Place) -> Seen:
        """Return the history with one more arc, the same one whenever it is asked for."""
        found = self._after.get(place)
        if found is None:
            found = self._after[place] = Seen(self, place)
        return found

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """Spectrum, sighting and arc of all of it, in order."""
        found, at = [], self
        while at.before is not None and at.last is not None:
            found.append(at.last)
            at = at.before
        return tuple(reversed(found))

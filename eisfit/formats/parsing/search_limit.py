"""How far one file is searched for headings: a limit on the ways of reading them that holds whatever it contains."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from eisfit.errors import FormatError

MOST_WAYS = 60_000  # of one file: four lines of 400 headings of eight words each, or two seconds
REMEMBERED = 100  # heading lines whose ways are counted once; fewer than are kept in `groups`


class SearchLimit:
    """The ways of reading headings that are left to a file.

    Parameters
    ----------
    name : str
        Name of the file, for the message.
    most : int
        How many ways are left.
    """

    def __init__(self, name: str, most: int = MOST_WAYS) -> None:
        self.name = name
        self.left = most
        self._lines: OrderedDict[tuple[str, ...], None] = OrderedDict()

    def spend(self, headings: tuple[str, ...], ways: int) -> None:
        """Count the ways of reading a heading line, once as long as it is remembered.

        Raises
        ------
        FormatError
            If none are left.
        """
        new = headings not in self._lines
        self._lines[headings] = None
        self._lines.move_to_end(headings)
        if len(self._lines) > REMEMBERED:
            self._lines.popitem(last=False)
        self.left -= ways if new else 0
        if self.left < 0:
            raise FormatError(
                f"{self.name}: its lines have so many words that may be headings that a search of them was given "
                "up: keep one line of short headings above the numbers, such as 'freq/Hz,Re(Z)/Ohm,-Im(Z)/Ohm'"
            )


_CURRENT: ContextVar[SearchLimit | None] = ContextVar("search_limit", default=None)


@contextmanager
def limited(name: str) -> Iterator[SearchLimit]:
    """Limit the search for headings while one file is read.

    Parameters
    ----------
    name : str
        Name of the file, for the message.
    """
    limit = SearchLimit(name)
    token = _CURRENT.set(limit)
    try:
        yield limit
    finally:
        _CURRENT.reset(token)


def spend(headings: tuple[str, ...], ways: int) -> None:
    """Count the ways of reading a heading line for the file that is read now, if any.

    Raises
    ------
    FormatError
        If none are left to it.
    """
    if (limit := _CURRENT.get()) is not None:
        limit.spend(headings, ways)

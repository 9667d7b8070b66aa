"""Instrument files in, spectra out, recognised by content."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eisfit.formats.raw_file import Channel, Format, RawFile, channel_of
from eisfit.formats.reading import Unread, files_of, names_of, read, read_all, read_file

if TYPE_CHECKING:
    from eisfit.formats.known_formats import FORMATS

__all__ = [
    "FORMATS",
    "Channel",
    "Format",
    "RawFile",
    "Unread",
    "channel_of",
    "files_of",
    "names_of",
    "read",
    "read_all",
    "read_file",
]


def __getattr__(name: str) -> object:
    """Load the list of formats when it is asked for: it costs a tenth of a second."""
    if name == "FORMATS":
        from eisfit.formats.known_formats import FORMATS

        return FORMATS
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

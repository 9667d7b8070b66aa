"""The XML parts of a zip archive as events, within limits of memory and time."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping
from xml.parsers import expat

MOST_BYTES = 40_000_000  # of all unpacked parts that are read
MOST_EVENTS = 2_000_000  # opened elements of all parts
MOST_TEXT = 20_000_000  # characters in all parts
_PIECE = 1 << 16

Start = Callable[[str, Mapping[str, str]], None]
End = Callable[[str], None]
Text = Callable[[str], None]


class TooMuch(ValueError):
    """An archive unpacks to more than a workbook of spectra would."""


class Parts:
    """The parts of one archive; what is read of them is counted together.

    Parameters
    ----------
    archive : ZipFile
        Open for reading.

    Raises
    ------
    TooMuch
        If it says itself that it unpacks to too much.
    """

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive, self.names = archive, frozenset(archive.namelist())
        claimed = sum(
            part.file_size for part in archive.infolist() if part.filename.endswith((".xml", ".rels"))
        )
        if claimed > MOST_BYTES:
            raise TooMuch(f"it unpacks to {claimed:,} bytes")
        self.bytes_read = self.events = self.characters = 0

    def parse(self, name: str, start: Start, end: End, text: Text) -> None:
        """Go through a part.

        Parameters
        ----------
        name : str
            Of the part.
        start, end, text : callable
            Called with the local name of each opened element and its attributes, the local name of each closed
            one, and pieces of text.

        Raises
        ------
        TooMuch
            If all parts together exceed a limit.
        KeyError, ValueError, LookupError, ExpatError, BadZipFile
            If there is no such part, or it is damaged.
        """

        def opened(tag: str, attributes: Mapping[str, str]) -> None:
            self.events += 1
            if self.events > MOST_EVENTS:
                raise TooMuch(f"it holds more than {MOST_EVENTS:,} elements")
            start(_local(tag), attributes)

        def said(piece: str) -> None:
            self.characters += len(piece)
            if self.characters > MOST_TEXT:
                raise TooMuch(f"it holds more than {MOST_TEXT:,} characters of text")
            text(piece)

        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = opened
        parser.EndElementHandler = lambda tag: end(_local(tag))
        parser.CharacterDataHandler = said
        parser.StartDoctypeDeclHandler = _refuse_entities
        with self.archive.open(name) as part:
            while piece := part.read(_PIECE):
                self.bytes_read += len(piece)
                if self.bytes_read > MOST_BYTES:
                    raise TooMuch(f"it unpacks to more than {MOST_BYTES:,} bytes")
                parser.Parse(piece, False)
            parser.Parse(b"", True)


def _refuse_entities(*_: object) -> None:
    raise ValueError("a part declares its own document type, which no workbook does")


def _local(tag: str) -> str:
    return tag.rpartition(":")[2]

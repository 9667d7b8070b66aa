"""The bytes of a file, read once for all formats."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal, TypeAlias, get_args

from eisfit.errors import FormatError, InputError
from eisfit.formats.parsing.other_languages import encoding_by_words
from eisfit.spectrum.findings import Source
from eisfit.spectrum.spectrum import Spectrum
from eisfit.tools.nearest import did_you_mean, file_like
from eisfit.tools.regular_file import bytes_of

HEAD_BYTES = 4096
MOST_LINES = 200_000
LONGEST_LINE = 1_000_000

Channel: TypeAlias = Literal["we", "ce", "we-ce"]


def channel_of(text: object) -> Channel:
    """Return a channel by its name.

    Raises
    ------
    InputError
        If there is none of that name; the names are listed.
    """
    for channel in get_args(Channel):
        if text == channel:
            return channel  # type: ignore[no-any-return]
    names = ", ".join(map(repr, get_args(Channel)))
    near = did_you_mean(str(text), get_args(Channel))
    raise InputError(f"channel is {text!r}{near}: it must be one of {names}")


def _cure(path: Path) -> str:
    """Return what may be meant by the name of a file that does not exist."""
    if any(sign in "\t\n\r\b\f" for sign in str(path)):  # "data\new.mpt" of a TOML file
        return "; its name holds a tab or an end of line: in a TOML file write / in place of \\"
    return file_like(path)


@dataclass(frozen=True)
class RawFile:
    """The bytes of one file.

    Parameters
    ----------
    path : Path
        Where it lies.
    data : bytes
        All of it.
    channel : {"we", "ce", "we-ce"}
        Which impedance of a three-electrode file is wanted: working electrode, counter electrode, or both.
    """

    path: Path
    data: bytes
    channel: Channel = "we"

    @classmethod
    def open(cls, path: Path, channel: Channel = "we") -> RawFile:
        """Read a file.

        Raises
        ------
        FormatError
            If it does not exist, is a directory, a pipe or a device, is larger than any file of spectra, or may not
            be read.
        """
        try:
            return cls(path, bytes_of(path), channel)
        except FileNotFoundError:
            raise FormatError(f"{path}: there is no such file{_cure(path)}") from None
        except IsADirectoryError:
            raise FormatError(
                f"{path}: this is a directory; name the files in it, such as {path}/*.mpt"
            ) from None
        except (OSError, ValueError) as error:
            reason = (isinstance(error, OSError) and error.strerror) or error
            raise FormatError(f"{path}: the file cannot be read ({reason})") from None

    def with_content(self, data: bytes) -> RawFile:
        """Return this file with a part of its bytes; its hash stays that of the whole."""
        part = RawFile(self.path, data, self.channel)
        vars(part)["sha256"] = self.sha256
        return part

    @property
    def name(self) -> str:
        """File name without its folder, for messages."""
        return self.path.name

    @cached_property
    def sha256(self) -> str:
        """Hash of the whole file in hexadecimal."""
        import hashlib

        return hashlib.sha256(self.data).hexdigest()

    @cached_property
    def text(self) -> str:
        """The file as text: a byte-order mark decides, else UTF-8, else that of its words, else cp1252."""
        return decoded(self.data)

    @cached_property
    def lines(self) -> list[str]:
        """The text cut at any run of CR before LF, at CR, and at LF; empty lines stay.

        Raises
        ------
        FormatError
            If there are more or longer lines than any instrument writes.
        """
        return self.split(self.text)

    def split(self, text: str) -> list[str]:
        """Cut text of this file into lines, refusing what would fill the memory."""
        if max(text.count("\n"), text.count("\r")) > MOST_LINES:
            raise FormatError(f"{self.name}: it has more than {MOST_LINES} lines; cut it into parts")
        lines = re.split(r"\r*\n|\r", text)
        if max(map(len, lines)) > LONGEST_LINE:
            raise FormatError(
                f"{self.name}: a line has more than {LONGEST_LINE} characters; this is no table"
            )
        return lines

    @cached_property
    def head(self) -> str:
        """The first 4 kB as text, to recognise a format by."""
        cut = self.data[:HEAD_BYTES]
        for tail in range(4):  # the cut may go through the middle of a character
            try:
                return cut[: len(cut) - tail].decode("utf-8-sig")
            except UnicodeDecodeError:
                continue
        return decoded(cut)

    def source(self, format_name: str, sweep: int = 1) -> Source:
        """Return the origin of one sweep of this file."""
        return Source(str(self.path), self.sha256, format_name, sweep)


@dataclass(frozen=True)
class Format:
    """One instrument format.

    Parameters
    ----------
    name : str
        Its name in tables.
    recognise : callable
        Returns whether the content has this format; never raises.
    read : callable
        Returns the spectra in the file, one per sweep, in file order; labels are given later.
    channels : bool
        Whether it reads the counter electrode and the whole cell of three-electrode files.
    """

    name: str
    recognise: Callable[[RawFile], bool]
    read: Callable[[RawFile], list[Spectrum]]
    channels: bool = False


def is_utf16(data: bytes) -> bool:
    """Tell whether bytes are UTF-16: by the byte-order mark, or by NUL in most second bytes."""
    second = data[1:200:2]
    bare = len(data) >= 8 and 0 not in data[:200:2] and 5 * second.count(0) > 4 * len(second)
    return data.startswith((b"\xff\xfe", b"\xfe\xff")) or bare


def decoded(data: bytes) -> str:
    """Turn the bytes of a text file into text, whatever encoding the instrument chose.

    Bytes that are no UTF-8 are of Western Europe, unless a word for a frequency or impedance stands in them in an
    encoding of East Asia or in Cyrillic.
    """
    for mark, encoding in (
        (b"\xff\xfe", "utf-16-le"),
        (b"\xfe\xff", "utf-16-be"),
        (b"\xef\xbb\xbf", "utf-8"),
    ):
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, errors="replace")
    if is_utf16(data):
        return data.decode("utf-16-le", errors="replace")
    for encoding in ("utf-8", encoding_by_words(data[:HEAD_BYTES]), "cp1252"):
        try:
            return data.decode(encoding or "cp1252")
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")

"""Pointers that Git LFS and git-annex leave in the place of a file."""

from __future__ import annotations

from eisfit.errors import FormatError
from eisfit.formats.raw_file import Format, RawFile
from eisfit.spectrum.spectrum import Spectrum

NAME = "Git pointer"
_LFS = b"version https://git-lfs.github.com/spec/"
_ANNEX = b"/annex/objects/"


def recognise(raw: RawFile) -> bool:
    """Look for the first line of a pointer."""
    return raw.data.startswith((_LFS, _ANNEX))


def read(raw: RawFile) -> list[Spectrum]:
    """Refuse the pointer: the file itself was not fetched.

    Raises
    ------
    FormatError
        Always, with the command that fetches the file.
    """
    kind, command = (
        ("git-annex", "git annex get") if raw.data.startswith(_ANNEX) else ("Git LFS", "git lfs pull")
    )
    raise FormatError(
        f"{raw.name}: this is a {kind} pointer, not the file itself; fetch the file with '{command}'"
    )


FORMAT = Format(NAME, recognise, read)

"""The bytes of a regular file: no pipe, no device, and no more than asked for."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

MOST_BYTES = 1_000_000_000
MOST_TEXT_BYTES = 5_000_000  # of a manifest or a template


def bytes_of(path: Path, most: int = MOST_BYTES) -> bytes:
    """Return the content of a regular file.

    Parameters
    ----------
    path : Path
        The file. A pipe or a device would block or never end.
    most : int
        Largest size in bytes.

    Raises
    ------
    OSError
        If it does not exist, may not be read, is no regular file, or is larger; `strerror` says which.
    """
    found = os.stat(path)  # to open a pipe would block
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not stat.S_ISREG(found.st_mode):
        raise OSError(errno.EINVAL, "it is a pipe, a socket or a device: save the data to a file", str(path))
    if found.st_size > most:
        raise OSError(errno.EFBIG, f"it has {found.st_size:,} bytes, more than {most:,}", str(path))
    return path.read_bytes() if found.st_size else b""  # files of the system have no size, and some no end


def text_of(path: Path) -> str:
    """Return the UTF-8 text of a short file, without a byte-order mark.

    Raises
    ------
    OSError
        As for `bytes_of`.
    UnicodeDecodeError
        If it is no UTF-8.
    """
    return bytes_of(path, MOST_TEXT_BYTES).decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")

"""A lock that ends with its process, however that ends."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

_PAUSE_S, _LONGEST_S = 0.02, 60.0


@contextlib.contextmanager
def locked(place: Path, *, wait: bool = True) -> Iterator[bool]:
    """Hold a lock, which is a file as long as it is held.

    Parameters
    ----------
    place : Path
        The file; its folder exists and may be written to.
    wait : bool
        Whether to wait for another process that holds it.

    Yields
    ------
    bool
        Whether the lock is held; always true if it was waited for.

    Raises
    ------
    OSError
        If the folder may not be written to, lies on a disk without locks, or another process holds the lock for a
        minute.
    """
    end = time.monotonic() + _LONGEST_S
    while (descriptor := _taken(place)) is None:
        if not wait:
            yield False
            return
        if time.monotonic() > end:
            raise OSError(errno.EBUSY, "another process writes there, and does not end", str(place.parent))
        time.sleep(_PAUSE_S)
    try:
        yield True
    finally:
        if sys.platform != "win32":  # there it vanishes with its descriptor
            place.unlink(missing_ok=True)
        os.close(descriptor)


if sys.platform == "win32":

    def _taken(place: Path) -> int | None:
        """Return the descriptor of the lock, or None where another process holds it."""
        try:
            return os.open(place, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_TEMPORARY)
        except FileExistsError:
            return None

else:
    import fcntl

    def _taken(place: Path) -> int | None:
        """Return the descriptor of the lock, or None where another process holds it."""
        descriptor = os.open(place, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o666)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(descriptor)
            if error.errno in (errno.EWOULDBLOCK, errno.EACCES):
                return None
            raise
        if _is_still(place, descriptor):
            return descriptor
        os.close(descriptor)  # its holder removed it between the opening and the locking
        return None

    def _is_still(place: Path, descriptor: int) -> bool:
        try:
            return os.path.samestat(os.stat(place), os.fstat(descriptor))
        except FileNotFoundError:
            return False

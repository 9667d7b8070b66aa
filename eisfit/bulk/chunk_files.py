"""Files that are there whole or not at all, also where many processes on several machines write into one folder."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import shutil
import socket
import time
from pathlib import Path

from eisfit.errors import StoreError

_ABANDONED_S = 86_400.0  # age from which a temporary file of another machine is taken for abandoned
CHUNKS_STAY = "the chunks that are done stay: "
_FULL = os.strerror(errno.ENOSPC)
_TEMPORARY = re.compile(r"\..+\.(?P<host>[^.]+)\.(?P<process>\d+)\.tmp")


def temporary(path: Path) -> Path:
    """Return beside a file the name under which this process writes it."""
    return path.with_name(f".{path.name}.{_host()}.{os.getpid()}.tmp")


def write_whole(path: Path, content: bytes) -> None:
    """Write a file under a temporary name, onto the disk, and give it its name.

    Raises
    ------
    StoreError
        If it cannot be written; nothing is left of it.
    """
    draft = temporary(path)
    try:
        with open(draft, "wb") as file:
            file.write(content)
        put_in_place(draft, path)
    except OSError as error:
        with contextlib.suppress(OSError):
            draft.unlink()
        raise cannot_write(path, error) from error


def put_in_place(draft: Path, path: Path) -> None:
    """Bring a file that is written onto the disk, and give it its name."""
    descriptor = os.open(draft, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    os.replace(draft, path)
    if os.name == "posix":
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def cannot_write(path: Path, error: OSError | RuntimeError, kept: str = CHUNKS_STAY) -> StoreError:
    """Return what is told where a file cannot be written; of HDF5 that may be a RuntimeError, with the reason in it."""
    reason = getattr(error, "strerror", None) or str(error)
    if getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT) or _FULL in str(error):
        reason = "the disk is full"
    return StoreError(
        f"{path}: cannot be written ({reason}); {kept}make room, or give a folder that may be written to, and give the "
        "same command again"
    )


def check_room(path: Path, size: int, kept: str = CHUNKS_STAY) -> None:
    """Raise StoreError if the disk has no room for a file of so many bytes; HDF5 itself breaks down where it ends.

    Parameters
    ----------
    path : Path
        Of the file, in a folder that exists.
    size : int
        In bytes.
    kept : str
        What stays, as it stands in the sentence.
    """
    free = shutil.disk_usage(path.parent).free
    if free < size:
        raise StoreError(
            f"{path}: cannot be written: it takes {size / 1e6:.1f} MB, and {free / 1e6:.1f} MB are free; {kept}make "
            "room, or give another folder, and give the same command again"
        )


def remove_abandoned(folder: Path) -> None:
    """Remove temporary files of processes that have ended: of this machine, or a day old."""
    for path in folder.iterdir() if folder.is_dir() else ():
        found = _TEMPORARY.fullmatch(path.name)
        if found is None:
            continue
        with contextlib.suppress(OSError):
            here = found["host"] == _host()
            if (
                here and not _lives(int(found["process"]))
            ) or time.time() - path.stat().st_mtime > _ABANDONED_S:
                path.unlink()


def _lives(process: int) -> bool:
    if os.name != "posix":
        return False  # there a file that is being written cannot be removed
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:
        state = Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:  # not everywhere
        return True
    return state.rpartition(")")[2].split()[:1] != ["Z"]  # it has ended, and nobody has asked for it


def _host() -> str:
    return re.sub(r"[^A-Za-z0-9-]", "-", socket.gethostname())

"""Write a file whole or not at all, sealed with its hash."""

from __future__ import annotations

import os
import secrets
from hashlib import sha256
from pathlib import Path

from eisfit.errors import StoreError

# The seal and the hash of the HDF5 part stand behind that part; a program that edits the file cuts them off.
SEAL = b"eisfit sha256 "
_SEAL_SIZE = len(SEAL) + 32


def refuse(shown: Path, target: Path, overwrite: bool) -> None:
    """Raise StoreError where a file may not or cannot be written."""
    if target.is_dir():
        raise StoreError(f"{shown} is a folder: give the name of a file in it, such as {shown / 'eisfit.h5'}")
    if not target.parent.is_dir():
        raise StoreError(f"{shown}: the folder {target.parent} does not exist: make it first")
    if target.exists() and not overwrite:
        raise StoreError(
            f"{shown} exists already and may hold results: give another name, or replace it with --force "
            "(overwrite=True)"
        )


def put(target: Path, image: bytes, overwrite: bool) -> None:
    """Write bytes beside the target, make sure that they are on the disk, and move them into place."""
    temporary = target.with_name(f".{secrets.token_hex(8)}.tmp")
    try:
        with open(temporary, "xb") as file:
            file.write(image)
            file.flush()
            os.fsync(file.fileno())
        if target.exists() and not overwrite:
            raise FileExistsError(target)
        os.replace(temporary, target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sealed(image: bytes) -> bytes:
    """Return the HDF5 part followed by its seal."""
    return image + SEAL + sha256(image).digest()


def unsealed(path: Path) -> bytes:
    """Return the HDF5 part of a file whose bytes are still those that were saved."""
    if not path.is_file():
        raise StoreError(f"{path}: there is no such file; give one that eisfit has written")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise StoreError(f"{path}: the file cannot be read ({error}): make it readable") from error
    image, seal = content[:-_SEAL_SIZE], content[-_SEAL_SIZE:]
    if not seal.startswith(SEAL):
        return content
    if seal != SEAL + sha256(image).digest():
        raise StoreError(
            f"{path}: the file is damaged, its bytes are not those that were saved: take another copy of it, "
            "or fit again"
        )
    return image

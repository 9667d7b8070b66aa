"""A file of results under its seal: the hash that tells whether its bytes are those that were saved."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from eisfit.errors import StoreError
from eisfit.tools.nearest import file_like
from eisfit.tools.regular_file import bytes_of

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


def sealed(image: bytes) -> bytes:
    """Return the HDF5 part followed by its seal."""
    return image + SEAL + sha256(image).digest()


def unsealed(path: Path) -> bytes:
    """Return the HDF5 part of a file whose bytes are still those that were saved."""
    if not path.exists():
        raise StoreError(f"{path}: there is no such file{file_like(path)}; give one that eisfit has written")
    if path.is_dir():
        raise StoreError(
            f"{path}: this is a folder; name the file in it that eisfit has written, such as eisfit.h5"
        )
    try:
        content = bytes_of(path)
    except OSError as error:
        raise StoreError(
            f"{path}: the file cannot be read ({error.strerror or error}): make it readable"
        ) from error
    image, seal = content[:-_SEAL_SIZE], content[-_SEAL_SIZE:]
    if not seal.startswith(SEAL):
        return content
    if seal != SEAL + sha256(image).digest():
        raise StoreError(
            f"{path}: the file is damaged, its bytes are not those that were saved: take another copy of it, "
            "or fit again"
        )
    return image

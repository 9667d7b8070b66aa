"""The real numeric vectors of a MATLAB 5 file.

Written from the layout that MathWorks publishes (MAT-File Format, level 5). The reader of scipy is not used,
for damaged files crash it.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from eisfit.tools.frozen import Floats

HEADER_BYTES = 128
MOST_UNPACKED_BYTES = 12_000_000
MOST_NUMBERS = 500_000
MOST_ELEMENTS = 10_000  # variables of a file
MOST_DIMENSIONS = 32
_MATRIX, _COMPRESSED = 14, 15
_TYPES = {1: "i1", 2: "u1", 3: "i2", 4: "u2", 5: "i4", 6: "u4", 7: "f4", 9: "f8", 12: "i8", 13: "u8"}
_NUMERIC_CLASSES = range(6, 16)
_COMPLEX_FLAG = 0x0800


def vectors(data: bytes) -> dict[str, Floats]:
    """Return the real numeric variables with one dimension by their names; all others are passed over.

    Parameters
    ----------
    data : bytes
        The whole file.

    Raises
    ------
    ValueError
        If the file is cut off, breaks its layout or unpacks to too much.
    """
    order = {b"IM": "<", b"MI": ">"}.get(data[HEADER_BYTES - 2 : HEADER_BYTES])
    if order is None:
        raise ValueError("its byte order is unknown")
    found: dict[str, Floats] = {}
    unpacked = numbers = 0
    for count, (kind, content) in enumerate(_elements(data[HEADER_BYTES:], order), 1):
        if count > MOST_ELEMENTS:
            raise ValueError(f"it has more than {MOST_ELEMENTS} elements")
        if kind == _COMPRESSED:
            inner = _unpacked(content, MOST_UNPACKED_BYTES - unpacked)
            unpacked += len(inner)
            kind, content = next(_elements(inner, order), (0, b""))
        if kind == _MATRIX and (variable := _vector(content, order)) is not None:
            name, values = variable
            found[name] = values.astype(float)
            numbers += values.size
            if numbers > MOST_NUMBERS:
                raise ValueError(f"its vectors hold more than {MOST_NUMBERS} numbers")
    return found


def _elements(data: bytes, order: str) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 8 <= len(data):
        kind, size = struct.unpack_from(f"{order}II", data, at)
        if kind >> 16:  # a small element: its size and content lie in the tag
            kind, size = kind & 0xFFFF, kind >> 16
            start, end, following = at + 4, at + 4 + size, at + 8
            if size > 4:
                raise ValueError(f"a small element at byte {at} has {size} bytes")
        else:
            start, end = at + 8, at + 8 + size
            following = end if kind == _COMPRESSED else start + -(-size // 8) * 8
        if end > len(data):
            raise ValueError(f"{end - len(data)} bytes of an element are missing")
        yield kind, data[start:end]
        at = following


def _unpacked(content: bytes, most: int) -> bytes:
    unpacker = zlib.decompressobj()
    try:
        data = unpacker.decompress(content, max(most, 1))
    except zlib.error as error:
        raise ValueError(f"a compressed element is damaged: {error}") from None
    if unpacker.unconsumed_tail:
        raise ValueError(f"it unpacks to more than {MOST_UNPACKED_BYTES // 10**6} MB")
    return data


def _vector(content: bytes, order: str) -> tuple[str, npt.NDArray[np.generic]] | None:
    """Return name and values of a matrix, or None where it is no real numeric vector."""
    parts = _elements(content, order)
    flags, dimensions, name, real = (next(parts, (0, b"")) for _ in range(4))
    if (
        len(flags[1]) < 8
        or dimensions[0] != 5
        or len(dimensions[1]) % 4
        or len(dimensions[1]) > 4 * MOST_DIMENSIONS
    ):
        return None
    word = struct.unpack_from(f"{order}I", flags[1])[0]
    shape = [int(n) for n in np.frombuffer(dimensions[1], f"{order}i4")]
    if word & 0xFF not in _NUMERIC_CLASSES or word & _COMPLEX_FLAG or real[0] not in _TYPES:
        return None
    dtype = np.dtype(f"{order}{_TYPES[real[0]]}")
    if len(real[1]) % dtype.itemsize:
        raise ValueError("a variable ends within a number")
    values = np.frombuffer(real[1], dtype)
    if not values.size or sorted(shape)[-1:] != [values.size] or any(n < 1 for n in shape):
        return None
    return name[1].decode("latin-1"), values
